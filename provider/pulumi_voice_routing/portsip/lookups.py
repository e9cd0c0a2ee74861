"""Look-ups: what is at PortSIP PBX now, as plain values, for programs that build on things made elsewhere.

They ask the server while the program runs, in previews too. A look-up of one object fails when there is none, and when
there is more than one: the line lists the candidates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from ..client.answers import text
from ..lifecycle import references
from ..lifecycle.lookup import asked, lookup, one_of
from .client import ID, PortSIP, Query, portsip_client
from .ring_group import RingGroupProvider
from .shapes import Member, RingGroup

__all__ = [
    "ExtensionInfo",
    "RingGroupInfo",
    "RingGroupMemberInfo",
    "TrunkInfo",
    "get_extensions",
    "get_my_ring_groups",
    "get_ring_group",
    "get_ring_group_member",
    "get_ring_group_members",
    "get_ring_groups",
    "get_trunk",
    "get_trunks",
]


@dataclass(frozen=True)
class RingGroupInfo:
    """A ring group as it is at the server."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    extension_number: str
    """The number that callers and colleagues dial."""


@dataclass(frozen=True)
class RingGroupMemberInfo:
    """An extension of a ring group."""

    extension_number: str
    """The number that callers and colleagues dial."""
    display_name: str
    """What telephones show."""
    skill_level: int
    """1 to 100; counts only with a strategy by skill."""


@dataclass(frozen=True)
class TrunkInfo:
    """A trunk; its id is the ``provider_id`` of outbound caller ids."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""


@dataclass(frozen=True)
class ExtensionInfo:
    """An extension of the tenant."""

    extension_number: str
    """The number that callers and colleagues dial."""
    display_name: str
    """What telephones show."""


Info = TypeVar("Info")


@lookup
def get_ring_groups(
    *,
    filter: str | None = None,
    search: str | None = None,
    orderby: str | None = None,
    skip: int | None = None,
    top: int | None = None,
) -> Sequence[RingGroupInfo]:
    """All ring groups of the tenant (RG-01), or those that a query asks for; in the server's words."""
    query = _query(filter=filter, search=search, orderby=orderby, skip=skip, top=top)
    return _ask(lambda api: [_group(api, one) for one in api.list_groups(query)])


@lookup
def get_my_ring_groups() -> Sequence[RingGroupInfo]:
    """The ring groups of the signed-in user (RGb-05)."""
    return _ask(lambda api: [_group(api, one) for one in api.list_my_groups()])


@lookup
def get_ring_group(
    *, extension_number: str | None = None, name: str | None = None, id: str | None = None
) -> RingGroupInfo:
    """The ring group with this number, name, or id (RG-01)."""
    return _ask(
        lambda api: one_of(
            "ring group",
            [_group(api, one) for one in api.list_groups()],
            {"extension_number": extension_number, "name": name, "id": id},
            lambda one, by, value: references.same(one.id, value) if by == "id" else getattr(one, by) == value,
            lambda one: f"{one.name!r} {one.extension_number} ({one.id})",
        )
    )


@lookup
def get_ring_group_members(ring_group_id: str) -> Sequence[RingGroupMemberInfo]:
    """The extensions of a ring group, in ring order (RGb-02)."""
    return _ask(lambda api: [_member(one) for one in api.list_members(_bare(ring_group_id))])


@lookup
def get_ring_group_member(ring_group_id: str, extension_number: str) -> RingGroupMemberInfo:
    """One extension of a ring group (RGb-04)."""
    return _ask(lambda api: _member(api.get_member(_bare(ring_group_id), extension_number)))


@lookup
def get_trunks(
    *,
    filter: str | None = None,
    search: str | None = None,
    orderby: str | None = None,
    skip: int | None = None,
    top: int | None = None,
) -> Sequence[TrunkInfo]:
    """All trunks (RG-trunks), or those that a query asks for; in the server's words."""
    query = _query(filter=filter, search=search, orderby=orderby, skip=skip, top=top)
    return _ask(lambda api: [TrunkInfo(str(one.get(ID)), text(one.get("name"))) for one in api.list_trunks(query)])


@lookup
def get_trunk(*, name: str) -> TrunkInfo:
    """The trunk with this name (RG-trunks)."""
    return _ask(
        lambda api: one_of(
            "trunk",
            [TrunkInfo(str(one.get(ID)), text(one.get("name"))) for one in api.list_trunks()],
            {"name": name},
            lambda one, by, value: bool(one.name == value),
            lambda one: f"{one.name!r} ({one.id})",
        )
    )


@lookup
def get_extensions(
    *,
    filter: str | None = None,
    search: str | None = None,
    orderby: str | None = None,
    skip: int | None = None,
    top: int | None = None,
) -> Sequence[ExtensionInfo]:
    """All extensions of the tenant (RG-extensions), or those that a query asks for; in the server's words."""
    query = _query(filter=filter, search=search, orderby=orderby, skip=skip, top=top)
    return _ask(
        lambda api: [
            ExtensionInfo(text(one.get("extension_number")), text(one.get("display_name")))
            for one in api.list_extensions(query)
        ]
    )


def _ask(question: Callable[[PortSIP], Info]) -> Info:
    return asked("portsip", lambda: question(portsip_client()))


def _query(**asked: str | int | None) -> Query:
    return cast(Query, {name: value for name, value in asked.items() if value is not None})


def _bare(ring_group_id: str) -> str:
    (number,) = RingGroupProvider().below(ring_group_id)
    return number


def _group(api: PortSIP, one: RingGroup) -> RingGroupInfo:
    return RingGroupInfo(
        id=references.join(api.tenant, str(one.get(ID))),
        name=text(one.get("name")),
        extension_number=text(one.get("extension_number")),
    )


def _member(one: Member) -> RingGroupMemberInfo:
    return RingGroupMemberInfo(
        extension_number=text(one.get("extension_number")),
        display_name=text(one.get("display_name")),
        skill_level=int(one.get("skill_level") or 1),
    )
