"""Small accounts made by chance, and a plain answer to where a call goes in one, minute by minute.

Nothing of the package decides here: the account is written down in a form of its own, and the answer is worked out for
one minute at a time, so that intervals can be held against it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pulumi_voice_routing.plan.facts import PREFIX, Resource

WHOLE = 100**5
"""All calls. Odds are whole parts of it, since no call of these accounts passes five profiles."""
UNKNOWN = ("unknown",)
Odds = dict[Any, int]

PBX = "pbx.example.com/acme.example.com"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
QUARTER = 15
"""Minutes; nothing in these accounts changes at other times."""


@dataclass
class Destination:
    kind: str
    target: str
    active: bool | None
    """Nothing when nobody says, so that it may have been switched on by hand."""
    overrides: list[tuple[str, str]]
    """Numbers and targets; two of one number can be in conflict."""
    closed_days: tuple[int, ...] = ()
    """Days with a schedule, whose form nobody documents."""
    by_activation: bool = False
    """Whether an activation switches it on, and it says nothing itself."""


@dataclass
class Profile:
    active: bool | None
    rows: list[tuple[int, int]]
    """Destinations and their shares of the day."""
    own: dict[int, str] = field(default_factory=dict)
    """Its own targets for destinations that have numbers for targets."""
    hours: dict[int, list[int]] = field(default_factory=dict)
    type: str = "DAILY"
    table_only: bool = False
    """Whether there are shares by the hour alone."""
    routing: str = "PERCENT_ALLOCATION"
    exhausted: str = ""
    by_activation: bool = False


@dataclass
class Group:
    members: list[str]
    action: str
    number: str = ""


@dataclass
class Rule:
    enabled: bool
    hours: dict[int, list[tuple[int, int]]]
    """Minutes of each day; no days are all days."""
    to: str
    """A number, or :data:`VOICEMAIL`, :data:`ANNOUNCEMENT`, or :data:`TRANSFER` to the other extension."""


@dataclass
class Extension:
    rules: list[Rule]
    built_in: tuple[str, str]
    """Where its two built-in rules send calls."""


@dataclass
class Account:
    numbers: dict[str, tuple[str, Any, bool]]
    """Owner's kind, owner, and whether the assignment is active."""
    unused: set[str]
    """Numbers whose record says that they are not in use."""
    profiles: list[Profile]
    destinations: list[Destination]
    groups: dict[str, Group]
    extensions: dict[str, Extension]
    """By their numbers, which are :data:`DESKS`."""


VOICEMAIL, ANNOUNCEMENT, TRANSFER = "voicemail", "announcement", "transfer"
DESKS = ("+13035550180", "+13035550181")
OUTSIDE = [f"+1303555019{one}" for one in range(4)]
DIALLED = [f"+1303555010{one}" for one in range(3)]
CALLED = [*DIALLED, *DESKS, "8000", "8001", "extension 180", "extension 181"]
"""Everything that calls to an account can be for."""


def account(seed: int) -> Account:
    """One of them; the same for the same seed."""
    chance = random.Random(seed)
    many = chance.randint(2, 4)
    groups = {number: _group(chance, number) for number in ("8000", "8001")}
    destinations = [_destination(chance) for _ in range(many)]
    profiles = [_profile(chance, destinations) for _ in range(2)]
    numbers = {number: _owner(chance) for number in DIALLED}
    unused = {number for number in DIALLED if chance.random() < 0.05}
    extensions = {number: _extension(chance) for number in DESKS}
    return Account(numbers, unused, profiles, destinations, groups, extensions)


def _owner(chance: random.Random) -> tuple[str, Any, bool]:
    kind = chance.choice(["profile", "profile", "profile", "queue", "ivr"])
    return kind, chance.randint(0, 1) if kind == "profile" else str(chance.randint(1000, 1002)), chance.random() < 0.9


def _destination(chance: random.Random) -> Destination:
    kind = chance.choice(["DID", "DID", "DID", "SIP", "ACD", "IVR"])
    target = {
        "DID": chance.choice([*OUTSIDE, *DIALLED, *DESKS, *DESKS]),
        "SIP": chance.choice(["sip:8000@acme.example.com", "sip:8001@pbx.example.com", "sip:9@elsewhere.example.com"]),
    }.get(kind, str(chance.randint(1000, 1003)))
    overrides = chance.randint(1, 3) if kind == "DID" and chance.random() < 0.4 else 0
    closed = tuple(day for day in range(7) if chance.random() < 0.5) if chance.random() < 0.2 else ()
    return Destination(
        kind,
        target,
        _active(chance),
        [(chance.choice(DIALLED), chance.choice([*OUTSIDE, DIALLED[1]])) for _ in range(overrides)],
        closed,
        chance.random() < 0.3,
    )


def _active(chance: random.Random) -> bool | None:
    return chance.choices([True, False, None], [85, 10, 5])[0]


def _profile(chance: random.Random, destinations: list[Destination]) -> Profile:
    chosen = chance.sample(range(len(destinations)), chance.randint(0, min(3, len(destinations))))
    one = Profile(_active(chance), list(zip(chosen, _shares(chance, len(chosen)), strict=True)))
    numbers = [at for at in chosen if destinations[at].kind == "DID"]
    one.own = {at: chance.choice(OUTSIDE) for at in numbers if chance.random() < 0.2}
    if chosen and chance.random() < 0.6:
        tables = [_shares(chance, len(chosen)) for _ in range(3)]
        by_hour = [chance.choice(tables) for _ in range(24)]
        one.hours = {at: [shares[place] for shares in by_hour] for place, at in enumerate(chosen)}
        one.type = chance.choice(["DAILY", "DAILY", "HOURLY"])
        one.table_only = chance.random() < 0.6
    if chance.random() < 0.1:
        one.routing = "SEQUENTIAL"
    return replace(one, exhausted=chance.choice(["", "", "VOICEMAIL"]), by_activation=chance.random() < 0.3)


def _shares(chance: random.Random, many: int) -> list[int]:
    if chance.random() < 0.1:
        return [chance.randint(0, 60) for _ in range(many)]  # they need not make 100
    cuts = sorted(chance.choice([0, 10, 25, 30, 50, 70, 100]) for _ in range(many - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)] if many else []


def _group(chance: random.Random, number: str) -> Group:
    members = chance.sample(["101", "102", "103"], chance.randint(0, 2))
    action = chance.choice(["FORWARD_TO_NUMBER", "FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"])
    return Group(members, action, chance.choice(["8000", "8001", DIALLED[1], OUTSIDE[1]]))


def _extension(chance: random.Random) -> Extension:
    rules = [_rule(chance) for _ in range(chance.randint(0, 2))]
    same = chance.choice([VOICEMAIL, ANNOUNCEMENT, TRANSFER, OUTSIDE[0], DIALLED[2]])
    return Extension(rules, (same, same if chance.random() < 0.7 else OUTSIDE[0]))


def _rule(chance: random.Random) -> Rule:
    days = [day for day in range(7) if chance.random() < 0.6] if chance.random() < 0.8 else []
    return Rule(
        chance.random() < 0.85,
        {day: _ranges(chance) for day in days},
        chance.choice([VOICEMAIL, ANNOUNCEMENT, TRANSFER, *OUTSIDE, DIALLED[0]]),
    )


def _ranges(chance: random.Random) -> list[tuple[int, int]]:
    edges = sorted(chance.sample(range(0, 1440, QUARTER), 2 * chance.randint(1, 3)))
    return list(zip(edges[::2], edges[1::2], strict=True))


# The plain answer


def answer(account: Account, called: str, minute: int, behind: tuple[str, ...] = ()) -> Odds:
    """Where calls to a number, a ring group or an extension end at one minute of the week."""
    if called in account.groups:
        return _by_group(account, called, minute, behind)
    if called.startswith("extension"):  # by a number that no rule names
        return _usual(account, f"+13035550{called[-3:]}", minute, (called,))
    return _by_number(account, called, minute, behind)


def _by_number(account: Account, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if number in behind:
        return BACK
    if number in DESKS:
        return _by_rules(account, number, minute, (*behind, number))
    if number not in account.numbers:
        return {("number", number): WHOLE}
    if number in account.unused:
        return _nobody("its number is not in use")
    kind, owner, active = account.numbers[number]
    if not active:
        return _nobody("the assignment is not active")
    if kind != "profile":
        return {(kind, owner): WHOLE}
    return _by_profile(account, account.profiles[owner], number, minute, (*behind, number))


BACK: Odds = {("loop", "calls come back to where they were"): WHOLE}


def _nobody(why: str) -> Odds:
    return {("unanswered", why): WHOLE}


def _by_profile(account: Account, one: Profile, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if one.active is False:
        return _nobody("the profile is not active")
    on = _on(account, one, number, minute, behind)
    return on if _taking(one) else _in_common([on, _nobody("it is not active")])


def _taking(one: Destination | Profile) -> bool:
    return one.active is True


def _on(account: Account, one: Profile, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if not one.rows:
        return _nobody_left(one)
    if one.routing != "PERCENT_ALLOCATION":
        return {UNKNOWN: WHOLE}
    daily = dict(one.rows)
    if not one.hours:
        return _divided(account, one, daily, number, minute, behind)
    if one.type == "HOURLY":
        return {UNKNOWN: WHOLE}
    hourly = {at: shares[minute // 60 % 24] for at, shares in one.hours.items()}
    by_hour = _divided(account, one, hourly, number, minute, behind)
    return by_hour if one.table_only else _in_common([by_hour, _divided(account, one, daily, number, minute, behind)])


def _divided(
    account: Account, one: Profile, shares: dict[int, int], number: str, minute: int, behind: tuple[str, ...]
) -> Odds:
    total = sum(shares.values())
    if total > 100:
        return {UNKNOWN: WHOLE}
    someone = any(account.destinations[at].active is not False for at in shares)
    odds: Odds = {UNKNOWN: (100 - total) * (WHOLE // 100)} if total < 100 else {}
    for at, share in shares.items():
        if not share:
            continue
        there = account.destinations[at]
        if there.active is False:
            ends = {UNKNOWN: WHOLE} if someone else _nobody_left(one)
        elif _taking(there) and minute // 1440 not in there.closed_days:
            ends = _at(account, there, one.own.get(at), number, minute, behind)
        else:
            ends = {UNKNOWN: WHOLE}
        for end, inner in ends.items():
            odds[end] = odds.get(end, 0) + inner * share // 100
    return odds


def _nobody_left(one: Profile) -> Odds:
    return {UNKNOWN: WHOLE} if one.exhausted else _nobody("the profile has no destination that takes calls")


def _at(
    account: Account, there: Destination, own: str | None, number: str, minute: int, behind: tuple[str, ...]
) -> Odds:
    if there.kind == "DID":
        targets = {target for dnis, target in there.overrides if dnis == number} | ({own} if own else set())
        ends = [_by_number(account, target, minute, behind) for target in sorted(targets or {there.target})]
        return _in_common(ends)
    if there.kind == "SIP":
        user, _, host = there.target.removeprefix("sip:").partition("@")
        known = host in PBX.split("/") and user in account.groups
        return _by_group(account, user, minute, behind) if known else {("sip", there.target): WHOLE}
    return {("queue" if there.kind == "ACD" else "ivr", there.target): WHOLE}


def _by_group(account: Account, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if number in behind:
        return BACK
    group = account.groups[number]
    behind = (*behind, number)
    if group.action == "FORWARD_TO_NUMBER":
        on_pbx = group.number in account.groups
        later = (_by_group if on_pbx else _by_number)(account, group.number, minute, behind)
    elif group.action == "HANGUP":
        later = _nobody("the call is ended")
    else:
        repeats = group.action == "REPEAT"
        later = {("loop", "the same members ring again") if repeats else ("voicemail", number): WHOLE}
    return {("ring group", number, frozenset(later.items())): WHOLE} if group.members else later


def _by_rules(account: Account, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    on = [one for one in account.extensions[number].rules if one.enabled and _applies(one, minute)]
    if not on:
        return _usual(account, number, minute, behind)
    return _in_common([_to(account, number, one.to, minute, behind) for one in on])


def _usual(account: Account, number: str, minute: int, behind: tuple[str, ...]) -> Odds:
    return _in_common([_to(account, number, to, minute, behind) for to in account.extensions[number].built_in])


def _to(account: Account, number: str, to: str, minute: int, behind: tuple[str, ...]) -> Odds:
    if to in (VOICEMAIL, ANNOUNCEMENT):
        return {(to, number[-3:]): WHOLE}
    if to != TRANSFER:
        return _by_number(account, to, minute, behind)
    other = DESKS[number == DESKS[0]]
    place = f"transferred to {other}"
    if place in behind:
        return BACK
    behind = (*behind, place)
    maybe = [one for one in account.extensions[other].rules if one.enabled and _applies(one, minute)]
    routes = [_to(account, other, one.to, minute, behind) for one in maybe]  # which number was dialled is not told
    return _in_common([*routes, _usual(account, other, minute, behind)])


def _applies(one: Rule, minute: int) -> bool:
    ranges = one.hours.get(minute // 1440, [])
    return not one.hours or any(start <= minute % 1440 < end for start, end in ranges)


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
    return [*_plans(account), *_activation(account), *_numbers(account), *_telephones(account)]


def _plans(account: Account) -> Iterable[Resource]:
    for place, there in enumerate(account.destinations):
        at = f"123456/1001/{2000 + place}"
        schedules = {f"{DAYS[day]}_schedule": "0900-1700" for day in there.closed_days}
        props = {"name": f"Destination {place}", "kind": there.kind, "target": there.target, **_flag(there)}
        yield _one("ringcx:Destination", f"d{place}", at, **props, **schedules)
        first, *others = [{"dnis": dnis, "target": target} for dnis, target in there.overrides] or [{}]
        if first:
            yield _one("ringcx:DnisOverride", f"o{place}", f"{at}/1", destination=at, **first)
        if others:
            yield _one("ringcx:DnisOverrides", f"os{place}", at, destination=at, overrides=others)
    for place, one in enumerate(account.profiles):
        id_ = f"123456/1001/{3000 + place}"
        props = {"name": f"Profile {place}", "routing_type": one.routing, "percent_alloc_type": one.type}
        exhausted = {"route_exhausted_action": one.exhausted} if one.exhausted else {}
        yield _one("ringcx:Profile", f"p{place}", id_, **_flag(one), **props, **exhausted)
        rows = [
            {"destination": f"123456/1001/{2000 + at}", "rank": rank}
            | ({} if one.table_only else {"allocation_percent": share})
            | ({"override": True, "target": one.own[at]} if at in one.own else {})
            for rank, (at, share) in enumerate(one.rows, 1)
        ]
        yield _one("ringcx:ProfileDestinations", f"s{place}", id_, profile=id_, destinations=rows)
        if one.hours:
            table = [{"destination": f"123456/1001/{2000 + at}", "percent": row} for at, row in one.hours.items()]
            yield _one("ringcx:AllocationHours", f"h{place}", id_, profile=id_, hours=table)


def _flag(one: Destination | Profile) -> dict[str, bool]:
    return {} if one.active is None or (one.active and one.by_activation) else {"active": one.active}


def _activation(account: Account) -> Iterable[Resource]:
    kinds: list[tuple[str, int, Sequence[Destination | Profile]]] = [
        ("destination", 2000, account.destinations),
        ("profile", 3000, account.profiles),
    ]
    targets = [
        {"kind": kind, "id": f"123456/1001/{first + place}"}
        for kind, first, ones in kinds
        for place, one in enumerate(ones)
        if one.active and one.by_activation
    ]
    yield _one("ringcx:Activation", "live", "live", targets=targets)


def _numbers(account: Account) -> Iterable[Resource]:
    alike: dict[tuple[str, Any, bool], list[str]] = {}
    for number, owner in account.numbers.items():
        alike.setdefault(owner, []).append(number)
    for (kind, owner, active), (number, *others) in alike.items():
        name = {"profile": "profile", "queue": "queue_id", "ivr": "visual_ivr_id"}[kind]
        to = {name: f"123456/1001/{3000 + owner}" if kind == "profile" else owner, "active": active}
        id_ = f"123456/{number[1:]}"
        if others:
            yield _one("ringcx:DnisAssignments", f"n{number}", f"{id_}/all", numbers=[number, *others], **to)
        else:
            yield _one("ringcx:DnisAssignment", f"n{number}", id_, dnis=number, **to)
    for number in sorted(account.unused):
        yield _one("ringcx:Dnis", f"r{number}", f"123456/{number[1:]}", dnis=number, active=False)


def _telephones(account: Account) -> Iterable[Resource]:
    for number, group in account.groups.items():
        no_answer = {"action": group.action}
        if group.action == "FORWARD_TO_NUMBER":
            no_answer["number"] = group.number
        members = [{"extension_number": one} for one in group.members]
        given = {"name": number, "extension_number": number, "strategy": "PRIORITIZED_HUNT", "members": members}
        yield _one("portsip:RingGroup", f"g{number}", f"{PBX}/{number}", **given, no_answer=no_answer)
    for number, extension in account.extensions.items():
        yield from _rules(number, extension)


def _rules(number: str, extension: Extension) -> Iterable[Resource]:
    id_ = f"1/{number[-3:]}"
    for place, one in enumerate(extension.rules or [Rule(False, {}, VOICEMAIL)]):  # a rule alone makes its number known
        weekly = {
            DAYS[day]: [{"from": _clock(start), "to": _clock(end)} for start, end in ranges]
            for day, ranges in one.hours.items()
        }
        hours = {"schedule": {"weekly": weekly}} if weekly else {}
        props: dict[str, Any] = {"name": f"Rule {place}", "enabled": one.enabled, "called_numbers": [number], **hours}
        name = f"r{number}-{place}"
        yield _one("ringex:AnsweringRule", name, f"{id_}/{place}", extension_id=id_, **props, **_does(number, one.to))
    for name, to in zip(("business-hours", "after-hours"), extension.built_in, strict=True):
        at = f"{id_}/{name}-rule"
        does = _does(number, to)
        yield _one("ringex:BuiltInAnsweringRule", f"{name}{number}", at, extension_id=id_, rule=name, **does)


def _does(number: str, to: str) -> dict[str, str]:
    other = DESKS[number == DESKS[0]]
    return {
        VOICEMAIL: {"action": "TakeMessagesOnly"},
        ANNOUNCEMENT: {"action": "PlayAnnouncementOnly"},
        TRANSFER: {"action": "TransferToExtension", "transfer_to": f"1/{other[-3:]}"},
    }.get(to, {"action": "UnconditionalForwarding", "forward_all_to": to})


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _one(type_: str, called: str, id_: str, /, **props: Any) -> Resource:
    return Resource(type_, called, f"urn:pulumi:dev::line::{PREFIX}{type_}::{called}", props, id_)
