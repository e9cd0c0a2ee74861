"""Values in the words of boxes and arrows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ...errors import some_of
from ...plan.facts import UNKNOWN
from ...ringcx.cloud_routing.views import AssignedDestinationView
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


def instead(row: AssignedDestinationView) -> str:
    """A target of the row's own, in the place of that of its destination."""
    return f" to {words(row.target)}" if row.override is True and row.target is not None else ""


def share_of(row: AssignedDestinationView) -> str:
    """How many calls a row gets, or its rank where that decides."""
    share = row.allocation_percent
    return f"rank {words(row.rank)}" if share is None else f"{words(share)} %"


__all__ = ["MOST_NUMBERS", "instead", "number_of", "share_of", "some", "together", "words"]
