"""Answering rules in the vendor's form and in ours.

The vendor echoes what it knows beside what was sent, drops plus signs, reorders lists, and fills in greetings: none of
that is the program's, and none of it is drift.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from ..client.answers import is_off, part, parts, text
from ..client.listings import Json
from ..lifecycle import references
from ..telephony.wire import on_the_wire
from .fields import number_there
from .rule_facts import FORWARD, RuleFacts
from .shapes import AnsweringRule, ForwardingStep

DEFAULT_RING_COUNT = 4

Values = dict[str, Any]


def sent(name: str, value: Any) -> Any:
    """The value of an argument in the vendor's form."""
    return _SENT[name](value) if name in _SENT else value


def readable(live: Json, extension: str) -> Json:
    """The vendor's rule with its lists in our form; ``extension`` is the id that its numbers lie under."""
    rule = dict(live)
    if isinstance(live.get("callers"), list):
        rule["callers"] = [_caller(one) for one in parts(live["callers"])]
    if isinstance(live.get("calledNumbers"), list):
        rule["calledNumbers"] = [number_there(one.get("phoneNumber")) for one in parts(live["calledNumbers"])]
    if isinstance(live.get("schedule"), dict):
        rule["schedule"] = _schedule(live["schedule"])
    if isinstance(live.get("greetings"), list):
        rule["greetings"] = [_greeting(one) for one in parts(live["greetings"])]
    if isinstance(live.get("forwarding"), dict):
        steps = [_step(one, place, extension) for place, one in enumerate(_by_index(live), 1)]
        rule["forwarding"] = {**live["forwarding"], "rules": steps}
    if live.get("screening") == "Never":  # the vendor's reference shows it where its contract says Off
        rule["screening"] = "Off"
    return rule


def without_echoes(value: Any) -> Any:
    """The vendor's own words as they are sent back: no addresses, and forwarding numbers by their id alone."""
    if isinstance(value, list):
        return [without_echoes(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: [{"id": one.get("id")} for one in parts(item)] if name == "forwardingNumbers" else without_echoes(item)
        for name, item in value.items()
        if name != "uri"
    }


def alike(name: str, there: Any, wanted: Any) -> bool:
    """Whether what is there means what is wanted."""
    form = _MEANING.get(name)
    if form is None or there is None or wanted is None:
        return bool(there == wanted)
    if name == "greetings":  # the vendor fills in the other ones
        return form(wanted).items() <= form(there).items()  # type: ignore[no-any-return]
    return bool(form(there) == form(wanted))


def rule_facts(live: AnsweringRule) -> RuleFacts:
    """What the safety rules ask of a rule in the vendor's form; what is absent has the vendor's default."""
    forwarding = part(live.get("forwarding"))
    steps = [(not is_off(one.get("enabled")), _numbers(one)) for one in parts(forwarding.get("rules"))]
    return RuleFacts(
        id=text(live.get("id")),
        name=text(live.get("name")) or text(live.get("id")),
        enabled=str(live.get("enabled", True)).lower() != "false",
        action=text(live.get("callHandlingAction")) or FORWARD,
        rings=[numbers for tried, numbers in steps if tried],
        idle=[numbers for tried, numbers in steps if not tried],
        soft_phones=not is_off(forwarding.get("notifyMySoftPhones")),
        voicemail=not is_off(part(live.get("voicemail")).get("enabled")),
        transfer_to=text(part(part(live.get("transfer")).get("extension")).get("id")),
        callers=frozenset(number_there(one.get("callerId")) for one in parts(live.get("callers"))),
        called_numbers=frozenset(number_there(one.get("phoneNumber")) for one in parts(live.get("calledNumbers"))),
        schedule=json.dumps(_schedule(part(live.get("schedule"))), sort_keys=True) if live.get("schedule") else "",
    )


def _numbers(step: ForwardingStep) -> tuple[str, ...]:
    return tuple(text(number.get("id")) for number in parts(step.get("forwardingNumbers")))


def _by_index(live: Json) -> list[Json]:
    return sorted(parts(live["forwarding"].get("rules")), key=lambda one: _whole(one.get("index")))


def _whole(value: Any) -> int:
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value)) else 0


def _step(one: Json, place: int, extension: str) -> Values:
    step: Values = {"numbers": [references.join(extension, number) for number in _numbers(cast(ForwardingStep, one))]}
    if one.get("index") not in (None, place):
        step["index"] = one["index"]
    if one.get("ringCount") not in (None, DEFAULT_RING_COUNT):
        step["ring_count"] = one["ringCount"]
    if one.get("enabled") is False:
        step["enabled"] = False
    return step


def _caller(one: Json) -> Values:
    caller: Values = {"caller_id": number_there(one.get("callerId"))}
    return {**caller, "name": one["name"]} if one.get("name") else caller


def _greeting(one: Json) -> Values:
    greeting: Values = {"type": one.get("type")}
    for ours, theirs in (("preset_id", one.get("preset") or one.get("prompt")), ("custom_id", one.get("custom"))):
        if theirs:
            greeting[ours] = str(part(theirs).get("id"))
    return greeting


def _schedule(schedule: Mapping[str, Any]) -> Values:
    """Without what is empty: a day without hours is a day that is left out."""
    weekly = {day: hours for day, hours in part(schedule.get("weeklyRanges")).items() if hours}
    form = {"weekly": weekly, "ranges": schedule.get("ranges"), "ref": schedule.get("ref")}
    return {name: value for name, value in form.items() if value}


def _sent_steps(steps: list[Values]) -> list[Json]:
    return [
        {
            "index": int(step.get("index", place)),
            "ringCount": int(step.get("ring_count", DEFAULT_RING_COUNT)),
            "enabled": step.get("enabled", True),
            "forwardingNumbers": [{"id": references.last(number)} for number in step["numbers"]],
        }
        for place, step in enumerate(steps, 1)
    ]


def _sent_schedule(schedule: Values) -> Json:
    names = {"weekly": "weeklyRanges", "ranges": "ranges", "ref": "ref"}
    return {names[name]: value for name, value in schedule.items()}


def _sent_caller(caller: Mapping[str, Any]) -> Json:
    body: Json = {"callerId": on_the_wire("ringex", "callerId", caller["caller_id"])}
    return {**body, "name": caller["name"]} if "name" in caller else body


def _sent_greeting(greeting: Mapping[str, Any]) -> Json:
    body: Json = {"type": greeting["type"]}
    for ours, theirs in (("preset_id", "preset"), ("custom_id", "custom")):
        if ours in greeting:
            body[theirs] = {"id": greeting[ours]}
    return body


_SENT: Mapping[str, Callable[[Any], Any]] = {
    "callers": lambda callers: [_sent_caller(one) for one in callers],
    "called_numbers": lambda numbers: [
        {"phoneNumber": on_the_wire("ringex", "phoneNumber", number)} for number in numbers
    ],
    "schedule": _sent_schedule,
    "forward_to": _sent_steps,
    "transfer_to": references.last,
    "voicemail_recipient_id": int,
    "greetings": lambda greetings: [_sent_greeting(one) for one in greetings],
}

_MEANING: Mapping[str, Callable[[Any], Any]] = {
    "callers": lambda callers: {(number_there(one["caller_id"]), one.get("name", "")) for one in callers},
    "called_numbers": lambda numbers: {number_there(number) for number in numbers},
    "schedule": lambda schedule: _schedule({"weeklyRanges": schedule.get("weekly"), **schedule}),
    "forward_to": lambda steps: sorted(
        (
            int(step.get("index", place)),
            int(step.get("ring_count", DEFAULT_RING_COUNT)),
            step.get("enabled", True),
            frozenset(references.last(number) for number in step["numbers"]),
        )
        for place, step in enumerate(steps, 1)
    ),
    "forward_all_to": number_there,
    "transfer_to": references.last,
    "greetings": lambda greetings: {one["type"]: (one.get("preset_id"), one.get("custom_id")) for one in greetings},
}
