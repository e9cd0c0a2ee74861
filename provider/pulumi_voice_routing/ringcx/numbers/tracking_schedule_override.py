"""A schedule override of a tracking number: other hours on one day."""

from __future__ import annotations

from typing import Annotated, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...lifecycle import meaning as means
from ...lifecycle.fields import Immutable, Name, Reference, Text, Wire
from ...lifecycle.member import Adoptable, At
from ...lifecycle.model import Values
from ...lifecycle.resource import Resource
from ..client_numbers import SCHEDULE_OVERRIDE_ID
from ..member import CloudRoutingMember
from .tracking_number import TrackingNumber


class TrackingScheduleOverrideArgs(Adoptable, total=False):
    """What a schedule override is. Its day is set in the portal: the vendor does not document how a date is written."""

    tracking_number: Required[
        Annotated[TrackingNumber | Input[Reference], Immutable(), means.Inside("ringcx:TrackingNumber")]
    ]
    """The tracking number, or its id; another one means another override."""
    name: Required[Annotated[Input[Name], Wire("overrideLabel"), means.Label()]]
    """What administrators see; unique for a tracking number. Vendor: ``overrideLabel``."""
    schedule: Annotated[Input[Text], Wire("overrideSched"), means.Hours()]
    """The hours of that day, in the vendor's own form, which is not documented. Vendor: ``overrideSched``."""
    closed_event: Annotated[Input[Text], Wire("overrideClosedEvent"), means.Decides()]
    """What happens to calls outside of them, in the vendor's own words. Vendor: ``overrideClosedEvent``."""


class TrackingScheduleOverrideProvider(CloudRoutingMember):
    token = "ringcx:TrackingScheduleOverride"  # noqa: S105
    args = TrackingScheduleOverrideArgs
    noun = "schedule override"
    id_field = SCHEDULE_OVERRIDE_ID
    parent = "tracking_number"
    path = ("group", "tracking number", "schedule override")

    def everything(self, at: At) -> list[Json]:
        return self.api.list_schedule_overrides(at[0], at[1])

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_schedule_override(at[0], at[1], id_)

    def post(self, at: At, body: Json) -> Json | None:
        return self.api.create_schedule_override(at[0], at[1], body)

    def put(self, at: At, id_: str, body: Json) -> Json:
        return self.api.update_schedule_override(at[0], at[1], id_, body)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        self.api.delete_schedule_override(at[0], at[1], id_)


class TrackingScheduleOverride(Resource, module="ringcx", name="TrackingScheduleOverride"):
    """Other hours of a tracking number on one day.

    Calls: NMb-24 to NMb-28 (``scheduleOverrides``).
    """

    lifecycle = TrackingScheduleOverrideProvider
    tracking_number: pulumi.Output[str]

    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[TrackingScheduleOverrideArgs],
    ) -> None:
        self._declare(resource_name, args, opts)
