"""Forward-all-calls or do-not-disturb stays on."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts
from pulumi_voice_routing.safety.rules.left_on import LEFT_ON
from tests.rules.plans import resource

STATE = "ringex:CallHandlingState"


def state(which: str = "dnd", **props: Any) -> Any:
    return resource(STATE, "away", extension_id="1/101", state=which, **props)


def found(before: list[Any], after: list[Any]) -> list[Any]:
    return list(LEFT_ON.judge(Facts(after, Before(before), preview=True), {}))


@pytest.mark.parametrize("which", ["dnd", "forward-all-calls"])
def test_what_stays_on_is_told(which: str) -> None:
    on = state(which, enabled=True)
    (one,) = found([on], [on])
    assert (one.object, one.from_, one.to, one.advice) == (f"extension 101 {which}", "on", "on", True)
    assert "is on and stays on" in one.message
    assert one.resource is on


def test_what_is_left_behind_switched_on_is_told() -> None:
    (one,) = found([state(enabled=True, on_delete="forget")], [])
    assert "leaves the stack, and stays on" in one.message
    assert one.resource is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [state(enabled=True)]),  # where calls end says it
        ([state(enabled=False)], [state(enabled=True)]),
        ([state(enabled=True)], [state(enabled=False)]),
        ([state(enabled=True)], [state(enabled=UNKNOWN)]),
        ([state(enabled=True)], [state()]),
        ([state(enabled=True)], []),  # it gets back what it was
        ([state("work-hours", enabled=True)], [state("work-hours", enabled=True)]),
    ],
)
def test_everything_else_passes(before: list[Any], after: list[Any]) -> None:
    assert found(before, after) == []


def test_what_stays_on_is_told_whatever_stands_before_it() -> None:
    work = resource(STATE, "work", extension_id="1/101", state="work-hours", enabled=True)
    both = [work, state(enabled=True)]
    assert [one.object for one in found(both, both)] == ["extension 101 dnd"]
