"""What the parts say that are asked with values alone, for every combination of a few of these."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations, product
from typing import Any, get_args

from pulumi_voice_routing.call_flow.conditions import all_of, by_day, by_week, first, in_period, names, one_of
from pulumi_voice_routing.call_flow.impact import changes_between
from pulumi_voice_routing.call_flow.judgement import (
    newly_forbidden,
    numbers_in,
    unanswered,
    unanswered_in_the_end,
    untold,
)
from pulumi_voice_routing.call_flow.loops import loop, loops
from pulumi_voice_routing.call_flow.onward import Call, Hours
from pulumi_voice_routing.call_flow.outcome import End, Kind, Outcome, certain_part, percent, unknown
from pulumi_voice_routing.call_flow.route import Key, Line, Rings, Route, Split, Step, Stop, Then, Undecided, Via
from pulumi_voice_routing.call_flow.trace import moment_of, number_of, why_not_found
from pulumi_voice_routing.call_flow.week import MINUTES, Week, in_words, merged
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle.view import UNKNOWN, Listed
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.ringex.views import PeriodView

TIMES = (
    "2026-12-01 19:00",
    "2026-03-08 02:30",
    "2026-11-01 01:30",
    "2026-12-01T19:00+05:00",
    "0001-01-01T00:00+14:00",
    "x",
)
ZONES = (None, "America/Denver", "UTC", "Mars/Base", "../x", "Pacific/Kiritimati")
TYPED = (
    *("+1 303 555 0100", "3035550100", "13035550100", "8000", "101", "extension 101", " Extension  7", "+", "", "desk"),
    *(
        "+44 20 7183 8750",
        "00442071838750",
        "+1303555",
        "303-555-0100",
        "(303) 555-0100",
        "3035550100000000",
        "1234567",
    ),
)
SPANS = (
    (0, 60),
    (30, 90),
    (540, 1020),
    (1380, 1500),
    (1980, 2460),
    (2880, 4320),
    (0, MINUTES),
    (MINUTES - 60, MINUTES),
)
HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
MOMENTS = (None, *(datetime(2030, 6, day, 12) for day in (1, 2, 3)), datetime(2030, 6, 2, 12, tzinfo=UTC))
SAID = (True, False, None)


def of(what: Callable[..., Any], *given: Any) -> str:
    """What it says, or why it does not."""
    try:
        return str(what(*given))
    except VoiceRoutingError as error:
        return f"{type(error).__name__}: {error}"


def typed() -> Iterator[str]:
    """Times and numbers as somebody types them."""
    for at, zone in product(TIMES, ZONES):
        yield f"{at} {zone}: {of(moment_of, at, zone)}"
        if zone in ("UTC", None) and at in TIMES[:3]:
            yield f"  {moment_of(at, zone).minute}"
    for number in TYPED:
        yield f"{number!r}: {of(number_of, number)} {why_not_found(number)}"


def weeks() -> Iterator[str]:
    """Hours of the week."""
    for some in (*((one,) for one in SPANS), *combinations(SPANS, 2), *combinations(SPANS[:5], 3)):
        week = Week.inside(some)
        yield f"{some}: {in_words(some)}; {week.starts} {week.values}"
    for one, two in product([Week.inside([span]) for span in SPANS], repeat=2):
        yield str(merged([one, two, one], lambda *all_: all_).spans)
    days = ("monday", "sunday", "someday")
    ranges = (
        [],
        [{"from": "09:00", "to": "17:00"}],
        [{"from": "17:00", "to": "09:00"}],
        [{"from": "9:00"}],
        [7],
        "all day",
    )
    for day, hours in product(days, ranges):
        yield f"{day} {hours}: {by_week({day: hours, 'friday': [{'from': '00:00', 'to': '24:00'}]}).spans}"
    yield f"{by_week(UNKNOWN)} {by_week({})}"
    for begin, end in product(("00:00", "08:30", "24:00", "8", 8, UNKNOWN, None), repeat=2):
        yield f"{begin} {end}: {by_day(PeriodView({'from': begin, 'to': end})).spans}"


def conditions() -> Iterator[str]:
    """What holds of a call."""
    for some in product(SAID, repeat=3):
        yield f"{some}: {all_of(*some)} {one_of(some)}"
    routes = [Stop(End("queue", str(place))) for place in range(4)]
    for applies, ranks in product(product(SAID, repeat=3), ((), (1, 1, 2), (3, 1, 2), (2, 2, 1))):
        chosen = first([Week.always(one) for one in applies], routes, ranks)
        yield f"{applies} {ranks}: {chosen.at(0)} {whole(chosen.at(0))}"
    for moment, begin, end in product(MOMENTS, MOMENTS[1:], MOMENTS[1:]):
        yield f"{moment} {begin} {end}: {in_period(moment, (begin, end))}"
    listed = ([], ["+13035550100"], [UNKNOWN], ["+13035550101", UNKNOWN], ["+13035550101"])
    for those, certain, wanted in product(listed, (True, False), ("", "13035550100")):
        given = Listed(True, certain, tuple(those))
        yield f"{those} {certain} {wanted}: {names(given, those, wanted)}"


def outcomes() -> Iterator[Outcome]:
    """Ends of every kind, alone and together."""
    ends = [End(kind, "x") for kind in get_args(Kind) if kind not in ("number", "unknown")]
    ends += [End("number", one) for one in ("+13035550100", "+19005550100", "+442071838750", "8000", "what")]
    ends += [End("loop", "the same members ring again"), unknown("nobody says"), unknown("nobody says", 1, "a note")]
    ends.append(End("extension", "101", rings=("+13035550100", "+19005550100", "what")))
    alone = [Outcome.of(end) for end in ends]
    yield from alone
    ringing = [Outcome.of(End("ring group", "8000", later)) for later in alone]
    yield from ringing
    yield from (
        Outcome.mixed([(HALF, one), (HALF, two)]) for one, two in zip(alone, [*ringing[3:], *alone], strict=False)
    )
    for one, two in zip(alone, ringing[5:], strict=False):
        yield certain_part([one, two], unknown("which of two"))
        yield certain_part([Outcome.mixed([(THIRD, one), (1 - THIRD, two)]), two], unknown("which of two"))
        yield Outcome.of(End("unknown", "one of these", options=(one, two), complete=False))
        yield Outcome.of(End("unknown", "one of these", options=(one, two)))


def whole(value: Any) -> str:
    """An outcome with all that is compared, and what is not."""
    if isinstance(value, Outcome):
        return " + ".join(sorted(f"{percent(odds)} {whole(end)}" for end, odds in value.shares))
    if isinstance(value, End):
        later = f" then {whole(value.otherwise)}" if value.otherwise is not None else ""
        options = f" of {[*map(whole, value.options)]} {value.complete}" if value.options else ""
        return f"{value}{value.rings}{later}{options}"
    return str(value)


def judgements() -> Iterator[str]:
    """What is said of outcomes."""
    there = list(outcomes())
    for one in there:
        strange = frozenset(end for end, _ in one.shares if end.kind == "queue")
        yield f"{whole(one)}: {unanswered(one)} {unanswered_in_the_end(one)} {untold(one)} {untold(one, strange)}"
        yield f"  {next(iter(one.odds))} {one.share('queue', 'ivr')} {sorted(numbers_in(one))}"
    for one, two in zip(there, [*there[20:], *there], strict=False):
        yield str([newly_forbidden(one, two, countries) for countries in (None, frozenset({1}), frozenset({44}))])
    for odds in (Fraction(1, 3), HALF, Fraction(1, 1000), Fraction(1001, 10_000), Fraction(1)):
        yield percent(odds)


def routes() -> Iterator[str]:
    """Routes of every kind."""
    resource = Resource("ringcx:Destination", "denver", "urn")
    ends: list[Route] = [Stop(End("number", "1")), Stop(End("queue", "2")), Stop(End("sip", "3"))]
    morning = Week.inside([(0, 720)]).map(lambda inside: Fraction(inside))
    there: list[Route] = [
        *ends,
        Via(Step("a step", resource), ends[0], ("number", "1")),
        Split([(morning, ends[0]), (morning.map(lambda odds: 1 - odds), ends[1])]),
        Split([(Week.always(HALF), ends[0]), (Week.always(HALF), ends[1])]),
        Undecided("nobody says", ends[:2], basis=7),
        Undecided("nobody says", ends[:2], ordered=False, resource=resource),
        Undecided("nobody says", ends[:1], more=True),
        Undecided("nobody says", []),
        Rings(Step("it rings", resource), End("ring group", "8000"), ends[1]),
    ]
    there += [Then(one, two) for one, two in product(there, there[1:8:3])]
    there += [Split([(Week.always(THIRD), one), (Week.always(1 - THIRD), ends[1])]) for one in there]
    there += [Undecided("which of two", [one, there[4]]) for one in there[:30]]
    for one in there:
        yield f"{[*map(whole, one.week.values)]} {one.week.starts} {sorted(one.passes)}"
        for minute in (0, 719, 720):
            yield f"  {whole(one.at(minute))} {[*map(_line, one.lines(minute))]}"


def _line(one: Line) -> str:
    return f"{one.what} {one.resource and one.resource.name} {one.odds} {one.open} {one.end} {[*map(_line, one.lines)]}"


def calls() -> Iterator[str]:
    """Calls, by caller, moment and hours."""
    places = [Hours(place, open_) for place, open_ in product(("extension 101", "extension 102"), (True, False))]
    hours = [(), (places[0],), (places[1], places[2])]
    for caller, moment, during in product(("", "13035550100"), (None, MOMENTS[1]), hours):
        one = Call(caller, moment).during(during)
        said = [one.opened(place) for place in ("extension 101", "extension 102", "extension 103")]
        yield f"{one}: {one.special} {one.all_hours} {said} {sorted(map(str, one.wider))}"


def ways() -> Iterator[str]:
    """What leads to each other, for all that can lead from three places to one another."""
    keys: list[Key] = [("number", "a"), ("profile", "b", ""), ("extension", "c")]
    pairs = list(product(keys, repeat=2))
    for chosen in product((False, True), repeat=len(pairs)):
        onward = {key: [to for (at, to), on in zip(pairs, chosen, strict=True) if on and at == key] for key in keys}
        found: dict[Key, Any] = {}
        for together in loops(keys[0], onward, found):
            found |= dict.fromkeys(together, loop(together, onward, found))
        yield " ".join(
            f"{key[1]}: {sorted(one.places)} {one.depth} {one.tangled}" for key, one in sorted(found.items())
        )


def differences() -> Iterator[str]:
    """The hours in which two weeks differ."""
    spans = [Week.inside([span]).map(lambda inside: Outcome.of(End("queue", str(inside)))) for span in SPANS[:6]]
    for one, two in product(spans, repeat=2):
        for change in changes_between(one, two):
            yield f"{change.intervals} {change.when} {change.before} {change.after}"


class Parts:
    """All of them, told as accounts are."""

    of = (typed, weeks, conditions, judgements, routes, calls, ways, differences)

    def one(self, place: int) -> Iterator[str]:
        """All that one of them says."""
        yield from self.of[place]()

    def lines(self) -> Iterator[str]:
        """What is recorded: the first lines of each in full, and of the others a digest of ten together."""
        for place, part in enumerate(self.of):
            yield f"{place}: {part.__name__}"
            said = list(self.one(place))
            yield from said[:MOST]
            yield from (digest(" ".join(said[at : at + 10])) for at in range(MOST, len(said), 10))


MOST = 60
"""So many lines of a part are recorded in full."""


def digest(text: str) -> str:
    """What stands for more than anybody reads."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
