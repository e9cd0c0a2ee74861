"""The rows of a fleet as a program gives them: dictionaries or a table in a file, and arguments that all rows share."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pulumi

from ..text_files import SEPARATORS, UnreadableText, read_text, rows_of_table, why_no_table
from .fleet_rows import place_of, why_no_key
from .model import Model

Rows: TypeAlias = "str | Path | Sequence[Mapping[str, Any]]"
"""The path of a table with commas (CSV), or the rows themselves."""

_QUOTED = re.compile(r'"[^"]*"')
_NOTE = "#"
"""The beginning of the names of columns that are for people."""
_PLACE = re.compile(r"\{(?:\{[^{}\"':,]+\}|([^{}\"':,]+))\}")
"""The name of a column in braces. In two pairs of braces it is a text with one pair."""
_FORM = re.compile(r"\{(?:\{[^{}]*\}|([^{}\"':,!]+)[:!][^{}\"',]*)\}")
"""The same with a form behind it, as Python has it in texts of its own."""


class Table(NamedTuple):
    """Rows, each with its line in the file; from a program they have none."""

    rows: list[tuple[int | None, dict[str, Any]]]
    columns: tuple[str, ...]
    source: str = ""

    @classmethod
    def of(cls, rows: Rows) -> Table:
        """Raises ``ValueError`` for what is no table."""
        if isinstance(rows, str | Path):
            try:
                return cls.read(Path(rows))
            except UnreadableText as error:
                raise ValueError(f"file {rows} cannot be read: {error}") from None
            except OSError as error:
                raise ValueError(f"file {rows} cannot be read: {error.strerror or error}") from None
            except ValueError as error:
                raise ValueError(f"{rows}: {error}") from None
        if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
            raise ValueError("rows is to be the path of a table, or a list of dictionaries")
        given: list[tuple[int | None, dict[str, Any]]] = [(None, _row(row)) for row in rows if isinstance(row, Mapping)]
        for place, (_, row) in enumerate(given, 1):
            if (odd := next((name for name in row if not isinstance(name, str)), None)) is not None:
                raise ValueError(f"row {place}: {odd!r} is no name of an argument or a column")
        return cls(given, tuple(dict.fromkeys(name for _, row in given for name in row)))

    @classmethod
    def read(cls, path: Path) -> Table:
        """A table with commas, semicolons, tabs or bars, whose first row names its columns. An empty cell is none."""
        text = read_text(path)
        first = _QUOTED.sub("", text.lstrip("\ufeff\r\n").partition("\n")[0])
        separator = max(SEPARATORS, key=lambda mark: (first.count(mark), mark == ","))
        lines = rows_of_table(text, separator)
        if not lines:
            raise ValueError("it has no row with the names of its columns")
        (_, header), *body = lines
        names = [name.strip() for name in header]
        if not names[0].startswith(_NOTE) and (why := why_no_table(names)):
            raise ValueError(why)
        twice = next((name for name in names if name and names.count(name) > 1), "")
        if twice:
            raise ValueError(f"two columns are named {twice!r}")
        rows: list[tuple[int | None, dict[str, Any]]] = []
        for line, cells in body:
            if any(cell.strip() for cell in cells[len(names) :]):
                columns = "is 1 column" if len(names) == 1 else f"are {len(names)} columns"
                raise ValueError(f"line {line}: it has {len(cells)} cells, and there {columns}")
            given = zip(names, map(_bare, cells), strict=False)
            rows.append((line, {name: cell for name, cell in given if name and cell}))
        return cls(rows, tuple(filter(None, names)), str(path))


def _bare(cell: str) -> str:
    """A cell without the spaces around it; a text of several lines, such as a file, keeps its last line break."""
    bare = cell.strip()
    return cell.strip(" \t") if "\n" in bare else bare


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a program; libraries for tables say of an empty cell that it is no number."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


class Given(NamedTuple):
    """The arguments of one row."""

    key: str
    place: str
    """The row in words."""
    args: dict[str, Any]


def rows_with(table: Table, key: str, shared: Mapping[str, Any], model: Model) -> Iterator[Given]:
    """The arguments of each row: its own columns, and what all share, with the row's values in the place of their
    names in braces. Raises ``ValueError``, with the row."""
    if not isinstance(key, str):
        raise ValueError(f"key is to be the name of the column that tells rows apart, not {key!r}")
    seen: dict[str, str] = {}
    named = {name for value in shared.values() for name in _named_in(value)}
    _refuse_unknown(table, key, shared, named, model)
    source = {"file": table.source} if table.source else None
    for count, (line, row) in enumerate(table.rows, 1):
        name = row.get(key)
        why = why_no_key(name) if key in table.columns else f"has no column {key!r}{_meant(key, table.columns)}"
        if isinstance(name, pulumi.Output):
            why = "is to be known before the run, and comes from another resource"
        at = f"line {line}" if line is not None else f"row {count}"
        if why:
            raise ValueError(f"{at}{f' of {table.source}' if table.source else ''}: its key {why}")
        place = place_of(str(name), source, line)
        if name in seen:
            raise ValueError(f"two rows have the key {name!r}: {seen[str(name)]} and {place if source else at}")
        seen[str(name)] = place if source else at
        own = {
            column: _from_cell(value, column, model) if line is not None else value
            for column, value in row.items()
            if column in model
        }
        rest = {
            column: value
            for column, value in shared.items()
            if own.get(column) is None and not (_is_empty(value, row, table) and not model[column].required)
        }
        try:
            filled = {column: _filled(value, row) for column, value in rest.items()}
        except KeyError as error:
            missing = str(error.args[0])
            raise ValueError(f"row {place}: it has nothing in the column {missing!r}, which a text names") from None
        yield Given(str(name), place, {**filled, **{one: value for one, value in own.items() if value is not None}})


def never_used(table: Table, shared: Mapping[str, Any]) -> Iterator[str]:
    """Shared texts that more than repeat the column of their argument's own name, which comes first."""
    for name, value in shared.items():
        own = isinstance(value, str) and name in table.columns and name in _named_in(value)
        if own and value != f"{{{name}}}":
            yield f"{name} is what the column {name!r} says, and {value!r} is not used: give the column another name"


def _refuse_unknown(table: Table, key: str, shared: Mapping[str, Any], named: set[str], model: Model) -> None:
    """Names of which nobody would be told where they come from, once for all rows."""
    of, where = (f" {word} {table.source}" if table.source else "" for word in ("of", "in"))
    for name in shared:
        if name not in model:
            raise ValueError(f"{name} is not an argument of this resource{_meant(name, model)}")
    for text, name in ((text, name) for value in shared.values() for text, name in _forms_in(value)):
        if name in table.columns:
            raise ValueError(f"a text has {text}, and the value of a column is put in as it is: write {{{name}}}")
    for name in sorted(named.difference(table.columns, [key])) if table.columns else ():
        raise ValueError(
            f"a text names the column {{{name}}}, which there is not{where}"
            f"{_meant(name, table.columns, '{', '}')}; write {{{{{name}}}}} for the braces alone"
        )
    for name in table.columns:
        if name in model or name in named or name == key or name.startswith(_NOTE):
            continue
        raise ValueError(
            f"the column {name!r}{of} is no argument, and no text names it in braces"
            f"{_meant(name, [key, *named, *model]) or '.'} Begin the name of a column for people with {_NOTE}"
        )


def _meant(name: str, names: Iterable[str], before: str = "", behind: str = "") -> str:
    near = difflib.get_close_matches(name.strip(), list(names), n=1)
    return f"; did you mean {before}{near[0]}{behind}?" if near else ""


def _is_empty(value: Any, row: Mapping[str, Any], table: Table) -> bool:
    """Whether a shared argument is nothing but a column that is empty in this row."""
    alone = _PLACE.fullmatch(value) if isinstance(value, str) else None
    return alone is not None and alone[1] in table.columns and row.get(alone[1]) is None


def _from_cell(cell: str, column: str, model: Model) -> Any:
    """What a cell stands for: lists and objects are written as JSON, all else is text."""
    if cell[:1] in ("[", "{"):
        try:
            value = json.loads(cell)
        except ValueError:
            return cell
        try:
            model[column].canonical(cell)
        except ValueError:
            return value
    return cell


def _named_in(value: Any) -> Iterator[str]:
    for text in _texts_in(value):
        yield from (found[1] for found in _PLACE.finditer(text) if found[1])


def _forms_in(value: Any) -> Iterator[tuple[str, str]]:
    for text in _texts_in(value):
        yield from ((found[0], found[1]) for found in _FORM.finditer(text) if found[1])


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(item)


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    """The value with the row's values in it. Raises ``KeyError`` for a column that the row does not have."""
    if isinstance(value, str):
        return _text(value, row)
    if isinstance(value, Mapping):
        return {name: _filled(item, row) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, row) for item in value]
    return value


def _in_row(row: Mapping[str, Any], name: str) -> Any:
    if row.get(name) is None:
        raise KeyError(name)
    return row[name]


def as_it_is(text: str) -> str:
    """A shared text that stands for itself, whatever is in braces in it."""
    return _PLACE.sub(lambda found: f"{{{found[0]}}}", text)


def _text(text: str, row: Mapping[str, Any]) -> Any:
    alone = _PLACE.fullmatch(text)
    if alone and alone[1]:
        return _in_row(row, alone[1])  # as it is, be it a text or not
    later = {name: row[name] for name in _named_in(text) if isinstance(_in_row(row, name), pulumi.Output)}

    def put(values: Mapping[str, Any]) -> str:
        return _PLACE.sub(lambda found: str(values[found[1]]) if found[1] else found[0][1:-1], text)

    if later:
        return pulumi.Output.all(**later).apply(lambda known: put({**row, **known}))
    return put(row)


__all__ = ["Given", "Rows", "Table", "as_it_is", "never_used", "rows_with"]
