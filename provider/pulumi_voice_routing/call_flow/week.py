"""Values that change with the time of the week: one value for each minute, kept as intervals."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

HOUR = 60
DAY = 24 * HOUR
MINUTES = 7 * DAY
"""Minutes of a week. Minute 0 is Monday, 00:00."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Week(Generic[T]):
    """A value for each minute of the week, as the minutes at which it changes.

    Equal values beside each other are one, so that two weeks are equal when all their minutes are.
    """

    starts: tuple[int, ...]
    values: tuple[T, ...]

    @classmethod
    def always(cls, value: T) -> Week[T]:
        """The same at all times."""
        return cls((0,), (value,))

    @classmethod
    def by_start(cls, values: Mapping[int, T]) -> Week[T]:
        """From the minute at which each value begins; there is one for minute 0."""
        runs: list[tuple[int, T]] = []
        for start in sorted(values):
            value = values[start]
            # What is the same object is equal, and that is much quicker to tell.
            if not runs or not (runs[-1][1] is value or runs[-1][1] == value):
                runs.append((start, value))
        return cls(tuple(start for start, _ in runs), tuple(value for _, value in runs))

    @classmethod
    def by_hour(cls, values: Sequence[T]) -> Week[T]:
        """From the values of the 24 hours, the same on every day."""
        return cls.by_start({day * DAY + hour * HOUR: value for day in range(7) for hour, value in enumerate(values)})

    @classmethod
    def by_day(cls, values: Sequence[T]) -> Week[T]:
        """From the values of the seven days, Monday first."""
        return cls.by_start({day * DAY: value for day, value in enumerate(values)})

    @staticmethod
    def inside(intervals: Sequence[tuple[int, int]]) -> Week[bool]:
        """Whether a minute lies in one of the intervals, whose ends are outside of them."""
        edges = {0, *(minute for interval in intervals for minute in interval if minute < MINUTES)}
        return Week.by_start({edge: any(start <= edge < end for start, end in intervals) for edge in edges})

    def at(self, minute: int) -> T:
        """The value of a minute, 0 to 10,079."""
        return self.values[bisect_right(self.starts, minute) - 1]

    @property
    def constant(self) -> bool:
        """Whether it never changes."""
        return len(self.values) == 1

    @cached_property
    def spans(self) -> tuple[tuple[int, int, T], ...]:
        """Start, end and value of each interval; the end is the next one's start."""
        return tuple(zip(self.starts, (*self.starts[1:], MINUTES), self.values, strict=True))

    def map(self, change: Callable[[T], U]) -> Week[U]:
        """Another value for each value."""
        return Week.by_start({start: change(value) for start, _, value in self.spans})


def merged(weeks: Sequence[Week[Any]], value: Callable[..., U]) -> Week[U]:
    """The value that all weeks together make at each minute."""
    if all(week.constant for week in weeks):
        return Week.always(value(*(week.values[0] for week in weeks)))
    different = list({id(week): week for week in weeks if not week.constant}.values())  # many are one and the same
    places = {id(week): place for place, week in enumerate(different)}
    edges = tuple(sorted({0, *(start for week in different for start in week.starts)}))
    made: dict[tuple[int, ...], U] = {}  # most weeks hold a few values again and again
    found: dict[int, U] = {}
    for edge, *here in zip(edges, *(_at_each(week, edges) for week in different), strict=True):
        key = tuple(map(id, here))
        if key not in made:
            made[key] = value(*(week.values[0] if week.constant else here[places[id(week)]] for week in weeks))
        found[edge] = made[key]
    return Week.by_start(found)


def _at_each(week: Week[T], edges: tuple[int, ...]) -> Sequence[T]:
    """The values at some minutes."""
    return week.values if week.starts == edges else [week.at(edge) for edge in edges]


def in_words(intervals: Sequence[tuple[int, int]]) -> str:
    """Intervals of the week, for people: ``Mon-Fri 09:00-17:00, Sat 10:00-12:00``."""
    return _in_words(tuple(intervals))


@cache
def _in_words(intervals: tuple[tuple[int, int], ...]) -> str:
    if intervals == ((0, MINUTES),):
        return "always"
    by_hours: dict[tuple[str, ...], list[int]] = {}
    for day in range(7):
        hours = tuple(_hours_of_day(intervals, day))
        if hours:
            by_hours.setdefault(hours, []).append(day)
    return ", ".join(f"{_days(days)} {' and '.join(hours)}" for hours, days in by_hours.items())


def _hours_of_day(intervals: Sequence[tuple[int, int]], day: int) -> Iterator[str]:
    first, last = day * DAY, (day + 1) * DAY
    for start, end in intervals:
        low, high = max(start, first) - first, min(end, last) - first
        if low < high:
            yield f"{clock(low)}-{clock(high)}"


def clock(minute: int) -> str:
    """A minute of a day, ``09:30``; the end of the day is ``24:00``."""
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def _days(days: Sequence[int]) -> str:
    if len(days) == 7:
        return "every day"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return " and ".join(_run(run) for run in runs)


def _run(run: Sequence[int]) -> str:
    first, last = (DAYS[day][:3].capitalize() for day in (run[0], run[-1]))
    return first if len(run) == 1 else f"{first}-{last}"
