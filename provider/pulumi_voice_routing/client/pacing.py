"""Waiting in a way that a user can see and end."""

from __future__ import annotations

import threading
import time
from collections import deque

from .. import say
from ..errors import Interrupted

cancelled = threading.Event()
"""Set when the engine asks its providers to stop: waits end, calls under way finish."""

_WORTH_TELLING = 2.0


def pause(seconds: float, why: str) -> None:
    """Wait. Raises :class:`Interrupted` when the engine asks to stop, before or during the wait."""
    if seconds >= _WORTH_TELLING:
        say.info(f"{why}: waiting {seconds:.0f} s")
    if cancelled.wait(seconds):
        raise Interrupted(f"{why}: stopped while waiting, as asked")


class Budget:
    """At most ``limit`` calls in any ``window`` seconds, for all threads of the process together; 0 is no limit.

    A window and not a bucket: vendors count calls in the last minute, and a bucket that refills would let nearly
    twice the allowed number through in the first one.
    """

    def __init__(self, name: str, limit: int, window: float = 60.0) -> None:
        self.limit = limit
        self._name, self._window = name, window
        self._sent: deque[float] = deque()
        self._silent_until = float("-inf")
        self._lock = threading.Lock()
        self._told = float("-inf")
        self.vendor_left: int | None = None
        """How many more calls the vendor's last answer said that it allows in this window, others' calls counted."""

    @property
    def left(self) -> int:
        """How many more calls are allowed in this window, as far as is known; only of use where there is a limit."""
        with self._lock:
            now = time.monotonic()
            own = self.limit - sum(sent + self._window > now for sent in self._sent)
            return own if self.vendor_left is None else min(own, self.vendor_left)

    @property
    def name(self) -> str:
        """Whose calls it counts."""
        return self._name

    def take(self, deadline: float = float("inf")) -> bool:
        """Wait until a call is allowed, and count it; ``False``, without a wait, when that is after the deadline.

        The deadline is a time of ``time.monotonic``. Raises :class:`Interrupted`.
        """
        while True:
            with self._lock:
                now = time.monotonic()
                wait = self._wait(now)
                if wait <= 0:
                    return True
                if now + wait > deadline:
                    return False
                tell = wait >= _WORTH_TELLING and now - self._told > self._window / 2
                self._told = now if tell else self._told
                why = (
                    f"{self.limit} calls a minute are allowed" if now >= self._silent_until else "silence is asked for"
                )
            if tell:
                say.info(f"{self._name}: {why}; waiting {wait:.0f} s")
            if cancelled.wait(wait):
                raise Interrupted(f"{self._name}: stopped while waiting for the allowed rate, as asked")

    def silence(self, seconds: float) -> None:
        """Allow no call for so long from now: some vendors start a penalty anew with every call that comes in it."""
        with self._lock:
            self._silent_until = max(self._silent_until, time.monotonic() + seconds)

    def _wait(self, now: float) -> float:
        """The time until a call is allowed; one that is allowed now is counted."""
        if now < self._silent_until:
            return self._silent_until - now
        if self.limit <= 0:
            return 0
        # The sum that is waited for: where a difference is rounded otherwise, a call passes without being counted.
        while self._sent and self._sent[0] + self._window <= now:
            self._sent.popleft()
        if len(self._sent) >= self.limit:
            return self._sent[0] + self._window - now
        self._sent.append(now)
        return 0
