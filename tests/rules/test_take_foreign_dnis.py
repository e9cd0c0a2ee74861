"""A number that somebody else answers is taken."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import TAKE_FOREIGN_DNIS
from tests.rules.numbers import MANY, ONE, SALES_, SUPPORTS, TAKE, Change, needed
from tests.rules.plans import LINE, NUMBER, OTHER, SALES, assignment, assignments, but, found, id_of, renamed


@pytest.mark.parametrize(
    ("before", "declared", "asked"),
    [
        pytest.param(
            [MANY, assignments("sales", [])],
            [assignments("numbers", [OTHER]), assignments("sales", [NUMBER], "sales")],
            (TAKE, NUMBER, SUPPORTS, SALES_),
            id="from one list to another",
        ),
        pytest.param(
            [ONE],
            [renamed(ONE, "line", profile=id_of("sales"))],
            (TAKE, NUMBER, SUPPORTS, SALES_),
            id="renamed and moved",
        ),
    ],
)
def test_what_takes_a_number_from_its_callers_needs_one_permission(
    before: list[Resource], declared: list[Resource], asked: Change
) -> None:
    assert needed(but(LINE, SALES, *declared), but(LINE, SALES, *before)) == [asked]


@pytest.mark.parametrize(
    ("to", "advice"), [(UNKNOWN, "make the new owner in one up"), ("123456/1001/3002", "an alias")]
)
def test_the_message_says_how_to_go_on(to: Any, advice: str) -> None:
    taken = renamed(ONE, "line", profile=to)
    (message,) = found(TAKE_FOREIGN_DNIS, but(LINE, SALES, taken), but(LINE, SALES, ONE))
    assert advice in message


# The vendor was asked


def test_a_number_that_somebody_else_answers_is_taken() -> None:
    assert needed([ONE], [], live={NUMBER: "queue 17"}) == [(TAKE, NUMBER, "queue 17", SUPPORTS)]
    now = [assignment("hotline", NUMBER, "sales")]
    assert needed(now, [ONE], live={NUMBER: "queue 17"}) == [(TAKE, NUMBER, "queue 17", SALES_)]
    off = [assignment("hotline", NUMBER, active=False)]
    assert needed(off, [ONE], live={NUMBER: "queue 17"}) == [
        (TAKE, NUMBER, "queue 17", "inactive"),
        (TAKE, NUMBER, "queue 17", SUPPORTS),
    ]


def test_a_number_that_nobody_answers_or_that_is_there_already_is_free() -> None:
    now = [assignment("hotline", NUMBER, "sales")]
    assert needed(now, [ONE], live={NUMBER: None}) == []
    assert needed(now, [ONE], live={NUMBER: SALES_}) == []
    assert needed([], [ONE], live={NUMBER: "queue 17"}) == []


def test_what_is_not_written_takes_nothing_whoever_has_the_number() -> None:
    assert needed([ONE], [ONE], live={NUMBER: "queue 17"}, changed=[]) == []
    assert needed([ONE], [ONE], live={NUMBER: "queue 17"}, changed=[ONE.urn]) == [(TAKE, NUMBER, "queue 17", SUPPORTS)]
