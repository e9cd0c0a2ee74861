"""Signing in to RingCX: the exchange of a RingEX token, and its refresh."""

from __future__ import annotations

from ..problems import Problem, invalid
from ..routing import Call, Family, Operation
from ..schema import Record, flag, text
from ..vendors import RINGCX, RINGEX
from .accounts import ACCOUNT, is_visible


def _form_or_query(call: Call, *names: str) -> Record:
    """Parameters that may come in the form or in the query string."""
    form = call.form(*names) if call.request.raw else {}
    return {**call.query, **form}


def _exchange(call: Call) -> Record:
    """A RingCX token for a RingEX token."""
    sent = _form_or_query(call, "rcAccessToken", "rcTokenType", "includeRefresh")
    if sent.get("rcTokenType") != "Bearer":
        raise invalid("rcTokenType", "must be Bearer", sent.get("rcTokenType"))
    refusal = call.world.tokens.refusal(RINGEX, str(sent.get("rcAccessToken", "")))
    if refusal:
        raise Problem(401, f"the RingEX access token is {refusal}")
    return _ringcx_tokens(call, with_refresh=str(sent.get("includeRefresh", "")).lower() == "true")


def _refresh(call: Call) -> Record:
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


FAMILY = Family(
    vendor=RINGCX,
    operations=(
        Operation(
            "AUTH-exchange",
            "POST",
            "/api/auth/login/rc/accesstoken",
            _exchange,
            query=(flag("includeRefresh"), text("rcAccessToken", secret=True), text("rcTokenType")),
            takes="form",
            signed_in=False,
            group="exchange",
        ),
        Operation("AUTH-refresh", "POST", "/api/auth/token/refresh", _refresh, takes="form", signed_in=False),
    ),
)
