"""What is long, in tables beside the program: numbers, a row for each, and shares by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...lifecycle import meaning as means
from ...lifecycle.fleet_rows import why_no_key
from ...lifecycle.model import FieldFacts, Model
from ...python_text import quoted
from ...registry import provider_for
from ...text_files import table_text
from .account import Found
from .code import Call, Code, Raw, assigned
from .links import Links
from .names import snake
from .portable import Outside, after

MOST_IN_CODE = 50
"""More numbers than these stand in a table."""
MOST_ONE_BY_ONE = 30
"""More objects than these that are alike are a fleet."""
_LONG = 12
"""A longer list of numbers stands in a table."""
TABLES = '''"""The tables beside this program."""

import csv
from pathlib import Path
from typing import Any


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table by the names in its first line."""
    path = Path(__file__).parent / name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(name: str, row: str) -> list[int]:
    """The numbers in one row of a table, found by its first column."""
    for one in rows(name):
        first, *values = one.values()
        if first == row:
            return [int(value) for value in values]
    raise LookupError(f"{name} has no row {row}")


def word(text: str) -> Any:
    """One of the words that an argument takes; the resource says which."""
    return text
'''
_AFTER = "after"
"""The column with what must be there before the row."""


@dataclass(eq=False)
class Unit:
    """What is declared together: one object, or all of a type in a table."""

    objects: Sequence[Found]
    table: str = ""
    """The file; empty for one object."""
    fleet: str = ""
    """What the program calls it as one resource; empty where each object is one."""

    @property
    def token(self) -> str:
        return self.objects[0].token


class Tables:
    """The tables of a program, and the lines that read them."""

    links: Links
    outside: Outside
    lists: dict[str, dict[str, list[int]]]
    """Lists by the table and the row that they stand in."""
    first: Mapping[Found, Sequence[Found]]
    """What must be there before an object that does not name it."""
    used: set[Found]
    """The objects that others name."""

    def resource(self, one: Found) -> str:
        """How the program names an object."""
        raise NotImplementedError

    def is_table(self, one: Found) -> bool:
        """Whether the object stands in a table."""
        raise NotImplementedError

    def long(self, one: Found, row: Mapping[str, Any], item: list[int]) -> Code:
        """A list in a table of the object's own, in the row that has the name of what the list is about."""
        model = provider_for(one.token).model
        facts = {name: inner for each in model.values() for name, inner in (each.rows or {}).items()}
        named = (self.links.meant(facts[name], said) for name, said in row.items() if name in facts)
        about = next((found.name for found in named if found is not None), "")
        file = f"{snake(one.kind)}/{one.name}.csv"
        lists = self.lists.setdefault(file, {})
        about = about or str(len(lists) + 1)
        lists[about] = item
        return Call("numbers", [Raw(quoted(file)), Raw(quoted(about))])

    def _columns(self, unit: Unit) -> list[FieldFacts]:
        used = {name for one in unit.objects for name in one.args}
        model = provider_for(unit.token).model
        return [model[name] for name in as_people_say_them(model) if name in used]

    def table(self, unit: Unit) -> str:
        if unit.fleet:
            return fleet_table(unit.objects)
        columns = self._columns(unit)
        rows = [
            [
                one.name,
                *(self._cell(one, facts) if facts.name in one.args else "" for facts in columns),
            ]
            for one in unit.objects
        ]
        header = ["name", *(facts.name for facts in columns)]
        if any(self._rows_before(one) for one in unit.objects):
            header.append(_AFTER)
            rows = [[*row, *(self._rows_before(one) or [""])[:1]] for one, row in zip(unit.objects, rows, strict=True)]
        return as_csv(header, rows)

    def _key(self, one: Found, facts: FieldFacts) -> str:
        value = one.args.get(facts.name)
        return "" if self.links.meant(facts, value) is not None else self.outside.key(facts, value, one.args)

    def _rows_before(self, one: Found) -> list[str]:
        """The names of what must be there before it, as far as a row says that and not the whole table."""
        return [
            it.name for it in self.first.get(one, ()) if one.roles.dialled is not None and it.roles.dialled is not None
        ]

    def _options(self, unit: Unit, lines: list[str]) -> list[Code]:
        """The options of all rows; a dictionary that they look into comes before."""
        first = {it: None for one in unit.objects for it in self.first.get(one, ())}
        always = [self.resource(it) for it in first if it.roles.dialled is None]
        by_row = sorted((it for it in first if it.roles.dialled is not None), key=lambda it: it.name)
        holder = ""
        if by_row and self.is_table(by_row[0]):
            holder = self.resource(by_row[0]).partition("[")[0]
        elif by_row:
            holder = f"before_{snake(unit.objects[0].kind)}"
            by_name: dict[str, Code] = {it.name: Raw(self.resource(it)) for it in by_row}
            lines.append(assigned(f"{holder} = ", by_name))
        if not first:
            return []
        row = f"row[{quoted(_AFTER)}]"
        all_rows = all(self._rows_before(one) for one in unit.objects)
        last = [f"{holder}[{row}]" if all_rows else f"*({holder}[name] for name in [{row}] if name)"] if by_row else []
        return [after([*always, *last])]

    def _cell(self, one: Found, facts: FieldFacts) -> str:
        value = one.args[facts.name]
        key = self._key(one, facts)
        if key:
            return key
        found = self.links.meant(facts, value)
        if found is not None or value is None:
            return found.name if found is not None else ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    def shared(self, one: Found, facts: FieldFacts, value: Any) -> Code:
        """What all rows of a fleet say alike."""
        raise NotImplementedError

    def names_before(self, one: Found) -> list[str]:
        """How the program names what must be there before an object."""
        raise NotImplementedError

    def fleet(self, unit: Unit, variable: str) -> str:
        """The lines that declare a fleet."""
        first = unit.objects[0]
        alike, columns = columns_of(unit.objects)
        model = provider_for(first.token).model
        named: dict[str, Code] = {}
        for name in as_people_say_them(model):
            if name in alike:
                named[name] = self.shared(first, model[name], first.args[name])
            elif name in columns and model[name].required:
                said = Raw(quoted(f"{{{name}}}"))
                named[name] = said if "Literal[" not in repr(model[name].hint) else Call("word", [said])
        if before := self.names_before(first):
            named["opts"] = after(before)
        start = [Raw(quoted(unit.fleet)), Raw(quoted(unit.table)), Raw(quoted(KEY))]
        call = Call(f"{first.vendor}.{first.kind}.fleet", [*start], named)
        return assigned(f"{variable} = ", call)

    def loop(self, unit: Unit) -> str:
        first, kind = unit.objects[0], snake(unit.objects[0].kind)
        lines: list[str] = []
        always: dict[str, Code] = {}
        sometimes: list[tuple[str, Code]] = []
        for facts in self._columns(unit):
            named = {
                found
                for one in unit.objects
                if (found := self.links.meant(facts, one.args.get(facts.name))) is not None
            }
            values = [one.args[facts.name] for one in unit.objects if facts.name in one.args]
            lookup = f"{facts.name}_of_{kind}"
            keys = sorted({key for one in unit.objects if (key := self._key(one, facts))})
            if named:
                by_name: dict[str, Code] = {
                    one.name: Raw(self.resource(one) + ("" if facts.takes_resources and not one.found_by else ".id"))
                    for one in sorted(named, key=lambda one: one.name)
                }
                by_name |= {key: Call("config.require", [Raw(quoted(key))]) for key in keys}
                classes = sorted({f"{one.vendor}.{one.kind}" for one in named}) if facts.takes_resources else []
                hint = f": dict[str, {' | '.join([*classes, 'pulumi.Input[str]'])}]" if keys else ""
                lines.append(assigned(f"{lookup}{hint} = ", by_name))
            cell = Raw(f"row[{quoted(facts.name)}]")
            elsewhere = named and not keys and any(self.links.meant(facts, value) is None for value in values)
            said = _from_cell(facts, values[0], Raw(f"config.require({cell.text})") if keys else cell)
            if named:
                said = Call(f"{lookup}.get", [cell, cell]) if elsewhere else Raw(f"{lookup}[{cell.text}]")
            if len(values) == len(unit.objects):
                always[facts.name] = said
            else:
                sometimes.append((facts.name, said))
        name = Raw(f"row[{quoted('name')}]")
        opts = self._options(unit, lines)
        made, start = Call(f"{first.vendor}.{first.kind}", [name, *opts, Raw(f"**args_of_{kind}")]), ""
        if any(one in self.used for one in unit.objects):
            lines.append(f"{kind}_by_name: dict[str, {first.vendor}.{first.kind}] = {{}}")
            start = f"{kind}_by_name[{name.text}] = "
        args = f"args_of_{kind}: {first.vendor}.{first.kind}Args = "
        lines += [f"for row in rows({quoted(unit.table)}):", f"    {assigned(args, always, 4)}"]
        for column, said in sometimes:
            target = f"args_of_{kind}[{quoted(column)}] = "
            lines += [f"    if row[{quoted(column)}]:", f"        {assigned(target, said, 8)}"]
        return "\n".join([*lines, f"    {assigned(start, made, 4)}"])


KEY = "row"
"""The column of a fleet's keys."""


def columns_of(objects: Sequence[Found]) -> tuple[list[str], list[str]]:
    """The arguments that all say alike, and the others."""
    names = [name for name in as_people_say_them(provider_for(objects[0].token).model) if any_has(objects, name)]
    first = objects[0].args
    alike = [name for name in names if all(name in one.args and one.args[name] == first.get(name) for one in objects)]
    return alike, [name for name in names if name not in alike]


def any_has(objects: Sequence[Found], name: str) -> bool:
    return any(name in one.args for one in objects)


def fleet_table(objects: Sequence[Found]) -> str:
    _, columns = columns_of(objects)
    return as_csv([KEY, *columns], [[one.name, *(_plain(one.args.get(name)) for name in columns)] for one in objects])


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def fits_a_fleet(one: Found) -> bool:
    """Whether all that is said of an object fits into cells, of which none is empty, and a file of rows is read with
    nothing lost: it may hold no zero byte."""
    provider = provider_for(one.token)
    flat = all(isinstance(value, str | int | float) and value != "" for value in one.args.values())
    plain = flat and not any(str(value) != str(value).strip() or "\0" in str(value) for value in one.args.values())
    return plain and not (
        provider.no_fleet or one.secrets or one.found_by or KEY in provider.model or why_no_key(one.name)
    )


def fits_a_table(objects: Sequence[Found]) -> bool:
    """Whether objects are about one number each, and all that is said of them fits into cells."""
    dialled = objects[0].roles.dialled
    flat = all(isinstance(value, str | int | float) for one in objects for value in one.args.values())
    return dialled is not None and not dialled.inner and flat and not any(one.secrets for one in objects)


def is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > _LONG and all(isinstance(item, int) for item in value)


def _from_cell(facts: FieldFacts, value: Any, cell: Raw) -> Code:
    if isinstance(value, bool):
        return Raw(f'{cell.text} == "true"')
    if isinstance(value, int | float):
        return Call(type(value).__name__, [cell])
    return Call("word", [cell]) if "Literal[" in repr(facts.hint) else cell


def places(lists: Mapping[str, Sequence[int]]) -> Iterator[str]:
    return (f"{place:02}" for place in range(max(map(len, lists.values()))))


def long_rows(lists: Mapping[str, Sequence[int]]) -> list[list[str]]:
    return [[name, *map(str, lists[name])] for name in sorted(lists)]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return table_text([header, *rows])


def as_people_say_them(model: Model) -> list[str]:
    """The arguments: where it is, what it is called, what it must have, and the rest."""

    def place(name: str) -> int:
        said = model[name].meanings
        where = any(isinstance(mark, means.Inside) for mark in said)
        called = any(isinstance(mark, means.Label | means.Key | means.Dialled) for mark in said)
        return 0 if where else 1 if called else 2 if model[name].required else 3

    return sorted(model, key=place)
