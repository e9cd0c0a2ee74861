"""Numbers that cannot be read, because the program gives them as a secret: their resource speaks for all of them.

The number of a record or an assignment is in its id, in clear. What is left are lists, and tracking numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..lifecycle import meaning as means
from ..permission.approvals import Change
from ..permission.needed import HIDDEN, INACTIVE, NOBODY, NOT_KNOWN, REASSIGN, RELEASE
from .facts import UNKNOWN, Facts, Resource
from .holdings import Holding, end_of, hides_numbers, left_with, owner_of, together

CANNOT_BE_COMPARED = "the state keeps them as a secret, and nobody can tell which of them stay: write them plainly"


def hidden_changes(facts: Facts) -> Iterator[tuple[Change, Resource | None, str]]:
    """The permissions for numbers that the state hides, with the resource that asks for each and how it comes about."""
    for saved in facts.before.resources if facts.before else []:
        present = facts.successor(saved)
        if not hides_numbers(saved) or (present is None and (saved.kept or not facts.whole)):
            continue
        if present is not None and facts.unchanged(present):
            continue
        yield from _recorded(saved, present) if saved.roles.records else _answered(facts, saved, present)


def stays(facts: Facts, was: Holding, now: Holding) -> bool:
    """Whether an owner that the state does not show is the same after the run, as far as that can be told.

    The engine knows. A policy pack sees the plain value in the program and none in the state: under the same argument
    it is taken to be the same, as the provider asks the vendor before it writes.
    """
    if was.owner is not UNKNOWN:
        return False
    if facts.changed is not None:
        return facts.unchanged(now.resource)
    return now.owner is not UNKNOWN and owner_of(was.resource) == owner_of(now.resource)


def _answered(facts: Facts, saved: Resource, present: Resource | None) -> Iterator[tuple[Change, Resource | None, str]]:
    was = together(saved)
    owner = HIDDEN if was.owner is UNKNOWN else was.owner
    if was.active is False:
        return
    if present is None:
        yield Change(RELEASE, was.number, owner, left_with(saved)), None, f"{saved.name!r} leaves the stack"
        return
    now = together(present)
    if now.active is not True:
        how = "active=False" if now.active is False else "its active flag is not known yet"
        yield Change(RELEASE, was.number, owner, INACTIVE), present, how
    if saved.roles.answers_itself:
        return  # its number is never another one
    if now.owner != was.owner and not stays(facts, was, now):
        to = NOT_KNOWN if now.owner is UNKNOWN else now.owner
        yield Change(REASSIGN, was.number, owner, to), present, "another target"
    else:
        yield Change(RELEASE, was.number, owner, NOBODY), present, CANNOT_BE_COMPARED


def _recorded(saved: Resource, present: Resource | None) -> Iterator[tuple[Change, Resource | None, str]]:
    ends, to = end_of(present or saved)
    object_ = together(saved).number
    if to:
        how = f"the records of {saved.name!r} end ({ends})" if present is None else CANNOT_BE_COMPARED
        yield Change(RELEASE, object_, HIDDEN, to), present, how
    elif present is not None and _may_silence(present):
        yield Change(RELEASE, object_, HIDDEN, INACTIVE), present, "their records may say active=False"


def _may_silence(pool: Resource) -> bool:
    """Whether records whose numbers cannot be read say that they are not active, or may say so."""
    place, switches = pool.roles.dialled, pool.roles.places(means.Switch)
    if place is None:
        return True
    rows = [row for row in pool.rows(place.field) if not isinstance(place.of(row), str)]
    return not pool.certain(place.field) or any(one.of(row) in (False, UNKNOWN) for row in rows for one in switches)
