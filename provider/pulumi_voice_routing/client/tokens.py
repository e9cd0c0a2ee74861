"""One access token for the whole process, renewed ahead of time by whichever thread comes first."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ApiError, OutcomeUnknown, SettingsError, UnexpectedAnswer, VoiceRoutingError
from ..settings import Setting, remember_secret

if TYPE_CHECKING:
    from .transport import Flow, httpx

_RENEWED_IN_VAIN_SECONDS = 15.0
"""A token that replaced a refused one and is refused so soon, before any call was let in with it, is a refusal:
another one would fare no better."""


@dataclass(frozen=True)
class Grant:
    """What a vendor gives to somebody who signs in."""

    token: str
    good_for: float
    """Seconds from now after which it is renewed, in good time before it ends."""
    refresh_token: str = ""


class Tokens(ABC):
    """The access token of this process. A vendor adds how to sign in, and how to renew.

    A ready-made token is used as it is. One thread renews while the others wait, and all who waited share its failure:
    a sign-in that fails is not tried again by each of them.
    """

    def __init__(self, ready: Setting) -> None:
        self._ready = ready
        self._lock = threading.Lock()
        self._grant = Grant("", 0)
        self._renew_at = float("-inf")
        self._refused_at = float("-inf")
        self._unproven = ""
        """The token that replaced a refused one, until a call is let in with it."""
        self._failure: VoiceRoutingError | None = None
        self._failures = 0

    @abstractmethod
    def signed_in(self) -> Grant:
        """A grant from the credentials that the settings hold."""

    @abstractmethod
    def refreshed(self, refresh_token: str) -> Grant:
        """A grant for a refresh token. When it fails, :meth:`signed_in` follows."""

    def current(self) -> str:
        """A token that is good for some time yet."""
        return self._ready.get() or self._renewed_when(lambda: time.monotonic() > self._renew_at)

    def renewed(self, stale: str) -> str | None:
        """Another token than the one that was just refused; nothing when there is none, or none that would help."""
        if self._ready.get() is not None:
            return None
        other = self._renewed_when(lambda: self._is_stale(stale))
        return other if other != stale else None

    def let_in(self, token: str) -> None:
        """A call with this token was not refused for it."""
        if token == self._unproven:
            self._unproven = ""

    def _is_stale(self, refused: str) -> bool:
        """Whether a refused token is worth another one. Vendors count these: RingCX allows five in a minute."""
        if self._grant.token != refused:
            return not self._grant.token  # another thread has renewed it, or has tried to
        if refused == self._unproven and time.monotonic() - self._refused_at < _RENEWED_IN_VAIN_SECONDS:
            return False
        self._refused_at = time.monotonic()
        return True

    def _renewed_when(self, due: Callable[[], bool]) -> str:
        failures = self._failures
        with self._lock:
            if due():
                if self._failure is not None and self._failures > failures:
                    raise self._failure  # of the try that this thread was waiting for
                try:
                    self._renew()
                except VoiceRoutingError as error:
                    self._failure, self._failures = error, self._failures + 1
                    raise
            return self._grant.token

    def _renew(self) -> None:
        started = time.monotonic()
        self._renew_at = float("-inf")  # should it fail, the next call tries again
        self._grant = self._refreshed() or self.signed_in()
        self._renew_at = started + self._grant.good_for
        self._unproven = self._grant.token

    def _refreshed(self) -> Grant | None:
        refresh_token = self._grant.refresh_token
        self._grant = Grant("", 0)
        if not refresh_token:
            return None
        try:
            return self.refreshed(refresh_token)
        except (ApiError, OutcomeUnknown, UnexpectedAnswer):
            return None  # a refresh token that does not work, or no longer, is no failure: we sign in anew


class BearerAuth:
    """Puts the token on every call; after a 401 it renews once and repeats once."""

    def __init__(self, tokens: Tokens, repeating: Callable[[], None] = lambda: None) -> None:
        """``repeating`` is called before the repeat, which is a call of its own."""
        self._tokens, self._repeating = tokens, repeating

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        token = self._tokens.current()
        response = yield from self._sent(request, token)
        if response.status_code == 401:
            other = self._tokens.renewed(token)
            if other is not None:
                self._repeating()
                yield from self._sent(request, other)

    def _sent(self, request: httpx.Request, token: str) -> Generator[httpx.Request, httpx.Response, httpx.Response]:
        request.headers["Authorization"] = _bearer(token)
        response = yield request
        if response.status_code != 401:
            self._tokens.let_in(token)
        return response


OAUTH = ("access_token", "refresh_token")
"""OAuth's names for the tokens in an answer."""


def grant_in(answer: Any, call: str, names: tuple[str, str] = OAUTH, good_for: float | None = None) -> Grant:
    """The grant in an answer; ``names`` are the vendor's for the access and the refresh token.

    ``good_for`` is for vendors that do not say it. Raises :class:`UnexpectedAnswer` when there is no token.
    """
    access, refresh = (answer.get(name) if isinstance(answer, dict) else None for name in names)
    if not isinstance(access, str) or not access:
        raise UnexpectedAnswer(f"{call}: the answer holds no {names[0]}.")
    return Grant(
        remember_secret(access),
        _good_for(answer.get("expires_in")) if good_for is None else good_for,
        remember_secret(refresh) if isinstance(refresh, str) else "",
    )


def _good_for(expires_in: Any) -> float:
    """A tenth of its life before its end, a minute at most; an answer that names no life is taken for five minutes."""
    life = float(expires_in) if isinstance(expires_in, int | float) and expires_in > 0 else 300.0
    return life - min(60.0, life / 10)


def _bearer(token: str) -> str:
    if not (token.isascii() and token.isprintable()):
        raise SettingsError("the access token holds characters that no token has, such as a line break. Copy it again.")
    return f"Bearer {token}"
