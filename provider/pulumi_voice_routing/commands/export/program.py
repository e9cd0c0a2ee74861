"""The program that declares what was read: a module for each family of types, tables for what is long."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ...lifecycle.fleet_rows import row_name
from ...lifecycle.fleet_table import as_it_is
from ...lifecycle.model import FieldFacts, Values
from ...python_text import quoted
from ...registry import PRODUCTS, provider_for
from .account import Account, Found, ordered
from .code import Call, Code, Raw, assigned, imported, written
from .links import Links, all_types_named
from .names import camel, name_all, short, slug, snake, variable
from .portable import Outside, after, by_name, order, prepare, what_is_named
from .tables import (
    MOST_IN_CODE,
    MOST_ONE_BY_ONE,
    TABLES,
    Tables,
    Unit,
    as_csv,
    as_people_say_them,
    fits_a_fleet,
    fits_a_table,
    is_long,
    long_rows,
    places,
)


@dataclass
class Module:
    """A file of the program."""

    name: str
    units: list[Unit] = field(default_factory=list)


class Program(Tables):
    """The files that declare an account."""

    def __init__(self, name: str, account: Account, *, portable: bool = False, one_file: bool = False) -> None:
        self.name, self.account, self.portable, self.one_file = name, account, portable, one_file
        if portable:
            prepare(account)
        self.objects = account.objects
        name_all(self.objects)
        self.links = Links(self.objects)
        for one in self.objects:
            one.before.sort(key=by_name)  # which its arguments list as well
            one.args = self.links.in_order(one)
        self.first = order(self.objects) if portable else {}
        self._named = {
            one: list(dict.fromkeys([*self.links.of(one), *self.first.get(one, ())])) for one in self.objects
        }
        self.secrets = self._secret_keys()
        self.used = {found for named in self._named.values() for found in named}
        self._variables = self._names_of_variables()
        self._units = self._all_units()
        self._of = {one: unit for unit in self._units for one in unit.objects}
        self.modules = self._all_modules()
        self.outside = Outside.of(self.in_order(), self.links) if portable else Outside()
        self._declared: set[Unit] = set()
        self._looked_up: dict[str, str] = {}
        self.lists: dict[str, dict[str, list[int]]] = {}

    def files(self) -> dict[str, str]:
        """Every file of Python and every table, by its path."""
        files: dict[str, str] = {}
        for module in self.modules:
            said = f"{_said(module.name)}, as `voice-routing export` found it."
            files[f"{module.name}.py"] = self._module(module, said)
            files |= {unit.table: self.table(unit) for unit in module.units if unit.table}
        files |= {name: as_csv(["row", *places(lists)], long_rows(lists)) for name, lists in self.lists.items()}
        if any(name.endswith(".csv") for name in files):
            files["tables.py"] = TABLES
        files["__main__.py"] = self._main()
        return files

    def text(self, said: str) -> str:
        """The program as one file, which begins with these words."""
        return "".join(self._module(module, said) for module in self.modules) or f'"""{said}"""\n'

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
                free = (key for way in (*ways, *numbered) if (key := camel(way)) not in keys.values())
                keys[one, name] = next(free)
        return keys

    def _names_of_variables(self) -> dict[Found, str]:
        names: dict[Found, str] = {}
        taken: set[str] = set()
        for one in self.objects:
            plain, longer = short(one) if self.one_file else "", variable(one)
            ways = chain([plain], (_nth(longer, count) for count in range(1, len(self.objects) + 2)))
            names[one] = next(name for name in ways if name and name not in taken)
            taken.add(names[one])
        return names

    # Order

    def _all_units(self) -> list[Unit]:
        by_type: defaultdict[str, list[Found]] = defaultdict(list)
        for one in self.objects:
            by_type[one.token].append(one)
        units: list[Unit] = []
        for token in self._types_in_order(by_type):
            fleets, rest = self._in_fleets(sorted(by_type[token], key=lambda one: one.name))
            units += fleets
            if len(rest) > MOST_IN_CODE and not self.one_file and fits_a_table(rest):
                file = f"{snake(rest[0].kind)}.csv"
                units.append(Unit(rest, file if file not in {unit.table for unit in fleets} else f"other-{file}"))
            else:
                units += [Unit([one]) for one in rest]
        return units

    def _in_fleets(self, some: Sequence[Found]) -> tuple[list[Unit], list[Found]]:
        """A fleet of all that are alike, where they are many; and the others."""
        alike: defaultdict[tuple[tuple[str, str], ...], list[Found]] = defaultdict(list)
        for one in some:
            alike[tuple(sorted(self._not_in_cells(one)))].append(one)
        many = {} if self.one_file else {key: those for key, those in alike.items() if _many(those)}
        units: list[Unit] = []
        taken: set[str] = set()
        for those in many.values():
            around = next((it.name for it in self._named[those[0]]), "")
            kind = snake(those[0].kind).replace("_", "-").removesuffix("s")
            base = f"{kind}s" + (f"-{around}" if len(many) > 1 and around else "")
            name = next(way for way in (_nth(base, count) for count in range(1, len(many) + 2)) if way not in taken)
            taken.add(name)
            units.append(Unit(those, f"{name}.csv", fleet=name))
        rest = [one for key, those in alike.items() if key not in many for one in those]
        return units, sorted(rest, key=lambda one: one.name)

    def _not_in_cells(self, one: Found) -> Iterator[tuple[str, str]]:
        """What is said of an object that no cell of a table can hold: what it names, and what is there before it."""
        model = provider_for(one.token).model
        for name, value in one.args.items():
            here = self.links.meant(model[name], value) is not None
            if here or (self.portable and what_is_named(model[name], value, one.args)):
                yield name, str(value)
        for first in self.first.get(one, ()):
            yield "", f"{first.token} {first.name}"

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
        family = {unit: self.name if self.one_file else _family(unit.token) for unit in self._units}
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

    def _module(self, module: Module, said: str) -> str:
        here = {one for unit in module.units for one in unit.objects}
        body: list[str] = []
        self._looked_up = {}
        for unit in module.units:
            body.append(self._declared_by(unit))
            self._declared.add(unit)
        text = "\n\n".join(filter(None, body))
        others: defaultdict[str, set[str]] = defaultdict(set)
        for one in here:
            for named in self._named[one]:
                if named not in here:
                    others[self._module_of(named)].add(self._holder(named))
        used = [name for name in ("numbers", "rows", "word") if re.search(rf"\b{name}\(", text)]
        looks = [f"{name} = {look_up}" for name, look_up in sorted(self._looked_up.items())]
        local = {**others, **({"tables": set(used)} if used else {})}
        vendors = sorted({one.vendor for one in here})
        config = re.search(r"\bconfig\.require", text) is not None
        imports = ["import pulumi"] if config or "pulumi.ResourceOptions(" in text else []
        imports.append(imported("pulumi_voice_routing", vendors))
        parts = [f'"""{said}"""', "\n".join(imports)]
        if local:
            parts.append("\n".join(imported(name, local[name]) for name in sorted(local)))
        if config:
            parts.append("config = pulumi.Config()")
        if looks:
            parts.append("\n".join(looks))
        return "\n\n".join(filter(None, [*parts, text])) + "\n"

    def _declared_by(self, unit: Unit) -> str:
        if unit.fleet:
            return self.fleet(unit, self._fleet_variable(unit))
        return self.loop(unit) if unit.table else self._statement(unit.objects[0])

    def shared(self, one: Found, facts: FieldFacts, value: Any) -> Code:
        return self._code(one, facts, as_it_is(value) if isinstance(value, str) else value)

    @staticmethod
    def _fleet_variable(unit: Unit) -> str:
        return snake(camel(unit.fleet))

    def fleets(self) -> list[Unit]:
        """Those that the program declares."""
        return [unit for unit in self._units if unit.fleet]

    def name_in_state(self, one: Found) -> str:
        """What the state calls an object once the program has been run."""
        unit = self._of[one]
        return row_name(unit.fleet, one.name) if unit.fleet else one.name

    def _module_of(self, one: Found) -> str:
        unit = self._of[one]
        return next(module.name for module in self.modules if unit in module.units)

    def _holder(self, one: Found) -> str:
        """The name that a module gives out for an object: its variable, or the dictionary that it is in."""
        unit = self._of[one]
        if unit.fleet:
            return self._fleet_variable(unit)
        return f"{snake(one.kind)}_by_name" if unit.table else self._variables[one]

    def is_table(self, one: Found) -> bool:
        return bool(self._of[one].table)

    def resource(self, one: Found) -> str:
        unit = self._of[one]
        return f"{self._holder(one)}[{quoted(one.name)}]" if unit.table else self._variables[one]

    def _statement(self, one: Found) -> str:
        model = provider_for(one.token).model
        named: dict[str, Code] = {}
        for name in as_people_say_them(model):
            if name in one.args:
                named[name] = self._code(one, model[name], one.args[name], remark=self._remark(one, name))
            elif name in one.secrets:
                named[name] = Call("config.require_secret", [Raw(quoted(self.secrets[one, name]))])
        call = Call(f"{one.vendor}.{one.kind}", [Raw(quoted(one.name))], named)
        if one.found_by:
            call = _found(one.found_by, named)
        elif first := self.names_before(one):
            named["opts"] = after(first)
        elif one.options:
            said = ", ".join(f"{name}={value}" for name, value in one.options.items())
            named["opts"] = Raw(f"pulumi.ResourceOptions({said})")
        if one not in self.used and not self.one_file:
            return "" if one.found_by else written(call)
        return assigned(f"{self._variables[one]} = ", call)

    def names_before(self, one: Found) -> list[str]:
        """How the program names what must be there before an object; a row by its fleet."""
        there = [it for it in self.first.get(one, ()) if self._is_there(it)]
        names = (self._holder(it) if self._of[it].fleet else self.resource(it) for it in there)
        return list(dict.fromkeys(names))

    def _remark(self, one: Found, name: str) -> str:
        called = provider_for(one.token).called_elsewhere(one.id).get(name) if one.id else ""
        what = what_is_named(provider_for(one.token).model[name], one.args[name]) if called else ""
        return f"{what} {called!r}" if called else ""

    def _is_there(self, one: Found) -> bool:
        return self._of[one] in self._declared

    def _code(self, one: Found, facts: FieldFacts, value: Any, *beside: Values, remark: str = "") -> Code:
        if isinstance(value, list):
            return [code for item in self._whole_fleets(facts, value) for code in self._item(one, facts, item, *beside)]
        if isinstance(value, dict):
            return {
                name: self.long(one, value, item)
                if is_long(item) and not self.one_file
                else self._code(one, (facts.rows or {}).get(name, facts), item, value)
                for name, item in value.items()
            }
        found = self.links.meant(facts, value)
        if found is None or self._of[found] not in self._declared:
            return self._literal(one, facts, value, *beside, remark=remark)
        said = self.resource(found)
        if facts.takes_resources and not found.found_by:
            return Raw(said)
        if value == found.id:
            return Raw(f"{said}.id")
        if found.found_by:
            return Raw(f'{said}.id.rpartition("/")[2]')
        return Call(f"{said}.id.apply", [Raw('lambda id_: id_.rpartition("/")[2]')])

    def _item(self, one: Found, facts: FieldFacts, item: Any, *beside: Values) -> Iterator[Code]:
        if isinstance(item, Unit):
            yield Raw(f"*{self._fleet_variable(item)}.values()")
        else:
            yield self._code(one, facts, item, *beside)

    def _whole_fleets(self, facts: FieldFacts, items: Sequence[Any]) -> Iterator[Any]:
        """The items of a list, with a fleet in the place of all of its rows one after the other."""
        found = [None if isinstance(item, dict | list) else self.links.meant(facts, item) for item in items]
        place = 0
        while place < len(items):
            one = found[place]
            unit = self._of[one] if one is not None else None
            rows = list(unit.objects) if unit is not None and unit.fleet and facts.takes_resources else []
            if unit is not None and rows and unit in self._declared and found[place : place + len(rows)] == rows:
                yield unit
                place += len(rows)
            else:
                yield items[place]
                place += 1

    def _literal(self, one: Found, facts: FieldFacts, value: Any, *beside: Values, remark: str) -> Code:
        """A value that names no object of the program; an id of something else only where ids may be."""
        looked_up = self.outside.variable(facts, value)
        if looked_up is not None:
            self._looked_up[looked_up[0]] = looked_up[1]
            return Raw(looked_up[0])
        home = one.home.args if one.home is not None else {}
        key = self.outside.key(facts, value, *beside, one.args, home)
        if key:
            return Call("config.require", [Raw(quoted(key), remark)])
        return Raw(quoted(value) if isinstance(value, str) else repr(value), remark)

    def _main(self) -> str:
        names: Code = [Raw(quoted(module.name)) for module in self.modules]
        start = "for family in "
        return (
            f'"""{_said(self.name)}: the phone routing of a living account, read by `voice-routing export`."""\n\n'
            "import importlib\n\nfrom pulumi_voice_routing import guard\n\n"
            "guard()  # before anything is declared\n"
            f"{start}{written(names, before=len(start), after=1)}:\n    importlib.import_module(family)\n"
        )


def _found(look_up: str, named: Mapping[str, Code]) -> Call:
    """The call of a look-up, with what the program says in the place of the names of arguments."""
    what, _, inner = look_up.removesuffix(")").partition("(")
    for name, code in named.items():
        inner = inner.replace(f"{{{name}}}", written(code))
    return Call(what, [Raw(inner)])


def _many(objects: Sequence[Found]) -> bool:
    return len(objects) > MOST_ONE_BY_ONE and all(map(fits_a_fleet, objects))


def _nth(name: str, count: int) -> str:
    return name if count == 1 else f"{name}_{count}"


def _said(name: str) -> str:
    first, *others = name.replace("_", " ").replace("-", " ").split() or ["phone", "routing"]
    return " ".join([PRODUCTS.get(first) or first.capitalize(), *others])


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


__all__ = ["Program", "slug"]
