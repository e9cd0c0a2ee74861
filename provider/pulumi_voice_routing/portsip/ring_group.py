"""A ring group: extensions that ring for one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Required, Unpack

from pulumi import Input, Output
from pydantic import AfterValidator, Field

from ..lifecycle import meaning as means
from ..lifecycle.fields import E164, Decisive, Immutable, Wire
from ..lifecycle.resource import Options, Resource
from .client import MEMBERS
from .fields import (
    Adoptable,
    ExtensionNumber,
    GroupName,
    Meant,
    NoAnswer,
    OutboundCallerId,
    RingGroupMember,
    Strategy,
)
from .group_guard import GuardedGroup


def _unordered(value: Any) -> Any:
    return sorted(set(value)) if isinstance(value, list) else value


class RingGroupArgs(Adoptable, total=False):
    """What a ring group is. Fields that are not given are left as the vendor has them."""

    name: Required[Annotated[Input[GroupName], Wire("name"), means.Label()]]
    """What administrators see, 1 to 64 characters."""
    extension_number: Required[
        Annotated[Input[ExtensionNumber], Wire("extension_number"), Immutable(), means.Extension(), means.Key()]
    ]
    """The number that callers dial, 3 to 64 digits; no other extension of the tenant has it. Another number is another
    group."""
    strategy: Required[Annotated[Input[Strategy], Wire("ring_strategy"), Decisive(), means.Decides()]]
    """The order in which members ring. Vendor: ``ring_strategy``."""
    members: Required[Annotated[Input[Sequence[RingGroupMember]], Wire(MEMBERS), Decisive(), means.Entries()]]
    """The extensions that ring, the whole list; their order counts with the prioritized strategies. What somebody else
    changed in it since the last refresh stops a change. Vendor: ``agents``."""
    no_answer: Annotated[Input[NoAnswer], Wire("no_answer_forward_rule"), Decisive(), means.Entries()]
    """What happens to a call that nobody takes. Vendor: ``no_answer_forward_rule``."""
    ring_time_seconds: Annotated[Input[Annotated[int, Field(ge=0)]], Wire("ring_time"), means.Limit()]
    """How long each member rings, in seconds. A new group rings 20. Vendor: ``ring_time``."""
    skip_busy_members: Annotated[Input[bool], Wire("skip_busy_member"), means.Decides()]
    """Whether members who are on a call are passed over. Vendor: ``skip_busy_member``."""
    enable_paid: Annotated[Input[bool], Wire("enable_paid"), means.Aside()]
    """Whether the group is told in the P-Asserted-Identity header. A new group has it on."""
    enable_prid: Annotated[Input[bool], Wire("enable_prid"), means.Aside()]
    """Whether the group is told in the Remote-Party-ID header. A new group has it on."""
    extension_number_as_to_header: Annotated[Input[bool], Wire("extension_number_as_to_header"), means.Aside()]
    """Whether the To header holds the group's number. A new group has it off."""
    outbound_caller_ids: Annotated[Input[Sequence[OutboundCallerId]], Wire("outbound_caller_ids"), means.Entries()]
    """The numbers that trunks show for its calls, in any order."""
    inbound_numbers: Annotated[Input[Sequence[Input[E164]]], means.Called()]
    """The outside numbers that inbound rules of the telephone system lead to this group, in any order. They are not
    sent: they tell traces, pictures and rules that calls to these numbers end here."""
    allow: Annotated[Input[Annotated[list[Meant], AfterValidator(_unordered)]], means.Aside()]
    """What can hurt callers and is intended. To destroy a group or to give it another number, let it hold
    ``release`` first. Default: nothing."""


class RingGroupProvider(GuardedGroup):
    token = "portsip:RingGroup"  # noqa: S105
    args = RingGroupArgs


class RingGroup(Resource, lifecycle=RingGroupProvider):
    """Extensions of a PortSIP PBX tenant that ring for one number.

    A group and its members take two calls; when the second fails, the group is in the state and the next run goes on.
    Updates write the whole group: fields that this package does not know are read and sent back. A group keeps its
    number, and so cannot be destroyed, until ``allow`` holds ``release``, and while another group forwards to it. Its
    id is the server's host, the tenant's domain and the vendor's own id: ``pbx.example.com/acme.example.com/NzAw``.
    Calls: RG-01 to RG-04, RGb-01 to RGb-03 (``ring_groups``).

    Refuses: a group without members, members that are no extensions of the tenant, paging and outside numbers without
    ``allow``, forwarding in a circle, and to be destroyed or renumbered without ``release``.
    """

    name: Output[str]
    """What administrators see, 1 to 64 characters."""
    extension_number: Output[str]
    """The number that callers dial, 3 to 64 digits; no other extension of the tenant has it."""
    strategy: Output[str]
    """The order in which members ring."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[RingGroupArgs]) -> None:
        self._declare(resource_name, args, opts)
