"""Signing in to PortSIP PBX: a ready token, the JSON calls of newer servers, or the form of older ones.

Reference: https://support.portsip.com (PortSIP PBX REST API, authentication)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..client.answers import Refusal
from ..client.http import ApiClient
from ..client.listings import Json
from ..client.tokens import Grant, Tokens, grant_in
from ..errors import ApiError, SettingsError
from ..settings import Setting, remember_secret
from .refusals import refusal

if TYPE_CHECKING:
    from ..client.transport import httpx

BASE_URL = Setting("PORTSIP_BASE_URL", "The address of PortSIP PBX", example="https://pbx.example.com:8887")
ACCESS_TOKEN = Setting("PORTSIP_ACCESS_TOKEN", "The PortSIP access token", secret=True)
USERNAME = Setting("PORTSIP_USERNAME", "The PortSIP tenant administrator's user name", example="admin")
PASSWORD = Setting("PORTSIP_PASSWORD", "The PortSIP tenant administrator's password", secret=True)
DOMAIN = Setting("PORTSIP_DOMAIN", "The PortSIP tenant's domain", example="acme.example.com")
SIGN_IN = Setting("PORTSIP_SIGN_IN", "The way to sign in to PortSIP: auto, json or form", "auto")

_SIGN_INS = ("auto", "json", "form")
_CLIENT_ID = "9d806019-75b2-4b3d-bb8b-f5a3a412cc0a"
"""The same for everybody, as the vendor's guide gives it."""
_NO_SUCH_CALL = (404, 405)


class PortSipTokens(Tokens):
    """The PortSIP access token of this process."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__(ACCESS_TOKEN)
        self._base_url, self._transport = base_url, transport
        self._by_form = False

    def signed_in(self) -> Grant:
        chosen = SIGN_IN.require()
        if chosen not in _SIGN_INS:
            raise SettingsError(f"{SIGN_IN.variable} is {chosen!r}; it is one of {', '.join(_SIGN_INS)}")
        if USERNAME.get() is None:
            raise SettingsError(
                "portsip: no way to sign in is set. Set PORTSIP_ACCESS_TOKEN, or PORTSIP_USERNAME, PORTSIP_PASSWORD "
                "and PORTSIP_DOMAIN; for example run: "
                f"pulumi config set voice-routing:{USERNAME.key} {USERNAME.example}"
            )
        credentials = {"username": USERNAME.require(), "password": PASSWORD.require(), "domain": DOMAIN.require()}
        self._by_form = chosen == "form"
        if not self._by_form:
            try:
                return self._signed_in_by_json(credentials)
            except ApiError as error:
                if chosen == "json" or error.status not in _NO_SUCH_CALL:
                    raise
            self._by_form = True  # an older server
        return self._signed_in_by_form(credentials)

    def refreshed(self, refresh_token: str) -> Grant:
        if self._by_form:
            form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": _CLIENT_ID}
            return self._granted("token", "/api/login/oauth/token", data=form)
        return self._granted("refresh token", "/api/auth/refresh_token", json={"refresh_token": refresh_token})

    def _signed_in_by_form(self, credentials: dict[str, str]) -> Grant:
        form = {"grant_type": "password", **credentials, "scope": "all", "client_id": _CLIENT_ID}
        return self._granted("token", "/api/login/oauth/token", data=form)

    def _signed_in_by_json(self, credentials: dict[str, str]) -> Grant:
        return self._granted("sign in", "/api/auth/sign_in", json=credentials)

    def _granted(self, operation: str, path: str, **body: Any) -> Grant:
        client = _TokenCalls(self._base_url, None, requests_per_minute=0, transport=self._transport)
        try:
            answer = client.request(operation, "POST", path, repeatable=True, **body)
        finally:
            client.close()
        if isinstance(answer, dict) and answer.get("two_factor_enabled"):
            remember_secret(str(answer.get("token") or ""))
            raise SettingsError(
                f"portsip: {USERNAME.require()} signs in with a second factor, which nobody can enter here. Use a "
                f"tenant administrator without one, or set {ACCESS_TOKEN.variable}."
            )
        return grant_in(answer, f"portsip: {operation}")


class _TokenCalls(ApiClient):
    """Token calls: no bearer, and a rate of their own."""

    vendor = "portsip"

    def read_refusal(self, body: Json, text: str) -> Refusal:
        said = refusal(body, text)
        advice = f"Check {USERNAME.variable}, {PASSWORD.variable} and {DOMAIN.variable}."
        return Refusal(said.code, said.message, advice)
