"""How often the running thread has sent something that may have changed what a vendor has."""

from __future__ import annotations

import threading

_mine = threading.local()


def count() -> int:
    """The number of such requests so far, whatever came of them."""
    return int(getattr(_mine, "writes", 0))


def note(method: str, status: int | None) -> None:
    """One was sent; ``status`` is nothing when no answer came. Who was refused has changed nothing."""
    refused = status is not None and 400 <= status < 500 and status != _NOT_SIGNED_IN
    if method != "GET" and not refused:
        _mine.writes = count() + 1


_NOT_SIGNED_IN = 401  # of which nobody knows where on its way the request was stopped
