"""A blocked number: calls from it are turned away ("number blacklist")."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.fields import Instant, Wire
from ..lifecycle.resource import Options, Resource
from .client import BLOCKED_NUMBERS
from .fields import Adoptable, BlockedCaller, Description
from .tenant import InTenant


class BlockedNumberArgs(Adoptable, total=False):
    """What a blocked number is. Fields that are not given are left as the vendor has them."""

    number: Required[Annotated[Input[BlockedCaller], Wire("number"), means.Caller(), means.Key()]]
    """The caller's number, as it arrives: 1 to 64 letters and digits, with an optional ``+``. Unique in a tenant."""
    expires: Annotated[Input[Instant], Wire("expire_at"), means.Hours()]
    """When the entry ends: a date and a time with its zone. Default: never. Vendor: ``expire_at``."""
    description: Annotated[Input[Description], Wire("description"), means.FreeText()]
    """For administrators, at most 255 characters."""


class BlockedNumberProvider(InTenant):
    token = "portsip:BlockedNumber"  # noqa: S105
    args = BlockedNumberArgs
    calls = BLOCKED_NUMBERS
    server_fields = frozenset({"id", "created_at", "updated_at"})


class BlockedNumber(Resource, lifecycle=BlockedNumberProvider):
    """A number whose calls the whole tenant turns away silently. Calls: PI-48 to PI-52 (``blacklisted_numbers``)."""

    number: Output[str]
    """The caller's number, as it arrives: 1 to 64 letters and digits, with an optional ``+``."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[BlockedNumberArgs]) -> None:
        self._declare(resource_name, args, opts)
