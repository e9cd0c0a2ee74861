"""PortSIP PBX: ring groups and blocked numbers."""

from typing import TYPE_CHECKING

from ..lazy_names import names_of

if TYPE_CHECKING:
    from .blocked_number import BlockedNumber, BlockedNumberArgs
    from .fields import NoAnswer, OutboundCallerId, RingGroupMember, Strategy
    from .lookups import (
        ExtensionInfo,
        RingGroupInfo,
        RingGroupMemberInfo,
        TrunkInfo,
        get_extensions,
        get_my_ring_groups,
        get_ring_group,
        get_ring_group_member,
        get_ring_group_members,
        get_ring_groups,
        get_trunk,
        get_trunks,
    )
    from .ring_group import RingGroup, RingGroupArgs

__all__ = [
    "BlockedNumber",
    "BlockedNumberArgs",
    "ExtensionInfo",
    "NoAnswer",
    "OutboundCallerId",
    "RingGroup",
    "RingGroupArgs",
    "RingGroupInfo",
    "RingGroupMember",
    "RingGroupMemberInfo",
    "Strategy",
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = names_of(__name__, __file__)
