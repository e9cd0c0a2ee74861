"""Signing in to PortSIP, with a form or with JSON.

Any user name and password will do that is not empty and does not start with `bad-`; a user name that starts with
`otp-` has a second factor.
"""

from __future__ import annotations

from ..problems import Problem
from ..routing import Call, Family, Handler, Operation
from ..schema import Record, text
from ..vendors import PORTSIP
from .tenant import DOMAIN


def _tokens(call: Call) -> Record:
    lifetime = call.world.switches.portsip_token_seconds
    return {
        "access_token": call.world.tokens.issue_access(PORTSIP, lifetime),
        "expires_in": int(lifetime),
        "refresh_token": call.world.tokens.issue_refresh(PORTSIP),
        "token_type": "Bearer",
    }


def _check_credentials(username: str, password: str, domain: str) -> None:
    good = all(value and not value.startswith("bad-") for value in (username, password))
    if not good or domain != DOMAIN:
        raise Problem(400, "user name, password or domain is wrong", code="UNAUTHORIZED")


def _form_token(call: Call) -> Record:
    names = ("grant_type", "username", "password", "domain", "scope", "client_id", "refresh_token")
    form = {name: str(value) for name, value in call.form(*names).items()}
    if form.get("grant_type") == "refresh_token":
        return _refreshed(call, form.get("refresh_token", ""))
    if form.get("grant_type") != "password" or not form.get("client_id"):
        raise Problem(400, "grant_type and client_id are needed", code="UNAUTHORIZED")
    _check_credentials(form.get("username", ""), form.get("password", ""), form.get("domain", ""))
    return _tokens(call)


def _refreshed(call: Call, token: str) -> Record:
    if not call.world.tokens.use_refresh(token):
        raise Problem(400, "the refresh token is unknown or used", code="UNKNOWN")
    return _tokens(call)


def _sign_in(call: Call) -> Record:
    credentials = (text("username", required=True), text("password", required=True, secret=True), text("domain"))
    body = call.body(credentials)
    _check_credentials(body["username"], body["password"], body.get("domain", ""))
    if body["username"].startswith("otp-"):
        return {"two_factor_enabled": True, "token": call.world.tokens.issue_refresh(PORTSIP)}
    return _tokens(call)


def _refresh(call: Call) -> Record:
    body = call.body((text("refresh_token", required=True, secret=True),))
    return _refreshed(call, body["refresh_token"])


def _operation(number: str, path: str, handler: Handler, takes: str) -> Operation:
    return Operation(number, "POST", path, handler, takes=takes, signed_in=False)


FAMILY = Family(
    vendor=PORTSIP,
    operations=(
        _operation("AUTH-portsip-token", "/api/login/oauth/token", _form_token, "form"),
        _operation("AUTH-portsip-sign-in", "/api/auth/sign_in", _sign_in, "json"),
        _operation("AUTH-portsip-refresh", "/api/auth/refresh_token", _refresh, "json"),
    ),
)
