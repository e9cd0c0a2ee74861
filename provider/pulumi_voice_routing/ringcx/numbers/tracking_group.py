"""A tracking group: the folder that tracking numbers live in."""

from __future__ import annotations

from typing import Annotated, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import TypedDict, Unpack

from ...client.listings import Json
from ...errors import Missing
from ...lifecycle import meaning as means
from ...lifecycle.create_notes import Intent
from ...lifecycle.fields import CreateOnly, Name, Reference, Wire
from ...lifecycle.member import At
from ...lifecycle.model import Values
from ...lifecycle.resource import Resource
from ..client_numbers import TRACKING_GROUP_ID
from ..member import CloudRoutingMember


class TrackingGroupArgs(TypedDict, total=False):
    """What a tracking group is. The vendor has no call that makes one, so that it must exist."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Without ``adopt_id`` the group with this name is meant. Vendor: ``groupName``."""
    adopt_id: Annotated[Input[Reference], CreateOnly(), means.Existing()]
    """The group with this id is meant, and gets the name that is declared."""


class TrackingGroupProvider(CloudRoutingMember):
    token = "ringcx:TrackingGroup"  # noqa: S105
    args = TrackingGroupArgs
    noun = "tracking group"
    id_field = TRACKING_GROUP_ID
    path = ("group",)
    server_fields: ClassVar[frozenset[str]] = frozenset({"permissions", "tracNumbers"})

    def everything(self, at: At) -> list[Json]:
        return self.api.list_tracking_groups()

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_tracking_group(id_)

    def post(self, at: At, body: Json) -> Json | None:
        there = ", ".join(repr(one.get("groupName")) for one in self.api.list_tracking_groups()) or "none"
        raise Missing(
            f"ringcx: there is no tracking group named {body['groupName']!r}, and the vendor has no call that makes "
            f"one. Make it in the portal, or name one of those that there are: {there}."
        )

    def put(self, at: At, id_: str, body: Json) -> Json:
        return self.api.update_tracking_group(id_, body)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        self.let_go(at, live, "the stack only looked after it; it stays as it is")

    def _may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        super()._may_take_over(at, twin, {**args, "adopt": True}, intent)


class TrackingGroup(Resource, module="ringcx", name="TrackingGroup"):
    """A tracking group that exists already ("trac group" in paths), adopted by its name or id.

    Calls: NM-12 to NM-14 (``tracGroups``). Destroying it leaves it in place.
    """

    lifecycle = TrackingGroupProvider
    name: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[TrackingGroupArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
