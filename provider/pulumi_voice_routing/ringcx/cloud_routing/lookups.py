"""Look-ups: what is at the vendor now, as plain values, for programs that build on things made elsewhere.

They ask the vendor while the program runs, in previews too. A look-up of one object fails when there is none, and when
there is more than one: the line lists the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from ...client.answers import is_on, part, text, texts
from ...lifecycle import references
from ...lifecycle.lookup import asked, lookup, one_of
from ...telephony.number import as_declared
from .. import client, shapes
from ..client import RingCX, ringcx_client

__all__ = [
    "AssignedDestinationInfo",
    "DestinationInfo",
    "DnisOverrideInfo",
    "ProfileInfo",
    "RouteGroupInfo",
    "get_assigned_destinations",
    "get_destination",
    "get_destination_group",
    "get_destination_groups",
    "get_destinations",
    "get_dnis_overrides",
    "get_profile",
    "get_profile_groups",
    "get_profiles",
]


@dataclass(frozen=True)
class RouteGroupInfo:
    """A route group as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    is_default: bool
    """Whether it is the one that every account has."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class DestinationInfo:
    """A destination as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    kind: str
    """How ``target`` is read, such as ``DID``."""
    target: str
    """Where calls go."""
    active: bool
    """Whether it takes calls."""
    description: str
    """What administrators have noted."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class ProfileInfo:
    """A profile as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    routing_type: str
    """How it chooses among its destinations, such as ``PERCENT_ALLOCATION``."""
    active: bool
    """Whether it takes calls."""
    description: str
    """What administrators have noted."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class AssignedDestinationInfo:
    """A destination of a profile as it is at the vendor."""

    id: str
    """The vendor's id of the assignment; ``destination`` is that of the destination."""
    destination: str
    """The destination's id."""
    name: str
    """The destination's name, when the vendor shows it."""
    rank: int
    """Its place in the order, the lowest first."""
    allocation_percent: int
    """Its share of the calls."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class DnisOverrideInfo:
    """A DNIS override as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    dnis: str
    """The number that callers dial, in E.164."""
    target: str
    """Where its calls go in the place of the destination's own target."""


class Named(Protocol):
    """What a look-up of one object chooses by."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


Info = TypeVar("Info")
Found = TypeVar("Found", bound=Named)


@lookup
def get_destination_groups(*, permissions: bool = False) -> Sequence[RouteGroupInfo]:
    """All route groups of the account (CR-01), or with ``permissions`` what the token may do with each (CRb-02)."""
    return _ask(
        lambda api: [
            _group(api, one)
            for one in (api.list_groups_with_destinations(permissions=True) if permissions else api.list_groups())
        ]
    )


@lookup
def get_destination_group(*, name: str | None = None, id: str | None = None) -> RouteGroupInfo:
    """The route group with this name, or with this id (CR-01)."""
    return _ask(lambda api: _one("route group", [_group(api, one) for one in api.list_groups()], name, id))


@lookup
def get_profile_groups(*, permissions: bool = False) -> Sequence[RouteGroupInfo]:
    """All route groups that can hold profiles (CRb-15); with ``permissions``, what the token may do with each."""
    return _ask(lambda api: [_group(api, one) for one in api.list_groups_with_profiles(permissions=permissions)])


@lookup
def get_destinations(group_id: str) -> Sequence[DestinationInfo]:
    """All destinations of a route group (CR-03), inactive ones too."""
    return _ask(lambda api: _destinations(api, group_id))


@lookup
def get_destination(group_id: str, *, name: str | None = None, id: str | None = None) -> DestinationInfo:
    """The destination with this name, or with this id, in a route group (CR-03)."""
    return _ask(lambda api: _one("destination", _destinations(api, group_id), name, id))


@lookup
def get_profiles(group_id: str) -> Sequence[ProfileInfo]:
    """All profiles of a route group (CR-02), inactive ones too."""
    return _ask(lambda api: _profiles(api, group_id))


@lookup
def get_profile(group_id: str, *, name: str | None = None, id: str | None = None) -> ProfileInfo:
    """The profile with this name, or with this id, in a route group (CR-02)."""
    return _ask(lambda api: _one("profile", _profiles(api, group_id), name, id))


@lookup
def get_assigned_destinations(profile_id: str) -> Sequence[AssignedDestinationInfo]:
    """The destinations of a profile, by rank (CR-14)."""

    def assigned(api: RingCX) -> list[AssignedDestinationInfo]:
        group, profile = references.below(profile_id, api.account_id, ("group", "profile"))
        found = [_assigned(api, group, profile, one) for one in api.list_assigned(group, profile)]
        return sorted(found, key=lambda one: one.rank)

    return _ask(assigned)


@lookup
def get_dnis_overrides(destination_id: str) -> Sequence[DnisOverrideInfo]:
    """The DNIS overrides of a destination (CR-19)."""

    def overrides(api: RingCX) -> list[DnisOverrideInfo]:
        group, destination = references.below(destination_id, api.account_id, ("group", "destination"))
        return [
            DnisOverrideInfo(
                id=references.join(api.account_id, group, destination, text(one.get(client.OVERRIDE_ID))),
                dnis=as_declared(text(one.get("dnis"))),
                target=_target(one),
            )
            for one in api.list_overrides(group, destination)
        ]

    return _ask(overrides)


def _ask(question: Callable[[RingCX], Info]) -> Info:
    return asked("ringcx", lambda: question(ringcx_client()))


def _one(noun: str, found: Iterable[Found], name: str | None, id_: str | None) -> Found:
    def matches(one: Found, by: str, wanted: object) -> bool:
        return one.name == str(wanted).strip() if by == "name" else references.same(one.id, wanted)

    return one_of(noun, found, {"name": name, "id": id_}, matches, lambda one: f"{one.name!r} ({one.id})")


def _destinations(api: RingCX, group_id: str) -> list[DestinationInfo]:
    (group,) = references.below(group_id, api.account_id, ("group",))
    return [
        DestinationInfo(
            id=references.join(api.account_id, group, text(one.get(client.DESTINATION_ID))),
            name=text(one.get("destinationName")),
            kind=text(one.get("destinationType")),
            target=_target(one),
            active=is_on(one.get("isActive")),
            description=text(one.get("destinationDesc")),
            permissions=texts(one.get("permissions")),
        )
        for one in api.list_destinations(group)
        if not is_on(one.get("isDeleted"))
    ]


def _profiles(api: RingCX, group_id: str) -> list[ProfileInfo]:
    (group,) = references.below(group_id, api.account_id, ("group",))
    return [
        ProfileInfo(
            id=references.join(api.account_id, group, text(one.get(client.PROFILE_ID))),
            name=text(one.get("profileName")),
            routing_type=text(one.get("routingType")),
            active=is_on(one.get("isActive")),
            description=text(one.get("profileDesc")),
            permissions=texts(one.get("permissions")),
        )
        for one in api.list_profiles(group)
        if not is_on(one.get("isDeleted"))
    ]


def _group(api: RingCX, one: shapes.CloudRouteGroup) -> RouteGroupInfo:
    return RouteGroupInfo(
        id=references.join(api.account_id, text(one.get(client.GROUP_ID))),
        name=text(one.get("groupName")),
        is_default=is_on(one.get("isDefault")),
        permissions=texts(one.get("permissions")),
    )


def _assigned(
    api: RingCX, group: str, profile: str, one: shapes.CloudRouteAssignedDestination
) -> AssignedDestinationInfo:
    destination = part(one.get("cloudDestination"))
    home = text(part(destination.get("cloudRouteGroup")).get(client.GROUP_ID)) or group
    return AssignedDestinationInfo(
        id=references.join(api.account_id, group, profile, text(one.get(client.ASSIGNMENT_ID))),
        destination=references.join(api.account_id, home, text(destination.get(client.DESTINATION_ID))),
        name=text(destination.get("destinationName")),
        rank=int(one.get("rank") or 0),
        allocation_percent=int(one.get("allocationPercent") or 0),
        permissions=texts(one.get("permissions")),
    )


def _target(one: shapes.CloudRouteDestination | shapes.CloudRouteDestinationOverride) -> str:
    """Where calls go, as programs write it. Queues and IVRs go by numbers too short to be telephone numbers."""
    return as_declared(text(one.get("routeDestination")))
