"""Changes to so many objects at once that something else is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import UNKNOWN, Facts, Resource
from ...plan.holdings import end_of, holdings, recorded
from ...plan.liveness import replaced
from ...plan.roles import roles_of
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

_DECIDE: tuple[type[means.Meaning], ...] = (
    means.Inside,
    means.Owner,
    means.Target,
    means.Share,
    means.Switch,
    means.Switches,
    means.Hours,
    means.Called,
    means.Caller,
    means.Kind,
    means.Extension,
    means.Entries,
)
"""What decides where calls end."""
_SHARE_PERCENT = 30
_LEAST = 10
_DIGITS = 8
NUMBERS = "numbers"
RECORDS = "number records"


def mass_change(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Kinds of which a large share would change, end or be replaced."""
    yield from unreadable(facts, settings)
    share, least = settings.get("sharePercent", _SHARE_PERCENT), settings.get("least", _LEAST)
    kinds: dict[str, dict[str, bool]] = {}
    for kind, object_, changes in _objects(facts):
        kinds.setdefault(kind, {}).setdefault(object_, False)
        kinds[kind][object_] |= changes
    for kind, there in sorted(kinds.items()):
        changed = sorted(object_ for object_, changes in there.items() if changes)
        if len(changed) >= least and len(changed) * 100 > len(there) * share:
            yield Violation(
                f"{len(changed)} of {len(there)} {kind} would change, end or be replaced in one run: so much at once "
                "looks like a mistake, and its callers would notice all together; do it in smaller steps, or have it "
                "approved.",
                None,
                kind,
                str(len(there)),
                f"{len(changed)} changed ({_digest(changed)})",
            )


def _digest(objects: Iterable[str]) -> str:
    """The same for the same objects only, so that an approval does not cover as many others."""
    return hashlib.sha256("\n".join(objects).encode()).hexdigest()[:_DIGITS]


def _objects(facts: Facts) -> Iterator[tuple[str, str, bool]]:
    """The kind and the name of each object in the state, and whether it would not stay as it is."""
    before = facts.before.resources if facts.before else []
    owners = {one.number: (one.owner, one.active) for one in holdings(facts, facts.declared)}
    for held in holdings(facts, before):
        kept = held.resource.kept and facts.successor(held.resource) is None
        yield NUMBERS, held.number, not kept and owners.get(held.number) != (held.owner, held.active)
    records = _records(facts.declared)
    for number, (active, saved) in _records(before).items():
        kept = not end_of(saved)[1] if number not in records else False
        yield RECORDS, number, not kept and (number not in records or active is not records[number][0])
    for saved in before:
        if saved.roles.dialled is None:
            yield saved.type, saved.id or saved.urn, _changes(facts, saved)


def _records(resources: Iterable[Resource]) -> dict[str, tuple[bool, Resource]]:
    return {number: (active is not False, one) for one in resources for number, active in recorded(one)}


def _changes(facts: Facts, saved: Resource) -> bool:
    present = facts.successor(saved)
    if present is None:
        return not saved.kept
    if facts.unchanged(present):
        return False
    return replaced(facts, saved, present) or any(
        not _same(value, saved.get(name)) for name, value in present.props.items() if name in _decisive(saved.type)
    )


@cache
def _decisive(type_: str) -> frozenset[str]:
    """The arguments of a type that decide where calls end. What only describes an object may change at every one."""
    roles = roles_of(type_)
    return frozenset(place.field for kind in _DECIDE for place in roles.places(kind))


def _same(declared: Any, saved: Any) -> bool:
    """Whether the program says what the state says; what is secret in the state cannot be told to differ."""
    if saved is UNKNOWN:
        return True
    if isinstance(declared, list) and isinstance(saved, list):
        return len(declared) == len(saved) and all(any(_same(one, other) for other in saved) for one in declared)
    if isinstance(declared, dict) and isinstance(saved, dict):
        return all(_same(value, saved.get(name)) for name, value in declared.items())
    return references.same(declared, saved) or declared == saved


MASS_CHANGE = Rule(
    name="mass-change",
    title="No run changes a large part of the system by accident.",
    triggers="In one run, at least 10 objects of one kind, and more than 30 percent of all objects of that kind, "
    "would be sent elsewhere, switched, removed or replaced. What only describes an object does not count. A kind "
    "is a resource type; numbers and their records are counted one by "
    "one, however many of them a resource holds. New objects do not count.",
    matters="The size of a change gives away a wrong branch, stack or account before callers notice it.",
    example="""for number in inventory:  # read from a file that lost half of its lines
    ringcx.DnisAssignment(f"dnis-{number}", dnis=number, profile=support)
# stopped, when the state has 40 numbers and the file 20""",
    unknowns="A value that is not known yet counts as changed. A secret in the state cannot be compared, and counts "
    "as unchanged.",
    words=Words(
        "the kind: `ringcx:Destination`, or `numbers`, or `number records`",
        "how many there are: `40`",
        "`20 changed (5f1c09ab)`: how many, and a short form of which ones",
    ),
    judge=mass_change,
    about=(means.Meaning,),
    settings={
        "sharePercent": {
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "default": _SHARE_PERCENT,
            "description": "The share of a kind, in percent, that may change in one run.",
        },
        "least": {
            "type": "integer",
            "minimum": 1,
            "default": _LEAST,
            "description": "How many objects have to change before the share is looked at.",
        },
        **ALLOW_UNREADABLE_STATE,
    },
)
