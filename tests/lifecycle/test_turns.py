"""Who waits for the rest of a run, and for how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle import plugin, turns


@pytest.fixture(autouse=True)
def a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program has declared something."""
    monkeypatch.setattr(turns, "_last_declared", 0.0)
    monkeypatch.setattr(turns, "_STILL_SECONDS", 0.3)
    turns.declared()


def at_once(*verbs: Callable[[], object]) -> list[threading.Thread]:
    """All of them are at work when it ends, however busy the machine is."""
    begun = threading.Barrier(len(verbs) + 1)

    def of(verb: Callable[[], object]) -> Callable[[], None]:
        def begin() -> None:
            begun.wait()
            verb()

        return begin

    threads = [threading.Thread(target=turns.turn(of(verb))) for verb in verbs]
    for thread in threads:
        thread.start()
    begun.wait()
    return threads


def test_who_is_refused_is_asked_again_when_others_are_done() -> None:
    done = threading.Event()

    def other() -> None:
        time.sleep(0.6)  # longer than a run that is still
        done.set()

    def ask() -> str:
        if not done.is_set():
            raise Refused("in use")
        return "free"

    (thread,) = at_once(other)
    assert turns.turn(lambda: turns.until_allowed(ask))() == "free"
    thread.join()


def test_it_stays_refused_when_the_run_is_still() -> None:
    asked: list[float] = []

    def ask() -> None:
        asked.append(time.monotonic())
        raise Refused("in use")

    with pytest.raises(Refused):
        turns.turn(lambda: turns.until_allowed(ask))()
    assert len(asked) == 1


@pytest.mark.parametrize("begins", [True, False])
def test_what_is_declared_and_has_not_begun_gets_more_time(monkeypatch: pytest.MonkeyPatch, begins: bool) -> None:
    monkeypatch.setattr(turns, "_TO_BEGIN_SECONDS", 30.0)
    turns.declared("late")
    order: list[str] = []

    def begin() -> None:
        order.append("late")

    def stay() -> None:
        order.append("late")
        turns.stays("late")

    late = threading.Timer(0.8, turns.turn(begin) if begins else stay)
    monkeypatch.setattr(plugin, "urn", lambda: "late" if threading.current_thread() is late else "first")
    late.start()
    turns.turn(turns.until_still)()
    order.append("first")
    late.join()
    assert order == ["late", "first"]


def test_outside_a_turn_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_STILL_SECONDS", 20.0)
    started = time.monotonic()
    turns.until_still()
    with pytest.raises(Refused):
        turns.until_allowed(lambda: _refuse())
    assert time.monotonic() - started < 10


def test_two_that_wait_do_not_wait_for_each_other() -> None:
    started = time.monotonic()
    for thread in at_once(turns.until_still, turns.until_still):
        thread.join()
    assert time.monotonic() - started < turns._LONGEST_SECONDS / 2


def test_who_would_give_up_waits_for_who_goes_on() -> None:
    went_on = threading.Event()

    def goes_on() -> None:
        turns.until_still()
        time.sleep(0.4)
        went_on.set()

    def ask() -> None:
        if not went_on.is_set():
            raise Refused("in use")

    (thread,) = at_once(goes_on)
    turns.turn(lambda: turns.until_allowed(ask))()
    thread.join()


def test_what_the_program_declares_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_STILL_SECONDS", 20.0)
    held: list[str] = []

    def declare() -> None:
        time.sleep(0.1)
        held.append("another activation")
        turns.declared()

    thread = threading.Thread(target=declare)
    thread.start()
    started = time.monotonic()
    turns.turn(lambda: turns.until(lambda: bool(held)))()
    assert held
    assert time.monotonic() - started < 10
    thread.join()


def _refuse() -> None:
    raise Refused("in use")
