"""A group of remote HTTP services: the folder that services live in."""

from __future__ import annotations

from typing import Annotated, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...lifecycle import meaning as means
from ...lifecycle.fields import Name, Wire
from ...lifecycle.member import Adoptable, At
from ...lifecycle.model import Values
from ...lifecycle.resource import Resource
from .. import client_http_services as http_client
from ..member import CloudRoutingMember


class HttpServiceGroupArgs(Adoptable, total=False):
    """What a group of services is."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Unique in the account, as far as this package is concerned. Vendor: ``groupName``."""
    is_default: Annotated[Input[bool], Wire("isDefault"), means.Aside()]
    """Whether it is the account's default group. Vendor: ``isDefault``."""


class HttpServiceGroupProvider(CloudRoutingMember):
    token = "ringcx:HttpServiceGroup"  # noqa: S105
    args = HttpServiceGroupArgs
    noun = "HTTP service group"
    id_field = http_client.SERVICE_GROUP_ID
    path = ("group",)
    server_fields: ClassVar[frozenset[str]] = frozenset({"permissions", "services"})

    def everything(self, at: At) -> list[Json]:
        return self.api.list_service_groups()

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_service_group(id_)

    def post(self, at: At, body: Json) -> Json | None:
        return self.api.create_service_group(body)

    def put(self, at: At, id_: str, body: Json) -> Json:
        return self.api.update_service_group(id_, body)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        self.let_go(at, live, "the vendor cannot delete a group of services")


class HttpServiceGroup(Resource, module="ringcx", name="HttpServiceGroup"):
    """A group of remote HTTP services.

    Calls: HT-01, HT-02, HT-04, HT-05 (``httpServiceGroups``). The vendor cannot delete a group: destroying one leaves
    it in place, and says so.
    """

    lifecycle = HttpServiceGroupProvider
    name: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[HttpServiceGroupArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
