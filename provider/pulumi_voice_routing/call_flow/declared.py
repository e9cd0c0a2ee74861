"""The routes through objects of which nothing is peculiar: what they declare is all that there is to know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..plan.facts import UNKNOWN, Resource, Thing, noun_of
from ..plan.targets import readings
from .onward import Onward
from .outcome import End, Kind, unknown
from .route import NOT_DECLARED, NOT_KNOWN_YET, Key, Route, Step, Stop, Undecided, Via, nobody, not_known_yet

WORDS: dict[str | None, str] = {"queue": "queue", "ivr": "IVR"}
_ENDS: dict[str | None, Kind] = {"queue": "queue", "ivr": "ivr", "extension": "extension", "voicemail": "voicemail"}


def route(on: Onward, thing: Thing, behind: frozenset[Key]) -> Route:
    """The route of a call to an object."""
    one, noun = on.routing.standing(thing), noun_of(thing.type)
    if one is None:
        if on.routing.ends(thing):
            return nobody(f"the {noun} leaves the stack")
        return Stop(unknown(f"the {noun} is {NOT_DECLARED}", references.last(thing.key)))
    step = Step(f"{noun} {one.called!r}", one)
    active = one.switch()
    if active is False:
        return Via(Step(f"{step.what} is not active", one), nobody("it is not active"))
    targets = list(_targets(on, one, behind))
    untold = Stop(unknown(f"where calls to the {noun} go on to is {NOT_DECLARED}", on.routing.id_of(thing)))
    several = "which of several targets gets a call is not documented"
    led = targets[0] if len(targets) == 1 else Undecided(several, targets, more=True) if targets else untold
    if active is UNKNOWN:
        led = Undecided(f"whether the {noun} is active is {NOT_KNOWN_YET}", [led, nobody("it is not active")])
    return Via(step, led)


def _targets(on: Onward, one: Resource, behind: frozenset[Key]) -> Iterator[Route]:
    for value, reads in readings(on.routing.facts, one):
        if not isinstance(value.value, str) or reads is UNKNOWN:
            yield not_known_yet()
        else:
            yield target(on, reads, value.value, behind)
    for place in one.roles.places(means.Target):
        if place.mark.to and not place.inner and one.at(place) is not None:
            yield on.object(on.routing.link(one, place.field, place.mark.to), behind)


def target(on: Onward, reads: means.Reading | None, to: str, behind: frozenset[Key]) -> Route:
    """Where a target leads, by how it is read."""
    if reads in ("number", "dialled"):
        return on.number(to, behind)
    return on.sip(to, behind) if reads == "sip" else end(reads, to)


def end(reads: means.Reading | None, what: Any) -> Route:
    """The end that a target is."""
    kind = _ENDS.get(reads)
    if kind is None:
        return Stop(unknown("how the target is read is not documented", str(what)))
    return Stop(End(kind, str(what)))
