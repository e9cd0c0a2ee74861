"""What is worse for callers between two routings, and what is refused, permitted and told of that."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from pulumi_voice_routing.call_flow.first_calls import first_called, left_to_more
from pulumi_voice_routing.call_flow.impact import Impact
from pulumi_voice_routing.call_flow.judgement import judged
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.before_write import refuse, require_answers, worse
from tests.call_flow import handlings
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    profile,
    ring_group,
    rule,
    split,
)
from tests.storm.changes import CHANGES, as_resources, changed, line
from tests.storm.test_call_handling import _changed

from .about_permission import TODAY, entry
from .cases import Cases, Here, Lines

PREMIUM, FRENCH = "+19005550100", "+33899555010"
Pair = tuple[Sequence[Resource], Sequence[Resource]]

OFF = but(LINE, profile(active=False))
LOST = but(LINE, split((2001, 1), (2009, 99)))
PAID = but(LINE, destination("denver", 2001, PREMIUM))
ROUND = but(LINE, destination("denver", 2001, NUMBER))
SIX = [*LINE, *(assignment(f"+1303555010{place}") for place in range(1, 5))]
STRANGE = but(LINE, assignment(queue_id="9999"))
VIP = rule("vip", callers=[{"caller_id": "+13035550170"}])

PAIRS: dict[str, Pair] = {
    "nothing changes": (LINE, LINE),
    "the profile is off": (LINE, OFF),
    "the profile is on again": (OFF, LINE),
    "most calls go to what nobody knows": (LINE, LOST),
    "a premium-rate number": (LINE, PAID),
    "a premium-rate number that was there": (PAID, but(PAID, destination("austin", 2002, PREMIUM))),
    "another country": (LINE, but(LINE, destination("denver", 2001, FRENCH))),
    "a circle": (LINE, ROUND),
    "another circle": (ROUND, but(ROUND, destination("austin", 2002, NUMBER))),
    "all at once": (SIX, but(SIX, profile(active=False))),
    "a queue of which nobody knows": (LINE, STRANGE),
    "a number that is given up": (SIX, but(SIX, profile(active=False), without=["n00"])),
    "an assignment that is off": (LINE, but(LINE, assignment(active=False))),
    "a number that is new": (LINE, but(LINE, assignment(OTHER), destination("denver", 2001, PREMIUM))),
    "a number of another profile": (
        LINE,
        but(LINE, profile("sales", 3002, active=False), assignment(OTHER, profile="123456/1001/3002")),
    ),
    "a rule for a caller": (
        [rule("all"), built_in("business-hours"), built_in("after-hours"), VIP],
        [
            rule("all"),
            built_in("business-hours"),
            built_in("after-hours"),
            rule("vip", callers=[{"caller_id": "+13035550170"}], action="PlayAnnouncementOnly"),
        ],
    ),
    "a group that rings nobody": (
        [ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL")],
        [ring_group("8000", [], "HANGUP")],
    ),
    "a group that forwards to a premium-rate number": (
        [ring_group("8000", ["101"], "HANGUP")],
        [ring_group("8000", ["101"], "FORWARD_TO_NUMBER", PREMIUM)],
    ),
    "two groups that forward to each other": (
        [ring_group("8000", ["101"], "HANGUP"), ring_group("8001", ["102"], "FORWARD_TO_NUMBER", "8000")],
        [
            ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001"),
            ring_group("8001", ["102"], "FORWARD_TO_NUMBER", "8000"),
        ],
    ),
    "a group that rings again": ([ring_group("8000", ["101"], "HANGUP")], [ring_group("8000", ["101"], "REPEAT")]),
}


def all_of(before: Sequence[Resource], after: Sequence[Resource], known: Any = None) -> Iterator[str]:
    """Everything that is judged between two routings, and what would be asked for."""
    impact = Impact(Routing.of_state(before), Routing.of_state(after))
    for one in judged(impact, frozenset({1}), known):
        until = one.intervals[-1][1]
        yield f"{one.who} ({one.when}; {len(one.intervals)}, until {until}): {', '.join(sorted(one.verdicts))}"
        yield f"  - {one.before}"
        yield f"  + {one.after}"
        told = {
            "forbidden": list(one.forbidden),
            "let go": one.let_go,
            "new": one.new,
            "strange": [str(end) for end in one.strange],
            "only strange": one.only_strange,
            "call": {} if not one.call.special else str(one.call),
        }
        yield from (f"  {name}: {said}" for name, said in told.items() if said)
    if first := sorted(str(one.id) for one in first_called(impact)):
        yield f"calls come first to {', '.join(first)}"
    if left := sorted(left_to_more(impact)):
        yield f"calls are left to {', '.join(left)}"


def asked_for(before: Sequence[Resource], after: Sequence[Resource], known: Any = None) -> Iterator[str]:
    """What an approval would have to name."""
    for change, calls in worse(before, after, known):
        as_above = (change.from_, change.to) == (str(calls.before), str(calls.after))
        ends = "from and to as above" if as_above else f"from {change.from_} to {change.to}"
        yield f"{change.rule} {change.object} ({calls.when}), {ends}"


def _pair(before: Sequence[Resource], after: Sequence[Resource]) -> Callable[[Here], Lines]:
    def told(there: Here) -> Iterator[str]:
        yield from all_of(before, after)
        there.patch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1")
        told: list[str] | None = None
        for known in (None, {("queue", "9999")}, ()):
            found = list(asked_for(before, after, known))
            if found != told:
                yield f"asked for when {'all queues' if known is None else sorted(known) or 'no queues'} are known:"
                yield from (f"  {one}" for one in found or ["nothing"])
            told = found
        yield from there.tries(lambda: require_answers(before, after, Approvals()))

    return told


def _storm(*seeds: int) -> Callable[[Here], Lines]:
    """Lines with changes of several kinds, made by chance."""

    def told(there: Here) -> Iterator[str]:
        names = sorted(CHANGES)
        for seed in seeds:
            before = after = line(seed)
            chosen = random.Random(seed).sample(names, 2)
            for place, change in enumerate(chosen):
                after = changed(after, change, seed + place)
            pair = as_resources(before), as_resources(after)
            if said := list(_some(all_of(*pair, ()))):
                yield f"line {seed}, {' and '.join(chosen)}:"
                yield from (f"  {one}" for one in said)

    return told


def _some(said: Iterable[str]) -> Iterator[str]:
    """As many lines as anybody reads, and as much of each as tells which it is; of the others, what begins them."""
    shown, more = 0, Counter[str]()
    for it in said:
        shown += not it.startswith("  ")
        if shown <= _MOST_SHOWN:
            yield it if len(it) <= _LONGEST else f"{it[:_LONGEST]}..."
        elif not it.startswith("  "):
            more[it.rpartition("): ")[2]] += 1
    yield from (f"and {count}: {it}" for it, count in sorted(more.items()))


_MOST_SHOWN, _LONGEST = 4, 300


def _handlings(*seeds: int) -> Callable[[Here], Lines]:
    """Extensions with the newer call handling, which become others."""

    def told(there: Here) -> Iterator[str]:
        for seed in seeds:
            before, other = handlings.world(seed), handlings.world(seed + 1000)
            after = handlings.World({**before.extensions, "101": other.extensions["101"]}, "", "", None, None)
            if said := list(_some(all_of(handlings.resources(before), handlings.resources(after)))):
                yield f"world {seed}:"
                yield from (f"  {one}" for one in said)

    return told


def _changed_handling(seed: int) -> Callable[[Here], Lines]:
    """Extensions with the newer call handling, of which one thing becomes another."""

    def told(there: Here) -> Iterator[str]:
        chance = random.Random(seed)
        before = handlings.world(chance.randrange(2**40))
        after = _changed(before, chance)
        yield from _some(all_of(handlings.resources(before), handlings.resources(after)))

    return told


WAS = f"70 % number {DENVER}; 30 % number {AUSTIN}"
NOBODY_ = "nobody (the profile is not active)"


def given(rule_: str, object_: str, from_: str = "answered", to: str = "nobody", days: int = 0) -> Approval:
    return Approval(rule_, frozenset({object_}), from_, to, "r", "t", TODAY + timedelta(days))


PERMITS = {
    "none": [],
    "today": [given("calls-unanswered", NUMBER, WAS, NOBODY_)],
    "for all hours and targets": [given("calls-unanswered", NUMBER)],
    "over": [given("calls-unanswered", NUMBER, WAS, NOBODY_, -1)],
    "for another number": [given("calls-unanswered", OTHER, WAS, NOBODY_)],
    "from elsewhere": [given("calls-unanswered", NUMBER, f"number {DENVER}", NOBODY_)],
    "to elsewhere": [given("calls-unanswered", NUMBER, WAS, "number +1")],
    "an older name": [given("calls-end-nowhere", NUMBER)],
    "an older name that is over": [given("calls-end-nowhere", NUMBER, days=-1)],
    "an older name, for another number": [given("calls-end-nowhere", OTHER)],
    "an older name, the other way": [given("calls-end-nowhere", NUMBER, "nobody", "answered")],
    "release": [given("release-active-dnis", NUMBER, "x", "y")],
    "release of the profile": [given("release-active-dnis", "profile 3001", "x", "y")],
    "release of another profile": [given("release-active-dnis", "profile 3002", "x", "y")],
    "a former rule": [given("percent-totals", NUMBER, "x", "y")],
    "a former rule, for the profile": [given("percent-totals", "profile 3001", "x", "y")],
    "a former rule, for its last day": [given("percent-totals", "profile 3001", "x", "y", 0)],
    "a former rule that is over": [given("percent-totals", "profile 3001", "x", "y", -1)],
    "a former rule, for a destination": [given("percent-totals", "destination 2001", "x", "y")],
    "a former rule, for the assignment": [given("percent-totals", "number 13035550100", "x", "y")],
    "a former rule, for another": [given("percent-totals", OTHER, "x", "y")],
    "a rule that is none of them": [given("duplicate-settings", NUMBER, "x", "y")],
    "over, and an older name": [
        given("calls-unanswered", NUMBER, WAS, NOBODY_, -1),
        given("calls-end-nowhere", NUMBER),
    ],
    "another number, and a former rule": [given("calls-unanswered", OTHER), given("percent-totals", NUMBER)],
}


def _in_short(told: Iterable[str]) -> Iterator[str]:
    """Why it is refused, and what is said where it is not."""
    for it in told:
        if it.startswith("Refused: "):
            yield f"refused: {it.rpartition('): ')[2]}"
            return
        yield it


def _permits(there: Here) -> Iterator[str]:
    for name, entries in PERMITS.items():
        yield f"{name}:"
        for what, after in (("off", OFF), ("lost", LOST), ("paid", PAID)):
            told = there.tries(refuse, worse(LINE, after), LINE, Approvals(entries), tell=True)
            if "passes" in (said := list(_in_short(told))) or what == "off":
                yield from (f"  {what}: {one}" for one in said)


def _emergencies(there: Here) -> Iterator[str]:
    for said in (
        "calls-unanswered",
        "calls-unknown",
        "release-active-dnis",
        "percent-totals,calls-unanswered",
        "calls-end-nowhere",
        "duplicates",
    ):
        there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", said)
        for name, entries in (("none", []), ("today", PERMITS["today"])):
            yield f"{said}, approved {name}:"
            told = there.tries(refuse, worse(LINE, OFF), LINE, Approvals(entries), tell=True)
            yield from (f"  {one}" for one in _in_short(told))
        yield from there.tries(lambda: refuse(worse(LINE, OFF), LINE, Approvals(), tell=False))


def _told(there: Here) -> Iterator[str]:
    """The words around a refusal."""
    found, six = worse(LINE, OFF), worse(SIX, but(SIX, profile(active=False)))
    yield from there.tries(lambda: refuse([], LINE))
    yield from there.tries(lambda: refuse(found, LINE))
    yield from there.tries(lambda: refuse(found, LINE, meanwhile=True))
    yield from there.tries(lambda: refuse(found, LINE, because="profile 'support' would be replaced"))
    yield from there.tries(lambda: refuse(six[:4], SIX, meanwhile=True, because="it ends"))
    yield from there.tries(lambda: refuse(worse(LINE, STRANGE, ()), LINE, meanwhile=True))
    yield from there.tries(lambda: refuse([*found, *worse(LINE, PAID)], LINE))
    some = Approvals([given("calls-unanswered", one, WAS, NOBODY_) for one in (NUMBER, "+13035550102")])
    yield from there.tries(lambda: refuse(six[:3], SIX, some, tell=True))
    yield from there.tries(lambda: refuse(six[:1] + six[2:3], SIX, some, tell=True))
    Path("approvals.toml").write_text(entry(rule='"calls-unanswered"', from_=f'"{WAS}"', to=f'"{NOBODY_}"'))
    yield from there.tries(lambda: refuse(found, LINE, tell=True))
    yield from there.tries(lambda: require_answers(iter(LINE), OFF))
    Path("approvals.toml").write_text("[[approval]]\n")
    yield from there.tries(lambda: refuse(found, LINE))


WORSE: Cases = {
    **{name: _pair(*pair) for name, pair in PAIRS.items()},
    "what permits it": _permits,
    "what permits it in an emergency": _emergencies,
    "how it is told": _told,
    **{f"by chance, {first}": _storm(*range(first, first + 6)) for first in range(0, 24, 6)},
    # of calls in some hours it is said once, where it holds in all, and else again
    "call handling that changes by chance, 50241": _changed_handling(50241),
    **{f"call handling by chance, {first}": _handlings(first) for first in (5,)},
}
