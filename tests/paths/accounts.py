"""Small accounts made by chance, and a plain answer to where a call goes in one, minute by minute.

Nothing of the package decides here: the account is written down in a form of its own, and the answer is worked out for
one minute at a time, so that intervals can be held against it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_voice_routing.safety.facts import PREFIX, Resource

WHOLE = 100**5
"""All calls. Odds are whole parts of it, since no call of these accounts passes five profiles."""
UNKNOWN = ("unknown",)
Odds = dict[Any, int]

PBX = "pbx.example.com/acme.example.com"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Destination:
    kind: str
    target: str
    active: bool
    overrides: dict[str, str]
    closed_days: tuple[int, ...] = ()
    """Days with a schedule, whose form nobody documents."""


@dataclass
class Profile:
    active: bool
    rows: list[tuple[int, int]]
    """Destinations and their shares of the day."""
    hours: dict[int, list[int]] = field(default_factory=dict)
    type: str = "DAILY"
    routing: str = "PERCENT_ALLOCATION"
    exhausted: str = ""


@dataclass
class Group:
    members: list[str]
    action: str
    number: str = ""


@dataclass
class Rule:
    enabled: bool
    hours: dict[int, tuple[int, int]]
    """Minutes of each day; no days are all days."""
    forward_all_to: str
    """A number; voicemail when empty."""


@dataclass
class Account:
    numbers: dict[str, tuple[str, Any, bool]]
    """Owner's kind, owner, and whether the assignment is active."""
    profiles: list[Profile]
    destinations: list[Destination]
    groups: dict[str, Group]
    rules: list[Rule]
    """Of the one extension, which has the number :data:`DESK`."""
    built_in: str
    """Where both built-in rules send calls: a number, or voicemail when empty."""


DESK = "+13035550180"
OUTSIDE = [f"+1303555019{one}" for one in range(4)]
DIALLED = [f"+1303555010{one}" for one in range(3)]


def account(seed: int) -> Account:
    """One of them; the same for the same seed."""
    chance = random.Random(seed)
    many = chance.randint(2, 4)
    groups = {number: _group(chance, number) for number in ("8000", "8001")}
    destinations = [_destination(chance) for _ in range(many)]
    profiles = [_profile(chance, many) for _ in range(2)]
    numbers = {number: _owner(chance) for number in DIALLED}
    rules = [_rule(chance) for _ in range(chance.randint(0, 2))]
    return Account(numbers, profiles, destinations, groups, rules, chance.choice(["", OUTSIDE[0], DIALLED[2]]))


def _owner(chance: random.Random) -> tuple[str, Any, bool]:
    kind = chance.choice(["profile", "profile", "profile", "queue", "ivr"])
    return kind, chance.randint(0, 1) if kind == "profile" else str(chance.randint(1000, 1002)), chance.random() < 0.9


def _destination(chance: random.Random) -> Destination:
    kind = chance.choice(["DID", "DID", "DID", "SIP", "ACD", "IVR"])
    target = {
        "DID": chance.choice([*OUTSIDE, *DIALLED, DESK, DESK]),
        "SIP": chance.choice(["sip:8000@acme.example.com", "sip:8001@pbx.example.com", "sip:9@elsewhere.example.com"]),
    }.get(kind, str(chance.randint(1000, 1003)))
    overrides = {chance.choice(DIALLED): chance.choice(OUTSIDE)} if kind == "DID" and chance.random() < 0.3 else {}
    closed = tuple(day for day in range(7) if chance.random() < 0.5) if chance.random() < 0.2 else ()
    return Destination(kind, target, chance.random() < 0.85, overrides, closed)


def _profile(chance: random.Random, destinations: int) -> Profile:
    chosen = chance.sample(range(destinations), chance.randint(0, min(3, destinations)))
    one = Profile(chance.random() < 0.9, list(zip(chosen, _shares(chance, len(chosen)), strict=True)))
    if chosen and chance.random() < 0.6:
        tables = [_shares(chance, len(chosen)) for _ in range(3)]
        by_hour = [chance.choice(tables) for _ in range(24)]
        one.hours = {at: [shares[place] for shares in by_hour] for place, at in enumerate(chosen)}
        one.type = chance.choice(["DAILY", "HOURLY"])
    if chance.random() < 0.1:
        one.routing = "SEQUENTIAL"
    return replace(one, exhausted=chance.choice(["", "", "VOICEMAIL"]))


def _shares(chance: random.Random, many: int) -> list[int]:
    if chance.random() < 0.1:
        return [chance.randint(0, 60) for _ in range(many)]  # they need not make 100
    cuts = sorted(chance.choice([0, 10, 25, 30, 50, 70, 100]) for _ in range(many - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)] if many else []


def _group(chance: random.Random, number: str) -> Group:
    members = chance.sample(["101", "102", "103"], chance.randint(0, 2))
    action = chance.choice(["FORWARD_TO_NUMBER", "FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"])
    return Group(members, action, chance.choice(["8000", "8001", DIALLED[1], OUTSIDE[1]]))


def _rule(chance: random.Random) -> Rule:
    days = [day for day in range(7) if chance.random() < 0.6] if chance.random() < 0.8 else []
    hours = {day: tuple(sorted(chance.sample(range(0, 1440, 30), 2))) for day in days}
    return Rule(chance.random() < 0.85, hours, chance.choice(["", *OUTSIDE, DIALLED[0]]))  # type: ignore[arg-type]


# The plain answer


def answer(account: Account, number: str, minute: int, behind: tuple[str, ...] = ()) -> Odds:
    """Where calls to a number end at one minute of the week."""
    if number in behind:
        return {("loop",): WHOLE}
    if number == DESK:
        return _extension(account, minute, (*behind, number))
    if number not in account.numbers:
        return {("number", number): WHOLE}
    kind, owner, active = account.numbers[number]
    if not active:
        return {("unanswered",): WHOLE}
    if kind != "profile":
        return {(kind, owner): WHOLE}
    return _by_profile(account, account.profiles[owner], number, minute, (*behind, number))


def _by_profile(account: Account, one: Profile, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if not one.active:
        return {("unanswered",): WHOLE}
    if not one.rows:
        return _nobody_left(one)
    if one.routing != "PERCENT_ALLOCATION":
        return {UNKNOWN: WHOLE}
    daily = dict(one.rows)
    if not one.hours:
        return _divided(account, one, daily, number, minute, behind)
    hourly = {at: shares[minute // 60 % 24] for at, shares in one.hours.items()}
    by_hour = _divided(account, one, hourly, number, minute, behind)
    if one.type == "HOURLY":
        return {UNKNOWN: WHOLE}
    return _in_common([by_hour, _divided(account, one, daily, number, minute, behind)])


def _divided(
    account: Account, one: Profile, shares: dict[int, int], number: str, minute: int, behind: tuple[str, ...]
) -> Odds:
    total = sum(shares.values())
    if total > 100:
        return {UNKNOWN: WHOLE}
    someone = any(account.destinations[at].active for at in shares)
    odds: Odds = {UNKNOWN: (100 - total) * (WHOLE // 100)} if total < 100 else {}
    for at, share in shares.items():
        if not share:
            continue
        there = account.destinations[at]
        if there.active:
            ends = _at(account, there, number, minute, behind)
        else:
            ends = {UNKNOWN: WHOLE} if someone else _nobody_left(one)
        for end, inner in ends.items():
            odds[end] = odds.get(end, 0) + inner * share // 100
    return odds


def _nobody_left(one: Profile) -> Odds:
    return {UNKNOWN if one.exhausted else ("unanswered",): WHOLE}


def _at(account: Account, there: Destination, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if minute // 1440 in there.closed_days:
        return {UNKNOWN: WHOLE}
    target = there.overrides.get(number, there.target)
    if there.kind == "DID":
        return answer(account, target, minute, behind)
    if there.kind == "SIP":
        user, _, host = target.removeprefix("sip:").partition("@")
        known = host in PBX.split("/") and user in account.groups
        return _by_group(account, user, minute, behind) if known else {("sip", target): WHOLE}
    return {("queue" if there.kind == "ACD" else "ivr", target): WHOLE}


def _by_group(account: Account, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if number in behind:
        return {("loop",): WHOLE}
    group = account.groups[number]
    behind = (*behind, number)
    if group.action == "FORWARD_TO_NUMBER":
        on_pbx = group.number in account.groups
        later = (_by_group if on_pbx else answer)(account, group.number, minute, behind)
    else:
        end = {"FORWARD_TO_VOICEMAIL": ("voicemail", number), "REPEAT": ("loop",), "HANGUP": ("unanswered",)}
        later = {end[group.action]: WHOLE}
    return {("ring group", number, frozenset(later.items())): WHOLE} if group.members else later


def _extension(account: Account, minute: int, behind: tuple[str, ...]) -> Odds:
    on = [one for one in account.rules if one.enabled and _applies(one, minute)]
    targets = [one.forward_all_to for one in on] or [account.built_in, account.built_in]
    return _in_common([answer(account, to, minute, behind) if to else {("voicemail", "180"): WHOLE} for to in targets])


def _applies(one: Rule, minute: int) -> bool:
    start, end = one.hours.get(minute // 1440, (0, 0))
    return not one.hours or start <= minute % 1440 < end


def _in_common(options: list[Odds]) -> Odds:
    """What is sure whichever it is."""
    if len(options) == 1:
        return options[0]
    first, *others = options
    least = {end: min(odds, *(other.get(end, 0) for other in others)) for end, odds in first.items()}
    odds = {end: share for end, share in least.items() if share}
    rest = WHOLE - sum(odds.values())
    return {**odds, UNKNOWN: odds.get(UNKNOWN, 0) + rest} if rest else odds


# The same account as resources


def resources(account: Account) -> list[Resource]:
    """The account as the state of a stack holds it."""
    return [*_plans(account), *_numbers(account), *_telephones(account)]


def _plans(account: Account) -> Iterable[Resource]:
    for place, there in enumerate(account.destinations):
        schedules = {f"{DAYS[day]}_schedule": "0900-1700" for day in there.closed_days}
        props = {"name": f"Destination {place}", "kind": there.kind, "target": there.target, "active": there.active}
        yield _one("ringcx:Destination", f"d{place}", f"123456/1001/{2000 + place}", **props, **schedules)
        for dnis, target in there.overrides.items():
            at = f"123456/1001/{2000 + place}"
            yield _one("ringcx:DnisOverride", f"o{place}", f"{at}/1", destination=at, dnis=dnis, target=target)
    for place, one in enumerate(account.profiles):
        id_ = f"123456/1001/{3000 + place}"
        props = {"name": f"Profile {place}", "routing_type": one.routing, "percent_alloc_type": one.type}
        exhausted = {"route_exhausted_action": one.exhausted} if one.exhausted else {}
        yield _one("ringcx:Profile", f"p{place}", id_, active=one.active, **props, **exhausted)
        rows = [
            {"destination": f"123456/1001/{2000 + at}", "rank": rank, "allocation_percent": share}
            for rank, (at, share) in enumerate(one.rows, 1)
        ]
        yield _one("ringcx:ProfileDestinations", f"s{place}", id_, profile=id_, destinations=rows)
        if one.hours:
            table = [{"destination": f"123456/1001/{2000 + at}", "percent": row} for at, row in one.hours.items()]
            yield _one("ringcx:AllocationHours", f"h{place}", id_, profile=id_, hours=table)


def _numbers(account: Account) -> Iterable[Resource]:
    for number, (kind, owner, active) in account.numbers.items():
        name = {"profile": "profile", "queue": "queue_id", "ivr": "visual_ivr_id"}[kind]
        target = f"123456/1001/{3000 + owner}" if kind == "profile" else owner
        id_ = f"123456/{number[1:]}"
        yield _one("ringcx:DnisAssignment", f"n{number}", id_, dnis=number, active=active, **{name: target})


def _telephones(account: Account) -> Iterable[Resource]:
    for number, group in account.groups.items():
        no_answer = {"action": group.action}
        if group.action == "FORWARD_TO_NUMBER":
            no_answer["number"] = group.number
        members = [{"extension_number": one} for one in group.members]
        given = {"name": number, "extension_number": number, "strategy": "PRIORITIZED_HUNT", "members": members}
        yield _one("portsip:RingGroup", f"g{number}", f"{PBX}/{number}", **given, no_answer=no_answer)
    for place, one in enumerate(account.rules or [Rule(False, {}, "")]):  # its number is known by a rule alone
        weekly = {DAYS[day]: [{"from": _clock(start), "to": _clock(end)}] for day, (start, end) in one.hours.items()}
        hours = {"schedule": {"weekly": weekly}} if weekly else {}
        props: dict[str, Any] = {"name": f"Rule {place}", "enabled": one.enabled, "called_numbers": [DESK], **hours}
        id_ = f"1/180/{place}"
        yield _one("ringex:AnsweringRule", f"r{place}", id_, extension_id="1/180", **props, **_to(one.forward_all_to))
    for name in ("business-hours", "after-hours"):
        id_ = f"1/180/{name}-rule"
        yield _one("ringex:BuiltInAnsweringRule", name, id_, extension_id="1/180", rule=name, **_to(account.built_in))


def _to(number: str) -> dict[str, str]:
    if not number:
        return {"action": "TakeMessagesOnly"}
    return {"action": "UnconditionalForwarding", "forward_all_to": number}


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _one(type_: str, called: str, id_: str, /, **props: Any) -> Resource:
    return Resource(type_, called, f"urn:pulumi:dev::line::{PREFIX}{type_}::{called}", props, id_)
