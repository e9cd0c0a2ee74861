"""It could not be told any more whether calls are answered."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.safety.judgement import judge
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED, CALLS_UNKNOWN, DEACTIVATING_IN_USE, FORBIDDEN_TARGET
from tests.call_flow.line import (
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    but,
    destination,
    hours,
    new,
    profile,
    split,
)
from tests.rules.endings import said
from tests.rules.plans import TODAY, approval

BY_HOUR = but(LINE, split((2001, None), (2002, None)), hours((2001, [100] * 24), (2002, [0] * 24)))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (LINE, but(LINE, destination("denver", 2001, DENVER, active=False)), "is not active, while another one is"),
        (LINE, but(LINE, destination("denver", 2001, UNKNOWN)), "where it leads is not known before the run"),
        (LINE, but(LINE, profile(routing_type="PRIORITY")), "how PRIORITY chooses among destinations"),
        (LINE, but(LINE, split((2001, 1), (2009, 99))), "the destination is not part of this configuration"),
        (LINE, but(LINE, split((2001, 70), (2002, 20))), "when the shares do not make 100 percent"),
        (BY_HOUR, but(BY_HOUR, hours((2009, [99] * 24), (2001, [1] * 24))), "not part of this configuration"),
    ],
    ids=["off", "known at apply", "type", "by id", "off 100", "by id and hour"],
)
def test_what_was_certain_is_unknown(before: list[Resource], after: list[Resource], why: str) -> None:
    (found,) = said(CALLS_UNKNOWN, before, after)
    assert found.startswith(NUMBER)
    assert why in found
    assert found.endswith(
        "); write it in a way that can be told, or have it approved; `voice-routing trace` shows their path."
    )


@pytest.mark.parametrize(
    "after",
    [
        but(LINE, split((2001, 1), (2002, 99))),
        but(LINE, assignment(queue_id="1000")),
        but(LINE, assignment(OTHER, profile="123456/1001/9")),
        but(LINE, profile(active=False)),
        LINE,
    ],
    ids=["shares", "moved", "a new number", "nobody", "same"],
)
def test_what_is_known_passes(after: list[Resource]) -> None:
    assert said(CALLS_UNKNOWN, LINE, after) == []


@pytest.mark.parametrize("share", [40, 100])
@pytest.mark.parametrize("made", [True, False])
def test_a_desk_of_the_program_is_switched_on_before_it_gets_calls(share: int, made: bool) -> None:
    """Nobody has to name it in an activation; what the program says of it counts, and what it was given before."""

    def judged(active: bool | None, *, had: bool = False) -> list[str]:
        reno = destination("reno", 2003, "+13035551003", active=active)
        start = split((2001, 100), *([(2003, 0)] if had else []))
        rows = split((2001, 100 - share), (2003, share))
        if not made:
            return said(CALLS_UNKNOWN, but(LINE, reno, start), but(LINE, reno, rows))
        untold = [{**row, "destination": UNKNOWN} if row["rank"] == 2 else row for row in rows.rows("destinations")]
        link = replace(
            rows, props={**rows.props, "destinations": untold}, behind={"destinations": frozenset({reno.urn})}
        )
        return said(CALLS_UNKNOWN, but(LINE, start), but(LINE, new(reno), link))

    assert judged(None) == []
    assert judged(True) == []
    assert made or share == 100 or judged(False) != []
    assert made or judged(None, had=True) != []


def test_an_approval_that_its_destination_is_switched_off_takes_it_along() -> None:
    facts = Facts(but(LINE, destination("denver", 2001, DENVER, active=False)), Before(LINE), preview=True)
    for object_, permitted in (("destination 2001", True), ("destination 2002", False)):
        given = approval(DEACTIVATING_IN_USE, object_, "active", "inactive")
        (one,) = judge(CALLS_UNKNOWN, facts, {}, Approvals([given]), TODAY)
        assert (one.approval is given) is permitted


TWO = but(
    LINE,
    split((2001, 100)),
    profile("sales", 3002),
    split((2002, 100), of=3002),
    assignment(OTHER, profile="123456/1001/3002"),
)
HARMS = {
    "calls-unanswered": {"target": DENVER, "active": False},
    "calls-unknown": {"target": UNKNOWN},
    "forbidden-target": {"target": "+19005550100"},
}


@pytest.mark.parametrize(("first", "second"), [*permutations(HARMS, 2)])
def test_what_one_number_suffers_hides_nothing_of_another(first: str, second: str) -> None:
    after = but(TWO, destination("denver", 2001, **HARMS[first]), destination("austin", 2002, **HARMS[second]))
    for rule in (CALLS_UNANSWERED, CALLS_UNKNOWN, FORBIDDEN_TARGET):
        found = [line.partition(" ")[0] for line in said(rule, TWO, after) if line.startswith("+")]
        assert set(found) == {number for number, harm in ((NUMBER, first), (OTHER, second)) if harm == rule.name}


def test_fails_if_a_share_goes_to_a_strange_queue_and_another_one_to_what_is_not_known_yet() -> None:
    strange = but(LINE, destination("denver", 2001, "99999", kind="ACD"), destination("austin", 2002, UNKNOWN))
    (message,) = [one.message for one in CALLS_UNKNOWN.judge(Facts(strange, Before(LINE)), {})]
    assert "), and nobody can tell whether queue 99999 exists; write it in a way that can be told" in message
