"""Changes made by chance: everything that a team does to a support line, and most of what it does by mistake."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import PREFIX, Resource
from tests.call_flow.accounts import (
    ANNOUNCEMENT,
    DESKS,
    DIALLED,
    OUTSIDE,
    TRANSFER,
    VOICEMAIL,
    Group,
    Rule,
    account,
    resources,
)

from .brute import MOBILE, PREMIUM, TRACKED, Line, Tracked

TARGETS = [*OUTSIDE, *DIALLED, *DESKS, PREMIUM, TRACKED]
Change = Callable[[Line, random.Random], None]


def line(seed: int) -> Line:
    """An account with a tracking number; the same for the same seed."""
    chance = random.Random(seed)
    open_ = [_tracking_rule(chance) for _ in range(chance.randint(0, 2))]
    closed = [_tracking_rule(chance) for _ in range(chance.randint(0, 2))]
    tracked = Tracked(open_, closed, special=("1225",) if chance.random() < 0.2 else ())
    one = Line(account(seed), tracked, mobiles=dict.fromkeys(DESKS, "+13035550195"), voicemail=chance.random() < 0.5)
    one.called = {place for place in range(2) if chance.random() < 0.4}
    for extension in one.account.extensions.values():
        if chance.random() < 0.4:
            extension.built_in = (MOBILE, extension.built_in[1])
    return one


def _tracking_rule(chance: random.Random) -> tuple[str, str]:
    kind = chance.choice(["STANDARD", "STANDARD", "GATE_XFER", "VIVR"])
    return kind, chance.choice([*OUTSIDE, *DIALLED, *DESKS]) if kind == "STANDARD" else "1000"


def changed(before: Line, change: str, seed: int) -> Line:
    """The line after a change."""
    after = copy.deepcopy(before)
    CHANGES[change](after, random.Random(seed))
    return after


def _target(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.destinations)
    if there.kind == "DID":
        there.target = chance.choice(TARGETS)
    elif there.kind == "SIP":
        there.target = chance.choice(["sip:8000@acme.example.com", "sip:8001@pbx.example.com", "sip:7@far.example.com"])
    else:
        there.target = str(chance.randint(1000, 1005))


def _switch_destination(one: Line, chance: random.Random) -> None:
    there = chance.choice([it for it in one.account.destinations if it.active is not None] or [None])
    if there is not None:
        there.active, there.by_activation = not there.active, False if there.active else there.by_activation


def _switch_profile(one: Line, chance: random.Random) -> None:
    there = chance.choice([it for it in one.account.profiles if it.active is not None] or [None])
    if there is not None:
        there.active, there.by_activation = not there.active, False if there.active else there.by_activation


def _split(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.profiles)
    cuts = sorted(chance.choice([0, 10, 30, 50, 90, 100]) for _ in there.rows[1:])
    shares = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    if chance.random() < 0.15:
        shares = [chance.randint(0, 70) for _ in there.rows]
    there.rows = [(at, share) for (at, _), share in zip(there.rows, shares, strict=False)]


def _table(one: Line, chance: random.Random) -> None:
    for there in one.account.profiles:
        if there.hours:
            hour = chance.randrange(24)
            first, *others = there.hours
            give = chance.choice([0, 40, 90, 100])
            there.hours[first][hour] = give
            for place, at in enumerate(others):
                there.hours[at][hour] = 0 if place else 100 - give


def _membership(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.profiles)
    if there.hours:
        return
    at = chance.randrange(len(one.account.destinations))
    shares = dict(there.rows)
    if at in shares and len(shares) > 1:
        share = shares.pop(at)
        there.own.pop(at, None)
        first = next(iter(shares))
        shares[first] += share
    else:
        shares.setdefault(at, 0)
    there.rows = list(shares.items())


def _override(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.destinations)
    if there.kind != "DID":
        return
    if there.overrides and chance.random() < 0.5:
        there.overrides = there.overrides[:-1]
    else:
        there.overrides = [*there.overrides, (chance.choice(DIALLED), chance.choice(TARGETS))]


def _own_target(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.profiles)
    numbers = [at for at, _ in there.rows if one.account.destinations[at].kind == "DID"]
    if numbers:
        at = chance.choice(numbers)
        if there.own.pop(at, None) is None:
            there.own[at] = chance.choice(TARGETS)


def _routing(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.profiles)
    there.routing = chance.choice(["PERCENT_ALLOCATION", "SEQUENTIAL"])
    there.exhausted = chance.choice([there.exhausted, "VOICEMAIL"])  # what a program no longer says stays


def _group(one: Line, chance: random.Random) -> None:
    members = chance.sample(["101", "102", "103"], chance.randint(0, 2))
    action = chance.choice(["FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"])
    number = chance.choice(["8000", "8001", *DIALLED, OUTSIDE[1], PREMIUM])
    one.account.groups[chance.choice(["8000", "8001"])] = Group(members, action, number)


def _rule(one: Line, chance: random.Random) -> None:
    there = one.account.extensions[chance.choice(DESKS)]
    to = chance.choice([VOICEMAIL, ANNOUNCEMENT, TRANSFER, MOBILE, *TARGETS])
    if not there.rules or chance.random() < 0.3:
        days = {day: [(540, 1020)] for day in range(7) if chance.random() < 0.6}
        there.rules = [*there.rules, Rule(True, days, to)]
    elif chance.random() < 0.3:
        there.rules = there.rules[:-1]
    else:
        there.rules[0] = replace(there.rules[0], to=to, enabled=chance.random() < 0.7)


def _built_in(one: Line, chance: random.Random) -> None:
    there = one.account.extensions[chance.choice(DESKS)]
    to = chance.choice([VOICEMAIL, ANNOUNCEMENT, TRANSFER, MOBILE, *TARGETS])
    business, after_hours = there.built_in
    there.built_in = (to, after_hours) if chance.random() < 0.5 else (business, to)


def _closed(one: Line, chance: random.Random) -> None:
    there = chance.choice(one.account.destinations)
    there.closed_days = tuple(day for day in range(7) if chance.random() < 0.3)


def _tracking(one: Line, chance: random.Random) -> None:
    rules = chance.choice([one.tracked.open_, one.tracked.closed])
    if rules and chance.random() < 0.5:
        rules.pop()
    else:
        kind, target = _tracking_rule(chance)
        rules.insert(0, (kind, chance.choice(TARGETS) if kind == "STANDARD" else target))


def _special_day(one: Line, chance: random.Random) -> None:
    one.tracked.special = chance.choice([(), ("1225",), ("0704",)])


def _mobile(one: Line, chance: random.Random) -> None:
    one.mobiles[chance.choice(DESKS)] = chance.choice(["+13035550196", *DIALLED, *DESKS, PREMIUM])


def _no_mobile(one: Line, chance: random.Random) -> None:
    one.gone.add(chance.choice(DESKS))


def _owner(one: Line, chance: random.Random) -> None:
    account, number = one.account, chance.choice(DIALLED)
    if account.numbers[number][2] and number not in account.unused:
        to = chance.choice([("profile", 0), ("profile", 1), ("queue", "1000"), ("queue", "1009"), ("ivr", "1000")])
        account.numbers[number] = (*to, True)


def _service(one: Line, chance: random.Random) -> None:
    if one.service and chance.random() < 0.5:
        one.service = False
    else:
        one.called = {place for place in range(2) if chance.random() < 0.4}


def _rename(one: Line, chance: random.Random) -> None:
    name = chance.choice([it.name for it in as_resources(one)])
    one.renamed[name] = not name.startswith("n+") or chance.random() < 0.5


def _words(one: Line, chance: random.Random) -> None:
    for place in range(len(one.account.destinations)):
        one.words[f"d{place}"] = f"renovated {chance.randrange(9)}"


CHANGES: dict[str, Change] = {
    "a target": _target,
    "a destination on or off": _switch_destination,
    "a profile on or off": _switch_profile,
    "shares": _split,
    "an hour of a table": _table,
    "a destination joins or leaves a profile": _membership,
    "an override": _override,
    "a profile's own target": _own_target,
    "how a profile chooses": _routing,
    "a ring group": _group,
    "an answering rule": _rule,
    "a built-in rule": _built_in,
    "days with a schedule": _closed,
    "a tracking rule": _tracking,
    "a schedule override": _special_day,
    "a forwarding number": _mobile,
    "a forwarding number leaves": _no_mobile,
    "an owner": _owner,
    "a service": _service,
    "another name": _rename,
    "words": _words,
}


# The same line as resources


def as_resources(one: Line) -> list[Resource]:
    """The line as the state of a stack holds it, its numbers protected as they should be."""
    there = [it for it in resources(one.account) if not it.type.startswith("ringcx:DnisAssignment")]
    found = []
    for it in (*there, *_numbers(one), *_mobiles(one), *_services(one), *_tracking_of(one.tracked)):
        props = {**it.props, **({"description": one.words[it.name]} if it.name in one.words else {})}
        if props.get("forward_all_to") == MOBILE:
            del props["forward_all_to"]
            rings = {"action": "ForwardCalls", "forward_to": [{"numbers": [f"{props['extension_id']}/7"]}]}
            props |= {**rings, "notify_soft_phones": False, "voicemail_enabled": one.voicemail}
        if it.type == "ringcx:Profile" and int(it.name[1:]) in one.called:
            props["call_start_service"] = SERVICE
        number = props.keys() & {"dnis", "numbers"} and not it.type.endswith("Override")
        found.append(_under_its_name(replace(it, props=props, protected=bool(number)), one.renamed))
    return found


def _under_its_name(there: Resource, renamed: Mapping[str, bool]) -> Resource:
    if there.name not in renamed:
        return there
    known, urn = frozenset({there.urn}), f"{there.urn}-again"
    if renamed[there.name]:
        return replace(there, urn=urn, name=f"{there.name}-again", aliases=known)
    return replace(there, urn=urn, name=f"{there.name}-again", id=None)


def _numbers(one: Line) -> Iterable[Resource]:
    """A resource for each number, so that another owner is a change of one of them."""
    for number, (kind, owner, active) in one.account.numbers.items():
        name = {"profile": "profile", "queue": "queue_id", "ivr": "visual_ivr_id"}[kind]
        to = {name: f"123456/1001/{3000 + owner}" if kind == "profile" else owner, "active": active}
        yield _one("ringcx:DnisAssignment", f"n{number}", f"123456/{number[1:]}", dnis=number, **to)


def _mobiles(one: Line) -> Iterable[Resource]:
    for number, phone in one.mobiles.items():
        if number not in one.gone:
            at = f"1/{number[-3:]}"
            given = {"extension_id": at, "phone_number": phone, "type": "Mobile"}
            yield _one("ringex:ForwardingNumber", f"m{number}", f"{at}/7", **given)


SERVICE = "123456/100/500"


def _services(one: Line) -> Iterable[Resource]:
    if one.service:
        yield _one("ringcx:HttpService", "crm", SERVICE, group_id="123456/100", name="CRM", kind="HTTP")


def _tracking_of(tracked: Tracked) -> Iterable[Resource]:
    at = "123456/700/9"
    given = {"group_id": "123456/700", "dnis": TRACKED, "active": tracked.active, "open_type": "STANDARD"}
    yield _one("ringcx:TrackingNumber", "campaign", at, **given, close_type="STANDARD")
    for open_, rules in ((True, tracked.open_), (False, tracked.closed)):
        for place, (kind, target) in enumerate(rules, 1):
            name = f"{'open' if open_ else 'closed'}-{place}"
            to = {"queue_id" if kind == "GATE_XFER" else "destination": target}
            said = {"rank": place if open_ else 10 + place, "open_rule": open_, "kind": kind, **to}
            yield _one("ringcx:TrackingRoutingRule", name, f"{at}/{name}", tracking_number=at, **said)
    for place, day in enumerate(tracked.special):
        said = {"tracking_number": at, "schedule": day}
        yield _one("ringcx:TrackingScheduleOverride", f"day-{place}", f"{at}/day-{place}", **said)


def _one(type_: str, called: str, id_: str, /, **props: Any) -> Resource:
    return Resource(type_, called, f"urn:pulumi:dev::line::{PREFIX}{type_}::{called}", props, id_)
