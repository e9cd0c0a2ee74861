"""Fewer calls of a number would be answered."""

from __future__ import annotations

import re

import pytest

from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.safety.judgement import judge
from pulumi_voice_routing.safety.rules import DEACTIVATING_IN_USE, RULES
from pulumi_voice_routing.safety.rules.outcomes import (
    CALLS_UNANSWERED,
    FORBIDDEN_TARGET,
    OUTCOME_RULES,
)
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    profile,
    renamed,
    ring_group,
    split,
)
from tests.rules.endings import OFF, behind_a_group, said
from tests.rules.plans import TODAY, approval, violations

NOW = f"70 % number {DENVER}; 30 % number {AUSTIN}"
THEN = "nobody (the profile has no destination that takes calls)"


def test_calls_that_would_end_nowhere() -> None:
    (found,) = said(CALLS_UNANSWERED, LINE, but(LINE, *OFF))
    assert found == (
        f"{NUMBER} {NOW} {THEN}: fewer calls to {NUMBER} would be answered (always: {THEN}; before: {NOW}); give them "
        "somebody who takes them, or have it approved; `voice-routing trace` shows their path."
    )


def test_an_approval_names_number_and_outcomes() -> None:
    facts = Facts(but(LINE, *OFF), Before(LINE), preview=True)
    for given, permitted in (
        (approval(CALLS_UNANSWERED, NUMBER, NOW, THEN), True),
        (approval("calls-end-nowhere", NUMBER, "answered", "nobody"), True),
        (approval(CALLS_UNANSWERED, OTHER, NOW, THEN), False),
        (approval(CALLS_UNANSWERED, NUMBER, NOW, "nobody"), False),
        (approval("calls-end-nowhere", NUMBER, "answered", "unknown"), False),
    ):
        (one,) = judge(CALLS_UNANSWERED, facts, {}, Approvals([given]), TODAY)
        assert (one.approval is given) is permitted


def test_an_approval_of_what_is_behind_it_takes_it_along() -> None:
    before = but(LINE, destination("austin", 2002, AUSTIN))
    facts = Facts(but(before, *OFF), Before(before), preview=True)
    both = [approval(DEACTIVATING_IN_USE, f"destination {number}", "active", "inactive") for number in (2001, 2002)]
    (one,) = judge(CALLS_UNANSWERED, facts, {}, Approvals(both), TODAY)
    assert one.approval in both
    (one,) = judge(CALLS_UNANSWERED, facts, {}, Approvals(both[:1]), TODAY)
    assert one.approval is None


def test_an_approval_takes_along_nothing_that_calls_do_not_pass() -> None:
    """Another line of the same stack goes silent as well."""
    others = [
        destination("reno", 2003, "+13035551003"),
        profile("sales", 3002),
        split((2003, 100), of=3002),
        assignment(OTHER, profile=f"{GROUP}/3002"),
    ]
    line = [*LINE, *others]
    off = [destination("reno", 2003, "+13035551003", active=False), profile("sales", 3002, active=False)]
    facts = Facts(but(line, *OFF, *off), Before(line), preview=True)
    given = [approval(DEACTIVATING_IN_USE, f"destination {number}", "active", "inactive") for number in (2001, 2002)]
    found = {one.change.object: one.approval for one in judge(CALLS_UNANSWERED, facts, {}, Approvals(given), TODAY)}
    assert (found[NUMBER] in given, found[OTHER]) == (True, None)


def test_what_is_said_is_about_who_answers_the_number() -> None:
    after = but(LINE, *OFF)
    (one,) = violations(CALLS_UNANSWERED, after, LINE)
    assert one.resource is not None
    assert one.resource.name == "n00"
    rings = built_in("business-hours", action="ForwardCalls", notify_soft_phones=True, voicemail_enabled=True)
    silent = built_in("business-hours", action="PlayAnnouncementOnly")
    found = violations(CALLS_UNANSWERED, [silent], [rings])
    assert {one.resource.name for one in found if one.resource is not None} == {"business-hours"}


def test_every_rule_refuses_unless_it_says_that_it_warns() -> None:
    warns = {rule.name for rule in RULES if rule.level == "advisory"}
    assert warns == {"calls-go-elsewhere", "left-switched-on"}
    assert {rule.level for rule in RULES} == {"advisory", "mandatory"}


def test_calls_that_would_go_round_in_a_circle_of_two_vendors() -> None:
    to_group = destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP")
    before = but(LINE, to_group, ring_group("8000", [], "FORWARD_TO_NUMBER", DENVER))
    after = but(LINE, to_group, ring_group("8000", [], "FORWARD_TO_NUMBER", NUMBER))
    found = said(CALLS_UNANSWERED, before, after)
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
    assert said(CALLS_UNANSWERED, LINE, after) == []


def test_calls_that_go_round_when_nobody_takes_them() -> None:
    before = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL"))
    round_ = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_NUMBER", NUMBER))
    assert len(said(CALLS_UNANSWERED, before, round_)) == 2  # the number, and the group's own
    assert said(CALLS_UNANSWERED, before, behind_a_group(ring_group("8000", ["101"], "REPEAT"))) == []


def test_what_ends_nowhere_already_is_no_news() -> None:
    off = but(LINE, *OFF)
    assert said(CALLS_UNANSWERED, off, but(off, assignment(OTHER, queue_id="1000"))) == []


def test_rules_fail_closed_when_the_state_cannot_be_read() -> None:
    for rule_ in OUTCOME_RULES:
        facts = Facts(LINE, None, unreadable="no such stack")
        if rule_ is FORBIDDEN_TARGET:
            continue  # it looks at what is declared, whatever was there before
        first, *_ = rule_.judge(facts, {"critical": [NUMBER]})
        assert first.message.startswith("the state of the stack cannot be read")
        lenient = rule_.judge(facts, {"critical": [NUMBER], "allowUnreadableState": True})
        assert not any("cannot be read" in found.message for found in lenient)


def test_what_calls_pass_is_looked_at_in_the_hours_that_change() -> None:
    """At their end another destination takes the calls."""
    by_day = hours((2001, [0] * 8 + [100] * 9 + [0] * 7), (2002, [100] * 8 + [0] * 9 + [100] * 7))
    before = but(LINE, split((2001, None), (2002, None)), by_day)
    facts = Facts(but(before, destination("denver", 2001, DENVER, active=False)), Before(before), preview=True)
    given = approval(DEACTIVATING_IN_USE, "destination 2001", "active", "inactive")
    (one,) = (one for rule in OUTCOME_RULES for one in judge(rule, facts, {}, Approvals([given]), TODAY))
    assert one.approval is given
