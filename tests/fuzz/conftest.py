"""One emulator for all hostile inputs of a process, and the types with arguments that are fine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.resource import Resource
from tests.contracts.contract import CONTRACTS_VARIABLE
from tests.examples import Example, examples
from tests.fuzz.world import World

VENDORS = {"ringcx": ringcx, "ringex": ringex, "portsip": portsip}
EXAMPLES: dict[str, Example] = examples()
TYPES = sorted(
    kind.lifecycle.token
    for vendor in VENDORS.values()
    for kind in (getattr(vendor, name) for name in vendor.__all__)
    if isinstance(kind, type) and issubclass(kind, Resource)
)


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have a system to lose."""
    for name in os.environ:
        if name != CONTRACTS_VARIABLE and name.startswith(("RINGCX_", "RINGEX_", "PORTSIP_", "VOICE_ROUTING_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    world = World()
    yield world
    world.stop()


@cache
def fine_arguments(token: str) -> dict[str, Any]:
    """Arguments of a type that nothing is wrong with, every field that there is an example of among them."""
    world = World()
    try:
        first = EXAMPLES[token].instances(world)["made"]
        return {**first.args, **first.updates}
    finally:
        world.stop()
