"""Accounts with whatever a state, a portal and a program can say, made by chance: what is missing, odd or not known yet
stands anywhere in them."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.lifecycle.built_in import BEFORE
from pulumi_voice_routing.plan.facts import LINK_ID, LINK_OVERRIDES, UNKNOWN, Resource
from pulumi_voice_routing.plan.holdings import ELSEWHERE
from tests.call_flow.line import AUSTIN, DENVER, GROUP, NUMBER, OTHER, PBX, one

DESK, SECOND = "+13035550181", "+13035550182"
OUTSIDE = "+13035550191"
PREMIUM, ABROAD = "+19005550100", "+442071838750"
TRACKED = "+18005550177"
NUMBERS = (NUMBER, OTHER, DESK, SECOND, TRACKED, OUTSIDE, AUSTIN, PREMIUM, ABROAD)
EXTENSIONS = ("1/101", "1/102", "1/103", "~")
NINE_TO_FIVE = {"from": "09:00", "to": "17:00"}
EDGES = ("2030-06-03T09:00:00", "2030-06-10T12:00:00", "2030-06-20T00:00:00", "2030-06-25T18:00:00Z", "soon")
ODD: dict[str, Sequence[Any]] = {
    "action": ("ForwardCalls", "TransferToExtension", "TakeMessagesOnly", "SharedLines", "Sing"),
    "active": (True, False),
    "adopt": (True,),
    "allocation_percent": (0, 50, 100, 12.5),
    "always_ring": (["AllMobileRingTarget"], ["AllDesktopRingTarget", "AllMobileRingTarget"], []),
    "called_numbers": ([DESK], [SECOND, DESK], [UNKNOWN], []),
    "callers": ([{"caller_id": DENVER}], [{"caller_id": UNKNOWN}], []),
    "dispatching": ("Terminate", "RingInOrder", "RingAtOnce", "Sing"),
    "enabled": (True, False),
    "end": ("17:00", "24:00", "25"),
    "extension_id": EXTENSIONS,
    "extension_number": ("101", "8000", "8001"),
    "file": ("", "key,H00\n1,100\n"),
    "forward_all_to": NUMBERS,
    "from": ("09:00", "22:00", "9", *EDGES),
    "kind": ("DID", "IN_NETWORK_DID", "SIP", "ACD", "IVR", "FAX", "STANDARD", "VIVR"),
    "max_concurrent": (0, 3),
    "no_answer": ("HANGUP", {"action": "REPEAT"}, {"action": "FORWARD_TO_NUMBER", "number": "8001"}),
    "on_delete": ("forget", "restore"),
    "open_type": ("STANDARD", "STANDARD_PARALLEL", "None"),
    "override": (True, False),
    "percent": ([50] * 24, [100] * 12 + [0] * 12, [1, 2]),
    "percent_alloc_type": ("DAILY", "HOURLY"),
    "phone_number": NUMBERS,
    "queue_calls": (True, False),
    "rank": (1, 2, 9),
    "route_exhausted_action": ("VOICEMAIL", "HANGUP"),
    "routing_type": ("PERCENT_ALLOCATION", "SEQUENTIAL"),
    "same_as": ("work-hours", "after-hours"),
    "skill_level": (1, 7),
    "state": ("work-hours", "after-hours", "agent", "dnd", "lunch"),
    "target": (*NUMBERS, "sip:8000@acme.example.com", "sip:9@elsewhere.example.com", "1001"),
    "to": ("17:00", "09:00", *EDGES),
    "type": ("VoiceMailTerminatingTarget", "ExtensionTerminatingTarget", "DeviceRingTarget", "HotdeskRingTarget"),
    "voicemail_enabled": (True, False),
    "weekly": ({"monday": [NINE_TO_FIVE]}, {"someday": []}, {}, {"friday": UNKNOWN}),
}
"""What can stand under a name, besides what stands there elsewhere in the account."""


def other(before: list[Resource], chance: random.Random) -> list[Resource]:
    """What a program may make of an account: a few resources are gone, new, renamed, or say something else."""
    found = _known(before)
    after = [it for it in before if chance.random() > 0.12]
    return [_odd(_as_declared(it, after, chance), found, chance) for it in after]


def _as_declared(it: Resource, others: Sequence[Resource], chance: random.Random) -> Resource:
    it = replace(it, props={name: value for name, value in it.props.items() if not name.startswith("__")})
    what = chance.random()
    if what < 0.1:
        return replace(it, id=None)
    if what < 0.2:
        called = f"{it.name}-renamed"
        aliases = frozenset({it.urn}) if chance.random() < 0.6 else frozenset()
        return replace(it, name=called, urn=f"{it.urn}-renamed", id=None, aliases=aliases)
    if what < 0.35 and it.props:
        name = chance.choice(sorted(it.props))
        behind = frozenset(chance.choice(others).urn for _ in range(chance.randint(1, 2)))
        return replace(it, props={**it.props, name: UNKNOWN}, behind={name: behind})
    return it


def odd(resources: list[Resource], chance: random.Random) -> list[Resource]:
    """An account as a state may hold it."""
    found = _known(resources)
    kept = [replace(it, kept=True) if chance.random() < 0.08 else it for it in resources]
    return [_odd(it, found, chance) for it in kept if chance.random() > 0.05]


def _known(resources: Sequence[Resource]) -> Mapping[str, list[Any]]:
    """All that stands in an account, by the name under which it stands."""
    found: defaultdict[str, list[Any]] = defaultdict(list)

    def look(value: Any) -> None:
        for name, inner in value.items() if isinstance(value, dict) else ():
            found[name].append(inner)
            look(inner)
        for inner in value if isinstance(value, list) else ():
            look(inner)

    for it in resources:
        look(dict(it.props))
    return found


def _odd(it: Resource, found: Mapping[str, list[Any]], chance: random.Random) -> Resource:
    props = dict(it.props)
    while props and chance.random() < 0.4:
        props = _changed(props, found, chance)
    return replace(it, props=props)


def _changed(value: Any, found: Mapping[str, list[Any]], chance: random.Random) -> Any:
    """The same with something else in one place of it."""
    if isinstance(value, dict) and value:
        name = chance.choice(sorted(value))
        inner = value[name]
        if name.startswith("__"):  # what the package writes itself
            return value
        if isinstance(inner, dict | list) and chance.random() < 0.7:
            return {**value, name: _changed(inner, found, chance)}
        what = chance.random()
        if what < 0.25:
            return {key: one for key, one in value.items() if key != name}
        return {**value, name: UNKNOWN if what < 0.45 else chance.choice([*found[name], *ODD.get(name, ())])}
    if isinstance(value, list) and value:
        place = chance.randrange(len(value))
        what = chance.random()
        if what < 0.15:
            return [one for at, one in enumerate(value) if at != place]
        changed = UNKNOWN if what < 0.3 else _changed(value[place], found, chance)
        return [changed if at == place else one for at, one in enumerate(value)]
    return value


VOICEMAIL = {
    "dispatching": {
        "type": "Terminate",
        "actions": [
            {
                "type": "TerminatingAction",
                "terminatingTargetType": "VoiceMailTerminatingTarget",
                "targets": [{"type": "VoiceMailTerminatingTarget", "name": "Voicemail", "prompt": {}}],
            }
        ],
    }
}
"""A rule as the vendor writes it."""


def _ends(before: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """What an extension has anyway becomes of what the state keeps of it."""
    return _maybe(chance, 0.3, **{BEFORE: json.dumps(before), "on_delete": chance.choice(["forget", "restore"])})


def _maybe(chance: random.Random, odds: float = 0.5, **values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if chance.random() < odds}


# Extensions


def newer(chance: random.Random) -> list[Resource]:
    """Extensions with the newer call handling."""
    return odd([it for own in ("101", "102")[: chance.choice([1, 1, 2])] for it in _newer(own, chance)], chance)


def _newer(own: str, chance: random.Random) -> Iterator[Resource]:
    at = f"1/{own}"
    for state in ("work-hours", "after-hours", "forward-all-calls", "dnd", "agent"):
        schedule = _hours(chance) if state != "agent" else chance.choice([{"same_as": "work-hours"}, _hours(chance)])
        if chance.random() < 0.45:
            given = {"extension_id": at, "state": state, **_maybe(chance, 0.7, enabled=True, schedule=schedule)}
            ends = _ends({"enabled": chance.random() < 0.5}, chance)
            yield one("ringex:CallHandlingState", f"{own}-{state}", f"{at}/{state}", **given, **ends)
        if chance.random() < 0.5:
            given = {"extension_id": at, "state": state, **_does(own, chance), **_ends(VOICEMAIL, chance)}
            yield one("ringex:CallHandlingStateRule", f"{own}-rule-{state}", f"{at}/{state}", **given)
    for place in range(chance.randint(0, 2)):
        asks = _maybe(
            chance,
            0.35,
            callers=[{"caller_id": chance.choice([DENVER, AUSTIN])}],
            called_numbers=[DESK if own == "101" else SECOND],
            schedule={**_hours(chance), **_maybe(chance, 0.3, starts=EDGES[0], ends=chance.choice(EDGES))},
            state=chance.choice(["work-hours", "after-hours", "agent"]),
            queue_calls=True,
            enabled=True,
        )
        given = {"extension_id": at, "name": f"Rule {place}", **asks, **_does(own, chance)}
        yield one("ringex:InteractionRule", f"{own}-{place}", f"{at}/{place}", **given)


def _hours(chance: random.Random) -> dict[str, Any]:
    begin, end = chance.sample(EDGES, 2)
    given: list[dict[str, Any]] = [
        {"daily": NINE_TO_FIVE},
        {"weekly": {"monday": [NINE_TO_FIVE], "sunday": [{"from": "20:00", "to": "24:00"}]}},
        {"ranges": [{"from": EDGES[0], "to": EDGES[1]}]},
        {"ranges": [{"from": begin, "to": end}, {"from": EDGES[1], "to": EDGES[2]}]},
        {"daily": NINE_TO_FIVE, "weekly": {"tuesday": [NINE_TO_FIVE]}},
        {},
    ]
    return chance.choice(given)


def _does(own: str, chance: random.Random) -> dict[str, Any]:
    ringing = [
        {"type": "AllMobileRingTarget"},
        {"type": "AllDesktopRingTarget", "extension_id": "1/103"},
        {"type": "DeviceRingTarget", "device_id": "801"},
        {"type": "DeviceRingTarget", "device_id": "802", "extension_id": f"1/{own}"},
        {"type": "PhoneNumberRingTarget", "phone_number": chance.choice(NUMBERS)},
        {"type": "CoworkerRingTarget", "extension_id": chance.choice(EXTENSIONS)},
        {"type": "HotdeskRingTarget"},
        {"type": "IntegrationRingTarget", "integration": "Teams"},
        {"type": "NewRingTarget"},
    ]
    groups = [
        {
            "targets": chance.sample(ringing, chance.randint(0, 2)),
            **_maybe(chance, 0.5, enabled=chance.choice([True, False, UNKNOWN])),
        }
        for _ in range(chance.randint(0, 3))
    ]
    return _maybe(
        chance,
        0.7,
        dispatching=chance.choice(["RingInOrder", "RingAtOnce", "Terminate", "Terminate"]),
        ring_groups=groups,
        no_answer_target=_ending(chance),
        immediate_target=_ending(chance),
        **({"always_ring": ["AllDesktopRingTarget"]} if chance.random() < 0.3 else {}),
    )


def _ending(chance: random.Random) -> dict[str, Any]:
    return chance.choice(
        [
            {"type": "VoiceMailTerminatingTarget", "extension_id": chance.choice(EXTENSIONS)},
            {"type": "VoiceMailTerminatingTarget"},
            {"type": "PlayAnnouncementTerminatingTarget"},
            {"type": "PhoneNumberTerminatingTarget", "phone_number": chance.choice(NUMBERS)},
            {"type": "ExtensionTerminatingTarget", "extension_id": chance.choice(EXTENSIONS)},
            {"type": "NewTerminatingTarget"},
        ]
    )


def desk(chance: random.Random) -> list[Resource]:
    """Extensions with answering rules, and their telephones."""
    return odd([it for own in ("101", "102")[: chance.randint(1, 2)] for it in _desk(own, chance)], chance)


def _desk(own: str, chance: random.Random) -> Iterator[Resource]:
    at = f"1/{own}"
    for place in range(chance.randint(0, 2)):
        number = {"phone_number": chance.choice([DESK, OUTSIDE, ABROAD, UNKNOWN])} if chance.random() < 0.8 else {}
        yield one("ringex:ForwardingNumber", f"{own}-{place}", f"{at}/{place}", extension_id=at, **number)
    for place in range(chance.randint(0, 2)):
        asks = _maybe(
            chance,
            0.5,
            callers=[{"caller_id": DENVER}],
            called_numbers=[DESK, SECOND][: chance.randint(1, 2)],
            schedule=chance.choice([_hours(chance), {"ref": chance.choice(["BusinessHours", "AfterHours", "Lunch"])}]),
            enabled=chance.random() < 0.8,
        )
        given = {"extension_id": at, "name": f"Rule {place}", **asks, **_rings(at, chance)}
        yield one("ringex:AnsweringRule", f"{own}-rule-{place}", f"{at}/{place}", **given)
    for name in ("business-hours", "after-hours"):
        if chance.random() < 0.6:
            ends = _ends({"enabled": True, "callHandlingAction": "TakeMessagesOnly"}, chance)
            enabled = _maybe(chance, 0.3, enabled=chance.choice([True, False, UNKNOWN]))
            given = {"extension_id": at, "rule": name, **_rings(at, chance), **ends, **enabled}
            yield one("ringex:BuiltInAnsweringRule", f"{own}-{name}", f"{at}/{name}-rule", **given)


def _rings(at: str, chance: random.Random) -> dict[str, Any]:
    actions = (
        "ForwardCalls",
        "ForwardCalls",
        "UnconditionalForwarding",
        "TransferToExtension",
        "TakeMessagesOnly",
        "PlayAnnouncementOnly",
        "AgentQueue",
        "SharedLines",
        "Sing",
    )
    steps = [
        {
            "numbers": [f"{at}/{chance.randint(0, 2)}" for _ in range(chance.randint(0, 2))],
            **_maybe(chance, 0.7, index=2 - step),
            **_maybe(chance, 0.3, enabled=chance.random() < 0.6),
        }
        for step in range(chance.randint(0, 2))
    ]
    return {
        **_maybe(chance, 0.8, action=chance.choice(actions)),
        **_maybe(chance, 0.7, forward_to=steps),
        **_maybe(
            chance,
            0.4,
            ringing_mode=chance.choice(["Sequentially", "Simultaneously"]),
            notify_soft_phones=chance.choice([True, False, False]),
            voicemail_enabled=chance.random() < 0.5,
            voicemail_recipient_id=chance.choice(["101", "103"]),
            forward_all_to=chance.choice(NUMBERS),
            transfer_to=chance.choice(EXTENSIONS),
        ),
    }


# Numbers


def numbers(chance: random.Random) -> list[Resource]:
    """Numbers with every kind of owner, and what stands behind these: two profiles, and a tracking number."""
    return odd([*_owned(chance), *_profiles(chance), *_tracking(chance), *_ring_groups(chance)], chance)


def _owned(chance: random.Random) -> Iterator[Resource]:
    owners: list[dict[str, Any]] = [
        {"profile": f"{GROUP}/3001"},
        {"profile": f"{GROUP}/3001"},
        {"profile": f"{GROUP}/3002"},
        {"queue_id": "1001"},
        {"visual_ivr_id": "1002"},
        {},
    ]
    strangers = [["queue", "1003"], ["Visual IVR", "1004"], ["profile", "3002"], ["tracking number", "700"]]
    for place, number in enumerate((NUMBER, OTHER)):
        given = {**chance.choice(owners), **_maybe(chance, 0.4, active=chance.random() < 0.8)}
        if chance.random() < 0.25:
            given[ELSEWHERE] = {number[1:]: chance.choice(strangers)}
        id_ = f"123456/{number[1:]}"
        if chance.random() < 0.8:
            yield one("ringcx:DnisAssignment", f"n{place}", id_, dnis=number, **given)
        if chance.random() < 0.2:
            yield one("ringcx:DnisAssignments", f"both{place}", f"{id_}/all", numbers=[NUMBER, OTHER], **given)
        if chance.random() < 0.2:
            yield one("ringcx:Dnis", f"r{place}", id_, dnis=number, **_maybe(chance, active=chance.random() < 0.5))
    if chance.random() < 0.3:
        rows = [{"dnis": NUMBER, **_maybe(chance, active=False)}, {"dnis": ABROAD, **_maybe(chance, active=True)}]
        yield one("ringcx:DnisPool", "pool", "123456", numbers=rows)


def _profiles(chance: random.Random) -> Iterator[Resource]:
    places = [f"{GROUP}/{2001 + place}" for place in range(3)]
    for place, at in enumerate(places):
        kind, target = chance.choice(
            [
                ("DID", DENVER),
                ("DID", chance.choice(NUMBERS)),
                ("IN_NETWORK_DID", AUSTIN),
                ("SIP", "sip:8000@acme.example.com"),
                ("ACD", "1001"),
                ("IVR", "1002"),
            ]
        )
        given = {"name": f"D{place}", "kind": kind, "target": target}
        more = _maybe(
            chance,
            0.12,
            max_concurrent=0,
            monday_schedule="0900-1700",
            friday_schedule="1000-1200",
            preroute_http_url="https://crm.example.com",
        )
        yield one("ringcx:Destination", f"d{place}", at, **given, **_maybe(chance, 0.8, active=True), **more)
        if chance.random() < 0.3:
            rows = [{"dnis": NUMBER, "target": AUSTIN}, {"dnis": OTHER, "target": chance.choice(NUMBERS)}]
            yield one("ringcx:DnisOverrides", f"o{place}", at, destination=at, overrides=rows)
    for number in (3001, 3002):
        at = f"{GROUP}/{number}"
        given = {"name": f"P{number}", **_maybe(chance, 0.9, routing_type="PERCENT_ALLOCATION", active=True)}
        yield one("ringcx:Profile", f"p{number}", at, **given, **_maybe(chance, 0.2, route_exhausted_action="HANGUP"))
        shares = chance.choice([(50, 30, 20), (100, 0, 0), (70, 30), (60, 60), (100,), ()])
        rows = [_row(to, rank, share, chance) for rank, (to, share) in enumerate(zip(places, shares, strict=False), 1)]
        if chance.random() < 0.9:
            yield one("ringcx:ProfileDestinations", f"s{number}", at, profile=at, destinations=rows)
        if rows and chance.random() < 0.3:
            yield one("ringcx:AllocationHours", f"h{number}", at, profile=at, **_by_hour(places, rows, chance))
    targets = [{"kind": "destination", "id": to} for to in places if chance.random() < 0.5]
    yield one("ringcx:Activation", "live", "live", targets=targets)


def _row(to: str, rank: int, share: int, chance: random.Random) -> dict[str, Any]:
    link = {LINK_ID: 500 + rank} if chance.random() < 0.3 else {}
    own = {LINK_OVERRIDES: [(NUMBER, DENVER)]} if chance.random() < 0.15 else {}
    target = chance.choice([AUSTIN, AUSTIN, *NUMBERS])
    kind = chance.choice(["STANDARD", "DID", "SIP"])
    more = _maybe(chance, 0.3, override=True, target=target, kind=kind) | _maybe(chance, 0.1, max_concurrent=0)
    return {"destination": to, "rank": rank, **_maybe(chance, 0.9, allocation_percent=share), **more, **link, **own}


def _by_hour(places: Sequence[str], rows: Sequence[Mapping[str, Any]], chance: random.Random) -> dict[str, Any]:
    many = len(rows)
    shares = [[100 // many] * 12 + [100 * (place == 0)] * 12 for place in range(many)]
    ends = _maybe(chance, 0.5, on_delete=chance.choice(["restore", "forget"]))
    if chance.random() < 0.5:
        table = [{"destination": to, "percent": row} for to, row in zip(places, shares, strict=False)]
        return {"hours": table, **ends}
    keys = chance.choice([("501", "502", "503"), ("D0", "D1", "D2"), ("2001", "2002", "2003"), ("7", "7", "8")])
    header = ",".join(["key", *(f"H{hour:02}" for hour in range(24))])
    lines = [",".join([key, *map(str, row)]) for key, row in zip(keys, shares, strict=False)]
    links = {"501": "2001", "502": "2002", "503": 2003}
    return {"file": "\n".join([header, *lines]), **_maybe(chance, 0.4, __links=links), **ends}


def _tracking(chance: random.Random) -> Iterator[Resource]:
    at = "123456/700"
    if chance.random() < 0.5:
        return
    types = _maybe(chance, 0.5, open_type=chance.choice(ODD["open_type"]), close_type=chance.choice(ODD["open_type"]))
    given = {"dnis": chance.choice([TRACKED, TRACKED, NUMBER]), **_maybe(chance, 0.3, active=chance.random() < 0.6)}
    yield one("ringcx:TrackingNumber", "campaign", at, **given, **types, **_maybe(chance, 0.2, monday_schedule="0900"))
    for place in range(chance.randint(0, 3)):
        kind, to = chance.choice(
            [
                ("STANDARD", {"destination": chance.choice(NUMBERS)}),
                ("IN_NETWORK", {"destination": OTHER}),
                ("GATE_XFER", {"queue_id": "1001"}),
                ("TRAC_XFER", {"to_tracking_id": at}),
                ("STANDARD_SIP", {"destination": "sip:8000@acme.example.com"}),
                ("VIVR", {"destination": "1002"}),
            ]
        )
        rule = {"tracking_number": at, "kind": kind, "open_rule": chance.random() < 0.6, **to}
        limits = _maybe(chance, 0.2, ring_duration=0)
        yield one("ringcx:TrackingRoutingRule", f"t{place}", f"{at}/{place}", rank=place % 2, **rule, **limits)
    if chance.random() < 0.4:
        closed = {"tracking_number": at, "schedule": "0900-1000"}
        yield one("ringcx:TrackingScheduleOverride", "closed", f"{at}/1", **closed)


def _ring_groups(chance: random.Random) -> Iterator[Resource]:
    for number in ("8000", "8001"):
        members = [
            {"extension_number": str(101 + place), **_maybe(chance, 0.3, skill_level=9 - place)} for place in range(2)
        ]
        action = chance.choice(["FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"])
        to = chance.choice(["8001", "8000", *NUMBERS])
        given = {
            "name": f"Group {number}",
            "extension_number": number,
            "strategy": chance.choice(["RING_SIMULTANEOUSLY", "PRIORITIZED_HUNT", "SKILL_BASED_ROUTING_CYCLIC_HUNT"]),
            "members": members,
            **_maybe(chance, 0.3, inbound_numbers=[ABROAD, NUMBER], ring_time_seconds=0),
            **_maybe(chance, 0.9, no_answer={"action": action, "number": to}),
        }
        if chance.random() < 0.5:
            yield one("portsip:RingGroup", f"g{number}", f"{PBX}/{number}", **given)
