"""What somebody types for a number, and how much of its path is shown."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.call_flow import trace
from pulumi_voice_routing.call_flow.onward import Call, Hours
from pulumi_voice_routing.call_flow.route import Line
from pulumi_voice_routing.call_flow.trace import number_of
from pulumi_voice_routing.errors import DeclarationError
from tests.call_flow.line import DENVER, one, ring_group, route


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+1 (303) 555-0100", "+13035550100"),
        ("303-555-0100", "3035550100"),
        ("8000", "8000"),
        ("extension 101", "extension 101"),
    ],
)
def test_a_number_however_it_is_typed(typed: str, number: str) -> None:
    assert number_of(typed) == number


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("reception", "'reception' is not a number; write it like"),
        ("+999 5550100", "no country"),
        ("80-00", "no country"),
    ],
)
def test_what_can_be_no_number(typed: str, why: str) -> None:
    with pytest.raises(DeclarationError, match=why):
        number_of(typed)


def test_a_path_is_told_for_as_long_as_somebody_reads_it() -> None:
    inner = [Line(str(place)) for place in range(trace._MOST_LINES)]
    first, second, *more, last = trace._cut([Line("first", lines=tuple(inner[:9])), Line("second"), *inner])
    assert (first.what, len(first.lines), second.what, more[0].what) == ("first", 9, "second", "0")
    assert 1 + 9 + 1 + len(more) == trace._MOST_LINES
    assert last.what == f"and so on: it has more than {trace._MOST_LINES} lines"


def test_each_step_of_a_path_names_the_resource_that_it_comes_from() -> None:
    number = one("ringcx:TrackingNumber", "campaign", "1/700/9", group_id="1/700", dnis="+13035550111", active=True)
    given = {"tracking_number": "1/700/9", "rank": 1, "open_rule": True, "kind": "STANDARD", "destination": DENVER}
    day = one("ringcx:TrackingRoutingRule", "day", "1/700/9/1", **given)
    by_hour = Call(hours=Hours("tracking number +13035550111", True))
    lines = list(route([number, day], "+13035550111", by_hour).lines(0))
    found = {}
    while lines:
        line = lines.pop()
        found[line.what] = line.resource
        lines += line.lines
    assert found["routing rule 1"] == day


def test_what_rings_names_its_group() -> None:
    group = ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL")
    rings = [line for line in route([group], "8000").lines(0) if line.resource == group]
    assert rings
    assert all(inner.what for line in rings for inner in line.lines)
