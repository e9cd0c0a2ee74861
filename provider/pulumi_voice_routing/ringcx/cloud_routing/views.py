"""The arguments of cloud routing as attributes, for what is peculiar to how profiles choose."""

from __future__ import annotations

from ...lifecycle.view import Flag, Number, Numbers, Rows, Text, View
from ..views import ScheduledView


class ProfileView(View):
    """A profile."""

    token = "ringcx:Profile"  # noqa: S105
    routing_type = Text()
    percent_alloc_type = Text()
    route_exhausted_action = Text()


class DestinationView(ScheduledView):
    """A destination."""

    token = "ringcx:Destination"  # noqa: S105
    kind = Text()
    target = Text()
    preroute_http_url = Text()


class DnisOverrideView(View):
    """Another target at a destination for calls to one number."""

    token = "ringcx:DnisOverride"  # noqa: S105
    target = Text()


class AssignedDestinationView(View):
    """A destination of a profile."""

    destination = Text()
    rank = Number()
    allocation_percent = Number()
    kind = Text()
    override = Flag()
    target = Text()


class ProfileDestinationsView(View):
    """The destinations of a profile."""

    token = "ringcx:ProfileDestinations"  # noqa: S105
    profile = Text()
    destinations = Rows(AssignedDestinationView)


class DestinationHoursView(View):
    """The hourly shares of a destination."""

    destination = Text()
    percent = Numbers()


class AllocationHoursView(View):
    """The hourly shares of a profile."""

    token = "ringcx:AllocationHours"  # noqa: S105
    hours = Rows(DestinationHoursView)
    file = Text()
    on_delete = Text()
