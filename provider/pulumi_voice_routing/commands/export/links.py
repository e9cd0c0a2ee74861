"""Which object an id in the arguments of another one stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.model import FieldFacts, Values
from ...registry import provider_for
from .account import Found, in_order


def types_named(field: FieldFacts) -> Iterator[str]:
    """The types of the resources that a field may name."""
    for mark in field.meanings:
        if isinstance(mark, means.Inside) and ":" in mark.what:
            yield mark.what
        elif isinstance(mark, means.Target) and mark.to:
            yield mark.to
        elif isinstance(mark, means.Switches):
            yield from mark.kinds.values()
        elif isinstance(mark, means.Owner) and mark.type:
            yield mark.type
        elif isinstance(mark, means.Needs) and not mark.by_extension:
            yield from mark.types


def all_types_named(token: str) -> Iterator[str]:
    """The same of all fields of a type, those of rows included."""
    for field in provider_for(token).model.values():
        yield from types_named(field)
        for inner in (field.rows or {}).values():
            yield from types_named(inner)


class Links:
    """The objects of an account by their ids, whole and as a vendor shortens them."""

    def __init__(self, objects: Iterable[Found]) -> None:
        self._whole: dict[tuple[str, str], Found] = {}
        self._short: dict[tuple[str, str], Found | None] = {}
        for one in objects:
            self._whole[one.token, one.id] = one
            short = one.token, references.last(one.id)
            self._short[short] = None if short in self._short else one

    def meant(self, field: FieldFacts, value: Any) -> Found | None:
        """The object that the value of a field names; ids of several types may look alike, the objects do not."""
        if isinstance(value, Found):
            return value
        if not isinstance(value, str):
            return None
        for token in types_named(field):
            found = self._whole.get((token, value)) if "/" in value else self._short.get((token, value))
            if found is not None:
                return found
        return None

    def of(self, one: Found) -> list[Found]:
        """The objects that an object names, each once."""
        model = provider_for(one.token).model
        found = (it for name, value in one.args.items() for it in self._in(model[name], value))
        return list(dict.fromkeys(it for it in found if it is not one))

    def _in(self, field: FieldFacts, value: Any) -> Iterator[Found]:
        if isinstance(value, list):
            for item in value:
                yield from self._in(field, item)
        elif isinstance(value, dict):
            for name, item in value.items():
                yield from self._in((field.rows or {}).get(name, field), item)
        elif (found := self.meant(field, value)) is not None:
            yield found

    def in_order(self, one: Found) -> Values:
        """The arguments of an object, with lists in the order of the names in them where order means nothing."""
        provider = provider_for(one.token)
        return {name: in_order(provider, provider.model[name], value, self._called) for name, value in one.args.items()}

    def _called(self, field: FieldFacts, value: Any) -> Any:
        found = self.meant(field, value)
        return value if found is None else found.name

    def declared(self, field: FieldFacts, value: Any) -> Any:
        """The value as the engine gets it when the program names objects and no ids."""
        if isinstance(value, list):
            return [self.declared(field, item) for item in value]
        if isinstance(value, dict):
            return {name: self.declared((field.rows or {}).get(name, field), item) for name, item in value.items()}
        found = self.meant(field, value)
        return found.id if found is not None and field.takes_resources else value
