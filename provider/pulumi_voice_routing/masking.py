"""Keeping secrets out of everything that people read."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any

from .settings import known_secrets

MASK = "***"

_SECRET_NAMES = frozenset(
    name.lower()
    for name in [
        "accessToken",
        "access_token",
        "apiKey",
        "assertion",
        "Authorization",
        "authKey",
        "clientSecret",
        "client_secret",
        "Cookie",
        "httpPassword",
        "inputParams",
        "jwt",
        "otherParameters",
        "password",
        "privateKey",
        "Proxy-Authorization",
        "rcAccessToken",
        "refreshToken",
        "refresh_token",
        "secret",
        "Set-Cookie",
        "token",
        "tokenResponse",
        "twilioApiKey",
        "X-Auth-Token",
    ]
)

_CREDENTIAL = re.compile(r"(?i)auth|key|token|secret|passw|cookie|signature")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}")
# A token starts where no other could contain it, so that a long run of look-alikes is read once and not once for each.
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def masked(text: str) -> str:
    """The text without any secret that this process knows, and without anything that looks like a token."""
    for secret in sorted(known_secrets(), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _JWT.sub(MASK, _BEARER.sub(rf"\1 {MASK}", text))


def masked_data(value: Any, name: str = "") -> Any:
    """The same for parsed JSON, forms and headers: a field that is secret by its name is masked whole."""
    if name.lower() in _SECRET_NAMES and value not in (None, ""):
        return MASK
    if isinstance(value, dict):
        row = {masked(str(key)): masked_data(item, str(key)) for key, item in value.items()}
        if name == "headers":
            row |= {key: MASK for key in row if _CREDENTIAL.search(key)}
        return {**row, **{name: MASK for name in row if name != "name" and is_credential(value)}}
    if isinstance(value, list | tuple):
        return [masked_data(item) for item in value]
    return _masked_text(value) if isinstance(value, str) else value


def is_credential(parameter: Mapping[str, Any]) -> bool:
    """Whether a parameter, such as ``{"name": "X-Api-Key", "value": "..."}``, has a name that speaks of a secret."""
    return bool(_CREDENTIAL.search(str(parameter.get("name", "")))) and "value" in parameter


def _masked_text(text: str) -> str:
    """RingCX keeps the request of an HTTP service as JSON in a text, credentials included."""
    if text[:1] in ("{", "["):
        with contextlib.suppress(ValueError, RecursionError):
            return json.dumps(masked_data(json.loads(text)), ensure_ascii=False)
    return masked(text)
