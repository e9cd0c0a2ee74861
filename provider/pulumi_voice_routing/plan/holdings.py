"""Who answers each number, as declarations and states tell it: indexed by number, so that a rename changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..lifecycle import references
from ..telephony.number import e164
from .facts import (
    DNIS,
    DNIS_ASSIGNMENT,
    DNIS_ASSIGNMENTS,
    DNIS_POOL,
    TRACKING_NUMBER,
    UNKNOWN,
    Facts,
    Resource,
    UnknownValue,
)

ANSWERED_BY = (DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, TRACKING_NUMBER)
"""The types that say who answers a number."""
RECORDED_BY = (DNIS, DNIS_POOL)
"""The types that say what number there is."""
_TARGETS = {"queue_id": "queue", "visual_ivr_id": "Visual IVR", "profile": "profile"}
"""The arguments that name an owner, and how approvals call it."""
ELSEWHERE = "__elsewhere"
"""Where an assignment's state keeps the numbers that it has seen with another owner: ``{digits: [product, id]}``."""


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
    tracking = _tracking_ids(facts) if any(one.type == TRACKING_NUMBER for one in there) else {}
    for one in there:
        if one.type not in ANSWERED_BY:
            continue
        owner, active = _owner(one, tracking), _active(one)
        for number in numbers_of(one):
            yield Holding(number, owner, active, one)
        for number, stranger in _given_away(one):
            yield Holding(number, stranger, True, one, stranger=True)


def numbers_of(resource: Resource) -> list[str]:
    """The numbers that a resource answers or records; without those that are not known."""
    if resource.type == DNIS_ASSIGNMENTS:
        listed = resource.items("numbers")
    elif resource.type in RECORDED_BY:
        listed = [number for number, _ in recorded(resource)]
    else:
        listed = [_single(resource)]
    return [number for number in listed if isinstance(number, str)]


def together(resource: Resource) -> Holding:
    """All the numbers of a resource as one, for a resource that hides them."""
    return Holding(f"the numbers of {resource.name!r}", _owner(resource, {}), _active(resource), resource)


def hides_numbers(resource: Resource) -> bool:
    """Whether a resource stands for numbers that cannot be read, such as those that the program gives as a secret."""
    if resource.type == DNIS_ASSIGNMENTS:
        return resource.get("numbers") is UNKNOWN or UNKNOWN in resource.items("numbers")
    if resource.type == DNIS_POOL:
        untold = [row for row in resource.items("numbers") if not isinstance(row, dict) or row.get("dnis") is UNKNOWN]
        return UNKNOWN in (resource.get("numbers"), resource.get("file")) or bool(untold)
    return resource.type in (*ANSWERED_BY, *RECORDED_BY) and _single(resource) is UNKNOWN


def _single(resource: Resource) -> Any:
    """The number of a type that has one. The id of a record or an assignment has it too, and is never a secret."""
    said = resource.get("dnis")
    if said is not UNKNOWN or not resource.id or resource.type not in (DNIS, DNIS_ASSIGNMENT):
        return said
    digits = references.last(resource.id)
    if not digits.isdigit():
        return said
    return digits if resource.get("internal") is True else f"+{digits}"


def recorded(one: Resource) -> Iterator[tuple[str, Any]]:
    """The numbers that a resource keeps in the pool, and whether it says that they are active."""
    if one.type == DNIS_POOL:
        rows = one.rows("numbers") + _file_rows(one)
        seen = one.get("records")  # what the vendor had at the last look, whether the program says it or not
    else:
        rows, seen = [{**one.props, "dnis": _single(one)}] if one.type == DNIS else [], None
    for row in rows:
        if isinstance(row.get("dnis"), str):
            record = seen.get(row["dnis"]) if isinstance(seen, dict) else None
            yield row["dnis"], row.get("active", record.get("active") if isinstance(record, dict) else None)


def _file_rows(one: Resource) -> list[dict[str, Any]]:
    file = one.get("file")
    if not isinstance(file, str):
        return []
    from ..ringcx.numbers.pool_fields import read_rows  # late: few stacks have a file, and its fields take time to load

    try:
        rows = read_rows(file)
        return rows if one.get("internal") is True else [{**row, "dnis": e164(row["dnis"])} for row in rows]
    except ValueError:  # the provider says what is wrong with the file
        return []


def _given_away(one: Resource) -> Iterator[tuple[str, str]]:
    """The numbers that a saved resource has seen with somebody else, and with whom."""
    seen = one.get(ELSEWHERE)
    internal = one.get("internal") is True
    for digits, owner in (seen if isinstance(seen, dict) else {}).items():
        if isinstance(owner, list) and len(owner) == 2:
            yield digits if internal else f"+{digits}", f"{owner[0]} {owner[1]}"


def _active(one: Resource) -> bool | UnknownValue:
    said = one.get("active")
    return said if said is UNKNOWN or isinstance(said, bool) else True


def _owner(one: Resource, tracking: Mapping[str, str]) -> str | UnknownValue:
    if one.type == TRACKING_NUMBER:
        number = one.get("dnis")
        id_ = one.id or (tracking.get(number) if isinstance(number, str) else None)
        return f"tracking number {references.last(id_)}" if id_ else UNKNOWN
    field = target_field(one)
    said = one.get(field) if field else UNKNOWN
    return f"{_TARGETS[field]} {references.last(said)}" if field and isinstance(said, str) else UNKNOWN


def target_field(one: Resource) -> str | None:
    """The argument by which an assignment says who answers."""
    return next((field for field in _TARGETS if one.get(field) is UNKNOWN or isinstance(one.get(field), str)), None)


def _tracking_ids(facts: Facts) -> dict[str, str]:
    """The ids of the tracking numbers in the state, by number: under whatever name, a number is one of them only."""
    saved = facts.before.of(TRACKING_NUMBER) if facts.before else []
    return {one.props["dnis"]: one.id for one in saved if one.id and isinstance(one.get("dnis"), str)}
