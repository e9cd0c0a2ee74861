"""What a route asks for that leads on to something else: so that no kind of object has to know the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple, Protocol, TypeAlias

from ..plan.facts import Thing, UnknownValue
from .route import Key, Route
from .routing import Routing

Make: TypeAlias = Callable[[frozenset[Key]], Route]


class Hours(NamedTuple):
    """The opening hours of a place, or the others: a change may be about calls of one of the two only."""

    place: str
    """``extension 101``, ``tracking number +13035550100``."""
    open: bool

    def __str__(self) -> str:
        return f"{'in' if self.open else 'outside'} the opening hours of {self.place}"


@dataclass(frozen=True)
class Call:
    """What else decides about a call, besides the number and the minute of the week."""

    caller: str = ""
    """The caller's number, as digits; empty for a caller whom no rule names."""
    moment: datetime | None = None
    """When it is; nothing when it is in no single period that a rule names."""
    hours: Hours | None = None
    """At which place it comes in which hours, where the vendor alone knows when these are; nothing when nobody says."""
    further: tuple[Hours, ...] = ()
    """The same at the other places that it may pass."""

    def __str__(self) -> str:
        """Which calls it stands for; empty for those that no rule names."""
        caller = f"from +{self.caller}" if self.caller else ""
        period = f"in the period from {self.moment.isoformat(sep=' ', timespec='minutes')}" if self.moment else ""
        return " ".join(filter(None, (caller, period, ", ".join(map(str, self.all_hours)))))

    @property
    def special(self) -> bool:
        """Whether it is one of a caller, or in a period, that rules name."""
        return bool(self.caller) or self.moment is not None

    @property
    def all_hours(self) -> tuple[Hours, ...]:
        """Those of every place."""
        return (self.hours, *self.further) if self.hours is not None else ()

    def during(self, hours: tuple[Hours, ...]) -> Call:
        """The same call in the hours of some places."""
        return replace(self, hours=hours[0], further=hours[1:]) if hours else self

    @cached_property
    def wider(self) -> list[Call]:
        """The calls of which it is one: those of which less is said."""
        said = product({self.caller, ""}, {self.moment, None}, {self.all_hours, ()})
        return [one for caller, moment, hours in said if (one := Call(caller, moment).during(hours)) != self]

    def opened(self, place: str) -> bool | None:
        """Whether it comes in the opening hours of a place; nothing when that is not said."""
        return next((one.open for one in self.all_hours if one.place == place), None)


class Onward(Protocol):
    """Where calls go on. ``behind`` are the places that a call has passed."""

    routing: Routing
    call: Call

    def number(self, target: Any, behind: frozenset[Key]) -> Route:
        """The route to a telephone number, which may be one of those that are declared here."""
        ...

    def extension(self, extension: str, behind: frozenset[Key]) -> Route:
        """The route of a call that is transferred to an extension."""
        ...

    def sip(self, target: str, behind: frozenset[Key]) -> Route:
        """The route to a SIP address, which may be that of a ring group."""
        ...

    def object(self, thing: Thing | UnknownValue, behind: frozenset[Key], dialled: str = "") -> Route:
        """The route through an object that takes calls; ``dialled`` is the number, where that matters."""
        ...

    def once(self, key: Key, behind: frozenset[Key], make: Make) -> Route:
        """The route on from a place, made once for all calls that were at the same places of its loop before."""
        ...
