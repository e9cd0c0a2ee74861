"""A trace of every call, for finding out what a vendor was asked and what it said.

Switched on by ``VOICE_ROUTING_TRACE_FILE``. One line a call, shaped like an entry of a HAR file; secrets are masked.
"""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from typing import Any

import httpx

from ..settings import TRACE_FILE
from .masking import masked, masked_data

_lock = threading.Lock()
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
            "postData": _body(request.headers.get("content-type", ""), _sent(request)),
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
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    with _lock, open(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
        file.write(line)


def _sent(request: httpx.Request) -> bytes:
    try:
        return request.content
    except httpx.RequestNotRead:
        return request.read()


def _body(content_type: str, content: bytes) -> Any:
    text = content.decode("utf-8", "replace")[:_LONGEST_BODY]
    if "json" in content_type:
        try:
            return masked_data(json.loads(content))
        except ValueError:
            return masked(text)
    if "urlencoded" in content_type:
        return masked_data(dict(httpx.QueryParams(text)))
    return masked(text)
