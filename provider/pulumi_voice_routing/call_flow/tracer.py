"""The routes of calls through everything that is declared.

The vendors leave much unsaid: how a weekday's opening times are written, what happens when no destination takes a call,
which hours a share is of. Where it matters, the route says that it is unknown, and why; it never guesses.

A call is one call at a time, the first one of its caller: nobody else is on the line, and no destination is kept for
the caller from before. What a resource leaves out counts as not set.
"""

from __future__ import annotations

from typing import Any

from ..lifecycle import references
from ..plan.facts import UNKNOWN, Resource, Thing, UnknownValue
from ..plan.holdings import given_away, owner_of
from ..ringcx.cloud_routing.views import ProfileView
from ..ringcx.numbers.views import TrackingNumberView
from ..telephony.number import as_declared, digits_of
from . import declared, extensions, profiles, ring_groups, tracking
from .loops import Loop, is_place, loop, loops
from .onward import Call, Make
from .outcome import End, unknown
from .route import NOT_DECLARED, NOT_KNOWN_YET, Key, Route, Step, Stop, Undecided, Via, nobody, not_known_yet
from .routing import EXTENSION, IN_QUEUES, Routing, subject_of

__all__ = ["Call", "Tracer"]

_MOST_HOPS = 30


class Tracer:
    """Builds routes, each part of them once."""

    def __init__(self, routing: Routing, call: Call | None = None) -> None:
        self.routing = routing
        self.call = call or Call()
        self._made: dict[tuple[Key, frozenset[Key]], Route] = {}
        self._loops: dict[Key, Loop] = {}
        self._next: dict[Key, Make] | None = None
        """What a place leads to, while only that is asked for."""

    def route(self, number: str) -> Route | None:
        """The route of calls to a number or an extension; nothing when the configuration does not know it."""
        digits = subject_of(number)
        if digits.startswith(EXTENSION):
            extension, queue, _ = digits.removeprefix(EXTENSION).partition(IN_QUEUES)
            return extensions.route(self, extension, queue or extensions.UNNAMED, frozenset())
        known = self.known(digits, frozenset())
        if known is not None:
            return known
        if digits in self.routing.groups or digits in self.routing.ended_groups:
            return ring_groups.route(self, digits, frozenset())
        return None

    # Where calls go on, for every vendor

    def known(self, digits: str, behind: frozenset[Key]) -> Route | None:
        """The route of a number that callers dial; nothing when the configuration does not know it."""
        routing = self.routing
        if digits in routing.answered_by or digits in routing.released or digits in routing.records:
            return self.once(("number", digits), behind, lambda on: self._dialled(digits, on))
        if digits in routing.extensions_of:
            routes = [extensions.route(self, one, digits, behind) for one in routing.extensions_of[digits]]
            return routes[0] if len(routes) == 1 else Undecided("rules of several extensions name the number", routes)
        if digits in routing.inbound:
            group = routing.inbound[digits]
            return Via(Step(f"an inbound rule leads it to {group}"), ring_groups.route(self, group, behind))
        return None

    def number(self, target: Any, behind: frozenset[Key]) -> Route:
        """The route to a telephone number, which may be one of those that are declared here."""
        if not isinstance(target, str):
            return not_known_yet()
        written = as_declared(target)
        on = self.known(digits_of(written), behind)
        return Stop(End("number", written)) if on is None else Via(Step(f"dials {written}"), on)

    def extension(self, extension: str, behind: frozenset[Key]) -> Route:
        """The route of a call that is transferred to an extension."""
        return extensions.route(self, extension, "", behind)

    def sip(self, target: str, behind: frozenset[Key]) -> Route:
        """The route to a SIP address, which may be that of a ring group."""
        return ring_groups.by_address(self, target, behind) or Stop(End("sip", target))

    def object(self, thing: Thing | UnknownValue, behind: frozenset[Key], dialled: str = "") -> Route:
        """The route through an object that takes calls; ``dialled`` is the number, where that matters."""
        if thing is UNKNOWN:
            return not_known_yet()
        if thing.type == ProfileView.token:
            overridden = self.routing.overridden
            number = dialled if overridden is None or dialled in overridden else ""
            key: Key = ("profile", thing.key, number)
            return self.once(key, behind, lambda on: profiles.route(self, thing, number, on))
        if thing.type == TrackingNumberView.token:
            return self.once(("tracking number", thing.key), behind, lambda on: tracking.route(self, thing, on))
        return self.once((thing.type, thing.key), behind, lambda on: declared.route(self, thing, on))

    def once(self, key: Key, behind: frozenset[Key], make: Make) -> Route:
        """The route on from a place, made once for all calls that were at the same places of its loop before.

        A call that comes back to a place is in a loop.
        """
        if self._next is not None:
            self._next[key] = make
            return _SOMEWHERE
        if key in behind:
            return Stop(End("loop", "calls come back to where they were"))
        here = self._loop(key, make)
        before = here.places & behind
        if behind and is_place(key):
            if here.depth > _MOST_HOPS:
                return Stop(unknown(f"more than {_MOST_HOPS} places on the way"))
            if before and here.tangled:
                return Stop(unknown("calls can go round in more ways than can be followed"))
        if (key, before) not in self._made:
            self._made[key, before] = make(behind | {key} if is_place(key) else behind)
        return self._made[key, before]

    def _loop(self, start: Key, make: Make) -> Loop:
        if start not in self._loops:
            onward: dict[Key, dict[Key, Make]] = {}
            todo = {start: make}
            while todo:
                key, make = todo.popitem()
                self._next = {}
                make(frozenset())
                onward[key], self._next = self._next, None
                todo |= {one: on for one, on in onward[key].items() if one not in onward and one not in self._loops}
            for keys in loops(start, onward, self._loops):
                self._loops |= dict.fromkeys(keys, loop(keys, onward, self._loops))
        return self._loops[start]

    # Dialled numbers

    def _dialled(self, digits: str, behind: frozenset[Key]) -> Route:
        number = self.routing.shown(digits)
        active, record = self.routing.records.get(digits, (None, None))
        if active is False:
            return Via(Step(f"{number} has a record that is not in use", record), nobody("its number is not in use"))
        route = self._answered(digits, number, behind)
        if active is UNKNOWN:
            return Undecided("whether the number is in use is " + NOT_KNOWN_YET, [route, nobody("not in use")])
        return route

    def _answered(self, digits: str, number: str, behind: frozenset[Key]) -> Route:
        there = self.routing.answered_by.get(digits)
        if digits in self.routing.released:
            return Via(Step(f"{number} is released"), nobody("nobody answers the number any more"))
        if not there:
            _, record = self.routing.records[digits]
            end = unknown(f"who answers the number is {NOT_DECLARED}", digits)
            return Via(Step(f"{number} is in the pool", record), Stop(end))
        if len(there) > 1:
            routes = [self._by(one, digits, behind) for one in there]
            return Undecided("the number is declared more than once", routes, ordered=False, more=True)
        (one,) = there
        step = Step(f"{number} is answered by {_owner(self.routing, one)}", one)
        return Via(step, self._by(one, digits, behind))

    def _by(self, one: Resource, digits: str, behind: frozenset[Key]) -> Route:
        active = one.switch()
        if active is False:
            return nobody("the assignment is not active")
        stranger = given_away(one).get(digits)
        route = self._strange(stranger, digits, behind) if stranger else self._owner(one, digits, behind)
        if active is UNKNOWN:
            return Undecided(
                "whether the assignment is active is " + NOT_KNOWN_YET, [route, nobody("it is not active")]
            )
        return route

    def _owner(self, one: Resource, digits: str, behind: frozenset[Key]) -> Route:
        if one.roles.answers_itself:
            return self.object(self.routing.facts.thing(one), behind)
        owner = owner_of(one)
        if owner is None:
            return Stop(unknown(f"who answers the number is {NOT_DECLARED}", digits))
        if owner.mark.type:
            return self.object(self.routing.link(one, owner.field, owner.mark.type), behind, digits)
        said = one.at(owner)
        return declared.end(owner.mark.reads, said) if isinstance(said, str) else not_known_yet()

    def _strange(self, stranger: tuple[str, str], digits: str, behind: frozenset[Key]) -> Route:
        """The owner that somebody else gave the number to, as the state remembers."""
        product, id_ = stranger
        if product == "queue":
            return Stop(End("queue", id_))
        if product == "Visual IVR":
            return Stop(End("ivr", id_))
        type_ = TrackingNumberView.token if product == "tracking number" else ProfileView.token
        return self.object(self.routing.facts.with_id(type_, id_), behind, digits)


_SOMEWHERE = Stop(unknown("what comes next"))


def _owner(routing: Routing, one: Resource) -> str:
    if one.roles.answers_itself:
        return f"a {one.roles.answered_by}"
    owner = owner_of(one)
    if owner is None:
        return "a profile"
    said = one.at(owner)
    if said is UNKNOWN and not owner.mark.type:
        return f"a {owner.mark.called}"
    if not owner.mark.type:
        return f"{declared.WORDS.get(owner.mark.reads, owner.mark.called)} {said}"
    thing = routing.link(one, owner.field, owner.mark.type)
    if thing is UNKNOWN:
        return f"a {owner.mark.called}"
    there = routing.standing(thing)
    return (
        f"{owner.mark.called} {there.called!r}"
        if there is not None
        else f"{owner.mark.called} {references.last(thing.key)}"
    )
