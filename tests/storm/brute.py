"""Whether a change hurts callers, worked out minute by minute from two accounts and from nothing else.

It asks what callers ask: is a call to this number surely answered, is it surely not, and may it come to an end where no
call may go? Where the vendors' documents leave something open, each way that it can be counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from tests.call_flow.accounts import (
    ANNOUNCEMENT,
    CALLED,
    DESKS,
    PBX,
    TRANSFER,
    VOICEMAIL,
    WHOLE,
    Account,
    Destination,
    Profile,
    Rule,
)

WEEK = 10_080
PREMIUM = "+19005550100"
TRACKED = "+13035550111"
TRACKING = "the tracking number"
MOBILE = "the forwarding number"
"""Where a rule of an extension sends calls: its forwarding number rings, and then voicemail or nobody takes them."""
CIRCLE = "a circle"


class Chances(NamedTuple):
    """Of all calls, those that are surely answered, those that surely are not, and what is forbidden on the way."""

    answered: int
    lost: int
    forbidden: frozenset[str] = frozenset()
    rings: bool = False
    """Whether it may ring where nobody says what comes after that."""


ANSWERED, LOST, OPEN = Chances(WHOLE, 0), Chances(0, WHOLE), Chances(0, 0)
ROUND = Chances(0, WHOLE, frozenset({CIRCLE}))


@dataclass
class Tracked:
    """A tracking number: its rules for opening hours and for the others, as kinds and targets by rank."""

    open_: list[tuple[str, str]]
    closed: list[tuple[str, str]]
    active: bool = True
    special: tuple[str, ...] = ()
    """Schedule overrides; when they hold, nobody documents, so that they decide between open and closed only."""


@dataclass
class Line:
    """An account with a tracking number, which the plain answer to where calls end does without."""

    account: Account
    tracked: Tracked
    words: dict[str, str] = field(default_factory=dict)
    """What describes a destination, by its name in the program."""
    mobiles: dict[str, str] = field(default_factory=dict)
    """The telephone that rings as the forwarding number of each extension."""
    voicemail: bool = True
    """Whether rules that ring a forwarding number have voicemail."""
    gone: set[str] = field(default_factory=set)
    """The extensions whose forwarding number has left the program."""
    service: bool = True
    called: set[int] = field(default_factory=set)
    """Whether the program has an HTTP service, and the profiles that call it."""
    renamed: dict[str, bool] = field(default_factory=dict)
    """The resources that have another name in the program, and whether an alias says so."""
    known: frozenset[tuple[str, str]] | None = None
    """The queues and IVRs that exist for sure; nothing when all do to which something leads."""

    def queues(self) -> Iterator[tuple[str, str]]:
        """All to which something leads."""
        yield from ((kind, owner) for kind, owner, _ in self.account.numbers.values() if kind != "profile")
        kinds = {"ACD": "queue", "IVR": "ivr"}
        yield from ((kinds[it.kind], it.target) for it in self.account.destinations if it.kind in kinds)
        rules = (*self.tracked.open_, *self.tracked.closed)
        yield from (({"GATE_XFER": "queue", "VIVR": "ivr"}[kind], to) for kind, to in rules if kind != "STANDARD")

    def taken(self, kind: str, id_: str) -> Chances:
        """What becomes of calls to a queue or an IVR."""
        return ANSWERED if self.known is None or (kind, id_) in self.known else OPEN


Hours = Mapping[str, bool]
"""By place, whether it is open."""


class Harm(NamedTuple):
    """What a change does to calls of a number in some minute."""

    number: str
    what: str


def harms(before: Line, after: Line) -> set[Harm]:
    """Everything that gets worse in some minute of the week, for calls in some hours."""
    after = replace(after, known=frozenset(before.queues()))
    alike: dict[tuple[object, ...], int] = {}  # minutes of which the accounts make the same are looked at once
    for minute in range(WEEK):
        key = (*_signature(before.account, minute), None, *_signature(after.account, minute))
        alike.setdefault(key, minute)
    places = (*DESKS, TRACKING)
    kinds: list[Hours] = [dict(zip(places, open_, strict=True)) for open_ in product((True, False), repeat=len(places))]
    return {harm for hours in kinds for minute in alike.values() for harm in _harms_at(before, after, minute, hours)}


def _signature(account: Account, minute: int) -> Iterator[object]:
    """All that an account makes of the time."""
    for one in account.profiles:
        yield tuple(shares[minute // 60 % 24] for shares in one.hours.values())
    for there in account.destinations:
        yield minute // 1440 in there.closed_days
    for extension in account.extensions.values():
        yield tuple(_applies(one, minute) for one in extension.rules)


def _harms_at(before: Line, after: Line, minute: int, hours: Hours) -> Iterator[Harm]:
    for number in (*CALLED, TRACKED):
        if given_up(after, number):
            continue
        # Whoever approves that a number gets another owner names the queue.
        there = replace(after, known=None) if _goes_to_another(before, after, number) else after
        old, new = (chances(line, number, minute, hours) for line in (before, there))
        if new.lost > old.lost:
            yield Harm(number, "fewer answered")
        if new.answered + new.lost < old.answered + old.lost:
            yield Harm(number, "less certain")
        if new.forbidden - old.forbidden:
            yield Harm(number, "forbidden")


def _goes_to_another(before: Line, after: Line, number: str) -> bool:
    was, now = (line.account.numbers.get(number, ("", "", False))[:2] for line in (before, after))
    return was != now and now[0] != "profile"


def given_up(after: Line, number: str) -> bool:
    """Whether somebody takes the number itself out of use, which takes another permission."""
    account = after.account
    if number == TRACKED:
        return not after.tracked.active
    if number not in account.numbers:
        return False
    return number in account.unused or not account.numbers[number][2]


# Where calls go


def chances(line: Line, called: str, minute: int, hours: Hours, behind: tuple[str, ...] = ()) -> Chances:
    """What becomes of calls to a number, a ring group or an extension at one minute of the week."""
    account = line.account
    if called in account.groups:
        return _by_group(line, called, minute, hours, behind)
    if called.startswith("extension"):
        return _usual(line, f"+13035550{called[-3:]}", minute, hours, (called,))
    if called in behind:
        return ROUND
    behind = (*behind, called)
    if called == TRACKED:
        return _by_tracking(line, minute, hours, behind)
    if called in DESKS:
        return _by_rules(line, called, minute, hours, behind)
    if called not in account.numbers:
        return Chances(WHOLE, 0, frozenset({called} if called == PREMIUM else ()), rings=True)
    kind, owner, active = account.numbers[called]
    if called in account.unused or not active:
        return LOST
    if kind != "profile":
        return line.taken(kind, owner)
    return _by_profile(line, account.profiles[owner], called, minute, hours, behind)


def _open(options: Iterable[Chances]) -> Chances:
    """What is sure whichever it is."""
    there = list(options)
    forbidden = frozenset().union(*(one.forbidden for one in there))
    rings = any(one.rings for one in there)
    return Chances(min(one.answered for one in there), min(one.lost for one in there), forbidden, rings)


def _by_profile(line: Line, one: Profile, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    if one.active is False:
        return LOST
    on = _divided(line, one, number, minute, hours, behind)
    return on if one.active else _open([on, LOST])


def _divided(line: Line, one: Profile, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    if not one.rows:
        return _nobody_left(one)
    if one.routing != "PERCENT_ALLOCATION":
        return _whoever(line, one, number, minute, hours, behind)
    if one.hours and one.type == "HOURLY":  # whoever has a share in the hour, if it goes by the hour
        now = {at: shares[minute // 60 % 24] for at, shares in one.hours.items()}
        here = [(at, share) for at, share in one.rows if now[at]]
        return (
            OPEN if sum(now.values()) > 100 else _whoever(line, replace(one, rows=here), number, minute, hours, behind)
        )
    daily = dict(one.rows)
    if not one.hours:
        return _shares(line, one, daily, number, minute, hours, behind)
    hourly = {at: shares[minute // 60 % 24] for at, shares in one.hours.items()}
    tables = [hourly] if one.table_only else [hourly, daily]
    return _open(_shares(line, one, shares, number, minute, hours, behind) for shares in tables)


def _whoever(line: Line, one: Profile, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    """Any of the destinations may get the call, and nobody documents which."""
    there = [line.account.destinations[at] for at, _ in one.rows]
    each = [
        _at(line, it, one.own.get(at), number, minute, hours, behind)
        for it, (at, _) in zip(there, one.rows, strict=True)
    ]
    return Chances(0, 0, frozenset().union(*(it.forbidden for it in each)), any(it.rings for it in each))


def _nobody_left(one: Profile) -> Chances:
    return OPEN if one.exhausted else LOST


def _shares(
    line: Line,
    one: Profile,
    shares: Mapping[int, int],
    number: str,
    minute: int,
    hours: Hours,
    behind: tuple[str, ...],
) -> Chances:
    if sum(shares.values()) > 100:
        return OPEN
    there = line.account.destinations
    others = any(there[at].active is not False for at in shares)
    answered, lost, forbidden, rings = 0, 0, frozenset[str](), False
    for at, share in shares.items():
        if not share:
            continue
        if there[at].active is False:
            inner = OPEN if others else _nobody_left(one)
        else:
            inner = _at(line, there[at], one.own.get(at), number, minute, hours, behind)
            if there[at].active is None or minute // 1440 in there[at].closed_days:
                inner = Chances(0, 0, inner.forbidden, inner.rings)
        answered += inner.answered * share // 100
        lost += inner.lost * share // 100
        forbidden |= inner.forbidden
        rings |= inner.rings
    return Chances(answered, lost, forbidden, rings)


def _at(
    line: Line, there: Destination, own: str | None, number: str, minute: int, hours: Hours, behind: tuple[str, ...]
) -> Chances:
    if there.kind == "DID":
        targets = {target for dnis, target in there.overrides if dnis == number} | ({own} if own else set())
        return _open(chances(line, to, minute, hours, behind) for to in sorted(targets or {there.target}))
    if there.kind == "SIP":
        user, _, host = there.target.removeprefix("sip:").partition("@")
        if host in PBX.split("/") and user in line.account.groups:
            return _by_group(line, user, minute, hours, behind)
        return Chances(WHOLE, 0, rings=True)
    return line.taken("queue" if there.kind == "ACD" else "ivr", there.target)


def _by_group(line: Line, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    if number in behind:
        return ROUND
    group = line.account.groups[number]
    later = {"FORWARD_TO_VOICEMAIL": ANSWERED, "HANGUP": LOST, "REPEAT": LOST}.get(group.action)
    if later is None:
        later = chances(line, group.number, minute, hours, (*behind, number))
    if not group.members:
        return later
    # Whatever rings may be picked up; a call that then goes round for ever is lost all the same.
    for_ever = later.lost if group.action == "FORWARD_TO_NUMBER" and CIRCLE in later.forbidden else 0
    return Chances(WHOLE - for_ever, for_ever, later.forbidden)


# Extensions


def _by_rules(line: Line, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    on = [one for one in line.account.extensions[number].rules if one.enabled and _applies(one, minute)]
    if not on:
        return _usual(line, number, minute, hours, behind)
    return _open(_to(line, number, one.to, minute, hours, behind) for one in on)


def _usual(line: Line, number: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    business, after_hours = line.account.extensions[number].built_in
    chosen = {True: [business], False: [after_hours]}.get(hours.get(number, None), [business, after_hours])
    return _open(_to(line, number, to, minute, hours, behind) for to in chosen)


def _to(line: Line, number: str, to: str, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    if to == VOICEMAIL:
        return ANSWERED
    if to == ANNOUNCEMENT:
        return LOST
    if to == MOBILE:
        phone = line.mobiles[number]
        if phone == number and number not in line.gone:
            return ROUND
        return Chances(WHOLE, 0, frozenset({phone} if phone == PREMIUM and number not in line.gone else ()))
    if to != TRANSFER:
        return chances(line, to, minute, hours, behind)
    other = DESKS[number == DESKS[0]]
    place = f"transferred to {other}"
    if place in behind:
        return ROUND
    behind = (*behind, place)
    maybe = [one for one in line.account.extensions[other].rules if one.enabled and _applies(one, minute)]
    routes = [_to(line, other, one.to, minute, hours, behind) for one in maybe]
    return _open([*routes, _usual(line, other, minute, hours, behind)])


def _applies(one: Rule, minute: int) -> bool:
    ranges = one.hours.get(minute // 1440, [])
    return not one.hours or any(start <= minute % 1440 < end for start, end in ranges)


# Tracking numbers


def _by_tracking(line: Line, minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    tracked = line.tracked
    if not tracked.active:
        return LOST
    chosen = {True: [tracked.open_], False: [tracked.closed]}.get(
        hours.get(TRACKING, None), [tracked.open_, tracked.closed]
    )
    if not (tracked.open_ or tracked.closed):
        return OPEN
    return _open(_first(line, rules, minute, hours, behind) for rules in chosen)


def _first(line: Line, rules: list[tuple[str, str]], minute: int, hours: Hours, behind: tuple[str, ...]) -> Chances:
    """Rules are tried one after the other, and what rings at the first may be picked up there."""
    if not rules:
        return OPEN
    (kind, target), *later = rules
    if kind == "STANDARD":
        first = chances(line, target, minute, hours, behind)
    else:
        first = line.taken("queue" if kind == "GATE_XFER" else "ivr", target)
    if not first.rings or not later:
        return first
    then = _first(line, later, minute, hours, behind)
    return first._replace(forbidden=first.forbidden | then.forbidden, rings=then.rings)


# What is refused whoever calls


def written_down(line: Line) -> set[tuple[str, ...]]:
    """The places that name a number to which no call may go."""
    account = line.account
    found = {("target", str(at)) for at, it in enumerate(account.destinations) if it.target == PREMIUM}
    found |= {("override", str(at), to) for at, it in enumerate(account.destinations) for _, to in it.overrides}
    found |= {("own", str(at), str(row), to) for at, it in enumerate(account.profiles) for row, to in it.own.items()}
    found |= {("group", at, it.number) for at, it in account.groups.items() if it.action == "FORWARD_TO_NUMBER"}
    for number, it in account.extensions.items():
        found |= {("rule", number, str(place), one.to) for place, one in enumerate(it.rules)}
        found |= {("built-in", number, str(place), to) for place, to in enumerate(it.built_in)}
    found |= {("mobile", number, phone) for number, phone in line.mobiles.items() if number not in line.gone}
    found |= {("tracking", to) for _, to in (*line.tracked.open_, *line.tracked.closed)}
    return {one for one in found if one[-1] == PREMIUM or one[0] == "target"}


def may_be_incomplete(before: Line, after: Line) -> bool:
    """Whether something goes live that has nowhere to send some of its calls."""
    was, now = before.account, after.account
    off = {at for at, it in enumerate(now.destinations) if not it.active}
    for old, new in zip(was.profiles, now.profiles, strict=True):
        if new.active and not old.active:
            shares = [share for _, share in new.rows]
            hourly = [sum(column) for column in zip(*new.hours.values(), strict=True)]
            if not shares or off & {at for at, _ in new.rows} or sum(shares) != 100 or set(hourly) - {100}:
                return True
    return False


def moved(before: Line, after: Line) -> bool:
    """Whether a number that callers reach gets another owner."""
    was, now = before.account, after.account
    return any(
        active and number not in was.unused and (kind, owner) != now.numbers[number][:2]
        for number, (kind, owner, active) in was.numbers.items()
    )


def reached(before: Line, after: Line) -> bool:
    """Whether a number that callers reach has another name in the program, and no alias says so."""
    return any(
        before.account.numbers[name.removeprefix("n")][2]
        for name, alias in after.renamed.items()
        if not alias and name.startswith("n+")
    )


def lost_in_use(before: Line, after: Line) -> bool:
    """Whether a service leaves that a profile calls, or a forwarding number that a rule rings."""
    phones = (after.gone - before.gone) & {number for number in DESKS if MOBILE in _all_targets(after, number)}
    # A profile that does not name the service any more is left as it is: it calls it still.
    return bool(phones) or (before.service and not after.service and bool(before.called | after.called))


def _all_targets(line: Line, number: str) -> set[str]:
    extension = line.account.extensions[number]
    return {*extension.built_in, *(one.to for one in extension.rules)}


def twice(line: Line) -> bool:
    """Whether an override is declared more than once."""
    return any(len({dnis for dnis, _ in it.overrides}) < len(it.overrides) for it in line.account.destinations)
