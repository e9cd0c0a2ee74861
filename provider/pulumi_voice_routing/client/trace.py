"""A trace of every call, for finding out what a vendor was asked and what it said.

Switched on by ``VOICE_ROUTING_TRACE_FILE``. One line a call, shaped like an entry of a HAR file; secrets are masked.
A trace that cannot be written is said once and fails no call: the vendor has acted by then.
"""

from __future__ import annotations

import functools
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from .. import say
from ..masking import masked, masked_data
from ..settings import TRACE_FILE

if TYPE_CHECKING:
    from .transport import httpx

_LONGEST_BODY = 20_000


def record(operation: str, request: httpx.Request, response: httpx.Response | None, seconds: float, error: str) -> None:
    """Append one call to the trace file, when there is to be one."""
    name = TRACE_FILE.get()
    if name is None:
        return
    entry = {
        "startedDateTime": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "time": round(seconds * 1000),
        "comment": operation,
        "request": {
            "method": request.method,
            "url": masked(str(request.url)),
            "headers": masked_data(dict(request.headers)),
            "postData": _body(request.headers.get("content-type", ""), request.read()),
        },
        "response": None
        if response is None
        else {
            "status": response.status_code,
            "headers": masked_data(dict(response.headers)),
            "content": _body(response.headers.get("content-type", ""), response.content),
        },
        "error": masked(error) or None,
    }
    # Half a pair of surrogates, which a vendor's JSON may hold, has no UTF-8 form but an escape, which is JSON again.
    line = json.dumps(entry, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
    try:
        _append(name, line)
    except OSError as problem:
        _tell_once(f"{TRACE_FILE.variable}: {name} cannot be written ({problem.strerror}); calls are not traced")


def _append(name: str, line: bytes) -> None:
    file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, line)  # at once, so that the lines of several processes do not mix
    finally:
        os.close(file)


@functools.cache
def _tell_once(problem: str) -> None:
    say.warn(problem)


def _body(content_type: str, content: bytes) -> Any:
    text = content.decode("utf-8", "replace")
    if "urlencoded" in content_type:
        return masked_data(dict(parse_qsl(text, keep_blank_values=True)))
    try:  # whatever it is called: a token in JSON that is said to be text is a token all the same
        return masked_data(json.loads(content))
    except (ValueError, RecursionError):
        return masked(text)[:_LONGEST_BODY]
