"""Calls of a number would end elsewhere."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.rules import CALLS_ELSEWHERE
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    but,
    destination,
    one,
    profile,
    renamed,
    split,
)
from tests.rules.endings import OFF, said

STRANGER = "+13035551003"


def override(target: str) -> Resource:
    return one("ringcx:DnisOverride", "vip", f"{GROUP}/2001/1", destination=f"{GROUP}/2001", dnis=NUMBER, target=target)


def test_it_is_a_warning_until_the_team_says_something_else() -> None:
    assert CALLS_ELSEWHERE.level == "advisory"


def test_one_wrong_digit() -> None:
    (found,) = said(CALLS_ELSEWHERE, LINE, but(LINE, destination("denver", 2001, STRANGER)))
    now, then = f"70 % number {DENVER}; 30 % number {AUSTIN}", f"70 % number {STRANGER}; 30 % number {AUSTIN}"
    assert found == (
        f"{NUMBER} {now} {then}: calls to {NUMBER} would end elsewhere (always: {then}; before: {now}); look whether "
        "that is meant; `voice-routing trace` shows their path."
    )


@pytest.mark.parametrize(
    "after",
    [
        but(LINE, override(STRANGER)),
        but(LINE, split((2001, 69), (2002, 31))),
    ],
    ids=["override", "other shares"],
)
def test_however_it_comes_about(after: list[Resource]) -> None:
    assert len(said(CALLS_ELSEWHERE, LINE, after)) == 1


@pytest.mark.parametrize(
    "after",
    [
        but(LINE, destination("denver", 2001, DENVER, description="Renovated", max_ring_time_seconds=9)),
        but(LINE, split((2002, 30), (2001, 70))),
        but(LINE, destination("reno", 2003, STRANGER), split((2001, 70), (2002, 30), (2003, 0))),
        but(LINE, assignment(OTHER)),
        but(LINE, profile("spare", 3002)),
        but(LINE, without=["n00"]),
        but(LINE, assignment(queue_id="1000")),
        but(LINE, *OFF),
        renamed(LINE, aliases=True),
    ],
    ids=[
        "described",
        "order",
        "standby",
        "new number",
        "new profile",
        "released",
        "moved, which is told by another",
        "told by another",
        "renamed",
    ],
)
def test_there_is_nothing_to_say(after: list[Resource]) -> None:
    assert said(CALLS_ELSEWHERE, LINE, after) == []
