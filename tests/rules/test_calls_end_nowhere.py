"""Calls would end where nobody takes them."""

from __future__ import annotations

import re

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Facts, Resource
from pulumi_voice_routing.safety.rules.ends_nowhere import CRITICAL_UNANSWERED, ENDS_NOWHERE, OUTCOME_RULES
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    but,
    destination,
    renamed,
    ring_group,
    split,
)
from tests.rules.endings import OFF, behind_a_group, said


def test_calls_that_would_end_nowhere() -> None:
    (found,) = said(ENDS_NOWHERE, LINE, but(LINE, *OFF))
    assert found == (
        f"{NUMBER} answered nobody: calls to {NUMBER} would end where nobody takes them (always: nobody (the profile "
        f"has no destination that takes calls); before: 70 % number {DENVER}; 30 % number {AUSTIN}); `voice-routing "
        "trace` shows their path."
    )


def test_calls_that_would_go_round_in_a_circle_of_two_vendors() -> None:
    to_group = destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP")
    before = but(LINE, to_group, ring_group("8000", [], "FORWARD_TO_NUMBER", DENVER))
    after = but(LINE, to_group, ring_group("8000", [], "FORWARD_TO_NUMBER", NUMBER))
    found = said(ENDS_NOWHERE, before, after)
    assert [re.search(r"\d+ % a loop", one) is not None for one in found] == [True, True]
    assert found[0].startswith(NUMBER)


@pytest.mark.parametrize(
    "after",
    [
        but(LINE, destination("denver", 2001, DENVER, active=False)),
        but(LINE, without=["n00"]),
        but(LINE, assignment(active=False)),
        but(LINE, split((2001, 50), (2002, 50))),
        but(LINE, destination("denver", 2001, UNKNOWN)),
        renamed(LINE, aliases=True),
    ],
    ids=["another one takes calls", "released", "inactive", "other shares", "not known yet", "renamed"],
)
def test_calls_that_would_not_end_nowhere(after: list[Resource]) -> None:
    assert said(ENDS_NOWHERE, LINE, after) == []


def test_calls_that_go_round_when_nobody_takes_them() -> None:
    before = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL"))
    round_ = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_NUMBER", NUMBER))
    assert len(said(ENDS_NOWHERE, before, round_)) == 2  # the number, and the group's own
    assert len(said(CRITICAL_UNANSWERED, before, round_, critical=[NUMBER])) == 1
    assert said(ENDS_NOWHERE, before, behind_a_group(ring_group("8000", ["101"], "REPEAT"))) == []


def test_what_ends_nowhere_already_is_no_news() -> None:
    off = but(LINE, *OFF)
    assert said(ENDS_NOWHERE, off, but(off, assignment(OTHER, queue_id="1000"))) == []


def test_rules_fail_closed_when_the_state_cannot_be_read() -> None:
    for rule_ in OUTCOME_RULES:
        facts = Facts(LINE, None, unreadable="no such stack")
        first, *_ = rule_.judge(facts, {"critical": [NUMBER]})
        assert first.message.startswith("the state of the stack cannot be read")
        lenient = rule_.judge(facts, {"critical": [NUMBER], "allowUnreadableState": True})
        assert not any("cannot be read" in found.message for found in lenient)
