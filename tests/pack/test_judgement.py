"""What is found, held against what is approved on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pulumi_voice_routing.permission.approvals import Approval, Approvals, Change
from pulumi_voice_routing.permission.needed import NOT_KNOWN
from pulumi_voice_routing.plan.facts import Facts
from pulumi_voice_routing.safety.judgement import Judgement, judge, unused
from pulumi_voice_routing.safety.rule import Violation
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED, PERCENT_TOTALS
from tests.rules.plans import NUMBER, OTHER, approval

LAST = date(2026, 6, 1)
RULE = CALLS_UNANSWERED.name
FOUND = Violation("said.", None, NUMBER, "answered", "nobody")
APPROVED = approval(RULE, NUMBER, "answered", "nobody", until=LAST)


def judged(found: Violation, *given: Approval, day: date | None = LAST) -> Judgement:
    rule = replace(CALLS_UNANSWERED, judge=lambda facts, settings: [found])
    (one,) = judge(rule, Facts([]), {}, Approvals(given), day)
    return one


@pytest.mark.parametrize(
    ("given", "day", "missing"),
    [
        (APPROVED, LAST, None),
        (APPROVED, LAST - timedelta(days=1), None),
        (APPROVED, LAST + timedelta(days=1), "its approval expired on 2026-06-01 (UTC)"),
        (replace(APPROVED, to="somebody"), LAST, "its approval is for 'answered' to 'somebody'"),
        (replace(APPROVED, objects=frozenset([OTHER])), LAST, "it is not approved"),
        (replace(APPROVED, rule="calls-unknown"), LAST, "it is not approved"),
    ],
)
def test_a_change_is_approved_or_it_is_said_what_is_missing(given: Approval, day: date, missing: str | None) -> None:
    one = judged(FOUND, given, day=day)
    assert (one.rule.name, one.violation) == (RULE, FOUND)
    assert one.change == Change(RULE, NUMBER, "answered", "nobody")
    assert (one.approval, one.missing) == ((given, "") if missing is None else (None, missing))


def test_without_a_day_it_is_today() -> None:
    today = datetime.now(UTC).date()
    assert judged(FOUND, replace(APPROVED, until=today), day=None).approval is not None
    assert judged(FOUND, replace(APPROVED, until=today - timedelta(days=2)), day=None).approval is None


@pytest.mark.parametrize("change", [("answered", NOT_KNOWN), (NOT_KNOWN, "nobody")])
def test_what_is_not_known_is_approved_by_nobody(change: tuple[str, str]) -> None:
    from_, to = change
    one = judged(replace(FOUND, from_=from_, to=to), approval(RULE, NUMBER, from_, to))
    assert (one.approval, one.missing) == (None, "what is not known yet cannot be approved")


def test_what_is_about_no_object_is_approved_by_nobody() -> None:
    one = judged(replace(FOUND, object=""), approval(RULE, "", "answered", "nobody"))
    assert (one.approval, one.missing) == (None, "")


def test_other_approvals_take_it_along_when_a_whole_group_of_them_is_there() -> None:
    first, second, third = (Change("older", object_, "active", "inactive") for object_ in ("1", "2", "3"))
    lifted = replace(FOUND, lifted_by=(frozenset({first, second}), frozenset({third})))
    one, two, three = (approval("older", object_, "active", "inactive", until=LAST) for object_ in ("1", "2", "3"))
    assert judged(lifted, one).approval is None
    assert judged(lifted, one, two).approval in (one, two)
    assert judged(lifted, three).approval is three
    assert judged(lifted, three, day=LAST + timedelta(days=1)).approval is None
    assert judged(lifted, three, APPROVED).approval is APPROVED


def test_each_approval_of_a_group_is_in_use() -> None:
    group = [Change("older", object_, "active", "inactive") for object_ in ("3", "1", "2")]
    given = [approval("older", object_, "active", "inactive", until=LAST) for object_ in ("2", "3", "1")]
    found = judged(replace(FOUND, lifted_by=(frozenset(group),)), *given)
    assert [found.approval, *found.together_with] == [given[2], given[0], given[1]]
    assert list(unused(Approvals(given), [found], LAST)) == []


def test_approvals_that_permit_nothing_are_told() -> None:
    used = judged(FOUND, APPROVED)
    idle = approval(PERCENT_TOTALS, "profile 3001", "100 %", "99 %", until=LAST)
    both = replace(idle, objects=frozenset(["profile 3002", "profile 3001"]), rule="plan")
    given = Approvals([APPROVED, idle, both])
    nothing = "permits nothing that would happen now"
    told = [
        f"the approval of percent-totals for profile 3001 (OPS-1) {nothing}",
        f"the approval of plan for profile 3001, profile 3002 (OPS-1) {nothing}",
    ]
    assert list(unused(given, [used], LAST)) == told
    assert list(unused(given, [used], LAST, unseen=["plan"])) == told[:1]
    late = "(OPS-1) expired on 2026-06-01 (UTC); take it out of the file"
    after = list(unused(given, [used], LAST + timedelta(days=1), unseen=["plan"]))
    assert [line.endswith(late) for line in after] == [True, True, True]
    assert list(unused(Approvals([replace(APPROVED, until=date(2020, 1, 1))]), [used])) != []
    assert list(unused(Approvals([replace(idle, until=date(2999, 1, 1))]), [], unseen=[idle.rule])) == []
