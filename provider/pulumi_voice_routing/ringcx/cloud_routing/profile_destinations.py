"""The destinations of a profile, as one set: which, in what order, with what share of the calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Required, Unpack

from pulumi import Input, Output
from pydantic import Field
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Immutable, NumberOrText, Percent, Reference, Wire
from ...lifecycle.resource import Options, Resource
from .destination import READS, Destination, DestinationKind
from .profile import Profile
from .reassignment import AssignedSet

Rank = Annotated[int, Field(ge=0)]


class AssignedDestination(TypedDict, total=False):
    """One destination of a profile ("assigned destination")."""

    destination: Required[Annotated[Destination | Input[Reference], means.Target("ringcx:Destination")]]
    """The destination, or its id."""
    rank: Annotated[Input[Rank], Wire("rank"), means.Order()]
    """Its place in the order, the lowest first. Default: its place in the list, from 1."""
    allocation_percent: Annotated[Input[Percent], Wire("allocationPercent"), means.Share()]
    """Its share of the calls, 0 to 100; all shares of a profile make 100. Vendor: ``allocationPercent``."""
    kind: Annotated[Input[DestinationKind], Wire("destinationType"), means.Kind()]
    """How the vendor treats the link. Default: ``STANDARD``. Vendor: ``destinationType``."""
    ring_duration: Annotated[Input[int], Wire("ringDuration"), means.Limit()]
    """How long it rings for calls of this profile. The vendor does not name the unit. Vendor: ``ringDuration``."""
    override: Annotated[Input[bool], Wire("overrideFlag"), means.Decides()]
    """Whether the settings here win over the destination's own. Vendor: ``overrideFlag``."""
    target: Annotated[Input[NumberOrText], Wire("routeDestination"), means.Target(by="kind", reads=READS)]
    """Where its calls go instead, with ``override``. Vendor: ``routeDestination``."""
    outbound_caller_id: Annotated[Input[NumberOrText], Wire("outboundCallerId"), means.Aside()]
    """The number shown to the destination. Vendor: ``outboundCallerId``."""
    force_acd_queue: Annotated[Input[bool], Wire("forceAcdQueue"), means.Decides()]
    """Vendor: ``forceAcdQueue``; its meaning is not documented."""


class ProfileDestinationsArgs(TypedDict, total=False):
    """The whole set of a profile's destinations."""

    profile: Required[Annotated[Profile | Input[Reference], Immutable(), means.Inside("ringcx:Profile")]]
    """The profile, or its id; another profile means another set."""
    destinations: Required[Annotated[Input[Sequence[AssignedDestination]], means.Entries()]]
    """Every destination that the profile has; those that are not here are taken out of it."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt the destinations that the profile has already, and bring them to this set. Default: false."""


class ProfileDestinationsProvider(AssignedSet):
    token = "ringcx:ProfileDestinations"  # noqa: S105
    args = ProfileDestinationsArgs
    noun = "destinations of a profile"


class ProfileDestinations(Resource, lifecycle=ProfileDestinationsProvider):
    """All destinations of one profile, in order, with their shares of the calls ("assigned destinations").

    It owns the whole set: new ones enter with no share, one call sets all final values at once, those that are no
    longer declared leave last, and an active profile is never off 100 percent in between. A destination of this program
    that is to get calls of an active profile is switched on first. A destination that somebody else added since the
    last refresh stops the change. Calls: CR-14 to CR-16 and CRb-21 (``assignedDestinations``).

    Refuses: shares of a percent profile that do not make 100, to overwrite what was edited in the portal since the last
    refresh, and whatever would leave an active profile with fewer calls answered than now.
    """

    profile: Output[str]
    """The profile, or its id; another profile means another set."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ProfileDestinationsArgs]) -> None:
        self._declare(resource_name, args, opts)
