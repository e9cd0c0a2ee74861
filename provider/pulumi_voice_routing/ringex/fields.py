"""Value types and nested arguments of RingEX call handling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Required, TypeAlias

from pulumi import Input
from pydantic import AfterValidator, BeforeValidator
from typing_extensions import TypedDict

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.fields import E164, Id, Note, number_as_text
from ..lifecycle.model import unknown
from ..telephony.hours import moment, time_of_day
from ..telephony.number import Number, as_declared, as_text
from .client import ringex_client

Action = Literal[
    "ForwardCalls",
    "UnconditionalForwarding",
    "AgentQueue",
    "TransferToExtension",
    "TakeMessagesOnly",
    "PlayAnnouncementOnly",
    "SharedLines",
]
"""What happens to a call. ``AgentQueue`` and ``SharedLines`` are for extensions with a queue or shared lines, whose
settings stay as they are."""

Screening = Literal["Off", "NoCallerId", "UnknownCallerId", "Always"]
"""Which callers are asked for their name."""

RingingMode = Literal["Sequentially", "Simultaneously"]
"""Whether the steps ring one after the other or all at once."""

GreetingType = Literal[
    "Introductory",
    "Announcement",
    "ConnectingMessage",
    "ConnectingAudio",
    "Voicemail",
    "Unavailable",
    "InterruptPrompt",
    "HoldMusic",
    "Company",
    "BlockedCallersSpecific",
    "BlockedCallersAll",
    "BlockedNoCallerId",
    "BlockedPayPhones",
    "StartRecording",
    "StopRecording",
    "AutomaticRecording",
]
"""Where in a call a recording is played, in the vendor's words."""

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""A day of the week."""


def extension_here(value: str) -> str:
    """What a program writes for the extension that is signed in; nothing for another one."""
    if references.last(value) != ringex_client().whoami()[1]:
        return ""
    return "ringex.get_extension().id" + ("" if "/" in value else '.rpartition("/")[2]')


def _extension(value: str) -> str:
    if not re.fullmatch(r"~|[0-9]+(/[0-9]+)?", value):
        raise ValueError(f"{value!r} is no extension: write ACCOUNT/EXTENSION, its bare number, or ~")
    return value


EXTENSION = means.Elsewhere("extension", extension_here)

ExtensionReference: TypeAlias = Annotated[str, BeforeValidator(number_as_text), AfterValidator(_extension), EXTENSION]
"""An extension: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the one that is signed in when it is created."""

_PREFIXED = re.compile(r"(11|444|616)[0-9]+|1700[0-9]{4}")
_MICHIGAN = re.compile(r"616[2-9][0-9]{6}")
"""Ten digits that may as well be a number without its country code."""


def forwarding_target(value: str) -> str:
    """A number in E.164, or one of the vendor's own prefix forms. Raises ``ValueError``."""
    digits = value.strip().replace(" ", "")
    prefixed = _PREFIXED.fullmatch(digits) and len(digits) <= 15 and not _MICHIGAN.fullmatch(digits)
    return digits if prefixed else Number.parse(value)


ForwardingTarget: TypeAlias = Annotated[str, BeforeValidator(as_text), AfterValidator(forwarding_target)]
"""A number in E.164, or one of the vendor's prefix forms (``11``, ``444``, ``616``, ``1700yyyy``)."""

Time: TypeAlias = Annotated[str, AfterValidator(time_of_day), means.Hours()]
"""A time of day, ``hh:mm``."""

Moment: TypeAlias = Annotated[str, AfterValidator(moment), means.Hours()]
"""A moment in ISO 8601, such as ``2030-12-24T18:00:00Z``."""

Hours = TypedDict("Hours", {"from": Required[Input[Time]], "to": Required[Input[Time]]})
"""Part of a day, ``{"from": "09:00", "to": "17:00"}``."""

Period = TypedDict("Period", {"from": Required[Input[Moment]], "to": Required[Input[Moment]]})
"""One stretch of time, from one moment to another."""


class Schedule(TypedDict, total=False):
    """When a rule applies: by the week, in single periods, or with the extension's own hours. One of the three."""

    weekly: Annotated[dict[Weekday, Sequence[Hours]], means.Hours()]
    """Hours for each day of the week; a day that is left out has none. Vendor: ``weeklyRanges``."""
    ranges: Annotated[Sequence[Period], means.Hours()]
    """Single periods, such as holidays. Vendor: ``ranges``."""
    ref: Annotated[Input[Literal["BusinessHours", "AfterHours"]], means.Hours()]
    """The extension's own business hours, or the time outside them. Vendor: ``ref``."""


def why_no_hours(weekly: Any) -> str:
    """Why a rule cannot have this week; empty when it has hours, or may have some. No vendor says what none mean."""
    empty = isinstance(weekly, dict) and not any(unknown(rows) or rows for rows in weekly.values())
    return "holds no hours, and the rule would be for no call" if empty else ""


class Caller(TypedDict, total=False):
    """One caller that a rule is for."""

    caller_id: Required[Annotated[Input[E164], means.Caller()]]
    """The caller's number. Vendor: ``callerId``."""
    name: Input[Note]
    """A name for administrators."""


RECORDING = means.Elsewhere("recording")


class Greeting(TypedDict, total=False):
    """One recording that callers hear."""

    type: Required[Annotated[Input[GreetingType], means.Aside()]]
    """Where in a call it is played."""
    preset_id: Annotated[Input[Id], means.Aside()]
    """One of the vendor's recordings. Vendor: ``preset.id``."""
    custom_id: Annotated[Input[Id], means.Aside(), RECORDING]
    """A recording of your own. Vendor: ``custom.id``."""


def number_there(value: Any) -> Number:
    """A number that the vendor shows, in E.164: in many places it leaves out the plus sign."""
    return Number.of_digits(as_declared(str(value)).removeprefix("+"), internal=False)
