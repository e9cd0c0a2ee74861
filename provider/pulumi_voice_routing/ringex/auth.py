"""Signing in to RingEX: a ready token, or a JWT credential and then refresh tokens.

A refresh token is good once, and its answer is repeatable: while the new tokens are unused, the old refresh token
still answers the same ones. Five token calls a minute are allowed, so that one sign-in serves the whole process, that
of RingCX included. Reference: https://developers.ringcentral.com/guide/authentication
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..client.answers import Refusal
from ..client.http import ApiClient
from ..client.listings import Json
from ..client.pacing import Budget
from ..client.tokens import Grant, Tokens, grant_in
from ..errors import SettingsError
from ..settings import Setting, remember_secret
from .refusals import refusal

if TYPE_CHECKING:
    from ..client.transport import Flow, httpx

BASE_URL = Setting(
    "RINGEX_BASE_URL",
    "The address of RingEX",
    "https://platform.ringcentral.com",
    example="https://platform.ringcentral.com",
)
ACCESS_TOKEN = Setting("RINGEX_ACCESS_TOKEN", "The RingEX access token", secret=True)
CLIENT_ID = Setting("RINGEX_CLIENT_ID", "The RingEX app's client id")
CLIENT_SECRET = Setting("RINGEX_CLIENT_SECRET", "The RingEX app's client secret", secret=True)
JWT = Setting("RINGEX_JWT", "The RingEX JWT credential", secret=True)

_CALLS_A_MINUTE = 5
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class RingExTokens(Tokens):
    """The RingEX access token of this process."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__(ACCESS_TOKEN)
        self._base_url, self._transport = base_url, transport
        self._rate = Budget("ringex (token calls)", _CALLS_A_MINUTE)

    def signed_in(self) -> Grant:
        if JWT.get() is None:
            raise SettingsError(
                "ringex: no way to sign in is set. Set RINGEX_ACCESS_TOKEN, or RINGEX_CLIENT_ID, RINGEX_CLIENT_SECRET "
                f"and RINGEX_JWT; for example run: pulumi config set --secret voice-routing:{JWT.key} VALUE"
            )
        return self._token({"grant_type": _JWT_GRANT, "assertion": JWT.require()})

    def refreshed(self, refresh_token: str) -> Grant:
        return self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _token(self, form: Mapping[str, str]) -> Grant:
        app = f"{CLIENT_ID.require()}:{CLIENT_SECRET.require()}"
        basic = remember_secret(base64.b64encode(app.encode()).decode())
        client = _TokenCalls(self._base_url, _Basic(basic), requests_per_minute=0, transport=self._transport)
        client.budget = self._rate
        try:
            answer = client.request("token", "POST", "/restapi/oauth/token", data=form, repeatable=True)
        finally:
            client.close()
        return grant_in(answer, "ringex: token")


class _TokenCalls(ApiClient):
    """Token calls: no bearer, and a rate of their own."""

    vendor = "ringex"

    def read_refusal(self, body: Json, text: str) -> Refusal:
        said = refusal(body, text)
        advice = f"Check {CLIENT_ID.variable}, {CLIENT_SECRET.variable} and {JWT.variable}."
        return Refusal(said.code, said.message, advice)


class _Basic:
    def __init__(self, credentials: str) -> None:
        self._header = f"Basic {credentials}"

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        request.headers["Authorization"] = self._header
        yield request


_tokens: dict[str, RingExTokens] = {}
_tokens_lock = threading.Lock()


def ringex_tokens(transport: httpx.BaseTransport | None = None) -> RingExTokens:
    """The sign-in that the settings name: one for the process, a new one for a transport of its own."""
    base_url = BASE_URL.url()
    if transport is not None:
        return RingExTokens(base_url, transport)
    with _tokens_lock:
        if base_url not in _tokens:
            _tokens[base_url] = RingExTokens(base_url)
        return _tokens[base_url]


def forget() -> None:
    """Sign in anew, as in a new process."""
    with _tokens_lock:
        _tokens.clear()
