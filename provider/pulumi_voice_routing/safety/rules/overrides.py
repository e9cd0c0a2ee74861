"""Overrides that would be lost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import UNKNOWN, Before, Facts, Resource, Thing, noun_of
from ...plan.roles import Roles
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

NO_OVERRIDE = "no override"


class _Pair(NamedTuple):
    """What an override is for."""

    destination: Thing
    number: str


def overrides(roles: Roles) -> bool:
    """Whether a type sends calls of numbers elsewhere than its parent sends all others."""
    return roles.overrides is not None


def wiped(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Overrides that end, and replace-all that might lose some."""
    yield from unreadable(facts, settings)
    if facts.before is None:
        return
    told: set[tuple[str, str]] = set()
    for violation in (*_replaced(facts, facts.before), *(_ended(facts, facts.before) if facts.whole else ())):
        if (violation.object, violation.from_) not in told:
            told.add((violation.object, violation.from_))
            yield violation


def _replaced(facts: Facts, before: Before) -> Iterator[Violation]:
    for one in facts.that(overrides):
        destination = one.at(one.roles.inside)
        if one.whole_list is False or not isinstance(destination, str):
            continue  # a destination whose id is not known yet is about to be made, and has nothing to lose
        saved = before.with_id(_parent_type(one), destination)
        noun = noun_of(_parent_type(one))
        where, named = _where(noun, saved, destination), f"{noun} {references.last(destination)}"
        lost = _numbers(before, destination) - set(_numbers_of(one))
        for number in sorted(lost):
            yield Violation(
                f"replace_all would wipe the override for {number} at {where}: its callers would be sent elsewhere; "
                "declare it here.",
                one,
                number,
                named,
                NO_OVERRIDE,
            )
        if not lost and not _owned(before, destination) and (saved or facts.preview):
            # During an update, an id that the state did not have is one that was made a moment ago.
            yield Violation(
                f"replace_all on {where} would wipe overrides that this stack does not know of: callers of those "
                "numbers would be sent elsewhere; look at them first, with replace_all left out.",
                one,
                named,
                "a list that is not known",
                "the declared list",
            )


def _ended(facts: Facts, before: Before) -> Iterator[Violation]:
    """Overrides of the state that no resource of the program stands for any more, whichever stood for them."""
    there = {pair: one for one in facts.that(overrides) for pair in _pairs(facts, one)}
    for saved in before.that(overrides):
        present, destination, type_ = facts.successor(saved), _destination(saved), _parent_type(saved)
        at = facts.with_id(type_, destination)
        if at is UNKNOWN or (saved.kept and present is None) or _goes(facts, at):
            continue
        where = _where(noun_of(type_), before.with_id(type_, destination), destination)
        for what, how in _lost(facts, saved, present, at, there):
            yield Violation(
                f"the override for {what} at {where} would end ({how}): its callers would be sent to "
                "where everybody goes; keep it, or have its end approved.",
                present,
                what,
                f"{noun_of(type_)} {references.last(destination)}",
                NO_OVERRIDE,
            )


def _lost(
    facts: Facts, saved: Resource, present: Resource | None, at: Thing, there: Mapping[_Pair, Resource]
) -> Iterator[tuple[str, str]]:
    """What loses its override, and how: numbers, or the resource when the state keeps them as a secret."""
    if present is not None and facts.changed is not None and present.urn not in facts.changed:
        return
    leaves = f"{saved.name!r} {'leaves the stack' if present is None else 'does not have it any more'}"
    for number in sorted(_numbers_of(saved)):
        holder = there.get(_Pair(at, number))
        if holder is None:
            yield number, leaves
        elif present is None and (holder.begins_with_another or holder.whole_list):
            yield number, f"{leaves} without an alias: its end comes last, and takes it from {holder.name!r} as well"
    if _hides(saved) and (present is None or facts.changed is not None or len(_rows(present)) < len(_rows(saved))):
        yield f"the numbers of {saved.name!r}", f"they are a secret, and {leaves if present is None else 'it changes'}"


def _goes(facts: Facts, destination: Thing) -> bool:
    """Whether the destination leaves the stack as well; what that does to callers is told by another rule."""
    saved = facts.saved_as(destination)
    return saved is not None and not saved.kept and facts.successor(saved) is None


def _where(noun: str, saved: Resource | None, destination: str) -> str:
    return f"{noun} {saved.called!r} ({saved.id})" if saved else f"{noun} {destination}"


def _parent_type(one: Resource) -> str:
    return one.roles.inside.mark.what if one.roles.inside is not None else ""


def _destination(saved: Resource) -> str:
    """The id of the destination, also when the program gave it as a secret: the id of the resource begins with it."""
    said = saved.at(saved.roles.inside)
    if isinstance(said, str) or not saved.id:
        return str(said)
    return saved.id if _is_list(saved) else references.parent(saved.id)


def _pairs(facts: Facts, one: Resource) -> Iterator[_Pair]:
    at = facts.parent(one)
    if at is not None and at is not UNKNOWN:
        yield from (_Pair(at, number) for number in _numbers_of(one))


def _rows(one: Resource) -> list[Any]:
    place = one.roles.overrides
    return one.items(place.field) if place is not None and place.inner else [one.props]


def _is_list(one: Resource) -> bool:
    return one.roles.overrides is not None and bool(one.roles.overrides.inner)


def _numbers_of(one: Resource) -> set[str]:
    place = one.roles.overrides
    numbers = [place.of(row) for row in _rows(one) if isinstance(row, Mapping)] if place is not None else []
    return {number for number in numbers if isinstance(number, str)}


def _hides(one: Resource) -> bool:
    """Whether the state keeps some of the numbers as a secret."""
    place = one.roles.overrides
    hidden = place is not None and bool(place.inner) and one.get(place.field) is UNKNOWN
    return hidden or len(_numbers_of(one)) < len(_rows(one))


def _numbers(state: Before, destination: str) -> set[str]:
    """The numbers that the state knows to have an override at a destination."""
    there = (one for one in state.that(overrides) if _at(one, destination))
    return {number for one in there for number in _numbers_of(one)}


def _owned(state: Before, destination: str) -> bool:
    """Whether the state holds the destination's whole list."""
    return any(one.whole_list is True and _at(one, destination) for one in state.that(overrides))


def _at(one: Resource, destination: str) -> bool:
    return references.same(one.at(one.roles.inside), destination)


OVERRIDE_WIPE = Rule(
    name="override-wipe",
    title="No override is lost by accident.",
    triggers="Compared with the state, one of three things happens. (1) An override is deleted with its resource, "
    "drops out of a list, or moves to another number or destination, and no other resource of the program declares "
    "it; this does not count with `retain_on_delete`, or when the destination leaves the stack as well. (2) A "
    "resource takes an override over, with `adopt` or `replace_all`, from one that leaves without an alias: the old "
    "resource is deleted last, and takes the override with it. (3) A `DnisOverrides` with `replace_all=True` would "
    "lose overrides that the state knows, or is for a destination that exists already and whose full list the state "
    "does not know.",
    matters="Without its override, the number's callers go where all other callers go.",
    example="""vip: ringcx.Override = {"dnis": "+13035550100", "target": "+13035551111"}
ringcx.DnisOverrides("vip", destination=denver, replace_all=True, overrides=[vip])
# stopped, when denver has an override for +13035550199 in the state; declare it here, or approve the wipe""",
    unknowns="Numbers that are not known yet keep none of the overrides in the state. Numbers that the state keeps as "
    "a secret count as one violation when their resource leaves, has fewer of them or, in the gate, changes. A "
    "`replace_all` that is not known counts as true. A destination whose id is not known in the preview is about to "
    "be created, and has nothing to lose; if it turns out to exist, the rule judges it again during the update, "
    "before anything is sent.",
    words=Words(
        "the number that would lose its override, or `the numbers of 'vips'` when they are a secret; "
        "`destination 1002` when the list there is not known",
        "`destination 1002`; `a list that is not known`",
        "`no override`; `the declared list`",
    ),
    judge=wiped,
    about=(means.Called, means.WholeList),
    one_by_one=lambda roles: roles.has(means.WholeList),
    whole=True,
    settings=ALLOW_UNREADABLE_STATE,
)
