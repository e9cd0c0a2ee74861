"""How a fleet stands in a state: the names of its rows, and what is kept of each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .. import registry
from ..text_files import character_name
from .state_keys import MANAGED, STORED_AS

Values = dict[str, Any]

ROWS = "rows"
"""Input: the arguments of each row, by key. Output: the same as the vendor has it, and nothing else: what an input
does not have, a preview shows as if it were about to go."""
IDS = "ids"
"""Output: the ids of the rows, by key."""
NOTES = "__rows"
"""Output: what only the vendor tells of each row, and what lifecycles note for themselves, by key."""
PROTECTED = "protected"
"""Input: the keys of the rows that are neither to end nor to give way to another object."""
SOURCE = "__source"
"""Input and output: the file that the rows are from and the column of their keys, to tell the line of a row."""


class Kept(NamedTuple):
    """What the state has of a row."""

    id: str
    outs: Values
    """The outputs of a resource of its own."""


def packed(rows: Mapping[str, Kept], fields: Mapping[str, Any]) -> Values:
    """The outputs of a fleet. What the vendor keeps in a form of its own stands apart, as it may be secret."""
    shown: dict[str, Values] = {}
    notes: dict[str, Values] = {}
    stored: dict[str, Any] = {}
    for key, (_, outs) in rows.items():
        shown[key] = {name: value for name, value in outs.items() if name in fields}
        noted = {name: value for name, value in outs.items() if name not in fields and name != STORED_AS}
        if noted.get(MANAGED) == sorted(shown[key]):
            del noted[MANAGED]
        if noted:
            notes[key] = noted
        if STORED_AS in outs:
            stored[key] = outs[STORED_AS]
    apart = {NOTES: notes, STORED_AS: stored}
    return {ROWS: shown, IDS: {key: row.id for key, row in rows.items()}} | {
        name: value for name, value in apart.items() if value
    }


def unpacked(outs: Mapping[str, Any]) -> dict[str, Kept]:
    """What the state has of each row."""
    return {key: kept for key in outs.get(IDS) or {} if (kept := kept_of(outs, key)) is not None}


def kept_of(outs: Mapping[str, Any], key: str) -> Kept | None:
    """What the state has of one row; nothing for a row that was not made."""
    ids, rows, notes, stored = (outs.get(name) or {} for name in (IDS, ROWS, NOTES, STORED_AS))
    if key not in ids:
        return None
    said = rows.get(key) or {}
    apart = {STORED_AS: stored[key]} if key in stored else {}
    return Kept(str(ids[key]), {MANAGED: sorted(said), **said, **(notes.get(key) or {}), **apart})


def row_name(fleet: str, key: str) -> str:
    """What people call a row: ``desks["denver"]``."""
    return f"{fleet}[{json.dumps(key, ensure_ascii=False)}]"


def row_urn(urn: str, key: str) -> str:
    """The URN of a row: that of a resource of its type with the row's name; empty outside a run."""
    if not urn:
        return ""
    start, project, types, name = urn.split("::", 3)
    return "::".join((start, project, types.removesuffix(registry.FLEET), row_name(name, key)))


def path_start(key: str) -> str:
    """How the paths of a row's arguments begin, as ``ignore_changes`` of a fleet has them."""
    quoted = key.replace('"', r"\"")
    return f'{ROWS}["{quoted}"].'


def argument_of(path: str) -> str:
    """The argument of a row that a path of ``ignore_changes`` lies in."""
    return re.split(r"[.\[]", path)[0]


_ROW = re.compile(r'(?P<fleet>.+)\[(?P<key>"(?:[^"\\]|\\.)*")\]', re.DOTALL)


def fleet_of(urn: str) -> tuple[str, str] | None:
    """The URN of the fleet and the key, for what may be the URN of a row; nothing for other URNs."""
    start, project, types, name = urn.split("::", 3)
    row = _ROW.fullmatch(name)
    if row is None:
        return None
    return "::".join((start, project, types + registry.FLEET, row["fleet"])), json.loads(row["key"])


_LONGEST_KEY = 60


def place_of(key: str, source: Any, line: int | None) -> str:
    """A row in words, with the line of the file that it stands in."""
    said = json.dumps(key if len(key) <= _LONGEST_KEY else f"{key[: _LONGEST_KEY - 3]}...", ensure_ascii=False)
    if not isinstance(source, Mapping) or "file" not in source:
        return said
    where = f"{source['file']}:{line}" if line is not None else str(source["file"])
    return f"{said} ({where})"


def why_no_key(key: object) -> str:
    """What is wrong with the key of a row; empty when it will do."""
    if isinstance(key, int):
        return f"is no text: write {str(key)!r}"
    if not isinstance(key, str) or not key.strip():
        return "is empty" if key in (None, "") or isinstance(key, str) else "is no text"
    if "::" in key or key.startswith("__"):
        return "holds '::'" if "::" in key else "begins with '__'"
    odd = next((one for one in key if not one.isprintable()), "")
    return f"holds {character_name(odd)}, which cannot be printed" if odd else ""


__all__ = [
    "IDS",
    "NOTES",
    "PROTECTED",
    "ROWS",
    "SOURCE",
    "Kept",
    "argument_of",
    "fleet_of",
    "kept_of",
    "packed",
    "path_start",
    "place_of",
    "row_name",
    "row_urn",
    "unpacked",
    "why_no_key",
]
