"""Calls that need not wait for one another."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from pulumi_voice_routing.client.concurrency import AT_ONCE, each

WAIT_SECONDS = 30


def test_a_few_at_the_same_time_and_in_order() -> None:
    meeting = threading.Barrier(AT_ONCE, timeout=WAIT_SECONDS)

    def met(number: int) -> int:
        meeting.wait()  # breaks unless so many are under way
        return -number

    assert each(met, range(2 * AT_ONCE)) == [-number for number in range(2 * AT_ONCE)]


def test_never_more() -> None:
    lock, now, most = threading.Lock(), 0, 0
    full = threading.Event()

    def counted(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
            if now == AT_ONCE:
                full.set()
        assert full.wait(WAIT_SECONDS)
        with lock:
            now -= 1

    each(counted, range(5 * AT_ONCE))
    assert most == AT_ONCE


def test_a_failure_is_raised_when_all_have_ended() -> None:
    done: list[int] = []
    failed = threading.Event()

    def failing(number: int) -> None:
        if number in (1, 2):
            failed.set()
            raise ValueError(str(number))
        assert failed.wait(WAIT_SECONDS)
        done.append(number)

    with pytest.raises(ValueError, match=r"^1$"):
        each(failing, range(6))
    assert sorted(done) == [0, 3, 4, 5]


def test_one_stays_in_its_thread_and_none_is_none() -> None:
    assert each(lambda _: threading.current_thread(), ["only"]) == [threading.current_thread()]
    assert each(lambda _: threading.current_thread(), []) == []


def test_threads_know_what_the_caller_knows() -> None:
    whose: ContextVar[str] = ContextVar("whose")
    whose.set("the caller's")
    assert each(lambda _: whose.get(), range(3)) == ["the caller's"] * 3
