"""Signing in to RingCX: a ready token, or a RingEX token exchanged for a RingCX one.

A RingCX token lives five minutes, and at most five exchanges a minute are allowed, so that one token serves the whole
process and only one thread renews it.
"""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

import httpx

from ..client.http import ApiClient, Refusal
from ..errors import ApiError, SettingsError, UnexpectedAnswer
from ..settings import Setting, remember_secret

ACCESS_TOKEN = Setting("RINGCX_ACCESS_TOKEN", "The RingCX access token", secret=True)
RINGEX_BASE_URL = Setting(
    "RINGEX_BASE_URL",
    "The address of RingEX",
    "https://platform.ringcentral.com",
    example="https://platform.ringcentral.com",
)
RINGEX_ACCESS_TOKEN = Setting("RINGEX_ACCESS_TOKEN", "The RingEX access token", secret=True)
CLIENT_ID = Setting("RINGEX_CLIENT_ID", "The RingEX app's client id")
CLIENT_SECRET = Setting("RINGEX_CLIENT_SECRET", "The RingEX app's client secret", secret=True)
JWT = Setting("RINGEX_JWT", "The RingEX JWT credential", secret=True)

_RENEW_AFTER_SECONDS = 240
"""RingCX tokens live 300 s and say so nowhere."""


class Tokens:
    """The RingCX access token of this process, renewed ahead of time by whichever thread comes first."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._base_url, self._transport = base_url, transport
        self._lock = threading.Lock()
        self._token = ""
        self._refresh_token = ""
        self._got_at = 0.0

    def current(self) -> str:
        """A token that is good for at least another minute."""
        ready = ACCESS_TOKEN.get()
        if ready is not None:
            return ready
        with self._lock:
            if not self._token or time.monotonic() - self._got_at > _RENEW_AFTER_SECONDS:
                self._renew()
            return self._token

    def renewed(self, stale: str) -> str | None:
        """Another token than the one that was just refused; nothing when it was given ready-made."""
        if ACCESS_TOKEN.get() is not None:
            return None
        with self._lock:
            if self._token == stale:
                self._renew()
            return self._token

    def _renew(self) -> None:
        answer = self._refreshed() if self._refresh_token else None
        self._keep(answer or self._exchanged())

    def _refreshed(self) -> Any:
        try:
            return self._post(
                "token refresh", "/api/auth/token/refresh", {"refresh_token": self._refresh_token}, repeatable=False
            )
        except (ApiError, UnexpectedAnswer):
            return None  # an old refresh token is no failure: the exchange starts anew

    def _exchanged(self) -> Any:
        form = {"rcAccessToken": self._ringex_token(), "rcTokenType": "Bearer"}
        return self._post(
            "token exchange", "/api/auth/login/rc/accesstoken", form, params={"includeRefresh": "true"}, repeatable=True
        )

    def _ringex_token(self) -> str:
        ready = RINGEX_ACCESS_TOKEN.get()
        if ready is not None:
            return ready
        if JWT.get() is None:
            raise SettingsError(
                "ringcx: no way to sign in is set. Set RINGCX_ACCESS_TOKEN, or RINGEX_ACCESS_TOKEN, or RINGEX_CLIENT_ID, "
                "RINGEX_CLIENT_SECRET and RINGEX_JWT; for example run: "
                f"pulumi config set --secret voice-routing:{ACCESS_TOKEN.key} VALUE"
            )
        app = f"{CLIENT_ID.require()}:{CLIENT_SECRET.require()}"
        basic = remember_secret(base64.b64encode(app.encode()).decode())
        client = _SignIn("ringex", RINGEX_BASE_URL.url(), _Header("Authorization", f"Basic {basic}"), self._transport)
        try:
            answer = client.request(
                "token",
                "POST",
                "/restapi/oauth/token",
                data={"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": JWT.require()},
                repeatable=True,
            )
        finally:
            client.close()
        return _token_in(answer, "access_token", "ringex: token")

    def _post(self, operation: str, path: str, form: dict[str, str], **options: Any) -> Any:
        client = _SignIn("ringcx", self._base_url, None, self._transport)
        try:
            return client.request(operation, "POST", path, data=form, **options)
        finally:
            client.close()

    def _keep(self, answer: Any) -> None:
        self._token = _token_in(answer, "accessToken", "ringcx: token exchange")
        self._refresh_token = remember_secret(str(answer.get("refreshToken") or ""))
        self._got_at = time.monotonic()


class BearerAuth(httpx.Auth):
    """Puts the token on every call; after a 401 it renews once and repeats once."""

    def __init__(self, current: Callable[[], str], renewed: Callable[[str], str | None]) -> None:
        self._current, self._renewed = current, renewed

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401:
            other = self._renewed(token)
            if other is not None:
                request.headers["Authorization"] = f"Bearer {other}"
                yield request


class _SignIn(ApiClient):
    """Token calls: no bearer, and a rate of their own."""

    def __init__(
        self, vendor: str, base_url: str, auth: httpx.Auth | None, transport: httpx.BaseTransport | None
    ) -> None:
        self.vendor = vendor
        super().__init__(base_url, auth or httpx.Auth(), requests_per_minute=0, transport=transport)

    def read_refusal(self, response: httpx.Response) -> Refusal:
        try:
            body = response.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return Refusal(message=response.text[:200])
        return Refusal(
            code=str(body.get("errorCode") or body.get("error") or ""),
            message=str(body.get("generalMessage") or body.get("error_description") or body.get("message") or ""),
        )


class _Header(httpx.Auth):
    def __init__(self, name: str, value: str) -> None:
        self._name, self._value = name, value

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers[self._name] = self._value
        yield request


def _token_in(answer: Any, field: str, call: str) -> str:
    token = answer.get(field) if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token:
        raise UnexpectedAnswer(f"{call}: the answer holds no {field}.")
    return remember_secret(token)
