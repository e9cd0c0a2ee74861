"""Short ways to write down what a stack declares and what its state holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.safety.facts import (
    ACTIVATION,
    ALLOCATION_HOURS,
    DESTINATION,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    GROUP,
    PREFIX,
    PROFILE,
    PROFILE_DESTINATIONS,
    UNKNOWN,
    Before,
    Facts,
    Resource,
)
from pulumi_voice_routing.safety.rule import Rule

NUMBERS = {"g": "1001", "denver": "2001", "austin": "2002", "reno": "2003", "support": "3001", "sales": "3002"}


def urn(type_: str, name: str) -> str:
    return f"urn:pulumi:dev::line::{PREFIX}{type_}::{name}"


def id_of(name: str) -> str:
    return f"123456/{NUMBERS[name]}" if name == "g" else f"123456/1001/{NUMBERS[name]}"


def resource(
    type_: str, called: str, /, *, behind: Mapping[str, Iterable[Resource]] | None = None, **props: Any
) -> Resource:
    """A declared resource; ``behind`` names the resources that a property is made of."""
    links = {key: frozenset(one.urn for one in ones) for key, ones in (behind or {}).items()}
    return Resource(type_, called, urn(type_, called), props, behind=links)


def saved(one: Resource, **changes: Any) -> Resource:
    """A resource as the state holds it, with the id that its name has in these tests."""
    return replace(one, id=id_of(one.name) if one.name in NUMBERS else f"id-of-{one.name}", behind={}, **changes)


def found(
    rule: Rule,
    declared: Iterable[Resource],
    before: Iterable[Resource] | None = None,
    *,
    preview: bool = True,
    unreadable: str = "",
    **settings: Any,
) -> list[str]:
    """The messages of a rule's violations."""
    state = None if before is None else Before(saved(one) if one.id is None else one for one in before)
    facts = Facts(declared, state, preview=preview, unreadable=unreadable)
    return [violation.message for violation in rule.judge(facts, settings)]


# A support line that exists: every id is known.

GROUP_ = resource(GROUP, "g", name="Denver")


def destination(name: str, **props: Any) -> Resource:
    given = {"group_id": id_of("g"), "name": name.title(), "kind": "DID", "target": "+13035551234", **props}
    return resource(DESTINATION, name, **given)


def profile(name: str, **props: Any) -> Resource:
    given = {"group_id": id_of("g"), "name": name.title(), "routing_type": "PERCENT_ALLOCATION", **props}
    return resource(PROFILE, name, **given)


def split(name: str, of: str, **shares: int) -> Resource:
    rows = [{"destination": id_of(one), "allocation_percent": share} for one, share in shares.items()]
    return resource(PROFILE_DESTINATIONS, name, profile=id_of(of), destinations=rows)


def target(name: str) -> dict[str, Any]:
    return {"kind": "profile" if NUMBERS[name].startswith("3") else "destination", "id": id_of(name)}


def activation(name: str, *targets: str) -> Resource:
    return resource(ACTIVATION, name, targets=[target(one) for one in targets])


def overrides(name: str, at: Any, *numbers: Any, replace_all: Any = None) -> Resource:
    rows = [{"dnis": number, "target": "+13035559999"} for number in numbers]
    said = {} if replace_all is None else {"replace_all": replace_all}
    return resource(DNIS_OVERRIDES, name, destination=at, overrides=rows, **said)


def override(name: str, at: Any, number: Any, **props: Any) -> Resource:
    return resource(DNIS_OVERRIDE, name, destination=at, dnis=number, **{"target": "+13035559999", **props})


def hours(*rows: list[Any]) -> Resource:
    table = [{"destination": id_of("denver"), "percent": row} for row in rows]
    return resource(ALLOCATION_HOURS, "hours", profile=id_of("support"), hours=table)


DENVER, AUSTIN, RENO = destination("denver"), destination("austin"), destination("reno")
SUPPORT, SALES = profile("support"), profile("sales")
SPLIT = split("split", "support", denver=70, austin=30)
GO_LIVE = activation("go-live", "denver", "austin", "support")
LINE = [GROUP_, DENVER, AUSTIN, SUPPORT, SPLIT, GO_LIVE]
"""Everything of a support line that takes calls."""


def but(line: Iterable[Resource], *changed: Resource, without: Iterable[str] = ()) -> list[Resource]:
    """The same line with other resources of some names, with more of them, or without some."""
    by_urn = {one.urn: one for one in line if one.name not in without}
    return list({**by_urn, **{one.urn: one for one in changed}}.values())


# The same line before it is made: no id is known, and links are seen by what a property is made of.


def first_line(**shares: Any) -> list[Resource]:
    group = resource(GROUP, "g", name="Denver")
    inside = {"group_id": [group]}
    denver = resource(
        DESTINATION, "denver", behind=inside, group_id=UNKNOWN, name="Denver", kind="DID", target="+13035551234"
    )
    austin = resource(
        DESTINATION, "austin", behind=inside, group_id=UNKNOWN, name="Austin", kind="DID", target="+13035551235"
    )
    support = resource(
        PROFILE, "support", behind=inside, group_id=UNKNOWN, name="Support", routing_type="PERCENT_ALLOCATION"
    )
    rows = [{"destination": UNKNOWN, "allocation_percent": share} for share in (shares or {"a": 70, "b": 30}).values()]
    split_ = resource(
        PROFILE_DESTINATIONS,
        "split",
        behind={"profile": [support], "destinations": [denver, austin]},
        profile=UNKNOWN,
        destinations=rows,
    )
    return [group, denver, austin, support, split_, first_activation(denver, austin, support)]


def first_activation(*targets: Resource) -> Resource:
    rows = [{"kind": "profile" if one.type == PROFILE else "destination", "id": UNKNOWN} for one in targets]
    return resource(ACTIVATION, "go-live", behind={"targets": targets}, targets=rows)
