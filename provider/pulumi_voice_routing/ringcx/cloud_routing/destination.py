"""A destination: a place that calls can be sent to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output
from pydantic import Field

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import CreateOnly, Decisive, Immutable, Name, Note, NumberOrText, Reference, Secret, Text, Wire
from ...lifecycle.resource import Options, Resource
from .. import client
from .destination_target import TargetMember

DestinationKind = Literal["STANDARD", "DID", "SIP", "IN_NETWORK_DID", "ACD", "IVR", "IVR_STUDIO"]
"""What a destination is: a number (``DID``, ``IN_NETWORK_DID``), a SIP address, a queue (``ACD``), an IVR."""

READS: Mapping[str, means.Reading] = {
    "DID": "number",
    "IN_NETWORK_DID": "number",
    "SIP": "sip",
    "ACD": "queue",
    "IVR": "ivr",
    "IVR_STUDIO": "ivr",
}
"""How a target is read, by the kind of its destination; for a kind that is not here, that is not documented."""


class DestinationArgs(Adoptable, total=False):
    """What a destination is. Fields that are not given are left as the vendor has them."""

    group_id: Required[Annotated[Input[Reference], Immutable(), means.Inside("ringcx:RouteGroup")]]
    """The route group it lives in; another group means another destination."""
    name: Required[Annotated[Input[Name], Wire("destinationName"), means.Label()]]
    """What administrators see; unique in its group. Vendor: ``destinationName``."""
    kind: Required[Annotated[Input[DestinationKind], Wire("destinationType"), Decisive(), means.Kind()]]
    """How ``target`` is read. Vendor: ``destinationType``."""
    target: Required[
        Annotated[Input[NumberOrText], Wire("routeDestination"), Decisive(), means.Target(by="kind", reads=READS)]
    ]
    """Where calls go: a number in E.164 for ``DID`` and ``IN_NETWORK_DID``, a SIP address for ``SIP``, the id of the
    queue or IVR for the others. Vendor: ``routeDestination``."""
    active: Annotated[Input[bool], Wire("isActive"), means.Switch(first=False)]
    """Whether calls reach it. Starts inactive. Leave it out and use ``Activation`` to switch a whole plan at once.
    Vendor: ``isActive``."""
    description: Annotated[Input[Note], Wire("destinationDesc")]
    """For administrators. Vendor: ``destinationDesc``."""
    ring_duration: Annotated[Input[Annotated[int, Field(ge=0)]], Wire("ringDuration"), means.Limit()]
    """How long it rings. The vendor does not name the unit. Vendor: ``ringDuration``."""
    max_concurrent: Annotated[Input[Annotated[int, Field(ge=0)]], Wire("maxConcurrent"), means.Limit()]
    """The most calls at one time. Vendor: ``maxConcurrent``."""
    max_concurrent_hours: Annotated[Input[Text], Wire("maxConcurrentHours"), means.Decides()]
    """Vendor: ``maxConcurrentHours``; its values are not documented."""
    max_concurrent_type: Annotated[Input[Text], Wire("maxConcurrentType"), means.Decides()]
    """Vendor: ``maxConcurrentType``; its values are not documented."""
    monday_schedule: Annotated[Input[Text], Wire("monSched"), means.Hours()]
    """When it is open on Mondays, in the vendor's own form, which is not documented. Vendor: ``monSched``."""
    tuesday_schedule: Annotated[Input[Text], Wire("tueSched"), means.Hours()]
    """When it is open on Tuesdays; see ``monday_schedule``. Vendor: ``tueSched``."""
    wednesday_schedule: Annotated[Input[Text], Wire("wedSched"), means.Hours()]
    """When it is open on Wednesdays; see ``monday_schedule``. Vendor: ``wedSched``."""
    thursday_schedule: Annotated[Input[Text], Wire("thuSched"), means.Hours()]
    """When it is open on Thursdays; see ``monday_schedule``. Vendor: ``thuSched``."""
    friday_schedule: Annotated[Input[Text], Wire("friSched"), means.Hours()]
    """When it is open on Fridays; see ``monday_schedule``. Vendor: ``friSched``."""
    saturday_schedule: Annotated[Input[Text], Wire("satSched"), means.Hours()]
    """When it is open on Saturdays; see ``monday_schedule``. Vendor: ``satSched``."""
    sunday_schedule: Annotated[Input[Text], Wire("sunSched"), means.Hours()]
    """When it is open on Sundays; see ``monday_schedule``. Vendor: ``sunSched``."""
    force_acd_queue: Annotated[Input[bool], Wire("forceAcdQueue"), means.Decides()]
    """Vendor: ``forceAcdQueue``; its meaning is not documented."""
    tt_accept: Annotated[Input[bool], Wire("ttAccept"), means.Decides()]
    """Whether the answering side presses a key to accept the call. Vendor: ``ttAccept``."""
    tt_accept_time: Annotated[Input[Annotated[int, Field(ge=0)]], Wire("ttAcceptTime"), means.Limit(when="tt_accept")]
    """How long it has for that. Vendor: ``ttAcceptTime``."""
    preroute_http_url: Annotated[Input[Text], Wire("prerouteHttpUrl"), means.Decides()]
    """Asked before a call is sent here. Vendor: ``prerouteHttpUrl``."""
    auth_key: Annotated[Input[str], Wire("authKey"), Secret()]
    """Secret. Vendor: ``authKey``."""
    country_id: Annotated[Input[Text], Wire("countryCode.countryId"), means.Aside()]
    """The vendor's number for the country. Vendor: ``countryCode.countryId``."""
    address: Annotated[Input[Text], Wire("address"), means.Decides()]
    """For routing by place."""
    city: Annotated[Input[Text], Wire("city"), means.Decides()]
    """For routing by place."""
    state: Annotated[Input[Text], Wire("state"), means.Decides()]
    """For routing by place."""
    zip: Annotated[Input[Text], Wire("zip"), means.Decides()]
    """For routing by place."""
    latitude: Annotated[Input[Annotated[float, Field(ge=-90, le=90)]], Wire("lat"), means.Decides()]
    """For routing by place, in degrees. Vendor: ``lat``."""
    longitude: Annotated[Input[Annotated[float, Field(ge=-180, le=180)]], Wire("lon"), means.Decides()]
    """For routing by place, in degrees. Vendor: ``lon``."""
    clone_of: Annotated[Input[Reference], CreateOnly(), means.Existing()]
    """Start as the vendor's copy of this destination of the same group; the fields given here are then applied to the
    copy. The vendor copies hours, linked profiles and overrides as well. The copy starts inactive."""


class DestinationProvider(TargetMember):
    token = "ringcx:Destination"  # noqa: S105
    args = DestinationArgs
    calls = client.DESTINATIONS
    server_fields = frozenset(
        {"permissions", "cloudRouteGroup", "active", "deleted", "isDeleted", "startDate", "endDate"}
    )
    """The form of the two dates is not documented, so that they are never sent."""


class Destination(Resource, lifecycle=DestinationProvider):
    """A place that RingCX cloud routing can send calls to ("cloud route destination").

    Starts inactive. Calls: CR-03 to CR-08 (``cloudRouteDestinations``). The vendor cannot delete a destination:
    destroying one deactivates it, refuses while an active profile sends calls to it, and says what it left behind.

    Refuses: to create a second one of the same name in its group without ``adopt``, to switch on one without a target,
    and to switch off one that an active profile sends calls to.
    """

    group_id: Output[str]
    """The route group it lives in; another group means another destination."""
    name: Output[str]
    """What administrators see; unique in its group."""
    kind: Output[str]
    """How ``target`` is read."""
    target: Output[str]
    """Where calls go."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DestinationArgs]) -> None:
        self._declare(resource_name, args, opts)
