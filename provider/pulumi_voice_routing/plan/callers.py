"""Who has callers: the numbers that lead to a profile or a destination, before a run or after it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ..lifecycle import meaning as means
from .facts import UNKNOWN, Facts, Resource, Thing, UnknownValue
from .holdings import holdings
from .liveness import shares
from .roles import roles_of


class Callers:
    """The numbers of a stack by what they lead to. A number whose owner cannot be told may lead anywhere."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @classmethod
    def of(cls, facts: Facts) -> Callers:
        """The one for these facts."""
        return facts.once(cls)

    def has(self, thing: Thing) -> bool:
        """Whether a number may lead to an object that takes calls.

        A destination that no profile of the stack uses may belong to one that the stack does not know.
        """
        if roles_of(thing.type).top(means.Target) is None:
            return UNKNOWN in self._owners or self._facts.in_approvals(thing) in self._owners
        users = list(self._users(thing))
        return not users or any(map(self.has, users))

    @cached_property
    def _owners(self) -> set[object]:
        before = self._facts.before.resources if self._facts.before else []
        there = [*holdings(self._facts, before), *holdings(self._facts, self._facts.declared)]
        return {one.owner for one in there if one.active is not False}

    def _users(self, destination: Thing) -> Iterator[Thing]:
        """What divides its calls among others, this one included."""
        for one, parent in self._sets:
            place = one.roles.shares
            if place is None or parent is None or parent is UNKNOWN:
                continue
            linked = {self._facts.with_id(place.mark.to, place.of(row)) for row in one.rows(place.field)}
            if destination in linked or UNKNOWN in linked or not one.certain(place.field):
                yield parent

    @cached_property
    def _sets(self) -> list[tuple[Resource, Thing | UnknownValue | None]]:
        facts = self._facts
        saved = facts.before.that(shares) if facts.before else []
        before = [(one, facts.saved_parent(one)) for one in saved]
        return before + [(one, facts.parent(one)) for one in facts.that(shares)]
