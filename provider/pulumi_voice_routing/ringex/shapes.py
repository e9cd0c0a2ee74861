"""What RingEX answers about answering rules and forwarding numbers, field by field.

Fields are the vendor's, by its names. Any of them may be absent, as vendors leave out what they like, and others may be
there; ``Required`` is what our client looks for itself.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict

Id = str | int
"""An id: the contract says a text, and vendors also send it as a number."""

Period = TypedDict("Period", {"from": str, "to": str}, total=False)
"""Hours of a day, or dates."""


class WeeklyRanges(TypedDict, total=False):
    """Hours by the day of the week."""

    monday: list[Period]
    tuesday: list[Period]
    wednesday: list[Period]
    thursday: list[Period]
    friday: list[Period]
    saturday: list[Period]
    sunday: list[Period]


class Schedule(TypedDict, total=False):
    """When a rule is for calls."""

    weeklyRanges: WeeklyRanges
    ranges: list[Period]
    ref: str


class CalledNumber(TypedDict, total=False):
    """A dialled number that a rule is for."""

    phoneNumber: str


class Caller(TypedDict, total=False):
    """A caller that a rule is for."""

    callerId: str
    name: str


class NamedNumber(TypedDict, total=False):
    """A forwarding number, as a step of a rule names it."""

    id: Id
    uri: str
    phoneNumber: str
    label: str
    type: str


class ForwardingStep(TypedDict, total=False):
    """Numbers that ring together."""

    index: int
    ringCount: int
    enabled: bool
    forwardingNumbers: list[NamedNumber]


class Forwarding(TypedDict, total=False):
    """Who rings, and in which order."""

    notifyMySoftPhones: bool
    notifyAdminSoftPhones: bool
    softPhonesRingCount: int
    ringingMode: str
    rules: list[ForwardingStep]
    mobileTimeout: bool


class UnconditionalForwarding(TypedDict, total=False):
    """Where all calls go."""

    phoneNumber: str
    action: str


class TransferExtension(TypedDict, total=False):
    """Whom calls are transferred to."""

    id: Id
    uri: str
    extensionNumber: str
    partnerId: str


class Transfer(TypedDict, total=False):
    """Whom calls are transferred to."""

    extension: TransferExtension


class Recipient(TypedDict, total=False):
    """Whose mailbox takes messages."""

    uri: str
    id: Id


class Voicemail(TypedDict, total=False):
    """Whether callers may leave a message, and for whom."""

    enabled: bool
    recipient: Recipient


class Preset(TypedDict, total=False):
    """A greeting of the vendor's."""

    uri: str
    id: Id
    name: str


class CustomGreeting(TypedDict, total=False):
    """A greeting of the customer's own."""

    id: Id


class Greeting(TypedDict, total=False):
    """What callers hear."""

    type: str
    preset: Preset
    custom: CustomGreeting


class SharedLines(TypedDict, total=False):
    """How long shared lines ring."""

    timeout: int


class AnsweringRule(TypedDict, total=False):
    """An answering rule (EX-01 to EX-03, EXb-01). The list shows less of it."""

    id: Required[Id]
    uri: str
    type: str
    name: str
    enabled: bool
    schedule: Schedule
    calledNumbers: list[CalledNumber]
    callers: list[Caller]
    callHandlingAction: str
    forwarding: Forwarding
    unconditionalForwarding: UnconditionalForwarding
    queue: dict[str, Any]
    transfer: Transfer
    voicemail: Voicemail
    greetings: list[Greeting]
    screening: str
    sharedLines: SharedLines


class Device(TypedDict, total=False):
    """The telephone of a forwarding number."""

    id: Id


class ForwardingNumber(TypedDict, total=False):
    """A forwarding number (EXb-02 to EXb-04, EX-05)."""

    id: Required[Id]
    uri: str
    phoneNumber: str
    label: str
    features: list[str]
    flipNumber: str
    device: Device
    type: str
