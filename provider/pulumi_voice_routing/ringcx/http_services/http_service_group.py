"""A group of remote HTTP services: the folder that services live in."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import Name, Wire
from ...lifecycle.resource import Options, Resource
from ..account import RingCXMember
from ..client_http_services import SERVICE_GROUPS


class HttpServiceGroupArgs(Adoptable, total=False):
    """What a group of services is."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Unique in the account, as far as this package is concerned. Vendor: ``groupName``."""
    is_default: Annotated[Input[bool], Wire("isDefault"), means.Aside()]
    """Whether it is the account's default group. Vendor: ``isDefault``."""


class HttpServiceGroupProvider(RingCXMember):
    token = "ringcx:HttpServiceGroup"  # noqa: S105
    args = HttpServiceGroupArgs
    noun = "HTTP service group"
    calls = SERVICE_GROUPS
    server_fields = frozenset({"permissions", "services"})
    default_from = "get_http_service_groups"


class HttpServiceGroup(Resource, lifecycle=HttpServiceGroupProvider):
    """A group of remote HTTP services.

    Calls: HT-01, HT-02, HT-04, HT-05 (``httpServiceGroups``). Destroying one leaves it: the vendor cannot delete it.
    """

    name: Output[str]
    """What administrators see."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[HttpServiceGroupArgs]) -> None:
        self._declare(resource_name, args, opts)
