"""Writes docs/reference from the models: one page for each resource type, one for look-ups, one for value types.

`make docs` runs it. A test compares the pages with what it would write. Descriptions are the docstrings of the classes
and of their fields; examples are statements of the programs under `programs/` and in the guides.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import griffe
from typing_extensions import is_typeddict

import pulumi_voice_routing
from pulumi_voice_routing.lifecycle import fields as value_types
from pulumi_voice_routing.lifecycle.meaning import DECIDES, AtEnd, Needs
from pulumi_voice_routing.lifecycle.model import FieldFacts, Model, model_of
from pulumi_voice_routing.lifecycle.resource import Resource

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import reference_source as code  # noqa: E402
from tools.reference_calls import calls, calls_table, needed, operations  # noqa: E402

FOLDER = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by tools/reference.py from the code. Change the docstrings there, then run `make docs`. -->"
ADOPTION = {
    "adopt": "Adopt the object with the same `{key}` instead of failing; create it if there is none. Default: false.",
    "adopt_id": "Adopt the object with this id; it is an error if there is none.",
}
WRAPPERS = {"Required", "NotRequired", "Annotated", "Input"}


def main() -> None:
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in set(FOLDER.rglob("*.md")) - set(pages()):
        path.unlink()


def pages() -> dict[Path, str]:
    """Every page, by the file it belongs in."""
    found = {
        FOLDER / "README.md": index(),
        FOLDER / "values.md": values_page(),
        FOLDER / "operations.md": operations_page(),
    }
    for vendor, module in vendors().items():
        for kind in resources(module):
            found[FOLDER / vendor / page_name(kind)] = page(vendor, kind)
        if functions(module):
            found[FOLDER / vendor / "lookups.md"] = lookups_page(vendor, module)
    return found


@functools.cache
def vendors() -> dict[str, ModuleType]:
    """The packages that offer resource types."""
    package = pulumi_voice_routing.__name__
    names = [module.name for module in pkgutil.iter_modules(pulumi_voice_routing.__path__) if module.ispkg]
    found = {name: importlib.import_module(f"{package}.{name}") for name in names}
    return {name: module for name, module in found.items() if resources(module)}


def resources(module: ModuleType) -> list[type[Resource]]:
    """The resource types that a vendor's module offers."""
    public = (getattr(module, name) for name in getattr(module, "__all__", ()))
    return [kind for kind in public if inspect.isclass(kind) and issubclass(kind, Resource)]


def functions(module: ModuleType) -> list[Any]:
    """The look-up functions that a vendor's module offers."""
    return [item for name in module.__all__ if inspect.isfunction(item := getattr(module, name))]


def page_name(kind: type[Resource]) -> str:
    return f"{sys.modules[kind.__module__].__name__.rpartition('.')[2]}.md"


# Pages


def index() -> str:
    lines = [
        "# Reference",
        "",
        "One page for each resource type. [Value types](values.md) says what values may look like, and",
        "[operations](operations.md) what the numbers of calls mean, such as `CR-04`.",
    ]
    for vendor, module in vendors().items():
        lines += ["", f"## {vendor}", "", "| Type | Is | Token |", "|---|---|---|"]
        for kind in resources(module):
            link = f"[`{vendor}.{kind.__name__}`]({vendor}/{page_name(kind)})"
            lines.append(f"| {link} | {cell(summary(kind))} | `pulumi-python:dynamic/{kind.lifecycle.token}` |")
        if functions(module):
            lines += ["", f"[Look-ups]({vendor}/lookups.md) are functions that find existing objects."]
    return finished(lines)


def page(vendor: str, kind: type[Resource]) -> str:
    args = kind.lifecycle.args
    model = model_of(args)
    lines = [
        f"# {vendor}.{kind.__name__}",
        "",
        *text(inspect.getdoc(kind) or ""),
        "",
        f"- Token: `pulumi-python:dynamic/{kind.lifecycle.token}`",
        f"- Id: {id_form(kind)}",
        f"- Import: {how_to_import(kind)}",
        f"- Vendor's reference: {vendor_page(vendor)}",
    ]
    shown = example(vendor, kind)
    if shown:
        lines += ["", "## Example", "", "```python", shown, "```"]
    lines += [
        "",
        "## Arguments",
        "",
        *text(code.said(code.source(args))),
        "",
        "Every value may be an output of another resource. *Replaces*: another value makes a new object.",
        "*At creation*: read when the resource is created, and ignored afterwards.",
        "",
        *table(args, getattr(kind.lifecycle(), "key", "name")),
    ]
    for nested in code.nested_types(args):
        lines += ["", f"### {nested.__name__}", "", *text(code.said(code.source(nested))), "", *table(nested)]
    for name, alias in explained(args).items():
        lines += ["", f"### {name}", "", *text(code.said(alias)), *one_of(alias)]
    lines += ["", "## Outputs", "", *outputs(kind)]
    noticed = meanings(model)
    if noticed:
        lines += ["", "## What callers notice", "", "No other argument sends calls anywhere, or stops them."]
        lines += ["", "| It says | Arguments |", "|---|---|", *noticed]
    lines += calls(vendor, kind)
    ends = at_the_end(kind)
    if ends:
        lines += ["", "## When it is destroyed", "", f"{cell(ends)}. [Destroying](../../destroying.md) has more."]
    return finished(lines)


def values_page() -> str:
    lines = ["# Value types", "", "What the types in the tables of arguments accept."]
    types = cast(griffe.Module, code.at(value_types.__name__))
    for name, one in types.attributes.items():
        if name in value_types.__all__:
            lines += ["", f"## {name}", "", *text(code.said(one))]
    return finished(lines)


def operations_page() -> str:
    lines = [
        "# Operations",
        "",
        "What the numbers of calls stand for, in error lines, in the trace and in the emulator's journal. They are",
        "this project's own. Paths are shortened: three dots stand for what holds the object.",
    ]
    for vendor in vendors():
        lines += ["", f"## {vendor}", "", f"Vendor's reference: {vendor_page(vendor)}", "", *needed(vendor), ""]
        lines += calls_table(vendor, [number for number, _, _ in operations(vendor)])
    return finished(lines)


def lookups_page(vendor: str, module: ModuleType) -> str:
    lines = [
        f"# {vendor} look-ups",
        "",
        "Functions that find objects which exist already, while the program runs. Each has an example; a name such as",
        "`support` in it stands for what another example has found.",
    ]
    for function in functions(module):
        read = cast(griffe.Function, code.at(f"{function.__module__}.{function.__name__}"))
        lines += ["", f"## {function.__name__}", "", f"    {vendor}.{read.signature()}", "", *text(code.said(read))]
        lines += ["", "```python", example_of(f"{vendor}.{function.__name__}"), "```"]
    for record in (getattr(module, name) for name in module.__all__):
        if is_dataclass(record):
            names = (f"`{field.name}` ({field.type})" for field in dataclass_fields(record))
            said = text(inspect.getdoc(record) or "")
            lines += ["", f"## {cast(type, record).__name__}", "", *said, f"Fields: {', '.join(names)}."]
    return finished(lines)


# Parts of a page


def table(args: type, key: str = "name") -> list[str]:
    """``key`` is the argument that tells objects apart which can be adopted."""
    rows = ["| Argument | Type | Rules | Vendor's field | What it is |", "|---|---|---|---|---|"]
    model = model_of(args)
    for name, (annotation, said, module) in code.fields(args).items():
        facts = model[name]
        wire = f"`{facts.wire}`" if facts.wire else ""
        if facts.wire:
            said = re.sub(rf"Vendor: ``({re.escape(facts.wire)}|{facts.wire.rpartition('.')[2]})``[.;] ?", "", said)
        if name in ADOPTION and module.endswith((".adoption", "portsip.fields")):
            said = ADOPTION[name].format(key=key)
        rows.append(f"| `{name}` | {type_text(annotation)} | {rules(facts)} | {wire} | {cell(said)} |")
    return rows


def rules(facts: FieldFacts) -> str:
    said = {
        "**required**": facts.required,
        "replaces": facts.immutable,
        "at creation": facts.create_only,
        "secret": facts.secret,
    }
    return ", ".join(word for word, holds in said.items() if holds)


def type_text(type_: code.Type) -> str:
    """The type as a user writes it: without Pulumi's wrappers and our markers."""
    if isinstance(type_, griffe.ExprBinOp):
        return f"{type_text(type_.left)} or {type_text(type_.right)}"
    if not isinstance(type_, griffe.ExprSubscript):
        return named_type(type_)
    name = str(type_.left)
    first, *others = type_.slice.elements if isinstance(type_.slice, griffe.ExprTuple) else [type_.slice]
    if name == "Literal":
        return " or ".join(f'`"{ast.literal_eval(str(value))}"`' for value in (first, *others))
    if name in WRAPPERS:
        return type_text(first) + "".join(map(limits, others))
    if name in ("Sequence", "list"):
        return f"list of {type_text(first)}"
    if name in ("Mapping", "dict"):
        return f"mapping of {type_text(first)} to {type_text(others[0])}"
    raise NotImplementedError(f"no words for the type {type_}")


def named_type(type_: code.Type) -> str:
    name = str(type_)
    if name in value_types.__all__:
        return f"[{name}](../values.md#{name.lower()})"
    there = code.meant(type_)
    found = None if there is None else code.runtime(there)
    if inspect.isclass(found) and issubclass(found, Resource):
        return f"[{name}]({page_name(found)})"
    if is_typeddict(found):
        return f"[{name}](#{name.lower()})"
    alias = code.alias(type_)
    if alias is None:
        return f"`{name}`"
    return f"[{name}](#{name.lower()})" if alias.docstring else type_text(cast(griffe.Expr, alias.value))


def explained(args: type) -> dict[str, griffe.Attribute]:
    """The names for types that stand in the fields and in those of nested types, as far as they are described."""
    found: dict[str, griffe.Attribute] = {}
    for one in (args, *code.nested_types(args)):
        for field in code.fields(one).values():
            for name in code.names_in(field.type):
                alias = code.alias(name)
                if alias is not None and alias.docstring and name.name not in value_types.__all__:
                    found.setdefault(name.name, alias)
    return found


def one_of(alias: griffe.Attribute) -> list[str]:
    """The words that it allows, when it is a choice of words."""
    if not (isinstance(alias.value, griffe.ExprSubscript) and str(alias.value.left) == "Literal"):
        return []
    return ["", f"One of {type_text(alias.value).replace(' or ', ', ')}."]


def limits(type_: code.Type) -> str:
    """What `Field(...)` allows, in words."""
    if not (isinstance(type_, griffe.ExprCall) and str(type_.function) == "Field"):
        return ""
    said = {"ge": "{} or more", "le": "{} or less", "min_length": "at least {} of them", "max_length": "at most {}"}
    words = [word for word in type_.arguments if isinstance(word, griffe.ExprKeyword)]
    bounds = {word.name: _value(word.value) for word in words}
    if bounds.get("min_length") == bounds.get("max_length", ""):
        return f", {bounds['min_length']} of them"
    return "".join(f", {said[name].format(value)}" for name, value in bounds.items())


def _value(type_: code.Type) -> Any:
    there = code.meant(type_)
    return ast.literal_eval(str(type_)) if there is None else code.runtime(there)


def meanings(model: Model) -> list[str]:
    """What the fields that decide about calls mean to callers, those of rows too."""
    found: dict[str, list[str]] = {}
    for path, facts in decisive(model):
        for meaning in facts.meanings:
            if isinstance(meaning, (*DECIDES, Needs, AtEnd)):
                said = re.split(r"[:;]|\. |\.$", inspect.getdoc(type(meaning)) or "", maxsplit=1)[0]
                types = [f"`{token.replace(':', '.')}`" for token in sorted(facts.stands_for)]
                found.setdefault(said, []).append(f"`{path}`" + (f" ({', '.join(types)})" if types else ""))
    return [f"| {cell(said)} | {', '.join(dict.fromkeys(paths))} |" for said, paths in found.items()]


def decisive(model: Model, inside: str = "") -> Iterator[tuple[str, FieldFacts]]:
    """The fields, and those of the rows in them."""
    for name, facts in model.items():
        yield f"{inside}{name}", facts
        if facts.rows is not None:
            yield from decisive(facts.rows, f"{inside}{name}.")


def id_form(kind: type[Resource]) -> str:
    written = kind.lifecycle.id_form
    steps = getattr(kind.lifecycle(), "path", None)
    if not written and steps:
        written = "/".join(["ACCOUNT", *(step.upper().replace(" ", "_") for step in steps)])
    return f"`{written}`" if written else "generated when the resource is created"


def vendor_page(vendor: str) -> str:
    """Where the vendor describes its API, as the client of the vendor says."""
    client = importlib.import_module(f"{pulumi_voice_routing.__name__}.{vendor}.client")
    found = re.search(r"^Reference: (\S+)(.*)$", inspect.getdoc(client) or "", re.MULTILINE)
    if found is None:
        raise LookupError(f"{client.__name__} names no reference")
    return f"<{found[1]}>{found[2]}"


def how_to_import(kind: type[Resource]) -> str:
    """What a program says to begin with an object that is there."""
    model = model_of(kind.lifecycle.args)
    if "adopt_id" in model or "adopt" in model:
        by = " or ".join(f"`{one}`" for one in ("adopt=True", 'adopt_id="ID"') if one.partition("=")[0] in model)
        return f'{by}, or `ResourceOptions(import_="ID")` ([adopting](../../adopting.md))'
    return "not needed: it takes over what is there"


def outputs(kind: type[Resource]) -> list[str]:
    rows = ["| Output | Type | What it is |", "|---|---|---|", "| `id` | `str` | The id, in the form above. |"]
    described = code.fields(kind.lifecycle.args)
    for name, one in cast(griffe.Class, code.source(kind)).attributes.items():
        if isinstance(one.annotation, griffe.ExprSubscript) and str(one.annotation.left) == "Output":
            said = code.said(one) or ("As the argument of this name." if name in described else "")
            rows.append(f"| `{name}` | `{str(one.annotation.slice).replace('|', chr(92) + '|')}` | {cell(said)} |")
    return rows


def at_the_end(kind: type[Resource]) -> str:
    """What becomes of it, as the page on destroying says."""
    page = (ROOT / "docs" / "destroying.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| [^|]*`{kind.__name__}`[^|]* \| (.+) \|$", page, re.MULTILINE)
    return found[1].rstrip(".") if found else ""


def example(vendor: str, kind: type[Resource]) -> str:
    """The statement that makes such a resource in a program or a guide, or the part of it that does; else nothing."""
    return example_of(f"{vendor}.{kind.__name__}") or example_of_the_tests(vendor, kind)


@functools.cache
def example_of(function: str) -> str:
    """The first statement of the programs and guides that calls a function, or the part of it that does."""
    for source in sources():
        for statement in ast.walk(parsed(source)):
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
                        return cut(source, node if isinstance(statement, ast.AnnAssign) else statement)
    return ""


parsed = functools.cache(ast.parse)


def example_of_the_tests(vendor: str, kind: type[Resource]) -> str:
    """The first resource of the type's example in ``tests/examples``, where all of its arguments stand there."""
    for file in sorted((ROOT / "tests" / "examples").glob("*.py")):
        for one in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(one, ast.ClassDef) and f"token = '{kind.lifecycle.token}'" in ast.unparse(one):
                made = next(node for node in ast.walk(one) if isinstance(node, ast.Call) and called(node) == "Instance")
                given = assigned(one, made.args[0])
                if isinstance(given, ast.Dict):
                    keys = [ast.literal_eval(cast(ast.expr, key)) for key in given.keys]
                    said = [f"{key}={shown(value)}" for key, value in zip(keys, given.values, strict=True)]
                    return f'{vendor}.{kind.__name__}("example", {", ".join(said)})'
    return ""


def assigned(one: ast.ClassDef, value: ast.expr) -> ast.expr:
    """What a name stands for in a class."""
    for node in ast.walk(one) if isinstance(value, ast.Name) else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == ast.unparse(value):
            return node.value
    return value


def called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def shown(value: ast.expr) -> str:
    if called(value) == "ref":
        return '"' + "/".join(["123456", *(ast.literal_eval(step) for step in cast(ast.Call, value).args)]) + '"'
    text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return f'"{ast.literal_eval(value)}"' if text else ast.unparse(value)


@functools.cache
def sources() -> tuple[str, ...]:
    """The programs, the programs in guides, and the look-ups of an example; tests run them all."""
    return tuple(_sources())


def _sources() -> Iterator[str]:
    for program in sorted((ROOT / "programs").glob("*/__main__.py")):
        yield program.read_text(encoding="utf-8")
    for guide in sorted((ROOT / "docs").glob("*.md")):
        yield from re.findall(
            r"^```python\n(import pulumi\n.*?)^```$", guide.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
    yield (ROOT / "tests" / "docs" / "lookups.py").read_text(encoding="utf-8")


def cut(source: str, node: ast.stmt | ast.expr) -> str:
    lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines)).removesuffix(",")


# Markdown


def summary(kind: type[Resource]) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].partition(". ")[0].rstrip(".")


def text(said: str) -> list[str]:
    return said.replace("``", "`").splitlines()


def cell(said: str) -> str:
    words = " ".join(said.replace("``", "`").replace("|", "\\|").split())
    return words[:1].upper() + words[1:]


def finished(lines: list[str]) -> str:
    return "\n".join([lines[0], "", NOTICE, *lines[1:]]).rstrip() + "\n"


if __name__ == "__main__":
    main()
