"""Hostile answers: another body, another status, or the vendor's own JSON with something wrong in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
from hypothesis import strategies as st

from tests.fuzz.hostile import json_values, replaced, spoilt

WORDS = [
    "id",
    "items",
    "records",
    "count",
    "paging",
    "totalPages",
    "navigation",
    "nextPage",
    "totalElements",
    "uploadStatus",
    "errors",
    "errorCode",
    "message",
    "uri",
    "name",
    "dnis",
    "params",
    "value",
    "accountId",
    "isActive",
    "isDeleted",
    "cloudDestination",
    "cloudGroupId",
    "domain",
    "features",
    "phoneNumber",
    "schedule",
    "forwarding",
    "rules",
    "members",
]

HTML = b"<html><head><title>Sign in</title></head><body><h1>Welcome</h1></body></html>"
NONSENSE: dict[str, tuple[int, bytes, str]] = {
    "a page": (200, HTML, "text/html"),
    "a page that is said to be JSON": (200, HTML, "application/json"),
    "half an object": (200, b'{"id": 1', "application/json"),
    "no UTF-8": (200, b'{"id": "\xff\xfe"}', "application/json"),
    "UTF-16": (200, '{"id": 1}'.encode("utf-16"), "application/json; charset=utf-16"),
    "nested without end": (200, b"[" * 100_000 + b"]" * 100_000, "application/json"),
    "nested deeply": (200, b'{"items":' * 400 + b"1" + b"}" * 400, "application/json"),
    "no number": (200, b'{"id": NaN}', "application/json"),
    "endless digits": (200, b'{"id": ' + b"9" * 20_000 + b"}", "application/json"),
    "a number": (200, b"7", "application/json"),
    "a text": (200, b'"yes"', "application/json"),
    "true": (200, b"true", "application/json"),
    "numbers": (200, b"[1, 2, 3]", "application/json"),
    "nulls": (200, b"[null, null]", "application/json"),
    "lists": (200, b"[[[]]]", "application/json"),
    "zeros": (200, b"\x00" * 1000, "application/octet-stream"),
    "a strange charset": (200, b"[{}]", "application/json; charset=no-such-thing"),
    "elsewhere": (302, b"", "text/plain"),
    "a page of an error": (502, HTML, "text/html"),
}
"""Answers that are never what a vendor means: nobody can take them for an empty list, or for a thing that is gone."""


@dataclass
class Answers:
    """Changes the answers from the ``first`` one on, ``times`` of them; the vendor has acted all the same."""

    first: int
    times: int
    status: int
    body: Any
    raw: tuple[int, bytes, str] | None
    seen: int = field(default=0, init=False)

    def __call__(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        self.seen += 1
        if not self.first < self.seen <= self.first + self.times:
            return answer
        if self.raw is not None:
            status, content, kind = self.raw
            return httpx.Response(status, content=content, headers={"Content-Type": kind, "Location": "/"})
        return httpx.Response(self.status, content=_encoded(self.body))


def _encoded(body: Any) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


keys = st.sampled_from(WORDS) | st.text(max_size=5)
bodies = json_values(keys)


def answers() -> st.SearchStrategy[Answers]:
    """Any answer at all, to any call."""
    return st.builds(
        Answers,
        first=st.integers(0, 3),
        times=st.sampled_from([1, 2, 100]),
        status=st.sampled_from([200, 200, 200, 201, 204, 400, 404, 409, 500]),
        body=bodies | st.lists(st.dictionaries(keys, bodies, max_size=5), max_size=3),
        raw=st.none() | st.none() | st.sampled_from(list(NONSENSE.values())),
    )


@dataclass
class Spoilt:
    """Takes one answer as it comes and changes it in a few places: other types, nothing, more, twice."""

    which: int
    draw: Any
    seen: int = field(default=0, init=False)

    def __call__(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        self.seen += 1
        if self.seen != self.which + 1 or not answer.content:
            return answer
        try:
            body = json.loads(answer.content)
        except ValueError:
            return answer
        return httpx.Response(answer.status_code, content=_encoded(self.draw(spoilt(body, json_values(keys)))))


__all__ = ["NONSENSE", "Answers", "Spoilt", "answers", "replaced"]
