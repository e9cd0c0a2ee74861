"""The HTTP library, which is loaded when a client of a vendor is opened.

The only module that imports the library; the others take it from here. It is ``httpx``. Where that is not installed it
is ``httpx2``, which continues it with the same interface. A program, which asks no vendor anything, does without it: so
modules that only name its types take it under ``TYPE_CHECKING``.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import httpx

Flow: TypeAlias = "Generator[httpx.Request, httpx.Response, None]"
"""The requests of one call, each of which is given its answer."""


class SignsIn(Protocol):
    """Puts on a call what the vendor wants to see."""

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        """The name and the rules are the library's."""
        ...


UNTIL = "voice-routing-until"
"""The extension of a request that says until when its answer may go on, as a time of ``time.monotonic``."""

_lock = threading.Lock()


def __getattr__(name: str) -> Any:
    if name != "httpx":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with _lock, _without_click():
        if TYPE_CHECKING or find_spec("httpx") is not None:
            import httpx as library
        else:
            import httpx2 as library
    globals()[name] = library  # found without us from now on
    return library


@contextmanager
def _without_click() -> Iterator[None]:
    """Where click is installed httpx loads its command line with it, which doubles the time that a provider needs."""
    if "httpx" in sys.modules or "click" in sys.modules:
        yield
        return
    sys.modules["click"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        yield
    finally:
        del sys.modules["click"]


__all__ = ["UNTIL", "Flow", "SignsIn", "httpx"]
