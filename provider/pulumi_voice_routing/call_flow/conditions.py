"""Whether a rule of a RingEX extension is for a call, and which of several is: in both kinds of call handling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeAlias

from ..lifecycle.view import Listed
from ..plan.facts import UNKNOWN
from ..ringex.views import PeriodView
from ..telephony.number import digits_of
from .route import Route, Undecided, by_time
from .week import DAY, DAYS, HOUR, MINUTES, Week, merged

Said = bool | None
"""Whether something holds; nothing where that cannot be told."""


def all_of(*said: Said) -> Said:
    """Whether all of them hold."""
    if any(one is False for one in said):
        return False
    return None if any(one is None for one in said) else True


def one_of(said: Sequence[Said]) -> Said:
    """Whether one of them holds."""
    if any(said):
        return True
    return None if None in said else False


def names(given: Listed[Any], listed: Sequence[Any], wanted: str) -> Said:
    """Whether a list of numbers lets a call through; one that is not given always does."""
    if not given:
        return True
    if wanted and any(isinstance(one, str) and digits_of(one) == wanted for one in listed):
        return True
    untold = not given.certain or any(one is UNKNOWN for one in listed)
    return None if untold else False


def first(applies: Sequence[Week[Said]], routes: Sequence[Route], ranks: Sequence[int] = ()) -> Route:
    """The route of the rule that is for the call; the last route is that of calls for which no rule is.

    Rules with a higher rank come first. Of two with the same rank, nobody tells which comes first.
    """
    chosen = merged(applies, _Chosen(ranks or [0] * len(applies)))
    distinct = sorted(set(chosen.values))
    return by_time(chosen.map(distinct.index), [_any([routes[place] for place in places]) for places in distinct])


class _Chosen:
    """The rules that may be the one for the call, by their place; the last place is what comes without any."""

    def __init__(self, ranks: Sequence[int]) -> None:
        self._by_rank = [
            [place for place, rank in enumerate(ranks) if rank == one] for one in sorted(set(ranks), reverse=True)
        ]

    def __call__(self, *applies: Said) -> tuple[int, ...]:
        maybe: list[int] = []
        for places in self._by_rank:
            maybe += [place for place in places if applies[place] is not False]
            if any(applies[place] for place in places):
                return tuple(sorted(maybe))
        return (*sorted(maybe), len(applies))


def _any(routes: Sequence[Route]) -> Route:
    if len(routes) == 1:
        return routes[0]
    return Undecided("which of the extension's rules is for the call cannot be told", routes, ordered=False)


# Hours


def by_week(weekly: Any) -> Week[Said]:
    """The hours of each day; nothing when one of them cannot be read."""
    if not isinstance(weekly, dict):
        return Week.always(None)
    intervals = []
    for day, ranges in weekly.items():
        for one in ranges if isinstance(ranges, list) else [None]:
            within = _of_day(PeriodView(one if isinstance(one, dict) else {}))
            if day not in DAYS or within is None:
                return Week.always(None)
            start = DAYS.index(day) * DAY
            intervals.append((start + within[0], start + within[1]))
    return _inside(intervals)


def by_day(hours: PeriodView) -> Week[Said]:
    """The same hours on every day."""
    within = _of_day(hours)
    if within is None:
        return Week.always(None)
    return _inside([(start + within[0], start + within[1]) for start in range(0, MINUTES, DAY)])


def _inside(intervals: Sequence[tuple[int, int]]) -> Week[Said]:
    return Week.inside(intervals).map(lambda inside: inside)


def _of_day(hours: PeriodView) -> tuple[int, int] | None:
    begin, end = _minute(hours.begin), _minute(hours.end)
    return None if begin is None or end is None or begin >= end else (begin, end)


def _minute(time: Any) -> int | None:
    found = re.fullmatch(r"(\d\d):(\d\d)", time) if isinstance(time, str) else None
    return int(found[1]) * HOUR + int(found[2]) if found else None


Period: TypeAlias = tuple[datetime, datetime]
"""From one moment to another; the end is outside of it."""


def periods_in(rows: Iterable[PeriodView]) -> Iterator[Period]:
    """The single periods that can be read."""
    for one in rows:
        begin, end = moment_in(one.begin), moment_in(one.end)
        if begin is not None and end is not None:
            yield begin, end


def moment_in(said: object) -> datetime | None:
    """A moment as users write it; nothing when it cannot be read."""
    with suppress(ValueError):
        return datetime.fromisoformat(said) if isinstance(said, str) else None
    return None


def in_period(moment: datetime | None, period: Period) -> Said:
    """Whether a call comes in a single period; one without a moment comes in none."""
    if moment is None:
        return False
    start, end = period
    if start.tzinfo is None and end.tzinfo is None:
        return start <= moment.replace(tzinfo=None) < end
    if None in (start.tzinfo, end.tzinfo, moment.tzinfo):
        return None  # a time without a zone is in one that is not told
    return start <= moment < end


def edges(periods: Iterable[Period]) -> set[datetime]:
    """Where single periods begin and end: between two of these, nothing changes."""
    return {edge for period in periods for edge in period} - {datetime.min, datetime.max}
