"""The ways through the answering rules of RingEX extensions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..lifecycle import references
from ..plan.facts import FORWARDING_NUMBER, UNKNOWN, Resource
from ..ringex.rule_facts import FORWARD, TRANSFER
from .outcome import End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Rings,
    Step,
    Stop,
    Undecided,
    Via,
    Way,
    by_time,
    nobody,
    not_known_yet,
)
from .routing import World, digits_of
from .week import DAY, DAYS, HOUR, Week, merged

if TYPE_CHECKING:
    from .tracer import Walker

UNNAMED = "unnamed"
"""A number of the extension that no rule names."""


def way(walk: Walker, extension: str, called: str, behind: frozenset[Key]) -> Way:
    """The way of a call to an extension; ``called`` is the number that was dialled, empty after a transfer."""
    key = ("extension", extension, called)
    step = Step(f"extension {extension}")
    return walk.once(key, behind, lambda on: Via(step, _rules(walk, extension, called, on), key))


def callers(world: World, extensions: Iterable[str]) -> set[str]:
    """The callers that rules of these extensions name, as digits."""
    return {
        digits_of(str(row.get("caller_id")))
        for extension in extensions
        for rule in world.custom_rules.get(extension, [])
        for row in rule.rows("callers")
    }


def moments(world: World, extensions: Iterable[str]) -> set[datetime]:
    """Where the single periods begin and end that rules of these extensions name: between two of these, nothing
    changes."""
    return {
        moment
        for extension in extensions
        for rule in world.custom_rules.get(extension, [])
        for period in _periods(rule)
        for moment in period
    }


def _rules(walk: Walker, extension: str, called: str, behind: frozenset[Key]) -> Way:
    """The rule that is for the call, and else what the extension does in its own hours."""
    custom = walk.world.custom_rules.get(extension, [])
    usual = _usual(walk, extension, behind)
    if not custom:
        return usual
    ways = [*(_rule(walk, rule, extension, behind) for rule in custom), usual]
    applies = [_applies(walk, rule, called) for rule in custom]
    chosen = merged(applies, _chosen)
    distinct = sorted(set(chosen.values))
    choices = [_one_of([ways[place] for place in places]) for places in distinct]
    return by_time(chosen.map(distinct.index), choices)


def _chosen(*applies: bool | None) -> tuple[int, ...]:
    """The rules that may be the one for the call, by their place; the last place is what comes without any."""
    certain = any(one is True for one in applies)
    maybe = [place for place, one in enumerate(applies) if one is not False]
    return tuple(maybe) if certain else (*maybe, len(applies))


def _one_of(ways: Sequence[Way]) -> Way:
    if len(ways) == 1:
        return ways[0]
    return Undecided("which of the extension's rules is for the call cannot be told", ways, ordered=False)


def _usual(walk: Walker, extension: str, behind: frozenset[Key]) -> Way:
    """The built-in rules. When the extension is open is set in the portal."""
    there = {str(one.get("rule")): one for one in walk.world.built_in_rules.get(extension, [])}
    ways = [_built_in(walk, there.get(name), name, extension, behind) for name in ("business-hours", "after-hours")]
    return Undecided(f"the business hours of the extension are {NOT_DECLARED}", ways, basis=extension)


def _built_in(walk: Walker, rule: Resource | None, name: str, extension: str, behind: frozenset[Key]) -> Way:
    hours = name.replace("-", " ")
    if rule is None:
        return Stop(unknown(f"what the extension does in its {hours} is {NOT_DECLARED}", extension))
    if rule.get("enabled") is False:
        reason = "what becomes of calls whose built-in rule is disabled is not documented"
        return Via(Step(f"answering rule {name!r} is disabled", rule), Stop(unknown(reason, extension)))
    on = _rule(walk, rule, extension, behind)
    if rule.get("enabled") is UNKNOWN:
        return Undecided(f"whether the rule for {hours} is enabled is {NOT_KNOWN_YET}", [on], more=True)
    return on


# When a rule is for a call


def _applies(walk: Walker, rule: Resource, called: str) -> Week[bool | None]:
    """Whether it is for the call; nothing where that cannot be told."""
    caller = _any_of(rule.get("callers"), [row.get("caller_id") for row in rule.rows("callers")], walk.call.caller)
    numbers = rule.get("called_numbers")
    number: bool | None = True
    if numbers:
        listed = numbers if isinstance(numbers, list) else [UNKNOWN]
        number = _any_of(numbers, listed, called) if called else None
    enabled = {False: False, UNKNOWN: None}.get(rule.get("enabled"), True)
    hours = _hours(walk, rule)
    return hours.map(lambda open_: _all_of(enabled, caller, number, open_))


def _all_of(*said: bool | None) -> bool | None:
    if any(one is False for one in said):
        return False
    return None if any(one is None for one in said) else True


def _any_of(given: Any, listed: Sequence[Any], wanted: str) -> bool | None:
    """Whether a condition holds; one that is not given always does."""
    if not given:
        return True
    if wanted and any(isinstance(one, str) and digits_of(one) == wanted for one in listed):
        return True
    untold = given is UNKNOWN or any(one is UNKNOWN for one in listed) or len(listed) < len(given)
    return None if untold else False


def _hours(walk: Walker, rule: Resource) -> Week[bool | None]:
    schedule = rule.get("schedule")
    if not schedule and schedule is not UNKNOWN:
        return Week.always(True)
    if not isinstance(schedule, dict) or schedule.get("ref"):
        return Week.always(None)
    if schedule.get("ranges"):
        periods = list(_periods(rule))
        if len(periods) < len(schedule["ranges"]):
            return Week.always(None)
        return Week.always(_all_of_none([_in_period(walk.call.moment, period) for period in periods]))
    return _weekly(schedule.get("weekly"))


def _all_of_none(said: Sequence[bool | None]) -> bool | None:
    """Whether one of them holds."""
    if any(said):
        return True
    return None if None in said else False


def _weekly(weekly: Any) -> Week[bool | None]:
    if not isinstance(weekly, dict):
        return Week.always(None)
    intervals = []
    for day, ranges in weekly.items():
        for one in ranges if isinstance(ranges, list) else [None]:
            times = [_minute(one.get(name)) for name in ("from", "to")] if isinstance(one, dict) else [None, None]
            if day not in DAYS or times[0] is None or times[1] is None or times[0] >= times[1]:
                return Week.always(None)
            start = DAYS.index(day) * DAY
            intervals.append((start + times[0], start + times[1]))
    return Week.inside(intervals).map(lambda inside: inside)


def _minute(time: Any) -> int | None:
    found = re.fullmatch(r"(\d\d):(\d\d)", time) if isinstance(time, str) else None
    return int(found[1]) * HOUR + int(found[2]) if found else None


def _periods(rule: Resource) -> Iterator[tuple[datetime, datetime]]:
    """The single periods that can be read."""
    schedule = rule.get("schedule")
    ranges = schedule.get("ranges") if isinstance(schedule, dict) else None
    for one in ranges if isinstance(ranges, list) else []:
        if isinstance(one, dict) and isinstance(one.get("from"), str) and isinstance(one.get("to"), str):
            with suppress(ValueError):
                yield datetime.fromisoformat(one["from"]), datetime.fromisoformat(one["to"])


def _in_period(moment: datetime | None, period: tuple[datetime, datetime]) -> bool | None:
    if moment is None:
        return False
    start, end = period
    if start.tzinfo is None and end.tzinfo is None:
        return start <= moment.replace(tzinfo=None) < end
    if None in (start.tzinfo, end.tzinfo, moment.tzinfo):
        return None  # a time without a zone is in one that is not told
    return start <= moment < end


# What a rule does


def _rule(walk: Walker, rule: Resource, extension: str, behind: frozenset[Key]) -> Way:
    name = rule.get("rule") or rule.called
    step = Step(f"answering rule {name!r}", rule)
    action = rule.get("action")
    if action is None and walk.world.fresh(walk.world.facts.thing(rule)):
        action = FORWARD
    if action is None:
        return Via(step, Stop(unknown(f"what the rule does is {NOT_DECLARED}", rule.id)))
    if action is UNKNOWN:
        return Via(step, not_known_yet())
    return Via(step, _action(walk, str(action), rule, extension, behind))


def _action(walk: Walker, action: str, rule: Resource, extension: str, behind: frozenset[Key]) -> Way:
    if action == FORWARD:
        return _forward(walk, rule, extension)
    if action == "UnconditionalForwarding":
        return walk.number(rule.get("forward_all_to"), behind)
    if action == TRANSFER:
        to = rule.get("transfer_to")
        return way(walk, references.last(to), "", behind) if isinstance(to, str) else not_known_yet()
    if action == "TakeMessagesOnly":
        return _voicemail(rule, extension)
    if action == "PlayAnnouncementOnly":
        return Stop(End("announcement", f"of extension {extension}"))
    if action == "AgentQueue":
        return Stop(End("queue", f"of extension {extension}"))
    if action == "SharedLines":
        return Stop(End("extension", f"the shared lines of extension {extension}"))
    return Stop(unknown(f"what {action} does is not documented", extension))


def _voicemail(rule: Resource, extension: str) -> Way:
    of = rule.get("voicemail_recipient_id")
    return not_known_yet() if of is UNKNOWN else Stop(End("voicemail", f"extension {of or extension}"))


def _forward(walk: Walker, rule: Resource, extension: str) -> Way:
    """What rings, and voicemail when nobody takes it."""
    voicemail = rule.get("voicemail_enabled")
    otherwise = nobody("nothing is left that rings") if voicemail is False else _voicemail(rule, extension)
    if voicemail is UNKNOWN:
        otherwise = not_known_yet()
    if not rule.certain("forward_to") and rule.get("forward_to") is not None:
        return Undecided(f"what rings is {NOT_KNOWN_YET}", [otherwise], more=True)
    if rule.get("forward_to") is None and not walk.world.fresh(walk.world.facts.thing(rule)):
        return Undecided(f"what rings is {NOT_DECLARED}", [otherwise], more=True, basis=rule.id)
    soft_phones = rule.get("notify_soft_phones")
    if soft_phones is UNKNOWN:
        return Undecided(f"whether apps ring is {NOT_KNOWN_YET}", [otherwise], more=True)
    ringing = [*(["its apps"] if soft_phones is not False else []), *_steps(walk, rule)]
    if not ringing:
        return otherwise
    joined = (" and " if rule.get("ringing_mode") == "Simultaneously" else ", then ").join(ringing)
    what = f"extension {extension} rings {joined}"
    return Rings(Step(what, rule), End("extension", what), otherwise)


def _steps(walk: Walker, rule: Resource) -> Iterator[str]:
    """The telephones of each step that is tried."""
    rows = [row for row in rule.rows("forward_to") if row.get("enabled") is not False]
    for row in sorted(rows, key=lambda one: one["index"] if isinstance(one.get("index"), int) else 0):
        numbers = row.get("numbers")
        listed = numbers if isinstance(numbers, list) else [UNKNOWN]
        things, _ = walk.world.linked(rule, "forward_to", listed, FORWARDING_NUMBER)
        yield " and ".join(sorted(_telephone(walk, thing) for thing in things))


def _telephone(walk: Walker, thing: Any) -> str:
    if thing is UNKNOWN:
        return "a number that is not known yet"
    one = walk.world.standing(thing)
    number = one.get("phone_number") if one is not None else None
    if isinstance(number, str):
        return number
    return f"forwarding number {references.last(walk.world.id_of(thing)) or (one.name if one is not None else '')}"
