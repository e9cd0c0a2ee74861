"""Requests, replies, and which function of a vendor answers which path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.second_server.answers import Answers
from tests.second_server.store import Record, Store


@dataclass(frozen=True)
class Reply:
    """An answer: JSON, text, or nothing at all."""

    status: int = 200
    body: Any = None
    text: str | None = None
    empty: bool = False

    @property
    def content(self) -> bytes:
        if self.empty:
            return b""
        return self.text.encode() if self.text is not None else json.dumps(self.body).encode()

    @property
    def headers(self) -> dict[str, str]:
        if self.empty:
            return {}
        return {"Content-Type": "text/csv" if self.text is not None else "application/json"}


NOTHING = Reply(200, empty=True)
GONE = Reply(204, empty=True)


@dataclass
class Call:
    """A request, with all that answers it."""

    store: Store
    answers: Answers
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    file: str | None = None
    late: bool = field(default=False)
    """Whether lists show what was written a second later."""

    @property
    def ways(self) -> frozenset[str]:
        return self.answers.ways

    @property
    def record(self) -> Record:
        """The body as an object."""
        return self.body if isinstance(self.body, dict) else {}

    @property
    def records(self) -> list[Record]:
        """The body as a list of objects."""
        return [one for one in self.body if isinstance(one, dict)] if isinstance(self.body, list) else []

    def asks(self, name: str) -> bool:
        """Whether a boolean parameter says yes."""
        return self.query.get(name, "").lower() == "true"


class Refused(Exception):
    """The server says no."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


Answerer = Callable[..., Reply]
F = TypeVar("F", bound=Answerer)

ROUTES: list[tuple[str, re.Pattern[str], Answerer]] = []


def answers(method: str, template: str, **fixed: Any) -> Callable[[F], F]:
    """Enter a function as the answer to a path, whose ``{names}`` are its arguments."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))

    def enter(function: F) -> F:
        ROUTES.append((method, pattern, lambda call, **steps: function(call, **fixed, **steps)))
        return function

    return enter


def reply_to(
    store: Store, ways: frozenset[str], method: str, url: str, content: bytes, content_type: str
) -> Reply | None:
    """The reply; nothing when there is no such path. Literal paths win over ids."""
    parts = urlsplit(url)
    fitting = [
        (match, answer)
        for verb, pattern, answer in ROUTES
        if verb == method and (match := pattern.fullmatch(parts.path.rstrip("/")))
    ]
    if not fitting:
        return None
    match, answer = min(fitting, key=lambda one: len(one[0].groupdict()))
    body, file = _read(content, content_type)
    call = Call(store, Answers(ways), method, parts.path, dict(parse_qsl(parts.query)), body, file)
    call.late = "lists_lag" in ways
    try:
        return answer(call, **{name: unquote(step) for name, step in match.groupdict().items()})
    except Refused as refused:
        return refused.reply


def _read(content: bytes, content_type: str) -> tuple[Any, str | None]:
    if content_type.startswith("multipart/"):
        message = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + content)
        for part in message.walk():
            if part.get_param("name", header="content-disposition") == "file":
                return None, bytes(part.get_payload(decode=True)).decode()
    return (json.loads(content) if content else None), None
