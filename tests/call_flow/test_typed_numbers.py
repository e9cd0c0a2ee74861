"""What somebody types for a number, and how much of its path is shown."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.call_flow import trace
from pulumi_voice_routing.call_flow.route import Line
from pulumi_voice_routing.call_flow.trace import number_of
from pulumi_voice_routing.errors import DeclarationError


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
