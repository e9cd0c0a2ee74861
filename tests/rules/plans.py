"""Short ways to write down what a stack declares and what its state holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.safety.judgement import Judgement, judge
from pulumi_voice_routing.safety.rule import Rule, Violation
from tests.tokens import (
    ACTIVATION,
    ALLOCATION_HOURS,
    DESTINATION,
    DNIS,
    DNIS_ASSIGNMENT,
    DNIS_ASSIGNMENTS,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    DNIS_POOL,
    GROUP,
    HTTP_SERVICE,
    PROFILE,
    PROFILE_DESTINATIONS,
    TRACKING_NUMBER,
)

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


def facts(
    declared: Iterable[Resource], before: Iterable[Resource] | None = None, *, preview: bool = True, **more: Any
) -> Facts:
    """What rules judge; ``more`` are ``unreadable``, ``whole``, ``live`` and ``changed``."""
    state = None if before is None else Before(saved(one) if one.id is None else one for one in before)
    return Facts(declared, state, preview=preview, **more)


_FACTS = ("preview", "unreadable", "whole", "live", "changed")


def violations(
    rule: Rule, declared: Iterable[Resource], before: Iterable[Resource] | None = None, **more: Any
) -> list[Violation]:
    """A rule's violations; ``more`` are keywords of :func:`facts`, and settings of the rule."""
    given = {name: more.pop(name) for name in _FACTS if name in more}
    return list(rule.judge(facts(declared, before, **given), more))


def found(rule: Rule, declared: Iterable[Resource], before: Iterable[Resource] | None = None, **more: Any) -> list[str]:
    """The messages of a rule's violations."""
    return [violation.message for violation in violations(rule, declared, before, **more)]


def changes(
    rule: Rule, declared: Iterable[Resource], before: Iterable[Resource] | None = None, **more: Any
) -> list[tuple[str, str, str]]:
    """What an approval of each violation would have to name: object, from, to."""
    return [(one.object, one.from_, one.to) for one in violations(rule, declared, before, **more)]


TODAY = date(2026, 6, 1)


def approval(rule: Rule | str, object_: str, from_: str, to: str, *, until: date = date(2999, 12, 31)) -> Approval:
    """An entry of an approvals file."""
    name = rule if isinstance(rule, str) else rule.name
    return Approval(name, frozenset([object_]), from_, to, "it is meant", "OPS-1", until)


def judged(
    rule: Rule,
    declared: Iterable[Resource],
    before: Iterable[Resource] | None = None,
    *approved: Approval,
    **more: Any,
) -> list[Judgement]:
    """What a rule finds, with what is approved."""
    given = {name: more.pop(name) for name in _FACTS if name in more}
    return list(judge(rule, facts(declared, before, **given), more, Approvals(approved), TODAY))


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


# Numbers of that line, and what else it may have.

NUMBER, OTHER, THIRD = "+13035550100", "+13035550199", "+13035550177"


def assignment(called: str, number: Any, to: Any = "support", **props: Any) -> Resource:
    """A number that a profile answers, or a queue when ``to`` is its number."""
    return resource(DNIS_ASSIGNMENT, called, dnis=number, **_answered_by(to), **props)


def assignments(called: str, numbers: Any, to: Any = "support", **props: Any) -> Resource:
    return resource(DNIS_ASSIGNMENTS, called, numbers=numbers, **_answered_by(to), **props)


def _answered_by(to: Any) -> dict[str, Any]:
    if isinstance(to, str) and to.isdigit():
        return {"queue_id": to}
    return {"profile": id_of(to) if isinstance(to, str) else to}


def record(called: str, number: Any, **props: Any) -> Resource:
    return resource(DNIS, called, dnis=number, **props)


def pool(called: str, *rows: dict[str, Any], **props: Any) -> Resource:
    return resource(DNIS_POOL, called, numbers=list(rows), **props)


def tracking(called: str, number: Any, **props: Any) -> Resource:
    return resource(TRACKING_NUMBER, called, group_id="123456/700", dnis=number, **props)


def service(called: str, **props: Any) -> Resource:
    return resource(HTTP_SERVICE, called, group_id="123456/100", name=called.upper(), kind="HTTP", **props)


def protected(one: Resource) -> Resource:
    return replace(one, protected=True)


def renamed(one: Resource, called: str, /, *, alias: bool = False, **props: object) -> Resource:
    """The same resource under another name in the program, and with other values."""
    was = frozenset({one.urn}) if alias else frozenset()
    return replace(one, name=called, urn=urn(one.type, called), aliases=was, props={**one.props, **props})


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
