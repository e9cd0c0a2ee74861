"""The path of one call: what it passes, with the resource behind each step, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ..errors import DeclarationError, SettingsError
from ..telephony.number import NotANumber, Number, digits_of
from . import extensions
from .conditions import edges
from .outcome import Outcome
from .route import Line, Route
from .routing import EXTENSION, Routing, subject_of
from .tracer import Call, Tracer
from .week import DAY, HOUR, in_words

_MOST_LINES = 1_000


@dataclass(frozen=True)
class Moment:
    """When a call comes."""

    time: datetime
    """On the clock of the zone, when there is one."""
    zone: str = ""
    """The zone in which the vendors' hours are taken to be; empty when nobody says."""

    @property
    def minute(self) -> int:
        """Of the week."""
        return self.time.weekday() * DAY + self.time.hour * HOUR + self.time.minute

    def __str__(self) -> str:
        said = f"{self.time:%a %Y-%m-%d %H:%M} {self.zone}".rstrip()
        return f"{said} ({'second' if self.time.fold else 'first'} of two)" if _twice(self.time) else said


@dataclass(frozen=True)
class Trace:
    """Where one call goes."""

    number: str
    lines: tuple[Line, ...]
    outcome: Outcome


def moment_of(at: str | None, zone: str | None) -> Moment:
    """When a call comes: ``2026-12-01 19:00`` in a zone such as ``America/Denver``; now by default.

    Raises :class:`SettingsError`.
    """
    zone = zone or ""
    try:
        tz = ZoneInfo(zone) if zone else None
    except (KeyError, OSError, ValueError):
        raise SettingsError(f"--tz: there is no time zone {zone!r}; write it like America/Denver") from None
    try:
        time = datetime.fromisoformat(at) if at else datetime.now(tz)
    except ValueError:
        raise SettingsError(f"--at: {at!r} is not a time; write it like '2026-12-01 19:00'") from None
    if time.tzinfo is not None and tz is None and at:
        raise SettingsError("--at has an offset; say with --tz in which zone the vendors' hours are")
    if time.tzinfo is None or tz is None:
        here = time.replace(tzinfo=tz)
        if tz is not None and _skipped(here):
            raise SettingsError(f"--at: there is no {time:%Y-%m-%d %H:%M} in {zone}, where clocks go forward over it")
        return Moment(here, zone)
    try:
        return Moment(time.astimezone(tz), zone)
    except OverflowError:
        raise SettingsError(f"--at: {at!r} is outside of all years that there are in {zone}") from None


def _skipped(time: datetime) -> bool:
    """Whether clocks never show it. At the ends of all years, nobody puts clocks forward."""
    try:
        return time.astimezone(UTC).astimezone(time.tzinfo).replace(tzinfo=None) != time.replace(tzinfo=None)
    except OverflowError:
        return False


def _twice(time: datetime) -> bool:
    """Whether clocks show it twice, because they go back."""
    return time.tzinfo is not None and time.utcoffset() != time.replace(fold=1 - time.fold).utcoffset()


def traced(routing: Routing, number: str, moment: Moment, caller: str = "") -> Trace | None:
    """The path of a call; nothing when the configuration does not know the number.

    Raises :class:`SettingsError` when the hour matters, and nobody says in which zone it is.
    """
    subject = subject_of(number)
    route = Tracer(routing, Call(digits_of(caller), moment.time)).route(number)
    if route is None or (subject.startswith(EXTENSION) and subject not in routing.subjects):
        return None
    if not moment.zone:
        _require_zone(routing, number, route, digits_of(caller))
    shown = routing.shown(subject) or number
    return Trace(shown, _cut(route.lines(moment.minute)), route.week.at(moment.minute))


def _cut(lines: Sequence[Line]) -> tuple[Line, ...]:
    """No more of a path than somebody reads: routes that part and meet again are drawn each time."""
    left = _MOST_LINES

    def cut(lines: Sequence[Line]) -> Iterator[Line]:
        nonlocal left
        for line in lines:
            left -= 1
            if left < 0:
                yield Line(f"and so on: it has more than {_MOST_LINES} lines")
                return
            yield replace(line, lines=tuple(cut(line.lines)))

    return tuple(cut(lines))


def _require_zone(routing: Routing, number: str, route: Route, caller: str) -> None:
    how = "say which with --tz, such as America/Denver"
    if not route.week.constant:
        spans = [(start, end) for start, end, _ in route.week.spans]
        raise SettingsError(
            f"where calls to {number} go depends on the hour (it changes at {_changes(spans)}), and the vendors do not "
            f"document in which time zone they read hours: {how}"
        )
    passed = {key[1] for key in route.passes if key[0] == "extension"}
    found = sorted(edges(period for period, *_ in extensions.periods(routing, passed)), key=str)
    routes = (Tracer(routing, Call(caller, edge)).route(number) for edge in found)
    if any(there is not None and there.week != route.week for there in routes):
        some = ", ".join(f"{edge:%Y-%m-%d %H:%M}" for edge in found[:4])
        raise SettingsError(
            f"where calls to {number} go depends on single periods (which begin and end at {some}), and their time "
            f"zone has to be known: {how}"
        )


def number_of(given: str) -> str:
    """A number as somebody types it. Raises :class:`DeclarationError` when it can be none."""
    subject = subject_of(given)
    if subject.startswith(EXTENSION):
        return subject
    if given.isascii() and given.isdigit():
        return given  # of an extension, of a number inside a vendor's network, or as vendors write any number
    try:
        return Number.parse(given)
    except NotANumber as error:
        with suppress(NotANumber):
            if "+" not in given:
                return Number.parse(given, internal=True)
        if not any(map(str.isdigit, given)):
            example = "write it like +13035551234, or 8000 for an extension"
            raise DeclarationError(f"{given!r} is not a number; {example}") from None
        raise DeclarationError(str(error)) from None


def why_not_found(given: str) -> str:
    """What may be wrong with a number that nothing here has, to go on with; empty when nothing is."""
    if not re.fullmatch(r"[0-9]{7,}", given):
        return ""
    try:
        Number.parse(given)
    except NotANumber as error:
        return f". As a telephone number, {error}"
    return ""


def _changes(spans: Sequence[tuple[int, int]]) -> str:
    return ", ".join(dict.fromkeys(in_words([span]).split("-")[0] for span in spans[1:4]))
