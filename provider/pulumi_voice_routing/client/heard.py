"""What the vendors have answered to this process, for a command that wants to hear it once more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from .transport import httpx


class Asked(NamedTuple):
    """One call, as a server sees it."""

    method: str
    path: str
    query: str
    body: bytes


class Answer(NamedTuple):
    """What came of it."""

    status: int
    kind: str
    """The type of its body."""
    body: bytes


Listener: TypeAlias = "Callable[[str, httpx.Request, httpx.Response], None]"
"""Is told of each answer, with the operation that was asked for."""

_lock = threading.Lock()
_listener: Listener | None = None
_heard: dict[Asked, Answer] | None = None


def listen() -> None:
    """Keep every answer from now on."""
    global _heard
    with _lock:
        _heard = {} if _heard is None else _heard


def heard() -> dict[Asked, Answer]:
    """The answers that were kept, the last one to each call."""
    with _lock:
        return dict(_heard or {})


def tell(listener: Listener | None) -> None:
    """Have each answer told to somebody from now on, or to nobody any more."""
    global _listener
    _listener = listener


def note(operation: str, request: httpx.Request, response: httpx.Response | None) -> None:
    """An answer has come."""
    if _listener is not None and response is not None and response.is_closed:
        _listener(operation, request, response)
    if _heard is None or response is None:
        return
    url = request.url
    asked = Asked(request.method, url.raw_path.partition(b"?")[0].decode(), url.query.decode(), request.read())
    answer = Answer(response.status_code, response.headers.get("content-type", ""), response.content)
    with _lock:
        _heard[asked] = answer
