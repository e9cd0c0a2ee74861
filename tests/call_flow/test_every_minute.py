"""The answer for the week, as intervals, is the answer for every minute of it."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, get_args

import pytest

from pulumi_voice_routing.call_flow.outcome import End, Kind, Outcome
from pulumi_voice_routing.call_flow.route import Route
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Tracer
from pulumi_voice_routing.call_flow.week import MINUTES
from tests.call_flow.accounts import CALLED, QUARTER, UNKNOWN, WHOLE, Odds, account, answer, resources

ACCOUNTS = 120
CHUNKS = 4


def plain(outcome: Outcome) -> Odds:
    """A fate in the words of the plain answer."""
    odds: Odds = {}
    for end, share in outcome.shares:
        part = share * WHOLE
        assert part.denominator == 1
        odds[_end(end)] = odds.get(_end(end), 0) + part.numerator
    return odds


def _end(end: End) -> Any:
    if end.kind == "unknown":
        return UNKNOWN
    if end.kind in ("number", "unanswered", "loop", "queue", "ivr", "sip"):
        return (end.kind, end.what)
    number = re.search(r"\d+", end.what)
    assert number is not None
    if end.kind == "ring group":
        assert end.otherwise is not None
        return (end.kind, number[0], frozenset(plain(end.otherwise).items()))
    return (end.kind, number[0])


@cache
def routes(seed: int) -> list[tuple[str, Route]]:
    tracer = Tracer(Routing.of_state(resources(account(seed))))
    found = [(called, tracer.route(called)) for called in CALLED]
    return [(number, route) for number, route in found if route is not None]


def agree(seed: int, called: str, route: Route, step: int) -> None:
    there = account(seed)
    for start, end, outcome in route.week.spans:
        assert start % QUARTER == 0
        expected = plain(outcome)
        for minute in range(start, end, step):
            assert answer(there, called, minute) == expected, (seed, called, minute)


@pytest.mark.parametrize("chunk", [0, *(pytest.param(one, marks=pytest.mark.whole_run) for one in range(1, CHUNKS))])
def test_intervals_are_what_each_quarter_of_an_hour_says(chunk: int) -> None:
    for seed in range(chunk, ACCOUNTS, CHUNKS):
        for called, route in routes(seed):
            agree(seed, called, route, QUARTER)


def test_intervals_are_what_each_minute_says() -> None:
    for seed in range(0, ACCOUNTS, 20):
        agree(seed, *routes(seed)[seed // 20 % len(CALLED)], 1)


def test_the_point_function_says_the_same_at_every_edge() -> None:
    for seed in range(0, ACCOUNTS, 2):
        for _, route in routes(seed):
            spans = route.week.spans
            assert (spans[0][0], spans[-1][1]) == (0, MINUTES)
            assert all(one[1] == other[0] for one, other in pairwise(spans))
            for start, end, outcome in spans:
                assert route.at(start) == route.at(end - 1) == outcome


def test_odds_make_one() -> None:
    for seed in range(ACCOUNTS):
        for _, route in routes(seed):
            assert {sum((odds for _, odds in outcome.shares), Fraction(0)) for outcome in route.week.values} == {
                Fraction(1)
            }


def test_the_accounts_have_everything_in_them() -> None:
    """Chance has made every kind of end, odds that change by the hour, and ways of several places."""
    kinds, changing = set(), 0
    for seed in range(ACCOUNTS):
        for _, route in routes(seed):
            kinds |= {end.kind for outcome in route.week.values for end in outcome.odds}
            changing += not route.week.constant
    assert kinds == set(get_args(Kind)) - {"extension"}
    assert changing > ACCOUNTS / 2
