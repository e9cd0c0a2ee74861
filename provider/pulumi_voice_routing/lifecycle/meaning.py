"""What the fields of a type mean to callers, said where the fields are declared.

Each is a marker in ``Annotated[...]`` around a field of ``<Type>Args``, or of the rows in it::

    target: Required[Annotated[Input[Text], Wire("routeDestination"), means.Target(by="kind", reads=READS)]]

Rules, call flow, the diagram, adoption and the gate read these, and no names of fields, so that a type that declares
what it means is known to all of them. A test fails when a field says nothing. Some value types say it for all their
fields, such as ``Name`` and ``Note``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

Reading: TypeAlias = Literal["number", "dialled", "sip", "queue", "ivr", "extension", "voicemail"]
"""How a target is read. A ``number`` is in E.164; what is ``dialled`` is that, or shorter, as the vendor takes it."""
Reads: TypeAlias = Mapping[str, Reading]
"""How a target is read, by the word that decides."""


@dataclass(frozen=True)
class Meaning:
    """What a field means to callers."""


# What the resource or the row is about


@dataclass(frozen=True)
class Label(Meaning):
    """What administrators call it; it tells objects of one parent apart, unless another field is the :class:`Key`."""

    called: str = ""
    """How people call such an object, when that is not the word for its type; types with one word share their names."""


@dataclass(frozen=True)
class Key(Meaning):
    """What tells objects of one parent apart."""

    called: str = ""
    """How people call such an object, when that is not the word for its type."""


@dataclass(frozen=True)
class Inside(Meaning):
    """What contains the object, or what it is a part of."""

    what: str
    """The type, such as ``ringcx:RouteGroup``; or a word, such as ``extension``, for what is no resource."""


@dataclass(frozen=True)
class Dialled(Meaning):
    """The number that callers dial. With an :class:`Owner` beside it, the resource says who answers the number; without
    one, that there is such a number."""

    answered_by: str = ""
    """How approvals call the resource, when it answers the number itself."""
    in_id: bool = False
    """Whether the id of the resource ends with it, where it is never a secret."""


@dataclass(frozen=True)
class Extension(Meaning):
    """The number at which calls reach the object inside the telephone system."""


@dataclass(frozen=True)
class Called(Meaning):
    """The dialled numbers that it is for; it does not own them."""

    instead: bool = False
    """Whether calls to the number go to the target instead of where all others go."""


@dataclass(frozen=True)
class Caller(Meaning):
    """The callers that it is for."""


@dataclass(frozen=True)
class Internal(Meaning):
    """Whether the numbers are of the vendor's own network, and not in E.164."""


# Where calls go


@dataclass(frozen=True)
class Owner(Meaning):
    """Who answers the number. A type has one of these fields, or several of which one is given."""

    called: str
    """How approvals call such an owner: ``profile``, ``queue``."""
    type: str = ""
    """Its type, when it is a resource."""
    reads: Reading | None = None
    """How it is read as a target, when it is none."""


@dataclass(frozen=True)
class Target(Meaning):
    """Where calls go on to."""

    to: str = ""
    """The type of the resource, when it is one."""
    reads: Reading | Reads = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """How it is read; by the word in another field, when that decides."""
    by: str = ""
    """The field that decides how it is read: one beside it, or of the object that it is inside of."""


@dataclass(frozen=True)
class Share(Meaning):
    """Its part of the calls, in percent."""

    hourly: bool = False
    """Whether it is a list of 24 shares, one for each hour."""


@dataclass(frozen=True)
class Order(Meaning):
    """Its place in the order in which calls are sent on; the lowest comes first."""


@dataclass(frozen=True)
class Entries(Meaning):
    """The rows of a set, or a part with fields of its own."""


@dataclass(frozen=True)
class EntriesFile(Meaning):
    """The same rows as a file."""

    read: Callable[[str], list[dict[str, Any]]] | None = None
    """What reads its rows without asking the vendor. Raises ``ValueError``."""


@dataclass(frozen=True)
class WholeList(Meaning):
    """Whether rows that are not declared are taken away."""


@dataclass(frozen=True)
class Elsewhere(Meaning):
    """The id of something of the account that no resource stands for; another account has it under another id."""

    what: str
    """The word for it, such as ``trunk``."""
    found: Callable[[str], str] | None = field(default=None, hash=False)
    """What a program writes to find it without its id; empty where no look-up does. Raises :class:`VoiceRoutingError`
    when the vendor cannot be asked."""


# What decides


@dataclass(frozen=True)
class Switch(Meaning):
    """Whether it is on."""

    of: Literal["calls", "record", "service"] = "calls"
    """What it lets through: calls; or it is the flag of a number's record, or of a service that calls use."""
    first: bool = True
    """What it is when nobody has said anything."""


@dataclass(frozen=True)
class Switches(Meaning):
    """The objects that it switches on, given as rows."""

    kinds: Mapping[str, str] = field(hash=False)
    """Their types, by the word for them in a row."""


@dataclass(frozen=True)
class Kind(Meaning):
    """What it is, or how another field is read."""


@dataclass(frozen=True)
class Hours(Meaning):
    """When it is for calls, or open."""


@dataclass(frozen=True)
class Decides(Meaning):
    """Another thing that decides about calls."""


@dataclass(frozen=True)
class Limit(Decides):
    """How long something rings, or how many calls it takes: what it does at zero is not documented."""

    when: str = ""
    """The switch beside it that has to be on for it to count."""


@dataclass(frozen=True)
class Needs(Meaning):
    """An object that is used while calls run."""

    types: tuple[str, ...]
    when: str = ""
    """When calls use it, in words."""
    by_extension: bool = False
    """Whether it is named by its :class:`Extension`, and not by its id."""
    only: tuple[str, str] | None = None
    """The field beside it, and the word in that, when it is used in that case only."""


# What becomes of it


@dataclass(frozen=True)
class AtEnd(Meaning):
    """What becomes of the object when the resource ends."""

    leaves: Mapping[str, Literal["inactive", "nobody"]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
    """What callers find after it, by the word that says so."""
    stays: tuple[str, ...] = ("keep",)
    """The words that leave the object as it is."""
    given_back: bool = False
    """Whether it was there before, so that an end takes nothing away."""


@dataclass(frozen=True)
class Existing(Meaning):
    """Whether the resource begins with an object that is there already, or with a copy of one."""

    itself: bool = False
    """Whether it is the id of the object that the resource then stands for."""


# What sends and stops no calls


@dataclass(frozen=True)
class Aside(Meaning):
    """It neither sends nor stops calls."""


@dataclass(frozen=True)
class FreeText(Aside):
    """Free text that whoever may look at the object can read."""


@dataclass(frozen=True)
class Address(Aside):
    """A web address that is asked for something."""


@dataclass(frozen=True)
class Parameters(Aside):
    """Names and values that are sent to a web address."""


DECIDES = (
    Dialled,
    Extension,
    Called,
    Caller,
    Owner,
    Target,
    Share,
    Order,
    EntriesFile,
    WholeList,
    Switch,
    Switches,
    Kind,
    Hours,
    Decides,
)
"""What says who is called: no write puts back unseen what somebody changed in such a field."""
