"""What the vendors have answered to this process, for a command that wants to hear it once more."""

from __future__ import annotations

import threading
from typing import NamedTuple

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


_lock = threading.Lock()
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


def note(request: httpx.Request, response: httpx.Response | None) -> None:
    """An answer has come."""
    if _heard is None or response is None:
        return
    url = request.url
    asked = Asked(request.method, url.raw_path.partition(b"?")[0].decode(), url.query.decode(), request.read())
    answer = Answer(response.status_code, response.headers.get("content-type", ""), response.content)
    with _lock:
        _heard[asked] = answer
