"""What somebody did by hand is found for every type, named by its arguments, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.commands.drift import CHANGED, MISSING, UNMANAGED, Drift, drifted
from pulumi_voice_routing.commands.drift_report import as_json, as_markdown, as_text
from pulumi_voice_routing.registry import provider_for
from tests.drift.states import SCHEMA, entry, forget_clients, state
from tests.emulated import Emulated
from tests.examples import Example, examples

pytestmark = pytest.mark.whole_run

TYPES = sorted(examples())


@pytest.fixture(autouse=True)
def settings(emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A new process each, as far as clients and their lists go."""
    allowed = "reassign-active-dnis,release-active-dnis"  # examples change whose a number is
    ours = {"VOICE_ROUTING_CACHE_DIR": str(tmp_path), "VOICE_ROUTING_BREAK_GLASS": allowed}
    for name, value in {**emulator_env, **ours}.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    yield
    forget_clients()


@pytest.fixture(params=TYPES)
def example(request: pytest.FixtureRequest) -> Example:
    return examples()[request.param]


def made(example: Example, portal: Emulated) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry of a resource that was just made, and its arguments."""
    first = example.instances(portal)["made"]
    provider = provider_for(example.token)
    checked, failures = provider.checked(first.args)
    id_, outs = provider.make(provider.meant(provider.declared(checked)))
    checked, more = provider.checked({**first.args, **first.updates})
    outs = provider.change(id_, outs, provider.meant(provider.declared(checked)))
    assert not [*failures, *more]
    forget_clients()
    return entry(example.token, "made", id_, outs), checked


def mine(drifts: list[Drift]) -> list[Drift]:
    return [one for one in drifts if one.kind != UNMANAGED]


def test_nothing_has_happened(example: Example, emulator: Emulated) -> None:
    saved, _ = made(example, emulator)
    with emulator.recording() as calls:
        found = drifted(state(saved))
    assert not mine(found.drifts)
    assert not found.errors
    assert not found.numbers
    assert found.looked == {example.token: 1}
    assert not [call for call in calls if call["method"] in ("PUT", "DELETE")]


def test_what_was_changed_by_hand(example: Example, emulator: Emulated) -> None:
    saved, args = made(example, emulator)
    expected = example.drift(emulator, saved["id"], args)
    provider = provider_for(example.token)
    different = {
        name
        for name, value in expected.items()
        if not provider.means_same(provider.model[name], provider.lenient(provider.model[name], value), args.get(name))
    }
    (drift,) = mine(drifted(state(saved)).drifts)
    assert (drift.kind, drift.token, drift.label) == (CHANGED, example.token, "made")
    assert {one.name for one in drift.arguments} == different


def test_what_was_taken_away_by_hand(example: Example, emulator: Emulated) -> None:
    saved, _ = made(example, emulator)
    example.remove(emulator, saved["id"])
    found = drifted(state(saved))
    (drift,) = mine(found.drifts)
    assert drift.kind in (MISSING, CHANGED)
    assert "'made'" in as_text(found)
    assert "Drift: 1 " in as_markdown(found)
    SCHEMA.validate(json.loads(json.dumps(as_json(found), default=str)))
