"""An account with all that people and vendors leave behind: odd names, what is gone, what is off, what is wrong."""

from __future__ import annotations

from typing import Any

from tests.emulated import ACCOUNT, Emulated
from tests.examples import numbers, portsip, ringex
from tests.examples.ringex_users import interaction_rule

MANAGER = numbers.MANAGER
NAMES = (
    "class",
    "import",
    "None",
    "print",
    "ringcx",
    "config",
    "📞",
    "电话",
    "1st floor",
    "a b",
    "a-b",
    "a_b",
    "{braces}",
    'says "hello"',
    "it's",
    "back\\slash",
    "two\nlines",
    "x" * 255,
    "tab\there, carriage\rreturn",
    "\u2028separator",
    "rtl \u202etxt",
    "#comment",
    '"""',
    "trailing\\",
    "東京 support",
    "大阪 support",
    "Привет",
    "हिन्दी",
    "\x00\x07bell",
)
"""Names that Python, a table or a formatter could stumble over."""
EXTENSIONS = {"RINGEX_EXTENSIONS": "100001,100003,100004"}
"""Two with the older call handling, and one with the newer."""


def odd(portal: Emulated) -> None:
    """All of it, and nothing that calls could not be judged by."""
    group = portal.group("class")
    for name in NAMES:
        portal.destination(name, group, destinationDesc=f"{name} {name}", active=True)
    for name in ("class", "class"):
        portal.profile(name, group)
    long = portal.profile("漢" * 255, group)
    portal.assign(long, portal.destination("y" * 255, group, active=True), 100, 1, group)
    portal.destination("Inside", portal.group("g" * 300), active=True)
    portal.group("A B")
    portal.group("A-B")
    _gone(portal)
    _services(portal)
    _numbers(portal)
    _other_vendors(portal)
    _wrong(portal)


def _wrong(portal: Emulated) -> None:
    """What the rules of this package would not let anybody declare anew."""
    url = "https://crm:canary-password@crm.example.com/a"
    config = f'{{"url": "{url}", "headers": {{"Authorization": "Bearer canary-token"}}}}'
    portal.http_service("Secret", httpServiceConfig=config)
    short, profile = portal.destination("Short", routeDestination="5551234", active=True), portal.profile("Off 100")
    portal.assign(profile, short, 50, 1)
    group = portsip.ring_group(portal, "8102", "101")
    portal.change_record("PortSipRingGroup", "id", group, members=[])
    twice = portal.destination("Twice", active=True)
    portal.override(twice, "18005550111", "911")


def _gone(portal: Emulated) -> None:
    """What names things that are not there any more."""
    first, second = portal.destination("Gone"), portal.destination("Stays", active=True)
    profile = portal.profile("Half")
    portal.assign(profile, first, 40, 1)
    portal.assign(profile, second, 60, 2)
    portal.change_record("CloudRouteDestination", "cloudDestinationId", first, isDeleted=True)


def _services(portal: Emulated) -> None:
    """Headers as a mapping."""
    service = portal.http_service("Mapped")
    portal.http_service("class")
    headers = '{"url": "https://crm.example.com/a?b={c}", "headers": {"X-One": "1", "class": "\\\\"}}'
    portal.change_record("RemoteHttpService", "serviceId", service, httpServiceConfig=headers)


def _numbers(portal: Emulated) -> None:
    """Numbers of a sub-account, short ones, inactive ones, and one that goes to a profile that is off."""
    profile = portal.profile("Off")
    bodies: list[dict[str, Any]] = [
        {"dnis": f"1720555{place:04}", "reservedAccountId": ACCOUNT, "dnisDescription": name, "active": place % 2 == 0}
        for place, name in enumerate(NAMES)
    ]
    portal.manage("POST", f"{MANAGER}/dnisPool", bodies)
    some = [{"dnis": one["dnis"], "isActive": True} for one in bodies[:3]]
    portal.manage("PUT", f"{MANAGER}/assignedDnis/cloudRouteProfiles/{profile}", some)
    state = portal.state()
    state["objects"]["Account"].append({"accountId": "777", "accountName": "Ours too", "mainAccountId": ACCOUNT})
    state["objects"]["GateSkinnyAssignable"].append({"gateId": 7001, "accountId": "777", "gateName": "Sub"})
    portal.put_state(state)
    portal.manage("POST", f"{MANAGER}/dnisPool", [{"dnis": "17205559999", "reservedAccountId": "777"}])
    portal.manage("PUT", f"{MANAGER}/assignedDnis/gates/7001", [{"dnis": "17205559999", "isActive": True}])


def _other_vendors(portal: Emulated) -> None:
    """Rules of both kinds of extensions, and ring groups that go round in a circle."""
    ringex.rule(portal, "class", callers=[{"callerId": "+13035550150"}])
    silent = {"notifyMySoftPhones": False, "rules": []}
    ringex.rule(
        portal,
        "Nobody",
        callers=[{"callerId": "+13035550151"}],
        forwarding=silent,
        voicemail={"enabled": False},
    )
    interaction_rule(portal, "import")
    for number, other in (("8100", "8101"), ("8101", "8100")):
        rule = {"action": "FORWARD_TO_NUMBER", "number": other}
        portsip.ring_group(portal, number, "101", no_answer_forward_rule=rule)
    portsip.blocked_number(portal, "+4930123")


__all__ = ["EXTENSIONS", "odd"]
