"""What may stand in a field: value types with their constraints, and markers that say how a field behaves.

Value types go inside ``Input[...]``; markers go around it::

    name: Required[Annotated[Input[Name], Wire("destinationName")]]
    group_id: Required[Annotated[Input[GroupId], Immutable()]]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from ..telephony.number import Number, as_text, number_or_text
from . import meaning as means
from .references import STEP

__all__ = [
    "E164",
    "Code",
    "CreateOnly",
    "Decisive",
    "Id",
    "Immutable",
    "Instant",
    "Name",
    "Note",
    "NumberOrText",
    "Percent",
    "Reference",
    "Secret",
    "Text",
    "Url",
    "VendorWord",
    "Wire",
]


@dataclass(frozen=True)
class Wire:
    """The vendor's name of the field. A field without it never travels in the vendor's object."""

    name: str


@dataclass(frozen=True)
class Immutable:
    """The vendor cannot change it: another value means another object."""


@dataclass(frozen=True)
class CreateOnly:
    """Read once, when the resource is created; a later change does nothing to the vendor's object."""


@dataclass(frozen=True)
class Secret:
    """Never shown, and marked secret in state even when the program forgot to."""


@dataclass(frozen=True)
class Decisive:
    """Callers follow it, so an answer that differs from what was sent is an error and not a remark."""


@dataclass(frozen=True)
class VendorWord:
    """A word of the vendor's own list: it is the same word in small letters and in capitals."""


def number_as_text(value: Any) -> Any:
    """A vendor's number as text: the engine hands every number over as a float."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _reference(value: str) -> str:
    value = value.strip().strip("/")
    if not all(re.fullmatch(STEP, step) for step in value.split("/")):
        raise ValueError(f"{value!r} is not an id such as 123456/1001")
    return value


def _instant(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{value!r} is no date and time with a zone, such as 2026-12-31T18:00:00Z")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _url(value: str) -> str:
    value = value.strip()
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("is not a URL that starts with https:// or http:// and a host")
    return value


E164: TypeAlias = Annotated[str, BeforeValidator(as_text), AfterValidator(Number.parse)]
"""A telephone number, kept as ``+`` and digits however it was written."""

Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), means.FreeText()
]
"""What administrators see in the vendor's portal: not empty, at most 255 characters, spaces around it cut."""

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Free text; spaces around it are cut."""

Note: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True), means.FreeText()]
"""Free text for people, of which calls know nothing; spaces around it are cut."""

NumberOrText: TypeAlias = Annotated[Text, BeforeValidator(as_text), AfterValidator(number_or_text)]
"""A telephone number, an address or an id, as what surrounds it tells; not what was a number before a program spoilt
it, such as ``13035550100.0``."""

Code: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), VendorWord()]
"""A word of the vendor's own list. The vendor does not publish all of them, so that unknown ones pass."""

Id: TypeAlias = Annotated[
    str, BeforeValidator(number_as_text), StringConstraints(strip_whitespace=True, pattern=r"^[0-9]+$")
]
"""A vendor's own number for an object, digits only."""

Url: TypeAlias = Annotated[str, AfterValidator(_url)]
"""A web address, ``https://`` or ``http://``."""

Instant: TypeAlias = Annotated[str, AfterValidator(_instant)]
"""A date and a time with its zone, such as ``2026-12-31T18:00:00Z``; kept in UTC, to the second."""

Percent: TypeAlias = Annotated[int, Field(ge=0, le=100)]
"""A whole number of percent, 0 to 100."""

Reference: TypeAlias = Annotated[str, BeforeValidator(number_as_text), AfterValidator(_reference)]
"""The id of another resource (``123456/1001``), or of an object made elsewhere."""
