"""Rolling-minute rate limits."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

_WINDOW = 60.0


@dataclass(frozen=True)
class Limit:
    """`per_minute` calls in any 60 s.

    With a penalty, going over silences the caller for `penalty` seconds, and every call during the penalty starts it
    again.
    """

    per_minute: int
    penalty: float = 0


@dataclass(frozen=True)
class Verdict:
    """`wait` is None when the call may pass, else the seconds until the next one may."""

    remaining: int
    wait: int | None = None


@dataclass
class _Usage:
    passed: deque[float] = field(default_factory=deque)
    silent_until: float = 0


class Limiter:
    """Counts calls by key. Refused calls are not counted."""

    def __init__(self) -> None:
        self._usage: dict[tuple[str, ...], _Usage] = {}

    def take(self, key: tuple[str, ...], limit: Limit, now: float) -> Verdict:
        usage = self._usage.setdefault(key, _Usage())
        while usage.passed and usage.passed[0] <= now - _WINDOW:
            usage.passed.popleft()
        over = len(usage.passed) >= limit.per_minute
        if limit.penalty and (over or now < usage.silent_until):
            usage.silent_until = now + limit.penalty
            return Verdict(0, math.ceil(limit.penalty))
        if over:
            return Verdict(0, max(1, math.ceil(usage.passed[0] + _WINDOW - now)))
        usage.passed.append(now)
        return Verdict(limit.per_minute - len(usage.passed))
