"""The route of a call: what it passes, where it forks, and where it ends, at every minute of the week.

A route is built once, without a time. It is then asked for one minute (:meth:`Route.at`), or for the whole week at once
(:attr:`Route.week`), which is the same answer as intervals.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import TypeAlias

from ..plan.facts import Resource
from .outcome import End, Outcome, certain_part, unknown
from .week import Week, merged

Key: TypeAlias = tuple[str, ...]
"""A place that a call can come back to: a number, an extension, a ring group, a tracking number; or a profile."""
Odds: TypeAlias = Week[Fraction]

NOT_KNOWN_YET = "not known before the run"
NOT_DECLARED = "not part of this configuration"


@dataclass(frozen=True)
class Step:
    """What a call passes, and the resource that says so."""

    what: str
    resource: Resource | None = None


@dataclass(frozen=True)
class Line:
    """One line of a path at one minute."""

    what: str
    resource: Resource | None = None
    odds: Fraction | None = None
    """The odds of this branch; nothing where there is only one."""
    open: bool = False
    """Whether it is one of several branches whose odds cannot be told."""
    end: End | None = None
    lines: tuple[Line, ...] = ()
    """What comes next."""


@dataclass(frozen=True, eq=False)
class Route:
    """Where a call goes from here."""

    @cached_property
    def passes(self) -> frozenset[Key]:
        """The places on it where calls are told apart, by their callers or by when they come."""
        return frozenset()

    def at(self, minute: int) -> Outcome:
        """Where it leads at one minute."""
        raise NotImplementedError

    @cached_property
    def week(self) -> Week[Outcome]:
        """Where it leads at every minute."""
        raise NotImplementedError

    def lines(self, minute: int) -> tuple[Line, ...]:
        """What it looks like at one minute."""
        if minute not in self._drawn:  # routes that meet again are drawn once
            self._drawn[minute] = tuple(self._lines(minute))
        return self._drawn[minute]

    @cached_property
    def _drawn(self) -> dict[int, tuple[Line, ...]]:
        return {}

    def _lines(self, minute: int) -> Iterable[Line]:
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Stop(Route):
    """The end."""

    end: End

    @cached_property
    def outcome(self) -> Outcome:
        """The only one."""
        return Outcome.of(self.end)

    def at(self, minute: int) -> Outcome:
        return self.outcome

    @cached_property
    def week(self) -> Week[Outcome]:
        return Week.always(self.outcome)

    def _lines(self, minute: int) -> Iterable[Line]:
        return (Line(str(self.end), end=self.end),)


@dataclass(frozen=True, eq=False)
class Via(Route):
    """One step on, whatever the time."""

    step: Step
    next: Route
    place: Key | None = None

    @cached_property
    def passes(self) -> frozenset[Key]:
        return self.next.passes | ({self.place} if self.place else set())

    def at(self, minute: int) -> Outcome:
        return self.next.at(minute)

    @cached_property
    def week(self) -> Week[Outcome]:
        return self.next.week

    def _lines(self, minute: int) -> Iterable[Line]:
        return (Line(self.step.what, self.step.resource, lines=self.next.lines(minute)),)


@dataclass(frozen=True, eq=False)
class Split(Route):
    """A fork whose odds are known; at every minute they make 1."""

    branches: Sequence[tuple[Odds, Route]]

    @cached_property
    def passes(self) -> frozenset[Key]:
        return frozenset().union(*(route.passes for _, route in self.branches))

    def at(self, minute: int) -> Outcome:
        return Outcome.mixed((odds.at(minute), route.at(minute)) for odds, route in self.branches if odds.at(minute))

    @cached_property
    def week(self) -> Week[Outcome]:
        weeks = [week for odds, route in self.branches for week in (odds, route.week)]
        return merged(weeks, lambda *values: Outcome.mixed(zip(values[::2], values[1::2], strict=True)))

    def _lines(self, minute: int) -> Iterable[Line]:
        for odds, route in self.branches:
            here = odds.at(minute)
            for line in route.lines(minute) if here else ():
                inner = line.odds if line.odds is not None else Fraction(1)
                yield line if here == 1 else replace(line, odds=here * inner)


@dataclass(frozen=True, eq=False)
class Undecided(Route):
    """A fork of which nobody tells how it is decided. Only what all branches have in common is certain."""

    reason: str
    """Why it cannot be told."""
    options: Sequence[Route]
    ordered: bool = True
    """Whether another order of the options would be another decision."""
    more: bool = False
    """Whether it may also be something that is not among the options, so that nothing is certain."""
    basis: Hashable = None
    """What decides in truth, besides what the options are."""
    resource: Resource | None = None

    @cached_property
    def passes(self) -> frozenset[Key]:
        return frozenset().union(*(route.passes for route in self.options))

    def at(self, minute: int) -> Outcome:
        return self._common(*(route.at(minute) for route in self.options))

    @cached_property
    def week(self) -> Week[Outcome]:
        return merged([route.week for route in self.options], self._common)

    def _common(self, *outcomes: Outcome) -> Outcome:
        end = unknown(self.reason, (self.basis, outcomes if self.ordered else frozenset(outcomes)))
        if self.more or not outcomes:
            return Outcome.of(replace(end, options=outcomes, complete=False))
        return certain_part(outcomes, end)

    def _lines(self, minute: int) -> Iterable[Line]:
        options = tuple(replace(line, open=True) for route in self.options for line in route.lines(minute))
        return (Line(f"unknown: {self.reason}", self.resource, lines=options),)


@dataclass(frozen=True, eq=False)
class Rings(Route):
    """Something rings; when nobody takes the call, it goes on."""

    step: Step
    end: End
    otherwise: Route

    @cached_property
    def passes(self) -> frozenset[Key]:
        return self.otherwise.passes

    def at(self, minute: int) -> Outcome:
        return self._outcome(self.otherwise.at(minute))

    @cached_property
    def week(self) -> Week[Outcome]:
        return self.otherwise.week.map(self._outcome)

    def _outcome(self, otherwise: Outcome) -> Outcome:
        return Outcome.of(replace(self.end, otherwise=otherwise))

    def _lines(self, minute: int) -> Iterable[Line]:
        later = Line("if nobody takes it", lines=self.otherwise.lines(minute))
        return (Line(self.step.what, self.step.resource, end=self.end, lines=(later,)),)


@dataclass(frozen=True, eq=False)
class Then(Route):
    """One route, and another for calls that nobody takes at the end of it."""

    first: Route
    later: Route
    ringing: frozenset[str] = field(default=frozenset({"number", "sip"}))
    """The ends that can go without an answer, and say nothing of that themselves."""

    @cached_property
    def passes(self) -> frozenset[Key]:
        return self.first.passes | self.later.passes

    def at(self, minute: int) -> Outcome:
        return self._outcome(self.first.at(minute), self.later.at(minute))

    @cached_property
    def week(self) -> Week[Outcome]:
        return merged([self.first.week, self.later.week], self._outcome)

    def _outcome(self, first: Outcome, later: Outcome) -> Outcome:
        return Outcome.mixed((odds, Outcome.of(self._end(end, later))) for end, odds in first.shares)

    def _end(self, end: End, later: Outcome) -> End:
        if end.kind in self.ringing and end.otherwise is None:
            return replace(end, otherwise=later)
        options = tuple(self._outcome(one, later) for one in end.options)
        return end if options == end.options else replace(end, options=options, basis=(end.basis, options))

    def _lines(self, minute: int) -> Iterable[Line]:
        return (*self.first.lines(minute), Line("if nobody takes it", lines=self.later.lines(minute)))


_NONE, _ALL = Fraction(0), Fraction(1)


def by_time(choices: Week[int], routes: Sequence[Route]) -> Route:
    """The route that a week names for each minute, by its place in the list."""
    if choices.constant:
        return routes[choices.values[0]]
    here = sorted(set(choices.values))
    odds = {one: choices.map(partial(_is, one)) for one in here}
    return Split([(odds[one], routes[one]) for one in here])


def _is(one: int, chosen: int) -> Fraction:
    return _ALL if one == chosen else _NONE


def limited(on: Route, limits: Mapping[str, bool], resource: Resource, *instead: Route) -> Route:
    """A route with limits on it that are zero, or for all that is known may be; ``instead`` is where else it may lead,
    and nothing when nobody tells."""
    for name, zero in sorted(limits.items()):
        undocumented = f"what {name} of 0 does to calls is not documented"
        reason = undocumented if zero else f"whether {name} is 0 is {NOT_KNOWN_YET}"
        on = Undecided(reason, [on, *instead], more=not instead, resource=resource)
    return on


def nobody(why: str) -> Stop:
    """Calls that nobody takes."""
    return Stop(End("unanswered", why))


def not_known_yet() -> Stop:
    """A target that only the run will tell."""
    return Stop(unknown(f"where it leads is {NOT_KNOWN_YET}"))
