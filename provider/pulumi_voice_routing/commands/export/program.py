"""The program that declares what was read: a module for each family of types, tables for what is long."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...lifecycle import meaning as means
from ...lifecycle.model import FieldFacts, Model, Values
from ...registry import provider_for
from .account import Account, Found, ordered
from .code import Call, Code, Raw, imported, quoted, written
from .links import Links, all_types_named
from .names import name_all, slug, snake, variable

MOST_IN_CODE = 50
"""More numbers than these stand in a table."""
_LONG = 12
"""A longer list of numbers stands in a table."""
_TABLES = '''"""The tables beside this program."""

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


@dataclass(eq=False)
class Unit:
    """What is declared together: one object, or all of a type in a table."""

    objects: Sequence[Found]
    table: str = ""
    """The file; empty for one object."""

    @property
    def token(self) -> str:
        return self.objects[0].token


@dataclass
class Module:
    """A file of the program."""

    name: str
    units: list[Unit] = field(default_factory=list)


class Program:
    """The files that declare an account."""

    def __init__(self, name: str, account: Account, *, portable: bool = False) -> None:
        self.name, self.account, self.portable = name, account, portable
        self.objects = account.objects
        name_all(one for one in self.objects if not one.name)
        self.links = Links(self.objects)
        self._named = {one: self.links.of(one) for one in self.objects}
        self.secrets = self._secret_keys()
        self._used = {found for named in self._named.values() for found in named}
        self._variables = self._names_of_variables()
        self._units = self._all_units()
        self._of = {one: unit for unit in self._units for one in unit.objects}
        self.modules = self._all_modules()
        self._declared: set[Unit] = set()
        self._lists: dict[str, dict[str, list[int]]] = {}

    def files(self) -> dict[str, str]:
        """Every file of Python and every table, by its path."""
        files: dict[str, str] = {}
        for module in self.modules:
            files[f"{module.name}.py"] = self._module(module)
            files |= {unit.table: self._table(unit) for unit in module.units if unit.table}
        files |= {name: _csv(["row", *_places(lists)], _long_rows(lists)) for name, lists in self._lists.items()}
        if any(name.endswith(".csv") for name in files):
            files["tables.py"] = _TABLES
        files["__main__.py"] = self._main()
        return files

    def declaration(self, one: Found) -> str:
        """The lines that declare one object, and those that they need."""
        lines = ["config = pulumi.Config()"] if one.secrets else []
        return "\n".join([*lines, self._statement(one)])

    def inputs(self, one: Found) -> Values:
        """What the engine gets from the program for an object, without secrets."""
        model = provider_for(one.token).model
        return {name: self.links.declared(model[name], value) for name, value in one.args.items()}

    def in_order(self) -> list[Found]:
        """The objects as the program declares them: what others name comes before these."""
        return [one for module in self.modules for unit in module.units for one in unit.objects]

    def named_by(self, one: Found) -> list[Found]:
        """The objects that an object's declaration names."""
        return self._named[one]

    # Names

    def _secret_keys(self) -> dict[tuple[Found, str], str]:
        keys: dict[tuple[Found, str], str] = {}
        for one in self.objects:
            for name in one.secrets:
                ways = (f"{one.name}-{name}", f"{one.name}-{snake(one.kind)}-{name}")
                numbered = (f"{ways[1]}-{count}" for count in range(2, len(self.objects) + 2))
                free = (key for way in (*ways, *numbered) if (key := _camel(way)) not in keys.values())
                keys[one, name] = next(free)
        return keys

    def _names_of_variables(self) -> dict[Found, str]:
        names: dict[Found, str] = {}
        taken: set[str] = set()
        for one in self.objects:
            name = variable(one)
            names[one] = next(
                free for count in range(1, len(self.objects) + 2) if (free := _nth(name, count)) not in taken
            )
            taken.add(names[one])
        return names

    # Order

    def _all_units(self) -> list[Unit]:
        by_type: defaultdict[str, list[Found]] = defaultdict(list)
        for one in self.objects:
            by_type[one.token].append(one)
        units: list[Unit] = []
        for token in self._types_in_order(by_type):
            some = sorted(by_type[token], key=lambda one: one.name)
            if len(some) > MOST_IN_CODE and _fits_a_table(some):
                units.append(Unit(some, f"{snake(some[0].kind)}.csv"))
            else:
                units += [Unit([one]) for one in some]
        return units

    def _types_in_order(self, present: Iterable[str]) -> list[str]:
        """Those that are named by others first."""
        done: list[str] = []
        busy: set[str] = set()

        def add(token: str) -> None:
            if token in busy:
                return
            busy.add(token)
            for other in sorted(all_types_named(token)):
                add(other)
            done.append(token)

        for vendor in sorted({token.partition(":")[0] for token in present}):
            for token in ordered(vendor):
                add(token)
        return [token for token in done if token in set(present)]

    def _all_modules(self) -> list[Module]:
        family = {unit: _family(unit.token) for unit in self._units}
        needs: defaultdict[str, set[str]] = defaultdict(set)
        for unit in self._units:
            needs[family[unit]] |= {family[self._of[one]] for each in unit.objects for one in self._named[each]}
        reach = {name: _reached(name, needs) for name in dict.fromkeys(family.values())}
        # Families that need one another are one module: neither could be imported before the other.
        one_of = {
            name: min({other for other in reach[name] if name in reach.get(other, ())} | {name}) for name in reach
        }
        modules: dict[str, Module] = {}
        placed: set[Unit] = set()

        def place(unit: Unit) -> None:
            if unit in placed:
                return
            placed.add(unit)
            for each in unit.objects:
                for one in self._named[each]:
                    place(self._of[one])
            name = one_of[family[unit]]
            modules.setdefault(name, Module(name)).units.append(unit)

        for unit in self._units:
            place(unit)
        order: list[str] = []

        def follow(name: str) -> None:
            if name not in order:
                for other in sorted({one_of[need] for need in reach[name]} - {name}):
                    if name not in {one_of[need] for need in reach[other]}:
                        follow(other)
                order.append(name)

        for name in sorted(modules):
            follow(name)
        return [modules[name] for name in order if name in modules]

    # Code

    def _module(self, module: Module) -> str:
        here = {one for unit in module.units for one in unit.objects}
        body: list[str] = []
        for unit in module.units:
            body.append(self._loop(unit) if unit.table else self._statement(unit.objects[0]))
            self._declared.add(unit)
        text = "\n\n".join(body)
        others: defaultdict[str, set[str]] = defaultdict(set)
        for one in here:
            for named in self._named[one]:
                if named not in here:
                    others[self._module_of(named)].add(self._holder(named))
        used = [name for name in ("numbers", "rows", "word") if re.search(rf"\b{name}\(", text)]
        local = {**others, **({"tables": set(used)} if used else {})}
        vendors = sorted({one.vendor for one in here})
        secret = any(one.secrets for one in here)
        imports = ["import pulumi"] if secret else []
        imports.append(imported("pulumi_voice_routing", vendors))
        parts = [f'"""{_said(module.name)}, as `voice-routing export` found it."""', "\n".join(imports)]
        if local:
            parts.append("\n".join(imported(name, local[name]) for name in sorted(local)))
        if secret:
            parts.append("config = pulumi.Config()")
        return "\n\n".join([*parts, text]) + "\n"

    def _module_of(self, one: Found) -> str:
        unit = self._of[one]
        return next(module.name for module in self.modules if unit in module.units)

    def _holder(self, one: Found) -> str:
        """The name that a module gives out for an object: its variable, or the dictionary that it is in."""
        unit = self._of[one]
        return f"{snake(one.kind)}_by_name" if unit.table else self._variables[one]

    def _resource(self, one: Found) -> str:
        unit = self._of[one]
        return f"{self._holder(one)}[{quoted(one.name)}]" if unit.table else self._variables[one]

    def _statement(self, one: Found) -> str:
        model = provider_for(one.token).model
        remarks = provider_for(one.token).called_elsewhere(one.id)
        named: dict[str, Code] = {}
        for name in _as_people_say_them(model):
            if name in one.args:
                named[name] = self._code(one, model[name], one.args[name], remarks.get(name, ""))
            elif name in one.secrets:
                named[name] = Call("config.require_secret", [Raw(quoted(self.secrets[one, name]))])
        call = Call(f"{one.vendor}.{one.kind}", [Raw(quoted(one.name))], named)
        if one not in self._used:
            return written(call)
        start = f"{self._variables[one]} = "
        return start + written(call, before=len(start))

    def _code(self, one: Found, facts: FieldFacts, value: Any, remark: str = "") -> Code:
        if isinstance(value, list):
            return [self._code(one, facts, item) for item in value]
        if isinstance(value, dict):
            return {
                name: self._long(one, value, item)
                if _is_long(item)
                else self._code(one, (facts.rows or {}).get(name, facts), item)
                for name, item in value.items()
            }
        found = self.links.meant(facts, value)
        if found is None or self._of[found] not in self._declared:
            return Raw(quoted(value) if isinstance(value, str) else repr(value), remark)
        said = self._resource(found)
        if facts.takes_resources:
            return Raw(said)
        if value == found.id:
            return Raw(f"{said}.id")
        return Call(f"{said}.id.apply", [Raw('lambda id_: id_.rpartition("/")[2]')])

    def _long(self, one: Found, row: Mapping[str, Any], item: list[int]) -> Code:
        """A list in a table of the object's own, in the row that has the name of what the list is about."""
        model = provider_for(one.token).model
        facts = {name: inner for each in model.values() for name, inner in (each.rows or {}).items()}
        named = (self.links.meant(facts[name], said) for name, said in row.items() if name in facts)
        about = next((found.name for found in named if found is not None), "")
        file = f"{snake(one.kind)}/{one.name}.csv"
        lists = self._lists.setdefault(file, {})
        about = about or str(len(lists) + 1)
        lists[about] = item
        return Call("numbers", [Raw(quoted(file)), Raw(quoted(about))])

    # Tables

    def _columns(self, unit: Unit) -> list[FieldFacts]:
        used = {name for one in unit.objects for name in one.args}
        model = provider_for(unit.token).model
        return [model[name] for name in _as_people_say_them(model) if name in used]

    def _table(self, unit: Unit) -> str:
        columns = self._columns(unit)
        rows = [
            [
                one.name,
                *(self._cell(facts, one.args[facts.name]) if facts.name in one.args else "" for facts in columns),
            ]
            for one in unit.objects
        ]
        return _csv(["name", *(facts.name for facts in columns)], rows)

    def _cell(self, facts: FieldFacts, value: Any) -> str:
        found = self.links.meant(facts, value)
        if found is not None or value is None:
            return found.name if found is not None else ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _loop(self, unit: Unit) -> str:
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
            if named:
                by_name: dict[str, Code] = {
                    one.name: Raw(self._resource(one) + ("" if facts.takes_resources else ".id"))
                    for one in sorted(named, key=lambda one: one.name)
                }
                lines += [f"{lookup} = " + written(by_name, before=len(lookup) + 3)]
            cell = Raw(f"row[{quoted(facts.name)}]")
            elsewhere = named and any(self.links.meant(facts, value) is None for value in values)
            said = _from_cell(facts, values[0], cell)
            if named:
                said = Call(f"{lookup}.get", [cell, cell]) if elsewhere else Raw(f"{lookup}[{cell.text}]")
            if len(values) == len(unit.objects):
                always[facts.name] = said
            else:
                sometimes.append((facts.name, said))
        name = Raw(f"row[{quoted('name')}]")
        made, start = Call(f"{first.vendor}.{first.kind}", [name, Raw(f"**args_of_{kind}")]), ""
        if any(one in self._used for one in unit.objects):
            lines.append(f"{kind}_by_name: dict[str, {first.vendor}.{first.kind}] = {{}}")
            start = f"{kind}_by_name[{name.text}] = "
        args = f"args_of_{kind}: {first.vendor}.{first.kind}Args = "
        lines += [f"for row in rows({quoted(unit.table)}):", f"    {args}{written(always, 4, len(args))}"]
        for column, said in sometimes:
            target = f"args_of_{kind}[{quoted(column)}] = "
            lines += [f"    if row[{quoted(column)}]:", f"        {target}{written(said, 8, len(target))}"]
        return "\n".join([*lines, f"    {start}{written(made, 4, len(start))}"])

    def _main(self) -> str:
        names: Code = [Raw(quoted(module.name)) for module in self.modules]
        start = "for family in "
        return (
            f'"""{_said(self.name)}: the phone routing of a living account, read by `voice-routing export`."""\n\n'
            "import importlib\n\nfrom pulumi_voice_routing import guard\n\n"
            "guard()  # before anything is declared\n"
            f"{start}{written(names, before=len(start), after=1)}:\n    importlib.import_module(family)\n"
        )


def _as_people_say_them(model: Model) -> list[str]:
    """The arguments: where it is, what it is called, what it must have, and the rest."""

    def place(name: str) -> int:
        said = model[name].meanings
        where = any(isinstance(mark, means.Inside) for mark in said)
        called = any(isinstance(mark, means.Label | means.Key | means.Dialled) for mark in said)
        return 0 if where else 1 if called else 2 if model[name].required else 3

    return sorted(model, key=place)


def _nth(name: str, count: int) -> str:
    return name if count == 1 else f"{name}_{count}"


def _said(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").split()
    return " ".join([words[0].capitalize(), *words[1:]]) if words else "Phone routing"


def _camel(name: str) -> str:
    first, *rest = re.split(r"[-_]", name)
    return first + "".join(word.capitalize() for word in rest)


def _family(token: str) -> str:
    """The module of a type: its vendor, and the family that the package keeps it in."""
    vendor = token.partition(":")[0]
    inner = type(provider_for(token)).__module__.partition(f".{vendor}.")[2].split(".")[:-1]
    return "_".join([vendor, *(inner or ["routing"])])


def _reached(start: str, needs: Mapping[str, set[str]]) -> set[str]:
    reached, left = set[str](), [start]
    while left:
        new = needs.get(left.pop(), set()) - reached
        reached |= new
        left += new
    return reached


def _fits_a_table(objects: Sequence[Found]) -> bool:
    """Whether objects are about one number each, and all that is said of them fits into cells."""
    dialled = objects[0].roles.dialled
    flat = all(isinstance(value, str | int | float) for one in objects for value in one.args.values())
    return dialled is not None and not dialled.inner and flat and not any(one.secrets for one in objects)


def _is_long(value: Any) -> bool:
    return isinstance(value, list) and len(value) > _LONG and all(isinstance(item, int) for item in value)


def _from_cell(facts: FieldFacts, value: Any, cell: Raw) -> Code:
    if isinstance(value, bool):
        return Raw(f'{cell.text} == "true"')
    if isinstance(value, int | float):
        return Call(type(value).__name__, [cell])
    return Call("word", [cell]) if "Literal[" in repr(facts.hint) else cell


def _places(lists: Mapping[str, Sequence[int]]) -> Iterator[str]:
    return (f"{place:02}" for place in range(max(map(len, lists.values()))))


def _long_rows(lists: Mapping[str, Sequence[int]]) -> list[list[str]]:
    return [[name, *map(str, lists[name])] for name in sorted(lists)]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


__all__ = ["Program", "slug"]
