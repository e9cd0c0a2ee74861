"""Values in the words of boxes and arrows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...errors import some_of
from ...plan.facts import UNKNOWN
from ...telephony.number import as_declared

MOST_NUMBERS = 3


def words(value: Any) -> str:
    """A value as it is."""
    return "not known yet" if value is UNKNOWN else "" if value is None else str(value)


def number_of(value: Any) -> str:
    """A number in the form that numbers are declared in; anything else as it is."""
    return as_declared(words(value))


def some(those: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    return some_of(those, MOST_NUMBERS) or "nobody"


def together(said: Iterable[str]) -> str:
    """The labels of one arrow."""
    return "; ".join(sorted({part for one in said for part in one.split("; ")} - {""}))


__all__ = ["MOST_NUMBERS", "number_of", "some", "together", "words"]
