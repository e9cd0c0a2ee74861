"""The routes through profiles and destinations of cloud routing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle.view import Listed
from ..plan.facts import LINK_OVERRIDES, UNKNOWN, Resource, Thing
from ..plan.limits import doubtful, is_zero, may_be_zero
from ..ringcx.cloud_routing.completeness import PERCENT_ALLOCATION
from ..ringcx.cloud_routing.views import AllocationHoursView, AssignedDestinationView, DestinationView, ProfileView
from ..telephony.number import digits_of
from .hours_file import hours_file
from .onward import Onward
from .outcome import End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Odds,
    Route,
    Split,
    Step,
    Stop,
    Undecided,
    Via,
    by_time,
    limited,
    nobody,
    not_known_yet,
)
from .week import Week, merged

_DAILY = "DAILY"
_NUMBERS = ("DID", "IN_NETWORK_DID")
_DIALLED = (*_NUMBERS, "SIP")
"""Kinds of destinations whose targets are dialled."""
_ENDS_SHARE = "what becomes of calls whose destination is not active, while another one is, is not documented"

IS_OFF = "is not active"
"""What is said of a destination that takes no calls."""
SHARES_OF_NEW = f"which of the new destinations gets which share is {NOT_KNOWN_YET}"
"""Why the end of some calls is not known, while each destination that it can be is looked at."""


_ANY_DESTINATION = f"which destination gets a share is {NOT_KNOWN_YET}"


@dataclass(frozen=True)
class _Row:
    """A destination of a profile, and its share of the calls."""

    given: AssignedDestinationView
    thing: Thing | None
    """Nothing when the id is not known yet and more than one destination can be meant."""

    @property
    def daily(self) -> Odds | None:
        """The share that is the same all day."""
        share = self.given.allocation_percent
        return None if share is None or share is UNKNOWN else Week.always(_odds(share))


def route(tracer: Onward, profile: Thing, dialled: str, behind: frozenset[Key]) -> Route:
    """The route of a call to a profile; ``dialled`` is the number, when an override may ask for it."""
    routing = tracer.routing
    one = routing.standing(profile)
    if one is None:
        if routing.ends(profile):
            return nobody("the profile leaves the stack and is switched off")
        return Stop(unknown(f"the profile is {NOT_DECLARED}", profile.key))
    active = routing.active(profile)
    if active is False:
        return Via(Step(f"profile {one.called!r} is not active", one), nobody("the profile is not active"))
    on = Via(Step(f"profile {one.called!r}, {_routing_type(one)}", one), _choice(tracer, profile, one, dialled, behind))
    if active is None:
        return Undecided("whether the profile is active is not declared", [on, nobody("it is not active")])
    return on


def _choice(tracer: Onward, profile: Thing, one: Resource, dialled: str, behind: frozenset[Key]) -> Route:
    routing = tracer.routing
    sets = routing.sets.get(profile, [])
    if not sets and (routing.fresh(profile) or profile in routing.ended_sets):
        return _exhausted(one)
    if len(sets) != 1:
        return Stop(unknown(f"the profile's destinations are {NOT_DECLARED}", routing.id_of(profile)))
    (set_,) = sets
    place = set_.roles.shares
    if place is None or not set_.certain(place.field):
        return Stop(unknown(f"the profile's destinations are {NOT_KNOWN_YET}"))
    things, candidates = routing.rows(set_, place)
    rows = [
        _Row(AssignedDestinationView(given), None if thing is UNKNOWN else thing)
        for given, thing in zip(set_.rows(place.field), things, strict=True)
    ]
    if not rows:
        return _exhausted(one)
    plan = _Plan(tracer, one, set_, rows, candidates, dialled, behind)
    if ProfileView(one).routing_type != PERCENT_ALLOCATION:
        reason = f"how {_routing_type(one)} chooses among destinations is not documented"
        return Undecided(reason, plan.in_order(), more=True, resource=set_)
    return _by_percent(routing.hours.get(profile, []), one, plan)


def _by_percent(hourly: Sequence[Resource], one: Resource, plan: _Plan) -> Route:
    type_ = ProfileView(one).percent_alloc_type
    if type_ is UNKNOWN:
        return Stop(unknown(f"what the percentages are of is {NOT_KNOWN_YET}"))
    daily = plan.split(_daily_shares(plan.rows))
    if not hourly:
        if type_ in (None, _DAILY):
            return daily
        reason = f"what the percentages of {type_} are of is not documented"
        return Undecided(reason, [daily], more=True)
    hours = _by_file(plan, hourly) or plan.split(_hourly_shares(plan, hourly))
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
    routing = plan.tracer.routing
    if len(hourly) != 1 or not AllocationHoursView(hourly[0]).hours.certain:
        return nothing
    (table,) = hourly
    view, place = AllocationHoursView(table), table.roles.hourly_shares
    if place is None or (routing.leaves(table) and view.on_delete == "restore"):
        return nothing
    things, _ = routing.rows(table, place)
    told = {thing: row.percent for thing, row in zip(things, view.hours, strict=True)}
    # Which of the unknown ids is which cannot be told, and does not matter: all that counts is the least of them.
    untold = [row.percent for thing, row in zip(things, view.hours, strict=True) if thing is UNKNOWN]
    if len(untold) != len([row for row in plan.rows if row.thing is None]):
        return nothing
    shares = [_hours(untold.pop() if row.thing is None else told.get(row.thing)) for row in plan.rows]
    known = [share for share in shares if share is not None]
    if known and merged(known, lambda *all_: sum(all_, Fraction(0))) == Week.always(Fraction(1)):
        # The table leaves nothing to a destination that has just come and is not in it yet.
        come = [row.thing is not None and row.thing not in told for row in plan.rows]
        return [Week.always(Fraction(0)) if new else share for new, share in zip(come, shares, strict=True)]
    return shares


def _by_file(plan: _Plan, hourly: Sequence[Resource]) -> Route | None:
    """The calls divided by a file of the program; nothing when there is none that can be read."""
    (table, *others) = hourly
    routing = plan.tracer.routing
    view = AllocationHoursView(table)
    if others or view.file is None:
        return None
    if routing.leaves(table) and view.on_delete == "restore":
        return None
    there = hours_file(routing, table, plan.set_, [row.thing for row in plan.rows])
    if there is None or len(there.rows) != len(plan.rows):
        return None
    if there.by_destination:
        return plan.split([row.thing and _by_hour(tuple(there.by_destination[row.thing])) for row in plan.rows])
    return plan.any_of([_by_hour(tuple(row)) for row in there.rows])


def _hours(percent: Listed[float] | None) -> Odds | None:
    if percent is None or not percent.certain or len(percent) != 24:
        return None
    return _by_hour(tuple(percent))


@cache
def _by_hour(percent: tuple[float, ...]) -> Odds:
    """Many destinations have the same hours."""
    return Week.by_hour([_odds(share) for share in percent])


@dataclass(frozen=True)
class _Plan:
    """The destinations of one profile, for calls to one number."""

    tracer: Onward
    profile: Resource
    set_: Resource
    rows: Sequence[_Row]
    candidates: Sequence[Thing]
    """The destinations that the rows without one stand for, in no order."""
    dialled: str
    behind: frozenset[Key]

    def in_order(self) -> list[Route]:
        """The destinations by rank."""
        ranked = sorted(self.rows, key=lambda row: _rank(row.given))
        return [self.destination(row.thing, row.given) for row in ranked if row.thing is not None]

    def split(self, shares: Sequence[Odds | None]) -> Route:
        """The calls divided by shares. What cannot be told of them is unknown."""
        if any(share is None for share in shares):
            reason = f"a share of the profile's calls is {NOT_DECLARED}, or {NOT_KNOWN_YET}"
            return Undecided(reason, self.in_order(), more=True)
        odds = [share for share in shares if share is not None]
        total = merged(odds, lambda *all_: sum(all_, Fraction(0)))
        fits = total.map(lambda sum_: sum_ <= 1)
        if fits != Week.always(True):
            odds = [merged([share, fits], lambda share, fit: share if fit else Fraction(0)) for share in odds]
        branches = list(self._branches(odds))
        given = merged([share for share, _ in branches], lambda *all_: sum(all_, Fraction(0)))
        rest = given.map(lambda sum_: 1 - sum_)
        if rest != Week.always(Fraction(0)):
            branches.append((rest, Stop(self._rest(total, odds))))
        return Split(branches)

    def any_of(self, shares: Sequence[Odds]) -> Route:
        """The calls divided by shares of which nobody tells whose they are."""
        routes: dict[tuple[Fraction, ...], Route] = {}

        def divided(*here: Fraction) -> int:
            key = tuple(sorted(here))
            if key not in routes:
                routes[key] = self._any_of(key)
            return list(routes).index(key)

        return by_time(merged(shares, divided), list(routes.values()))

    def _any_of(self, shares: tuple[Fraction, ...]) -> Route:
        others = any(row.thing is not None and self._may_take(row.thing) for row in self.rows)
        known = [self._or_off(row.thing, row.given, others) for row in self.rows if row.thing is not None]
        reason = "which destination a share of the file is for is in a form that is not documented"
        more = len(known) < len(self.rows) or sum(shares) != 1
        return Undecided(reason, known, ordered=False, more=more, basis=shares, resource=self.set_)

    def _branches(self, odds: Sequence[Odds]) -> Iterable[tuple[Odds, Route]]:
        placed = [(share, row) for share, row in zip(odds, self.rows, strict=True) if row.thing is not None]
        untold = [share for share, row in zip(odds, self.rows, strict=True) if row.thing is None]
        others = bool(untold) or any(row.thing is not None and self._may_take(row.thing) for _, row in placed)
        for share, row in placed:
            if row.thing is not None:
                yield share, self._or_off(row.thing, row.given, others)
        if untold:
            least = merged(untold, lambda *all_: min(all_))
            for thing in self.candidates:
                yield least, self._or_off(thing, AssignedDestinationView({}), others)

    def _rest(self, total: Week[Fraction], odds: Sequence[Odds]) -> End:
        if total == Week.always(Fraction(1)):
            return unknown(SHARES_OF_NEW if self.candidates else _ANY_DESTINATION, tuple(odds))
        return unknown("what becomes of calls when the shares do not make 100 percent is not documented")

    def _may_take(self, thing: Thing) -> bool:
        return self.tracer.routing.active(thing) is not False

    def _or_off(self, thing: Thing, given: AssignedDestinationView, others: bool) -> Route:
        """``others`` says whether another one takes calls, whatever its share is."""
        if self._may_take(thing):
            return self.destination(thing, given)
        one = self.tracer.routing.facts.resource(thing)
        step = Step(f"destination {one.called if one else thing.key!r} {IS_OFF}", one)
        unsaid = unknown(_ENDS_SHARE, _said(ProfileView(self.profile).route_exhausted_action))
        return Via(step, Stop(unsaid) if others else _exhausted(self.profile))

    def destination(self, thing: Thing, given: AssignedDestinationView) -> Route:
        """The route on from a destination that takes the call."""
        routing = self.tracer.routing
        one = routing.standing(thing)
        if one is None:
            return Stop(unknown(f"the destination is {NOT_DECLARED}", thing.key))
        rank = f" (rank {given.rank})" if isinstance(given.rank, int) else ""
        on = self._limited(one, given, self._open(one, self._target(thing, one, given)))
        if routing.active(thing) is None:
            on = Undecided("whether the destination is active is not declared", [on], more=True)
        return Via(Step(f"destination {one.called!r}{rank}", one), on)

    def _limited(self, one: Resource, given: AssignedDestinationView, on: Route) -> Route:
        """With limits, its own and those of the link, which with ``override`` win over its own."""
        said = given.said if given.override is True else {}
        own = {name: zero for name, zero in doubtful(one.roles, one.props).items() if said.get(name) is None}
        values = {place.inner: place.of(given.said) for place in self.set_.roles.places(means.Limit)}
        link = {name: is_zero(value) for name, value in values.items() if may_be_zero(value)}
        return limited(on, {**own, **link}, one)

    def _open(self, one: Resource, on: Route) -> Route:
        """With what decides whether it takes a call now, and is in no form that is documented."""
        view = DestinationView(one)
        if view.preroute_http_url:
            reason = "what the answer of preroute_http_url does to a call is not documented"
            on = Undecided(reason, [on], more=True, basis=_said(view.preroute_http_url))
        schedules = [_said(schedule) for schedule in view.schedules]
        if not any(schedules):
            return on
        reason = "how schedules are written is not documented"
        closed = {said: Undecided(reason, [on], more=True, basis=said) for said in schedules if said}
        routes = [on, *closed.values()]
        places = [list(closed).index(said) + 1 if said else 0 for said in schedules]
        return by_time(Week.by_day(places), routes)

    def _target(self, thing: Thing, one: Resource, given: AssignedDestinationView) -> Route:
        view = DestinationView(one)
        own = self._to(view.kind, view.target)
        overrides = [*self._overrides(thing, one), *self._below_link(one, given)]
        if given.override is UNKNOWN:
            return Undecided(f"whether the profile overrides the target is {NOT_KNOWN_YET}", [own], more=True)
        if given.override is True and (given.target or self._odd(one, given)):
            step = Step("the profile's own target for it", self.set_)
            said = (given.kind, given.target) if self._odd(one, given) else given.target
            overrides.append((UNKNOWN if given.target is UNKNOWN else said, Via(step, self._by_link(one, given))))
        if not overrides:
            return own
        if len({_said(target) for target, _ in overrides}) == 1 and overrides[0][0] is not UNKNOWN:
            return overrides[0][1]
        routes = [route for _, route in overrides]
        unsure = any(target is UNKNOWN for target, _ in overrides)
        reason = "which of several overrides wins is not documented"
        return Undecided(
            f"an override is {NOT_KNOWN_YET}" if unsure else reason,
            [own, *routes] if unsure else routes,
            ordered=False,
            more=unsure,
        )

    def _by_link(self, one: Resource, given: AssignedDestinationView) -> Route:
        if UNKNOWN in (given.kind, given.target):
            return not_known_yet()
        if self._odd(one, given):
            reason = "how a profile's own target is read, when its kind is not the destination's, is not documented"
            kinds = _said(given.kind), _said(DestinationView(one).kind)
            return Stop(unknown(reason, (*kinds, _said(given.target))))
        return self._to(DestinationView(one).kind, given.target)

    def _odd(self, one: Resource, given: AssignedDestinationView) -> bool:
        """Whether the link is of another kind than the destination. The vendor's own links to numbers are STANDARD."""
        kind, own = given.kind, DestinationView(one).kind
        return kind != own and not (kind in (None, "STANDARD") and own in _DIALLED)

    def _overrides(self, thing: Thing, one: Resource) -> list[tuple[Any, Route]]:
        found: list[tuple[Any, Route]] = []
        for number, target, resource in self.tracer.routing.overrides(thing):
            if number is UNKNOWN:
                found.append((UNKNOWN, not_known_yet()))
            elif self.dialled and digits_of(str(number)) == self.dialled:
                step = Step(f"override for {number}", resource)
                found.append((target, Via(step, self._to(DestinationView(one).kind, target))))
        return found

    def _below_link(self, one: Resource, given: AssignedDestinationView) -> Iterable[tuple[Any, Route]]:
        """What the vendor holds for the number below the link; programs declare no such thing."""
        for number, target in given.said.get(LINK_OVERRIDES, ()):
            if self.dialled and digits_of(number) == self.dialled:
                step = Step(f"the profile's override for {number}", self.set_)
                yield target, Via(step, self._to(DestinationView(one).kind, target))

    def _to(self, kind: Any, target: Any) -> Route:
        if not isinstance(kind, str) or not isinstance(target, str):
            return not_known_yet()
        if kind in _NUMBERS:
            return self.tracer.number(target, self.behind)
        if kind == "SIP":
            return self.tracer.sip(target, self.behind)
        if kind == "ACD":
            return Stop(End("queue", target))
        if kind in ("IVR", "IVR_STUDIO"):
            return Stop(End("ivr", target))
        return Stop(unknown(f"how the target of a destination of kind {kind} is read is not documented", target))


def _exhausted(profile: Resource) -> Route:
    """What becomes of a call that no destination takes."""
    action = ProfileView(profile).route_exhausted_action
    if action is None:
        return nobody("the profile has no destination that takes calls")
    reason = "what routeExhaustedAction does, when no destination takes a call, is not documented"
    return Stop(unknown(reason, _said(action), f"what routeExhaustedAction {_said(action)} does is not documented"))


def _routing_type(profile: Resource) -> str:
    return _said(ProfileView(profile).routing_type)


def _rank(given: AssignedDestinationView) -> int:
    return given.rank if isinstance(given.rank, int) else 0


def _said(value: Any) -> str:
    """A value as text; empty when it is not set."""
    if value is UNKNOWN:
        return NOT_KNOWN_YET
    return "" if value is None else str(value)


@cache
def _odds(percent: float) -> Fraction:
    """One object for each share: hours with the same shares are worked out once."""
    return Fraction(percent).limit_denominator(10_000) / 100
