"""Whether calls that reach a destination or a profile can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PERCENT_ALLOCATION = "PERCENT_ALLOCATION"


@dataclass(frozen=True)
class DestinationFacts:
    """What matters of a destination when calls are about to be sent there."""

    active: bool | None
    """Active now, or about to be; nothing when that cannot be told."""
    percent: int | None = None
    """Its share of a profile's calls."""
    name: str = ""
    """Not asked for of one that is active."""


def total_off_100(shares: Iterable[float]) -> float | None:
    """What the shares of one profile make together, when that is not 100 percent."""
    total = sum(shares)
    return None if total == 100 else total


def why_incomplete_destination(name: str, target: str | None) -> Iterable[str]:
    """Why a destination cannot take calls yet."""
    if not target:
        yield f"destination {name!r} has no target"


def why_incomplete_profile(
    name: str, routing_type: str | None, destinations: Sequence[DestinationFacts], *, by_hour: bool = False
) -> Iterable[str]:
    """Why a profile cannot take calls yet; nothing when it can.

    A destination with a share of 0 percent gets no calls, unless the shares of each hour decide (``by_hour``).
    """
    if not destinations:
        yield f"profile {name!r} has no destinations"
        return
    for destination in destinations:
        if routing_type == PERCENT_ALLOCATION and destination.percent == 0 and not by_hour:
            continue
        if destination.active is False:
            yield f"profile {name!r} sends calls to {destination.name!r}, which is not active"
        elif destination.active is None:
            yield f"profile {name!r} sends calls to {destination.name!r}, and whether that is active cannot be told"
    if routing_type == PERCENT_ALLOCATION:
        off = total_off_100(destination.percent or 0 for destination in destinations)
        if off is not None:
            yield f"the shares of profile {name!r} make {off:g} percent, not 100"
