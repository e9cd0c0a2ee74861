"""Routing, tried without the engine: providers called as the engine calls them, against the emulator."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.lifecycle import adoption
from pulumi_voice_routing.ringcx.cloud_routing import going_live
from tests.emulated import Emulated
from tests.numbers.conftest import provider_settings

__all__ = ["portal", "provider_settings"]


@pytest.fixture
def portal(emulator: Emulated, provider_settings: None) -> Emulated:
    """The account, by hand; nothing in it was made by this process."""
    adoption.ours.clear()
    going_live.declared.clear()
    return emulator
