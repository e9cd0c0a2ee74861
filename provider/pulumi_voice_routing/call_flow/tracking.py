"""The ways through tracking numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from ..lifecycle import references
from ..plan.facts import TRACKING_NUMBER, UNKNOWN, Resource, Thing
from .outcome import End, unknown
from .route import NOT_DECLARED, NOT_KNOWN_YET, Key, Step, Stop, Then, Undecided, Via, Way, nobody, not_known_yet
from .week import DAYS

if TYPE_CHECKING:
    from .tracer import Walker

_ONE_BY_ONE, _AT_ONCE = "STANDARD", "STANDARD_PARALLEL"


def way(walk: Walker, thing: Thing, behind: frozenset[Key]) -> Way:
    """The way of a call to a tracking number."""
    world = walk.world
    place = ("tracking number", thing.key)
    one = world.standing(thing)
    if one is None:
        if world.ends(thing):
            return nobody("the tracking number leaves the stack and is switched off")
        return Stop(unknown(f"the tracking number is {NOT_DECLARED}", references.last(thing.key)))
    if one.get("active") is False:
        return Via(Step(f"tracking number {one.get('dnis')} is not active", one), nobody("it is not active"), place)
    rules = world.tracking_rules.get(thing, [])
    untold = Stop(unknown(f"its rules are {NOT_DECLARED}", world.id_of(thing)))
    on = _rules(walk, one, rules, behind) if rules else untold
    on = Via(Step(f"tracking number {one.get('dnis')}", one), on, place)
    if one.get("active") is UNKNOWN:
        return Undecided(f"whether the tracking number is active is {NOT_KNOWN_YET}", [on, nobody("it is not active")])
    return on


def _rules(walk: Walker, one: Resource, rules: Sequence[Resource], behind: frozenset[Key]) -> Way:
    if any(not isinstance(rule.get("open_rule"), bool) or not isinstance(rule.get("rank"), int) for rule in rules):
        reason = f"which hours a rule of the tracking number is for is {NOT_DECLARED}, or {NOT_KNOWN_YET}"
        return Undecided(reason, [_rule(walk, rule, behind) for rule in _ranked(walk, rules)], more=True)
    opened, closed = (
        _ranked(walk, [rule for rule in rules if rule.get("open_rule") is open_]) for open_ in (True, False)
    )
    ways = [_hours(walk, one.get("open_type"), opened, behind), _hours(walk, one.get("close_type"), closed, behind)]
    thing = walk.world.facts.thing(one)
    schedules = [str(one.get(f"{day}_schedule") or "") for day in DAYS]
    special = [str(other.get("schedule")) for other in walk.world.schedule_overrides.get(thing, [])]
    basis = (*schedules, *sorted(special))
    return Undecided("when a tracking number is open is in a form that is not documented", ways, basis=basis)


def _ranked(walk: Walker, rules: Sequence[Resource]) -> list[Resource]:
    """By rank, and those of one rank by their ids, which a rename leaves as they are."""

    def order(rule: Resource) -> tuple[int, str]:
        rank = rule.get("rank")
        id_ = walk.world.id_of(walk.world.facts.thing(rule))
        return rank if isinstance(rank, int) else 0, id_ or rule.urn

    return sorted(rules, key=order)


def _hours(walk: Walker, type_: object, rules: Sequence[Resource], behind: frozenset[Key]) -> Way:
    """What happens in opening hours, or in the others, with the rules for these."""
    if not rules:
        return Stop(unknown(f"what a tracking number does in hours that no rule is for is {NOT_DECLARED}"))
    ways = [_rule(walk, rule, behind) for rule in rules]
    if type_ == _ONE_BY_ONE or (type_ in (None, _AT_ONCE) and len(ways) == 1):
        return reduce(lambda later, first: Then(first, later), reversed(ways[:-1]), ways[-1])
    words = {
        _AT_ONCE: "all at once, so that who takes a call is open",
        "None": NOT_DECLARED,
        str(UNKNOWN): NOT_KNOWN_YET,
    }
    reason = f"how its rules are tried is {words.get(str(type_), 'not documented')}"
    return Undecided(reason, ways, more=True, basis=str(type_))


def _rule(walk: Walker, rule: Resource, behind: frozenset[Key]) -> Way:
    rank = rule.get("rank")
    step = Step(f"routing rule {rank if isinstance(rank, int) else rule.name}", rule)
    return Via(step, _target(walk, rule, behind))


def _target(walk: Walker, rule: Resource, behind: frozenset[Key]) -> Way:
    kind = rule.get("kind")
    field = {"GATE_XFER": "queue_id", "TRAC_XFER": "to_tracking_id"}.get(str(kind), "destination")
    target = rule.get(field)
    if not isinstance(target, str) or not isinstance(kind, str):
        return not_known_yet()
    if kind == "GATE_XFER":
        return Stop(End("queue", target))
    if kind == "TRAC_XFER":
        return walk.tracking_number(walk.world.facts.with_id(TRACKING_NUMBER, target), behind)
    if kind in ("STANDARD", "IN_NETWORK"):
        return walk.number(target, behind)
    if kind in ("STANDARD_SIP", "ENCRYPTED_SIP"):
        return walk.sip(target, behind)
    if kind == "VIVR":
        return Stop(End("ivr", target))
    return Stop(unknown(f"what a rule of kind {kind} does is not documented", target))
