"""The calls for ring groups, which have their members apart and are written without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..client.listings import Json
from ..lifecycle.calls import Calls
from .client import ID, MEMBERS, PortSIP
from .shapes import RingGroup, WholeRingGroup

ON_CREATE: Mapping[str, Any] = {
    "ring_time": 20,
    "skip_busy_member": False,
    "enable_paid": True,
    "enable_prid": True,
    "extension_number_as_to_header": False,
    "outbound_caller_ids": [],
}
"""Servers differ in their defaults by version, so that none is left to them."""


def _get(api: PortSIP, group: str) -> WholeRingGroup:
    return {**api.get_group(group), MEMBERS: api.list_members(group)}


def _create(api: PortSIP, body: Json) -> WholeRingGroup | None:
    made = api.create_group({**ON_CREATE, **{name: value for name, value in body.items() if name != MEMBERS}})
    return None if made is None else {**made, MEMBERS: []}


def _update(api: PortSIP, group: str, body: Json) -> RingGroup:
    api.update_group(group, body)
    return api.get_group(group)


CALLS: Calls[PortSIP, RingGroup] = Calls(
    path=("ring group",),
    id_field=ID,
    list=PortSIP.list_groups,
    get=_get,
    create=_create,
    update=_update,
    delete=PortSIP.delete_group,
)
