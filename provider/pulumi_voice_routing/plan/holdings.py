"""Who answers each number, as declarations and states tell it: indexed by number, so that a rename changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..permission.approvals import UNNAMED
from ..permission.needed import INACTIVE, NOBODY
from ..telephony.number import Number, stored
from .facts import UNKNOWN, Facts, Resource, UnknownValue
from .roles import Place, Roles

ELSEWHERE = "__elsewhere"
"""Where an assignment's state keeps the numbers that it has seen with another owner: ``{digits: [product, id]}``."""
RECORDS = "records"
"""Where a state keeps what the vendor had of each number at the last look, whether the program says it or not."""


def answers(roles: Roles) -> bool:
    """Whether a type says who answers numbers."""
    return roles.answers


def records(roles: Roles) -> bool:
    """Whether a type says what numbers there are."""
    return roles.records


@dataclass(frozen=True)
class Holding:
    """A number and who answers it."""

    number: str
    """As users write it: ``+13035550100``."""
    owner: str | UnknownValue
    """As an approval names it: ``profile 1001``; not known for an owner that is still to be made."""
    active: bool | UnknownValue
    """Whether callers reach the owner, as the assignment says. What the number's record in the pool says is another
    flag of the vendor's: switching that off is a release, but a number whose record is off counts as reached."""
    resource: Resource
    stranger: bool = False
    """Whether the resource only remembers it: at its last look, somebody else had given the number away."""


def holdings(facts: Facts, resources: Iterable[Resource]) -> Iterator[Holding]:
    """What resources say of the numbers that they answer; of numbers that are not known yet, nothing."""
    there = list(resources)
    known = facts.once(_ids_by_number)
    for one in there:
        if not one.roles.answers:
            continue
        owner, active = _owner(one, known), _active(one)
        for number in numbers_of(one):
            yield Holding(number, owner, active, one)
        for digits, (product, stranger) in given_away(one).items():
            number = digits if one.internal else f"+{digits}"
            yield Holding(number, f"{product} {stranger}", True, one, stranger=True)


def numbers_of(resource: Resource) -> list[str]:
    """The numbers that a resource answers or records; without those that are not known."""
    place = resource.roles.dialled
    if place is None:
        return []
    if resource.roles.records:
        return [number for number, _ in recorded(resource)]
    said = resource.get(place.field)
    listed = said if isinstance(said, list) else [_single(resource, place)]
    return [number for number in listed if isinstance(number, str)]


def together(resource: Resource) -> Holding:
    """All the numbers of a resource as one, for a resource that hides them."""
    return Holding(f"{UNNAMED}{resource.name!r}", _owner(resource, {}), _active(resource), resource)


def left_with(resource: Resource) -> str:
    """Who answers the numbers of a resource when it has ended, in the words of approvals."""
    return INACTIVE if resource.roles.answers_itself else NOBODY


def end_of(resource: Resource) -> tuple[Any, str]:
    """What a resource says of its end, and who answers the numbers of its records after that; nothing when they stay.

    What is not known yet, or not among the words that there are, counts as nobody.
    """
    place = resource.roles.top(means.AtEnd)
    said = resource.at(place)
    if place is None or said is None or said in place.mark.stays:
        return said, ""
    return said, place.mark.leaves.get(said, NOBODY) if isinstance(said, str) else NOBODY


def hides_numbers(resource: Resource) -> bool:
    """Whether a resource stands for numbers that cannot be read, such as those that the program gives as a secret."""
    place = resource.roles.dialled
    if place is None:
        return False
    if place.inner:
        untold = [row for row in resource.items(place.field) if not isinstance(row, dict) or place.of(row) is UNKNOWN]
        return UNKNOWN in (resource.get(place.field), resource.role(means.EntriesFile)) or bool(untold)
    said = resource.get(place.field)
    return UNKNOWN in said if isinstance(said, list) else _single(resource, place) is UNKNOWN


def _single(resource: Resource, place: Place[means.Dialled]) -> Any:
    """The number of a type that has one. What the id ends with is never a secret."""
    said = resource.get(place.field)
    if said is not UNKNOWN or not resource.id or not place.mark.in_id:
        return said
    digits = references.last(resource.id)
    if not re.fullmatch(r"[0-9]+", digits):
        return said
    return Number.of_digits(digits, internal=resource.internal)


def recorded(one: Resource) -> Iterator[tuple[str, Any]]:
    """The numbers that a resource keeps in the pool, and whether it says that they are active."""
    place = one.roles.dialled
    if place is None or not one.roles.records:
        return
    switch = next((mark for mark in one.roles.places(means.Switch) if mark.mark.of == "record"), None)
    if not place.inner:
        number = _single(one, place)
        if isinstance(number, str):
            yield number, one.at(switch)
        return
    seen = one.get(RECORDS)
    for row in one.rows(place.field) + file_rows(one):
        number = place.of(row)
        if isinstance(number, str) and switch is not None:
            record = seen.get(number) if isinstance(seen, dict) else None
            yield number, row.get(switch.inner, switch.of(record) if isinstance(record, dict) else None)


def file_rows(one: Resource) -> list[dict[str, Any]]:
    """The rows in the file that a resource gives, with their numbers as users write them."""
    file, text = one.roles.top(means.EntriesFile), one.role(means.EntriesFile)
    place = one.roles.dialled
    if file is None or file.mark.read is None or place is None or not isinstance(text, str):
        return []
    try:
        return [{**row, place.inner: stored(place.of(row), internal=one.internal)} for row in file.mark.read(text)]
    except ValueError:  # the provider says what is wrong with the file
        return []


def given_away(one: Resource) -> dict[str, tuple[str, str]]:
    """The numbers that a saved resource has seen with somebody else, as digits, and with whom: product and id."""
    seen = one.get(ELSEWHERE)
    owners = seen.items() if isinstance(seen, dict) else ()
    pairs = ((digits, owner) for digits, owner in owners if isinstance(owner, list) and len(owner) == 2)
    return {digits: (str(product), str(number)) for digits, (product, number) in pairs}


def _active(one: Resource) -> bool | UnknownValue:
    said = one.switch()
    return True if said is None else said


def _owner(one: Resource, known: Mapping[tuple[str, str], str]) -> str | UnknownValue:
    dialled = one.roles.dialled
    if dialled is not None and dialled.mark.answered_by:
        number = one.get(dialled.field)
        id_ = one.id or (known.get((one.type, number)) if isinstance(number, str) else None)
        return f"{dialled.mark.answered_by} {references.last(id_)}" if id_ else UNKNOWN
    owner = owner_of(one)
    said = one.at(owner)
    return f"{owner.mark.called} {references.last(said)}" if owner and isinstance(said, str) else UNKNOWN


def owner_of(one: Resource) -> Place[means.Owner] | None:
    """The argument by which an assignment says who answers."""
    return next((place for place in one.roles.places(means.Owner) if _is_given(one.at(place))), None)


def _is_given(said: Any) -> bool:
    return said is UNKNOWN or isinstance(said, str)


def _ids_by_number(facts: Facts) -> dict[tuple[str, str], str]:
    """The ids of what answers its own number in the state: under whatever name, a number is one of them only."""
    saved = facts.before.that(lambda roles: roles.answers_itself) if facts.before else []
    found = {}
    for one in saved:
        number = one.at(one.roles.dialled)
        if one.id and isinstance(number, str):
            found[one.type, number] = one.id
    return found
