"""The routes through RingEX extensions with the newer call handling: states, their rules, and interaction rules.

The vendor's order is: forward-all-calls, do not disturb, interaction rules, and then the rule of the work hours or of
the time after them. A call queue passes over an extension while one of the first two is on; else it asks the
interaction rules that are for its calls as well, and then the rule for agents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from ..lifecycle import references
from ..lifecycle.view import Listed
from ..plan.facts import UNKNOWN, Resource, UnknownValue
from ..ringex.views import (
    CallerView,
    CallHandlingStateRuleView,
    CallHandlingStateView,
    DispatchingView,
    InteractionRuleView,
    LocalScheduleView,
    RingTargetView,
    RuleScheduleView,
    StateScheduleView,
    TerminatingTargetView,
)
from ..telephony.number import digits_of
from .conditions import Period, Said, all_of, by_day, by_week, first, in_period, moment_in, names, one_of, periods_in
from .onward import Hours, Onward
from .outcome import End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Rings,
    Route,
    Step,
    Stop,
    Undecided,
    Via,
    by_time,
    not_known_yet,
)
from .routing import EXTENSION, IN_QUEUES, Routing
from .week import Week, merged

LEFT_TO_EXTENSION = f"what the extension does in its {{}} is {NOT_DECLARED}"
"""Why the end is not known of calls that are left to the extension's own rules."""
OWN_RULES = ("work hours", "after hours", "call queues", "rule when nobody answers")
"""What is left to them here."""
WORK, AFTER, FORWARDED, UNDISTURBED, AGENT = "work-hours", "after-hours", "forward-all-calls", "dnd", "agent"
_SAID = {FORWARDED: "forward-all-calls", UNDISTURBED: "do not disturb"}
_ALWAYS_TERMINATE = (FORWARDED, UNDISTURBED)
_ALWAYS_RING = (WORK, AGENT)
_RANKS = {
    (True, True, True): 10,
    (False, True, True): 9,
    (True, True, False): 8,
    (True, False, True): 7,
    (False, True, False): 6,
    (False, False, True): 5,
    (True, False, False): 4,
}
"""Which interaction rule comes first, by whether it names hours, callers and called numbers."""
_ON = {True: 0, False: 1, None: 2}


def route(on: Onward, extension: str, called: str, behind: frozenset[Key]) -> Route:
    """Where a call goes that has come to the extension; ``called`` is the number that was dialled."""
    queued = called == IN_QUEUES
    rules = on.routing.interaction_rules.get(extension, [])
    routes = [_rule(on, one, extension, behind, queued=queued) for one in rules]
    usual = _agent(on, extension, behind) if queued else _usual(on, extension, behind)
    applies = [_applies(on, one, extension, called) for one in rules]
    later = first(applies, [*routes, usual], [_rank(on.routing, one) for one in rules])
    for state in (UNDISTURBED, FORWARDED):
        later = _while_on(on, extension, state, behind, later, queued=queued)
    return later


def callers(routing: Routing, extension: str) -> Iterator[tuple[str, str]]:
    """The callers that interaction rules name, as digits, each with the rule."""
    for rule in routing.interaction_rules.get(extension, []):
        yield from ((digits_of(str(row.caller_id)), rule.urn) for row in InteractionRuleView(rule).callers)


def hours(routing: Routing, extension: str) -> Iterator[Hours]:
    """The work hours and the others, where something depends on them and they are set in the portal."""
    rules = routing.state_rules.get(extension, {})
    refers = any(InteractionRuleView(one).state is not None for one in routing.interaction_rules.get(extension, []))
    if (refers or WORK in rules or AFTER in rules) and _schedule_of(routing, extension, WORK) is None:
        yield from (Hours(f"{EXTENSION}{extension}", open_) for open_ in (True, False))


def periods(routing: Routing, extension: str) -> Iterator[tuple[Period, str, bool]]:
    """The single periods that states and interaction rules name, each with what names it, and whether it bounds others
    that this names as well."""
    named = [
        *((one, CallHandlingStateView(one).schedule) for one in routing.states.get(extension, {}).values()),
        *((one, InteractionRuleView(one).schedule) for one in routing.interaction_rules.get(extension, [])),
    ]
    for one, schedule in named:
        if isinstance(schedule, LocalScheduleView):
            yield from ((period, one.urn, False) for period in periods_in(schedule.ranges))
        if isinstance(schedule, RuleScheduleView):
            bounds = moment_in(schedule.starts) or datetime.min, moment_in(schedule.ends) or datetime.max
            yield bounds, one.urn, True


# States


def _while_on(on: Onward, extension: str, state: str, behind: frozenset[Key], later: Route, *, queued: bool) -> Route:
    """What comes while a switch of the extension is on, and else ``later``."""
    one = on.routing.states.get(extension, {}).get(state)
    if one is None:
        return later  # what somebody has switched on in the portal is not seen
    there = f"{_SAID[state]} is on"
    does = Stop(_queue_goes_on(extension)) if queued else _state_rule(on, extension, state, behind)
    counts, why = _counts(on, one)
    untold = Undecided(f"whether {there} is {why}", [does, later], basis=one.id or one.urn, resource=one)
    return by_time(counts.map(_ON.__getitem__), [Via(Step(there, one), does), later, untold])


def _counts(on: Onward, one: Resource) -> tuple[Week[Said], str]:
    """Whether a switch is on, and why that cannot be told where it cannot."""
    view = CallHandlingStateView(one)
    moment = on.call.moment
    within = Week[Said].always(True)
    if view.state != UNDISTURBED:
        within = on.routing.once((one.urn, one.id, moment), lambda: _within(view.schedule, moment))
    enabled = None if view.enabled is UNKNOWN else view.enabled
    why = NOT_KNOWN_YET if UNKNOWN in (view.enabled, view.schedule) else NOT_DECLARED
    return within.map(lambda inside: all_of(enabled, inside)), why


def _schedule_of(routing: Routing, extension: str, state: str) -> StateScheduleView | UnknownValue | None:
    """The hours of a state, as far as they are declared."""
    one = routing.states.get(extension, {}).get(state)
    return CallHandlingStateView(one).schedule if one is not None else None


def _work_hours(on: Onward, extension: str) -> Week[Said]:
    """Whether it is in the work hours; set in the portal when they are not declared."""
    schedule = _schedule_of(on.routing, extension, WORK)
    if schedule is None:
        return Week.always(on.call.opened(f"{EXTENSION}{extension}"))
    moment = on.call.moment
    return on.routing.once((EXTENSION, extension, moment), lambda: _within(schedule, moment))


def _usual(on: Onward, extension: str, behind: frozenset[Key]) -> Route:
    """The rule of the work hours, and that of the time after them."""
    routes = [_state_rule(on, extension, state, behind) for state in (WORK, AFTER)]
    untold = Undecided(f"the work hours of the extension are {NOT_DECLARED}", routes, basis=extension)
    return by_time(_work_hours(on, extension).map(_ON.__getitem__), [*routes, untold])


def _agent(on: Onward, extension: str, behind: frozenset[Key]) -> Route:
    """What rings for a call queue. As long as nothing else is said, it is what rings in the work hours."""
    rules = on.routing.state_rules.get(extension, {})
    schedule = _schedule_of(on.routing, extension, AGENT)
    same = isinstance(schedule, StateScheduleView) and schedule.same_as == WORK
    rule = rules.get(AGENT) or (rules.get(WORK) if same else None)
    rings = (
        _rule(on, rule, extension, behind, queued=True)
        if rule is not None
        else Stop(unknown(LEFT_TO_EXTENSION.format("call queues")))
    )
    if schedule is None:
        return rings
    within = _work_hours(on, extension) if same else _within(schedule, on.call.moment)
    outside = Stop(unknown("what call queues do outside of the hours of their agents is not documented", extension))
    untold = Undecided(f"the hours of the agent are {NOT_DECLARED}", [rings, outside], basis=extension)
    return by_time(within.map(_ON.__getitem__), [rings, outside, untold])


def _state_rule(on: Onward, extension: str, state: str, behind: frozenset[Key]) -> Route:
    rule = on.routing.state_rules.get(extension, {}).get(state)
    if rule is not None:
        return _rule(on, rule, extension, behind, queued=False)
    if state in _SAID:
        return Stop(unknown(f"where {_SAID[state]} sends calls is {NOT_DECLARED}", extension))
    return Stop(unknown(LEFT_TO_EXTENSION.format(state.replace("-", " ")), extension))


def _queue_goes_on(extension: str) -> End:
    return unknown(f"the call queue goes on to its other members, and who they are is {NOT_DECLARED}", extension)


# Interaction rules


class _Conditions(NamedTuple):
    """What an interaction rule asks for."""

    schedule: RuleScheduleView | UnknownValue | None
    callers: Listed[CallerView]
    called: Listed[str]
    enabled: Said
    of_queues: Said
    view: InteractionRuleView


def _conditions(routing: Routing, rule: Resource) -> _Conditions:
    return routing.once((_asked, rule.urn, rule.id), lambda: _asked(rule))


def _asked(rule: Resource) -> _Conditions:
    view = InteractionRuleView(rule)
    schedule = view.schedule
    empty = isinstance(schedule, RuleScheduleView) and not schedule.said
    return _Conditions(
        None if empty else schedule,
        view.callers,
        view.called_numbers,
        {False: False, UNKNOWN: None}.get(view.enabled, True),
        {True: True, UNKNOWN: None}.get(view.queue_calls, False),
        view,
    )


def _rank(routing: Routing, rule: Resource) -> int:
    """Its place among interaction rules, the highest first. A state that it names makes no difference."""
    asks = _conditions(routing, rule)
    return _RANKS.get((asks.schedule is not None, bool(asks.callers), bool(asks.called)), 0)


def _applies(on: Onward, rule: Resource, extension: str, called: str) -> Week[Said]:
    """Whether it is for the call; nothing where that cannot be told."""
    return on.routing.once(
        (_for_call, rule.urn, rule.id, called, on.call), lambda: _for_call(on, rule, extension, called)
    )


def _for_call(on: Onward, rule: Resource, extension: str, called: str) -> Week[Said]:
    asks = _conditions(on.routing, rule)
    caller = names(asks.callers, [row.caller_id for row in asks.callers], on.call.caller)
    number: Said = True
    if asks.called:
        number = names(asks.called, list(asks.called), called) if called else None
    queue = asks.of_queues if called == IN_QUEUES else True
    fixed = all_of(asks.enabled, caller, number, queue)
    if fixed is False:
        return Week.always(False)
    return merged([_in_hours(on, rule), _in_state(on, asks.view, extension)], lambda *said: all_of(fixed, *said))


def _in_hours(on: Onward, rule: Resource) -> Week[Said]:
    schedule = _conditions(on.routing, rule).schedule
    if schedule is None:
        return Week.always(True)
    moment = on.call.moment
    return on.routing.once((rule.urn, rule.id, moment), lambda: _within(schedule, moment))


def _in_state(on: Onward, view: InteractionRuleView, extension: str) -> Week[Said]:
    if view.state is None:
        return Week.always(True)
    if view.state not in (WORK, AFTER):
        return Week.always(None)
    wanted = view.state == WORK
    return _work_hours(on, extension).map(lambda working: None if working is None else working is wanted)


# Schedules


def _within(schedule: LocalScheduleView | UnknownValue | None, moment: datetime | None) -> Week[Said]:
    """Whether a call comes in these hours, which are in the user's own time."""
    if not isinstance(schedule, LocalScheduleView):
        return Week.always(None)
    said: list[Week[Said]] = []
    if schedule.daily is not None:
        said.append(Week.always(None) if schedule.daily is UNKNOWN else by_day(schedule.daily))
    if schedule.weekly is not None:
        said.append(by_week(schedule.weekly))
    if schedule.ranges.given:
        periods = list(periods_in(schedule.ranges))
        sure = schedule.ranges.certain and len(periods) == len(schedule.ranges)
        said.append(Week.always(one_of([in_period(moment, one) for one in periods]) if sure else None))
    if len(said) > 1:
        return Week.always(None)  # how several kinds of hours go together is not documented
    bounds = _in_bounds(schedule, moment) if isinstance(schedule, RuleScheduleView) else True
    hours = said[0] if said else Week[Said].always(True if isinstance(schedule, RuleScheduleView) else None)
    return hours.map(lambda inside: all_of(bounds, inside))


def _in_bounds(schedule: RuleScheduleView, moment: datetime | None) -> Said:
    """Whether a call comes between two moments. One that has only an end has begun, and ends at that moment."""
    starts, ends = moment_in(schedule.starts), moment_in(schedule.ends)
    if (schedule.starts is not None and starts is None) or (schedule.ends is not None and ends is None):
        return None
    if starts is None and (ends is None or moment is None):
        return True
    return in_period(moment, (starts or datetime.min, ends or datetime.max))


# What a rule does


def _rule(on: Onward, rule: Resource, extension: str, behind: frozenset[Key], *, queued: bool) -> Route:
    """What becomes of a call. One of a call queue goes back to the queue when nobody takes it.

    What ends at the extension is the same for all calls, and is made once.
    """
    if on.routing.once((_goes_on, rule.urn, rule.id), lambda: _goes_on(rule)):
        return _done(on, rule, extension, behind, queued=queued)
    key = (_done, rule.urn, rule.id, queued)
    return on.routing.once(key, lambda: _done(on, rule, extension, behind, queued=queued))


def _goes_on(rule: Resource) -> bool:
    """Whether calls may go on from a rule to somewhere else, or to another rule."""
    view = DispatchingView(rule)
    ends = (view.no_answer_target, view.immediate_target)
    return view.dispatching is None or any(
        isinstance(one, TerminatingTargetView) and one.type not in _ENDS_HERE for one in ends
    )


_ENDS_HERE = ("VoiceMailTerminatingTarget", "PlayAnnouncementTerminatingTarget")


def _done(on: Onward, rule: Resource, extension: str, behind: frozenset[Key], *, queued: bool) -> Route:
    state = CallHandlingStateRuleView(rule).state if rule.type == CallHandlingStateRuleView.token else None
    called = f"rule for {state}" if state is not None else f"interaction rule {rule.called!r}"
    view = DispatchingView(rule)
    does = view.dispatching
    if does is None and state in _ALWAYS_TERMINATE:
        does = "Terminate"
    if does is None and state is None and not rule.id and not view.ring_groups.given:
        return Via(Step(called, rule), _state_rule(on, extension, WORK, behind))  # a new one is like that rule
    if does is None and state not in _ALWAYS_RING:
        left = LEFT_TO_EXTENSION.format("after hours") if state == AFTER else f"what the rule does is {NOT_DECLARED}"
        return Via(Step(called, rule), Stop(unknown(left, rule.id)))
    if does is UNKNOWN:
        return Via(Step(called, rule), not_known_yet())
    if does == "Terminate":
        return Via(Step(called, rule), _target(on, view.immediate_target, rule, extension, behind))
    if does not in (None, "RingInOrder", "RingAtOnce"):
        return Via(Step(called, rule), Stop(unknown(f"what {does} does is not documented", extension)))
    if queued:
        otherwise: Route = Stop(_queue_goes_on(extension))
    elif view.no_answer_target is None:
        otherwise = Stop(unknown(LEFT_TO_EXTENSION.format("rule when nobody answers"), rule.id))
    else:
        otherwise = _target(on, view.no_answer_target, rule, extension, behind)
    return Via(Step(called, rule), _ring(on, rule, extension, otherwise, at_once=does == "RingAtOnce"))


def _target(
    on: Onward,
    target: TerminatingTargetView | UnknownValue | None,
    rule: Resource,
    extension: str,
    behind: frozenset[Key],
) -> Route:
    """Where a call ends."""
    if target is None:
        return Stop(unknown(f"where the rule sends calls on to is {NOT_DECLARED}", rule.id))
    if target is UNKNOWN or UNKNOWN in (target.type, target.extension_id):
        return not_known_yet()
    other = _other(target.extension_id, extension)
    if target.type == "VoiceMailTerminatingTarget":
        return Stop(End("voicemail", f"extension {other or extension}"))
    if target.type == "PlayAnnouncementTerminatingTarget":
        return Stop(End("announcement", f"of extension {extension}"))
    if target.type == "PhoneNumberTerminatingTarget":
        return on.number(target.phone_number, behind)
    if target.type == "ExtensionTerminatingTarget":
        return on.extension(other, behind) if other else Stop(End("loop", "an extension sends calls to itself"))
    return Stop(unknown(f"what {target.type} does is not documented", extension))


def _other(said: object, extension: str) -> str:
    """The extension that a target names, when that is another one."""
    named = references.last(said) if isinstance(said, str) else ""
    return "" if named in (extension, "~") else named


def _ring(on: Onward, rule: Resource, extension: str, otherwise: Route, *, at_once: bool) -> Route:
    """What rings, and where the call goes when nobody takes it."""
    view = DispatchingView(rule)
    groups, apps = view.ring_groups, view.always_ring
    tried = [one for one in groups if one.enabled is not False]
    lists: list[Listed[Any]] = [groups, apps, *(one.targets for one in tried)]
    if any(one.given and not one.certain for one in lists):
        return Undecided(f"what rings is {NOT_KNOWN_YET}", [otherwise], more=True)
    if not groups.given and not apps.given:  # a new rule rings what the one of the work hours rings at that time
        what = f"extension {extension} rings what is set in the portal"
        rings = Rings(Step(what, rule), End("extension", what), otherwise)
        return Undecided(f"what rings is {NOT_DECLARED}", [rings, otherwise], basis=rule.id)
    always = sorted(_APPS.get(one, one) for one in apps)
    steps = [[name for one in step.targets if (name := _named(on, one, extension))] for step in tried]
    together = [list(chain(*steps))] if at_once else steps
    in_turn = [" and ".join(sorted(set(step))) for step in together if step]
    ringing = ", then ".join(in_turn)
    if always:
        ringing = f"{' and '.join(always)} all the time" + (f", and {ringing}" if ringing else "")
    if not ringing:
        back = any(len(step.targets) for step in tried)
        return Stop(End("loop", "an extension rings its own number")) if back else otherwise
    what = f"extension {extension} rings {ringing}"
    rung = {target.phone_number for step in tried for target in step.targets if isinstance(target.phone_number, str)}
    rings = Rings(Step(what, rule), End("extension", what, rings=tuple(sorted(rung))), otherwise)
    certain = [steps[place] for place, step in enumerate(tried) if step.enabled is not UNKNOWN]
    if always or any(name != _NOT_KNOWN for step in certain for name in step):
        return rings
    return Undecided(f"what rings is {NOT_KNOWN_YET}", [rings, otherwise], more=True)


_APPS = {"AllMobileRingTarget": "its mobile apps", "AllDesktopRingTarget": "its desktop apps"}


def _named(on: Onward, target: RingTargetView, extension: str) -> str:
    """What rings, in words; empty when it is the extension itself, to which calls would come back."""
    other = _other(target.extension_id, extension)
    of = f" of extension {other}" if other else ""
    if target.type in _APPS:
        apps = _APPS[str(target.type)]
        return f"the{apps.removeprefix('its')}{of}" if other else apps
    if target.type == "DeviceRingTarget":
        return f"device {_words(target.device_id)}{of}"
    if target.type == "PhoneNumberRingTarget":
        own = isinstance(target.phone_number, str) and extension in on.routing.extensions_of.get(
            digits_of(target.phone_number), ()
        )
        return "" if own else _words(target.phone_number)
    if target.type == "CoworkerRingTarget":
        return f"extension {other}" if other else "" if isinstance(target.extension_id, str) else _NOT_KNOWN
    if target.type == "HotdeskRingTarget":
        return "its hot desk"
    return _words(target.integration or target.type)


def _words(said: object) -> str:
    return said if isinstance(said, str) else _NOT_KNOWN


_NOT_KNOWN = "something that is not known yet"
