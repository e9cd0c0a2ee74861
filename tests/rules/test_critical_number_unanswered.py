"""A critical number would not be answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules.outcomes import CALLS_UNANSWERED, CRITICAL_UNANSWERED
from tests.call_flow.line import (
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


def test_critical_calls_that_end_when_nobody_takes_them() -> None:
    before = behind_a_group(ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL"))
    after = behind_a_group(ring_group("8000", ["101"], "HANGUP"))
    assert said(CALLS_UNANSWERED, before, after) == []
    assert len(said(CRITICAL_UNANSWERED, before, after, critical=[NUMBER])) == 1


@pytest.mark.parametrize(
    ("after", "to"),
    [
        (but(LINE, *OFF), "nobody"),
        (but(LINE, without=["n00"]), "nobody"),
        (but(LINE, assignment(active=False)), "nobody"),
        (but(LINE, destination("denver", 2001, UNKNOWN)), "unknown"),
        (but(LINE, destination("denver", 2001, DENVER, active=False)), "unknown"),
        (but(LINE, profile(routing_type="SEQUENTIAL")), "unknown"),
    ],
)
def test_critical_numbers(after: list[Resource], to: str) -> None:
    (found,) = said(CRITICAL_UNANSWERED, LINE, after, critical=["1 303-555-0100"])
    assert found.startswith(f"{NUMBER} answered {to}: calls to {NUMBER} are critical, and ")
    assert said(CRITICAL_UNANSWERED, LINE, after, critical=[OTHER]) == []
    assert said(CRITICAL_UNANSWERED, LINE, after) == []


@pytest.mark.parametrize(
    "after",
    [but(LINE, assignment(queue_id="1000")), but(LINE, split((2001, 1), (2002, 99))), renamed(LINE, aliases=True)],
)
def test_critical_numbers_may_move(after: list[Resource]) -> None:
    assert said(CRITICAL_UNANSWERED, LINE, after, critical=[NUMBER]) == []


def test_extensions_can_be_critical() -> None:
    before = [built_in("business-hours"), built_in("after-hours")]
    after = [replace(one, props={**one.props, "action": "PlayAnnouncementOnly"}) for one in before]
    (found,) = said(CRITICAL_UNANSWERED, before, after, critical=["extension 101"])
    assert found.startswith("extension 101 answered nobody: calls to extension 101 are critical")
    assert said(CRITICAL_UNANSWERED, before, after, critical=["101"]) == []
