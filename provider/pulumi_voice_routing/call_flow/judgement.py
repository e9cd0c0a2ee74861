"""What a change does to callers: number by number, where calls end before and after, and whether that hurts.

It is asked with any two routings: of a state and a program, or of what the vendors have and what is about to be sent.
Nothing is read or asked for here.

A call is *answered* when a person, a queue, a menu or voicemail takes it. An announcement, a hang-up and a circle are
no answer. What rings counts as an answer, even if it may ring in vain; a circle after it does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, lru_cache, partial
from typing import Literal, NamedTuple, TypeAlias

from ..plan.facts import Facts
from ..telephony.number import NotANumber, Number
from ..telephony.outside_numbers import why_number_not_allowed
from ..telephony.sip import outside_number
from .extensions import OWN_RULES
from .impact import STRANGER, Impact, NumberImpact, OutcomeChange
from .onward import Call
from .outcome import RINGS_AGAIN, End, Outcome
from .profiles import SHARES_OF_NEW
from .routing import subject_of
from .week import Week, in_words, merged

Verdict: TypeAlias = Literal["elsewhere", "fewer answered", "fewer answered in the end", "less certain", "forbidden"]
"""What can be said of a change. ``elsewhere`` holds of every one; ``fewer answered in the end`` counts what rings and
then has nobody who takes it as well, which matters for numbers that must be answered."""

_ELSEWHERE: frozenset[Verdict] = frozenset({"elsewhere"})


@dataclass(frozen=True)
class CallChange:
    """Hours in which calls to a number would end elsewhere, and what that means for their callers."""

    number: str
    """``+13035550100``, a ring group's ``8000``, or ``extension 101``."""
    calls: str
    """Which calls to it; empty for all that no rule names."""
    intervals: tuple[tuple[int, int], ...]
    before: Outcome
    after: Outcome
    verdicts: frozenset[Verdict]
    forbidden: tuple[str, ...] = ()
    """Why an end must not be, one line each."""
    let_go: bool = False
    """Whether the number itself is given up or switched off, whatever is behind it."""
    new: bool = False
    """Whether nothing here spoke of the number before."""
    call: Call = field(default_factory=Call)
    """What such a call is like."""
    strange: tuple[End, ...] = ()
    """The queues and IVRs at which they would end and of which nobody can tell whether they exist."""

    @property
    def who(self) -> str:
        """The calls that it is about, as approvals name them."""
        return f"{self.number} {self.calls}" if self.calls else self.number

    @property
    def only_strange(self) -> bool:
        """Whether nothing but a queue or an IVR that may not exist makes the calls less certain."""
        return bool(self.strange) and untold(self.after) <= untold(self.before)

    @property
    def when(self) -> str:
        """In words: ``Mon-Fri 09:00-17:00``."""
        return in_words(self.intervals)


def judged_facts(facts: Facts, countries: Collection[int] | None = None) -> Iterator[CallChange]:
    """The same as :func:`judged`, between the state in the facts and what they declare."""
    return judged(Impact.of(facts), countries)


def judged(
    impact: Impact, countries: Collection[int] | None = None, known: Container[tuple[str, str]] | None = None
) -> Iterator[CallChange]:
    """Every change for callers between two routings, with what is to be said of it.

    ``countries`` are the country codes to which calls may be sent; nothing when they may be sent to all. ``known`` are
    the queues and IVRs that exist for sure, as ``("queue", "1000")``; nothing when all that are named count as such.
    """
    for one in impact.numbers():
        let_go = impact.after.let_go(subject_of(one.number))
        said = partial(_judged, one, let_go=let_go, countries=countries, known=known)
        told = _told_by_hours(impact, one, said)
        all_hours = [said(change) for change in impact.in_all_hours(one.number, one.call)]
        for change in map(said, one.changes):
            sure = one.call.special and bool(change.verdicts & _FOR_SURE)
            if (told and not sure) or _told_of_all(change, all_hours):
                change = replace(change, verdicts=_ELSEWHERE, forbidden=())
            yield change


_FOR_SURE: frozenset[Verdict] = frozenset({"fewer answered", "forbidden"})
"""What holds in all hours when it holds of calls of which nobody says in which hours they come."""


def _told_of_all(change: CallChange, all_hours: Iterable[CallChange]) -> bool:
    """Whether the same is said of calls in all hours, so that it is not said again of some."""
    alike = [other for other in all_hours if other.verdicts & _FOR_SURE and other.verdicts >= change.verdicts]
    covered, asked = (
        Week.inside(one) for one in ([span for other in alike for span in other.intervals], change.intervals)
    )
    return merged([covered, asked], lambda inside, wanted: inside or not wanted) == Week.always(True)


def _told_by_hours(impact: Impact, one: NumberImpact, said: Callable[[OutcomeChange], CallChange]) -> bool:
    """Whether hours that the vendor alone knows tell what becomes of calls, so that it is not said again of all of them
    together; nor is it unknown which hours it is."""
    hours = impact.in_hours(one.number, one.call)
    apart = [changes for changes in hours if changes != one.changes]
    harm = any(said(change).verdicts != _ELSEWHERE for changes in apart for change in changes)
    return harm or 0 < len(hours) == len(apart)


def _judged(
    one: NumberImpact,
    change: OutcomeChange,
    let_go: bool,
    countries: Collection[int] | None,
    known: Container[tuple[str, str]] | None,
) -> CallChange:
    old, new = change.before, change.after
    strange = frozenset() if known is None or old == STRANGER else _strange(new, known)
    allowed = None if countries is None else frozenset(countries)
    forbidden = newly_forbidden(old, new, allowed)
    said: dict[Verdict, bool] = {
        "elsewhere": True,
        "fewer answered": unanswered(new) > unanswered(old),
        "fewer answered in the end": unanswered_in_the_end(new) > unanswered_in_the_end(old),
        "less certain": untold(new, strange) > untold(old, strange),
        "forbidden": bool(forbidden),
    }
    verdicts: frozenset[Verdict] = frozenset(verdict for verdict, holds in said.items() if holds)
    return CallChange(
        one.number,
        one.calls,
        change.intervals,
        old,
        new,
        verdicts,
        forbidden,
        let_go,
        old == STRANGER,
        one.call,
        tuple(sorted(strange, key=str)),
    )


@cache
def unanswered(outcome: Outcome) -> Fraction:
    """The odds of calls that nobody takes. One that has rung may end with nobody, but not go round for ever."""
    return _answers(outcome, _nowhere, _goes_round).lost


@cache
def unanswered_in_the_end(outcome: Outcome) -> Fraction:
    """The odds of calls that may have nobody who takes them, what rings in vain included."""
    return _answers(outcome, _nowhere, _rings_out).lost


@cache
def untold(outcome: Outcome, strange: frozenset[End] = frozenset()) -> Fraction:
    """The odds of calls of which nobody can tell whether they are answered; ``strange`` ends may not exist."""
    taken, lost = _answers(outcome, _nowhere, _goes_round, strange)
    return 1 - taken - lost


def _strange(outcome: Outcome, known: Container[tuple[str, str]]) -> frozenset[End]:
    """The queues and IVRs in it that are not known."""
    found: set[End] = set()
    for end, _ in outcome.shares:
        if end.kind in ("queue", "ivr") and (end.kind, end.what) not in known:
            found.add(end)
        for inner in (*end.options, *([end.otherwise] if end.otherwise is not None else [])):
            found |= _strange(inner, known)
    return frozenset(found)


class _Answers(NamedTuple):
    """Of all calls, those that somebody takes for sure, and those that nobody takes for sure."""

    taken: Fraction
    lost: Fraction


_Nobody: TypeAlias = Callable[[End], bool]
"""Whether nobody takes the call at an end."""


def _answers(outcome: Outcome, at_once: _Nobody, later: _Nobody, strange: frozenset[End] = frozenset()) -> _Answers:
    """``later`` is asked once something has rung in vain, and ``at_once`` before that."""
    taken = lost = Fraction(0)
    for end, odds in outcome.shares:
        here = _answers_at(end, at_once, later, strange)
        taken, lost = taken + odds * here.taken, lost + odds * here.lost
    return _Answers(taken, lost)


def _answers_at(end: End, at_once: _Nobody, later: _Nobody, strange: frozenset[End]) -> _Answers:
    if end in strange:
        return _Answers(Fraction(0), Fraction(0))
    if at_once(end):
        return _Answers(Fraction(0), Fraction(1))
    if end.kind != "unknown" or end.what in _ANSWERED:
        lost = _answers(end.otherwise, later, later).lost if end.otherwise is not None else Fraction(0)
        return _Answers(1 - lost, lost)
    if not (end.options and end.complete):
        return _Answers(Fraction(0), Fraction(0))
    options = [_answers(one, at_once, later, strange) for one in end.options]
    return _Answers(min(one.taken for one in options), min(one.lost for one in options))  # whichever is the true one


_ANSWERED = {SHARES_OF_NEW, *OWN_RULES}
"""Unknown ends that leave nobody alone: one of several destinations that all are looked at, and the own rules of an
extension, which this configuration does not touch."""


def _nowhere(end: End) -> bool:
    return end.nowhere


def _goes_round(end: End) -> bool:
    return end.kind == "loop" and end.what != RINGS_AGAIN


def _rings_out(end: End) -> bool:
    return _goes_round(end) if end.kind == "loop" else end.nowhere


def why_forbidden(outcome: Outcome, countries: frozenset[int] | None) -> Iterator[str]:
    """Why calls must not end there, whatever is after something has rung, and whatever may be, included."""
    for end in outcome.odds:
        for number in (*_numbers_at(end), *([outside_number(end.what)] if end.kind == "sip" else [])):
            yield from _why_not_allowed(number, countries)
        if _goes_round(end):
            yield f"{_CIRCLE} ({end.what})"
        if end.otherwise is not None:
            yield from why_forbidden(end.otherwise, countries)
        for option in end.options:
            yield from why_forbidden(option, countries)


def _numbers_at(end: End) -> tuple[str, ...]:
    return (end.what,) if end.kind == "number" else end.rings


def numbers_in(outcome: Outcome) -> Iterator[str]:
    """The telephone numbers to which calls may go, whatever is after something has rung, and whatever may be, included;
    in E.164."""
    for end in outcome.odds:
        for number in _numbers_at(end):
            with suppress(NotANumber):
                yield Number.parse(number)
        for inner in (*([end.otherwise] if end.otherwise is not None else []), *end.options):
            yield from numbers_in(inner)


def newly_forbidden(before: Outcome, after: Outcome, countries: frozenset[int] | None) -> tuple[str, ...]:
    """Why calls must not end where they would, as far as it was not so before. One circle is like another."""
    was = {_CIRCLE if is_circle(why) else why for why in why_forbidden(before, countries)}
    new = dict.fromkeys(why_forbidden(after, countries))
    return tuple(why for why in new if (_CIRCLE if is_circle(why) else why) not in was)


_CIRCLE = "calls go round in a circle"


def is_circle(why: str) -> bool:
    """Whether calls must not end there because they go round."""
    return why.startswith(_CIRCLE)


@lru_cache(maxsize=None, typed=True)  # the type of the countries says who allows them
def _why_not_allowed(number: str, countries: frozenset[int] | None) -> tuple[str, ...]:
    try:
        return tuple(why_number_not_allowed(Number.parse(number), countries))
    except ValueError:  # what cannot be read as a number is told by another rule
        return ()
