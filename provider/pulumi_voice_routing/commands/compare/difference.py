"""Objects of two sides, found in each other by what people call them, and what is different about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple, TypeAlias

from ...call_flow.impact import Impact, NumberImpact
from ...call_flow.routing import subject_of
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.model import FieldFacts
from ...plan.facts import UNKNOWN, Resource
from ...plan.roles import Roles, roles_of, tokens_of
from ...registry import provider_for
from ...telephony.number import as_declared, digits_of
from ..export.links import types_named
from ..terminal import Told, nothing
from .sides import Side

_ASIDE = (means.AtEnd, means.Existing, means.Internal)
"""What a field says that is about the resource and not about the object."""


_Values: TypeAlias = dict[str, tuple[Any, Any]]
"""What an object says: each field with names in the places of ids, and as it is."""


class Key(NamedTuple):
    """What people call an object, whatever its id: its type, and the names from the outermost container to it."""

    type: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.type} {' / '.join(self.path)}".rstrip()


class Field(NamedTuple):
    """A field that is not the same."""

    name: str
    left: Any
    right: Any


@dataclass
class Difference:
    """All that is different."""

    left: str
    right: str
    only_left: list[Key] = field(default_factory=list)
    only_right: list[Key] = field(default_factory=list)
    changed: list[tuple[Key, list[Field]]] = field(default_factory=list)
    same: int = 0
    numbers: list[NumberImpact] = field(default_factory=list)
    """The numbers that both have and whose calls end elsewhere."""
    errors: list[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is a difference."""
        return bool(self.only_left or self.only_right or self.changed or self.numbers)


def difference(left: Side, right: Side, told: Told = nothing) -> Difference:
    """What one side has, and what the other."""
    here, there = _Objects(left, right).found, _Objects(right, left).found
    found = Difference(left.name, right.name, errors=[*left.errors, *right.errors])
    keys = sorted(here.keys() | there.keys())
    for place, key in enumerate(keys):
        told(place, len(keys), "objects")
        for one, other in _paired(key, here.get(key, []), there.get(key, [])):
            if one is None or other is None:
                (found.only_right if one is None else found.only_left).append(key)
            elif different := list(_fields(key, one, other)):
                found.changed.append((key, different))
            else:
                found.same += 1
    both = left.routing.subjects & right.routing.subjects
    impact = Impact(left.routing, right.routing)
    found.numbers = [one for one in impact.numbers() if subject_of(one.number) in both]
    return found


def _paired(key: Key, here: list[_Values], there: list[_Values]) -> Iterator[tuple[_Values | None, _Values | None]]:
    """Objects of one name with one another, those that are alike before the others: names need not be unique."""
    others, left = list(there), list[_Values]()
    for one in here:
        twin = next((other for other in others if not any(_fields(key, one, other))), None)
        if twin is None:
            left.append(one)
        else:
            others.remove(twin)
            yield one, twin
    yield from zip_longest(left, others)


def _fields(key: Key, left: _Values, right: _Values) -> Iterator[Field]:
    provider = provider_for(key.type)
    for name in sorted(left.keys() & right.keys()):  # what one side leaves open is no difference
        (here, raw_here), (there, raw_there) = left[name], right[name]
        pairs = ((here, there), (there, here), (raw_here, raw_there), (raw_there, raw_here))
        if not _alike(here, there) and not any(provider.means_same(provider.model[name], *pair) for pair in pairs):
            yield Field(name, here, there)


def _alike(here: Any, there: Any) -> bool:
    """Whether two values are the same as far as both say something."""
    if isinstance(here, dict) and isinstance(there, dict):
        return all(_alike(here[name], there[name]) for name in here.keys() & there.keys())
    if isinstance(here, list) and isinstance(there, list):
        return len(here) == len(there) and all(map(_alike, here, there))
    return bool(here == there)


class _Objects:
    """The objects of a side by what people call them. Lists of many numbers count as what stands in them."""

    def __init__(self, side: Side, other: Side) -> None:
        self._by_urn = {one.urn: one for one in (*side.known, *side.resources)}
        self._by_id: dict[tuple[str, str], Resource] = {}
        for one in (*side.resources, *side.known):
            if one.id:
                self._by_id.setdefault((one.type, one.id), one)
                self._by_id.setdefault((one.type, references.last(one.id)), one)
        for one in (*other.resources, *other.known):  # of one account, each tells the names that the other leaves out
            if one.id and "/" in one.id:
                self._by_id.setdefault((one.type, one.id), one)
        self._paths: dict[str, tuple[str, ...]] = {}
        self.found: dict[Key, list[_Values]] = {}
        for one in side.resources:
            for token, path, props in self._single(one):
                self.found.setdefault(Key(token, path), []).append(self._compared(one, token, props))

    def _single(self, one: Resource) -> Iterator[tuple[str, tuple[str, ...], Mapping[str, Any]]]:
        provider, roles = provider_for(one.type), one.roles
        if not provider.listed_as:
            yield one.type, self._path(one), one.props
            return
        token = single_type(one.type)
        for number, props in _entries(one, roles) if token else ():
            outer = self._outer(one)
            yield token, (*outer, number), props

    def _path(self, one: Resource) -> tuple[str, ...]:
        if one.urn not in self._paths:
            self._paths[one.urn] = ()  # a circle ends here
            self._paths[one.urn] = (*self._outer(one), *self._own(one))
        return self._paths[one.urn]

    def _outer(self, one: Resource) -> tuple[str, ...]:
        place = next(iter(one.roles.places(means.Inside)), None)
        value = one.get(place.field) if place is not None else None
        if place is None or value is None:
            return ()
        container = self._meant([place.mark.what], value, one, place.field)
        if container is not None and container is not one:
            return self._path(container)
        if ":" in place.mark.what:
            return (f"another {provider_for(place.mark.what).noun}",)  # whose name neither side tells
        return (f"{place.mark.what} {references.last(str(value))}",)

    def _own(self, one: Resource) -> tuple[str, ...]:
        dialled = one.roles.dialled
        if dialled is not None and not dialled.inner and isinstance(one.get(dialled.field), str):
            return (as_declared(one.get(dialled.field)),)
        key = one.get(one.roles.key) if one.roles.key else None
        if isinstance(key, str):
            return (as_declared(key) if key.lstrip("+").isdigit() and len(key) > 7 else key,)
        return ()

    # Values

    def _compared(self, one: Resource, token: str, props: Mapping[str, Any]) -> _Values:
        provider, roles = provider_for(token), roles_of(token)
        values: _Values = {}
        for name, value in props.items():
            facts = provider.model.get(name)
            if facts is None or facts.secret or value is None or not _says_of_the_object(roles, name, facts):
                continue
            compared = self._named(facts, value, one, name)
            if compared is not UNKNOWN:
                values[name] = (_in_one_order(provider, facts, value, compared), value)
        return values

    def _named(self, facts: FieldFacts, value: Any, one: Resource, name: str) -> Any:
        """The value with the names of objects in the places of their ids."""
        if isinstance(value, list):
            return [self._named(facts, item, one, name) for item in value]
        if isinstance(value, dict):
            rows: Mapping[str, FieldFacts] = facts.rows or {}
            items = {inner: self._named(rows.get(inner, facts), item, one, name) for inner, item in value.items()}
            return {inner: item for inner, item in items.items() if item is not UNKNOWN and inner in rows}
        types = list(types_named(facts))
        found = self._meant(types, value, one, name) if types else None
        return str(Key(found.type, self._path(found))) if found is not None else value

    def _meant(self, types: Sequence[str], value: Any, one: Resource, name: str) -> Resource | None:
        """The resource that a value stands for; of one that is not known yet, what it is made of."""
        if isinstance(value, str):
            ids = (value, references.last(value))
            return next(
                (self._by_id[type_, id_] for id_ in ids for type_ in types if (type_, id_) in self._by_id), None
            )
        behind = [self._by_urn[urn] for urn in one.behind.get(name, ()) if urn in self._by_urn]
        meant = [other for other in behind if other.type in types]
        return meant[0] if len(meant) == 1 else None


def _says_of_the_object(roles: Roles, name: str, facts: FieldFacts) -> bool:
    if any(isinstance(mark, (*_ASIDE, means.Inside)) for mark in facts.meanings):
        return False
    dialled = roles.dialled
    return name != roles.key and not (dialled is not None and dialled.field == name and not dialled.inner)


def _in_one_order(provider: Any, facts: FieldFacts, raw: Any, compared: Any) -> Any:
    """A list in one order, where the type says that its order means nothing."""
    if not isinstance(raw, list) or not provider.means_same(facts, raw, raw[::-1]):
        return compared
    return sorted(compared, key=lambda row: json.dumps(row, sort_keys=True, default=str))


def single_type(token: str) -> str:
    """The type whose resources stand one by one for what a resource of this type holds; nothing when there is none."""
    roles = roles_of(token)
    for other in tokens_of(token.partition(":")[0]):
        one = roles_of(other)
        if provider_for(other).listed_as:
            continue
        if roles.overrides is not None and one.overrides is not None and one.key is not None:
            if {place.mark.what for place in roles.places(means.Inside)} == {
                place.mark.what for place in one.places(means.Inside)
            }:
                return other
        elif (roles.dialled is not None and one.dialled is not None and one.dialled.mark.in_id) and (
            roles.records == one.records
        ):
            return other
    return ""


def _entries(one: Resource, roles: Roles) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """What stands in a list, by its number: rows of their own, or bare numbers that have all else in common."""
    place = roles.dialled or roles.overrides
    if place is None:
        return
    for item in one.items(place.field):
        row = item if isinstance(item, dict) else {**one.props, place.field: None}
        number = row.get(place.inner) if isinstance(item, dict) else item
        if isinstance(number, str):
            yield as_declared(digits_of(number)), row


__all__ = ["Difference", "Field", "Key", "difference", "single_type"]
