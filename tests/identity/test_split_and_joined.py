"""A resource for many becomes resources for one, the other way round, and another type for the same; nothing is off."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from tests.emulated import Emulated
from tests.examples import ref
from tests.identity.order_of_calls import Declared, Engine, Program, Values
from tests.identity.test_every_type import STOPS, engine, goes_on
from tests.numbers.account import Account, digits, e164

pytestmark = pytest.mark.whole_run

__all__ = ["engine"]

Ways = dict[str, Program]
"""Programs that stand for the same, by what they are called."""


def overrides(portal: Emulated) -> Ways:
    destination = ref("1000", portal.destination("Desk", active=True))
    rows = [{"dnis": one, "target": "+13035551999"} for one in ("+13035550190", "+13035550191")]

    def many(*some: Values) -> Declared:
        return Declared("ringcx:DnisOverrides", {"destination": destination, "overrides": [*some], "adopt": True})

    ones = [Declared("ringcx:DnisOverride", {"destination": destination, **row, "adopt": True}) for row in rows]
    return _ways(many(*rows), [many(row) for row in rows], ones)


def records(portal: Emulated) -> Ways:
    numbers = e164(Account(portal).pool(digits(2)))

    def many(*some: str) -> Declared:
        rows = [{"dnis": one} for one in some]
        return Declared("ringcx:DnisPool", {"numbers": rows, "on_delete": "deactivate"})

    ones = [Declared("ringcx:Dnis", {"dnis": one, "on_delete": "deactivate"}) for one in numbers]
    return _ways(many(*numbers), [many(one) for one in numbers], ones)


def assignments(portal: Emulated) -> Ways:
    account = Account(portal)
    numbers, profile = e164(account.pool(digits(2))), account.profile("Support")

    def many(*some: str) -> Declared:
        return Declared("ringcx:DnisAssignments", {"numbers": [*some], "profile": profile})

    ones = [Declared("ringcx:DnisAssignment", {"dnis": one, "profile": profile}) for one in numbers]
    return _ways(many(*numbers), [many(one) for one in numbers], ones)


def switches(portal: Emulated) -> Ways:
    group = ref("1000")

    def destinations(**more: Any) -> Program:
        plain: Values = {"group_id": group, "kind": "DID", "target": "+13035551234"}
        return {name: Declared("ringcx:Destination", {**plain, "name": name, **more}) for name in ("Desk", "Site")}

    # The ids are those that the vendor gives to the first two destinations of an account.
    targets = [{"kind": "destination", "id": ref("1000", number)} for number in ("1001", "1002")]

    def on(*some: Values) -> Declared:
        return Declared("ringcx:Activation", {"targets": [*some]})

    return {
        "one": {**destinations(), "all": on(*targets)},
        "parts": {**destinations(), **{f"on-{place}": on(one) for place, one in enumerate(targets)}},
        "arguments": destinations(active=True),
    }


def _ways(one: Declared, parts: list[Declared], ones: list[Declared]) -> Ways:
    def named(some: list[Declared], word: str) -> Program:
        return {f"{word}-{place}": each for place, each in enumerate(some)}

    return {
        "one": {"all": one},
        "parts": named(parts, "part"),
        "singles": named(ones, "single"),
        "both": {"part-0": parts[0], "single-1": ones[1]},
    }


KINDS: dict[str, Callable[[Emulated], Ways]] = {
    "overrides": overrides,
    "records": records,
    "assignments": assignments,
    "switches": switches,
}
WAYS = {
    kind: ("one", "parts", "arguments") if kind == "switches" else ("one", "parts", "singles", "both") for kind in KINDS
}


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [(kind, before, after) for kind, ways in WAYS.items() for before, after in permutations(ways, 2)],
)
def test_one_way_becomes_another(
    kind: str, before: str, after: str, stop: str, emulator: Emulated, engine: Engine
) -> None:
    ways = KINDS[kind](emulator)
    engine.up(ways[before])
    goes_on(emulator, engine, ways[after], stop)
