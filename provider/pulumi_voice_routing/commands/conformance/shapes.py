"""Answers held against the shapes that this package has for them, and against the emulator's answers."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

from ... import registry
from ..stand_in import VENDORS
from .recording import Exchange

_NUMBER = re.compile(r"[A-Z]+b?-\w+")
_CLASSES = {"ringcx": "RingCX", "ringex": "RingEX", "portsip": "PortSIP"}
_PLAIN = {str: (str,), int: (int,), float: (int, float), bool: (bool,), dict: (dict,), list: (list,)}
_LISTS = ("records", "items", "content", "entries")


@cache
def shapes() -> Mapping[str, Any]:
    """What each operation answers, by its number, as the clients' methods say."""
    found: dict[str, Any] = {}
    for vendor in VENDORS:
        client = getattr(importlib.import_module(f"{registry.__package__}.{vendor}.client"), _CLASSES[vendor])
        for _, method in inspect.getmembers(client, inspect.isfunction):
            begin = (inspect.getdoc(method) or "").partition(" ``")[0]
            for number in _NUMBER.findall(begin) if _NUMBER.match(begin) else []:
                found.setdefault(number, get_type_hints(method).get("return"))
    return found


def unexpected(exchange: Exchange) -> list[str]:
    """What in an answer is otherwise than its shape; nothing for a refusal, and where there is no shape."""
    hint = shapes().get(exchange.operation)
    if exchange.status >= 300 or hint in (None, NoneType, str) or exchange.body in (None, ""):
        return []
    return sorted(set(_judged(_unwrapped(exchange.body, hint), hint, "")))


def _unwrapped(body: Any, hint: Any) -> Any:
    """The list in an answer whose method gives a list."""
    if get_origin(_without_none(hint)) is list and isinstance(body, dict):
        return next((body[name] for name in _LISTS if isinstance(body.get(name), list)), body)
    return body


def _without_none(hint: Any) -> Any:
    options = [one for one in get_args(hint) if one is not NoneType] if get_origin(hint) in (Union, UnionType) else []
    return options[0] if len(options) == 1 else hint


def _judged(value: Any, hint: Any, where: str) -> Iterator[str]:
    origin = get_origin(hint)
    if hint is Any or value is None:
        return
    if origin in (Required, NotRequired):
        yield from _judged(value, get_args(hint)[0], where)
    elif origin in (Union, UnionType):
        told = [list(_judged(value, one, where)) for one in get_args(hint) if one is not NoneType]
        yield from min(told, key=len, default=[])
    elif origin is Literal:
        if value not in get_args(hint):
            yield f"{where or '.'}: another word than the {len(get_args(hint))} that are known"
    elif is_typeddict(hint):
        yield from _members(value, hint, where)
    elif origin is list:
        if not isinstance(value, list):
            yield f"{where or '.'}: {type(value).__name__} where a list is expected"
            return
        for one in value:
            yield from _judged(one, (get_args(hint) or (Any,))[0], f"{where}[]")
    elif hint in _PLAIN and (not isinstance(value, _PLAIN[hint]) or (hint is not bool and isinstance(value, bool))):
        yield f"{where or '.'}: {type(value).__name__} where {hint.__name__} is expected"


def _members(value: Any, hint: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where or '.'}: {type(value).__name__} where an object is expected"
        return
    hints = get_type_hints(hint)
    for name in sorted(hint.__required_keys__ - value.keys()):
        yield f"{where}.{name}: is missing".removeprefix(".")
    for name, one in value.items():
        path = f"{where}.{name}".removeprefix(".")
        if name not in hints:
            yield f"{path}: is not among the fields that are known"
        else:
            yield from _judged(one, hints[name], path)


def differences(here: Sequence[Exchange], emulated: Sequence[Exchange]) -> list[str]:
    """Where a vendor's answers differ from the emulator's: statuses, members, types."""
    theirs, ours = _by_operation(here), _by_operation(emulated)
    found: list[str] = []
    for operation in sorted(theirs.keys() & ours.keys()):
        there, known = theirs[operation], ours[operation]
        statuses = {one.status for one in there} - {one.status for one in known}
        found += [f"{operation}: status {status}, which the emulator does not answer" for status in sorted(statuses)]
        seen, expected = _together(there), _together(known)
        for path in sorted(seen.keys() | expected.keys()):
            new, old = seen.get(path, set()), expected.get(path, set())
            if not old:
                if not _inside_missing(path, expected):
                    found.append(f"{operation} {path}: {' or '.join(sorted(new))}, which the emulator does not have")
            elif not new and not _inside_missing(path, seen):
                found.append(f"{operation} {path}: is not there, and the emulator has it")
            elif new - old - {"null"} and new:
                found.append(
                    f"{operation} {path}: {' or '.join(sorted(new))}; the emulator: {' or '.join(sorted(old))}"
                )
    return found


def _by_operation(exchanges: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = {}
    for one in exchanges:
        if one.status < 300:
            found.setdefault(one.operation, []).append(one)
    return found


def _together(exchanges: Iterable[Exchange]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in exchanges:
        for path, types in one.shape.items():
            found.setdefault(path, set()).update(types)
    return found


def _inside_missing(path: str, seen: Mapping[str, set[str]]) -> bool:
    """Whether what would hold it is not there either, or is empty: that is told once, or says nothing."""
    holder = path.removesuffix("[]") if path.endswith("[]") else path.rpartition(".")[0]
    while holder:
        if holder not in seen:
            return True
        holder = holder.removesuffix("[]") if holder.endswith("[]") else holder.rpartition(".")[0]
    return path.endswith("[]")


__all__ = ["differences", "shapes", "unexpected"]
