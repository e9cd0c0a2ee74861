"""Numbers in a file: separated by commas, with the vendor's names of the fields in the first line.

A file of the program is read strictly (:func:`wrong_in`), with the line of everything that is wrong. A file that a
state holds was read before, so that it is read again whatever is asked of new ones (:func:`read_rows`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ...client.listings import Json
from ...lifecycle.model import FieldFacts
from ...telephony.number import NotANumber, Number, stored
from ...text_files import SEPARATORS, character_name, hidden_in, rows_of_table, table_text, why_no_table
from .dialled_number import why_not_dialled
from .pool_fields import QUOTE, record_fields

_HEADER = "the first line must name each column once, and one of them is dnis"
_OTHERS = {separator: called for separator, called in SEPARATORS.items() if separator != ","}
_BESIDE = re.compile(
    r"""(?:^|["',])\s*dnis["']?[ ]*([^\w"'<>{}()+])(?=[^,])|(?<!,)([^\w"'<>{}()+])[ ]*["']?dnis\b""", re.IGNORECASE
)
"""The column of the number, first or not, with what stands between it and another one."""
_ABOVE = 10
"""So many lines may stand above the names of the columns, such as a title, and are still known for what they are."""
_QUOTES = "\"'\u201c\u201d\u201e\u2018\u2019\u00ab"
_MOST_SAID = 20


class FileRow(NamedTuple):
    """A number of a file."""

    line: int
    """Where it begins; text in quotes may go on over more lines."""
    values: Mapping[str, Any]
    """Its fields by argument name, ``dnis`` as it stands."""


def read_rows(text: str) -> list[dict[str, Any]]:
    """The rows of a file: argument names and values, ``dnis`` as it stands. Raises ``ValueError``."""
    return [dict(row.values) for row in rows_of(text)]


@lru_cache(maxsize=8)  # one check asks for the rows of a file several times
def rows_of(text: str) -> tuple[FileRow, ...]:
    """The rows of a file, with their lines. Raises ``ValueError``."""
    header, body = _table(text, strict=False)
    return tuple(FileRow(line, _values(header, line, cells)) for line, cells in body)


def wrong_in(text: str, *, internal: bool | None) -> list[str]:
    """Everything that is wrong in a file of the program, each with its line.

    ``internal`` is as for :func:`why_not_dialled`.
    """
    said = list(_wrong_in(text, internal))
    more = len(said) - _MOST_SAID
    return said if more <= 0 else [*said[:_MOST_SAID], f"{more} more lines are wrong"]


def _wrong_in(text: str, internal: bool | None) -> Iterator[str]:
    try:
        header, body = _table(text, strict=True)
    except ValueError as error:
        yield str(error)
        return
    lines: dict[str, int] = {}
    for line, cells in body:
        try:
            written = _values(header, line, cells)["dnis"]
        except ValueError as error:
            yield str(error)
            continue
        why = why_not_dialled(written, internal)
        if why:
            yield f"line {line}: {why}"
            continue
        number = stored(written, internal=internal is True)
        if number in lines:
            yield f"line {line}: {number} is in line {lines[number]} already; one row is for one number"
        lines.setdefault(number, line)


# The table


def _table(text: str, *, strict: bool) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and the rows below them with their lines."""
    (line, first), *body = rows_of_table(text, strict=False) or [(1, [])]
    if not first:
        raise ValueError(f"it is empty: {_HEADER}")
    header = [name.strip() for name in first]
    why = _why_no_header(header, body)
    if why:
        raise ValueError(f"line {line}: {why}")
    return header, rows_of_table(text)[1:] if strict else body


def _why_no_header(header: list[str], body: Sequence[tuple[int, list[str]]]) -> str:
    why = "" if "dnis" in header else why_no_table([header[0], ""])
    if why:
        return why
    hidden = next((name for name in header if hidden_in(name)), "")
    if hidden:
        return f"{hidden!r} holds an invisible character ({hidden_in(hidden)}); type the name anew"
    if "dnis" not in header and (used := _separated_by(header)):
        return f"the columns are separated by {used}; separate them by commas"
    below = next((line for line, cells in body[:_ABOVE] if "dnis" in map(_as_typed, cells)), None)
    if below is not None and "dnis" not in map(_as_typed, header):
        return f"the names of the columns stand in line {below}; take out what is above it"
    if not header[-1] and header.count("") == 1:
        return "it ends with a comma, so that its last column has no name; take the comma out"
    if "" in header:
        return f"column {header.index('') + 1} has no name"
    if any(map(_is_number, header)):
        return f"it holds a number, but {_HEADER}"
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        return f"{twice} is there twice: {_HEADER}"
    known = ["dnis", *_by_wire()]
    if "dnis" not in header:
        meant = next((name for name in header if difflib.get_close_matches(_as_typed(name), ["dnis"], 1, 0.7)), "")
        odd = "".join(f" (it holds {character_name(one)})" for one in meant if not one.isascii())
        return f"{meant!r} is not written dnis{odd}: {_HEADER}" if meant else _HEADER
    strange = [name for name in header if name not in known]
    if strange:
        near = difflib.get_close_matches(strange[0].lower(), [name.lower() for name in known], n=1)
        meant = next((f"; did you mean {name}?" for name in known if [name.lower()] == near), "")
        return f"no column can be {', '.join(strange)}; there are {', '.join(known)}{meant}"
    return ""


def _separated_by(header: list[str]) -> str:
    """What is put between the names of the columns in the place of commas; empty when it cannot be told."""
    found = _BESIDE.search(",".join(header))
    mark = (found[1] or found[2]) if found else ","
    if mark == ",":
        return ""
    return SEPARATORS.get(mark, "spaces" if mark.isspace() else f"{mark!r} ({character_name(mark)})")


def _as_typed(name: str) -> str:
    return name.strip().lower()


def _is_number(cell: str) -> bool:
    try:
        return bool(Number.parse(cell))
    except NotANumber:
        return False


# Its rows


def _values(header: list[str], line: int, cells: list[str]) -> dict[str, Any]:
    if len(cells) != len(header):
        raise ValueError(f"line {line} has {len(cells)} columns, and the first line {len(header)}{_why(header, cells)}")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
    if "dnis" not in row:
        raise ValueError(f"line {line} has no dnis")
    return {"dnis": row["dnis"], **_typed(row, line)}


def _why(header: list[str], cells: list[str]) -> str:
    """What people do that leaves a row with more or fewer columns."""
    if len(cells) > len(header):
        if not any(cell.strip() for cell in cells[len(header) :]):
            return ": it ends with a comma too many"
        if any(cell.strip()[:1] in _QUOTES for cell in cells if cell.strip()):
            return '; a text with a comma in it stands in quotes, which are " and follow the comma at once'
        return "; a text with a comma in it stands in quotes"
    used = next((called for separator, called in _OTHERS.items() if separator in cells[0]), None)
    return f": it is separated by {used}, not by commas" if used else ""


def _typed(cells: Mapping[str, str], line: int) -> dict[str, Any]:
    by_wire = _by_wire()
    row = {}
    for name, cell in cells.items():
        if name not in by_wire:
            continue
        facts = by_wire[name]
        try:
            row[facts.name] = facts.canonical(cell)
        except ValueError:
            raise ValueError(f"line {line}: {cell!r} will not do for {name}{_instead(facts)}") from None
    return row


def _instead(facts: FieldFacts) -> str:
    try:
        facts.canonical("true")
    except ValueError:
        return "; write a whole number"
    return "; write true or false"


def _by_wire() -> dict[str, FieldFacts]:
    return {str(facts.wire): facts for facts in record_fields().values()}


# Writing


def file_of(bodies: Iterable[Json]) -> str:
    """The vendor's objects as a file. There is a quote in it exactly when a value is quoted."""
    everything = list(bodies)
    columns = list(dict.fromkeys(["dnis", *(name for one in everything for name in one)]))
    rows = ([_cell(one.get(name)) for name in columns] for one in everything)
    return table_text([columns, *rows], quote=QUOTE)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
