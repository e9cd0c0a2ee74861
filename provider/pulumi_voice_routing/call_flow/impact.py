"""Whose calls would end elsewhere after a run, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias, TypeVar

from .. import counting
from ..plan.facts import Facts
from ..plan.left_alone import with_what_stays
from ..plan.woken import with_woken
from . import extensions, tracking
from .conditions import Period, edges, in_period
from .onward import Hours
from .outcome import Outcome, unknown
from .route import NOT_DECLARED, Key, Line, Route
from .routing import Routing, subject_of
from .tracer import Call, Tracer
from .week import Week, in_words, merged

STRANGER = Outcome.of(unknown(f"the number is {NOT_DECLARED}"))
"""What is known of a number that nothing here speaks of."""


@dataclass(frozen=True)
class OutcomeChange:
    """Hours in which calls to a number would end elsewhere, all in the same way."""

    intervals: tuple[tuple[int, int], ...]
    """In minutes of the week, from Monday 00:00; the ends are outside."""
    before: Outcome
    after: Outcome

    @property
    def when(self) -> str:
        """In words: ``Mon-Fri 09:00-17:00``."""
        return in_words(self.intervals)


@dataclass(frozen=True)
class NumberImpact:
    """A number, or an extension, whose calls would end elsewhere."""

    number: str
    """``+13035550100``, a ring group's ``8000``, or ``extension 101`` for its numbers that no rule names."""
    calls: str
    """Which calls to it; empty for those of a caller that no rule names, outside single periods that rules name."""
    changes: tuple[OutcomeChange, ...]
    call: Call = field(default_factory=Call)
    """What such a call is like."""


class Impact:
    """What a run would do to every number of a stack."""

    def __init__(self, before: Routing, after: Routing) -> None:
        self.before, self.after = before.beside(after), after.beside(before)
        self.subjects = sorted(before.subjects | after.subjects)
        self._compared: dict[tuple[int, int], tuple[Week[Outcome], Week[Outcome], tuple[OutcomeChange, ...]]] = {}
        self._tracers: dict[Call, tuple[Tracer, Tracer]] = {}
        self._sorts: dict[str, list[tuple[Call, str]]] = {}
        self._alike: dict[tuple[frozenset[Key], frozenset[Key]], list[Call]] = {}

    @classmethod
    def of(cls, facts: Facts) -> Impact:
        """Between the state in the facts and what they declare."""
        return cls(
            Routing.of_state(facts.before.resources if facts.before else ()),
            Routing(with_woken(with_what_stays(facts))),
        )

    def numbers(self) -> Iterator[NumberImpact]:
        """The numbers with another outcome."""
        for done, digits in enumerate(self.subjects, 1):
            counting.count(done, len(self.subjects), "numbers")
            shown = self.after.shown(digits) or self.before.shown(digits)
            for call, what in self.calls(digits):
                changes = self._changes(digits, call)
                if changes not in [self._changes(digits, one) for one in call.wider] and (changes or what):
                    yield NumberImpact(shown, what, changes, call)

    def in_all_hours(self, number: str, call: Call) -> tuple[OutcomeChange, ...]:
        """What becomes of calls of a caller or a period whatever the hours are, where such calls are told apart by
        them."""
        if not (call.special and call.hours):
            return ()
        return self._changes(subject_of(number), Call(call.caller, call.moment))

    def outcomes(self, digits: str) -> Iterator[tuple[str, Week[Outcome], Week[Outcome]]]:
        """Which calls to a number, and their outcomes before and after."""
        for call, what in self.calls(digits):
            yield what, *self.weeks(digits, call)

    def calls(self, digits: str) -> list[tuple[Call, str]]:
        """The calls to a number: those that no rule names first, and each sort that rules on their way treat otherwise,
        be it only on the way of such calls."""
        if digits not in self._sorts:
            passed: tuple[frozenset[Key], ...] | None = None
            calls = [Call()]
            while passed != (found := tuple(self._passed(digits, calls, side) for side in (0, 1))):
                passed, calls = found, [*calls, *(one for one in self._told_apart(*found) if one not in calls)]
            self._sorts[digits] = [(call, str(call)) for call in sorted(calls, key=str)]
        return self._sorts[digits]

    def in_hours(self, number: str, call: Call) -> list[tuple[OutcomeChange, ...]]:
        """What becomes of such calls in each of the hours that the vendor alone knows, when there are any."""
        digits = subject_of(number)
        hours = {one.all_hours for one, _ in self.calls(digits) if one.hours is not None}
        return [self._changes(digits, call.during(one)) for one in hours if call.hours is None]

    def passed(self, number: str, call: Call, minute: int) -> frozenset[str]:
        """The URNs of the resources that decide about such a call, before or after."""
        routes = self.routes(subject_of(number), call)
        return frozenset(urn for route in routes if route is not None for urn in _urns(route.lines(minute)))

    def _passed(self, digits: str, calls: Iterable[Call], side: int) -> frozenset[Key]:
        routes = (self.routes(digits, call)[side] for call in calls)
        return frozenset().union(*(route.passes for route in routes if route is not None))

    def _told_apart(self, before: frozenset[Key], after: frozenset[Key]) -> list[Call]:
        """The calls that rules at these places treat otherwise."""
        key = (before, after)
        if key not in self._alike:  # many numbers share one route
            self._alike[key] = _told_apart((self.before, before), (self.after, after))
        return self._alike[key]

    def _changes(self, digits: str, call: Call) -> tuple[OutcomeChange, ...]:
        weeks = self.weeks(digits, call)
        key = (id(weeks[0]), id(weeks[1]))
        if key not in self._compared:  # many numbers share one route, so that it is compared once
            self._compared[key] = (*weeks, changes_between(*weeks))
        return self._compared[key][2]

    def weeks(self, digits: str, call: Call) -> tuple[Week[Outcome], Week[Outcome]]:
        """Where such a call to a number ends before and after, at every minute."""
        before, after = self.routes(digits, call)
        return before.week if before else _STRANGERS, after.week if after else _STRANGERS

    def routes(self, digits: str, call: Call) -> tuple[Route | None, Route | None]:
        """The routes of such a call to a number before and after; nothing where the number is not known."""
        if call not in self._tracers:
            before = Tracer(self.before, call)
            self._tracers[call] = (before, before if self.after is self.before else Tracer(self.after, call))
        before, after = self._tracers[call]
        return before.route(digits), after.route(digits)


_STRANGERS = Week.always(STRANGER)


def changes_between(before: Week[Outcome], after: Week[Outcome]) -> tuple[OutcomeChange, ...]:
    """The hours in which two weeks differ, those with the same difference together, the earliest first."""
    if before == after:
        return ()
    found: dict[tuple[Outcome, Outcome], list[tuple[int, int]]] = {}
    for start, end, (old, new) in merged([before, after], _pair).spans:
        if old != new:
            found.setdefault((old, new), []).append((start, end))
    return tuple(OutcomeChange(tuple(intervals), *outcomes) for outcomes, intervals in found.items())


def _pair(old: Outcome, new: Outcome) -> tuple[Outcome, Outcome]:
    return old, new


def _urns(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.resource is not None:
            yield line.resource.urn
        yield from _urns(line.lines)


def _told_apart(*sides: tuple[Routing, frozenset[Key]]) -> list[Call]:
    """Every caller, period and hours by itself; and all of them together where a rule changes, else those of one rule.
    Of callers whom the same rules name, and of moments in the same periods, one then stands for all."""
    callers: dict[str, set[_Rule]] = {}
    periods: dict[Period, set[tuple[_Rule, bool]]] = {}
    hours: set[Hours] = set()
    rules: list[object] = []
    for side, (routing, passed) in enumerate(sides):
        extensions_ = sorted(key[1] for key in passed if key[0] == "extension")
        tracked = sorted(key[1] for key in passed if key[0] == "tracking number")
        for caller, urn in extensions.callers(routing, extensions_):
            callers.setdefault(caller, set()).add((side, urn))
        for period, urn, bounds in extensions.periods(routing, extensions_):
            periods.setdefault(period, set()).add(((side, urn), bounds))
        rules.append([(one.urn, one.props) for extension in extensions_ for one in routing.rules_of(extension)])
        hours.update(extensions.hours(routing, extensions_), tracking.hours(routing, tracked))
    moments = {
        edge: {one for period, urns in periods.items() if in_period(edge, period) is not False for one in urns}
        for edge in edges(periods)
    }
    by_hours = _by_hours(sorted(hours))
    found = {Call(caller) for caller in callers} | {Call(moment=moment) for moment in moments}
    found |= {Call().during(one) for one in by_hours}
    pairs: Iterable[tuple[str, datetime]] = product(_one_of_each(callers), _one_of_each(moments))
    if rules[0] == rules[1]:
        return [*found, *(Call(one, two) for one, two in pairs if callers[one] & {rule for rule, _ in moments[two]})]
    alone: list[tuple[str, datetime | None]] = [(one, None) for one in _one_of_each(callers)]
    alone += [("", two) for two in _one_of_each(moments)]
    return list(found.union(Call(*pair).during(one) for pair in (*alone, *pairs) for one in ((), *by_hours)))


_Rule: TypeAlias = tuple[int, str]
"""On which side it is, and its URN."""
_Named = TypeVar("_Named", str, datetime)


def _one_of_each(named: Mapping[_Named, set[Any]]) -> list[_Named]:
    return list({frozenset(by): one for one, by in sorted(named.items(), key=str, reverse=True)}.values())


_MOST_PLACES = 3
"""So many places with hours of their own are looked at together; of more, each by itself."""


def _by_hours(told: Collection[Hours]) -> list[tuple[Hours, ...]]:
    """The hours of the places that calls may pass: of all of them at once, which leaves nothing open."""
    places: dict[str, list[Hours]] = {}
    for one in told:
        places.setdefault(one.place, []).append(one)
    together = product(*places.values()) if len(places) <= _MOST_PLACES else ((one,) for one in told)
    return list(filter(None, together))
