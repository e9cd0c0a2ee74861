"""How numbers are compared."""

from __future__ import annotations


def digits_of(number: str) -> str:
    """A number as it is compared: its digits."""
    return "".join(filter(str.isdigit, number))
