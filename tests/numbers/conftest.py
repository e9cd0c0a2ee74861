"""Numbers, tried without the engine: providers called as the engine calls them, against the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_voice_routing.ringcx import client as ringcx_client
from tests.emulated import Emulated
from tests.numbers.account import Account


@pytest.fixture
def provider_settings(
    emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """This process talks to the emulator as a provider process would, and never waits before it repeats a call."""
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    for module in ("client.http", "lifecycle.lost_answers"):
        monkeypatch.setattr(f"pulumi_voice_routing.{module}.pause", lambda *_: None)
    ringcx_client._clients.clear()
    yield
    for one in ringcx_client._clients.values():
        one.close()
    ringcx_client._clients.clear()


@pytest.fixture
def account(emulator: Emulated, provider_settings: None) -> Account:
    """An account with numbers, profiles that can answer, queues and a Visual IVR."""
    return Account(emulator)
