"""Which part of the calls nobody takes, and of which part nobody can tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from pulumi_voice_routing.call_flow.conditions import in_period
from pulumi_voice_routing.call_flow.impact import _by_hours
from pulumi_voice_routing.call_flow.judgement import unanswered, unanswered_in_the_end, untold
from pulumi_voice_routing.call_flow.onward import Hours
from pulumi_voice_routing.call_flow.outcome import RINGS_AGAIN, End, Outcome, unknown
from pulumi_voice_routing.call_flow.profiles import SHARES_OF_NEW
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Tracer
from pulumi_voice_routing.plan.facts import Resource
from tests.call_flow.line import one

HALF = Fraction(1, 2)
QUEUE, MENU = End("queue", "1000"), End("ivr", "7")
NOBODY, ROUND, AGAIN = End("unanswered", "closed"), End("loop", "calls come back"), End("loop", RINGS_AGAIN)


def all_of(end: End) -> Outcome:
    return Outcome.of(end)


def half_of(one_: End, other: End) -> Outcome:
    return Outcome.mixed([(HALF, all_of(one_)), (HALF, all_of(other))])


def ringing(later: Outcome) -> Outcome:
    return all_of(End("number", "+13035551001", otherwise=later))


def either(*options: Outcome, complete: bool = True) -> Outcome:
    return all_of(replace(unknown("nobody tells", (options, complete)), options=options, complete=complete))


@pytest.mark.parametrize(
    ("outcome", "nobody", "in_the_end", "open_", "when_strange"),
    [
        (all_of(QUEUE), 0, 0, 0, 1),
        (all_of(MENU), 0, 0, 0, 0),
        (all_of(NOBODY), 1, 1, 0, 0),
        (all_of(End("announcement")), 1, 1, 0, 0),
        (all_of(ROUND), 1, 1, 0, 0),
        (half_of(QUEUE, NOBODY), HALF, HALF, 0, HALF),
        (ringing(all_of(NOBODY)), 0, 1, 0, 0),
        (ringing(all_of(ROUND)), 1, 1, 0, 0),
        (ringing(all_of(AGAIN)), 0, 0, 0, 0),
        (ringing(half_of(NOBODY, MENU)), 0, HALF, 0, 0),
        (ringing(half_of(ROUND, MENU)), HALF, HALF, 0, 0),
        (ringing(ringing(all_of(NOBODY))), 0, 1, 0, 0),
        (either(), 0, 0, 1, 1),
        (either(all_of(QUEUE), all_of(MENU)), 0, 0, 0, 1),
        (either(all_of(QUEUE), all_of(MENU), complete=False), 0, 0, 1, 1),
        (either(all_of(QUEUE), all_of(NOBODY)), 0, 0, 1, 1),
        (either(all_of(NOBODY), all_of(ROUND)), 1, 1, 0, 0),
        (either(half_of(NOBODY, MENU), all_of(NOBODY)), HALF, HALF, HALF, HALF),
        (either(half_of(NOBODY, MENU), all_of(MENU)), 0, 0, HALF, HALF),
        (all_of(unknown(SHARES_OF_NEW)), 0, 0, 0, 0),
    ],
)
def test_parts_of_the_calls(
    outcome: Outcome, nobody: Fraction, in_the_end: Fraction, open_: Fraction, when_strange: Fraction
) -> None:
    assert (unanswered(outcome), unanswered_in_the_end(outcome), untold(outcome)) == (nobody, in_the_end, open_)
    assert untold(outcome, frozenset({QUEUE})) == when_strange


@pytest.mark.parametrize(("places", "sorts", "each"), [(0, 0, 0), (1, 2, 1), (3, 8, 3), (4, 8, 1)])
def test_hours_of_some_places_are_looked_at_together_and_of_many_one_by_one(places: int, sorts: int, each: int) -> None:
    told = [Hours(f"extension {place}", open_) for place in range(places) for open_ in (True, False)]
    found = list(_by_hours(told))
    assert (len(found), {len(one_) for one_ in found}) == (sorts, {each} if each else set())
    assert {one_ for some in found for one_ in some} == set(told)


def test_where_a_rule_leads_depends_on_where_the_call_was_before() -> None:
    """Two extensions that go on to each other when nobody answers."""

    def rings(at: str, to: str) -> Resource:
        target = {"type": "ExtensionTerminatingTarget", "extension_id": f"1/{to}"}
        groups = [{"targets": [{"type": "DeviceRingTarget", "device_id": at}]}]
        given = {"dispatching": "RingInOrder", "ring_groups": groups, "no_answer_target": target}
        return one(
            "ringex:CallHandlingStateRule",
            f"rule-{at}",
            f"1/{at}/work-hours",
            extension_id=f"1/{at}",
            state="work-hours",
            **given,
        )

    hours = [
        one(
            "ringex:CallHandlingState",
            f"hours-{at}",
            f"1/{at}/work-hours",
            extension_id=f"1/{at}",
            state="work-hours",
            schedule={"daily": {"from": "00:00", "to": "24:00"}},
        )
        for at in ("101", "102")
    ]
    line = [*hours, rings("101", "102"), rings("102", "101")]
    tracer = Tracer(Routing.of_state(line))
    for first, second in (("101", "102"), ("102", "101")):
        found = tracer.route(f"extension {first}")
        assert found is not None
        assert str(found.at(0)) == ", and if nobody takes it: ".join(
            [
                *(f"extension {at} rings device {at}" for at in (first, second, first)),
                "a loop (calls come back to where they were)",
            ]
        )


NAIVE, AWARE = datetime(2030, 6, 1), datetime(2030, 6, 1, tzinfo=UTC)
A_MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("start", "end", "moment", "inside"),
    [
        (NAIVE, NAIVE + A_MONTH, NAIVE, True),
        (NAIVE, NAIVE + A_MONTH, NAIVE + A_MONTH, False),
        (NAIVE, NAIVE + A_MONTH, AWARE, True),
        (AWARE, AWARE + A_MONTH, AWARE, True),
        (AWARE, AWARE + A_MONTH, AWARE - A_MONTH, False),
        (AWARE, AWARE + A_MONTH, NAIVE, None),
        (NAIVE, AWARE + A_MONTH, AWARE, None),
        (AWARE, NAIVE + A_MONTH, AWARE, None),
        (AWARE, AWARE + A_MONTH, None, False),
    ],
)
def test_a_period_is_held_against_a_call_in_one_zone(
    start: datetime, end: datetime, moment: datetime | None, inside: bool | None
) -> None:
    assert in_period(moment, (start, end)) is inside
