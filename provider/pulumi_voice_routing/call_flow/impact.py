"""Whose calls would end elsewhere after a run, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product

from ..plan.facts import Facts
from . import extensions, tracking
from .onward import Hours
from .outcome import Outcome, unknown
from .route import NOT_DECLARED, Line, Route
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
        self.before, self.after = before, after
        self.subjects = sorted(before.subjects | after.subjects)
        self._compared: dict[tuple[int, int], tuple[Week[Outcome], Week[Outcome], tuple[OutcomeChange, ...]]] = {}
        self._tracers: dict[Call, tuple[Tracer, Tracer]] = {}

    @classmethod
    def of(cls, facts: Facts) -> Impact:
        """Between the state in the facts and what they declare."""
        return cls(Routing.of_state(facts.before.resources if facts.before else ()), Routing(facts))

    def numbers(self) -> Iterator[NumberImpact]:
        """The numbers with another outcome."""
        for digits in self.subjects:
            usual = self._changes(digits, Call())
            shown = self.after.shown(digits) or self.before.shown(digits)
            if usual:
                yield NumberImpact(shown, "", usual)
            for call, what in self._special(digits):
                changes = self._changes(digits, call)
                wider = [Call(call.caller), Call(moment=call.moment)] if call.caller and call.moment else []
                if changes not in (usual, *(self._changes(digits, one) for one in wider)):
                    yield NumberImpact(shown, what, changes, call)

    def outcomes(self, digits: str) -> Iterator[tuple[str, Week[Outcome], Week[Outcome]]]:
        """Which calls to a number, and their outcomes before and after."""
        for call, what in self.calls(digits):
            yield what, *self.weeks(digits, call)

    def calls(self, digits: str) -> list[tuple[Call, str]]:
        """The calls to a number: those that no rule names first, and each sort that rules treat otherwise."""
        return [(Call(), ""), *self._special(digits)]

    def passed(self, number: str, call: Call, minute: int) -> frozenset[str]:
        """The URNs of the resources that decide about such a call, before or after."""
        routes = self.routes(subject_of(number), call)
        return frozenset(urn for route in routes if route is not None for urn in _urns(route.lines(minute)))

    def told_apart(self, digits: str) -> set[Call]:
        """The calls to a number by the hours that rules on their route tell apart."""
        return {call for call, _ in self._special(digits) if call.hours is not None}

    def _special(self, digits: str) -> list[tuple[Call, str]]:
        """The calls to a number that rules on its route treat otherwise."""
        before, after = self.routes(digits, Call())
        found = _conditions(self.before, before) | _conditions(self.after, after)
        hours = dict.fromkeys([*_hours(self.before, before), *_hours(self.after, after)])
        return sorted(found | _by_hours(hours), key=lambda one: one[1])

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


def _conditions(routing: Routing, route: Route | None) -> set[tuple[Call, str]]:
    if route is None:
        return set()
    passed = {key[1] for key in route.passes if key[0] == "extension"}
    named = {(Call(caller=caller), f"from +{caller}") for caller in extensions.callers(routing, passed)}
    named |= {(Call(moment=moment), _period(moment)) for moment in extensions.moments(routing, passed)}
    return named | {
        (Call(caller, moment), f"from +{caller} {_period(moment)}")
        for caller, moment in extensions.in_periods(routing, passed)
    }


def _hours(routing: Routing, route: Route | None) -> Iterator[Hours]:
    if route is not None:
        yield from extensions.hours(routing, {key[1] for key in route.passes if key[0] == "extension"})
        yield from tracking.hours(routing, {key[1] for key in route.passes if key[0] == "tracking number"})


_MOST_PLACES = 3
"""So many places with hours of their own are looked at together; of more, each by itself."""


def _by_hours(told: Iterable[Hours]) -> set[tuple[Call, str]]:
    """The calls in the hours of the places that they may pass: in all of them at once, which leaves nothing open."""
    places: dict[str, list[Hours]] = {}
    for one in sorted(told):
        places.setdefault(one.place, []).append(one)
    together = product(*places.values()) if len(places) <= _MOST_PLACES else ((one,) for one in told)
    return {
        (Call(hours=first, further=further), ", ".join(map(str, (first, *further))))
        for first, *others in filter(None, together)
        for further in [tuple(others)]
    }


def _period(moment: datetime) -> str:
    return f"in the period from {moment.isoformat(sep=' ', timespec='minutes')}"
