"""Signing in to RingEX.

The development credentials: any client id, client secret and JWT that is not empty and does not start with `bad-`.
"""

from __future__ import annotations

import base64
import binascii

from ..problems import Problem, invalid
from ..routing import Call, Family, Operation
from ..schema import Record, whole_number
from ..tokens import RingExSession
from ..vendors import RINGEX, Reply
from .extensions import OWNER_ID, signed_in

_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPE = "ReadAccounts EditExtensions"


def _token(call: Call) -> Record:
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
        case grant if grant == _JWT_GRANT:
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
        "scope": _SCOPE,
        "owner_id": (signed_in(call.store) or {"extensionId": OWNER_ID})["extensionId"],
    }


def _revoke(call: Call) -> Reply:
    """`POST /restapi/oauth/revoke`: ends the session of a token; an unknown token is no error."""
    _require_client(call)
    call.world.tokens.revoke(str(call.form("token").get("token", "")))
    return Reply(200)


def _sign_in(call: Call, form: dict[str, str]) -> RingExSession:
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


FAMILY = Family(
    vendor=RINGEX,
    operations=(
        Operation("AUTH-token", "POST", "/restapi/oauth/token", _token, takes="form", signed_in=False, group="Auth"),
        Operation("AUTH-revoke", "POST", "/restapi/oauth/revoke", _revoke, takes="form", signed_in=False, group="Auth"),
    ),
)
