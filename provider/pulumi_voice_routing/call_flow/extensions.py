"""The routes through the answering rules of RingEX extensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..plan.facts import UNKNOWN, Resource, Thing
from ..ringex.rule_facts import FORWARD, TRANSFER
from ..ringex.views import (
    AnsweringRuleView,
    BuiltInAnsweringRuleView,
    CallHandlingView,
    ForwardingNumberView,
    ScheduleView,
)
from ..telephony.number import digits_of
from . import call_handling
from .call_handling import LEFT_TO_EXTENSION
from .conditions import Period, all_of, by_week, first, in_period, names, one_of, periods_in
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
    nobody,
    not_known_yet,
)
from .routing import EXTENSION, Routing
from .week import Week

OWN_RULES = frozenset(
    LEFT_TO_EXTENSION.format(what) for what in ("business hours", "after hours", *call_handling.OWN_RULES)
)
"""Why the end is not known of calls that are left to an extension, one for each of its rules that is not declared."""
UNTOLD_TELEPHONE = "forwarding number"
"""Before the id of a telephone whose number nobody has said."""
UNNAMED = "unnamed"
"""A number of the extension that no rule names."""
_OWN_HOURS: dict[object, bool] = {"BusinessHours": True, "AfterHours": False}
_NEW_ONE, _ANY_ONE = "one of the new forwarding numbers", f"a number that is {NOT_KNOWN_YET}"
_MAYBE = f"what is {NOT_KNOWN_YET}"
_UNTOLD = (_ANY_ONE, _MAYBE)
"""Telephones of which nobody can tell that they ring."""


def route(tracer: Onward, extension: str, called: str, behind: frozenset[Key]) -> Route:
    """The route of a call to an extension; ``called`` is the number that was dialled, empty after a transfer."""
    key = ("extension", extension, called)
    step = Step(f"extension {extension}")
    return tracer.once(key, behind, lambda on: Via(step, _rules(tracer, extension, called, on), key))


def callers(routing: Routing, extensions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The callers that rules of these extensions name, as digits, each with the rule that does."""
    for extension in extensions:
        for rule in routing.custom_rules.get(extension, []):
            yield from ((digits_of(str(row.caller_id)), rule.urn) for row in AnsweringRuleView(rule).callers)
        yield from call_handling.callers(routing, extension)


def hours(routing: Routing, extensions: Iterable[str]) -> Iterator[Hours]:
    """The hours that rules of these extensions tell apart, and that are set in the portal."""
    for extension in extensions:
        if extension in routing.newer_call_handling:
            yield from call_handling.hours(routing, extension)
        elif routing.built_in_rules.get(extension):
            yield from (Hours(f"{EXTENSION}{extension}", open_) for open_ in (True, False))


def periods(routing: Routing, extensions: Iterable[str]) -> Iterator[tuple[Period, str, bool]]:
    """The single periods that rules of these extensions name, each with the rule that does, and whether it bounds
    others of the same rule."""
    for extension in extensions:
        for rule in routing.custom_rules.get(extension, []):
            schedule = AnsweringRuleView(rule).schedule
            if isinstance(schedule, ScheduleView):
                yield from ((period, rule.urn, False) for period in periods_in(schedule.ranges))
        yield from call_handling.periods(routing, extension)


def _rules(tracer: Onward, extension: str, called: str, behind: frozenset[Key]) -> Route:
    """The rule that is for the call, and else what the extension does in its own hours."""
    if extension in tracer.routing.newer_call_handling:
        return call_handling.route(tracer, extension, called, behind)
    custom = tracer.routing.custom_rules.get(extension)
    usual = _usual(tracer, extension, behind)
    if not custom:
        return usual
    routes = [*(_rule(tracer, rule, extension, behind) for rule in custom), usual]
    return first([_applies(tracer, rule, extension, called) for rule in custom], routes)


def _usual(tracer: Onward, extension: str, behind: frozenset[Key]) -> Route:
    """The built-in rules. When the extension is open is set in the portal."""
    there = {str(BuiltInAnsweringRuleView(one).rule): one for one in tracer.routing.built_in_rules.get(extension, [])}
    routes = [_built_in(tracer, there.get(name), name, extension, behind) for name in ("business-hours", "after-hours")]
    told = tracer.call.opened(f"{EXTENSION}{extension}")
    if told is not None:
        return routes[0] if told else routes[1]
    return Undecided(f"the business hours of the extension are {NOT_DECLARED}", routes, basis=extension)


def _built_in(tracer: Onward, rule: Resource | None, name: str, extension: str, behind: frozenset[Key]) -> Route:
    hours = name.replace("-", " ")
    if rule is None:
        return Stop(unknown(LEFT_TO_EXTENSION.format(hours), extension))
    if rule.switch() is False:
        reason = "what becomes of calls whose built-in rule is disabled is not documented"
        return Via(Step(f"answering rule {name!r} is disabled", rule), Stop(unknown(reason, extension)))
    on = _rule(tracer, rule, extension, behind)
    if rule.switch() is UNKNOWN:
        return Undecided(f"whether the rule for {hours} is enabled is {NOT_KNOWN_YET}", [on], more=True)
    return on


# When a rule is for a call


def _applies(tracer: Onward, rule: Resource, extension: str, called: str) -> Week[bool | None]:
    """Whether it is for the call; nothing where that cannot be told."""
    view = AnsweringRuleView(rule)
    caller = names(view.callers, [row.caller_id for row in view.callers], tracer.call.caller)
    number: bool | None = True
    if view.called_numbers:
        number = names(view.called_numbers, list(view.called_numbers), called) if called else None
    enabled = {False: False, UNKNOWN: None}.get(rule.switch(), True)
    hours = _hours(tracer, rule, extension)
    return hours.map(lambda open_: all_of(enabled, caller, number, open_))


def _hours(tracer: Onward, rule: Resource, extension: str) -> Week[bool | None]:
    schedule = AnsweringRuleView(rule).schedule
    if schedule is UNKNOWN:
        return Week.always(None)
    if schedule is None or not schedule.said:
        return Week.always(True)
    if schedule.ref:
        own, told = _OWN_HOURS.get(schedule.ref), tracer.call.opened(f"{EXTENSION}{extension}")
        return Week.always(None if own is None or told is None else told is own)
    if schedule.ranges:
        periods = list(periods_in(schedule.ranges))
        if len(periods) < len(schedule.ranges) or not schedule.ranges.certain:
            return Week.always(None)
        return Week.always(one_of([in_period(tracer.call.moment, period) for period in periods]))
    return by_week(schedule.weekly)


# What a rule does


def _rule(tracer: Onward, rule: Resource, extension: str, behind: frozenset[Key]) -> Route:
    name = BuiltInAnsweringRuleView(rule).rule or rule.called
    step = Step(f"answering rule {name!r}", rule)
    view = CallHandlingView(rule)
    action = view.action
    # What a rule does is left to the vendor, whose own rules forward; whoever declares what rings means no other.
    if action is None and (view.forward_to.given or tracer.routing.fresh(tracer.routing.facts.thing(rule))):
        action = FORWARD
    if action is None:
        return Via(step, Stop(unknown(f"what the rule does is {NOT_DECLARED}", rule.id)))
    if action is UNKNOWN:
        return Via(step, not_known_yet())
    return Via(step, _action(tracer, str(action), rule, extension, behind))


def _action(tracer: Onward, action: str, rule: Resource, extension: str, behind: frozenset[Key]) -> Route:
    view = CallHandlingView(rule)
    if action == FORWARD:
        return _forward(tracer, rule, extension)
    if action == "UnconditionalForwarding":
        return tracer.number(view.forward_all_to, behind)
    if action == TRANSFER:
        to = view.transfer_to
        return route(tracer, references.last(to), "", behind) if isinstance(to, str) else not_known_yet()
    if action == "TakeMessagesOnly":
        if view.voicemail_enabled is False:
            return nobody("its rule takes messages only, and voicemail is off")
        return not_known_yet() if view.voicemail_enabled is UNKNOWN else _voicemail(rule, extension)
    if action == "PlayAnnouncementOnly":
        return Stop(End("announcement", f"of extension {extension}"))
    if action == "AgentQueue":
        return Stop(End("queue", f"of extension {extension}"))
    if action == "SharedLines":
        return Stop(End("extension", f"the shared lines of extension {extension}"))
    return Stop(unknown(f"what {action} does is not documented", extension))


def _voicemail(rule: Resource, extension: str) -> Route:
    of = CallHandlingView(rule).voicemail_recipient_id
    return not_known_yet() if of is UNKNOWN else Stop(End("voicemail", f"extension {of or extension}"))


def _forward(tracer: Onward, rule: Resource, extension: str) -> Route:
    """What rings, and voicemail when nobody takes it."""
    view = CallHandlingView(rule)
    voicemail = view.voicemail_enabled
    otherwise = nobody("nothing is left that rings") if voicemail is False else _voicemail(rule, extension)
    if voicemail is UNKNOWN:
        otherwise = not_known_yet()
    if view.forward_to.given and not view.forward_to.certain:
        return Undecided(f"what rings is {NOT_KNOWN_YET}", [otherwise], more=True)
    if not view.forward_to.given and not tracer.routing.fresh(tracer.routing.facts.thing(rule)):
        return Undecided(f"what rings is {NOT_DECLARED}", [otherwise], more=True, basis=rule.id)
    soft_phones = view.notify_soft_phones
    if soft_phones is UNKNOWN:
        return Undecided(f"whether apps ring is {NOT_KNOWN_YET}", [otherwise], more=True)
    steps = list(_steps(tracer, rule))
    others = [[phone for phone in step if not _own(tracer, phone, extension)] for step in steps]
    sure = soft_phones is not False or any(phone not in _UNTOLD for step in others for phone in step)
    ringing = [
        *(["its apps"] if soft_phones is not False else []),
        *(" and ".join(sorted(one)) for one in others if one),
    ]
    if not ringing:
        return Stop(End("loop", "an extension forwards calls to its own number")) if any(steps) else otherwise
    joined = (" and " if view.ringing_mode == "Simultaneously" else ", then ").join(ringing)
    what = f"extension {extension} rings {joined}"
    rung = tuple(sorted(phone for step in others for phone in step if phone.startswith("+")))
    rings = Rings(Step(what, rule), End("extension", what, rings=rung), otherwise)
    return rings if sure else Undecided(f"what rings is {NOT_KNOWN_YET}", [rings], more=True)


def _own(tracer: Onward, phone: str, extension: str) -> bool:
    """Whether a telephone that rings is the extension itself: calls would come back to it."""
    return extension in tracer.routing.extensions_of.get(digits_of(phone), ())


def _steps(tracer: Onward, rule: Resource) -> Iterator[list[str]]:
    """The telephones of each step that is tried."""
    steps = [step for step in CallHandlingView(rule).forward_to if step.enabled is not False]
    steps.sort(key=lambda one: one.index if isinstance(one.index, int) else 0)
    field = next(place.field for place in rule.roles.places(means.Needs))
    ids = [[*one.numbers, *([UNKNOWN] * max(one.numbers.missing, not one.numbers.certain))] for one in steps]
    things, new = tracer.routing.linked(rule, field, list(chain(*ids)), ForwardingNumberView.token)
    untold = _ANY_ONE if not new or _ANY_ONE in (_telephone(tracer, one) for one in new) else _NEW_ONE
    phones = iter(untold if thing is UNKNOWN else _telephone(tracer, thing) for thing in things)
    for step, there in zip(steps, ids, strict=True):
        named = list(islice(phones, len(there)))
        yield [_MAYBE] * len(named) if step.enabled is UNKNOWN else named


def _telephone(tracer: Onward, thing: Thing) -> str:
    one = tracer.routing.standing(thing)
    number = ForwardingNumberView(one).phone_number if one is not None else None
    if number is UNKNOWN:
        return _ANY_ONE
    if number is not None:
        return number
    return f"{UNTOLD_TELEPHONE} {references.last(tracer.routing.id_of(thing)) or (one.name if one is not None else '')}"
