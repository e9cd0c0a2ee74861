"""The arguments of tracking numbers as attributes, for what is peculiar to how their rules are tried."""

from __future__ import annotations

from ...lifecycle.view import Flag, Number, Text, View
from ..views import ScheduledView


class TrackingNumberView(ScheduledView):
    """A tracking number."""

    token = "ringcx:TrackingNumber"  # noqa: S105
    dnis = Text()
    open_type = Text()
    close_type = Text()


class TrackingRoutingRuleView(View):
    """A routing rule of a tracking number."""

    token = "ringcx:TrackingRoutingRule"  # noqa: S105
    rank = Number()
    kind = Text()
    destination = Text()
    queue_id = Text()
    to_tracking_id = Text()
    open_rule = Flag()

    @property
    def target(self) -> object:
        """Where calls go, in the field that the kind of the rule says."""
        if self.kind == "GATE_XFER":
            return self.queue_id
        return self.to_tracking_id if self.kind == "TRAC_XFER" else self.destination


class TrackingScheduleOverrideView(View):
    """Other hours of a tracking number on one day."""

    token = "ringcx:TrackingScheduleOverride"  # noqa: S105
    schedule = Text()


class DnisView(View):
    """The record of a number."""

    token = "ringcx:Dnis"  # noqa: S105


class DnisAssignmentView(View):
    """Who answers a number."""

    token = "ringcx:DnisAssignment"  # noqa: S105
    profile = Text()
