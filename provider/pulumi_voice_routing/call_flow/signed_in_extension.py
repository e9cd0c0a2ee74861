"""The extension behind ``~``, which programs may write for the user who signs in."""

from __future__ import annotations

from dataclasses import replace

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..plan.facts import SIGNED_IN, Facts, Resource
from ..plan.roles import Roles

EXTENSION = "extension"


def with_extensions(facts: Facts) -> list[Resource]:
    """What is declared, with the extension's id in place of ``~`` where the state has it.

    A state holds the id and a program the sign, and both are the same extension. Whoever signs in for one resource of a
    stack signs in for all of them, the new ones included.
    """
    own = {one.urn for one in facts.declared if SIGNED_IN in (one.get(name) for name in _of_extension(one.roles))}
    if not own:
        return facts.declared
    known = {one.urn: extension for one in facts.declared if one.urn in own and (extension := _saved(facts, one))}
    (signed_in,) = set(known.values()) if len(set(known.values())) == 1 else (SIGNED_IN,)
    return [_of(one, known.get(one.urn, signed_in), signed_in) for one in facts.declared]


def _of_extension(roles: Roles) -> list[str]:
    """The field that says of which extension something is."""
    return [place.field for place in roles.places(means.Inside) if place.mark.what == EXTENSION]


def _targets(roles: Roles) -> list[str]:
    return [place.field for place in roles.places(means.Target) if place.mark.reads == EXTENSION and not place.inner]


def _saved(facts: Facts, one: Resource) -> str:
    there = facts.saved_as(facts.thing(one))
    for name in _of_extension(one.roles):
        said = there.get(name) if there is not None else None
        if isinstance(said, str) and said != SIGNED_IN:
            return said
    return references.parent(one.id or (there.id if there is not None else None) or "")


def _of(one: Resource, own: str, signed_in: str) -> Resource:
    ids = {**dict.fromkeys(_of_extension(one.roles), own), **dict.fromkeys(_targets(one.roles), signed_in)}
    found = {name: id_ for name, id_ in ids.items() if one.get(name) == SIGNED_IN}
    return replace(one, props={**one.props, **found}) if found else one
