"""What an up refuses before it sends anything, and what looks like it and is fine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pulumi

from pulumi_voice_routing import portsip, ringcx, ringex
from tests.emulated import Emulated
from tests.examples import ref
from tests.stacks import Program

GROUP = ref("1000")
DENVER = {"group_id": GROUP, "name": "Denver", "kind": "DID", "target": "+13035550100"}
PERCENT: dict[str, Any] = {"routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}


@dataclass(frozen=True)
class Case:
    """A program, what is there before it is run, and what is said to it; nothing where it is fine."""

    what: str
    program: Program
    said: str = ""
    by_hand: Callable[[Emulated], Any] = lambda _: None
    first: Program | None = None
    """Brought up before."""
    others: bool = False
    """Whether an up comes to other resources first."""
    own_words: bool = False
    """Whether an up comes to know it somewhere else, and says so."""


def depends(*others: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(depends_on=list(others))


def desks(**names: str) -> Program:
    """Destinations of these names, in the order in which they are given."""

    def program() -> None:
        for resource, name in names.items():
            ringcx.Destination(resource, **{**DENVER, "name": name})  # type: ignore[arg-type]

    return program


def _chain(*names: str) -> Program:
    """Each depends on the one before."""

    def program() -> None:
        last: list[pulumi.Resource] = []
        for resource, name in zip(("a", "b"), names, strict=True):
            last = [ringcx.Destination(resource, **{**DENVER, "name": name}, opts=depends(*last))]  # type: ignore[arg-type]

    return program


def _portal_desk(portal: Emulated) -> str:
    return portal.destination("Denver")


def _line(portal: Emulated) -> None:
    profile = portal.profile("Support")
    portal.assign(profile, portal.destination("Denver", active=True), 100, rank=1)


def _set(*, adopt: bool) -> Program:
    def program() -> None:
        ringcx.ProfileDestinations(
            "set",
            profile=ref("1000", "1001"),
            destinations=[{"destination": ref("1000", "1001"), "allocation_percent": 100}],
            adopt=adopt,
        )

    return program


def _overrides(portal: Emulated) -> None:
    portal.override(portal.destination("Denver"), "18005550111", "13035550111")


def _list(*dnis: str, own: str = "") -> Program:
    def program() -> None:
        listed = ringcx.DnisOverrides(
            "list",
            destination=ref("1000", "1001"),
            overrides=[{"dnis": one, "target": "+13035550111"} for one in dnis],
        )
        if own:
            ringcx.DnisOverride(
                "own", destination=ref("1000", "1001"), dnis=own, target="+13035550112", opts=depends(listed)
            )

    return program


def _declared(kind: Any, /, **args: Any) -> Program:
    def program() -> None:
        kind("it", **args)

    return program


_TWO = ("+18005550111", "+18005550112")
_QUIET: dict[str, Any] = {"forward_to": [], "notify_soft_phones": False, "voicemail_enabled": False}


def _switched_line(portal: Emulated) -> None:
    _line(portal)
    portal.switch("Profile", "1001", on=True)


def _retired(*, share: int, active: bool) -> Program:
    """A profile of the portal's, one of whose desks is switched on or off by the program."""

    def program() -> None:
        desk = ringcx.Destination("desk", **DENVER, active=active, adopt=True)  # type: ignore[arg-type]
        other = ringcx.Destination("other", **{**DENVER, "name": "Vail"}, active=True)  # type: ignore[arg-type]
        ringcx.ProfileDestinations(
            "set",
            profile=ref("1000", "1001"),
            destinations=[
                {"destination": desk, "allocation_percent": share},
                {"destination": other, "allocation_percent": 100 - share},
            ],
            adopt=True,
        )

    return program


def _dialled(*, active: bool) -> Program:
    """A profile of the portal's, which a number leads to."""

    def program() -> None:
        support = ringcx.Profile("support", group_id=GROUP, name="Support", active=active, adopt=True, **PERCENT)
        pool = ringcx.DnisPool("pool", numbers=[{"dnis": "+18005550100"}])
        ringcx.DnisAssignment("number", dnis="+18005550100", profile=support, opts=depends(pool))

    return program


CASES = [
    Case(
        "a destination of a name that there is",
        desks(it="Denver"),
        "ringcx: a destination named 'Denver' exists already, with the id 123456/1000/1001. Say adopt=True",
        _portal_desk,
    ),
    Case("a destination that is taken over", _declared(ringcx.Destination, **DENVER, adopt=True), "", _portal_desk),
    Case(
        "a destination with an id that there is not",
        _declared(ringcx.Destination, **DENVER, adopt_id=ref("1000", "4711")),
        "ringcx: there is no destination 123456/1000/4711 to take over",
        _portal_desk,
    ),
    Case(
        "a destination gets a name that there is",
        desks(it="Denver"),
        "ringcx: destination 123456/1000/1002 cannot get the name 'Denver', which the destination 123456/1000/1001 has",
        _portal_desk,
        desks(it="Vail"),
    ),
    Case("a destination gets a name that is free", desks(it="Aspen"), "", _portal_desk, desks(it="Vail")),
    Case(
        "two destinations of one name",
        desks(one="Aspen", two="Aspen"),
        "ringcx: two resources of this program stand for the destination 'Aspen' ('one' and 'two')",
        others=True,
    ),
    Case(
        "a destination gets the name of another one",
        _chain("Vail", "Vail"),
        "ringcx: two resources of this program stand for the destination 'Vail' ('a' and 'b')",
        first=_chain("Vail", "Aspen"),
    ),
    Case("a destination gets a name that another one gives up", _chain("Reno", "Vail"), first=_chain("Vail", "Aspen")),
    Case(
        "a destination under another resource name",
        desks(new="Vail"),
        "exists already, with the id 123456/1000/1001. Say adopt=True to take it over, give the resource an alias",
        first=desks(old="Vail"),
    ),
    Case(
        "a group of a name that there is",
        _declared(ringcx.RouteGroup, name="Support"),
        "ringcx: a route group named 'Support' exists already",
        lambda portal: portal.group("Support"),
    ),
    Case(
        "a profile that starts active",
        _declared(ringcx.Profile, group_id=GROUP, name="Support", active=True, **PERCENT),
        "ringcx: profile 'Support' cannot start active",
    ),
    Case("a set where there are entries", _set(adopt=False), "ringcx: profile 1001 has destinations already", _line),
    Case("a set that is taken over", _set(adopt=True), "", _line),
    Case(
        "a desk that gets calls is switched off",
        _retired(share=70, active=False),
        "profile 1001 is active and sends calls there, and the resource 'desk' switches it off",
        _switched_line,
        _retired(share=70, active=True),
        own_words=True,
    ),
    Case(
        "a desk of a profile that is off is switched off",
        _retired(share=70, active=False),
        "",
        _line,
        _retired(share=70, active=True),
    ),
    Case(
        "a profile that a number leads to is switched off",
        _dialled(active=False),
        "its calls would reach nobody: the resource 'support' switches profile 1001 off",
        _switched_line,
        _dialled(active=True),
        own_words=True,
    ),
    Case(
        "a list of overrides where there is one of them",
        _list(_TWO[0]),
        "ringcx: destination 1001 has overrides already for +18005550111",
        _overrides,
    ),
    Case("a list of overrides beside others", _list(_TWO[1]), "", _overrides),
    Case(
        "an override where the vendor has it",
        _list(_TWO[1], own=_TWO[0]),
        "ringcx: a DNIS override named '+18005550111' exists already",
        _overrides,
        others=True,
    ),
    Case(
        "an override from its list to a resource of its own",
        _list(_TWO[0], own=_TWO[1]),
        "",
        _portal_desk,
        _list(*_TWO),
    ),
    Case(
        "a group of tracking numbers that nobody made",
        _declared(ringcx.TrackingGroup, name="Ads"),
        "ringcx: there is no tracking group named 'Ads', and the vendor has no call that makes one",
    ),
    Case(
        "a rule that rings nothing",
        _declared(
            ringex.AnsweringRule,
            extension_id="~",
            name="VIP",
            action="ForwardCalls",
            callers=[{"caller_id": "+13035550150"}],
            **_QUIET,
        ),
        "ringex: answering rule 'VIP' forwards calls to nothing",
    ),
    Case(
        "a ring group with a member that is no extension",
        _declared(
            portsip.RingGroup,
            name="Desk",
            extension_number="8000",
            strategy="RING_SIMULTANEOUSLY",
            members=[{"extension_number": "4711"}],
        ),
        "portsip: members that are no extensions of the tenant: 4711",
    ),
]
