"""The queues and IVRs that a stack names. No vendor's list tells which there are; that calls go to one tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..lifecycle import meaning as means
from ..lifecycle.meaning import Reading
from .facts import UNKNOWN, Before, Facts, Resource
from .roles import roles_of
from .targets import readings

Named = tuple[Reading, str]
"""How it is read, and its id: ``("queue", "1000")``."""
_READ: tuple[Reading, ...] = ("queue", "ivr")
_CALLED: dict[str, Reading] = {"queue": "queue", "Visual IVR": "ivr"}


def in_use(facts: Facts) -> frozenset[Named]:
    """Those to which calls go before the run, as far as the state and the vendor tell."""
    return facts.once(_in_use)


def named_by(resources: Iterable[Resource]) -> frozenset[Named]:
    """Those to which calls go by resources of a state, or of a vendor."""
    there = list(resources)
    return in_use(Facts(there, Before(there)))


def new(facts: Facts) -> frozenset[Named]:
    """Those that the program names and nothing led to before."""
    return frozenset(_named(facts, facts.declared)) - in_use(facts)


def _in_use(facts: Facts) -> frozenset[Named]:
    live = [str(owner).rpartition(" ") for owner in facts.live.values() if owner is not None]
    there = facts.before.resources if facts.before else []
    return frozenset({*_named(facts, there), *((_CALLED[called], id_) for called, _, id_ in live if called in _CALLED)})


def _named(facts: Facts, resources: Iterable[Resource]) -> Iterator[Named]:
    for one in resources:
        for place in roles_of(one.type).places(means.Owner):
            said = one.at(place)
            if place.mark.reads in _READ and isinstance(said, str):
                yield place.mark.reads, said
        if one.roles.has(means.Target):
            for value, reads in readings(facts, one):
                if reads is not UNKNOWN and reads in _READ and isinstance(value.value, str):
                    yield reads, value.value
