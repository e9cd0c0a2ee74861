"""Fleets as their rows: whoever judges, draws or compares resources sees each row as a resource of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..lifecycle.fleet_rows import PROTECTED, ROWS, fleet_of, row_urn, unpacked
from ..lifecycle.state_keys import MARKED
from ..lifecycle.view import UNKNOWN
from ..registry import FLEET, provider_for

__all__ = ["declared_rows", "engine_urn", "is_fleet", "key_of", "member_of", "row_op", "saved_rows"]

_SHOWS_NO_ROWS = "its rows cannot be read, so that nobody can judge them"


def is_fleet(token: str) -> bool:
    """Whether a type is that of fleets."""
    return token.endswith(FLEET)


def member_of(token: str) -> str:
    """The type of a fleet's rows."""
    return token.removesuffix(FLEET)


def engine_urn(urn: str) -> str:
    """The URN that the engine knows: that of the fleet for a row."""
    found = fleet_of(urn) if urn.count("::") > 2 else None
    return found[0] if found else urn


def key_of(urn: str) -> str:
    """The key of a row; empty for what is none."""
    found = fleet_of(urn) if urn.count("::") > 2 else None
    return found[1] if found else ""


def saved_rows(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the state of a fleet says of each row, as the engine writes a resource. Raises ``ValueError``."""
    outs = entry.get("outputs") or {}
    for key, kept in unpacked(outs).items() if _readable(entry, outs) else ():
        given = ((entry.get("inputs") or {}).get(ROWS) or {}).get(key) or {}
        yield {**_row(entry, key), "id": kept.id, "inputs": given, "outputs": kept.outs}


def declared_rows(entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the program says of each row, as the engine writes a resource. Raises ``ValueError``."""
    given = entry.get("inputs") or {}
    behind = (entry.get("propertyDependencies") or {}).get(ROWS) or []
    for key, row in given[ROWS].items() if _readable(entry, given) else ():
        made_of = dict.fromkeys(row, behind) if behind else {}
        yield {**_row(entry, key), "id": None, "inputs": row, "outputs": None, "propertyDependencies": made_of}


def row_op(token: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    """What becomes of a row of a fleet that changes: what it was, and what the program says."""
    if before is None or after is None:
        return "create" if before is None else "delete"
    provider = provider_for(token)
    fields = provider.model
    hidden = {name for name, value in after.items() if value is UNKNOWN and before.get(name) is UNKNOWN}
    news = {name: _known(value) for name, value in after.items() if name not in hidden or not fields[name].secret}
    changed = provider.changed(before, news)
    if any(fields[name].immutable for name in changed):
        return "replace"
    managed = {name for name in before if name in fields}
    return "update" if changed or managed - after.keys() else "same"


def _row(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    protects = bool(entry.get("protect")) or key in ((entry.get("inputs") or {}).get(PROTECTED) or ())
    urn, type_ = row_urn(entry["urn"], key), entry["type"].removesuffix(FLEET)
    return {**entry, "urn": urn, "type": type_, "protect": protects}


def _readable(entry: Mapping[str, Any], bag: Mapping[str, Any]) -> bool:
    """Whether there are rows. Raises ``ValueError`` when they are hidden."""
    rows = bag.get(ROWS)
    if rows is None:
        return False
    if not isinstance(rows, Mapping) or not all(isinstance(row, Mapping) for row in rows.values()):
        raise ValueError(f"{entry['urn']}: {_SHOWS_NO_ROWS}")
    if any(len(row) == 1 and MARKED in row for row in (rows, *rows.values())):
        raise ValueError(f"{entry['urn']}: {_SHOWS_NO_ROWS}")
    return True


def _known(value: Any) -> Any:
    """The value as lifecycles compare it."""
    if value is UNKNOWN:
        from pulumi.output import Unknown as NotKnown  # slow to import, and needed for few plans

        return NotKnown()  # type: ignore[no-untyped-call]
    if isinstance(value, Mapping):
        return {name: _known(item) for name, item in value.items()}
    return [_known(item) for item in value] if isinstance(value, list) else value
