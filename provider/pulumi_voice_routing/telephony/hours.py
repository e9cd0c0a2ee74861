"""Times of day and moments as programs write them, read strictly; and the hours between two of them.

A time that is written in another way is refused with the way that it should have been written. Hours over midnight are
two rows, because the vendors keep hours day by day and do not say what an end before its beginning would mean.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIDNIGHT, END_OF_DAY = "00:00", "24:00"

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_OTHERWISE = re.compile(r"(\d{1,2})(?:[:.h ]?([0-5]\d))?(?::[0-5]\d)?\s*([ap])?\.?m?\.?", re.IGNORECASE | re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def time_of_day(text: str) -> str:
    """A time of day, ``hh:mm``, to ``24:00``. Raises ``ValueError`` with the way to write it."""
    if _TIME.fullmatch(text):
        return text
    meant = _meant(text.strip())
    if two := hours_meant(text):
        raise ValueError(f"{text!r} is two times, of which one stands here: {two}")
    raise ValueError(
        f"{text!r} is not written hh:mm; write {meant}" if meant else f"{text!r} is no time of day; write it like 09:00"
    )


def hours_meant(text: str) -> str:
    """The row that hours in one text such as ``8-17`` are written as; empty when it holds no two times."""
    start, between, end = text.strip().replace("\u2013", "-").partition("-")
    if not between or not (_meant(start.strip()) and _meant(end.strip())):
        return ""
    return f'{{"from": "{_meant(start.strip())}", "to": "{_meant(end.strip())}"}}'


def _meant(text: str) -> str:
    found = _OTHERWISE.fullmatch(text)
    if not found:
        return ""
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    written = f"{hour:02}:{minute:02}"
    return written if _TIME.fullmatch(written) else ""


def moment(text: str) -> str:
    """A moment in ISO 8601. Raises ``ValueError`` with the way to write it."""
    if not _MOMENT.fullmatch(text):
        meant = f"{text}T00:00:00Z" if _DAY.fullmatch(text) else "like 2030-12-24T18:00:00Z"
        raise ValueError(f"{text!r} is no day and time of ISO 8601; write {meant}")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar or on the clock") from None
    return text


def wrong_in_week(weekly: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the hours of a week: the place, such as ``monday[0]``, and why.

    What is not known yet, or has no form, is passed over.
    """
    for day, rows in weekly.items():
        for place, row in enumerate(rows if isinstance(rows, Sequence) else []):
            start, end = _ends(row)
            if start and end:
                why = _why_no_hours(day, start, end)
                if why:
                    yield f"{day}[{place}]", why


def overlaps_in_week(weekly: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Hours of one day that share a minute: the place of the later ones, and why that will not do."""
    for day, rows in weekly.items():
        those = [(*_ends(row), place) for place, row in enumerate(rows if isinstance(rows, Sequence) else [])]
        known = sorted(one for one in those if one[0] and one[1])
        for (_, end, _), (start, _, place) in itertools.pairwise(known):
            if start < end:
                yield (
                    f"{day}[{place}]",
                    f"begins at {start}, before the hours from earlier on end at {end}",
                )


def _ends(row: Any) -> tuple[str, str]:
    ends = [row.get(name) if isinstance(row, Mapping) else None for name in ("from", "to")]
    start, end = (one if isinstance(one, str) else "" for one in ends)
    return start, end


def _why_no_hours(day: str, start: str, end: str) -> str:
    if start < end:
        return ""
    if end == MIDNIGHT:
        return f'{start} to 00:00 ends before it begins; write {{"from": "{start}", "to": "24:00"}}'
    if start == end:
        return f"{start} to {end} lasts no time; the whole day is 00:00 to 24:00"
    if start == END_OF_DAY:
        return "24:00 is the end of the day; the next day begins at 00:00"
    if day not in DAYS:
        return (
            f"{start} to {end} goes over midnight, and hours are kept day by day; write weekly, with two rows for each "
            f'day: {{"from": "00:00", "to": "{end}"}} and {{"from": "{start}", "to": "24:00"}}'
        )
    after = DAYS[(DAYS.index(day) + 1) % len(DAYS)]
    return (
        f"{start} to {end} goes over midnight, and hours are kept day by day; write two rows: "
        f'{day} {{"from": "{start}", "to": "24:00"}} and {after} {{"from": "00:00", "to": "{end}"}}'
    )


def why_no_period(start: Any, end: Any) -> str:
    """Why two moments make no stretch of time; empty when they do, or when they are not known."""
    if not (isinstance(start, str) and isinstance(end, str)):
        return ""
    begins, ends = datetime.fromisoformat(start), datetime.fromisoformat(end)
    if (begins.tzinfo is None) != (ends.tzinfo is None):
        return "one of the two has a time zone and the other has none"
    return "" if begins < ends else f"it ends at {end}, which is not after {start}"
