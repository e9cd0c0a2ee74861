"""All that is told of accounts made by chance and of changes to them, in full, as texts that are compared.

Other tests say what is right. These show what users would read otherwise after a change of the code: which resource a
step names, why an end is not known, in which hours. Write the texts anew with

    python -m tests.call_flow.recorded

and read the difference: each line of it is one that users would see. Of most accounts there is only a digest;

    python -m tests.call_flow.recorded line 31

tells one of them in full, with the old code and with the new. ``parts`` are no accounts: ``parts 3`` is the judgement.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, get_args

from pulumi_voice_routing import ringcx, ringex
from pulumi_voice_routing.call_flow.first_calls import first_called, left_to_more
from pulumi_voice_routing.call_flow.impact import Impact
from pulumi_voice_routing.call_flow.judgement import judged
from pulumi_voice_routing.call_flow.outcome import Outcome, percent
from pulumi_voice_routing.call_flow.route import Line
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.trace import moment_of, traced
from pulumi_voice_routing.call_flow.week import Week, in_words
from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.plan.facts import LINK_OVERRIDES, UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.portsip.fields import Strategy
from tests.call_flow import accounts, handlings, odd
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    but,
    destination,
    hours_file,
    new,
    one,
    profile,
    ring_group,
    split,
)
from tests.call_flow.parts import Parts, digest

FOLDER = Path(__file__).parent / "recordings"
TYPES = (ringex.CallHandlingState, ringex.CallHandlingStateRule, ringex.InteractionRule, ringcx.TrackingRoutingRule)
"""Loaded here, so that their providers are known."""
MOMENTS = (3 * 60 + 15, 2 * 1440 + 10 * 60, 6 * 1440 + 23 * 60 + 45)
"""The minutes of the week at which paths are drawn."""
COUNTRIES = (1, 44)
TRACKED_NUMBERS = ("+18005550177", "+18005550178")
ODD: dict[str, Any] = {
    "active": False,
    "max_concurrent": 0,
    "ring_duration": 0,
    "preroute_http_url": "https://crm.example.com",
    "monday_schedule": "0900-1700",
    "tt_accept": True,
    "force_acd_queue": True,
}
"""What destinations may say beside where they lead."""
LIMITS = {"ring_time_seconds": 0, "max_waiting_seconds": 0}
"""What ring groups may say."""
PLANS: dict[str, Any] = {
    "active": UNKNOWN,
    "routing_type": UNKNOWN,
    "percent_alloc_type": UNKNOWN,
    "route_exhausted_action": "VOICEMAIL",
    "max_concurrent": 0,
}
"""What profiles may say."""
DESK_NUMBERS = ("+13035550181", "+13035550182")
ACTIONS = (
    None,
    "ForwardCalls",
    "ForwardCalls",
    "ForwardCalls",
    "UnconditionalForwarding",
    "TakeMessagesOnly",
    "PlayAnnouncementOnly",
    "TransferToExtension",
    "AgentQueue",
    "SharedLines",
)


def told(value: Any, known: dict[int, tuple[Outcome, str]] | None = None) -> str:
    """A value on one line; resources by their names, odds in percent, and what is as it mostly is left out.

    ``known`` are outcomes that have been told: they hold each other, again and again.
    """
    known = {} if known is None else known
    if isinstance(value, Resource):
        return f"[{value.name}]"
    if isinstance(value, Fraction):
        return percent(value)
    if isinstance(value, Outcome):
        if id(value) not in known:
            known[id(value)] = (
                value,
                " + ".join(sorted(f"{percent(odds)} {told(end, known)}" for end, odds in value.shares)),
            )
        return known[id(value)][1]
    if is_dataclass(value) and not isinstance(value, type):
        said = [(one.name, getattr(value, one.name), one.default) for one in fields(value)]
        shown = ", ".join(f"{name}={told(it, known)}" for name, it, usual in said if it != usual)
        return f"{type(value).__name__}({shown})"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(told(one, known) for one in value))}}}"
    if isinstance(value, list | tuple):
        return f"({', '.join(told(one, known) for one in value)})"
    return str(value)


class Outcomes:
    """The outcomes of one account, each told once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._words: list[str] = []
        self._known: dict[int, tuple[Outcome, str]] = {}

    def __call__(self, outcome: Outcome) -> str:
        """Its number. Outcomes that read alike and are not the same have two."""
        whole = told(outcome, self._known)
        if whole not in self._places:
            self._places[whole] = len(self._places) + 1
            self._words.append(str(outcome))
        return f"#{self._places[whole]}"

    def week(self, week: Week[Outcome]) -> str:
        if week.constant:
            return self(week.values[0])
        said = [f"{in_words(((start, end),))} {self(one)}" for start, end, one in week.spans]
        return ", ".join(said[:4]) + (f" and {len(said) - 4} more {digest(str(said))}" if len(said) > 4 else "")

    def lines(self) -> Iterator[str]:
        for (whole, place), words in zip(self._places.items(), self._words, strict=True):
            yield f"#{place} {digest(whole)} {words[:150]}"


def drawn(lines: Iterable[Line], depth: int) -> Iterator[str]:
    """A path at one minute, as a tree."""
    for line in lines:
        odds = f"{percent(line.odds)} " if line.odds is not None else ""
        name = f" [{line.resource.name}]" if line.resource is not None else ""
        yield f"{'  ' * depth}{'? ' if line.open else ''}{odds}{line.what}{name}{'.' if line.end is not None else ''}"
        yield from drawn(line.lines, depth + 1)


def impact(before: list[Resource], after: list[Resource], preview: bool) -> Iterator[str]:
    """Everything about a run that makes one of the other."""
    there = Impact.of(Facts(after, Before(before), preview=preview))
    outcomes, shown = Outcomes(), set[str]()
    for digits in there.subjects:
        yield f"{digits}: {there.before.shown(digits)}, {there.after.shown(digits)}"
        for place, (call, what) in enumerate(there.calls(digits)):
            routes, weeks = there.routes(digits, call), there.weeks(digits, call)
            yield f"  {what or 'calls'}: {' becomes '.join(dict.fromkeys(map(outcomes.week, weeks)))}"
            for route in filter(None, routes if place < 2 else ()):
                for minute in MOMENTS:
                    path = "\n".join(drawn(route.lines(minute), 2))
                    if path not in shown:
                        shown.add(path)
                        yield from path.splitlines()
    yield f"first called: {told([one.name for one in first_called(there)])}, left to more: {told(left_to_more(there))}"
    for change in judged(there, COUNTRIES, {("queue", "1001"), ("ivr", "1002")}):
        yield f"change: {change.who}, {change.when}: {outcomes(change.before)} becomes {outcomes(change.after)}"
        yield f"  {told(sorted(change.verdicts))} {told(change.forbidden)} {told(change.strange)} {told(change.call)}"
        yield f"  let go: {change.let_go}, new: {change.new}, only strange: {change.only_strange}"
        by = there.passed(change.number, change.call, change.intervals[0][0])
        yield f"  by {', '.join(sorted(urn.rpartition('::')[2] for urn in by))}"
    yield from outcomes.lines()


def varied(resources: list[Resource], chance: random.Random) -> list[Resource]:
    """What a program may make of an account: another value here, one that only the run tells there, some gone."""
    left = [it for it in resources if chance.random() > 0.06]
    return [_varied(it, left, chance) for it in left]


def signed_in(resources: list[Resource]) -> list[Resource]:
    """The same with the sign for the extension that signs in, in the first of those that stand for an extension."""
    own = next(
        (
            it.props["extension_id"]
            for it in resources
            if it.type.startswith("ringex:") and it.props.get("extension_id")
        ),
        None,
    )
    return [
        replace(it, props={**it.props, "extension_id": "~"}) if it.props.get("extension_id") == own else it
        for it in resources
    ]


def _varied(it: Resource, others: list[Resource], chance: random.Random) -> Resource:
    what = chance.random()
    if what < 0.5 or not it.props:
        return it
    if what < 0.6:
        return replace(it, id=None)
    name = chance.choice(sorted(it.props))
    if what < 0.75:
        behind = {name: frozenset({chance.choice(others).urn})} if chance.random() < 0.5 else {}
        return replace(it, props={**it.props, name: UNKNOWN}, behind=behind)
    if what < 0.8:
        return replace(it, props={key: value for key, value in it.props.items() if key != name})
    alike = [other.props[name] for other in others if other.type == it.type and name in other.props]
    other = {"active": False, "max_concurrent": 0, "enabled": False}.get(name, chance.choice(alike))
    limit = {"max_concurrent": chance.choice([0, 5, UNKNOWN])} if it.type == "ringcx:Destination" else {}
    return replace(it, props={**it.props, name: other, **limit})


def tracked(chance: random.Random) -> list[Resource]:
    """A support line with a tracking number before it, and another one behind that."""
    resources: list[Resource] = []
    for place, dialled in enumerate(TRACKED_NUMBERS):
        at = f"123456/700/{place}"
        days = {f"{day}_schedule": "0900-1700" for day in accounts.DAYS if chance.random() < 0.1}
        given = {"group_id": "123456/700", "dnis": dialled, "active": chance.random() < 0.9, **days}
        resources.append(one("ringcx:TrackingNumber", f"campaign-{place}", at, **given))
        resources += [_tracking_rule(at, f"{place}-{rule}", chance) for rule in range(chance.randint(0, 3))]
        if chance.random() < 0.2:
            closed = {"tracking_number": at, "schedule": chance.choice(["0900-1700", ""])}
            resources.append(one("ringcx:TrackingScheduleOverride", f"closed-{place}", f"{at}/1", **closed))
    return but(LINE, *resources)


def _tracking_rule(at: str, name: str, chance: random.Random) -> Resource:
    kind = chance.choice(
        ["STANDARD", "STANDARD", "IN_NETWORK", "TRAC_XFER", "GATE_XFER", "STANDARD_SIP", "VIVR", "NEW"]
    )
    number = chance.choice([DENVER, AUSTIN, NUMBER, "+19005550100", "+4930123456", TRACKED_NUMBERS[0]])
    to = {"GATE_XFER": "1001", "VIVR": "1002", "STANDARD_SIP": "sip:8000@acme.example.com"}.get(kind, number)
    given = {
        "tracking_number": at,
        "rank": chance.randint(1, 2),
        "open_rule": chance.random() < 0.6,
        "kind": kind,
        **({"to_tracking_id": "123456/700/1"} if kind == "TRAC_XFER" else {"destination": to}),
        **({"route_type": chance.choice(["STANDARD", "STANDARD_PARALLEL", "None"])} if chance.random() < 0.5 else {}),
    }
    return one("ringcx:TrackingRoutingRule", f"rule-{name}", f"{at}/{name}", **given)


def desks(chance: random.Random) -> list[Resource]:
    """Extensions with answering rules, telephones, and a ring group that leads to them."""
    resources: list[Resource] = [ring_group("8000", ["101"], "FORWARD_TO_NUMBER", DESK_NUMBERS[0])]
    for extension, own in zip(("101", "102"), DESK_NUMBERS, strict=True):
        id_ = f"1/{extension}"
        phones = [
            one(
                "ringex:ForwardingNumber",
                f"{extension}-{place}",
                f"{id_}/{place}",
                extension_id=id_,
                phone_number=chance.choice([own, DENVER, AUSTIN, "+4930123456"]),
            )
            for place in (1, 2)
        ]
        for place in range(chance.randint(1, 3)):
            named = (
                {"called_numbers": [own, *([OTHER] if chance.random() < 0.3 else [])]} if chance.random() < 0.8 else {}
            )
            callers = {"callers": [{"caller_id": chance.choice([AUSTIN, DENVER])}]} if chance.random() < 0.4 else {}
            given = {"extension_id": id_, "name": f"Rule {place}", **named, **callers, **_desk(id_, own, chance)}
            schedule = {"schedule": _schedule(chance)} if chance.random() < 0.7 else {}
            resources.append(
                one("ringex:AnsweringRule", f"{extension}-rule-{place}", f"{id_}/{place}", **given, **schedule)
            )
        for name in ("business-hours", "after-hours"):
            if chance.random() < 0.8:
                given = {"extension_id": id_, "rule": name, **_desk(id_, own, chance)}
                resources.append(
                    one("ringex:BuiltInAnsweringRule", f"{extension}-{name}", f"{id_}/{name}-rule", **given)
                )
        resources += [it for it in phones if chance.random() < 0.8]
    return resources


def _desk(extension: str, own: str, chance: random.Random) -> dict[str, Any]:
    """What a rule does."""
    does = chance.choice(ACTIONS)
    given: dict[str, Any] = {} if does is None else {"action": does}
    if chance.random() < 0.1:
        given["enabled"] = False
    if does == "UnconditionalForwarding":
        given["forward_all_to"] = chance.choice([own, DENVER, "+19005550100", NUMBER])
    if does == "TransferToExtension":
        given["transfer_to"] = chance.choice(["1/101", "1/102", "1/103"])
    if does in ("ForwardCalls", None) and chance.random() < 0.8:
        steps = range(chance.randint(1, 2))
        given["forward_to"] = [
            {"index": 2 - step, "numbers": [f"{extension}/{chance.randint(1, 3)}"], "enabled": chance.random() < 0.9}
            for step in steps
        ]
        given["ringing_mode"] = chance.choice(["Sequentially", "Simultaneously"])
    if chance.random() < 0.5:
        given["notify_soft_phones"] = chance.random() < 0.5
    if chance.random() < 0.4:
        given["voicemail_enabled"] = chance.random() < 0.5
    if chance.random() < 0.2:
        given["voicemail_recipient_id"] = "103"
    return given


def _schedule(chance: random.Random) -> dict[str, Any]:
    what = chance.random()
    if what < 0.4:
        days = chance.sample(accounts.DAYS, chance.randint(1, 7))
        return {"weekly": {day: [{"from": "08:00", "to": "17:30"}] for day in sorted(days)}}
    if what < 0.7:
        return {"ranges": [{"from": "2026-12-24T08:00:00", "to": "2026-12-26T00:00:00"}]}
    return {"ref": chance.choice(["BusinessHours", "AfterHours"])}


def hourly(chance: random.Random) -> list[Resource]:
    """A support line whose shares by the hour are in a file, by the vendor's ids or by names."""
    shares = [(100 - part, part) for part in (chance.choice([0, 20, 50, 100]) for _ in range(24))]
    keys = chance.choice([("501", "502"), ("Denver", "Austin"), ("Denver", "Boston"), ("501", "999")])
    links = {"501": "2001", "502": "2002"} if chance.random() < 0.6 else None
    more: dict[str, Any] = {"route_exhausted_action": "VOICEMAIL"} if chance.random() < 0.3 else {}
    rows = [(key, [pair[place] for pair in shares]) for place, key in enumerate(keys)]
    kind = chance.choice(["DAILY", "HOURLY"])
    return but(LINE, profile(percent_alloc_type=kind, **more), hours_file(*rows, links=links))


def line(chance: random.Random) -> list[Resource]:
    """A support line with whatever a portal and a program can say of destinations and of their places in a profile."""
    some: list[Resource] = []
    for place in range(3):
        kind = chance.choice(["DID", "DID", "DID", "SIP", "ACD", "IVR", "IVR_STUDIO", "FAX", UNKNOWN])
        target = chance.choice([DENVER, AUSTIN, "sip:8000@acme.example.com", "1001", UNKNOWN, None])
        given = _sometimes(ODD, chance) if chance.random() < 0.5 else {}
        there = destination(f"d{place}", 2001 + place, target, **{"kind": kind, **given})
        some.append(new(there) if chance.random() < 0.2 else there)
        if chance.random() < 0.2:
            number = chance.choice([NUMBER, OTHER, UNKNOWN])
            over = {"destination": there.id, "dnis": number, "target": chance.choice([AUSTIN, "+19005550100", UNKNOWN])}
            some.append(one("ringcx:DnisOverride", f"o{place}", f"{there.id}/1", **over))
    rows = [_row(it, place, chance) for place, it in enumerate(it for it in some if it.type == "ringcx:Destination")]
    made_of = [it for it in some if it.id is None]
    shares = one("ringcx:ProfileDestinations", "split", f"{GROUP}/3001", profile=f"{GROUP}/3001", destinations=rows)
    if made_of:
        shares = replace(shares, behind={"destinations": frozenset(it.urn for it in made_of)})
    more = _sometimes(PLANS, chance)
    numbers = [assignment(active=chance.choice([True, True, UNKNOWN])), assignment(OTHER, queue_id="1001")]
    if chance.random() < 0.3:
        numbers.append(one("ringcx:Dnis", "record", f"123456/{NUMBER[1:]}", dnis=NUMBER, active=chance.random() < 0.5))
    sets = [shares] if chance.random() < 0.9 else []
    return [*some, *sets, profile(**more), *numbers]


def _row(there: Resource, place: int, chance: random.Random) -> dict[str, Any]:
    """A place in a profile."""
    row: dict[str, Any] = {"destination": UNKNOWN if there.id is None else there.id, "rank": place + 1}
    if chance.random() < 0.95:
        row["allocation_percent"] = chance.choice([(50, 30, 20), (100, 0, 0), (60, 60, 20), (34, 33, UNKNOWN)])[place]
    if chance.random() < 0.2:
        row |= {
            "override": chance.choice([True, UNKNOWN]),
            "target": chance.choice([AUSTIN, "sip:1@x.example.com", None]),
        }
    if chance.random() < 0.15:
        row["max_concurrent"] = chance.choice([0, 4, UNKNOWN])
    if chance.random() < 0.15:
        row[LINK_OVERRIDES] = [(NUMBER, DENVER), (OTHER, AUSTIN)]
    return row


def groups(chance: random.Random) -> list[Resource]:
    """Ring groups that forward to one another, and a number that leads to the first."""
    there = [assignment(OTHER, queue_id="1001"), destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP")]
    for place in range(3):
        members = [
            {"extension_number": str(101 + one), **({"skill_level": 5 - one} if chance.random() < 0.3 else {})}
            for one in range(chance.randint(0, 3))
        ]
        action = chance.choice(["FORWARD_TO_NUMBER", "FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP"])
        to = chance.choice(["8000", "8001", "8002", OTHER, AUSTIN, UNKNOWN])
        no_answer = chance.choice([{"action": action, "number": to}, {"action": action, "number": to}, UNKNOWN, None])
        given = {"strategy": chance.choice(get_args(Strategy)), "no_answer": no_answer, **_sometimes(LIMITS, chance)}
        listed = {"members": chance.choice([members, members, members, UNKNOWN])}
        made = ring_group(f"800{place}", [])
        there.append(replace(made, props={**made.props, **given, **listed}))
    return [*there, profile(), split((2001, 100)), assignment()]


def _sometimes(values: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    return {name: value for name, value in values.items() if chance.random() < 0.12}


def paths(resources: list[Resource], numbers: Sequence[str]) -> Iterator[str]:
    """What ``voice-routing trace`` finds for some numbers."""
    routing = Routing.of_state(resources)
    for number, at, zone in product(numbers, ("2026-12-24 10:00", "2026-12-27 03:30"), ("America/Denver", None)):
        yield f"trace {number} {at} {zone or ''}".rstrip()
        try:
            found = traced(routing, number, moment_of(at, zone), DENVER)
        except SettingsError as error:
            yield f"  {error}"
            continue
        yield f"  {found.number}: {found.outcome}" if found else "  is not known"
        if found and zone is None:
            yield from drawn(found.lines, 2)


def _other(before: list[Resource], chance: random.Random) -> list[Resource]:
    return signed_in(varied(before, chance))


def _account(chance: random.Random) -> list[Resource]:
    return accounts.resources(accounts.account(chance.randrange(1000)))


def _extensions(chance: random.Random) -> list[Resource]:
    return handlings.resources(handlings.world(chance.randrange(1000)))


@dataclass(frozen=True)
class Kind:
    """Accounts of one kind, and what becomes of each: what a program makes of it, or another one."""

    made: Callable[[random.Random], list[Resource]]
    numbers: Sequence[str]
    """Numbers of which paths are told."""
    whole: int
    """How many of them are recorded in full."""
    more: int
    """How many others there are, of which a digest is recorded."""
    other: Callable[[list[Resource], random.Random], list[Resource]] | None = None
    """What a program makes of one; nothing when it is one of this module's ways."""

    def one(self, seed: int) -> Iterator[str]:
        """All that is told of one of them."""
        chance = random.Random(seed)
        before = self.made(chance)
        change = self.other or _other
        after = change(before, chance) if seed % 3 else self.made(chance)
        yield from impact(before, after, preview=seed % 4 != 0)
        yield from paths(before, self.numbers if seed < 3 else self.numbers[:1])

    def lines(self) -> Iterator[str]:
        """What is recorded."""
        for seed in range(self.whole):
            yield f"account {seed}"
            yield from self.one(seed)
        for seed in range(self.whole, self.whole + self.more):
            yield f"account {seed}: {digest(' '.join(self.one(seed)))}"


RECORDED: Mapping[str, Kind | Parts] = {
    "parts": Parts(),
    "accounts": Kind(_account, (*accounts.CALLED, "+442071838750"), 3, 3),
    "extensions": Kind(_extensions, (handlings.DESKS["101"][0], "extension 102"), 1, 4),
    "tracking": Kind(tracked, TRACKED_NUMBERS, 10, 40),
    "line": Kind(line, (NUMBER, OTHER), 20, 60),
    "groups": Kind(groups, ("8000", NUMBER), 10, 40),
    "desks": Kind(desks, (*DESK_NUMBERS, "8000"), 2, 1),
    "hourly": Kind(hourly, (NUMBER,), 6, 10, odd.other),
    "odd_numbers": Kind(odd.numbers, (NUMBER, OTHER, "8000"), 1, 180, odd.other),
    "odd_newer": Kind(odd.newer, (odd.DESK, "extension 101"), 1, 110, odd.other),
    "odd_desks": Kind(odd.desk, (odd.DESK, "extension 101"), 1, 90, odd.other),
}
"""What is told, by the name of its file."""


def main() -> None:
    if sys.argv[1:]:
        name, seed = sys.argv[1:]
        print(*RECORDED[name].one(int(seed)), sep="\n")
        return
    FOLDER.mkdir(exist_ok=True)
    for name, kind in RECORDED.items():
        (FOLDER / f"{name}.txt").write_text("\n".join(kind.lines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
