"""Limits of zero: how long something rings, how many calls it takes. No vendor documents what they do to a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..lifecycle import meaning as means
from .facts import Resource
from .roles import Roles


def at_zero(roles: Roles, props: Mapping[str, Any]) -> list[str]:
    """The arguments that are limits, at the top, and are zero and count."""
    there = (place for place in roles.places(means.Limit) if not place.inner and is_zero(place.of(props)))
    return [place.field for place in there if not place.mark.when or props.get(place.mark.when) is True]


def is_zero(value: object) -> bool:
    """Whether a limit is nothing, or less."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value <= 0


def without_own_zeros(live: Resource, said: Mapping[str, Any]) -> Resource:
    """An object as a vendor shows it, without zeros that no argument says: these are what the vendor shows for a limit
    that nobody has set."""
    meant = {(one.place.field, one.place.inner) for one in live.roles.values(said, means.Limit) if is_zero(one.value)}
    props = dict(live.props)
    for place in live.roles.places(means.Limit):
        held = props.get(place.field)
        if (place.field, place.inner) in meant or held is None:
            continue
        if not place.inner:
            props = {name: value for name, value in props.items() if name != place.field or not is_zero(value)}
        elif isinstance(held, Sequence):
            props[place.field] = [_without(row, place.inner) if isinstance(row, Mapping) else row for row in held]
    return replace(live, props=props)


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name or not is_zero(value)}
