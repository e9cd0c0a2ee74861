"""What the reference pages say of types and fields, read from the source by griffe."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

import griffe
from typing_extensions import is_typeddict

import pulumi_voice_routing

PACKAGE = pulumi_voice_routing.__name__
KEYWORDS = {"from": "When it begins.", "to": "When it ends."}
"""Keys that cannot be described in the source, because they cannot be written as fields."""

Type = griffe.Expr | str
"""A type as it is written."""


class Field(NamedTuple):
    """A field of a class of arguments: its type, what the source says of it, and the module that it is from."""

    type: Type
    said: str
    module: str


@functools.cache
def package() -> griffe.Module:
    return cast(griffe.Module, griffe.load(PACKAGE, search_paths=[Path(pulumi_voice_routing.__path__[0]).parent]))


def at(path: str) -> griffe.Object | None:
    """What the package has under a name with dots, wherever it is defined."""
    if not path.startswith(f"{PACKAGE}."):
        return None
    found: griffe.Object | griffe.Alias = package()[path.removeprefix(f"{PACKAGE}.")]
    return found.final_target if isinstance(found, griffe.Alias) else found


def source(kind: type) -> griffe.Object:
    """Where the source defines a class."""
    found = at(f"{kind.__module__}.{kind.__name__}")
    if found is None:
        raise LookupError(f"{kind.__module__} does not define {kind.__name__}")
    return found


def said(item: griffe.Object) -> str:
    return item.docstring.value if item.docstring else ""


def runtime(item: griffe.Object) -> Any:
    """The thing itself."""
    return getattr(sys.modules[item.module.path], item.name, None)


def fields(args: type) -> dict[str, Field]:
    """Every field, in the order of the source, those of base classes last."""
    return _fields(source(args))


def _fields(one: griffe.Object) -> dict[str, Field]:
    module = one.module.path
    if isinstance(one, griffe.Attribute):  # a key that is a keyword of Python makes it a call and no class
        keys = cast(griffe.ExprDict, cast(griffe.ExprCall, one.value).arguments[1])
        names = [ast.literal_eval(str(key)) for key in keys.keys]
        return {name: Field(type_, KEYWORDS[name], module) for name, type_ in zip(names, keys.values, strict=True)}
    found = {
        name: Field(field.annotation, said(field), module)
        for name, field in one.attributes.items()
        if field.annotation is not None
    }
    for base in cast(griffe.Class, one).resolved_bases:
        if is_typeddict(runtime(base)):
            found |= _fields(base)
    return found


def meant(name: Type) -> griffe.Object | None:
    """What a name in a type stands for, if the package defines it."""
    return at(name.canonical_path) if isinstance(name, griffe.ExprName) else None


def alias(name: Type) -> griffe.Attribute | None:
    """What a name stands for, if the package gives it to a type."""
    found = meant(name)
    return found if isinstance(found, griffe.Attribute) and isinstance(found.value, griffe.ExprSubscript) else None


def names_in(type_: Type) -> Iterator[griffe.ExprName]:
    """The names in a type, and in the types that they stand for."""
    for part in type_.iterate(flat=True) if isinstance(type_, griffe.Expr) else ():
        if isinstance(part, griffe.ExprName):
            yield part
            found = alias(part)
            if found is not None and not found.docstring and found.value is not None:
                yield from names_in(found.value)


def nested_types(args: type) -> list[type]:
    """The classes of dictionaries that stand in the fields, and in theirs."""
    found: list[type] = []
    for field in fields(args).values():
        for name in names_in(field.type):
            there = meant(name)
            nested = cast(type, None if there is None else runtime(there))
            if is_typeddict(nested) and nested not in found:
                found += [one for one in (nested, *nested_types(nested)) if one not in found]
    return found


def functions(vendor: str) -> Iterator[griffe.Function]:
    """Every function and method of a vendor's package."""
    yield from _functions(package()[vendor])


def _functions(inside: griffe.Object) -> Iterator[griffe.Function]:
    for member in inside.members.values():
        if isinstance(member, griffe.Function):
            yield member
        elif isinstance(member, griffe.Module | griffe.Class):
            yield from _functions(member)
