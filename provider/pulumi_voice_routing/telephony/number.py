"""A telephone number: read once, kept in one form, and written in the form that each vendor takes.

Programs, files, approvals and commands are read strictly (:meth:`Number.parse`): what is not certainly one number is
refused, with the reason. Vendors and saved states are read leniently (:func:`as_declared`). Between the two there is
one form, in which numbers are compared and stored: ``+`` and digits, or digits alone for a number that exists inside
the vendor's network only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..text_files import hidden_in, is_hidden
from .shape import SEPARATORS, looks_like_a_number, why_not_one_number

__all__ = ["NotANumber", "Number", "as_declared", "as_text", "digits_of", "number_or_text", "same_number", "stored"]

_EXAMPLE = "+13035551234"
_SPACES = " \t\r\n\u00a0"
_SOFT_SEPARATORS = SEPARATORS.replace(".", "")
_INTERNAL = re.compile(r"[0-9]{7,15}")
"""What RingCX takes as a dialled number."""

_RANGE = re.compile(r".*\d(\s+-\s+|\.{2,})\d+")
"""How people write the first and the last of some numbers."""

_CERTAIN = re.compile(r"\+?(1[2-9][0-9]{9})")
"""Ten digits after 1 are possible numbers, all of them; the first is no 1, the prefix for dialling there."""
_NORTH_AMERICAN = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
"""Ten digits, as they are dialled within North America."""


class NotANumber(ValueError):
    """A text is not certainly one telephone number. Its words begin with the text and say why."""


class Number(str):
    """A telephone number in its canonical form. A text like any other, so that it is equal to itself in a state."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, internal: bool = False) -> Number:
        """The number that the text certainly is. Raises :class:`NotANumber`, with the reason.

        ``internal`` numbers exist inside the vendor's network only, so that they have no country code.
        """
        return _internal(text) if internal else _international(text)

    @classmethod
    def of_digits(cls, digits: str, *, internal: bool) -> Number:
        """The number that a vendor writes as these digits, when its kind is known."""
        return cls(digits if internal else f"+{digits}")

    @property
    def internal(self) -> bool:
        """Whether it exists inside the vendor's network only."""
        return not self.startswith("+")

    @property
    def digits(self) -> str:
        """Its digits alone; no two numbers that a vendor can tell apart have the same."""
        return self.removeprefix("+")


def as_declared(text: str) -> str:
    """What a vendor or a saved state says, as programs write it: a number in its canonical form, all else unchanged.

    Vendors leave out the plus sign, so that any digits that are a possible number are one.
    """
    return _declared(text)


def stored(text: str, *, internal: bool) -> str:
    """What a check has let through, or a state holds, in the one form that numbers of its kind have."""
    if not internal:
        return as_declared(text)
    try:
        return Number.parse(text, internal=True)
    except NotANumber:
        return text.removeprefix("+")


def digits_of(text: str) -> str:
    """A number as it is compared, by its digits, whatever its kind and form; another text is its own."""
    return as_declared(text).removeprefix("+")


def same_number(one: str, other: str) -> bool:
    """Whether two texts mean the same number, or are the same text."""
    return one == other or digits_of(one) == digits_of(other)


def as_text(value: Any) -> Any:
    """A value that is to be a number. Raises :class:`NotANumber` for one that is no text: zeros and digits are lost."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise NotANumber(f"{value!r} is a quantity; write a telephone number as text, in quotes: {_EXAMPLE!r}")
    return value


def number_or_text(text: str) -> str:
    """A text where numbers stand beside addresses and ids. Raises :class:`NotANumber` for what was a number once."""
    odd = hidden_in(text)
    written = "".join(character for character in text if not is_hidden(character)).strip(_SPACES)
    if looks_like_a_number(written) and (odd or not (written.isascii() and written.isdigit())):
        Number.parse(text)
    if odd:
        raise NotANumber(f"{text!r} holds an invisible character ({odd}), as copied text does; type it anew")
    return text


@lru_cache(maxsize=65536)  # a plan names the same numbers again and again
def _international(text: str) -> Number:
    if found := _CERTAIN.fullmatch(text):
        return Number(f"+{found[1]}")
    digits = _digits(text)
    written = text.strip(_SPACES)
    if not written.startswith("+"):
        _require_country_code(text, digits)
    if found := _CERTAIN.fullmatch(digits):
        return Number(f"+{digits}")
    number = _of_its_country(text, digits)
    if _RANGE.fullmatch(written):
        raise NotANumber(f"{text!r} may be a range of numbers, from one to another; write {number} if it is one number")
    return number


def _internal(text: str) -> Number:
    why = why_not_one_number(text.strip(_SPACES))
    digits = "".join(filter(str.isdigit, text))
    if why or "." in text or not _INTERNAL.fullmatch(digits):
        raise NotANumber(f"{text!r} is not an internal number: {why or '7 to 15 digits'}")
    return Number(digits)


def _digits(text: str) -> str:
    written = text.strip(_SPACES)
    if why := why_not_one_number(written):
        advice = "" if ";" in why else f"; write it like {_EXAMPLE}"
        raise NotANumber(f"{text!r} is not a telephone number: {why}{advice}")
    return "".join(filter(str.isdigit, written))


def _require_country_code(text: str, digits: str) -> None:
    """Without a plus sign, a number must show that it begins with a country code. Raises :class:`NotANumber`."""
    import phonenumbers  # slow to import

    for prefix, where in (("00", "in many countries"), ("011", "in North America")):
        if digits.startswith(prefix):
            meant = digits.removeprefix(prefix)
            raise NotANumber(
                f"{text!r} has no country code that exists: {prefix} is dialled {where} in the place of +; write "
                f"+{meant}, if that is the number"
            )
    if digits.startswith("0"):
        raise NotANumber(
            f"{text!r} has no country code that exists: it begins with 0, as it is dialled within a country; write "
            "+ and the country code in the place of the 0"
        )
    if len(digits) == 10 and _NORTH_AMERICAN.fullmatch(digits) and _valid(f"+1{digits}"):
        elsewhere = f", and +{digits} is a number elsewhere" if _possible(f"+{digits}") else ""
        raise NotANumber(f"{text!r} has no country code{elsewhere}: write +1{digits} if that is the number")
    if not digits.startswith("1") and _possible(f"+{digits}") and not _valid(f"+{digits}"):
        code = phonenumbers.parse(f"+{digits}").country_code
        raise NotANumber(
            f"{text!r} has no country code for certain: no number of country +{code} begins like this; write + in "
            "front if it is one, or the country code that is missing"
        )


def _of_its_country(text: str, digits: str) -> Number:
    import phonenumbers  # slow to import

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        raise NotANumber(f"{text!r} has no country code that exists; write it like {_EXAMPLE}") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise NotANumber(f"{text!r} has the wrong number of digits for its country code")
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if canonical != f"+{digits}":
        raise NotANumber(f"{text!r} has a prefix that is dialled only within its country; is {canonical} meant?")
    return Number(canonical)


@lru_cache(maxsize=65536)
def _declared(text: str) -> str:
    try:
        return _international(text)
    except NotANumber:
        written = text.strip(_SPACES).removeprefix("+")
        digits = "".join(character for character in written if character not in _SOFT_SEPARATORS)
        return Number(f"+{digits}") if _INTERNAL.fullmatch(digits) and _possible(f"+{digits}") else text


@lru_cache(maxsize=4096)
def _possible(number: str) -> bool:
    try:
        return bool(_of_its_country(number, number.removeprefix("+")))
    except NotANumber:
        return False


@lru_cache(maxsize=4096)
def _valid(number: str) -> bool:
    import phonenumbers  # slow to import

    return phonenumbers.is_valid_number(phonenumbers.parse(number))
