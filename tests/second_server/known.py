"""Which resource types the server has the paths of, so that a new type needs none here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pulumi_voice_routing import registry
from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.lifecycle.calls import Calls
from tests.fuzz.conftest import EXAMPLES, TYPES
from tests.operations import numbers_of
from tests.second_server import server  # noqa: F401  its modules enter their paths
from tests.second_server.calls import ROUTES

_PATHS = {one.number: (one.method, one.path) for family in FAMILIES for one in family.operations}


def operations_of(token: str) -> set[str]:
    """The operations that a type is made and kept by, as far as its calls and its example name them."""
    return {number for number in _named(token) if number in _PATHS}


def _named(token: str) -> Iterator[str]:
    yield EXAMPLES[token].creates
    calls = getattr(registry.provider_for(token), "calls", None)
    if isinstance(calls, Calls):
        for call in (calls.list, calls.get, calls.create, calls.create_as, calls.update, calls.clone, calls.delete):
            yield from numbers_of(call) if call is not None else ()


def answered(number: str) -> bool:
    """Whether the server has the path of an operation."""
    method, template = _PATHS[number]
    path = re.sub(r"\{\w+\}", "1", template)
    return any(verb == method and pattern.fullmatch(path) for verb, pattern, _ in ROUTES)


def is_known(token: str) -> bool:
    """Whether the server knows the type: it answers any of its operations, or the type names none of its own."""
    operations = operations_of(token)
    return not operations or any(map(answered, operations))


KNOWN = [token for token in TYPES if is_known(token)]


def sent(life_journal: list[dict[str, object]]) -> set[str]:
    """The operations of requests, without those of the sign-in and those that everybody may send."""
    found = {_number(str(entry["method"]), str(entry["path"])) for entry in life_journal}
    return {number for number in found if not number.startswith(("AUTH", "RG-info"))}


def _number(method: str, path: str) -> str:
    return next(number for number, verb, pattern in _PATTERNS if verb == method and pattern.fullmatch(path))


_PATTERNS = [
    (number, method, re.compile(re.sub(r"\{\w+\}", "[^/]+", template)))
    for number, (method, template) in sorted(_PATHS.items(), key=lambda one: one[1][1].count("{"))
]
"""Every operation; a path with fewer gaps comes before one that stands for more."""
