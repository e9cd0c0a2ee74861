"""Support lines of any size, written down as a state holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.plan.facts import Resource
from tests.tokens import ALLOCATION_HOURS, DESTINATION, DNIS_ASSIGNMENT, PROFILE, PROFILE_DESTINATIONS

HOME = "123456/1001"


def one(type_: str, called: str, id_: str, /, **props: Any) -> Resource:
    return Resource(type_, called, f"urn:pulumi:dev::line::{type_}::{called}", props, id_)


def line(
    numbers: int = 1, profiles: int = 1, *, opens: int = 8, night: bool = True, target: str = "+13035550"
) -> list[Resource]:
    """Numbers that profiles answer in turn: Denver by day, from ``opens`` to 18:00, and the night desk outside of it.

    Without ``night``, the night desk is not there, and neither is anybody else.
    """
    found: list[Resource] = []
    day = [0] * opens + [100] * (18 - opens) + [0] * 6
    for place in range(profiles):
        profile = f"{HOME}/{3000 + place}"
        ends = {"Denver": (f"{target}{place:03}", day), "Night desk": ("1000", [100 - share for share in day])}
        shares = []
        for at, (name, (to, percent)) in enumerate(ends.items()):
            id_ = f"{HOME}/{20000 + 2 * place + at}"
            kind = "DID" if to.startswith("+") else "ACD"
            active = night or name == "Denver"
            found.append(
                one(DESTINATION, f"{name} {place}", id_, name=f"{name} {place}", kind=kind, target=to, active=active)
            )
            shares.append({"destination": id_, "percent": percent})
        found += [
            one(
                PROFILE,
                f"support {place}",
                profile,
                name=f"Support {place}",
                routing_type="PERCENT_ALLOCATION",
                percent_alloc_type="DAILY",
                active=True,
            ),
            one(
                PROFILE_DESTINATIONS,
                f"split {place}",
                profile,
                profile=profile,
                destinations=[{"destination": share["destination"], "rank": at} for at, share in enumerate(shares, 1)],
            ),
            one(ALLOCATION_HOURS, f"hours {place}", profile, profile=profile, hours=shares),
        ]
    for place in range(numbers):
        number = f"+1800{5550000 + place}"
        id_ = f"123456/{number[1:]}"
        owner = f"{HOME}/{3000 + place % profiles}"
        found.append(one(DNIS_ASSIGNMENT, f"number {place}", id_, dnis=number, profile=owner, active=True))
    return found


def named(names: Sequence[str]) -> list[Resource]:
    """A number whose calls destinations with these names share, in this order."""
    if not names:
        return []
    profile, share = f"{HOME}/3000", 100 // len(names)
    shares = [100 - share * (len(names) - 1), *([share] * (len(names) - 1))]
    ids = [f"{HOME}/{2000 + place}" for place in range(len(names))]
    rows = [
        {"destination": id_, "rank": rank, "allocation_percent": percent}
        for rank, (id_, percent) in enumerate(zip(ids, shares, strict=True), 1)
    ]
    return [
        *(
            one(DESTINATION, f"d{place}", ids[place], name=name, kind="DID", target=f"+13035551{place:03}", active=True)
            for place, name in enumerate(names)
        ),
        one(PROFILE, "p", profile, name=names[0], routing_type="PERCENT_ALLOCATION", active=True),
        one(PROFILE_DESTINATIONS, "s", profile, profile=profile, destinations=rows),
        one(DNIS_ASSIGNMENT, "n", "123456/18005550000", dnis="+18005550000", profile=profile, active=True),
    ]


def routing(*resources: Resource) -> Routing:
    return Routing.of_state(resources)
