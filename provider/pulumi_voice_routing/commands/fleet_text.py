"""The table and the declaration of a fleet, for rows that are known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..lifecycle.fleet_table import as_it_is
from ..registry import provider_for
from ..text_files import table_text


class FleetText(NamedTuple):
    """A fleet as people write it."""

    table: str
    """What goes into its file."""
    key: str
    """The column of the keys."""
    shared: dict[str, Any]
    """The arguments that all rows have, and those in a column that an editor wants to be named."""


def fleet_text(token: str, rows: Mapping[str, Mapping[str, Any]]) -> FleetText:
    """What all rows have alike is said once, and a column is there for all else. Secrets are left out."""
    fields = provider_for(token).model
    names = [name for name in fields if any(name in row for row in rows.values()) and not fields[name].secret]
    first = next(iter(rows.values()))
    alike = [
        name for name in names if all(name in row and _plain(row[name]) == _plain(first[name]) for row in rows.values())
    ]
    columns = [name for name in names if name not in alike]
    own = next((name for name in columns if all(str(row.get(name)) == key for key, row in rows.items())), "")
    header = ([] if own else ["key"]) + ([own] if own else []) + [name for name in columns if name != own]
    cells = (
        ([] if own else [key]) + [_cell(row.get(name)) for name in header if name != "key" or own]
        for key, row in rows.items()
    )
    text = table_text([header, *cells])
    shared = {name: _as_it_is(first[name]) for name in alike}
    named = {name: f"{{{name}}}" for name in columns if fields[name].required}
    return FleetText(text, own or "key", shared | named)


def declaration(token: str, name: str, file: str, written: FleetText, shown: Mapping[str, str] | None = None) -> str:
    """The statement that declares it; ``shown`` are arguments in the words of a program, in place of their values."""
    vendor, _, type_ = token.partition(":")
    said = {one: (shown or {}).get(one) or repr(value) for one, value in written.shared.items()}
    lines = [f"{one}={value}," for one, value in {"rows": repr(file), "key": repr(written.key), **said}.items()]
    return "\n".join([f"{vendor}.{type_}.fleet(", f"    {name!r},", *(f"    {line}" for line in lines), ")"])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_it_is(value: Any) -> Any:
    if isinstance(value, str):
        return as_it_is(value)
    if isinstance(value, Mapping):
        return {name: _as_it_is(item) for name, item in value.items()}
    return [_as_it_is(item) for item in value] if isinstance(value, list) else _plain(value)


__all__ = ["FleetText", "declaration", "fleet_text"]
