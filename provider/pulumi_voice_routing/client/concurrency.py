"""Calls that need not wait for one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

AT_ONCE = 4
"""How many calls of one resource are under way at the same time."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(do: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What ``do`` makes of each item, a few at the same time.

    When it fails for some, the others go on all the same, and the first failure is raised when all have ended.
    """
    waiting = list(items)
    if len(waiting) < 2:
        return [do(item) for item in waiting]
    with ThreadPoolExecutor(min(len(waiting), AT_ONCE)) as threads:
        ends = [threads.submit(copy_context().run, do, item) for item in waiting]
    return [end.result() for end in ends]
