"""What the fields of each type mean to callers, as the types themselves declare it (:mod:`..lifecycle.meaning`).

A type's module is loaded when something of the type is looked at, and not before.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeAlias, TypeVar

from .. import registry
from ..lifecycle import meaning as means

if TYPE_CHECKING:
    from ..lifecycle.model import FieldFacts

M = TypeVar("M", bound=means.Meaning)
Mark: TypeAlias = type[M]
"""A kind of meaning."""


class Place(NamedTuple, Generic[M]):
    """A field that means something, at the top or in the rows of a field."""

    field: str
    inner: str
    """The field in a row; empty at the top. In the rows of a row it is a path, such as ``targets.phone_number``."""
    mark: M

    def of(self, row: Mapping[str, Any]) -> Any:
        """The value in a row, or in the arguments when it is at the top."""
        return row.get(self.inner or self.field)


class Value(NamedTuple, Generic[M]):
    """A value that means something."""

    where: str
    """As messages name it: ``overrides[0].target``."""
    value: Any
    beside: Mapping[str, Any]
    """The arguments or the row that it stands in."""
    place: Place[M]


class Roles:
    """The fields of one type by what they mean."""

    def __init__(self, fields: Mapping[str, FieldFacts]) -> None:
        self.fields = fields
        self._places: dict[type[means.Meaning], tuple[Place[Any], ...]] = {}

    def places(self, kind: type[M]) -> tuple[Place[M], ...]:
        """The fields that mean this, at the top first."""
        if kind not in self._places:
            self._places[kind] = tuple(self._found(kind))
        return self._places[kind]

    def _found(self, kind: type[M]) -> Iterator[Place[M]]:
        for name, field in self.fields.items():
            yield from (Place(name, "", mark) for mark in field.meanings if isinstance(mark, kind))
        for name, field in self.fields.items():
            rows = (
                field.rows if any(isinstance(mark, means.Entries | means.Switches) for mark in field.meanings) else None
            )
            for inner, facts in _below(rows):
                yield from (Place(name, inner, mark) for mark in facts.meanings if isinstance(mark, kind))

    def top(self, kind: type[M]) -> Place[M] | None:
        """The first field at the top that means this."""
        return next((place for place in self.places(kind) if not place.inner), None)

    def has(self, *kinds: type[means.Meaning]) -> bool:
        """Whether any field means one of these."""
        return any(self.places(kind) for kind in kinds)

    def values(self, props: Mapping[str, Any], kind: type[M]) -> Iterator[Value[M]]:
        """What the fields say that mean this; for a list of values each of them."""
        for place in self.places(kind):
            held = props.get(place.field)
            if not place.inner:
                if isinstance(held, list):
                    yield from (Value(f"{place.field}[{at}]", one, props, place) for at, one in enumerate(held))
                elif held is not None:
                    yield Value(place.field, held, props, place)
                continue
            many = isinstance(held, list)
            for at, row in enumerate(held if isinstance(held, list) else [held]):
                where = f"{place.field}[{at}]" if many else place.field
                yield from _inside(row, where, place.inner, place)

    # What is known of the type as a whole

    @cached_property
    def dialled(self) -> Place[means.Dialled] | None:
        """Where the numbers are that callers dial."""
        return next(iter(self.places(means.Dialled)), None)

    @cached_property
    def answers(self) -> bool:
        """Whether the type says who answers numbers."""
        return self.dialled is not None and (self.answers_itself or self.has(means.Owner))

    @property
    def answers_itself(self) -> bool:
        """Whether numbers of the type are answered by the resource that names them."""
        return bool(self.answered_by)

    @property
    def answered_by(self) -> str:
        """How approvals call a resource that answers its numbers itself."""
        return self.dialled.mark.answered_by if self.dialled is not None else ""

    @cached_property
    def records(self) -> bool:
        """Whether the type says that there are numbers, and not who answers them."""
        return self.dialled is not None and not self.answers

    @cached_property
    def overrides(self) -> Place[means.Called] | None:
        """The numbers whose calls go to a target of their own, if the type is about such."""
        return next((place for place in self.places(means.Called) if place.mark.instead), None)

    @cached_property
    def carries(self) -> bool:
        """Whether calls pass objects of the type, or use them on their way, so that nobody ends one unseen."""
        from ..lifecycle.writes import carries  # slow to import, and needed for few plans

        whole = roles_of(self.inside.mark.what) if self.inside is not None else NONE
        return self.dialled is not None or carries(self.fields) or self.serves or whole.serves

    @cached_property
    def serves(self) -> bool:
        """Whether calls use objects of the type on their way."""
        return any(place.mark.of == "service" for place in self.places(means.Switch))

    @cached_property
    def begins_off(self) -> bool:
        """Whether objects of the type take no calls until something switches them on."""
        switch = self.top(means.Switch)
        return switch is not None and switch.mark.of == "calls" and not switch.mark.first

    @cached_property
    def shares(self) -> Place[means.Target] | None:
        """The objects that get shares of the calls of another one, if the type is a set of such."""
        return self._divided(hourly=False)

    @cached_property
    def hourly_shares(self) -> Place[means.Target] | None:
        """The same for shares by the hour."""
        return self._divided(hourly=True)

    def _divided(self, *, hourly: bool) -> Place[means.Target] | None:
        sets = {place.field for place in self.places(means.Share) if place.mark.hourly is hourly}
        return next((one for one in self.places(means.Target) if one.field in sets and one.mark.to), None)

    @cached_property
    def inside(self) -> Place[means.Inside] | None:
        """What contains the object, when that is a resource."""
        return next((place for place in self.places(means.Inside) if ":" in place.mark.what), None)

    @cached_property
    def key(self) -> str | None:
        """The field that tells objects of one parent apart."""
        key, label = self.top(means.Key), self.top(means.Label)
        return key.field if key is not None else label.field if label is not None else None

    def called(self, args: Mapping[str, Any]) -> str:
        """What administrators call an object with these arguments; empty where it has no name of its own."""
        label = self.top(means.Label)
        return str((args.get(label.field) if label is not None else None) or args.get(self.key or "") or "")

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The fields that are kept secret."""
        return tuple(name for name, field in self.fields.items() if field.secret)


def _below(rows: Mapping[str, FieldFacts] | None) -> Iterator[tuple[str, FieldFacts]]:
    """The fields of rows, and those of the rows in them."""
    for name, facts in (rows or {}).items():
        yield name, facts
        if any(isinstance(mark, means.Entries) for mark in facts.meanings):
            yield from ((f"{name}.{inner}", deeper) for inner, deeper in _below(facts.rows))


def _inside(row: Any, where: str, inner: str, place: Place[M]) -> Iterator[Value[M]]:
    """What a row holds there; each by itself, when it is a list."""
    if not isinstance(row, dict):
        return
    name, _, deeper = inner.partition(".")
    held = row.get(name)
    for number, one in enumerate(held) if isinstance(held, list) else [(-1, held)]:
        there = f"{where}.{name}[{number}]" if number >= 0 else f"{where}.{name}"
        if deeper:
            yield from _inside(one, there, deeper, place)
        else:
            yield Value(there, one, row, place)


NONE = Roles({})


@cache
def roles_of(token: str) -> Roles:
    """What the fields of a type mean; nothing for a type that this version does not have."""
    if token not in registry.providers:
        _load(token)
    return Roles(registry.provider_for(token).model) if token in registry.providers else NONE


def tokens_of(vendor: str) -> list[str]:
    """The tokens of all types that a vendor's package has; their modules are loaded."""
    package = importlib.import_module(f"{registry.__package__}.{vendor}")
    for name in package.__all__:
        getattr(package, name)
    return sorted(token for token in registry.providers if token.startswith(f"{vendor}:"))


def _load(token: str) -> None:
    """Load the type, if a package of this version offers it: plans hold whatever somebody wrote."""
    vendor, _, name = token.partition(":")
    try:
        package = importlib.import_module(f"{registry.__package__}.{vendor}") if vendor.isidentifier() else None
    except ImportError:
        return
    if name in getattr(package, "__all__", ()):
        getattr(package, name)
