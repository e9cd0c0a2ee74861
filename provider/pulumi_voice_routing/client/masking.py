"""Keeping secrets out of everything that people read."""

from __future__ import annotations

import re
from typing import Any

from ..settings import known_secrets

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
        "rcAccessToken",
        "refreshToken",
        "refresh_token",
        "secret",
        "Set-Cookie",
        "tokenResponse",
        "twilioApiKey",
        "X-Auth-Token",
    ]
)

_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{4,}")
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


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
        return {key: masked_data(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked_data(item) for item in value]
    return masked(value) if isinstance(value, str) else value
