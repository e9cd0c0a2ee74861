"""The lives of all types that it knows at a server that answers in every way that the contracts leave open.

No false drift, no lost number, no object twice, and no second preview with something to do; where the contracts are at
hand, every request and every answer is judged by them.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.contracts.contract import CONTRACTS_VARIABLE
from tests.second_server.judge import contracts_at_hand, violations
from tests.second_server.known import KNOWN, answered, operations_of, sent
from tests.second_server.lives import STEPS, Life
from tests.second_server.ways import ALL, OF_NUMBERS, OF_PAGES, PLAIN, WAYS, Ways
from tools.reference_calls import looks, said_by

TOGETHER: dict[str, Ways] = {
    "plain": PLAIN,
    "all": ALL,
    "pages": frozenset({"small_pages", "no_totals"}),
    "pages that overlap": frozenset({"small_pages", "no_totals", "overlapping"}),
    "pages from zero": frozenset({"small_pages", "no_totals", "pages_from_zero"}),
    "nothing but ids": frozenset({"bare_writes", "put_replaces", "sparse"}),
    "a late search without owners": frozenset({"lag", "no_owners", "nobody_is_null", "plus_signs", "array"}),
    "a late search without a filter": frozenset({"lag", "no_filter", "content", "ids_as_text"}),
    "silence": frozenset({"silent_writes", "summaries", "nobody_is_empty"}),
}
"""Ways that are tried together, beside each one alone."""
QUICK = ("all",)
"""What the quick run tries of each type."""
LONG = {"ringex:AnsweringRule", "ringex:CallHandlingState", "ringex:InteractionRule"}
"""What is not tried there, because each life of it takes seconds: ``CallHandlingStateRule`` goes the same ways."""
CASES = {**{name: frozenset({name}) for name in WAYS}, **TOGETHER}


_WITH_NUMBERS = ("Dnis", "Tracking", "Activation", "Profile")
OF_NEWER_USERS: Ways = frozenset({"ids_as_numbers", "times_otherwise"})
NEWER_USERS = {"ringex:CallHandlingState", "ringex:CallHandlingStateRule", "ringex:InteractionRule"}
_WITH_PAGES = ("Dnis", "HttpService", "BasicAuth")


def _says_something(token: str, ways: Ways) -> bool:
    """Whether ways are about something that a life of the type meets; every life meets the many."""
    vendor, _, kind = token.partition(":")
    if len(ways) != 1:
        return True
    if ways <= OF_NUMBERS - {"lag", "plus_signs"} or (ways <= OF_NUMBERS and vendor == "ringcx"):
        return vendor == "ringcx" and kind.startswith(_WITH_NUMBERS)
    if ways <= OF_PAGES:
        return vendor != "ringcx" or kind.startswith(_WITH_PAGES)
    if ways <= OF_NEWER_USERS:
        return token in NEWER_USERS
    if ways <= {"own_case", "masked_secrets", "summaries"}:
        return vendor == "ringcx" or token == "ringex:InteractionRule"
    return not ways <= {"features_unwrapped"} or vendor == "ringex"


def _cases() -> list[Any]:
    return [
        pytest.param(
            token,
            ways,
            id=f"{token}-{name}",
            marks=() if name in QUICK and token not in LONG else pytest.mark.whole_run,
        )
        for token in KNOWN
        for name, ways in CASES.items()
        if _says_something(token, ways)
    ]


@cache
def plain_life(token: str) -> tuple[list[dict[str, int]], set[str]]:
    """How many objects of each kind there are after each step, and what was sent, when the server answers plainly."""
    with TemporaryDirectory() as folder:
        life = _lived(token, PLAIN, Path(folder))
        return life.history, sent(life.world.server.journal)


def _lived(token: str, ways: Ways, cache: Path) -> Life:
    life = Life(token, ways, cache)
    for step in STEPS:
        getattr(life, step)()
    return life


FAMILIES = {
    "ringcx": {
        *("RouteGroup", "Destination", "Profile", "ProfileDestinations", "AllocationHours", "Activation"),
        *("DnisOverride", "DnisOverrides", "Dnis", "DnisPool", "DnisAssignment", "DnisAssignments"),
        *("TrackingGroup", "TrackingNumber", "TrackingRoutingRule", "TrackingScheduleOverride"),
        *("HttpServiceGroup", "HttpService", "HttpServiceInputs"),
        *("ApiKeyAuth", "BasicAuth", "OAuthAuth", "JwtAuth", "CustomAuth"),
    },
    "ringex": {
        *("AnsweringRule", "BuiltInAnsweringRule", "ForwardingNumber"),
        *("CallHandlingState", "CallHandlingStateRule", "InteractionRule"),
    },
    "portsip": {"RingGroup", "BlockedNumber"},
}
"""What the server knows at least: new types may come without it, and none of these is lost unseen."""


AT_HAND = bool(os.environ.get(CONTRACTS_VARIABLE))
"""Whoever runs the tests has said where the contracts are, before any test takes settings away."""


def test_contracts_that_are_at_hand_are_judged_by() -> None:
    assert contracts_at_hand() is AT_HAND


def test_no_family_is_lost() -> None:
    assert set(KNOWN) >= {f"{vendor}:{kind}" for vendor, kinds in FAMILIES.items() for kind in kinds}


@pytest.mark.parametrize("token", KNOWN)
def test_of_a_type_that_it_knows_the_server_has_all_paths(token: str) -> None:
    assert [number for number in sorted(operations_of(token)) if not answered(number)] == []


@pytest.mark.parametrize(("token", "ways"), _cases())
def test_a_life(token: str, ways: Ways, tmp_path: Path) -> None:
    life = _lived(token, ways, tmp_path)

    history, operations = plain_life(token)
    assert life.history == history
    assert operations <= {*said_by(token), *looks().get(token, ())}, "the type's page does not name all of its calls"
    assert violations(life.world.server.journal, ways) == []
