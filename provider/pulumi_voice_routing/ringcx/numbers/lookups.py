"""Look-ups of numbers: what is in the pool, who answers it, and which numbers track campaigns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ...client.answers import is_off, is_on, text, texts
from ...client.listings import Json
from ...errors import DeclarationError
from ...lifecycle import references
from ...lifecycle.lookup import lookup
from ...telephony.number import as_declared
from ..client import RingCX
from ..client_numbers import TRACKING_GROUP_ID, TRACKING_ID
from ..cloud_routing.lookups import _ask
from ..pool_directory import dnis_of
from ..shapes_numbers import AssignedDnis, PoolRecord
from .dialled_number import why_not_dialled, wire
from .owner import Live, Owner, Product
from .tracking_calls import flat

__all__ = [
    "DnisAssignmentInfo",
    "DnisInfo",
    "TrackingGroupInfo",
    "TrackingNumberInfo",
    "get_dnis_assignment",
    "get_tracking_groups",
    "get_tracking_numbers",
    "search_dnis",
    "search_dnis_pool",
]


@dataclass(frozen=True)
class DnisAssignmentInfo:
    """Who answers a number."""

    dnis: str
    """In E.164."""
    product: Product
    """``profile``, ``queue``, ``Visual IVR`` or ``tracking number``."""
    target: str
    """The vendor's number for it."""
    name: str
    """Its name, when the vendor shows it."""
    active: bool
    """Whether callers reach it."""
    description: str
    """What administrators have noted."""


@dataclass(frozen=True)
class DnisInfo:
    """A number of the pool."""

    id: str
    """Its id, as arguments take it."""
    dnis: str
    """In E.164."""
    description: str
    """What administrators have noted."""
    category: str
    """What sort of number it is, in the vendor's words."""
    active: bool
    """Whether the number is in use."""
    managed_by_vendor: bool
    """Whether the vendor keeps the record to itself."""
    assignment: DnisAssignmentInfo | None
    """Who answers it; nothing when nobody does."""


@dataclass(frozen=True)
class TrackingGroupInfo:
    """A tracking group as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    is_default: bool
    """Whether it is the one that every account has."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class TrackingNumberInfo:
    """A tracking number as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    dnis: str
    """In E.164."""
    dnis_description: str
    """What the number is for."""
    description: str
    """What administrators have noted."""
    active: bool
    """Whether it is in use."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@lookup
def search_dnis(dnis: str) -> DnisInfo | None:
    """One number of the pool (NM-01), whatever way it is written; nothing when the pool does not have it."""

    digits = _digits(dnis)

    def search(api: RingCX) -> DnisInfo | None:
        found = (one for one in api.search_dnis(digits) if dnis_of(one) == digits)
        return next((_number(api, api.pool.with_owners({digits: one})[digits]) for one in found), None)

    return _ask(search)


@lookup
def search_dnis_pool(
    *,
    containing: str | None = None,
    assigned: bool | None = None,
    active: bool | None = None,
    product: Literal["ACD", "VISUAL_IVR", "CLOUD_PROFILE", "TRAC_NUMBER"] | None = None,
    target: str | None = None,
    sort: str | None = None,
    page: int | None = None,
    size: int | None = None,
) -> Sequence[DnisInfo]:
    """Numbers of the account's pool that fit (NM-02), by number; all of them when nothing is asked for.

    ``containing`` are digits in a row, ``product`` and ``target`` (a vendor's number) who answers them. ``sort``,
    ``page`` and ``size`` are handed to the vendor as they are, which documents neither its words for an order nor
    whether pages count from 0: with ``sort``, its order stands, and with ``page`` there is that page alone.
    """

    def search(api: RingCX) -> list[DnisInfo]:
        criteria: Json = {"accountId": api.account_id, "dnisFilter": containing, "assigned": assigned, "active": active}
        criteria |= {"product": product, "objectId": None if target is None else _whole(target)}
        asked = {name: value for name, value in criteria.items() if value is not None}
        found = api.pool.search(asked, sort=sort, page=page, size=size)
        return [_number(api, one) for _, one in (sorted(found.items()) if sort is None else found.items())]

    return _ask(search)


@lookup
def get_dnis_assignment(dnis: str) -> DnisAssignmentInfo | None:
    """Who answers a number (NM-10); nothing when nobody does, or when it is not in the pool."""
    digits = _digits(dnis)
    return _ask(lambda api: _assignment(api.get_assignment(digits)))


@lookup
def get_tracking_groups(*, permissions: bool = False) -> Sequence[TrackingGroupInfo]:
    """All tracking groups of the account (NM-12); with ``permissions``, what the token may do with each."""
    return _ask(
        lambda api: [
            TrackingGroupInfo(
                id=references.join(api.account_id, text(one.get(TRACKING_GROUP_ID))),
                name=text(one.get("groupName")),
                is_default=is_on(one.get("isDefault")),
                permissions=texts(one.get("permissions")),
            )
            for one in api.list_tracking_groups(permissions=permissions)
        ]
    )


@lookup
def get_tracking_numbers(group_id: str) -> Sequence[TrackingNumberInfo]:
    """All tracking numbers of a tracking group (NM-15), inactive ones too."""

    def numbers(api: RingCX) -> Iterator[TrackingNumberInfo]:
        (group,) = references.below(group_id, api.account_id, ("group",))
        for one in map(flat, api.list_tracking_numbers(group)):
            yield TrackingNumberInfo(
                id=references.join(api.account_id, group, text(one.get(TRACKING_ID))),
                dnis=as_declared(dnis_of(one)),
                dnis_description=text(one.get("dnisDescription")),
                description=text(one.get("description")),
                active=not is_off(one.get("active")),
                permissions=texts(one.get("permissions")),
            )

    return _ask(lambda api: list(numbers(api)))


def _whole(target: str) -> int:
    number = references.last(target)
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise DeclarationError(f"{target!r} is not the vendor's number of somebody who answers")
    return int(number)


def _digits(dnis: str) -> str:
    """The vendor's digits of a number that the program asks for. Raises :class:`DeclarationError`."""
    why = why_not_dialled(dnis, None)
    if why:
        raise DeclarationError(why)
    return wire(as_declared(dnis))


def _number(api: RingCX, record: PoolRecord) -> DnisInfo:
    return DnisInfo(
        id=references.join(api.account_id, dnis_of(record)),
        dnis=as_declared(dnis_of(record)),
        description=text(record.get("dnisDescription")),
        category=text(record.get("dnisCategory")),
        active=not is_off(record.get("active")),
        managed_by_vendor=record.get("dnisManagedByRC") is True,
        assignment=_assignment(Live(record).assignment),
    )


def _assignment(assignment: AssignedDnis | None) -> DnisAssignmentInfo | None:
    owner = Owner.of(assignment)
    if owner is None or assignment is None:
        return None
    return DnisAssignmentInfo(
        dnis=as_declared(dnis_of(assignment)),
        product=owner.product,
        target=owner.number,
        name=owner.name,
        active=not is_off(assignment.get("isActive")),
        description=text(assignment.get("dnisDescription")),
    )
