"""Whether a ring group leaves its callers with somebody, and whether something else still dials it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FORWARD = "FORWARD_TO_NUMBER"
REPEAT = "REPEAT"
PAGING = "PAGING_INTERCOM"
SKILLS = "SKILL_BASED_ROUTING_"
_IN_ORDER = ("PRIORITIZED_HUNT", "SKILL_BASED_ROUTING_PRIORITIZED_HUNT")
"""Strategies that ring members in the order of the list; for all others it has none."""


@dataclass(frozen=True)
class RingGroupFacts:
    """What matters of a ring group."""

    name: str
    extension_number: str
    strategy: str = ""
    members: Sequence[str] | None = None
    """The extensions that ring; nothing when that is not known."""
    no_answer: str = ""
    """What happens to a call that nobody takes."""
    forwards_to: str = ""
    """The number that such a call is forwarded to."""


def why_nobody(group: RingGroupFacts) -> Iterable[str]:
    """Why its callers would reach nobody; nothing when they reach somebody."""
    if group.members is None or group.members:
        return
    yield f"ring group {group.name!r} has no members, so that nothing rings for its callers"
    if group.no_answer == REPEAT:
        yield f"ring group {group.name!r} repeats a ring without members for ever"


def why_forwarding_loop(group: RingGroupFacts, by_number: Callable[[str], RingGroupFacts | None]) -> Iterable[str]:
    """Why a call that nobody takes would come back to the group; ``by_number`` finds the group of a number."""
    route = [group.extension_number]
    there: RingGroupFacts | None = group
    while there is not None and there.no_answer == FORWARD:
        route.append(there.forwards_to)
        if route.count(there.forwards_to) > 1:
            yield f"calls of ring group {group.name!r} that nobody takes go round in a circle: {' to '.join(route)}"
            return
        there = by_number(there.forwards_to)


def why_dialled(group: RingGroupFacts, others: Iterable[RingGroupFacts]) -> Iterable[str]:
    """Why a group has to keep its number: other groups forward to it."""
    users = [one for one in others if one.no_answer == FORWARD and one.forwards_to == group.extension_number]
    if users:
        names = ", ".join(f"{one.name!r} ({one.extension_number})" for one in users)
        yield f"ring group {group.name!r} stays: calls that nobody takes are forwarded to its number by {names}"


def ordered(members: list[dict[str, Any]], strategy: Any) -> list[dict[str, Any]]:
    """Members in one order for equal lists: as they stand where the order counts, else by number."""
    return members if strategy in _IN_ORDER else sorted(members, key=lambda one: str(one.get("extension_number")))
