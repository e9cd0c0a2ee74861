"""A living account as years of clicks leave it: every type, names that come twice, numbers that callers reach."""

from __future__ import annotations

import uuid

from tests.emulated import ACCOUNT, Emulated
from tests.examples import numbers, portsip, ringex

MANAGER = numbers.MANAGER


def living(portal: Emulated, *, size: int = 1) -> None:
    """About 500 objects; ``size`` times that many destinations, profiles and numbers."""
    routing(portal, size)
    services(portal)
    tracking(portal)
    extensions(portal)
    ring_groups(portal)


def routing(portal: Emulated, size: int) -> None:
    """60 destinations and 8 profiles in four groups and the default one, and 200 numbers."""
    groups = ["1000", *(portal.group(name) for name in ("Support", "Sales", "After hours & weekends", "Österreich"))]
    profiles: list[str] = []
    for number, group in enumerate(groups):
        made = []
        for place in range(12 * size):
            fields = {"destinationDesc": 'says "hello" to\nall'} if place == 0 else {}
            name = "Denver" if place < 2 else f"Place {place}"  # the vendor allows two of one name
            target = f"+1303555{number}{place:03}"
            made.append(
                portal.destination(name, group, active=place < 3, routeDestination=target.removeprefix("+"), **fields)
            )
        portal.override(made[0], "18005550111", "13035550111", group)
        portal.override(made[1], "18005550111", "13035550112", group)
        for name in ("Main", "Night") if number < 3 else ("Main",):
            profile = portal.profile(name, group, voicemailEmail="ops@example.com")
            for place in range(3):
                portal.assign(profile, made[place], (50, 30, 20)[place], place + 1, group)
            portal.switch("Profile", profile, on=True, group=group)
            profiles.append(profile)
        _hours(portal, group, profiles[-1])
    dialled = [f"1720555{number:04}" for number in range(200 * size)]
    bodies = [
        {"dnis": one, "reservedAccountId": ACCOUNT, "dnisDescription": f"Line {place}", "active": place % 10 != 9}
        for place, one in enumerate(dialled)
    ]
    portal.manage("POST", f"{MANAGER}/dnisPool", bodies)
    for number, profile in enumerate(profiles):
        some = [{"dnis": one, "isActive": True} for one in dialled[number * 15 * size : (number + 1) * 15 * size]]
        portal.manage("PUT", f"{MANAGER}/assignedDnis/cloudRouteProfiles/{profile}", some)
    queue = [{"dnis": one, "isActive": False} for one in dialled[150 * size : 170 * size]]
    portal.manage("PUT", f"{MANAGER}/assignedDnis/gates/1000", queue)


def _hours(portal: Emulated, group: str, profile: str) -> None:
    path = f"/cloudRouteProfileGroups/{group}/cloudRouteProfiles/{profile}/assignedDestinations/percentAllocationHours"
    first, second, third = (one["assignedDestinationId"] for one in portal.assigned(profile, group))
    lines = ["assignedDestinationId,destinationName," + ",".join(f"H{hour:02}" for hour in range(24))]
    lines.append(f"{first},Denver," + ",".join(["100"] * 8 + ["50"] * 10 + ["100"] * 6))
    lines.append(f"{second},Denver," + ",".join(["0"] * 8 + ["50"] * 10 + ["0"] * 6))
    lines.append(f"{third},Place 2," + ",".join(["0"] * 24))
    file = {"file": ("hours.csv", "\n".join(lines).encode(), "text/csv")}
    portal.api("POST", f"{path}/import", params={"extension": "COMMA"}, files=file)


def services(portal: Emulated) -> None:
    """Services in two groups, with credentials of every kind."""
    key = _auth(portal, "apiKey", {"providerName": "CRM", "apiKey": "canary-key"})
    _auth(portal, "basic", {"providerName": "Old CRM", "username": "crm", "password": "canary-password"})
    token = {"algorithm": "HS256", "secret": "canary-jwt", "payload": "{}", "addTokenTo": "REQUEST_HEADER"}
    _auth(portal, "jwt", {"providerName": "Token", **token})
    oauth = {"clientId": "me", "secret": "canary-oauth", "tokenUrl": "https://crm.example.com/token"}
    _auth(portal, "oauth", {"providerName": "OAuth", "grantType": "CLIENT_CREDENTIALS", **oauth})
    group = str(portal.api("POST", "/httpServiceGroups", {"groupName": "Screen pops"})["serviceGroupId"])
    for where in ("1000", group):
        for name in ("Lookup", "Write back", "Ticket"):
            service = portal.http_service(name, where, authConfigId=key)
            path = f"/httpServiceGroups/{where}/httpServices/{service}"
            row = {"type": "PARAMETER", "simpleDataType": "STRING", "value": "", "rank": "1"}
            portal.api("POST", f"{path}/inputs", [{"name": "ani", **row}, {"name": "dnis", **row, "rank": "2"}])
            portal.api("PUT", f"{path}/setIsActive", {"isActive": name != "Ticket"})


def _auth(portal: Emulated, kind: str, body: dict[str, str]) -> str:
    id_ = str(uuid.uuid5(uuid.NAMESPACE_DNS, kind))
    type_ = {"apiKey": "APIKEY", "basic": "BASIC", "jwt": "JWT", "oauth": "OAUTH"}[kind]
    portal.api("POST", f"/external/authConfigs/{id_}/{kind}", {"authType": type_, **body})
    return id_


def tracking(portal: Emulated) -> None:
    """20 tracking numbers; each sends calls to a number, and one to another tracking number."""
    dialled = [f"1888555{number:04}" for number in range(20)]
    portal.manage("POST", f"{MANAGER}/dnisPool", [{"dnis": one, "reservedAccountId": ACCOUNT} for one in dialled])
    path = last = ""
    for one in dialled:
        body = {"dnis": one, "description": f"Campaign {one[-2:]}", "openType": "STANDARD"}
        number = str(portal.api("POST", "/tracGroups/1000/tracNumbers", body)["tracId"])
        path = f"/tracGroups/1000/tracNumbers/{number}"
        rule = {"ruleType": "STANDARD", "rank": 1, "destination": "13035550100"}
        portal.api("POST", f"{path}/routingRules", rule)
        if last:
            transfer = {"ruleType": "TRAC_XFER", "rank": 2, "xferTracId": int(last)}
            portal.api("POST", f"{path}/routingRules", transfer)
        last = number
    portal.api("POST", f"{path}/scheduleOverrides", {"overrideLabel": "Christmas", "overrideSched": "closed"})


def extensions(portal: Emulated) -> None:
    """Forwarding numbers and rules of the extension that is signed in."""
    phones = [ringex.forwarding_number(portal, f"+1303555020{number}") for number in range(5)]
    for number in range(20):
        step = {"index": 1, "ringCount": 4, "enabled": True, "forwardingNumbers": [{"id": phones[number % 5]}]}
        forwarding = {"notifyMySoftPhones": False, "rules": [step]}
        ringex.rule(portal, f"Rule {number}", callers=[{"callerId": f"+13035551{number:03}"}], forwarding=forwarding)


def ring_groups(portal: Emulated) -> None:
    """Ring groups, one of which forwards to another, and blocked numbers."""
    for number in range(10):
        rule = {"action": "FORWARD_TO_NUMBER", "number": "8000"} if number else {"action": "HANGUP"}
        portsip.ring_group(portal, f"80{number:02}", "101", "102", no_answer_forward_rule=rule, enable_paid=number > 5)
        portsip.blocked_number(portal, f"+4930123{number:03}")


__all__ = ["ACCOUNT", "living"]
