"""A tracking group: the folder that tracking numbers live in."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Name, Reference, Wire
from ...lifecycle.resource import Options, Resource
from ..account import RingCXMember
from ..client_numbers import TRACKING_GROUPS


class TrackingGroupArgs(TypedDict, total=False):
    """What a tracking group is. The vendor has no call that makes one, so that it must exist."""

    name: Required[Annotated[Input[Name], Wire("groupName"), means.Label()]]
    """What administrators see. Without ``adopt_id`` the group with this name is meant. Vendor: ``groupName``."""
    adopt_id: Annotated[Input[Reference], CreateOnly(), means.Existing(itself=True)]
    """The group with this id is meant, and gets the name that is declared."""


class TrackingGroupProvider(RingCXMember):
    token = "ringcx:TrackingGroup"  # noqa: S105
    args = TrackingGroupArgs
    noun = "tracking group"
    calls = TRACKING_GROUPS
    server_fields = frozenset({"permissions", "tracNumbers"})
    default_from = "get_tracking_groups"


class TrackingGroup(Resource, lifecycle=TrackingGroupProvider):
    """A tracking group that exists already ("trac group" in paths), adopted by its name or id.

    Calls: NM-12 to NM-14 (``tracGroups``). Destroying it leaves it in place.
    """

    name: Output[str]
    """What administrators see."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[TrackingGroupArgs]) -> None:
        self._declare(resource_name, args, opts)
