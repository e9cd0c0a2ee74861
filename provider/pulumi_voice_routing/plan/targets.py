"""How the targets of calls are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..lifecycle import meaning as means
from ..lifecycle.meaning import Reading
from .facts import UNKNOWN, Facts, Resource, Thing, UnknownValue
from .roles import Value


def readings(facts: Facts, one: Resource) -> Iterator[tuple[Value[means.Target], Reading | UnknownValue | None]]:
    """The targets that a declared resource gives in words, and how each is read.

    A target that has no kind beside it is read by the kind of the object that it stands for, or is inside of. Nothing
    tells how a target is read whose kind is in no list.
    """
    links = _links(facts, one)
    for value in one.values(means.Target):
        mark = value.place.mark
        if mark.to:
            continue
        if not isinstance(mark.reads, Mapping):
            yield value, mark.reads
            continue
        named = links.get(id(value.beside)) if value.place.inner else None
        kinds = [value.beside.get(mark.by), kind_of(facts, named if named is not None else facts.parent(one))]
        yield value, _reading(mark.reads, kinds)


def _reading(reads: Mapping[str, Reading], kinds: Sequence[object]) -> Reading | UnknownValue | None:
    found: list[Reading] = [reads[kind] for kind in kinds if isinstance(kind, str) and kind in reads]
    if found:
        return found[0]
    if UNKNOWN in kinds:
        return UNKNOWN
    alike: set[Reading] = set(reads.values())
    return alike.pop() if kinds == [None] * len(kinds) and len(alike) == 1 else None


def _links(facts: Facts, one: Resource) -> dict[int, Thing | UnknownValue]:
    """The objects that rows name, by the row."""
    place = next((place for place in one.roles.places(means.Target) if place.inner and place.mark.to), None)
    return {} if place is None else {id(row): link for row, link in facts.linked(one, place)}


def kind_of(facts: Facts, thing: Thing | UnknownValue | None) -> object:
    """The kind that an object has, as far as the stack knows it."""
    there = None if thing is None or thing is UNKNOWN else facts.resource(thing)
    return there.role(means.Kind) if there is not None else None
