"""Writes docs/reference from the models: one page for each resource type, one for look-ups, one for value types.

`make docs` runs it. A test compares the pages with what it would write. Descriptions are the docstrings of the classes
and of their fields; examples are statements of the programs under `programs/` and in the guides.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import itertools
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

from typing_extensions import get_original_bases, is_typeddict

import pulumi_voice_routing
from pulumi_voice_routing.lifecycle import fields as value_types
from pulumi_voice_routing.lifecycle.model import FieldFacts, model_of
from pulumi_voice_routing.lifecycle.resource import Resource

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by tools/reference.py from the code. Change the docstrings there, then run `make docs`. -->"
ADOPTION = {
    "adopt": "Adopt the object with the same `{key}` instead of failing; create it if there is none. Default: false.",
    "adopt_id": "Adopt the object with this id; it is an error if there is none.",
}
KEYWORDS = {"from": "When it begins.", "to": "When it ends."}
"""Keys that cannot be described in the source, because they cannot be written as fields."""
OPERATION = re.compile(
    r"(?:.*[.:] )?(?P<numbers>[A-Z]{2}b?-\w+(?:, [A-Z]{2}b?-\w+)*) "
    r"``(?P<call>(?:GET|POST|PUT|PATCH|DELETE) [^`]+)``[:;.,]? ?(?P<more>.*)"
)
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
    lines = [
        f"# {vendor}.{kind.__name__}",
        "",
        *text(inspect.getdoc(kind) or ""),
        "",
        f"- Token: `pulumi-python:dynamic/{kind.lifecycle.token}`",
        f"- Id: {id_form(kind)}",
        f"- Outputs: {', '.join(f'`{name}`' for name in outputs(kind))}",
        f"- Vendor's reference: {vendor_page(vendor)}",
        "",
        "## Arguments",
        "",
        *text(definition(args)[1]),
        "",
        "Every value may be an output of another resource. *Replaces*: another value makes a new object.",
        "*At creation*: read when the resource is created, and ignored afterwards.",
        "",
        *table(args, getattr(kind.lifecycle(), "key", "name")),
    ]
    for nested in nested_types(args):
        lines += ["", f"### {nested.__name__}", "", *text(definition(nested)[1]), "", *table(nested)]
    for name, alias in explained(args).items():
        lines += ["", f"### {name}", "", *text(alias.said), *one_of(alias)]
    shown = example(vendor, kind)
    if shown:
        lines += ["", "## Example", "", "```python", shown, "```"]
    return finished(lines)


def values_page() -> str:
    lines = ["# Value types", "", "What the types in the tables of arguments accept."]
    for name, said in documented_names(value_types):
        if name in value_types.__all__ and not inspect.isclass(getattr(value_types, name)):
            lines += ["", f"## {name}", "", *text(said)]
    return finished(lines)


def operations_page() -> str:
    lines = [
        "# Operations",
        "",
        "What the numbers of calls stand for, in error lines, in the trace and in the emulator's journal. They are",
        "this project's own. Paths are shortened: three dots stand for what holds the object.",
    ]
    for vendor in vendors():
        lines += ["", f"## {vendor}", "", f"Vendor's reference: {vendor_page(vendor)}"]
        lines += ["", "| Number | Call | Does |", "|---|---|---|"]
        lines += [f"| {number} | `{call}` | {cell(does)} |" for number, call, does in operations(vendor)]
    return finished(lines)


def operations(vendor: str) -> list[tuple[str, str, str]]:
    """Number, call and purpose of every operation, as the methods of the vendor's client describe them."""
    package = f"{pulumi_voice_routing.__name__}.{vendor}."
    found = []
    for module in [module for path, module in sorted(sys.modules.items()) if path.startswith(package)]:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if not isinstance(node, ast.FunctionDef):
                continue
            said = OPERATION.match(" ".join((ast.get_docstring(node) or "").split()))
            if said:
                does = node.name.replace("_", " ") + (f": {said['more']}" if said["more"] else "")
                found += [(number, said["call"], does.rstrip(".")) for number in said["numbers"].split(", ")]
    return sorted(found)


def lookups_page(vendor: str, module: ModuleType) -> str:
    lines = [
        f"# {vendor} look-ups",
        "",
        "Functions that find objects which exist already, while the program runs.",
    ]
    for function in functions(module):
        tree = cast(ast.FunctionDef, tree_of(function))
        answer = ast.unparse(tree.returns) if tree.returns else "None"
        call = f"{vendor}.{function.__name__}({ast.unparse(tree.args)}) -> {answer}"
        lines += ["", f"## {function.__name__}", "", f"    {call}", "", *text(inspect.getdoc(function) or "")]
    for record in (getattr(module, name) for name in module.__all__):
        if is_dataclass(record):
            names = (f"`{field.name}` ({field.type})" for field in dataclass_fields(record))
            said = text(inspect.getdoc(record) or "")
            lines += ["", f"## {cast(type, record).__name__}", "", *said, f"Fields: {', '.join(names)}."]
    return finished(lines)


# Parts of a page


def table(args: type, key: str = "name") -> list[str]:
    """``key`` is the argument that tells objects apart which can be adopted."""
    rows = ["| Argument | Type | | Vendor's field | |", "|---|---|---|---|---|"]
    model = model_of(args)
    for name, (annotation, said, module) in fields(args).items():
        facts = model[name]
        wire = f"`{facts.wire}`" if facts.wire else ""
        if facts.wire:
            said = re.sub(rf"Vendor: ``({re.escape(facts.wire)}|{facts.wire.rpartition('.')[2]})``[.;] ?", "", said)
        if name in ADOPTION and module.__name__.endswith((".adoption", "portsip.fields")):
            said = ADOPTION[name].format(key=key)
        rows.append(f"| `{name}` | {type_text(annotation, module)} | {rules(facts)} | {wire} | {cell(said)} |")
    return rows


def rules(facts: FieldFacts) -> str:
    said = {
        "**required**": facts.required,
        "replaces": facts.immutable,
        "at creation": facts.create_only,
        "secret": facts.secret,
    }
    return ", ".join(word for word, holds in said.items() if holds)


def type_text(node: ast.expr, module: ModuleType) -> str:
    """The type as a user writes it: without Pulumi's wrappers and our markers."""
    if isinstance(node, ast.BinOp):
        return f"{type_text(node.left, module)} or {type_text(node.right, module)}"
    if not isinstance(node, ast.Subscript):
        return named_type(ast.unparse(node), module)
    name = ast.unparse(node.value)
    first, *others = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        return " or ".join(f'`"{ast.literal_eval(value)}"`' for value in (first, *others))
    if name in WRAPPERS:
        return type_text(first, module) + "".join(limits(other, module) for other in others)
    if name in ("Sequence", "list"):
        return f"list of {type_text(first, module)}"
    if name in ("Mapping", "dict"):
        return f"mapping of {type_text(first, module)} to {type_text(others[0], module)}"
    raise NotImplementedError(f"no words for the type {ast.unparse(node)}")


def named_type(name: str, module: ModuleType) -> str:
    if name in value_types.__all__:
        return f"[{name}](../values.md#{name.lower()})"
    found = getattr(module, name, None)
    if inspect.isclass(found) and issubclass(found, Resource):
        return f"[{name}]({page_name(found)})"
    if is_typeddict(found):
        return f"[{name}](#{name.lower()})"
    alias = alias_of(name, module)
    if alias is None:
        return f"`{name}`"
    return f"[{name}](#{name.lower()})" if alias.said else type_text(alias.value, alias.module)


def one_of(alias: Alias) -> list[str]:
    """The words that it allows, when it is a choice of words."""
    if not (isinstance(alias.value, ast.Subscript) and ast.unparse(alias.value.value) == "Literal"):
        return []
    return ["", f"One of {type_text(alias.value, alias.module).replace(' or ', ', ')}."]


def limits(node: ast.expr, module: ModuleType) -> str:
    """What `Field(...)` allows, in words."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Field"):
        return ""
    said = {"ge": "{} or more", "le": "{} or less", "min_length": "at least {} of them", "max_length": "at most {}"}
    bounds = {word.arg or "": _value(word.value, module) for word in node.keywords}
    if bounds.get("min_length") == bounds.get("max_length", ""):
        return f", {bounds['min_length']} of them"
    return "".join(f", {said[name].format(value)}" for name, value in bounds.items())


def _value(node: ast.expr, module: ModuleType) -> Any:
    return getattr(module, node.id) if isinstance(node, ast.Name) else ast.literal_eval(node)


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


def outputs(kind: type[Resource]) -> list[str]:
    own = [name for name, hint in inspect.get_annotations(kind).items() if "Output" in str(hint)]
    return ["id", *own]


def example(vendor: str, kind: type[Resource]) -> str:
    """The statement that makes such a resource in a program or a guide, or the part of it that does; else nothing."""
    for source in sources():
        for statement in ast.walk(ast.parse(source)):
            if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr):
                for node in ast.walk(statement):
                    if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{vendor}.{kind.__name__}":
                        return cut(source, node if isinstance(statement, ast.AnnAssign) else statement)
    return example_of_the_tests(vendor, kind)


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


def sources() -> Iterator[str]:
    """The programs, then the programs in guides; tests run them all."""
    for program in sorted((ROOT / "programs").glob("*/__main__.py")):
        yield program.read_text(encoding="utf-8")
    for guide in sorted((ROOT / "docs").glob("*.md")):
        yield from re.findall(
            r"^```python\n(import pulumi\n.*?)^```$", guide.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )


def cut(source: str, node: ast.stmt | ast.expr) -> str:
    lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines)).removesuffix(",")


# Reading the source


def fields(args: type) -> dict[str, tuple[ast.expr, str, ModuleType]]:
    """The annotation and the docstring of every field, in the order of the source, those of base classes last."""
    module = sys.modules[args.__module__]
    tree, _ = definition(args)
    own = {name: (annotation, said, module) for name, annotation, said in annotated(tree)}
    for base in get_original_bases(args) if isinstance(tree, ast.ClassDef) else ():
        if is_typeddict(base):
            own |= fields(base)
    return own


def definition(args: type) -> tuple[ast.ClassDef | ast.Call, str]:
    """Where the source defines it, and what it says of it. A key that is a keyword makes it a call and no class."""
    body = ast.parse(inspect.getsource(sys.modules[args.__module__])).body
    for node, after in itertools.pairwise([*body, ast.Pass()]):
        if isinstance(node, ast.ClassDef) and node.name == args.__name__:
            return node, inspect.cleandoc(ast.get_docstring(node) or "")
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == args.__name__:
            return cast(ast.Call, node.value), docstring(after)
    raise LookupError(f"{args.__module__} does not define {args.__name__}")


def annotated(tree: ast.ClassDef | ast.Call) -> Iterator[tuple[str, ast.expr, str]]:
    if isinstance(tree, ast.Call):
        keys = cast(ast.Dict, tree.args[1])
        for key, value in zip(keys.keys, keys.values, strict=True):
            name = ast.literal_eval(cast(ast.expr, key))
            yield name, value, KEYWORDS[name]
        return
    for node, after in itertools.pairwise([*tree.body, ast.Pass()]):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, node.annotation, docstring(after)


def nested_types(args: type) -> list[type]:
    """The classes of dictionaries that stand in the fields, and in theirs."""
    found: list[type] = []
    for annotation, _, module in fields(args).values():
        for name in names_in(annotation, module):
            nested = getattr(module, name, None)
            if is_typeddict(nested) and nested not in found:
                found += [one for one in (cast(type, nested), *nested_types(cast(type, nested))) if one not in found]
    return found


def explained(args: type) -> dict[str, Alias]:
    """The names for types that stand in the fields and in those of nested types, as far as they are described."""
    found: dict[str, Alias] = {}
    for one in (args, *nested_types(args)):
        for annotation, _, module in fields(one).values():
            for name in names_in(annotation, module):
                alias = alias_of(name, module)
                if alias is not None and alias.said and name not in value_types.__all__:
                    found.setdefault(name, alias)
    return found


def names_in(node: ast.expr, module: ModuleType) -> Iterator[str]:
    """The names in a type, and in the types that they stand for."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
            alias = alias_of(part.id, module)
            if alias is not None and not alias.said:
                yield from names_in(alias.value, alias.module)


def documented_names(module: ModuleType) -> Iterator[tuple[str, str]]:
    body = ast.parse(inspect.getsource(module)).body
    for node, after in itertools.pairwise(body):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, docstring(after)


class Alias(NamedTuple):
    """A name for a type: what it stands for, what the source says of it, and where."""

    value: ast.expr
    said: str
    module: ModuleType


def alias_of(name: str, user: ModuleType) -> Alias | None:
    """What a name stands for in the module that uses it, if the package gives it to a type."""
    meant = getattr(user, name, None)
    for module in [module for path, module in sys.modules.items() if path.startswith(pulumi_voice_routing.__name__)]:
        if name in aliases(module) and getattr(module, name) == meant:
            return aliases(module)[name]
    return None


@functools.cache
def aliases(module: ModuleType) -> dict[str, Alias]:
    """The names that a module gives to types."""
    found: dict[str, Alias] = {}
    for node, after in itertools.pairwise([*ast.parse(inspect.getsource(module)).body, ast.Pass()]):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Subscript) and target.id.lstrip("_")[:1].isupper():
            found[target.id] = Alias(value, docstring(after), module)
    return found


def tree_of(item: Any) -> ast.stmt:
    return ast.parse(inspect.cleandoc("\n" + inspect.getsource(item))).body[0]


def docstring(node: ast.stmt) -> str:
    said = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value
    return said if isinstance(said, str) else ""


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
