"""The allowed rate, and waits that can be ended."""

from __future__ import annotations

import random

import pytest

from pulumi_voice_routing.client import pacing as waits
from pulumi_voice_routing.client.pacing import Budget, pause
from pulumi_voice_routing.errors import Interrupted

from .conftest import Clock, together


@pytest.mark.parametrize("limit", [1, 3, 120])
def test_no_window_holds_more_calls_than_allowed(clock: Clock, told: list[str], limit: int) -> None:
    budget = Budget("acme", limit)
    chance = random.Random(limit)
    taken: list[float] = []
    for _ in range(5 * limit):
        clock.now += chance.choice([0, 0, 0, 0.1, 20])
        assert budget.take()
        taken.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(taken, taken[limit:], strict=False))


def test_none_passes_by_rounding(clock: Clock, told: list[str]) -> None:
    chance = random.Random(1)
    for _ in range(100):
        budget = Budget("acme", 2)
        taken: list[float] = []
        for _ in range(6):
            clock.now += chance.random()
            assert budget.take()
            taken.append(clock.now)
        assert all(later - earlier >= 60 - 1e-6 for earlier, later in zip(taken, taken[2:], strict=False))


def test_a_rate_that_is_kept_makes_no_one_wait(clock: Clock) -> None:
    budget = Budget("acme", 2)
    for _ in range(20):
        assert budget.take()
        clock.now += 30
    assert clock.waits == []


def test_threads_share_one_rate(clock: Clock) -> None:
    budget = Budget("acme", 5)
    answers = together(lambda: budget.take(deadline=clock.now), threads=16)
    assert sorted(answers) == [False] * 11 + [True] * 5
    assert clock.waits == []


def test_zero_is_no_limit(clock: Clock) -> None:
    assert all(Budget("acme", 0).take() for _ in range(1000))
    assert clock.waits == []


def test_a_wait_is_told_once(clock: Clock, told: list[str]) -> None:
    budget = Budget("acme", 1)
    clock.now = 5.0  # a machine that has just started
    assert budget.take()
    clock.now += 59
    assert budget.take()  # a second is not worth telling
    assert told == []
    for _ in range(3):
        assert budget.take(deadline=clock.now + 60)
    assert told[0] == "acme: 1 calls a minute are allowed; waiting 60 s"
    assert len(told) == 3


def test_one_wait_of_many_threads_is_told_once(clock: Clock, told: list[str]) -> None:
    budget = Budget("acme", 4)
    together(lambda: budget.take(), threads=8)
    assert len(told) == 1


def test_an_interrupt_ends_the_wait_for_the_rate(clock: Clock) -> None:
    budget = Budget("acme", 1)
    budget.take()
    clock.cancel_at_wait = 1
    with pytest.raises(Interrupted, match="stopped while waiting for the allowed rate"):
        budget.take()


def test_an_interrupt_ends_a_pause_that_is_under_way(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    cancelled = waits.threading.Event()
    monkeypatch.setattr(waits, "cancelled", cancelled)
    monkeypatch.setattr("pulumi.log.info", lambda line: cancelled.set())
    with pytest.raises(Interrupted, match="acme: looking: stopped while waiting, as asked"):
        pause(3600, "acme: looking")


def test_a_pause_does_not_begin_after_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = waits.threading.Event()
    cancelled.set()
    monkeypatch.setattr(waits, "cancelled", cancelled)
    with pytest.raises(Interrupted):
        pause(0, "acme: looking")


def test_long_pauses_are_told_and_short_ones_are_not(clock: Clock, told: list[str]) -> None:
    pause(0.5, "acme: CR-01 is repeated")
    pause(5, "acme: CR-01 is repeated")
    assert told == ["acme: CR-01 is repeated: waiting 5 s"]
