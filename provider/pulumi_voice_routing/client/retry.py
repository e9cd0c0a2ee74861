"""When a call is made again, and after how long."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import tenacity

from ..errors import RateLimited, VoiceRoutingError

if TYPE_CHECKING:
    from .transport import httpx

_MOST_TRIES = 5
_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=30)


class Failed(Exception):
    """A try that did not work out.

    ``untouched``: the vendor did nothing, so that every call may be repeated. ``passing``: another try may work.
    """

    def __init__(
        self, error: VoiceRoutingError, *, untouched: bool = False, passing: bool = False, wait_at_least: float = 0
    ) -> None:
        super().__init__(str(error))
        self.error, self.untouched, self.passing, self.wait_at_least = error, untouched, passing, wait_at_least

    def again(self, repeatable: bool) -> bool:
        """Whether the call may and should be made once more."""
        return self.passing and (self.untouched or repeatable)


def enough(state: tenacity.RetryCallState, deadline: float) -> bool:
    """Whether to give up: after a few tries, or when the next one would come after the deadline.

    A vendor that says when to come back is asked again until the deadline. The deadline is a time of
    ``time.monotonic``.
    """
    failed = _failure(state)
    busy = failed is not None and isinstance(failed.error, RateLimited)
    return time.monotonic() + state.upcoming_sleep > deadline or (state.attempt_number >= _MOST_TRIES and not busy)


def wait(state: tenacity.RetryCallState) -> float:
    """The seconds before the next try: growing and random, and at least what the vendor asks for."""
    failed = _failure(state)
    return max(_backoff(state), failed.wait_at_least if failed is not None else 0)


def _failure(state: tenacity.RetryCallState) -> Failed | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, Failed) else None


def retry_after(response: httpx.Response) -> float:
    """The seconds that an answer asks to wait, in whichever form; 0 when it does not say."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _moment(value)
    if until is None:
        return 0.0
    now = _moment(response.headers.get("date", ""))  # in the vendor's clock, which may not be ours
    return max(0.0, until - (time.time() if now is None else now))


def _moment(date: str) -> float | None:
    """Seconds since 1970 of an HTTP date; nothing when it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
