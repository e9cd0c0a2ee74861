"""Signing in to RingCX: a ready token, or a RingEX token exchanged for a RingCX one.

A RingCX token lives five minutes, and at most five exchanges a minute are allowed, so that one token serves the whole
process and only one thread renews it. The RingEX sign-in is the one that RingEX itself uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..client.answers import Refusal, words
from ..client.http import ApiClient
from ..client.listings import Json
from ..client.pacing import Budget
from ..client.tokens import BearerAuth, Grant, grant_in
from ..client.tokens import Tokens as SharedTokens
from ..errors import SettingsError, Unauthorized
from ..ringex.auth import ACCESS_TOKEN as RINGEX_ACCESS_TOKEN
from ..ringex.auth import JWT, ringex_tokens
from ..settings import Setting

if TYPE_CHECKING:
    from ..client.transport import httpx

ACCESS_TOKEN = Setting("RINGCX_ACCESS_TOKEN", "The RingCX access token", secret=True)

_GOOD_FOR_SECONDS = 240
"""RingCX tokens live 300 s and say so nowhere."""
EXCHANGES = 5
"""How many exchanges RingCX allows in a minute."""


class Tokens(SharedTokens):
    """The RingCX access token of this process."""

    def __init__(
        self, base_url: str, exchanges_per_minute: int = EXCHANGES, transport: httpx.BaseTransport | None = None
    ) -> None:
        super().__init__(ACCESS_TOKEN)
        self._base_url, self._transport = base_url, transport
        self._exchanges = Budget("ringcx (token exchanges)", exchanges_per_minute)
        self._refreshes = Budget("ringcx (token refreshes)", 0)

    def signed_in(self) -> Grant:
        if RINGEX_ACCESS_TOKEN.get() is None and JWT.get() is None:
            raise SettingsError(
                "ringcx: no way to sign in is set. Set RINGCX_ACCESS_TOKEN, or RINGEX_ACCESS_TOKEN, "
                "or RINGEX_CLIENT_ID, RINGEX_CLIENT_SECRET and RINGEX_JWT; for example run: "
                f"pulumi config set --secret voice-routing:{ACCESS_TOKEN.key} VALUE"
            )
        ringex = ringex_tokens(self._transport)
        token = ringex.current()
        try:
            return self._exchanged(token)
        except Unauthorized:
            other = ringex.renewed(token)
            if other is None:
                raise
            return self._exchanged(other)

    def refreshed(self, refresh_token: str) -> Grant:
        form = {"refresh_token": refresh_token}
        return self._granted("token refresh", "/api/auth/token/refresh", self._refreshes, form, repeatable=False)

    def _exchanged(self, ringex_token: str) -> Grant:
        form = {"rcAccessToken": ringex_token, "rcTokenType": "Bearer"}
        path, query = "/api/auth/login/rc/accesstoken", {"includeRefresh": "true"}
        return self._granted("token exchange", path, self._exchanges, form, params=query, repeatable=True)

    def _granted(self, operation: str, path: str, rate: Budget, form: dict[str, str], **options: Any) -> Grant:
        client = _TokenCalls(self._base_url, None, requests_per_minute=0, transport=self._transport)
        client.budget = rate
        try:
            answer = client.request(operation, "POST", path, data=form, **options)
        finally:
            client.close()
        return grant_in(answer, f"ringcx: {operation}", ("accessToken", "refreshToken"), _GOOD_FOR_SECONDS)


class _TokenCalls(ApiClient):
    """Token calls: no bearer, and a rate of their own."""

    vendor = "ringcx"

    def read_refusal(self, body: Json, text: str) -> Refusal:
        code = body.get("errorCode") or body.get("error")
        message = body.get("generalMessage") or body.get("error_description") or body.get("message")
        advice = "Check the sign-in settings, and that the RingEX user may use RingCX."
        return Refusal(words(code), words(message) or text, advice)


__all__ = ["ACCESS_TOKEN", "BearerAuth", "Tokens"]
