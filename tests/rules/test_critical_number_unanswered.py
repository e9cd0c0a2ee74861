"""A critical number would not be answered."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pulumi_voice_routing.commands.gate.levels import read_levels
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.safety.judgement import judge
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED, CALLS_UNKNOWN, RELEASE_ACTIVE_DNIS, RULES
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    profile,
    renamed,
    ring_group,
    split,
)
from tests.rules.endings import OFF, behind_a_group, said
from tests.rules.plans import TODAY, approval


def test_critical_calls_that_end_when_nobody_takes_them() -> None:
    before = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL"))
    after = behind_a_group(ring_group("8000", ["101"], "HANGUP"))
    assert said(CALLS_UNANSWERED, before, after) == []
    assert len(said(CALLS_UNANSWERED, before, after, critical=[NUMBER])) == 1


OFF_OR_GONE = [
    (but(LINE, *OFF), "fewer calls to"),
    (but(LINE, without=["n00"]), "would be more likely to find nobody"),
    (but(LINE, assignment(active=False)), "would be more likely to find nobody"),
]
UNTOLD = [
    (but(LINE, destination("denver", 2001, UNKNOWN)), "could not be told any more"),
    (but(LINE, destination("denver", 2001, DENVER, active=False)), "could not be told any more"),
    (but(LINE, profile(routing_type="SEQUENTIAL")), "could not be told any more"),
]


@pytest.mark.parametrize(("after", "why"), [*OFF_OR_GONE, *UNTOLD])
def test_critical_numbers(after: list[Resource], why: str) -> None:
    (found,) = said(CALLS_UNANSWERED, LINE, after, critical=["1 303-555-0100"])
    assert found.startswith(f"{NUMBER} 70 % number {DENVER}; 30 % number {AUSTIN} ")
    assert why in found


def test_every_number_that_is_answered_today_is_critical_without_a_list() -> None:
    off, *given_up = (after for after, _ in OFF_OR_GONE)
    assert len(said(CALLS_UNANSWERED, LINE, off)) == len(said(CALLS_UNANSWERED, LINE, off, critical=[OTHER])) == 1
    for after in given_up:  # the release of the number is approved, or not, by its own rule
        assert said(CALLS_UNANSWERED, LINE, after) == []
        assert said(RELEASE_ACTIVE_DNIS, LINE, after) != []
    for after, _ in UNTOLD:
        assert said(CALLS_UNANSWERED, LINE, after) == []
        assert said(CALLS_UNKNOWN, LINE, after) != []


def test_a_list_is_no_reason_to_lose_other_numbers() -> None:
    both = but(LINE, assignment(OTHER))
    found = said(CALLS_UNANSWERED, both, but(both, *OFF), critical=[NUMBER])
    assert {one.split()[0] for one in found} == {NUMBER, OTHER}


@pytest.mark.parametrize(("after", "to"), [(OFF_OR_GONE[1][0], "nobody"), (UNTOLD[0][0], "unknown")])
def test_older_approvals_and_configs_are_of_the_same_use(after: list[Resource], to: str, tmp_path: Path) -> None:
    facts, settings = Facts(after, Before(LINE), preview=True), {"critical": [NUMBER]}
    older = Approvals([approval("critical-number-unanswered", NUMBER, "answered", to)])
    (found,) = judge(CALLS_UNANSWERED, facts, settings, older, TODAY)
    assert found.approval is not None

    config = tmp_path / "config.json"
    config.write_text(json.dumps({"critical-number-unanswered": {"enforcementLevel": "mandatory", **settings}}))
    levels = read_levels(config, RULES)
    assert levels.of(CALLS_UNANSWERED) == settings
    config.write_text(json.dumps({"critical-number-unanswered": {"enforcementLevel": "disabled", **settings}}))
    assert read_levels(config, RULES).of(CALLS_UNANSWERED) == {}


@pytest.mark.parametrize(
    "after",
    [but(LINE, assignment(queue_id="1000")), but(LINE, split((2001, 1), (2002, 99))), renamed(LINE, aliases=True)],
)
def test_critical_numbers_may_move(after: list[Resource]) -> None:
    assert said(CALLS_UNANSWERED, LINE, after, critical=[NUMBER]) == []


def test_extensions_can_be_critical() -> None:
    before = [built_in("business-hours"), built_in("after-hours")]
    after = [replace(one, props={**one.props, "action": "PlayAnnouncementOnly"}) for one in before]
    (found,) = said(CALLS_UNANSWERED, before, after, critical=["extension 101"])
    assert found.startswith("extension 101 ")
    assert said(CALLS_UNANSWERED, before, after, critical=["101"]) == [found]
