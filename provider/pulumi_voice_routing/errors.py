"""Every way a call can fail, as one tree. ``str(error)`` is all that a user sees of it: one line.

VoiceRoutingError
├── SettingsError            a setting is missing or wrong
├── DeclarationError         what the program declares cannot be
├── Refused                  it would hurt callers, so nothing was sent
├── Exists                   an object with that name is there already
├── Ambiguous                a look-up found more than one object
├── Missing                  a look-up or an adoption found nothing
├── Incomplete               part of it was done; the next run does the rest
├── Interrupted              the engine asked us to stop while we waited
├── Unreachable              no connection, so nothing was sent
├── OutcomeUnknown           sent, but no answer: it may or may not have taken effect
├── UnexpectedAnswer         an answer that is not what the vendor documents
└── ApiError                 the vendor said no
    ├── BadRequest    400
    ├── Unauthorized  401
    ├── Forbidden     403
    ├── NotFound      404
    ├── Conflict      409
    ├── RateLimited   429
    └── ServerError   500 and above
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = [
    "Ambiguous",
    "ApiError",
    "BadRequest",
    "Conflict",
    "DeclarationError",
    "Exists",
    "Forbidden",
    "Incomplete",
    "Interrupted",
    "Missing",
    "NotFound",
    "OutcomeUnknown",
    "RateLimited",
    "Refused",
    "ServerError",
    "SettingsError",
    "Unauthorized",
    "UnexpectedAnswer",
    "Unreachable",
    "VoiceRoutingError",
    "one_line",
]


_TERMINAL_CODE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_LONGEST_LINE = 4000


def with_article(noun: str) -> str:
    """``a destination``, ``an HTTP service``."""
    return f"an {noun}" if noun[0] in "aeioAEIO" or noun.startswith("HTTP") else f"a {noun}"


def one_line(text: str) -> str:
    """The text on one line of printable characters, whatever a vendor or a library put into it."""
    words = " ".join(_TERMINAL_CODE.sub("", text).split())
    return words if words.isprintable() else "".join(filter(str.isprintable, words))


def short_line(text: str) -> str:
    """The same, no longer than anybody reads."""
    return one_line(text[: 10 * _LONGEST_LINE])[:_LONGEST_LINE]


def some_of(names: Sequence[str], most: int = 5, between: str = ", ") -> str:
    """As many of the names as anybody reads, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return between.join(names[:most]) + more


class VoiceRoutingError(Exception):
    """Anything that this package reports to its user."""

    below = ""
    """Lines below the first one, which says all that matters."""

    @property
    def line(self) -> str:
        """The first line alone."""
        return short_line(super().__str__())

    def __str__(self) -> str:
        return "\n".join([self.line, *map(short_line, self.below.splitlines())])


class SettingsError(VoiceRoutingError):
    """A setting is missing or cannot be used."""


class DeclarationError(VoiceRoutingError):
    """What the program declares cannot be."""


class Refused(VoiceRoutingError):
    """The change would hurt callers. Nothing was sent."""


class Exists(VoiceRoutingError):
    """The vendor has such an object already, and the program did not say that it may be taken over."""


class Ambiguous(VoiceRoutingError):
    """A look-up found more than one object."""


class Missing(VoiceRoutingError):
    """A look-up or an adoption found nothing."""


class Incomplete(VoiceRoutingError):
    """Part of the work was done and is in the state; the next run does the rest."""


class Interrupted(VoiceRoutingError):
    """The engine asked its providers to stop during a wait."""


class Unreachable(VoiceRoutingError):
    """There was no connection, so the vendor never saw the call."""


class OutcomeUnknown(VoiceRoutingError):
    """The call went out and no answer came back: the vendor may or may not have acted on it."""


class UnexpectedAnswer(VoiceRoutingError):
    """The answer is not what the vendor documents, such as a page of HTML."""


class ApiError(VoiceRoutingError):
    """The vendor refused the call."""

    status = 0
    advice = ""

    def __init__(
        self,
        vendor: str,
        call: str,
        status: int,
        code: str = "",
        message: str = "",
        request_id: str = "",
        advice: str = "",
    ) -> None:
        self.vendor, self.call, self.code, self.message = vendor, call, code, message
        self.status, self.request_id = status, request_id
        self.advice = advice or type(self).advice
        super().__init__(" ".join(self._parts()))

    def _parts(self) -> Iterator[str]:
        yield f"{self.vendor}: {self.call}: {self.status}"
        if self.code:
            yield self.code
        if self.message:
            yield f"- {self.message.rstrip('.')}."
        if self.request_id:
            yield f"(request {self.request_id})"
        if self.advice:
            yield self.advice

    @staticmethod
    def of(status: int) -> type[ApiError]:
        """The class for an HTTP status."""
        if status >= 500:
            return ServerError
        return _BY_STATUS.get(status, ApiError)


class BadRequest(ApiError):
    """The vendor found the data invalid."""

    status = 400
    advice = "Correct the values named here; nothing was changed."


class Unauthorized(ApiError):
    """The token is missing, wrong or expired, and could not be renewed."""

    status = 401
    advice = "Check the access token or the sign-in settings."


class Forbidden(ApiError):
    """The signed-in user may not do this."""

    status = 403
    advice = "Give the signed-in user the right to this object, or sign in as one who has it."


class NotFound(ApiError):
    """There is no such object in this account, or not under this parent."""

    status = 404
    advice = "Check the ids and the account; `pulumi refresh` finds out what was removed by hand."


class Conflict(ApiError):
    """It clashes with what is configured now."""

    status = 409
    advice = "Change or deactivate what it clashes with first."


class RateLimited(ApiError):
    """More calls than the vendor allows, for longer than we may wait."""

    status = 429
    advice = "Run again in a minute, or raise VOICE_ROUTING_MAX_WAIT_SECONDS."


class ServerError(ApiError):
    """The vendor failed."""

    status = 500
    advice = "The fault is on the vendor's side; run again later."


_BY_STATUS = {kind.status: kind for kind in (BadRequest, Unauthorized, Forbidden, NotFound, Conflict, RateLimited)}
