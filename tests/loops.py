"""Coroutines that a test waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def finished(steps: Coroutine[Any, Any, T]) -> T:
    """What they come to, in a loop of their own.

    ``asyncio.run`` would take away the loop that the SDK has made for itself in this process, which nobody closes then.
    """
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(steps)
