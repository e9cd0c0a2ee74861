"""Where calls would come to that did not come there before: what nobody has looked at may lie behind that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..plan.facts import Resource
from ..ringcx.cloud_routing.views import DestinationView
from .extensions import OWN_RULES, UNTOLD_TELEPHONE
from .impact import Impact
from .judgement import untold
from .outcome import Outcome
from .profiles import IS_OFF
from .route import Line
from .routing import EXTENSION, subject_of

_EVERY_HOUR = range(0, 24 * 60, 60)
"""Shares by the hour are the same every day."""


def first_called(impact: Impact) -> list[Resource]:
    """The destinations to which calls of some number would come in an hour in which none came before."""
    changes = {(subject_of(one.number), one.call): one.changes for one in impact.numbers()}
    hours = _EVERY_HOUR if impact.before.hours or impact.after.hours else (0,)
    found: dict[str, Resource] = {}
    for digits in impact.subjects:
        for call, _ in impact.calls(digits):
            starts = [one.intervals[0][0] for one in changes.get((digits, call), ())]
            for minute in (*hours, *starts):
                lines = (route.lines(minute) if route else () for route in impact.routes(digits, call))
                was, now = (dict(_passed(side)) for side in lines)
                found |= {urn: one for urn, one in now.items() if urn not in was}
    return list(found.values())


def _passed(lines: Iterable[Line]) -> Iterator[tuple[str, Resource]]:
    """The destinations that take calls on the way, by URN."""
    for line in lines:
        one = line.resource
        if one is not None and one.type == DestinationView.token and not line.what.endswith(IS_OFF):
            yield one.urn, one
        yield from _passed(line.lines)


def left_to_more(impact: Impact) -> set[str]:
    """What would decide about calls and is not known, and did not before: own rules of an extension, or a telephone
    whose number nobody has said."""
    changes = [change for one in impact.numbers() for change in one.changes]
    return {one for change in changes for one in _left(change.after) - _left(change.before)}


def first_ends(impact: Impact) -> set[str]:
    """The numbers and SIP addresses at which calls would end and did not before, as far as anybody here knows."""
    changes = [change for one in impact.numbers() for change in one.changes]
    return {to for one in changes for to in set(_dialled(one.after)) - set(_dialled(one.before))}


def _dialled(outcome: Outcome) -> Iterator[str]:
    for end, _ in outcome.shares:
        if end.kind in ("number", "sip"):
            yield end.what
        for inner in (*end.options, *([end.otherwise] if end.otherwise is not None else [])):
            yield from _dialled(inner)


def told_less(impact: Impact) -> set[str]:
    """The URNs of the resources that decide about calls of which less could be told than before."""
    return {
        urn
        for one in impact.numbers()
        for change in one.changes
        if untold(change.after) > untold(change.before)
        for urn in impact.passed(one.number, one.call, change.intervals[0][0])
    }


def _left(outcome: Outcome) -> frozenset[str]:
    found: set[str] = set()
    for end, _ in outcome.shares:
        if end.what in OWN_RULES:
            found.add(f"{EXTENSION}{end.basis}")
        elif end.kind == "extension" and UNTOLD_TELEPHONE in end.what:
            found.add(UNTOLD_TELEPHONE)
        for inner in (*end.options, *([end.otherwise] if end.otherwise is not None else [])):
            found |= _left(inner)
    return frozenset(found)
