"""guard() judges a program the same way in every order of registration, and says nothing of what hurts nobody."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest

import pulumi_voice_routing
from pulumi_voice_routing import ringcx
from tests.guard.conftest import NUMBERS, Approve, changes_sent
from tests.numbers.account import Account
from tests.stacks import Stack

FIRST = "123456/1000/1001"

Parts = dict[str, Callable[[], Any]]


@pytest.fixture
def stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The program can read the state of its stack, as one that is run with ``pulumi`` can."""
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    return stack


def program(parts: Parts, order: Sequence[str] | None = None) -> Callable[[], None]:
    def declared() -> None:
        pulumi_voice_routing.guard()
        for name in order or parts:
            parts[name]()

    return declared


def lines(notes: str = "", **other: Callable[[], Any]) -> Parts:
    """A tracking number, a record with notes, and a list of numbers."""
    given: Any = {"notes": notes} if notes else {}
    return {
        "campaign": lambda: ringcx.TrackingNumber("campaign", group_id="123456/1000", dnis=NUMBERS[2]),
        "record": lambda: ringcx.Dnis("record", dnis=NUMBERS[0], **given),
        "list": lambda: ringcx.DnisAssignments("list", numbers=NUMBERS[:2], profile=FIRST),
        **other,
    }


def test_notes_of_a_record_are_nobodys_business(account: Account, stack: Stack) -> None:
    stack.up(program(lines()), quiet=False)
    for number, order in enumerate(itertools.permutations(lines())):
        stack.preview(program(lines(f"Note {number}"), order))
    stack.up(program(lines("Note"), list(reversed(lines()))))


def test_a_new_profile_with_its_assignment(account: Account, stack: Stack) -> None:
    def new() -> None:
        plan = ringcx.Profile("plan", group_id="123456/1000", name="Plan", routing_type="MANUAL")
        ringcx.DnisAssignment("more", dnis=NUMBERS[2], profile=plan.id)

    def parts(notes: str, *, more: bool) -> Parts:
        found = lines(notes, **({"new": new} if more else {}))
        del found["campaign"]
        return found

    stack.up(program(parts("old", more=False)), quiet=False)
    for order in (["new", "list", "record"], ["record", "new", "list"], ["list", "record", "new"]):
        stack.preview(program(parts("new", more=True), order))


def test_a_pool_that_ends_with_its_approval(account: Account, stack: Stack, approve: Approve) -> None:
    def pool(*, record: bool = True) -> Callable[[], None]:
        rows: Any = [{"dnis": number} for number in NUMBERS]
        parts: Parts = {"pool": lambda: ringcx.DnisPool("pool", numbers=rows, on_delete="deactivate")}
        one: Parts = {"one": lambda: ringcx.DnisAssignment("one", dnis=NUMBERS[0], profile=FIRST)}
        return program({**one, **(parts if record else {})})

    stack.up(pool(), quiet=False)
    account.portal.forget_journal()
    assert (
        "+13035550100 from profile 1001 to inactive (release-active-dnis"
        in stack.preview_fails(pool(record=False)).error
    )
    assert changes_sent(account.portal) == []
    approve("release-active-dnis", "profile 1001", "inactive")
    stack.up(pool(record=False), quiet=False)
