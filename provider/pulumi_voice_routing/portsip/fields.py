"""Value types and nested arguments of ring groups."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Required, TypeAlias

from pulumi import Input
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from typing_extensions import TypedDict

from ..client.answers import text
from ..lifecycle import meaning as means
from ..lifecycle.fields import CreateOnly, Text, number_as_text
from ..python_text import quoted
from ..telephony.number import Number, as_text, number_or_text
from .client import ID, portsip_client
from .group_facts import FORWARD

Strategy = Literal[
    "RING_SIMULTANEOUSLY",
    "PRIORITIZED_HUNT",
    "CYCLIC_HUNT",
    "LEAST_WORKED_HUNT",
    "PAGING_INTERCOM",
    "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
    "SKILL_BASED_ROUTING_CYCLIC_HUNT",
    "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
]
"""The order in which members ring. ``PAGING_INTERCOM`` answers on every member's telephone by itself."""

Meant = Literal["no_members", "paging", "release", "outside_number"]
"""What can hurt callers and is intended: a group that nothing rings for, telephones that answer by
themselves, giving its number up (inbound rules, IVRs and queues that dial it cannot be seen from here), and forwarding
to a number outside the telephone system."""

GroupName: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


def _extension(value: str) -> str:
    if not re.fullmatch(r"[0-9]{3,64}", value):
        raise ValueError(f"{value!r} is no extension: 3 to 64 digits, and nothing else")
    return value


def _dialled(value: str) -> str:
    if value.startswith("+"):
        return Number.parse(value)
    if not re.fullmatch(r"[0-9]{2,64}", value):
        number_or_text(value)  # says what a number suffers from
        raise ValueError(f"{value!r} is no number: an extension, or digits, with + before a country code")
    return value


def _blocked(value: str) -> str:
    if not re.fullmatch(r"\+?[0-9A-Za-z]{1,64}", value) or len(value) > 64:
        raise ValueError(f"{value!r} is no number of a caller: 1 to 64 letters and digits, with an optional + in front")
    return value


ExtensionNumber: TypeAlias = Annotated[
    str, BeforeValidator(number_as_text), StringConstraints(strip_whitespace=True), AfterValidator(_extension)
]
"""3 to 64 digits, as text: zeros in front count."""
CallerId: TypeAlias = Annotated[
    str,
    BeforeValidator(as_text),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=64),
    AfterValidator(number_or_text),
]
BlockedCaller: TypeAlias = Annotated[
    str, BeforeValidator(as_text), StringConstraints(strip_whitespace=True), AfterValidator(_blocked)
]
"""A caller's number as it arrives: 1 to 64 letters and digits, with an optional ``+``."""
Description: TypeAlias = Annotated[Text, StringConstraints(max_length=255)]
Opaque: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""One of the vendor's ids, which have no form."""
Dialled: TypeAlias = Annotated[
    str, BeforeValidator(as_text), StringConstraints(strip_whitespace=True), AfterValidator(_dialled)
]
"""An extension, or digits as the telephone system dials them; with ``+``, a number in E.164."""


def trunk_here(value: str) -> str:
    """What a program writes to find a trunk by its name; nothing where the name is not its own."""
    trunks = {str(one.get(ID)): text(one.get("name")) for one in portsip_client().list_trunks()}
    name = trunks.get(value, "")
    return f"portsip.get_trunk(name={quoted(name)}).id" if list(trunks.values()).count(name) == 1 else ""


class Adoptable(TypedDict, total=False):
    """Arguments of every type that can take over an object which exists already."""

    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Take over an object with the same name instead of failing; without one, create it. Default: false."""
    adopt_id: Annotated[Input[Opaque], CreateOnly(), means.Existing(itself=True)]
    """Take over the object with this id. It is an error when there is none."""


class RingGroupMember(TypedDict, total=False):
    """One extension of a ring group ("agent" in the vendor's paths)."""

    extension_number: Required[Annotated[Input[ExtensionNumber], means.Target(reads="extension")]]
    """The extension that rings."""
    skill_level: Annotated[Input[Annotated[int, Field(ge=1, le=100)]], means.Decides()]
    """1 to 100; counts only with a strategy by skill. Default: 1."""


class NoAnswer(TypedDict, total=False):
    """What happens to a call that nobody takes."""

    action: Required[
        Annotated[Input[Literal["FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"]], means.Kind()]
    ]
    """What is done: the call goes to ``number`` or to voicemail, the members ring again, or the call ends."""
    number: Annotated[
        Input[Dialled],
        means.Target(by="action", reads={FORWARD: "dialled"}),
        means.Needs(("portsip:RingGroup",), by_extension=True, only=("action", FORWARD)),
    ]
    """With ``FORWARD_TO_NUMBER``: an extension, or digits with an optional ``+``."""


class OutboundCallerId(TypedDict, total=False):
    """The number that a trunk shows for calls of the group."""

    provider_id: Required[Annotated[Input[Opaque], means.Aside(), means.Elsewhere("trunk", trunk_here)]]
    """The trunk's id. Vendor: ``provider_id``."""
    caller_id: Required[Annotated[Input[CallerId], means.Aside()]]
    """The number shown, 1 to 64 characters."""
    description: Annotated[Input[Annotated[Text, StringConstraints(max_length=1024)]], means.FreeText()]
    """For administrators."""
