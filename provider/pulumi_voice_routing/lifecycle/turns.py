"""Waiting for the other resources of a run, where the order of their requests counts for callers.

The engine works on resources that do not depend on each other at the same time, in any order. What leaves is switched
off when nobody sends calls there any more, and what is new gets calls when all that belongs to it is there. Who waits
for that waits until the run is still: no other resource is being made or changed, and the program declares nothing
new. Whatever has not happened by then waits for the one who waits, or never happens. What is declared and has not
begun gets some seconds more: a busy machine takes its time from the one to the other.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ..client.pacing import cancelled
from ..errors import Refused
from . import plugin

P = ParamSpec("P")
R = TypeVar("R")

_STILL_SECONDS = 1.0
"""A program that has declared nothing for so long, with nobody at work whom it might wait for, has declared all."""
_TO_BEGIN_SECONDS = 5.0
"""The same while something is declared that has not begun; a hook or ``--target`` may keep it from that for good."""
_LONGEST_SECONDS = 60.0
_LOOK_SECONDS = 0.05

_changed = threading.Condition()
_at_work: set[int] = set()
"""The threads that make or change a resource and do not wait themselves."""
_going_on: set[int] = set()
"""Those that wait and then go on, whatever has happened."""
_to_begin: set[str] = set()
"""What is declared and may be made or changed, by URN, until that begins."""
_alone: int | None = None
"""The thread that changes what live calls pass."""
_events = 0
_last_declared = 0.0
_mine = threading.local()


def declared(urn: str = "") -> None:
    """The program has declared a resource."""
    global _last_declared
    _last_declared = time.monotonic()
    if urn:
        with _changed:
            _to_begin.add(urn)
    _happened()


def stays(urn: str) -> None:
    """The run leaves a declared resource alone."""
    with _changed:
        _to_begin.discard(urn)
    _happened()


def forget() -> None:
    """Begin anew, as a new process does."""
    global _alone, _last_declared
    with _changed:
        _at_work.clear()
        _going_on.clear()
        _to_begin.clear()
        _alone = None
        _last_declared = 0.0


def turn(verb: Callable[P, R]) -> Callable[P, R]:
    """A method of a provider that makes or changes a resource beside others."""

    @functools.wraps(verb)
    def take(*args: P.args, **kwargs: P.kwargs) -> R:
        me = threading.get_ident()
        _mine.turn = _last_declared > 0
        with _changed:
            _at_work.add(me)
            _to_begin.discard(plugin.urn())
        try:
            return verb(*args, **kwargs)
        finally:
            _mine.turn = False
            let_others()
            with _changed:
                _at_work.discard(me)
            _happened()

    return take


def until(ready: Callable[[], bool]) -> None:
    """Wait until it is so, or the run is still. Outside a turn, as when resources end, nobody waits."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    while getattr(_mine, "turn", False) and not ready():
        if not _next_event(deadline, goes_on=True):
            return


def until_still() -> None:
    """Wait until the run is still."""
    until(lambda: False)


def alone() -> None:
    """From now to the end of the turn, nobody else changes what live calls pass; while somebody does, wait.

    Two changes that are harmless one by one may leave nobody to take calls when they are sent at the same time. Whoever
    has to wait for others lets them.
    """
    global _alone
    if not getattr(_mine, "turn", False):
        return
    me = threading.get_ident()
    with _changed:
        while _alone not in (None, me) and not cancelled.is_set():
            _changed.wait(_LOOK_SECONDS)
        _alone = me


def let_others() -> None:
    """Others may change what live calls pass."""
    global _alone
    with _changed:
        if _alone == threading.get_ident():
            _alone = None
            _changed.notify_all()


def until_allowed(ask: Callable[[], R]) -> R:
    """Ask again whenever another resource is done. Raises :class:`Refused` when that is still so in the end."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    while True:
        try:
            return ask()
        except Refused:
            if not getattr(_mine, "turn", False) or not _next_event(deadline, goes_on=False):
                raise


def _next_event(deadline: float, *, goes_on: bool) -> bool:
    """Whether another resource was declared, made or changed; not so when the run is still.

    Who goes on afterwards does not wait for those who would give up, and they wait for it.
    """
    me = threading.get_ident()
    let_others()
    with _changed:
        seen = _events
        _at_work.discard(me)
        if goes_on:
            _going_on.add(me)
        try:
            while _events == seen:
                now = time.monotonic()
                busy = _at_work if goes_on else _at_work | _going_on
                quiet = _TO_BEGIN_SECONDS if _to_begin else _STILL_SECONDS
                still = not busy and now - _last_declared > quiet
                if still or now > deadline or cancelled.is_set():
                    return False
                _changed.wait(_LOOK_SECONDS)
            return True
        finally:
            _going_on.discard(me)
            _at_work.add(me)


def _happened() -> None:
    global _events
    with _changed:
        _events += 1
        _changed.notify_all()


__all__ = ["alone", "declared", "forget", "let_others", "stays", "turn", "until", "until_allowed", "until_still"]
