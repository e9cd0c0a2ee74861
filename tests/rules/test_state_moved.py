"""Somebody else answers a number at the vendor than the state says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_voice_routing.plan.plan import Plan, read_plan
from pulumi_voice_routing.safety.rule import Violation
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules
from tests.gate.previews import HOTLINE, LINE, MOVED, NUMBER, Json, deleted, line, preview, step, written
from tests.rules.plans import OTHER, assignment, facts

NEW = step("create", "ringcx:DnisAssignment", "new", new={"dnis": "+13035550111", "profile": "123456/1001/1001"})


def violations(folder: Path, *steps: Json, **live: str | None) -> list[Violation]:
    """What the rule says when the vendor was asked; ``live`` are numbers without their sign."""
    plan = read_plan(written(folder, preview(*steps)))
    (rule,) = [one for one in plan_rules(plan) if one.name == "state-moved"]
    facts = plan.facts({f"+{number.removeprefix('n')}": owner for number, owner in live.items()})
    return list(rule.judge(facts, {}))


@pytest.mark.parametrize(("owner", "called"), [("queue 1000", "queue 1000"), (None, "nobody")])
@pytest.mark.parametrize("steps", [LINE, line(MOVED), line(deleted(HOTLINE))], ids=["stays", "moves", "leaves"])
def test_fails_if_the_vendor_has_another_owner(
    tmp_path: Path, steps: tuple[Json, ...], owner: str | None, called: str
) -> None:
    (one,) = violations(tmp_path, *steps, n13035550100=owner)
    assert (one.object, one.from_, one.to) == (NUMBER, "profile 1001", called)
    assert one.message.startswith(f"{NUMBER} belongs to {called} at the vendor and to profile 1001 in the state")


def test_passes_if_the_vendor_says_what_the_state_says_or_was_not_asked(tmp_path: Path) -> None:
    assert violations(tmp_path, *line(MOVED), n13035550100="profile 1001") == []
    assert violations(tmp_path, *line(MOVED)) == []


def test_passes_a_number_that_the_state_does_not_have(tmp_path: Path) -> None:
    assert violations(tmp_path, *line(NEW), n13035550111="queue 1000") == []


@pytest.mark.parametrize("first", [{}, {NUMBER: "profile 3001"}, {NUMBER: "queue 1000"}])
def test_fails_for_each_number_by_itself(first: dict[str, str]) -> None:
    before = [assignment("hotline", NUMBER), assignment("front", OTHER)]
    (rule,) = [one for one in plan_rules(Plan()) if one.name == "state-moved"]
    found = rule.judge(facts(before, before, live={**first, OTHER: "queue 1000"}), {})
    assert [one.object for one in found] == [NUMBER] * ("queue 1000" in first.values()) + [OTHER]
