"""The tokens that this emulator has given out, and whether they are still good.

The development token `emulator-token` is good for every vendor and never expires.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from .clock import Clock
from .vendors import RINGEX, Refusal, Vendor

DEVELOPMENT_TOKEN = "emulator-token"  # noqa: S105 - public, good for this emulator only

_GRACE_AFTER_USE = 10.0
_GRACE_UNUSED = 3600.0


@dataclass
class _Token:
    vendor: Vendor
    expires_at: float


@dataclass
class RingExSession:
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
        self._sessions: dict[str, RingExSession] = {}

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

    def open_session(self, access_ttl: int, refresh_ttl: int) -> RingExSession:
        session = RingExSession("", "", 0, 0, access_ttl, refresh_ttl)
        self._renew(session)
        return session

    def refresh_session(self, refresh: str) -> RingExSession | None:
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

    def _renew(self, session: RingExSession) -> None:
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
