"""A schedule override of a tracking number: other hours on one day."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import Immutable, Name, Reference, Text, Wire
from ...lifecycle.resource import Options, Resource
from ..account import RingCXMember
from ..client_numbers import SCHEDULE_OVERRIDES
from .tracking_number import TRACKING_NUMBER, TrackingNumber


class TrackingScheduleOverrideArgs(Adoptable, total=False):
    """What a schedule override is. Its day is set in the portal: the vendor does not document how a date is written."""

    tracking_number: Required[Annotated[TrackingNumber | Input[Reference], Immutable(), means.Inside(TRACKING_NUMBER)]]
    """The tracking number, or its id; another one means another override."""
    name: Required[Annotated[Input[Name], Wire("overrideLabel"), means.Label()]]
    """What administrators see; unique for a tracking number. Vendor: ``overrideLabel``."""
    schedule: Annotated[Input[Text], Wire("overrideSched"), means.Hours()]
    """The hours of that day, in the vendor's own form, which is not documented. Vendor: ``overrideSched``."""
    closed_event: Annotated[Input[Text], Wire("overrideClosedEvent"), means.Decides()]
    """What happens to calls outside of them, in the vendor's own words. Vendor: ``overrideClosedEvent``."""


class TrackingScheduleOverrideProvider(RingCXMember):
    token = "ringcx:TrackingScheduleOverride"  # noqa: S105
    args = TrackingScheduleOverrideArgs
    calls = SCHEDULE_OVERRIDES


class TrackingScheduleOverride(Resource, lifecycle=TrackingScheduleOverrideProvider):
    """Other hours of a tracking number on one day. Calls: NMb-24 to NMb-28 (``scheduleOverrides``)."""

    tracking_number: Output[str]
    """The tracking number, or its id; another one means another override."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[TrackingScheduleOverrideArgs]) -> None:
        self._declare(resource_name, args, opts)
