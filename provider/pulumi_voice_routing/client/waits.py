"""Waiting in a way that a user can see and end."""

from __future__ import annotations

import threading
import time
from collections import deque

import pulumi

from ..errors import Interrupted

cancelled = threading.Event()
"""Set when the engine asks its providers to stop: waits end, calls under way finish."""

_WORTH_TELLING = 2.0


def pause(seconds: float, why: str) -> None:
    """Wait. Raises :class:`Interrupted` when the engine asks to stop, before or during the wait."""
    if seconds >= _WORTH_TELLING:
        pulumi.log.info(f"{why}: waiting {seconds:.0f} s")
    if cancelled.wait(seconds):
        raise Interrupted(f"{why}: stopped while waiting, as asked")


class Budget:
    """At most ``limit`` calls in any ``window`` seconds, for all threads of the process together; 0 is no limit.

    A window and not a bucket: vendors count calls in the last minute, and a bucket that refills would let nearly
    twice the allowed number through in the first one.
    """

    def __init__(self, name: str, limit: int, window: float = 60.0) -> None:
        self._name, self._limit, self._window = name, limit, window
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()
        self._told = 0.0

    def take(self) -> None:
        """Wait until a call is allowed, and count it."""
        if self._limit <= 0:
            return
        while True:
            with self._lock:
                now = time.monotonic()
                while self._sent and self._sent[0] <= now - self._window:
                    self._sent.popleft()
                if len(self._sent) < self._limit:
                    self._sent.append(now)
                    return
                wait = self._sent[0] + self._window - now
                tell = now - self._told > self._window / 2
                self._told = now if tell else self._told
            if tell and wait >= _WORTH_TELLING:
                pulumi.log.info(f"{self._name}: {self._limit} calls a minute are allowed; waiting {wait:.0f} s")
            if cancelled.wait(wait):
                raise Interrupted(f"{self._name}: stopped while waiting for the allowed rate, as asked")
