"""What a vendor has answered, without secrets and without what it says of people.

Of every answer the shape is kept: which members it has, and of which types. Of what a vendor says about the objects
that were made for the purpose, which have a mark in their names, the values are kept as well.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...client import heard
from ...masking import masked, masked_data

if TYPE_CHECKING:
    from ...client.transport import httpx

_NUMBER = re.compile(r"\+?\d{7,}")
_ID = re.compile(r"^(~|\d+|[0-9a-f-]{36}|[A-Za-z0-9+/]{16,}={0,2})$")
_TOLD_HEADERS = ("retry-after", "x-rate-limit-group", "x-rate-limit-limit", "x-rate-limit-window", "content-type")

Shape = dict[str, set[str]]
"""Types by the path of the member, such as ``[].groupName``."""


@dataclass
class Exchange:
    """One call and its answer."""

    operation: str
    method: str
    path: str
    """With `{}` in the place of ids."""
    status: int
    headers: dict[str, str]
    shape: Shape
    own: list[Any] = field(default_factory=list)
    """The objects in it that were made for the purpose."""
    said: str = ""
    """A refusal, without numbers."""
    body: Any = field(default=None, repr=False)
    """The whole answer, which goes into no file."""
    sent: Any = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """As it goes into the file."""
        return {
            "operation": self.operation,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "headers": self.headers,
            "shape": {path: sorted(types) for path, types in sorted(self.shape.items())},
            **({"own": self.own} if self.own else {}),
            **({"said": self.said} if self.said else {}),
        }


class Recorder:
    """Hears every answer while it is at work."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.exchanges: list[Exchange] = []
        self._lock = threading.Lock()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Listen in this block."""
        heard.tell(self._hear)
        try:
            yield
        finally:
            heard.tell(None)

    def of(self, *operations: str) -> list[Exchange]:
        """The answers to some operations that went well."""
        return [one for one in self.exchanges if one.operation in operations and one.status < 300]

    def _hear(self, operation: str, request: httpx.Request, response: httpx.Response) -> None:
        if operation.startswith("AUTH"):
            return
        body: Any = response.text
        sent: Any = None
        with suppress(ValueError, RecursionError):
            body = json.loads(response.content)
        with suppress(ValueError, RecursionError):
            sent = json.loads(request.content)
        told = {name: masked(response.headers[name]) for name in _TOLD_HEADERS if name in response.headers}
        refused = response.status_code >= 300
        shape: Shape = {}
        describe(body if isinstance(body, dict | list) else None if not response.content else body, shape)
        exchange = Exchange(
            operation,
            request.method,
            "/".join("{}" if _ID.match(step) else step for step in request.url.path.split("/")),
            response.status_code,
            told,
            shape,
            [] if refused else list(self._own(body)),
            hidden(masked(str(body)[:500])) if refused else "",
            body,
            sent,
        )
        with self._lock:
            self.exchanges.append(exchange)

    def _own(self, value: Any) -> Iterator[Any]:
        """The objects with the mark in a name of theirs."""
        if isinstance(value, list):
            for one in value:
                yield from self._own(one)
        elif isinstance(value, dict):
            if any(isinstance(one, str) and self.mark in one for one in value.values()):
                yield hidden(masked_data(value))
            else:
                for one in value.values():
                    yield from self._own(one)


def describe(value: Any, shape: Shape, path: str = "") -> None:
    """Note which members there are, and of which types."""
    shape.setdefault(path or ".", set()).add(_type(value))
    if isinstance(value, dict):
        for name, one in value.items():
            describe(one, shape, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for one in value:
            describe(one, shape, f"{path}[]")


def hidden(value: Any) -> Any:
    """Without telephone numbers and addresses of people."""
    if isinstance(value, dict):
        return {name: hidden(one) for name, one in value.items()}
    if isinstance(value, list):
        return [hidden(one) for one in value]
    if isinstance(value, str):
        return re.sub(r"[^\s@\"']+@[^\s@\"']+", "(address)", _NUMBER.sub(_without_digits, value))
    return value


def _without_digits(found: re.Match[str]) -> str:
    """Whether there was a plus sign, and how long it was, says something of the vendor; the digits do of people."""
    plus = "+" if found[0].startswith("+") else ""
    return f"{plus}{'0' * (len(found[0]) - len(plus))}"


def _type(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object", list: "array"}
    return names[type(value)]


__all__ = ["Exchange", "Recorder", "Shape", "describe", "hidden"]
