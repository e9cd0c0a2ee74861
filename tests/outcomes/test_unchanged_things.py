"""Calls that would end badly through something that the change itself leaves alone, and that nobody here declares."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from tests.approvals import filled_in
from tests.emulated import operations
from tests.numbers.resources import Managed

from .conftest import AUSTIN, NUMBER, Live
from .run import Stack

PREMIUM, FRENCH = "+19005550100", "+33142685300"
OTHER = "13035550199"
TRACKED = "13035550111"
SIP = "sip:8000@acme.example.com"

Program = dict[str, tuple[str, dict[str, Any]]]
Try = Callable[[Live], Callable[[], Any]]
"""What is to be tried, after what must be there for it."""


def link(live: Live, profile: str, destination: str, **changes: Any) -> str:
    """The path of a link between a profile and a destination; ``changes`` are made to it."""
    (there,) = (
        one
        for one in live.portal.assigned(profile)
        if str(one["cloudDestination"]["cloudDestinationId"]) == destination
    )
    links = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}/assignedDestinations"
    path = f"{links}/{there['assignedDestinationId']}"
    if changes:
        kept = {name: there[name] for name in ("destinationType", "rank", "allocationPercent")}
        live.portal.api("PUT", path, {**kept, **changes})
    return path


def override_below(live: Live, profile: str, destination: str, dnis: str, target: str) -> None:
    """What a profile does with calls to one number at one of its destinations; no program can say that."""
    at = f"{link(live, profile, destination)}/dnisOverrides"
    live.portal.api("POST", at, {"dnis": dnis, "routeDestination": target}, params={"cloudDestinationType": "DID"})


def own_target(live: Live, profile: str, destination: str, target: str) -> None:
    """The target that a profile gives to one of its destinations."""
    link(live, profile, destination, overrideFlag=True, routeDestination=target)


def ring_group(live: Live, forwards_to: str) -> None:
    """A ring group, made by hand, that goes on to a number."""
    body = {
        "name": "Night",
        "extension_number": "8000",
        "ring_strategy": "CYCLIC_HUNT",
        "no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER", "number": forwards_to},
    }
    live.portal.call("POST", "/api/ring_groups", body)


# A number comes to a line that nobody called


class Line:
    """A profile with one destination, which is fine by itself."""

    def __init__(self, live: Live, **desk: Any) -> None:
        self.live = live
        live.account.pool([OTHER])
        self.desk = live.portal.destination("Desk", active=True, **desk)
        self.profile = live.portal.profile("Quiet")
        live.portal.assign(self.profile, self.desk, 100, rank=1)
        live.portal.switch("Profile", self.profile, on=True)


Comes = Callable[[Line], object]


def overridden(target: str) -> Comes:
    return lambda line: line.live.portal.override(line.desk, OTHER, target)


def below_the_link(target: str) -> Comes:
    return lambda line: override_below(line.live, line.profile, line.desk, OTHER, target)


def with_own_target(target: str) -> Comes:
    return lambda line: own_target(line.live, line.profile, line.desk, target)


def nothing_more(line: Line) -> None:
    pass


def by_way_of_the_other_line(target: str) -> Comes:
    """The destination dials the number of the other line, which goes elsewhere there."""

    def there(line: Line) -> None:
        line.live.portal.override(line.live.denver, NUMBER, target)

    return there


def by_way_of_tracking(line: Line) -> None:
    live = line.live
    live.account.pool([TRACKED])
    at = f"/tracGroups/1000/tracNumbers/{live.account.tracking_number(TRACKED)}/routingRules"
    rule = {"ruleType": "STANDARD", "destination": PREMIUM, "rank": 1, "openRule": True}
    live.portal.api("POST", at, rule)


COMES: dict[str, tuple[dict[str, Any], Comes]] = {
    "an override to a premium-rate number": ({}, overridden(PREMIUM)),
    "an override to another country": ({}, overridden(FRENCH)),
    "an override below the link": ({}, below_the_link(PREMIUM)),
    "the profile's own target": ({}, with_own_target(PREMIUM)),
    "the destination's target": ({"routeDestination": PREMIUM}, nothing_more),
    "the number itself": ({"routeDestination": f"+{OTHER}"}, nothing_more),
    "an override to the number itself": ({}, overridden(f"+{OTHER}")),
    "another number, with an override": ({"routeDestination": f"+{NUMBER}"}, by_way_of_the_other_line(PREMIUM)),
    "a tracking number, with a rule": ({"routeDestination": f"+{TRACKED}"}, by_way_of_tracking),
    "a ring group that goes on": (
        {"routeDestination": SIP, "destinationType": "SIP"},
        lambda line: ring_group(line.live, PREMIUM),
    ),
}
COMES_WELL: dict[str, tuple[dict[str, Any], Comes]] = {
    "an override to another number that answers": ({"routeDestination": PREMIUM}, overridden(AUSTIN)),
    "an override for other numbers": ({}, lambda line: line.live.portal.override(line.desk, NUMBER, PREMIUM)),
}


@pytest.mark.parametrize(("desk", "there"), COMES.values(), ids=COMES)
def test_a_number_that_comes(
    live: Live, desk: dict[str, Any], there: Comes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1")
    line = Line(live, **desk)
    there(line)
    live.new_lists()
    live.portal.forget_journal()
    program: Program = {"number": ("ringcx:DnisAssignment", {"dnis": f"+{OTHER}", "profile": live.id(line.profile)})}
    with pytest.raises(Refused, match="forbidden-target") as why:
        Stack().up(**program)
    assert operations(live.portal.journal(), writes=True) == []
    (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
    Stack().up(**program)


@pytest.mark.parametrize(("desk", "there"), COMES_WELL.values(), ids=COMES_WELL)
def test_a_number_that_comes_well(live: Live, desk: dict[str, Any], there: Comes) -> None:
    line = Line(live, **desk)
    there(line)
    live.new_lists()
    Stack().up(number=("ringcx:DnisAssignment", {"dnis": f"+{OTHER}", "profile": live.id(line.profile)}))


# Calls of a live number come to it by a change of something else


def first_calls(there: Callable[[Live, str], object]) -> Try:
    """The shares change, so that calls come to a destination that had none."""

    def ready(live: Live) -> Callable[[], Any]:
        spare = live.spare()
        live.portal.assign(live.profile, spare, 0, rank=3)
        live.portal.switch("Destination", spare, on=True)
        there(live, spare)
        whole = {"profile": live.id(live.profile)}
        first = live.rows((live.denver, 70), (live.austin, 30), (spare, 0))
        one = live.adopted("ringcx:ProfileDestinations", **whole, destinations=first, adopt=True)
        return lambda: one.up(**whole, destinations=live.rows((live.denver, 50), (live.austin, 30), (spare, 20)))

    return ready


def hours(there: Callable[[Live, str], object]) -> Try:
    """Shares by the hour send calls to it."""

    def ready(live: Live) -> Callable[[], Any]:
        spare = live.spare()
        live.portal.assign(live.profile, spare, 0, rank=3)
        live.portal.switch("Destination", spare, on=True)
        there(live, spare)
        shares = ((live.denver, 60), (live.austin, 20), (spare, 20))
        table = [{"destination": live.id(one), "percent": [share] * 24} for one, share in shares]
        return lambda: Managed("ringcx:AllocationHours").up(profile=live.id(live.profile), hours=table)

    return ready


def switched_on(there: Callable[[Live, str], object]) -> Try:
    """What has a share is switched on."""

    def ready(live: Live) -> Callable[[], Any]:
        live.portal.switch("Destination", live.austin, on=False)
        there(live, live.austin)
        return lambda: Managed("ringcx:Activation").up(targets=[{"kind": "destination", "id": live.id(live.austin)}])

    return ready


def profile_on(there: Callable[[Live, str], object]) -> Try:
    """The whole profile is switched on."""

    def ready(live: Live) -> Callable[[], Any]:
        live.portal.switch("Profile", live.profile, on=False)
        there(live, live.austin)
        return lambda: Managed("ringcx:Activation").up(targets=[{"kind": "profile", "id": live.id(live.profile)}])

    return ready


def taken_over(there: Callable[[Live, str], object]) -> Try:
    """The shares are taken over, with others than there are."""

    def ready(live: Live) -> Callable[[], Any]:
        spare = live.spare()
        live.portal.switch("Destination", spare, on=True)
        there(live, spare)
        rows = live.rows((live.denver, 70), (spare, 30))
        one = Managed("ringcx:ProfileDestinations")
        return lambda: one.up(profile=live.id(live.profile), destinations=rows, adopt=True)

    return ready


def new_target(target: str, there: Callable[[Live, str], object]) -> Try:
    """A destination dials something else."""

    def ready(live: Live) -> Callable[[], Any]:
        there(live, live.denver)
        one = live.adopted("ringcx:Destination", **live.destination(), adopt=True)
        return lambda: one.up(**live.destination(target=target))

    return ready


def at_it(target: str) -> Callable[[Live, str], object]:
    return lambda live, at: live.portal.override(at, NUMBER, target)


def below(target: str) -> Callable[[Live, str], object]:
    return lambda live, at: override_below(live, live.profile, at, NUMBER, target)


def other_line(target: str) -> Callable[[Live, str], object]:
    """Another number, another profile, and an override for that number there."""

    def there(live: Live, _: str) -> None:
        line = Line(live)
        live.account.give([OTHER], f"profile {line.profile}")
        live.portal.override(line.desk, OTHER, target)

    return there


def other_tracking(live: Live, _: str) -> None:
    by_way_of_tracking(Line(live))


CHANGES: dict[str, Try] = {
    "its first calls, and an override to a premium-rate number": first_calls(at_it(PREMIUM)),
    "its first calls, and an override to another country": first_calls(at_it(FRENCH)),
    "its first calls, and an override below the link": first_calls(below(PREMIUM)),
    "its first calls, and an override to the number itself": first_calls(at_it(f"+{NUMBER}")),
    "its first calls, and an override to it below the link": first_calls(below(f"+{NUMBER}")),
    "hours, and an override": hours(at_it(PREMIUM)),
    "hours, and an override below the link": hours(below(PREMIUM)),
    "switched on, and an override": switched_on(at_it(PREMIUM)),
    "switched on, and an override below the link": switched_on(below(PREMIUM)),
    "a profile is switched on, and an override": profile_on(at_it(PREMIUM)),
    "shares that are taken over, and an override": taken_over(at_it(PREMIUM)),
    "another line, with an override": new_target(f"+{OTHER}", other_line(PREMIUM)),
    "another line, with an override back to here": new_target(f"+{OTHER}", other_line(f"+{NUMBER}")),
    "a tracking number, with a rule": new_target(f"+{TRACKED}", other_tracking),
}


@pytest.mark.parametrize("ready", CHANGES.values(), ids=CHANGES)
def test_calls_that_come_to_it(live: Live, ready: Try, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1")
    attempt = ready(live)
    live.new_lists()
    live.portal.forget_journal()
    before = live.portal.state()
    with pytest.raises(Refused, match="would be worse off") as why:
        attempt()
    assert live.portal.state() == before
    assert operations(live.portal.journal(), writes=True) == []
    (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
    attempt()


# Calls of an extension


EXTENSION = "123456/100001"
AT = "/restapi/v1.0/account/123456/extension/100001"
VIP, FRIEND = "+13035550170", "+13035550171"


def rule(*callers: str, **args: Any) -> tuple[str, dict[str, Any]]:
    """A rule for some callers, whom voicemail answers."""
    given = {"extension_id": EXTENSION, "name": "VIP", "callers": [{"caller_id": one} for one in callers]}
    return "ringex:AnsweringRule", {**given, "action": "TakeMessagesOnly", "voicemail_enabled": True, **args}


def by_hand(live: Live) -> None:
    """What the extension does with all other calls, which no program says."""
    paid = {"callHandlingAction": "UnconditionalForwarding", "unconditionalForwarding": {"phoneNumber": PREMIUM}}
    for hours in ("business", "after"):
        live.portal.call("PUT", f"{AT}/answering-rule/{hours}-hours-rule", paid)


Rules = dict[str, tuple[str, dict[str, Any]]]
RULES: dict[str, tuple[Rules, Rules]] = {
    "a rule leaves": ({"vip": rule(VIP)}, {}),
    "a rule is switched off": ({"vip": rule(VIP)}, {"vip": rule(VIP, enabled=False)}),
    "a rule loses a caller": ({"vip": rule(VIP, FRIEND)}, {"vip": rule(FRIEND)}),
    "a rule is for some hours only": ({"vip": rule(VIP)}, {"vip": rule(VIP, schedule={"ref": "BusinessHours"})}),
}


@pytest.mark.parametrize(("was", "wanted"), RULES.values(), ids=RULES)
def test_calls_that_are_left_to_rules_of_the_portal(live: Live, was: Rules, wanted: Rules, tmp_path: Path) -> None:
    stack = Stack()
    stack.up(**was)
    by_hand(live)
    live.new_lists()
    live.portal.forget_journal()
    before = live.portal.state()
    with pytest.raises(Refused, match="forbidden-target") as why:
        stack.up(**wanted)
    assert live.portal.state() == before
    (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
    stack.up(**wanted)


def test_a_telephone_of_the_portal_that_rings(live: Live) -> None:
    there = live.portal.call(
        "POST", f"{AT}/forwarding-number", {"phoneNumber": PREMIUM, "label": "Paid", "type": "Other"}
    )
    rings = {"action": "ForwardCalls", "forward_to": [{"numbers": [f"{EXTENSION}/{there['id']}"]}]}
    stack = Stack()
    stack.up(vip=rule(VIP))
    live.new_lists()
    live.portal.forget_journal()
    with pytest.raises(Refused, match="forbidden-target"):
        stack.up(vip=rule(VIP, **rings))
    assert operations(live.portal.journal(), writes=True) == []


MAY_NOT_SEE = {"match": {"operation": "NM-02"}, "fault": "status", "code": 403, "times": 9}
CALLED_LINES: dict[str, tuple[Callable[[Live], object], bool]] = {
    "it answers": (lambda live: None, False),
    "a user who may not see numbers": (lambda live: live.portal.faults(MAY_NOT_SEE), False),
    "an override to a premium-rate number": (lambda live: live.portal.override(live.denver, NUMBER, PREMIUM), True),
    "its profile is off": (lambda live: live.portal.switch("Profile", live.profile, on=False), True),
    "a circle": (lambda live: live.portal.override(live.denver, NUMBER, f"+{NUMBER}"), True),
}


@pytest.mark.parametrize(("there", "refused"), CALLED_LINES.values(), ids=CALLED_LINES)
def test_a_rule_that_calls_a_line_of_the_account(live: Live, there: Callable[[Live], object], refused: bool) -> None:
    stack = Stack()
    stack.up(vip=rule(VIP))
    there(live)
    live.new_lists()
    live.portal.forget_journal()
    calls = {"vip": rule(VIP, action="UnconditionalForwarding", forward_all_to=f"+{NUMBER}")}
    if not refused:
        stack.up(**calls)
        return
    with pytest.raises(Refused, match="would be worse off"):
        stack.up(**calls)
    assert operations(live.portal.journal(), writes=True) == []
