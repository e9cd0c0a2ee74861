"""What providers switch on by themselves: whatever a program declares, and is about to get calls that come in now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..lifecycle import meaning as means
from .facts import Facts, Resource, Thing, UnknownValue
from .liveness import Liveness, shares

__all__ = ["with_woken"]


def with_woken(facts: Facts) -> Facts:
    """The same facts, with all that switched on. Who had calls before is as it was; what the program says counts."""
    liveness = Liveness.of(facts)
    live = [one for one in facts.that(shares) if facts.parent(one) in liveness.before - liveness.ends.keys()]
    if not live:
        return facts
    named = set(_named(facts))

    def woken(one: Resource) -> Resource:
        switch, thing = one.roles.top(means.Switch), facts.thing(one)
        wakes = one.roles.begins_off and one.roles.has(means.Target) and not one.begins_with_another
        if not wakes or switch is None or one.at(switch) is not None:
            return one
        if thing in named or thing in liveness.ends or not any(liveness.uses(set_, thing) for set_ in live):
            return one
        return replace(one, props={**one.props, switch.field: True})

    declared = [woken(one) for one in facts.declared]
    changed = any(new is not old for new, old in zip(declared, facts.declared, strict=True))
    return facts.but(declared) if changed else facts


def _named(facts: Facts) -> Iterator[Thing | UnknownValue]:
    """What sets of the state name."""
    for one in facts.before.that(shares) if facts.before else ():
        place = one.roles.shares
        if place is not None:
            yield from (facts.with_id(place.mark.to, place.of(row)) for row in one.rows(place.field))
