"""The conditions of states and interaction rules, in the vendor's form and in ours.

The same hours on seven days may come back as hours of every day; a window that ends at 23:59:59 ends with the day, and
one that ends at 17:59:59 at 18:00.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..client.answers import part, parts, without_nulls
from ..client.listings import Json
from ..telephony.hours import DAYS, END_OF_DAY
from ..telephony.number import as_declared, same_number
from .fields import number_there

Values = dict[str, Any]
ALWAYS = {"daily": {"from": "00:00", "to": END_OF_DAY}}
"""Around the clock."""
_LAST_SECOND = "23:59:59"
_LAST_OF_MINUTE = re.compile(r"(\d\d):(\d\d):59", re.ASCII)
_BOUNDS = {"starts": "startDateTime", "ends": "endDateTime"}
_TIMES, _MOMENTS = ("startTime", "endTime"), ("startDateTime", "endDateTime")


# From the vendor


def readable(conditions: Any) -> Values:
    """The conditions by what they are about."""
    form: Values = {}
    for one in parts(conditions):
        if one.get("type") == "Interaction":
            form["from"] = [_caller(caller) for caller in parts(one.get("from"))]
            form["to"] = [_called(number) for number in one.get("to") or []]
        elif one.get("type") == "Schedule":
            form["schedule"] = readable_schedule(part(one.get("schedule")))
        elif one.get("type") == "State":
            form["state"] = part(one.get("state")).get("id")
    return {name: value for name, value in form.items() if value}


def readable_schedule(schedule: Json) -> Values:
    """A schedule in our form. Several triggers of one kind are all of their hours."""
    triggers = parts(schedule.get("triggers"))
    form: Values = {}
    daily = [_window(one) for one in triggers if one.get("triggerType") == "Daily"]
    weeks = [part(one.get("ranges")) for one in triggers if one.get("triggerType") == "Weekly"]
    if len(daily) == 1:
        form["daily"] = daily[0]
    if weeks or len(daily) > 1:
        every_day = daily if len(daily) > 1 else []
        week = {day: [*every_day, *(_window(one) for each in weeks for one in parts(each.get(day)))] for day in DAYS}
        form["weekly"] = {day: hours for day, hours in week.items() if hours}
    ranges = [one for trigger in triggers if trigger.get("triggerType") == "Range" for one in _periods(trigger)]
    if ranges:
        form["ranges"] = ranges
    for ours, theirs in _BOUNDS.items():
        if schedule.get(theirs):
            form[ours] = _local(schedule[theirs])
    return form


def alike(name: str, there: Any, wanted: Any) -> bool | None:
    """Whether what is there means what is wanted; nothing when the field is none of these."""
    if there is None or wanted is None:
        return None
    if name == "callers":
        return _callers(there) == _callers(wanted)
    if name == "called_numbers":
        return {number_there(one) for one in there} == {number_there(one) for one in wanted}
    if name == "schedule":
        return _meaning(there) == _meaning(wanted)
    return None


def _caller(one: Json) -> Values:
    number, name = as_declared(str(one.get("phoneNumber"))), one.get("name")
    return {"caller_id": number, "name": name} if name and not same_number(name, number) else {"caller_id": number}


def _called(number: Any) -> str:
    return as_declared(str(number.get("phoneNumber") if isinstance(number, dict) else number))


def _window(one: Json) -> Values:
    return {"from": _clock(one.get("startTime")), "to": _until(one.get("endTime"))}


def _periods(trigger: Json) -> list[Values]:
    ends = [(_local(one.get("startDateTime")), _local(one.get("endDateTime"))) for one in parts(trigger.get("ranges"))]
    return [{"from": start, "to": end} for start, end in ends]


def _clock(time: Any) -> str:
    return _padded(time).removesuffix(":00")


def _until(time: Any) -> str:
    """The last second of a minute is its end, as 23:59:59 is that of the day."""
    if not (found := _LAST_OF_MINUTE.fullmatch(_padded(time))):
        return _clock(time)
    hours, minutes = divmod(int(found[1]) * 60 + int(found[2]) + 1, 60)
    return f"{hours:02}:{minutes:02}"


def _padded(time: Any) -> str:
    return str(time).rjust(8, "0")


def _local(moment: Any) -> str:
    return re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", "", str(moment))


def _callers(callers: Any) -> set[tuple[str, str]]:
    return {(number_there(one["caller_id"]), one.get("name", "")) for one in callers}


def _meaning(schedule: Mapping[str, Any]) -> Values:
    """The same hours have one meaning, however they are written."""
    form = {name: value for name, value in schedule.items() if value}
    if {"daily", "weekly"} & form.keys():
        every_day, week = [form.pop("daily")] if "daily" in form else [], form.pop("weekly", {})
        hours = {day: sorted(map(_ends, [*every_day, *week.get(day, [])])) for day in DAYS}
        form |= {day: rows for day, rows in hours.items() if rows}
    if "ranges" in form:
        form["ranges"] = sorted(map(_ends, form["ranges"]))
    return form


def _ends(window: Mapping[str, str]) -> tuple[str, str]:
    return window["from"], window["to"]


def is_always(schedule: Mapping[str, Any]) -> bool:
    """Whether no hours are left over."""
    return _meaning(schedule) == _meaning(ALWAYS)


# To the vendor


def laid_over(conditions: Any, wanted: Values) -> list[Json]:
    """All conditions, the wanted ones in the place of those that are there."""
    present = {str(one["type"]): one for one in sendable(conditions)}
    numbers = {name: wanted[name] for name in ("callers", "called_numbers") if name in wanted}
    if numbers:
        there = readable([present.get("Interaction", {})])
        callers = numbers.get("callers") if "callers" in numbers else there.get("from")
        called = numbers.get("called_numbers") if "called_numbers" in numbers else there.get("to")
        present["Interaction"] = _sent_interaction(callers or [], called or [])
        if not callers and not called:
            del present["Interaction"]
    if "schedule" in wanted:
        present["Schedule"] = {"type": "Schedule", "schedule": sent_schedule(wanted["schedule"])}
    if "state" in wanted:
        present["State"] = {"type": "State", "state": {"id": wanted["state"]}}
    return list(present.values())


def sendable(conditions: Any) -> list[Json]:
    """Conditions as they were read, in the form in which they can be sent back."""
    return [_sendable(one) for one in parts(without_nulls(conditions))]


def _sendable(one: Json) -> Json:
    if one.get("type") == "Interaction":
        form = readable([one])
        return _sent_interaction(form.get("from", []), form.get("to", []))
    if one.get("type") == "State":
        return {"type": "State", "state": {"id": part(one.get("state")).get("id")}}
    return {name: _with_times(value) for name, value in one.items()}


def _with_times(there: Any) -> Any:
    """The same with times of day in full, and moments without a zone, which the vendor would drop."""
    if isinstance(there, list):
        return [_with_times(one) for one in there]
    if not isinstance(there, dict):
        return there
    written = dict.fromkeys(_TIMES, _padded) | dict.fromkeys(_MOMENTS, _local)
    return {name: written.get(name, _with_times)(value) for name, value in there.items()}


def _sent_interaction(callers: Sequence[Values], called: Sequence[Any]) -> Json:
    return {
        "type": "Interaction",
        "from": [_sent_caller(one) for one in callers],
        "to": [str(one) for one in called],
    }


def _sent_caller(one: Values) -> Json:
    number = str(one["caller_id"])
    return {"phoneNumber": number, "name": one.get("name") or number}  # without a name the vendor takes none


def sent_schedule(schedule: Mapping[str, Any]) -> Json:
    """A schedule as it is sent."""
    triggers: list[Json] = []
    if "daily" in schedule:
        triggers.append({"triggerType": "Daily", **_sent_window(schedule["daily"])})
    if "weekly" in schedule:
        days = {day: [_sent_window(one) for one in hours] for day, hours in schedule["weekly"].items() if hours}
        triggers.append({"triggerType": "Weekly", "ranges": days})
    if "ranges" in schedule:
        ranges = [{"startDateTime": one["from"], "endDateTime": one["to"]} for one in schedule["ranges"]]
        triggers.append({"triggerType": "Range", "ranges": ranges})
    body: Json = {"triggers": triggers} if triggers else {}
    for ours, theirs in _BOUNDS.items():
        if ours in schedule:
            body[theirs] = schedule[ours]
    return body


def _sent_window(hours: Mapping[str, str]) -> Json:
    ends = (_LAST_SECOND if hours["to"] == END_OF_DAY else f"{hours['to']}:00", f"{hours['from']}:00")
    return {"startTime": ends[1], "endTime": ends[0]}
