"""Limits of zero: how long something rings, how many calls it takes. No vendor documents what they do to a call.

A limit that is not known yet may turn out to be zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..lifecycle import meaning as means
from .facts import UNKNOWN, Resource
from .roles import Roles


def doubtful(roles: Roles, props: Mapping[str, Any]) -> dict[str, bool]:
    """The arguments at the top that are limits and may keep calls out, each with whether it is zero for sure."""
    found = {}
    for place in roles.places(means.Limit):
        value, counts = place.of(props), not place.mark.when or props.get(place.mark.when)
        if not place.inner and may_be_zero(value) and (counts is True or counts is UNKNOWN):
            found[place.field] = is_zero(value) and counts is True
    return found


def may_be_zero(value: object) -> bool:
    """Whether a limit is nothing, or is not known yet."""
    return value is UNKNOWN or is_zero(value)


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
