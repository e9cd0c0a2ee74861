"""What a program leaves out of an object that is there already stays as it is at the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle import references
from .facts import Facts, Resource

_OWN = (means.AtEnd, means.Existing, means.Inside, means.Owner)
"""What is the program's own, or what one of several arguments says."""

__all__ = ["with_what_stays"]


def with_what_stays(facts: Facts) -> Facts:
    """The same facts, with what the state says of declared objects where the program says nothing."""
    filled = [_filled(facts, one) for one in facts.declared]
    if all(new is old for new, old in zip(filled, facts.declared, strict=True)):
        return facts
    return facts.but(filled)


def _filled(facts: Facts, one: Resource) -> Resource:
    saved = facts.saved_as(facts.thing(one))
    if saved is None or one.urn in facts.replaced:
        return one
    fields = one.roles.fields
    kept = {
        name: saved.props[name]
        for name, field in fields.items()
        if field.wire
        and one.get(name) is None
        and saved.get(name) is not None
        and not any(isinstance(mark, _OWN) for mark in field.meanings)
    }
    kept |= _rows(one, saved)
    return replace(one, props={**one.props, **kept}) if kept else one


def _rows(one: Resource, saved: Resource) -> dict[str, Any]:
    """The rows of a set of shares, with what the state says of the same objects."""
    place = one.roles.shares
    if place is None or not one.certain(place.field):
        return {}
    there = {references.last(str(place.of(row))): row for row in saved.rows(place.field)}
    rows = [_over(there.get(references.last(str(place.of(row))), {}), row) for row in one.rows(place.field)]
    return {place.field: rows} if rows != one.items(place.field) else {}


def _over(there: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {**there, **{name: value for name, value in row.items() if value is not None}}
