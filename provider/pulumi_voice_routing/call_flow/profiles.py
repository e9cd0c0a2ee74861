"""The ways through profiles and destinations of cloud routing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..plan.facts import DESTINATION, UNKNOWN, Resource, Thing
from ..ringcx.cloud_routing.completeness import PERCENT_ALLOCATION
from .outcome import End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Odds,
    Split,
    Step,
    Stop,
    Undecided,
    Via,
    Way,
    by_time,
    nobody,
    not_known_yet,
)
from .routing import LINK_OVERRIDES, digits_of
from .week import DAYS, Week, merged

if TYPE_CHECKING:
    from .tracer import Walker

_DAILY = "DAILY"
_NUMBERS = ("DID", "IN_NETWORK_DID")
_DIALLED = (*_NUMBERS, "SIP")
"""Kinds of destinations whose targets are dialled."""
_ENDS_SHARE = "what becomes of calls whose destination is not active, while another one is, is not documented"


@dataclass(frozen=True)
class _Row:
    """A destination of a profile, and its share of the calls."""

    given: Mapping[str, Any]
    thing: Thing | None
    """Nothing when the id is not known yet and more than one destination can be meant."""

    @property
    def daily(self) -> Odds | None:
        """The share that is the same all day."""
        share = self.given.get("allocation_percent")
        return Week.always(_odds(share)) if isinstance(share, int | float) else None


def way(walk: Walker, profile: Thing, dialled: str, behind: frozenset[Key]) -> Way:
    """The way of a call to a profile; ``dialled`` is the number, when an override may ask for it."""
    world = walk.world
    one = world.standing(profile)
    if one is None:
        if world.ends(profile):
            return nobody("the profile leaves the stack and is switched off")
        return Stop(unknown(f"the profile is {NOT_DECLARED}", profile.key))
    active = world.active(profile)
    if active is False:
        return Via(Step(f"profile {one.called!r} is not active", one), nobody("the profile is not active"))
    on = Via(Step(f"profile {one.called!r}, {_routing(one)}", one), _choice(walk, profile, one, dialled, behind))
    if active is None:
        return Undecided("whether the profile is active is not declared", [on, nobody("it is not active")])
    return on


def _choice(walk: Walker, profile: Thing, one: Resource, dialled: str, behind: frozenset[Key]) -> Way:
    world = walk.world
    sets = world.sets.get(profile, [])
    if not sets and (world.fresh(profile) or profile in world.ended_sets):
        return _exhausted(one)
    if len(sets) != 1:
        return Stop(unknown(f"the profile's destinations are {NOT_DECLARED}", world.id_of(profile)))
    (set_,) = sets
    if not set_.certain("destinations"):
        return Stop(unknown(f"the profile's destinations are {NOT_KNOWN_YET}"))
    things, candidates = world.linked(
        set_, "destinations", [row.get("destination") for row in set_.rows("destinations")], DESTINATION
    )
    rows = [
        _Row(given, None if thing is UNKNOWN else thing)
        for given, thing in zip(set_.rows("destinations"), things, strict=True)
    ]
    if not rows:
        return _exhausted(one)
    plan = _Plan(walk, one, set_, rows, candidates, dialled, behind)
    if one.get("routing_type") != PERCENT_ALLOCATION:
        reason = f"how {_routing(one)} chooses among destinations is not documented"
        return Undecided(reason, plan.in_order(), more=True, basis=_said(one.get("routing_type")), resource=set_)
    return _by_percent(world.hours.get(profile, []), one, plan)


def _by_percent(hourly: Sequence[Resource], one: Resource, plan: _Plan) -> Way:
    type_ = one.get("percent_alloc_type")
    if type_ is UNKNOWN:
        return Stop(unknown(f"what the percentages are of is {NOT_KNOWN_YET}"))
    daily = plan.split(_daily_shares(plan.rows))
    if not hourly:
        if type_ in (None, _DAILY):
            return daily
        reason = f"what the percentages of {type_} are of is not documented"
        return Undecided(reason, [daily], more=True)
    hours = plan.split(_hourly_shares(plan, hourly))
    if type_ not in (None, _DAILY):
        reason = f"whether {type_} goes by the shares by hour is not documented"
        return Undecided(reason, [hours], more=True)
    if all(row.daily is None for row in plan.rows):
        return hours
    reason = "whether a DAILY profile goes by the hour or by the day, when it has shares for both, is not documented"
    return Undecided(reason, [hours, daily])


def _daily_shares(rows: Sequence[_Row]) -> list[Odds | None]:
    return [row.daily for row in rows]


def _hourly_shares(plan: _Plan, hourly: Sequence[Resource]) -> list[Odds | None]:
    """The shares by hour of each row; nothing for those that cannot be told."""
    nothing: list[Odds | None] = [None] * len(plan.rows)
    world = plan.walk.world
    if len(hourly) != 1 or not hourly[0].certain("hours"):
        return nothing
    (table,) = hourly
    if world.leaves(table) and table.get("on_delete") == "restore":
        return nothing
    given = table.rows("hours")
    things, _ = world.linked(table, "hours", [row.get("destination") for row in given], DESTINATION)
    told = {thing: row.get("percent") for thing, row in zip(things, given, strict=True)}
    # Which of the unknown ids is which cannot be told, and does not matter: all that counts is the least of them.
    untold = [row.get("percent") for thing, row in zip(things, given, strict=True) if thing is UNKNOWN]
    if len(untold) != len([row for row in plan.rows if row.thing is None]):
        return nothing
    return [_hours(untold.pop() if row.thing is None else told.get(row.thing)) for row in plan.rows]


def _hours(percent: Any) -> Odds | None:
    if (
        not isinstance(percent, list)
        or len(percent) != 24
        or not all(isinstance(share, int | float) for share in percent)
    ):
        return None
    return Week.by_hour([_odds(share) for share in percent])


@dataclass(frozen=True)
class _Plan:
    """The destinations of one profile, for calls to one number."""

    walk: Walker
    profile: Resource
    set_: Resource
    rows: Sequence[_Row]
    candidates: Sequence[Thing]
    """The destinations that the rows without one stand for, in no order."""
    dialled: str
    behind: frozenset[Key]

    def in_order(self) -> list[Way]:
        """The destinations by rank."""
        ranked = sorted(self.rows, key=lambda row: _rank(row.given))
        return [self.destination(row.thing, row.given) for row in ranked if row.thing is not None]

    def split(self, shares: Sequence[Odds | None]) -> Way:
        """The calls divided by shares. What cannot be told of them is unknown."""
        if any(share is None for share in shares):
            reason = f"a share of the profile's calls is {NOT_DECLARED}, or {NOT_KNOWN_YET}"
            return Undecided(reason, self.in_order(), more=True)
        odds = [share for share in shares if share is not None]
        total = merged(odds, lambda *all_: sum(all_, Fraction(0)))
        fits = total.map(lambda sum_: sum_ <= 1)
        odds = [merged([share, fits], lambda share, fit: share if fit else Fraction(0)) for share in odds]
        branches = list(self._branches(odds))
        given = merged([share for share, _ in branches], lambda *all_: sum(all_, Fraction(0)))
        rest = given.map(lambda sum_: 1 - sum_)
        if rest != Week.always(Fraction(0)):
            branches.append((rest, Stop(self._rest(total, odds))))
        return Split(branches)

    def _branches(self, odds: Sequence[Odds]) -> Iterable[tuple[Odds, Way]]:
        placed = [(share, row) for share, row in zip(odds, self.rows, strict=True) if row.thing is not None]
        untold = [share for share, row in zip(odds, self.rows, strict=True) if row.thing is None]
        others = bool(untold) or any(row.thing is not None and self._may_take(row.thing) for _, row in placed)
        for share, row in placed:
            if row.thing is not None:
                yield share, self._or_off(row.thing, row.given, others)
        if untold:
            least = merged(untold, lambda *all_: min(all_))
            for thing in self.candidates:
                yield least, self._or_off(thing, {}, others)

    def _rest(self, total: Week[Fraction], odds: Sequence[Odds]) -> End:
        if total == Week.always(Fraction(1)):
            return unknown(f"which of the new destinations gets which share is {NOT_KNOWN_YET}", tuple(odds))
        return unknown("what becomes of calls when the shares do not make 100 percent is not documented", tuple(odds))

    def _may_take(self, thing: Thing) -> bool:
        return self.walk.world.active(thing) is not False

    def _or_off(self, thing: Thing, given: Mapping[str, Any], others: bool) -> Way:
        """``others`` says whether another one takes calls, whatever its share is."""
        if self._may_take(thing):
            return self.destination(thing, given)
        one = self.walk.world.facts.resource(thing)
        step = Step(f"destination {one.called if one else thing.key!r} is not active", one)
        unsaid = unknown(_ENDS_SHARE, _said(self.profile.get("route_exhausted_action")))
        return Via(step, Stop(unsaid) if others else _exhausted(self.profile))

    def destination(self, thing: Thing, given: Mapping[str, Any]) -> Way:
        """The way on from a destination that takes the call."""
        world = self.walk.world
        one = world.standing(thing)
        if one is None:
            return Stop(unknown(f"the destination is {NOT_DECLARED}", thing.key))
        rank = f" (rank {given['rank']})" if isinstance(given.get("rank"), int) else ""
        on = self._open(one, self._target(thing, one, given))
        if world.active(thing) is None:
            on = Undecided("whether the destination is active is not declared", [on], more=True)
        return Via(Step(f"destination {one.called!r}{rank}", one), on)

    def _open(self, one: Resource, on: Way) -> Way:
        """With what decides whether it takes a call now, and is in no form that is documented."""
        if one.get("preroute_http_url"):
            reason = "what the answer of preroute_http_url does to a call is not documented"
            on = Undecided(reason, [on], more=True, basis=_said(one.get("preroute_http_url")))
        schedules = [_said(one.get(f"{day}_schedule")) for day in DAYS]
        if not any(schedules):
            return on
        reason = "how schedules are written is not documented"
        closed = {said: Undecided(reason, [on], more=True, basis=said) for said in schedules if said}
        ways = [on, *closed.values()]
        places = [list(closed).index(said) + 1 if said else 0 for said in schedules]
        return by_time(Week.by_day(places), ways)

    def _target(self, thing: Thing, one: Resource, given: Mapping[str, Any]) -> Way:
        own = self._to(one.get("kind"), one.get("target"))
        overrides = [*self._overrides(thing, one), *self._below_link(one, given)]
        if given.get("override") is UNKNOWN:
            return Undecided(f"whether the profile overrides the target is {NOT_KNOWN_YET}", [own], more=True)
        if given.get("override") is True and (given.get("target") or self._odd(one, given)):
            step = Step("the profile's own target for it", self.set_)
            kind = f"{_said(given.get('kind'))} " if self._odd(one, given) else ""
            said = UNKNOWN if given.get("target") is UNKNOWN else f"{kind}{given.get('target')}"
            overrides.append((said, Via(step, self._by_link(one, given))))
        if not overrides:
            return own
        if len({_said(target) for target, _ in overrides}) == 1 and overrides[0][0] is not UNKNOWN:
            return overrides[0][1]
        ways = [way for _, way in overrides]
        unsure = any(target is UNKNOWN for target, _ in overrides)
        reason = "which of several overrides wins is not documented"
        return Undecided(
            f"an override is {NOT_KNOWN_YET}" if unsure else reason,
            [own, *ways] if unsure else ways,
            ordered=False,
            more=unsure,
        )

    def _by_link(self, one: Resource, given: Mapping[str, Any]) -> Way:
        if UNKNOWN in (given.get("kind"), given.get("target")):
            return not_known_yet()
        if self._odd(one, given):
            reason = "how a profile's own target is read, when its kind is not the destination's, is not documented"
            kinds = _said(given.get("kind")), _said(one.get("kind"))
            return Stop(unknown(reason, (*kinds, _said(given.get("target")))))
        return self._to(one.get("kind"), given.get("target"))

    def _odd(self, one: Resource, given: Mapping[str, Any]) -> bool:
        """Whether the link is of another kind than the destination. The vendor's own links to numbers are STANDARD."""
        kind = given.get("kind")
        return kind != one.get("kind") and not (kind in (None, "STANDARD") and one.get("kind") in _DIALLED)

    def _overrides(self, thing: Thing, one: Resource) -> list[tuple[Any, Way]]:
        found: list[tuple[Any, Way]] = []
        for row, resource in self.walk.world.overrides(thing):
            dnis = row.get("dnis") if row is not None else UNKNOWN
            if row is None or dnis is UNKNOWN:
                found.append((UNKNOWN, not_known_yet()))
            elif self.dialled and digits_of(str(dnis)) == self.dialled:
                step = Step(f"override for {dnis}", resource)
                found.append((row.get("target"), Via(step, self._to(one.get("kind"), row.get("target")))))
        return found

    def _below_link(self, one: Resource, given: Mapping[str, Any]) -> Iterable[tuple[Any, Way]]:
        """What the vendor holds for the number below the link; programs declare no such thing."""
        for row in given.get(LINK_OVERRIDES, ()):
            if self.dialled and digits_of(row["dnis"]) == self.dialled:
                step = Step(f"the profile's override for {row['dnis']}", self.set_)
                yield row["target"], Via(step, self._to(one.get("kind"), row["target"]))

    def _to(self, kind: Any, target: Any) -> Way:
        if not isinstance(kind, str) or not isinstance(target, str):
            return not_known_yet()
        if kind in _NUMBERS:
            return self.walk.number(target, self.behind)
        if kind == "SIP":
            return self.walk.sip(target, self.behind)
        if kind == "ACD":
            return Stop(End("queue", target))
        if kind in ("IVR", "IVR_STUDIO"):
            return Stop(End("ivr", target))
        return Stop(unknown(f"how the target of a destination of kind {kind} is read is not documented", target))


def _exhausted(profile: Resource) -> Way:
    """What becomes of a call that no destination takes."""
    action = profile.get("route_exhausted_action")
    if action is None:
        return nobody("the profile has no destination that takes calls")
    reason = "what routeExhaustedAction does, when no destination takes a call, is not documented"
    return Stop(unknown(reason, _said(action), f"what routeExhaustedAction {_said(action)} does is not documented"))


def _routing(profile: Resource) -> str:
    return _said(profile.get("routing_type"))


def _rank(given: Mapping[str, Any]) -> int:
    rank = given.get("rank")
    return rank if isinstance(rank, int) else 0


def _said(value: Any) -> str:
    """A value as text; empty when it is not set."""
    if value is UNKNOWN:
        return NOT_KNOWN_YET
    return "" if value is None else str(value)


def _odds(percent: float) -> Fraction:
    return Fraction(percent).limit_denominator(10_000) / 100
