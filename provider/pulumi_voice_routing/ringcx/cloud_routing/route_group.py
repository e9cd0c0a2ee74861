"""A route group: the folder that destinations and profiles live in ("cloud route group" in the portal)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...errors import NotFound
from ...lifecycle import meaning as means
from ...lifecycle.fields import Name, Wire
from ...lifecycle.member import Adoptable, At
from ...lifecycle.model import Values
from ...lifecycle.resource import Resource
from .. import client
from ..member import CloudRoutingMember


class RouteGroupArgs(Adoptable, total=False):
    """What a route group is."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Unique in the account, as far as this package is concerned. Vendor: ``groupName``."""


class RouteGroupProvider(CloudRoutingMember):
    token = "ringcx:RouteGroup"  # noqa: S105
    args = RouteGroupArgs
    noun = "route group"
    id_field = client.GROUP_ID
    path = ("group",)
    server_fields: ClassVar[frozenset[str]] = frozenset({"permissions", "cloudRouteDestinations", "cloudRouteProfiles"})

    def everything(self, at: At) -> list[Json]:
        return self.api.list_groups()

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_group(id_)

    def post(self, at: At, body: Json) -> Json | None:
        return self.api.create_group(body)

    def put(self, at: At, id_: str, body: Json) -> Json:
        return self.api.update_group(id_, body)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        left = [str(one.get("destinationName")) for one in self.api.list_destinations(id_) if not one.get("isDeleted")]
        left += [str(one.get("profileName")) for one in self._profiles(id_) if not one.get("isDeleted")]
        if live.get("isDefault"):
            self.let_go(at, live, "it is the account's default group")
        elif left:
            # The vendor has no delete for destinations and profiles, so a group that ever held one stays.
            self.let_go(at, live, f"it still holds {len(left)} that cannot be deleted: {', '.join(left[:5])}")
        else:
            self.api.delete_group(id_)

    def _profiles(self, id_: str) -> list[Json]:
        try:
            return self.api.list_profiles(id_)
        except NotFound:
            return []  # the vendor lists the groups of profiles apart, and this one is not among them


class RouteGroup(Resource, module="ringcx", name="RouteGroup"):
    """A route group of RingCX cloud routing: the folder that destinations and profiles live in.

    Calls: CR-01, CRb-01, CRb-03, CRb-04, CRb-05 (``cloudRouteDestinationGroups``). Destroying a group that still holds
    destinations or profiles leaves it in place, and says so: the vendor cannot delete what is in it.
    """

    lifecycle = RouteGroupProvider
    name: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[RouteGroupArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
