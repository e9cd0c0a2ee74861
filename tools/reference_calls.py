"""What a resource type asks of its vendor: calls, what they need, and how many are allowed."""

from __future__ import annotations

import functools
import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_voice_routing
from pulumi_voice_routing.lifecycle.resource import Resource
from pulumi_voice_routing.ringex import rates as ringex_rates
from pulumi_voice_routing.ringex.client import LIMIT_GROUPS
from tools import reference_source as code

OPERATION = re.compile(
    r"(?:.*[.:] )?(?P<numbers>[A-Z]{2}b?-\w+(?:, [A-Z]{2}b?-\w+)*) "
    r"``(?P<call>(?:GET|POST|PUT|PATCH|DELETE) [^`]+)``[:;.,]? ?(?P<more>.*)"
)
NUMBER = r"[A-Z]{2}b?-\w+"
SAID = re.compile(rf"Calls:\s+({NUMBER}(?:(?:,| to| and)\s+{NUMBER})*)")
NEEDS = {
    "ringcx": (
        "Right in RingCX",
        "The app that signs in needs the scope `ReadAccounts`, and the user the right that stands beside the call.\n"
        "Lists leave out what the user may not read.",
    ),
    "ringex": (
        "Scope and permission",
        "The app that signs in needs the scope that stands beside the call, and the user the permission after it,\n"
        "where the vendor names one. For extensions of others, the permission has to extend to them.",
    ),
    "portsip": (
        "Permission",
        "Whoever signs in has to be an administrator of the tenant. From version 22.3 on, the server asks for the\n"
        "permission that stands beside the call.",
    ),
}
"""How the column of rights is called, and what is said of it."""
AROUND = "It also looks at what is around it, mostly before it changes something that callers notice:"
AT_RINGCX = "Before it sends calls to a telephone number, it looks at RingCX, if the stack has settings for that:"


@functools.cache
def operations(vendor: str) -> list[tuple[str, str, str]]:
    """Number, call and purpose of every operation, as the methods of the vendor's client describe them."""
    found = []
    for method in code.functions(vendor):
        said = OPERATION.match(" ".join(code.said(method).split()))
        if said:
            more = re.sub(r"[.;,]? ?Raises .*", "", said["more"])  # which is for those who change the client
            does = method.name.replace("_", " ") + (f": {more}" if more else "")
            found += [(number, said["call"], does.rstrip(".")) for number in said["numbers"].split(", ")]
    return sorted(found)


@functools.cache
def _known() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "calls.toml").read_text(encoding="utf-8"))


def rights() -> dict[str, dict[str, str]]:
    """What each operation needs, by vendor and number."""
    return _known()["needs"]


def looks() -> dict[str, list[str]]:
    """The operations by which a type looks at more than its own objects, by token."""
    return _known()["looks"]


def numbers_of(kind: type[Resource]) -> list[str]:
    """The operations that a type says that it calls."""
    said = SAID.search(inspect.getdoc(kind) or "")
    return [] if said is None else list(_each(re.split(r",|\s+and\s+", said[1])))


def said_by(token: str) -> list[str]:
    """The same, by the type's token."""
    vendor = importlib.import_module(f"{pulumi_voice_routing.__name__}.{token.partition(':')[0]}")
    kind: type[Resource] = getattr(vendor, token.partition(":")[2])
    return numbers_of(kind)


def _each(parts: list[str]) -> Iterator[str]:
    for part in parts:
        first, _, last = (one.strip() for one in part.partition(" to "))
        family, _, begin = first.rpartition("-")
        if not last:
            yield first
            continue
        for number in range(int(begin), int(last.rpartition("-")[2]) + 1):
            yield f"{family}-{number:0{len(begin)}}"


def calls(vendor: str, kind: type[Resource]) -> list[str]:
    """The section on the calls of a type."""
    lines = ["", "## API calls", "", *needed(vendor), "", *calls_table(vendor, numbers_of(kind))]
    beside = looks().get(kind.lifecycle.token, [])
    for whose, said in ((vendor, AROUND), ("ringcx", AT_RINGCX)):
        there = {number for number, *_ in operations(whose)}
        asked = [number for number in beside if number in there]
        beside = [number for number in beside if number not in there]
        if asked:
            lines += ["", said, "", *calls_table(whose, asked)]
    return lines


def needed(vendor: str) -> list[str]:
    """What is needed for any call, and how many are allowed."""
    return [NEEDS[vendor][1], allowed(vendor)]


def calls_table(vendor: str, numbers: list[str]) -> list[str]:
    known = {number: (call, does) for number, call, does in operations(vendor)}
    grouped = vendor == "ringex"
    columns = ["Number", "Call", "Does", NEEDS[vendor][0], *(["Limit group"] if grouped else [])]
    rows = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for number in numbers:
        call, does = known[number]
        group = f" {LIMIT_GROUPS.get(number, 'medium')} |" if grouped else ""
        rows.append(f"| {number} | `{call}` | {does[:1].upper()}{does[1:]} | {needs(vendor, number)} |{group}")
    return [row.replace("``", "`") for row in rows]


def needs(vendor: str, number: str) -> str:
    return rights().get(vendor, {}).get(number, "not documented")


def allowed(vendor: str) -> str:
    """How many calls the vendor allows, and which setting says otherwise."""
    rate = importlib.import_module(f"{pulumi_voice_routing.__name__}.{vendor}.client").RATE
    how = f"{rate.default} calls a minute are allowed in all"
    if vendor == "ringex":
        groups = ", ".join(f"{most} in the group {group}" for group, most in ringex_rates.DOCUMENTED.items())
        how = f"Each limit group counts its own calls a minute: {groups}"
    return f"{how}; set `{rate.variable}` if your account has another limit."
