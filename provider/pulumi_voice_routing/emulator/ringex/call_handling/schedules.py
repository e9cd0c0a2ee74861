"""Schedules: what is refused in one, how it is kept, and whether it leaves any hours over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ...problems import invalid
from ...routing import Call
from ...schema import Record
from .shapes import DAYS

ALWAYS: Record = {"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}
OFFICE_HOURS: Record = {
    "triggerType": "Weekly",
    "ranges": {day: [{"startTime": "09:00:00", "endTime": "18:00:00"}] for day in DAYS[:5]},
}


def condition(*triggers: Record) -> Record:
    """A condition of these triggers."""
    return {"type": "Schedule", "schedule": {"triggers": list(triggers)}}


def is_always(conditions: list[Record]) -> bool:
    """Whether a schedule takes in every hour: then there are no hours after it."""
    return conditions == [condition(ALWAYS)]


def kept(call: Call, schedule: Record) -> Record:
    """The schedule of a request as it is kept: offsets are dropped, ranges have both ends. Refuses empty windows."""
    result: Record = {name: _local(schedule[name]) for name in ("startDateTime", "endDateTime") if name in schedule}
    if len(result) == 2:
        _in_order("schedule", result["startDateTime"], result["endDateTime"])
    if "triggers" in schedule:
        result |= {"triggers": [_trigger(call, trigger) for trigger in schedule["triggers"]]}
    if not result:
        raise invalid("schedule", "must say when")
    return result


def _trigger(call: Call, trigger: Record) -> Record:
    match trigger["triggerType"]:
        case "Daily":
            _in_order("startTime", trigger["startTime"], trigger["endTime"])
            return trigger
        case "Weekly":
            for window in (window for windows in trigger["ranges"].values() for window in windows):
                _in_order("startTime", window["startTime"], window["endTime"])
            return _daily(trigger) if call.world.switches.daily_for_equal_days else trigger
        case _:
            return trigger | {"ranges": list(_ranges(call, trigger["ranges"]))}


def _ranges(call: Call, ranges: list[Record]) -> Iterator[Record]:
    now = datetime.fromtimestamp(call.world.clock.seconds(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for one in ranges:
        start, end = _local(one.get("startDateTime", now)), _local(one["endDateTime"])
        _in_order("startDateTime", start, end)
        yield {"startDateTime": start, "endDateTime": end}


def _daily(trigger: Record) -> Record:
    """The same window on all seven days as one."""
    windows = [trigger["ranges"].get(day) for day in DAYS]
    if all(window == windows[0] for window in windows) and windows[0] and len(windows[0]) == 1:
        return {"triggerType": "Daily", **windows[0][0]}
    return trigger


def _local(moment: str) -> str:
    """Offsets are dropped, not converted: the user's own time zone counts."""
    return re.sub(r"(Z|[+-]\d\d:\d\d)$", "", moment)


def _in_order(attribute: str, start: str, end: str) -> None:
    if start >= end:
        raise invalid(attribute, "must be before the end; a window over midnight is written as two", start)
