"""The ways of calls through everything that is declared.

The vendors leave much unsaid: how a weekday's opening times are written, what happens when no destination takes a call,
which hours a share is of. Where it matters, the way says that it is unknown, and why; it never guesses.

A call is one call at a time, the first one of its caller: nobody else is on the line, and no destination is kept for
the caller from before. What a resource leaves out counts as not set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from ..lifecycle import references
from ..plan.facts import PROFILE, TRACKING_NUMBER, UNKNOWN, Resource, Thing, UnknownValue
from ..telephony.number import e164
from . import extensions, ring_groups, tracking
from . import profiles as plans
from .loops import Circle, circle, circles, is_place
from .outcome import End, unknown
from .route import NOT_DECLARED, NOT_KNOWN_YET, Key, Step, Stop, Undecided, Via, Way, nobody, not_known_yet
from .routing import EXTENSION, World, digits_of, subject_of

_MOST_HOPS = 30
_Make: TypeAlias = Callable[[frozenset[Key]], Way]


@dataclass(frozen=True)
class Call:
    """What else decides about a call, besides the number and the minute of the week."""

    caller: str = ""
    """The caller's number, as digits; empty for a caller whom no rule names."""
    moment: datetime | None = None
    """When it is; nothing when it is in no single period that a rule names."""


class Walker:
    """Builds ways, each part of them once."""

    def __init__(self, world: World, call: Call | None = None) -> None:
        self.world = world
        self.call = call or Call()
        self._made: dict[tuple[Key, frozenset[Key]], Way] = {}
        self._circles: dict[Key, Circle] = {}
        self._next: dict[Key, _Make] | None = None
        """What a place leads to, while only that is asked for."""

    def way(self, number: str) -> Way | None:
        """The way of calls to a number or an extension; nothing when the configuration does not know it."""
        digits = subject_of(number)
        if digits.startswith(EXTENSION):
            return extensions.way(self, digits.removeprefix(EXTENSION), extensions.UNNAMED, frozenset())
        known = self.known(digits, frozenset())
        if known is not None:
            return known
        if digits in self.world.groups or digits in self.world.ended_groups:
            return ring_groups.way(self, digits, frozenset())
        return None

    # Where calls go on, for every vendor

    def known(self, digits: str, behind: frozenset[Key]) -> Way | None:
        """The way of a number that callers dial; nothing when the configuration does not know it."""
        world = self.world
        if digits in world.answered_by or digits in world.released or digits in world.records:
            return self.once(("number", digits), behind, lambda on: self._dialled(digits, on))
        if digits in world.extensions_of:
            ways = [extensions.way(self, one, digits, behind) for one in world.extensions_of[digits]]
            return (
                ways[0]
                if len(ways) == 1
                else Undecided("rules of several extensions name the number", ways, ordered=False)
            )
        return None

    def number(self, target: Any, behind: frozenset[Key]) -> Way:
        """The way to a telephone number, which may be one of those that are declared here."""
        if not isinstance(target, str):
            return not_known_yet()
        written = _canonical(target)
        on = self.known(digits_of(written), behind)
        return Stop(End("number", written)) if on is None else Via(Step(f"dials {written}"), on)

    def sip(self, target: str, behind: frozenset[Key]) -> Way:
        """The way to a SIP address, which may be that of a ring group."""
        return ring_groups.by_address(self, target, behind) or Stop(End("sip", target))

    def profile(self, one: Resource, behind: frozenset[Key], digits: str) -> Way:
        """The way through the profile that a resource names."""
        thing = self.world.link(one, "profile", PROFILE)
        if thing is UNKNOWN:
            return not_known_yet()
        overridden = self.world.overridden
        dialled = digits if overridden is None or digits in overridden else ""
        return self.once(("profile", thing.key, dialled), behind, lambda on: plans.way(self, thing, dialled, on))

    def tracking_number(self, thing: Thing | UnknownValue, behind: frozenset[Key]) -> Way:
        """The way through a tracking number."""
        if thing is UNKNOWN:
            return not_known_yet()
        return self.once(("tracking number", thing.key), behind, lambda on: tracking.way(self, thing, on))

    def once(self, key: Key, behind: frozenset[Key], make: _Make) -> Way:
        """The way on from a place, made once for all calls that were at the same places of its circle before.

        A call that comes back to a place is in a loop.
        """
        if self._next is not None:
            self._next[key] = make
            return _SOMEWHERE
        if key in behind:
            return Stop(End("loop", "calls come back to where they were"))
        here = self._circle(key, make)
        before = here.places & behind
        if behind and is_place(key):
            if here.depth > _MOST_HOPS:
                return Stop(unknown(f"more than {_MOST_HOPS} places on the way"))
            if before and here.tangled:
                return Stop(unknown("calls can go round in more ways than can be followed"))
        if (key, before) not in self._made:
            self._made[key, before] = make(behind | {key} if is_place(key) else behind)
        return self._made[key, before]

    def _circle(self, start: Key, make: _Make) -> Circle:
        if start not in self._circles:
            onward: dict[Key, dict[Key, _Make]] = {}
            todo = {start: make}
            while todo:
                key, make = todo.popitem()
                self._next = {}
                make(frozenset())
                onward[key], self._next = self._next, None
                todo |= {one: on for one, on in onward[key].items() if one not in onward and one not in self._circles}
            for keys in circles(start, onward, self._circles):
                self._circles |= dict.fromkeys(keys, circle(keys, onward, self._circles))
        return self._circles[start]

    # Dialled numbers

    def _dialled(self, digits: str, behind: frozenset[Key]) -> Way:
        number = self.world.shown(digits)
        active, record = self.world.records.get(digits, (None, None))
        if active is False:
            return Via(Step(f"{number} has a record that is not in use", record), nobody("its number is not in use"))
        way = self._answered(digits, number, behind)
        if active is UNKNOWN:
            return Undecided("whether the number is in use is " + NOT_KNOWN_YET, [way, nobody("not in use")])
        return way

    def _answered(self, digits: str, number: str, behind: frozenset[Key]) -> Way:
        place = ("number", digits)
        there = self.world.answered_by.get(digits, [])
        if digits in self.world.released:
            return Via(Step(f"{number} is released"), nobody("nobody answers the number any more"), place)
        if not there:
            _, record = self.world.records[digits]
            end = unknown(f"who answers the number is {NOT_DECLARED}", digits)
            return Via(Step(f"{number} is in the pool", record), Stop(end), place)
        if len(there) > 1:
            ways = [self._by(one, digits, behind) for one in there]
            return Undecided("the number is declared more than once", ways, ordered=False, more=True)
        (one,) = there
        step = Step(f"{number} is answered by {_owner(self.world, one)}", one)
        return Via(step, self._by(one, digits, behind), place)

    def _by(self, one: Resource, digits: str, behind: frozenset[Key]) -> Way:
        active = one.get("active")
        if active is False:
            return nobody("the assignment is not active")
        stranger = (one.get("__elsewhere") or {}).get(digits)
        way = self._strange(stranger, behind) if stranger else self._owner(one, digits, behind)
        if active is UNKNOWN:
            return Undecided("whether the assignment is active is " + NOT_KNOWN_YET, [way, nobody("it is not active")])
        return way

    def _owner(self, one: Resource, digits: str, behind: frozenset[Key]) -> Way:
        if one.type == TRACKING_NUMBER:
            return self.tracking_number(self.world.facts.thing(one), behind)
        for name, kind in (("queue_id", "queue"), ("visual_ivr_id", "ivr")):
            if one.get(name) is UNKNOWN:
                return not_known_yet()
            if one.get(name) is not None:
                return Stop(End("queue" if kind == "queue" else "ivr", str(one.get(name))))
        if one.get("profile") is None:
            return Stop(unknown(f"who answers the number is {NOT_DECLARED}", digits))
        return self.profile(one, behind, digits)

    def _strange(self, stranger: Any, behind: frozenset[Key]) -> Way:
        """The owner that somebody else gave the number to, as the state remembers."""
        product, number = stranger
        if product == "queue":
            return Stop(End("queue", str(number)))
        if product == "Visual IVR":
            return Stop(End("ivr", str(number)))
        if product == "tracking number":
            return self.tracking_number(self.world.facts.with_id(TRACKING_NUMBER, str(number)), behind)
        thing = self.world.facts.with_id(PROFILE, str(number))
        return plans.way(self, thing, "", behind) if thing is not UNKNOWN else not_known_yet()


_SOMEWHERE = Stop(unknown("what comes next"))


def _canonical(target: str) -> str:
    try:
        return e164(target)
    except ValueError:
        return target


def _owner(world: World, one: Resource) -> str:
    if one.type == TRACKING_NUMBER:
        return "a tracking number"
    for name, word in (("queue_id", "queue"), ("visual_ivr_id", "IVR")):
        if isinstance(one.get(name), str):
            return f"{word} {one.get(name)}"
    thing = world.link(one, "profile", PROFILE)
    if thing is UNKNOWN:
        return "a profile"
    profile = world.standing(thing)
    return f"profile {profile.called!r}" if profile is not None else f"profile {references.last(thing.key)}"
