"""Every request that reached the emulated APIs, newest last, with secrets masked."""

from __future__ import annotations

import contextlib
import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from .problems import Problem
from .routing import Request, Upload
from .schema import parse_json
from .vendors import Reply

_KEPT = 10_000
_MASK = "***"
_SECRETS = {
    "accesstoken",
    "apikey",
    "assertion",
    "authkey",
    "authorization",
    "clientsecret",
    "httppassword",
    "inputparams",
    "jwt",
    "otherparameters",
    "password",
    "privatekey",
    "rcaccesstoken",
    "refreshtoken",
    "secret",
    "token",
    "tokenresponse",
    "twilioapikey",
}

_CREDENTIAL = re.compile(r"(?i)auth|key|token|secret|passw")
"""Names of headers and the like, written as `{"name": ..., "value": ...}`, whose values are secret."""


class Journal:
    """The newest 10,000 requests. Bodies are kept as they were and masked when somebody reads them."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def add(
        self,
        time: str,
        vendor: str | None,
        operation: str | None,
        request: Request,
        reply: Reply | None,
        fault: str | None,
    ) -> None:
        """`reply` None means that the request was not looked at."""
        self._entries.append(
            {
                "time": time,
                "vendor": vendor,
                "operation": operation,
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "content_type": request.content_type or None,
                "request": request,
                "status": reply.status if reply else None,
                "response": (reply.encoded(), reply.media_type) if reply else (b"", ""),
                "fault": fault,
            }
        )

    def clear(self) -> None:
        self._entries.clear()

    def shown(self) -> list[dict[str, Any]]:
        return [
            {
                **entry,
                "query": {name: _flat(name, values) for name, values in entry["query"].items()},
                "request": _request_body(entry["request"]),
                "response": _body(*entry["response"]),
            }
            for entry in self._entries
        ]


def _flat(name: str, values: list[str]) -> Any:
    return masked(values[0] if len(values) == 1 else list(values), name)


def _request_body(request: Request) -> Any:
    if isinstance(request.form, Mapping):
        return {
            name: masked(value, name) if isinstance(value, str) else _uploaded(value)
            for name, value in request.form.items()
        }
    return _body(request.raw, request.content_type)


def _uploaded(file: Upload) -> dict[str, str]:
    return {"filename": file.filename, "content": file.content.decode(errors="replace")}


def _body(raw: bytes, media_type: str) -> Any:
    if not raw:
        return None
    if "json" in media_type:
        with contextlib.suppress(Problem):
            return masked(parse_json(raw))
    return raw.decode(errors="replace")


def masked(value: Any, name: str = "") -> Any:
    """`value` with every secret in it replaced by `***`; `name` is the field that holds it."""
    if value not in (None, "", []) and is_secret(name):
        return _MASK
    if name == "httpServiceConfig" and isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, dict):
        hidden = {"value": _MASK} if _CREDENTIAL.search(str(value.get("name"))) and "value" in value else {}
        if name == "headers":
            hidden |= {key: _MASK for key in value if _CREDENTIAL.search(key)}
        return {key: masked(inner, key) for key, inner in value.items()} | hidden
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return value


def _masked_text(text: str) -> str:
    """JSON inside a string."""
    try:
        return json.dumps(masked(json.loads(text)))
    except ValueError:
        return text


def is_secret(name: str) -> bool:
    return re.sub(r"[^a-z]", "", name.lower()) in _SECRETS
