"""Which places calls can come back to, so that a route is made once for all calls that it is the same for.

What follows a place depends on where a call was before only as far as it can come back there: on the places that are
in one loop with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .route import Key

MOST_ROUTES = 4_000
"""The most routes through one loop that are followed: twice what eight sites have that all overflow into each other."""


@dataclass(frozen=True)
class Loop:
    """Places that lead to each other; or, as nearly always, one to which no call comes back."""

    places: frozenset[Key]
    depth: int
    """The most places that a call from here passes."""
    tangled: bool
    """Whether there are too many routes through it to follow them all."""


def is_place(key: Key) -> bool:
    """Whether a call that comes there twice is in a loop. Calls come to a profile by something that is a place."""
    return key[0] != "profile"


def loops(start: Key, onward: Mapping[Key, Collection[Key]], known: Mapping[Key, Loop]) -> Iterator[set[Key]]:
    """What leads to each other among all that ``start`` leads to and is not known; what is led to comes first.

    Who asks adds each to ``known`` before the next. This is Gabow's algorithm, without recursion.
    """
    order = {start: 0}
    open_, first = [start], [start]
    route = [(start, iter(onward[start]))]

    def unknown(target: Key) -> bool:
        return target not in known

    while route:
        key, targets = route[-1]
        for target in filter(unknown, targets):
            if target not in order:
                order[target] = len(order)
                open_.append(target)
                first.append(target)
                route.append((target, iter(onward[target])))
                break
            while order[first[-1]] > order[target]:
                first.pop()
        else:
            route.pop()
            if first[-1] == key:
                first.pop()
                found = set(open_[open_.index(key) :])
                del open_[-len(found) :]
                yield found


def loop(keys: set[Key], onward: Mapping[Key, Collection[Key]], known: Mapping[Key, Loop]) -> Loop:
    """One of them, when everything that it leads to is known."""
    places = frozenset(filter(is_place, keys))
    after = (known[target].depth for key in keys for target in onward[key] if target not in keys)
    return Loop(places, len(places) + max(after, default=0), _tangled(keys, onward))


def _tangled(keys: set[Key], onward: Mapping[Key, Collection[Key]]) -> bool:
    seen: set[tuple[Key, frozenset[Key]]] = {(key, frozenset()) for key in keys}
    todo = list(seen)
    while todo and len(seen) <= MOST_ROUTES:
        key, behind = todo.pop()
        on = behind | {key} if is_place(key) else behind
        new = {(target, on) for target in onward[key] if target in keys and target not in on} - seen
        seen |= new
        todo += new
    return len(seen) > MOST_ROUTES
