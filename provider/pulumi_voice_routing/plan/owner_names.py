"""The objects of a state by the names that approvals may give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..permission.owner_names import Named, Names
from .facts import Resource, noun_of


def names_in(resources: Iterable[Resource]) -> Names:
    """Everything whose name, and whose group's name, the resources of a state tell."""
    return Names.of(_named(list(resources)))


def _named(resources: list[Resource]) -> Iterator[Named]:
    named = {(one.type, references.last(one.id)): one.role(means.Label) for one in resources if one.id}
    for one in resources:
        label, inside = one.role(means.Label), one.roles.inside
        if not one.id or not isinstance(label, str):
            continue
        if inside is None:
            yield Named(noun_of(one.type), label, references.last(one.id))
            continue
        container = one.at(inside)
        group = named.get((inside.mark.what, references.last(container))) if isinstance(container, str) else None
        if isinstance(group, str):
            yield Named(noun_of(one.type), label, references.last(one.id), group)


__all__ = ["names_in"]
