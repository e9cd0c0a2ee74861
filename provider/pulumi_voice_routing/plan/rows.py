"""The rows of fleets as resources, for whoever learns of resources from a program or a state."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..lifecycle.fleet_rows import PROTECTED, ROWS, row_name, row_urn
from .facts import Resource, entries_of, listed, token_of
from .fleets import engine_urn, is_fleet, member_of

__all__ = ["made_of_rows", "rows_in", "saved_outputs"]


def rows_in(declared: Resource) -> list[Resource]:
    """A resource as a program declares it; for a fleet its rows. Raises ``ValueError`` when they cannot be read."""
    if not is_fleet(declared.type):
        return [declared]
    rows, behind = declared.get(ROWS), declared.behind.get(ROWS, frozenset())
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise ValueError(f"{declared.urn}: its rows cannot be read, so that nobody can judge them")
    return [
        replace(
            declared,
            type=member_of(declared.type),
            name=row_name(declared.name, key),
            urn=row_urn(declared.urn, key),
            props=row,
            behind=dict.fromkeys(row, behind) if behind else {},
            protected=declared.protected or key in listed(declared.get(PROTECTED)),
            aliases=frozenset(row_urn(alias, key) for alias in declared.aliases),
        )
        for key, row in rows.items()
    ]


def made_of_rows(resources: Iterable[Resource], before: Collection[str]) -> list[Resource]:
    """Resources whose properties are made of rows where the engine says that they are made of fleets.

    It does not say of which rows. Ids that are not known yet are those of new ones, if there are any; ``before`` are
    the URNs that the state has.
    """
    found = list(resources)
    rows: dict[str, list[str]] = {}
    for one in found:
        if (fleet := engine_urn(one.urn)) != one.urn:
            rows.setdefault(fleet, []).append(one.urn)
    likely = {fleet: frozenset([urn for urn in urns if urn not in before] or urns) for fleet, urns in rows.items()}

    @functools.cache  # the rows of a fleet have the same
    def named(urns: frozenset[str], types: frozenset[str]) -> frozenset[str]:
        if not likely.keys().isdisjoint(urns):
            urns = urns.union(*(likely.get(urn, ()) for urn in urns))
        return frozenset(urn for urn in urns if _token(urn) in types) if types else urns

    def exact(one: Resource, name: str, urns: frozenset[str]) -> frozenset[str]:
        if engine_urn(one.urn) == one.urn:
            return named(urns, frozenset())
        # What all rows are made of is told of each argument of each; it is made of what it can name.
        return named(urns, _named_by(one.roles.fields[name]) if name in one.roles.fields else frozenset())

    if not likely:
        return found
    return [
        replace(one, behind={name: exact(one, name, urns) for name, urns in one.behind.items()}) if one.behind else one
        for one in found
    ]


def _named_by(field: Any) -> frozenset[str]:
    """The types of the resources that a field and all that is in it may name; empty when nobody can tell.

    Fields are not named by their type here: it would have the gate load all that validates arguments.
    """
    inner = [_named_by(one) for one in (field.rows or {}).values()]
    named: frozenset[str] = field.stands_for
    return named.union(*inner)


def _token(urn: str) -> str:
    return token_of(urn.split("::")[2].rpartition("$")[2]) or ""


def saved_outputs(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The outputs in a state as they are written, by URN; those of a fleet by the URNs of its rows."""
    entries = (state.get("deployment") or {}).get("resources") or []
    return {one["urn"]: one.get("outputs") or {} for entry in entries for one in entries_of(entry)}
