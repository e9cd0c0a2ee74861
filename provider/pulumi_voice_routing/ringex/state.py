"""States and their rules: what the vendor lets programs say of each, and how they are read and written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from ..client.listings import Json
from ..lifecycle import references
from ..lifecycle.built_in import Fixture
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from . import condition_form, dispatching_form
from .after_hours import after_hours, put_back, refuse_to_lose, whole_rule
from .handling import HandlingMember, schedule_problems
from .member import ExtensionMember
from .user_calls import STATE_RULES, STATES

FORWARD, DND, AGENT, WORK, AFTER = "forward-all-calls", "dnd", "agent", "work-hours", "after-hours"
_SCHEDULES = {FORWARD: ("daily", "ranges"), WORK: ("daily", "weekly"), AGENT: ("weekly", "daily", "same_as"), DND: ()}
"""What the schedule of each state may say."""
_RING = ("RingInOrder", "RingAtOnce")
_DISPATCHING = {
    FORWARD: ("Terminate",),
    DND: ("Terminate",),
    AGENT: _RING,
    WORK: _RING,
    AFTER: (*_RING, "Terminate"),
}
_RINGING_ONLY = (
    "ring_groups",
    "always_ring",
    "no_answer_target",
    "welcome",
    "connecting_message",
    "connecting_audio",
    "screening",
    "screening_result",
)
"""What rules that ring nothing have no place for."""
_AFTER_HOURS = "after-hours rule"
"""Among the values from before, what the vendor deletes when the work hours are around the clock."""
_WHY_ABSENT = {
    AFTER: "it is open around the clock. Give it other work hours first (ringex.CallHandlingState)",
    AGENT: "it is in no call queue. Make it a member of one first",
}


class OfState(Fixture, ExtensionMember):
    """What every extension has of a state; its number is the state's name."""

    summaries: ClassVar[bool] = False

    def fixed_number(self, args: Values) -> str:
        return str(args["state"])

    def why_absent(self, args: Values) -> str:
        why = _WHY_ABSENT.get(args["state"], "there is no such user")
        return (
            f"extension {args['extension_id']} has no state {args['state']}, because {why}, or take this resource out "
            "of the program; nothing was changed."
        )

    def below(self, reference: str) -> tuple[str, ...]:
        extension, _, state = reference.rpartition("/")
        return (*references.below(extension, self.account, self.path[:-1]), state)

    def shown(self, at: At, live: Json) -> Values:
        return {**super().shown(at, live), "state": self.number(live)}


class State(OfState):
    """When a state counts."""

    calls = STATES

    def no_object(self, outs: Values) -> str:
        return "it is the time outside of the work hours, and has none of its own" if outs.get("state") == AFTER else ""

    def problems(self, args: Values) -> Iterable[Failure]:
        state, schedule = args.get("state"), args.get("schedule")
        if str(state) not in _SCHEDULES:  # missing, or not known yet
            return
        if "enabled" in args and state not in (FORWARD, DND):
            yield Failure("enabled", f"the state {state} is always on; leave it out")
        allowed = _SCHEDULES[str(state)]
        if schedule is not None and not allowed:
            yield Failure("schedule", f"the vendor sets the hours of {state}; leave it out")
        elif isinstance(schedule, dict):
            yield from schedule_problems(schedule, allowed, str(state))
            if state == FORWARD and len(schedule.get("ranges") or [""]) != 1 and not unknown(schedule):
                yield Failure("schedule.ranges", "calls are forwarded in one period at a time; give one")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        said = condition_form.alike(field.name, old, new)
        return super().same(field, old, new) if said is None else said

    def body(self, args: Values) -> Json:
        body = super().body({name: value for name, value in args.items() if name != "schedule"})
        return {**body, "conditions": [_condition(args["schedule"])]} if "schedule" in args else body

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        changed = self.changed(self.shown(at, live), args)
        body = self.body({name: args[name] for name in changed if name != "state"})
        if body and self.number(live) == FORWARD:  # an ended period leaves the switch on: both say what is meant
            body = {**_both(live), **body}
        return body

    def may_write(self, at: At, number: str, body: Json) -> None:
        if number == WORK and condition_form.is_always(_schedule(body)):
            refuse_to_lose(self.api, at[0])

    def write(self, at: At, number: str, body: Json) -> Json:
        kept = body.get(_AFTER_HOURS)
        super().write(at, number, {name: value for name, value in body.items() if name != _AFTER_HOURS})
        if kept is not None:
            put_back(self.api, at[0], kept)
        return self.get(at, number)

    def kept_back(self, live: Json, args: Values) -> Json:
        kept = super().kept_back(live, args)
        if kept.pop("conditions", None) is not None:
            kept |= _hours(live)
            if self.number(live) == WORK and condition_form.is_always(args["schedule"]):
                rule = after_hours(self.api, self.at(args)[0])
                kept |= {_AFTER_HOURS: rule} if rule is not None else {}
        return _both(live) if self.number(live) == FORWARD and kept else kept

    def readable(self, live: Json, inside: str) -> Json:
        schedule = _schedule(live)
        return {**live, "schedule": schedule} if schedule else live

    def shown(self, at: At, live: Json) -> Values:
        return super().shown(at, self.readable(live, at[0]))


class StateRule(OfState, HandlingMember):
    """The rule of a state."""

    calls = STATE_RULES

    def problems(self, args: Values) -> Iterable[Failure]:
        yield from super().problems(args)
        state, type_ = args.get("state"), args.get("dispatching")
        if str(state) not in _DISPATCHING:  # missing, or not known yet
            return
        allowed = _DISPATCHING[str(state)]
        if type_ is not None and not unknown(type_) and type_ not in allowed:
            yield Failure("dispatching", f"the rule of {state} can be {' or '.join(allowed)}, not {type_}")
        for name in _RINGING_ONLY if allowed == ("Terminate",) else ():
            if name in args:
                yield Failure(name, f"the rule of {state} rings nothing, and ends calls at once; leave it out")
        if state == AGENT and "no_answer_target" in args:
            yield Failure("no_answer_target", "a call that an agent does not answer goes on in the queue; leave it out")
        if "Terminate" not in allowed and "immediate_target" in args:
            yield Failure("immediate_target", f"the rule of {state} always rings; give no_answer_target")

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        changed = self.changed(self.shown(at, live), args)
        wanted = {name: args[name] for name in changed if name != "state"}
        return {"dispatching": dispatching_form.laid_over(whole_rule(live), wanted, at[0])} if wanted else {}

    def readable(self, live: Json, inside: str) -> Json:
        return {**live, "dispatching": dispatching_form.readable(live["dispatching"], references.last(inside))}

    def kept_back(self, live: Json, args: Values) -> Json:
        there = dispatching_form.dispatching_of(live)
        return {"dispatching": dispatching_form.sendable(there, self.at(args)[0])} if self.body(args) else {}


def _schedule(live: Json) -> Values:
    form = condition_form.readable(live.get("conditions"))
    return {"same_as": form["state"]} if "state" in form else dict(form.get("schedule") or {})


def _condition(schedule: Values) -> Json:
    if "same_as" in schedule:
        return {"type": "State", "state": {"id": schedule["same_as"]}}
    return {"type": "Schedule", "schedule": condition_form.sent_schedule(schedule)}


def _hours(live: Json) -> Json:
    """The hours as they are, to send them back. A state that never had any takes no empty ones."""
    there = condition_form.sendable(live.get("conditions"))
    return {"conditions": there} if there else {}


def _both(live: Json) -> Json:
    """Whether the state is on, and when: an ended period leaves the switch on, so that both are always sent."""
    return {"enabled": live.get("enabled"), **_hours(live)}
