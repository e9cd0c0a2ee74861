"""An object of every type is found in the other side, and nothing about it is different."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_voice_routing.commands.compare.difference import difference
from pulumi_voice_routing.commands.compare.sides import side
from pulumi_voice_routing.commands.terminal import nothing
from tests.drift.states import forget_clients, state
from tests.drift.test_every_type import TYPES, made
from tests.emulated import Emulated
from tests.examples import examples

pytestmark = pytest.mark.whole_run

NO_OBJECT = {"ringcx:Activation"}
"""What says nothing beside what the objects say themselves."""


@pytest.fixture(autouse=True)
def settings(emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A new process each, as far as clients and their lists go."""
    allowed = "reassign-active-dnis,release-active-dnis"  # examples change whose a number is
    ours = {"VOICE_ROUTING_CACHE_DIR": str(tmp_path), "VOICE_ROUTING_BREAK_GLASS": allowed}
    extensions = {"RINGEX_EXTENSIONS": "100001,100002,100003,100006"}
    for name, value in {**emulator_env, **ours, **extensions}.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    yield
    forget_clients()


@pytest.mark.parametrize("token", TYPES)
def test_the_state_and_the_account(token: str, emulator: Emulated, tmp_path: Path) -> None:
    saved, _ = made(examples()[token], emulator)
    file = tmp_path / "state.json"
    file.write_text(json.dumps(state(saved)))
    forget_clients()
    found = difference(side(str(file), tmp_path, nothing), side("live", tmp_path, nothing))
    assert found.only_left == []
    assert found.changed == []
    assert bool(found.same) == (token not in NO_OBJECT)
