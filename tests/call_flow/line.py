"""A support line, and short ways to write down others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from pulumi_voice_routing.call_flow.impact import Impact, NumberImpact
from pulumi_voice_routing.call_flow.outcome import Outcome
from pulumi_voice_routing.call_flow.route import Route
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Call, Tracer
from pulumi_voice_routing.plan.facts import PREFIX, Before, Facts, Resource

GROUP = "123456/1001"
NUMBER = "+13035550100"
OTHER = "+13035550101"
DENVER, AUSTIN = "+13035551001", "+13035551002"
PBX = "pbx.example.com/acme.example.com"


def one(type_: str, called: str, id_: str | None = None, /, **props: Any) -> Resource:
    """A resource of the state."""
    return Resource(type_, called, f"urn:pulumi:dev::line::{PREFIX}{type_}::{called}", props, id_)


def new(there: Resource, **behind: Sequence[Resource]) -> Resource:
    """A resource that the run is to make; ``behind`` are the resources that a property is made of."""
    links = {name: frozenset(other.urn for other in others) for name, others in behind.items()}
    return replace(there, id=None, behind=links)


def destination(name: str, number: int, target: Any, **props: Any) -> Resource:
    given = {"name": name.title(), "kind": "DID", "target": target, "active": True, **props}
    return one("ringcx:Destination", name, f"{GROUP}/{number}", **given)


def profile(name: str = "support", number: int = 3001, **props: Any) -> Resource:
    given = {"name": name.title(), "routing_type": "PERCENT_ALLOCATION", "active": True, **props}
    return one("ringcx:Profile", name, f"{GROUP}/{number}", **given)


def split(*rows: tuple[int, Any], of: int = 3001, **props: Any) -> Resource:
    """The destinations of a profile, with their shares."""
    listed = [
        {"destination": f"{GROUP}/{number}", "rank": rank, "allocation_percent": share}
        for rank, (number, share) in enumerate(rows, 1)
    ]
    return one(
        "ringcx:ProfileDestinations",
        f"split-{of}",
        f"{GROUP}/{of}",
        profile=f"{GROUP}/{of}",
        destinations=listed,
        **props,
    )


def hours(*rows: tuple[int, Sequence[int]], **props: Any) -> Resource:
    table = [{"destination": f"{GROUP}/{number}", "percent": list(shares)} for number, shares in rows]
    return one("ringcx:AllocationHours", "hours", f"{GROUP}/3001", profile=f"{GROUP}/3001", hours=table, **props)


def hours_file(*rows: tuple[str, Sequence[int]], links: dict[str, str] | None = None, **props: Any) -> Resource:
    """The same as a file with a column that tells the rows apart; ``links`` are what the state notes of it."""
    header = ",".join(["key", *(f"H{hour:02}" for hour in range(24))])
    text = "\n".join([header, *(",".join([key, *map(str, shares)]) for key, shares in rows)]) + "\n"
    noted = {"__links": links} if links else {}
    return one("ringcx:AllocationHours", "hours", f"{GROUP}/3001", profile=f"{GROUP}/3001", file=text, **noted, **props)


def assignment(number: str = NUMBER, **target: Any) -> Resource:
    given = {"profile": f"{GROUP}/3001"} if not target.keys() & {"profile", "queue_id", "visual_ivr_id"} else {}
    return one("ringcx:DnisAssignment", f"n{number[-2:]}", f"123456/{number[1:]}", dnis=number, **given, **target)


def ring_group(number: str, members: Sequence[str], action: str = "HANGUP", to: str = "", **props: Any) -> Resource:
    rows = [{"extension_number": member} for member in members]
    no_answer = {"action": action, **({"number": to} if to else {})}
    given = {"name": f"Group {number}", "extension_number": number, "strategy": "PRIORITIZED_HUNT", "members": rows}
    return one("portsip:RingGroup", f"g{number}", f"{PBX}/{number}", **{**given, "no_answer": no_answer, **props})


def rule(name: str, **props: Any) -> Resource:
    """A custom rule of extension 101, whose number is :data:`OTHER`."""
    given = {"extension_id": "1/101", "name": name, "called_numbers": [OTHER], "action": "TakeMessagesOnly", **props}
    return one("ringex:AnsweringRule", name, f"1/101/{name}", **given)


def built_in(which: str, **props: Any) -> Resource:
    given = {"extension_id": "1/101", "rule": which, "action": "TakeMessagesOnly", **props}
    return one("ringex:BuiltInAnsweringRule", which, f"1/101/{which}-rule", **given)


LINE = [
    destination("denver", 2001, DENVER),
    destination("austin", 2002, AUSTIN),
    profile(),
    split((2001, 70), (2002, 30)),
    assignment(),
]
"""A number that is answered in two places."""


def but(line: Iterable[Resource], *changed: Resource, without: Iterable[str] = ()) -> list[Resource]:
    """The same line with other resources of some names, with more of them, or without some."""
    by_urn = {there.urn: there for there in line if there.name not in without}
    return list({**by_urn, **{there.urn: there for there in changed}}.values())


def route(line: Iterable[Resource], number: str = NUMBER, call: Call | None = None) -> Route:
    found = Tracer(Routing.of_state(line), call).route(number)
    assert found is not None
    return found


def ends(
    line: Iterable[Resource], number: str = NUMBER, minute: int = 0, call: Call | None = None
) -> dict[str, Fraction]:
    """The ends of calls, in words, with percentages."""
    return in_percent(route(line, number, call).at(minute))


def ends_after(line: Iterable[Resource], before: Iterable[Resource] = (), number: str = NUMBER) -> dict[str, Fraction]:
    """The same when a run is through that starts with another line."""
    found = Tracer(Routing(Facts(line, Before(before), preview=True))).route(number)
    assert found is not None
    return in_percent(found.at(0))


def in_percent(outcome: Outcome) -> dict[str, Fraction]:
    return {str(end): odds * 100 for end, odds in outcome.odds.items()}


def impact(before: Iterable[Resource], after: Iterable[Resource]) -> list[NumberImpact]:
    return list(Impact.of(Facts(after, Before(before), preview=True)).numbers())


def renamed(line: Iterable[Resource], *, aliases: bool) -> list[Resource]:
    """The line under other names, in the program and at the vendor."""
    found = []
    for there in line:
        urn = f"{there.urn}-renamed"
        props = {name: f"{value} renamed" if name == "name" else value for name, value in there.props.items()}
        known = frozenset({there.urn}) if aliases else frozenset()
        found.append(replace(there, urn=urn, name=f"{there.name}-renamed", props=props, aliases=known))
    return found
