"""The routes through tracking numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from ..lifecycle import references
from ..plan.facts import UNKNOWN, Resource, Thing
from ..plan.limits import doubtful
from ..ringcx.numbers.views import TrackingNumberView, TrackingRoutingRuleView, TrackingScheduleOverrideView
from .onward import Hours, Onward
from .outcome import End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Route,
    Step,
    Stop,
    Then,
    Undecided,
    Via,
    limited,
    nobody,
    not_known_yet,
)
from .routing import Routing

_ONE_BY_ONE, _AT_ONCE = "STANDARD", "STANDARD_PARALLEL"


def route(tracer: Onward, thing: Thing, behind: frozenset[Key]) -> Route:
    """The route of a call to a tracking number."""
    routing = tracer.routing
    place = ("tracking number", thing.key)
    one = routing.standing(thing)
    if one is None:
        if routing.ends(thing):
            return nobody("the tracking number leaves the stack and is switched off")
        return Stop(unknown(f"the tracking number is {NOT_DECLARED}", references.last(thing.key)))
    called = called_number(one)
    if one.switch() is False:
        return Via(Step(f"{called} is not active", one), nobody("it is not active"), place)
    rules = routing.tracking_rules.get(thing)
    untold = Stop(unknown(f"its rules are {NOT_DECLARED}", routing.id_of(thing)))
    on = _rules(tracer, one, rules, behind) if rules else untold
    on = Via(Step(called, one), on, place)
    if one.switch() is UNKNOWN:
        return Undecided(f"whether the tracking number is active is {NOT_KNOWN_YET}", [on, nobody("it is not active")])
    return on


def called_number(one: Resource) -> str:
    """A tracking number in words."""
    return f"tracking number {TrackingNumberView(one).dnis}"


def hours(routing: Routing, keys: Iterable[str]) -> Iterator[Hours]:
    """The hours that rules of these tracking numbers tell apart."""
    for key in keys:
        one = routing.standing(Thing(TrackingNumberView.token, key))
        if one is not None and routing.tracking_rules.get(routing.facts.thing(one)):
            yield from (Hours(called_number(one), open_) for open_ in (True, False))


def _rules(tracer: Onward, one: Resource, rules: Sequence[Resource], behind: frozenset[Key]) -> Route:
    if any(not isinstance(_seen(rule).open_rule, bool) or not isinstance(_seen(rule).rank, int) for rule in rules):
        reason = f"which hours a rule of the tracking number is for is {NOT_DECLARED}, or {NOT_KNOWN_YET}"
        return Undecided(reason, [_rule(tracer, rule, behind) for rule in _ranked(tracer, rules)], more=True)
    number = TrackingNumberView(one)
    opened, closed = (
        _ranked(tracer, [rule for rule in rules if _seen(rule).open_rule is open_]) for open_ in (True, False)
    )
    routes = [_hours(tracer, number.open_type, opened, behind), _hours(tracer, number.close_type, closed, behind)]
    told = tracer.call.opened(called_number(one))
    if told is not None:
        return routes[0] if told else routes[1]
    thing = tracer.routing.facts.thing(one)
    schedules = [str(schedule or "") for schedule in number.schedules]
    special = [
        str(TrackingScheduleOverrideView(other).schedule) for other in tracer.routing.schedule_overrides.get(thing, [])
    ]
    basis = (*schedules, *sorted(special))
    return Undecided("when a tracking number is open is in a form that is not documented", routes, basis=basis)


def _ranked(tracer: Onward, rules: Sequence[Resource]) -> list[Resource]:
    """By rank, and those of one rank by their ids, which a rename leaves as they are."""

    def order(rule: Resource) -> tuple[int, str]:
        rank = _seen(rule).rank
        id_ = tracer.routing.id_of(tracer.routing.facts.thing(rule))
        return rank if isinstance(rank, int) else 0, id_ or rule.urn

    return sorted(rules, key=order)


def _hours(tracer: Onward, type_: object, rules: Sequence[Resource], behind: frozenset[Key]) -> Route:
    """What happens in opening hours, or in the others, with the rules for these."""
    if not rules:
        return Stop(unknown(f"what a tracking number does in hours that no rule is for is {NOT_DECLARED}"))
    routes = [_rule(tracer, rule, behind) for rule in rules]
    if type_ == _ONE_BY_ONE or (type_ in (None, _AT_ONCE) and len(routes) == 1):
        return reduce(lambda later, first: Then(first, later), reversed(routes[:-1]), routes[-1])
    words = {
        _AT_ONCE: "all at once, so that who takes a call is open",
        "None": NOT_DECLARED,
        str(UNKNOWN): NOT_KNOWN_YET,
    }
    reason = f"how its rules are tried is {words.get(str(type_), 'not documented')}"
    return Undecided(reason, routes, more=True, basis=str(type_))


def _seen(rule: Resource) -> TrackingRoutingRuleView:
    return TrackingRoutingRuleView(rule)


def _rule(tracer: Onward, rule: Resource, behind: frozenset[Key]) -> Route:
    rank = _seen(rule).rank
    step = Step(f"routing rule {rank if isinstance(rank, int) else rule.name}", rule)
    return Via(step, limited(_target(tracer, rule, behind), doubtful(rule.roles, rule.props), rule))


def _target(tracer: Onward, rule: Resource, behind: frozenset[Key]) -> Route:
    seen = _seen(rule)
    kind, target = seen.kind, seen.target
    if not isinstance(target, str) or not isinstance(kind, str):
        return not_known_yet()
    if kind == "GATE_XFER":
        return Stop(End("queue", target))
    if kind == "TRAC_XFER":
        return tracer.object(tracer.routing.facts.with_id(TrackingNumberView.token, target), behind)
    if kind in ("STANDARD", "IN_NETWORK"):
        return tracer.number(target, behind)
    if kind in ("STANDARD_SIP", "ENCRYPTED_SIP"):
        return tracer.sip(target, behind)
    if kind == "VIVR":
        return Stop(End("ivr", target))
    return Stop(unknown(f"what a rule of kind {kind} does is not documented", target))
