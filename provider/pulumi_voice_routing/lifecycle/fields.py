"""What may stand in a field: value types with their constraints, and markers that say how a field behaves.

Value types go inside ``Input[...]``; markers go around it::

    name: Required[Annotated[Input[Name], Wire("destinationName")]]
    group_id: Required[Annotated[Input[GroupId], Immutable()]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

import phonenumbers
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

__all__ = [
    "E164",
    "Code",
    "CreateOnly",
    "Decisive",
    "Id",
    "Immutable",
    "Name",
    "Percent",
    "Reference",
    "Secret",
    "Text",
    "Wire",
    "e164",
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


def e164(value: str) -> str:
    """The one canonical form of a telephone number, ``+`` and digits.

    Accepts the usual ways to write an international number (spaces, dashes, brackets, with or without ``+``).
    Raises ``ValueError`` when it cannot be a number.
    """
    digits = "".join(character for character in value if character.isdigit())
    if not digits or set(value) - set("+0123456789 -().\u00a0"):
        raise ValueError(f"{value!r} is not a telephone number in E.164 form, such as +13035551234")
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        raise ValueError(f"{value!r} has no country code that exists; write it like +13035551234") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(f"{value!r} has the wrong number of digits for its country code")
    return "+" + digits


def _id(value: Any) -> Any:
    # The engine hands every number over as a float, and the vendors' ids are numbers.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _same_account_form(value: str) -> str:
    return value.strip().strip("/")


E164: TypeAlias = Annotated[str, AfterValidator(e164)]
"""A telephone number, kept as ``+`` and digits whatever way it was written."""

Name: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
"""What administrators see in the vendor's portal: not empty, at most 255 characters, spaces around it cut."""

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True)]
"""Free text; spaces around it are cut."""

Code: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A word of the vendor's own list. The vendor does not publish all of them, so that unknown ones pass."""

Id: TypeAlias = Annotated[str, BeforeValidator(_id), StringConstraints(strip_whitespace=True, pattern=r"^[0-9]+$")]
"""A vendor's own number for an object, digits only."""

Percent: TypeAlias = Annotated[int, Field(ge=0, le=100)]
"""A whole number of percent, 0 to 100."""

Reference: TypeAlias = Annotated[
    str,
    BeforeValidator(_id),
    AfterValidator(_same_account_form),
    StringConstraints(pattern=r"^[0-9]+(/[0-9]+)*$"),
]
"""The id of another resource (``123456/1001``), or of an object made elsewhere."""
