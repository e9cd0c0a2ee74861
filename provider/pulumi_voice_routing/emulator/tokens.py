"""Signing in to RingEX and RingCX.

The development credentials: any client id, client secret and JWT that is not empty and does not start with `bad-`. The
development token `emulator-token` is good for every vendor and never expires.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass

from .clock import Clock
from .problems import Problem, invalid
from .routing import Call, Family, Operation
from .schema import Record, flag, text, whole_number
from .store import Kind
from .vendors import RINGCX, RINGEX, Refusal, Reply, Vendor

DEVELOPMENT_TOKEN = "emulator-token"  # noqa: S105 - public, good for this emulator only
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "ReadAccounts EditExtensions"
OWNER_ID = "100001"

_GRACE_AFTER_USE = 10.0
_GRACE_UNUSED = 3600.0


@dataclass
class _Token:
    vendor: Vendor
    expires_at: float


@dataclass
class _RingExSession:
    """One sign-in.

    A used refresh token still answers the same new tokens for a while: up to an hour while the new ones are unused,
    10 s once they are used.
    """

    access: str
    refresh: str
    access_expires_at: float
    refresh_expires_at: float
    access_ttl: int
    refresh_ttl: int
    previous_refresh: str = ""
    previous_good_until: float = 0


class Tokens:
    """The tokens this emulator has given out. They are no part of the state: whoever restarts it signs in again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._access: dict[str, _Token] = {}
        self._refresh: set[str] = set()
        self._sessions: dict[str, _RingExSession] = {}

    def refusal(self, vendor: Vendor, token: str) -> Refusal | None:
        """Why a bearer token is not accepted; None if it is."""
        if token == DEVELOPMENT_TOKEN:
            return None
        if not token:
            return "missing"
        known = self._access.get(token)
        if known is None or known.vendor is not vendor:
            return "unknown"
        if known.expires_at <= self._clock.seconds():
            return "expired"
        self._first_use(token)
        return None

    def issue_access(self, vendor: Vendor, lifetime: float) -> str:
        token = f"{vendor.name}-{secrets.token_hex(16)}"
        self._access[token] = _Token(vendor, self._clock.seconds() + lifetime)
        return token

    def issue_refresh(self, vendor: Vendor) -> str:
        """A refresh token that is good once."""
        token = f"{vendor.name}-refresh-{secrets.token_hex(16)}"
        self._refresh.add(token)
        return token

    def use_refresh(self, token: str) -> bool:
        """Whether the refresh token is good; it is good once."""
        good = token in self._refresh
        self._refresh.discard(token)
        return good

    def open_session(self, access_ttl: int, refresh_ttl: int) -> _RingExSession:
        session = _RingExSession("", "", 0, 0, access_ttl, refresh_ttl)
        self._renew(session)
        return session

    def refresh_session(self, refresh: str) -> _RingExSession | None:
        """The session, with new tokens unless these are the same new ones once more; None for a dead refresh token."""
        now = self._clock.seconds()
        session = self._sessions.get(refresh)
        if session is None:
            return None
        if refresh == session.refresh and now < session.refresh_expires_at:
            self._access.pop(session.access, None)
            self._sessions.pop(session.previous_refresh, None)
            session.previous_refresh = refresh
            session.previous_good_until = now + _GRACE_UNUSED
            self._renew(session)
            return session
        if refresh == session.previous_refresh and now < session.previous_good_until:
            return session
        return None

    def revoke(self, token: str) -> None:
        """Ends the session that a RingEX token belongs to."""
        for session in {id(session): session for session in self._sessions.values()}.values():
            if token in (session.access, session.refresh, session.previous_refresh):
                self._access.pop(session.access, None)
                self._sessions.pop(session.refresh, None)
                self._sessions.pop(session.previous_refresh, None)

    def _renew(self, session: _RingExSession) -> None:
        now = self._clock.seconds()
        session.access = self.issue_access(RINGEX, session.access_ttl)
        session.refresh = f"ringex-refresh-{secrets.token_hex(16)}"
        session.access_expires_at = now + session.access_ttl
        session.refresh_expires_at = now + session.refresh_ttl
        self._sessions[session.refresh] = session

    def _first_use(self, access: str) -> None:
        for session in self._sessions.values():
            if session.access == access and session.previous_refresh:
                soon = self._clock.seconds() + _GRACE_AFTER_USE
                session.previous_good_until = min(session.previous_good_until, soon)


ACCOUNT = Kind(
    name="Account",
    id_field="accountId",
    fields=(text("accountId"), text("accountName"), text("mainAccountId")),
)
"""RingCX sub-accounts. A record with `visible: false` is there, but no token may see it."""


def account_shown(call: Call) -> list[Record]:
    return [ACCOUNT.own(account) for account in call.store.all(ACCOUNT) if is_visible(account)]


def is_visible(account: Record) -> bool:
    return account.get("visible") is not False


def _form_or_query(call: Call, *names: str) -> Record:
    """Parameters that may come in the form or in the query string."""
    form = call.form(*names) if call.request.raw else {}
    return {**call.query, **form}


def exchange(call: Call) -> Record:
    """A RingCX token for a RingEX token."""
    sent = _form_or_query(call, "rcAccessToken", "rcTokenType", "includeRefresh")
    if sent.get("rcTokenType") != "Bearer":
        raise invalid("rcTokenType", "must be Bearer", sent.get("rcTokenType"))
    refusal = call.world.tokens.refusal(RINGEX, str(sent.get("rcAccessToken", "")))
    if refusal:
        raise Problem(401, f"the RingEX access token is {refusal}")
    return _ringcx_tokens(call, with_refresh=str(sent.get("includeRefresh", "")).lower() == "true")


def refresh(call: Call) -> Record:
    """A new RingCX token, and a new refresh token."""
    token = str(call.form("refresh_token").get("refresh_token", ""))
    if not token:
        raise invalid("refresh_token", "is required")
    if not call.world.tokens.use_refresh(token):
        raise Problem(401, "the refresh token is unknown or used")
    return _ringcx_tokens(call, with_refresh=True)


def _ringcx_tokens(call: Call, *, with_refresh: bool) -> Record:
    tokens = call.world.tokens
    accounts = [account for account in call.store.all(ACCOUNT) if is_visible(account)]
    answer: Record = {
        "accessToken": tokens.issue_access(RINGCX, call.world.switches.token_lifetime_seconds),
        "tokenType": "Bearer",
        "mainAccountId": accounts[0]["mainAccountId"] if accounts else "",
        "agentDetails": [],
        "adminId": 1,
        "adminUrl": "/voice/admin/",
        "agentUrl": "/voice/agent/",
        "ssoLogin": True,
    }
    if with_refresh:
        answer["refreshToken"] = tokens.issue_refresh(RINGCX)
    return answer


def ringex_token(call: Call) -> Record:
    """`POST /restapi/oauth/token`: JWT and refresh grants."""
    _require_client(call)
    form = call.form(
        "grant_type",
        "assertion",
        "access_token_ttl",
        "refresh_token_ttl",
        "scope",
        "endpoint_id",
        "refresh_token",
        "client_id",
    )
    match form.get("grant_type"):
        case grant if grant == JWT_GRANT:
            session = _sign_in(call, {name: str(value) for name, value in form.items()})
        case "refresh_token":
            renewed = call.world.tokens.refresh_session(str(form.get("refresh_token", "")))
            if renewed is None:
                raise Problem(400, "Token is not valid or expired", code="OAU-129")
            session = renewed
        case other:
            raise invalid("grant_type", "is not a grant that the emulator serves", other)
    now = call.world.clock.seconds()
    return {
        "access_token": session.access,
        "token_type": "bearer",
        "expires_in": int(session.access_expires_at - now + 0.5),
        "refresh_token": session.refresh,
        "refresh_token_expires_in": int(session.refresh_expires_at - now + 0.5),
        "scope": SCOPE,
        "owner_id": OWNER_ID,
    }


def ringex_revoke(call: Call) -> Reply:
    """`POST /restapi/oauth/revoke`: ends the session of a token; an unknown token is no error."""
    _require_client(call)
    call.world.tokens.revoke(str(call.form("token").get("token", "")))
    return Reply(200)


def _sign_in(call: Call, form: dict[str, str]) -> _RingExSession:
    if not _is_good(form.get("assertion", "")):
        raise Problem(401, "Invalid JWT credential", code="OAU-140")
    return call.world.tokens.open_session(
        _ttl(form, "access_token_ttl", 600, 3600, default=3600),
        _ttl(form, "refresh_token_ttl", 1, 2592000, default=604800),
    )


def _ttl(form: dict[str, str], name: str, least: int, most: int, default: int) -> int:
    value = form.get(name, str(default))
    seconds = whole_number(value)
    if seconds is None or not least <= seconds <= most:
        raise invalid(name, f"must be {least} to {most}", value)
    return seconds


def _require_client(call: Call) -> None:
    scheme, _, encoded = call.request.headers.get("authorization", "").partition(" ")
    try:
        client_id, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        client_id = client_secret = ""
    if scheme.lower() != "basic" or not _is_good(client_id) or not _is_good(client_secret):
        raise Problem(401, "Invalid client application credentials", code="OAU-146")


def _is_good(credential: str) -> bool:
    return bool(credential) and not credential.startswith("bad-")


RINGCX_SIGN_IN = Family(
    vendor=RINGCX,
    operations=(
        Operation(
            "AUTH-exchange",
            "POST",
            "/api/auth/login/rc/accesstoken",
            exchange,
            query=(flag("includeRefresh"), text("rcAccessToken", secret=True), text("rcTokenType")),
            takes="form",
            signed_in=False,
            group="exchange",
        ),
        Operation("AUTH-refresh", "POST", "/api/auth/token/refresh", refresh, takes="form", signed_in=False),
        Operation("AUTH-accounts", "GET", "/voice/api/v1/admin/accounts", account_shown),
    ),
    kinds=(ACCOUNT,),
    first_objects={
        "Account": (
            {"accountId": "123456", "accountName": "Emulated account", "mainAccountId": "100000"},
            {"accountId": "654321", "accountName": "Other account", "mainAccountId": "100000", "visible": False},
        )
    },
)

RINGEX_SIGN_IN = Family(
    vendor=RINGEX,
    operations=(
        Operation(
            "AUTH-token", "POST", "/restapi/oauth/token", ringex_token, takes="form", signed_in=False, group="Auth"
        ),
        Operation(
            "AUTH-revoke", "POST", "/restapi/oauth/revoke", ringex_revoke, takes="form", signed_in=False, group="Auth"
        ),
    ),
)
