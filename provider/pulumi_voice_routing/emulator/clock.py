"""The emulator's clock: all token lives, rate windows and time stamps follow it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Runs like the machine's clock, from wherever it was set to."""

    def __init__(self) -> None:
        self._offset = 0.0

    def seconds(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._offset

    def iso(self) -> str:
        """The present time as ISO 8601 in UTC, to the millisecond."""
        moment = datetime.fromtimestamp(self.seconds(), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def set(self, moment: datetime) -> None:
        self._offset = moment.timestamp() - time.time()

    def advance(self, seconds: float) -> None:
        self._offset += seconds
