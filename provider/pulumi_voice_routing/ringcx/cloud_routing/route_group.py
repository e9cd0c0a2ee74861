"""A route group: the folder that destinations and profiles live in ("cloud route group" in the portal)."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import CreateOnly, Name, Wire
from ...lifecycle.resource import Options, Resource
from ..account import RingCXMember
from .group_contents import GROUPS


class RouteGroupArgs(Adoptable, total=False):
    """What a route group is."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Unique in the account, as far as this package is concerned. Vendor: ``groupName``."""
    is_default: Annotated[Input[bool], Wire("isDefault"), CreateOnly(), means.Aside()]
    """Whether a new group is made the account's default group, which is never deleted. Vendor: ``isDefault``."""


class RouteGroupProvider(RingCXMember):
    token = "ringcx:RouteGroup"  # noqa: S105
    args = RouteGroupArgs
    noun = "route group"
    calls = GROUPS
    server_fields = frozenset({"permissions", "cloudRouteDestinations", "cloudRouteProfiles"})
    default_from = "get_destination_groups"


class RouteGroup(Resource, lifecycle=RouteGroupProvider):
    """A route group of RingCX cloud routing: the folder that destinations and profiles live in.

    Calls: CR-01, CRb-01, CRb-03 to CRb-05 (``cloudRouteDestinationGroups``). One that holds anything is never deleted.
    """

    name: Output[str]
    """What administrators see."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[RouteGroupArgs]) -> None:
        self._declare(resource_name, args, opts)
