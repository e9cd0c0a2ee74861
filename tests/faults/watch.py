"""What must hold after every single write, whatever happens to requests and answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from tests.emulated import Json
from tests.examples import examples

Objects = Mapping[str, list[Json]]
Identity = tuple[str, str]
"""Kind and id of an object."""

EXAMPLES = tuple(one for one in examples().values() if one.kind)
"""Types that the vendors keep objects for."""
NATURAL_KEYS = {one.kind: one.key for one in EXAMPLES}
IDS = {one.kind: one.id_field for one in EXAMPLES}
ONE_TO_ONE = {
    kind: tuple(one.token for one in EXAMPLES if one.kind == kind)
    for kind in IDS
    if all(one.creates for one in EXAMPLES if one.kind == kind)
}
"""Kinds whose every object is one resource, by the tokens of the resources: all their types make one at a time."""


class Watch:
    """Looks at every state that the account goes through, and keeps what was wrong."""

    def __init__(self, objects: Objects, ours: Iterable[Identity] = (), kinds: Collection[str] = ()) -> None:
        """``ours`` are those objects of the start that the program may change, and ``kinds`` are all of a kind."""
        self.problems: list[str] = []
        mine = {*ours, *(name for name in _identified(objects) if name[0] in kinds)}
        self._foreign = {name: one for name, one in _identified(objects).items() if name not in mine}
        self._reached = _reached(objects)

    def look(self, call: str, objects: Objects) -> None:
        """Judge the state that a call has led to."""
        found = [*_duplicates(objects), *self._touched(objects), *self._lost(objects), *_silent(objects)]
        self.problems += [f"after {call}: {problem}" for problem in found]

    def compare(self, state: Mapping[str, Json], objects: Objects) -> None:
        """Judge the stack's state: each object of one's own is in it once, and nothing else is."""
        there = _identified(objects).keys() - self._foreign.keys()
        for kind, tokens in ONE_TO_ONE.items():
            known = Counter(_last(one["id"]) for one in state.values() if one["type"].endswith(tokens))
            ids = Counter(_last(id_) for other, id_ in there if other == kind)
            if known != ids:
                self.problems.append(f"{kind}: the state knows {dict(known)}, the vendor has {dict(ids)}")

    def _touched(self, objects: Objects) -> Iterator[str]:
        there = _identified(objects)
        for name, before in self._foreign.items():
            if there.get(name) != before:
                yield f"foreign {' '.join(name)} was {before} and is {there.get(name)}"
                self._foreign[name] = there.get(name)

    def _lost(self, objects: Objects) -> Iterator[str]:
        reached = _reached(objects)
        for number in self._reached - reached:
            yield f"nobody answers {number} any more"
        self._reached |= reached


def _identified(objects: Objects) -> dict[Identity, Json | None]:
    return {(kind, _identity(one, field)): one for kind, field in IDS.items() for one in objects[kind]}


def _identity(one: Json, field: str) -> str:
    """Its id; many extensions have rules and states of one name."""
    return f"{one['extensionId']}/{one[field]}" if "extensionId" in one else str(one[field])


def _duplicates(objects: Objects) -> Iterator[str]:
    for kind, fields in NATURAL_KEYS.items():
        keys = Counter(tuple(str(one.get(field)) for field in fields) for one in objects[kind])
        yield from (f"{count} times {kind} {' '.join(key)}" for key, count in keys.items() if count > 1)


def _reached(objects: Objects) -> set[str]:
    return {one["dnis"] for one in objects["AssignedDnis"] if one.get("isActive")}


def _silent(objects: Objects) -> Iterator[str]:
    """Active profiles by percent whose shares are not the whole, or that send calls to what is switched off."""
    on = {one["cloudDestinationId"] for one in objects["CloudRouteDestination"] if one["isActive"]}
    for profile in objects["CloudRouteProfile"]:
        if not profile["isActive"] or profile["routingType"] != "PERCENT_ALLOCATION":
            continue
        number = profile["cloudProfileId"]
        links = [one for one in objects["CloudRouteAssignedDestination"] if one["cloudProfileId"] == number]
        shares = {one["cloudDestinationId"]: one["allocationPercent"] for one in links}
        if sum(shares.values()) != 100:
            yield f"the shares of active profile {profile['profileName']!r} are {shares}"
        yield from (
            f"active profile {profile['profileName']!r} sends calls to inactive destination {destination}"
            for destination, share in shares.items()
            if share and destination not in on
        )


def _last(id_: Any) -> str:
    return str(id_).rpartition("/")[2]
