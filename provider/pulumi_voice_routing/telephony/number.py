"""Telephone numbers in their one canonical form."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["e164"]


_CERTAIN = re.compile(r"\+1[2-9][0-9]{9}")
"""Ten digits after +1 are possible numbers, all of them; the first is no 1, the prefix for dialling there."""


@lru_cache(maxsize=65536)  # a plan names the same numbers again and again
def e164(value: str) -> str:
    """The one canonical form of a telephone number, ``+`` and digits.

    Accepts the usual ways to write an international number (spaces, dashes, brackets, with or without ``+``).
    Raises ``ValueError`` when it cannot be a number.
    """
    if _CERTAIN.fullmatch(value):
        return value
    import phonenumbers  # slow to import

    digits = "".join(character for character in value if character.isdigit())
    if not digits or "+" in value.strip()[1:] or set(value) - set("+0123456789 -().\u00a0"):
        raise ValueError(f"{value!r} is not a telephone number in E.164 form, such as +13035551234")
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        raise ValueError(f"{value!r} has no country code that exists; write it like +13035551234") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(f"{value!r} has the wrong number of digits for its country code")
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if canonical != "+" + digits:
        raise ValueError(f"{value!r} has a prefix that is dialled only within its country; is {canonical} meant?")
    return canonical
