"""A profile: the plan that chooses among destinations."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import Code, CreateOnly, Immutable, Name, Note, NumberOrText, Reference, Text, Wire
from ...lifecycle.resource import Options, Resource
from .. import client
from ..http_services.http_service import HttpService
from ..routing_types import PercentAllocType, RoutingType
from .profile_switch import SwitchedProfile


class ProfileArgs(Adoptable, total=False):
    """What a profile is. Fields that are not given are left as the vendor has them."""

    group_id: Required[Annotated[Input[Reference], Immutable(), means.Inside("ringcx:RouteGroup")]]
    """The route group it lives in; another group means another profile."""
    name: Required[Annotated[Input[Name], Wire("profileName"), means.Label()]]
    """What administrators see; unique in its group. Vendor: ``profileName``."""
    routing_type: Required[Annotated[Input[RoutingType], Wire("routingType"), means.Decides()]]
    """How it chooses: ``PERCENT_ALLOCATION``, or another of the vendor's words for round robin, sequential and
    geolocation, which are not documented. Vendor: ``routingType``."""
    percent_alloc_type: Annotated[Input[PercentAllocType], Wire("percentAllocType"), means.Decides()]
    """What the percentages are of, such as ``DAILY``, with ``PERCENT_ALLOCATION``. Vendor: ``percentAllocType``."""
    active: Annotated[Input[bool], Wire("isActive"), means.Switch(first=False)]
    """Whether it routes calls. Starts inactive. Leave it out and use ``Activation`` to switch a whole plan at once.
    Vendor: ``isActive``."""
    description: Annotated[Input[Note], Wire("profileDesc")]
    """For administrators. Vendor: ``profileDesc``."""
    route_exhausted_action: Annotated[Input[Code], Wire("routeExhaustedAction"), means.Decides()]
    """What happens to a call that no destination takes; the vendor's words are not documented. Vendor:
    ``routeExhaustedAction``."""
    sticky_destination_type: Annotated[Input[Code], Wire("stickyDestinationType"), means.Decides()]
    """Whether a caller gets the same destination again; the vendor's words are not documented. Vendor:
    ``stickyDestinationType``."""
    outbound_caller_id: Annotated[Input[NumberOrText], Wire("outboundCallerId"), means.Aside()]
    """The number shown to the destination. Vendor: ``outboundCallerId``."""
    voicemail_email: Annotated[Input[Text], Wire("voicemailEmail"), means.Aside()]
    """Where voicemail is sent. Vendor: ``voicemailEmail``."""
    billing_code: Annotated[Input[Text], Wire("billingCode"), means.Aside()]
    """For the account's own bookkeeping. Vendor: ``billingCode``."""
    billing_key: Annotated[Input[Note], Wire("billingKey")]
    """For the account's own bookkeeping. Vendor: ``billingKey``."""
    intro_message: Annotated[Input[Text], Wire("introMsg"), means.Aside()]
    """Name of the audio that callers hear first. Vendor: ``introMsg``."""
    whisper_message: Annotated[Input[Text], Wire("whisperMsg"), means.Aside()]
    """Name of the audio that the answering side hears first. Vendor: ``whisperMsg``."""
    take_back_message: Annotated[Input[Text], Wire("takeBackMsg"), means.Aside()]
    """Name of an audio. Vendor: ``takeBackMsg``."""
    end_call_message: Annotated[Input[Text], Wire("endcallMsg"), means.Aside()]
    """Name of the audio at the end. Vendor: ``endcallMsg``."""
    record_call: Annotated[Input[bool], Wire("recordCall"), means.Aside()]
    """Whether calls are recorded. Vendor: ``recordCall``."""
    reverse_match: Annotated[Input[bool], Wire("revMatch"), means.Aside()]
    """Whether the caller is looked up. Vendor: ``revMatch``."""
    repeat_count: Annotated[Input[int], Wire("repeatCount"), means.Decides()]
    """How often the destinations are tried again. Vendor: ``repeatCount``."""
    repeat_delay: Annotated[Input[int], Wire("repeatDelay"), means.Decides()]
    """The pause before that. The vendor does not name the unit. Vendor: ``repeatDelay``."""
    dequeue_delay: Annotated[Input[int], Wire("dequeueDelay"), means.Decides()]
    """Vendor: ``dequeueDelay``; the unit is not documented."""
    short_call: Annotated[Input[int], Wire("shortCall"), means.Aside()]
    """Up to what length a call counts as short. The vendor does not name the unit. Vendor: ``shortCall``."""
    long_call: Annotated[Input[int], Wire("longCall"), means.Aside()]
    """From what length a call counts as long. The vendor does not name the unit. Vendor: ``longCall``."""
    geo_max_distance: Annotated[Input[int], Wire("geoMaxDistance"), means.Decides()]
    """The farthest destination to choose when routing by place. The vendor does not name the unit. Vendor:
    ``geoMaxDistance``."""
    call_start_service: Annotated[
        HttpService | Input[Reference],
        Wire("callStartSoapService.serviceId"),
        means.Needs(("ringcx:HttpService",), when="when a call starts"),
    ]
    """The HTTP service that is called when a call starts, or its id. Vendor: ``callStartSoapService``."""
    call_connect_service: Annotated[
        HttpService | Input[Reference],
        Wire("callConnSoapService.serviceId"),
        means.Needs(("ringcx:HttpService",), when="when a call is connected"),
    ]
    """The HTTP service that is called when a call is connected, or its id. Vendor: ``callConnSoapService``."""
    call_end_service: Annotated[
        HttpService | Input[Reference],
        Wire("callEndSoapService.serviceId"),
        means.Needs(("ringcx:HttpService",), when="when a call ends"),
    ]
    """The HTTP service that is called when a call ends, or its id. Vendor: ``callEndSoapService``."""
    clone_of: Annotated[Input[Reference], CreateOnly(), means.Existing()]
    """Start as a copy of this profile of the same group, made by the vendor; the fields given here are then applied to
    the copy. The copy starts inactive."""


class ProfileProvider(SwitchedProfile):
    token = "ringcx:Profile"  # noqa: S105
    args = ProfileArgs
    calls = client.PROFILES
    server_fields = frozenset({"permissions", "cloudRouteGroup", "isDeleted"})


class Profile(Resource, lifecycle=ProfileProvider):
    """The plan by which RingCX cloud routing chooses among destinations ("cloud route profile").

    Starts inactive; ``ProfileDestinations`` gives it its destinations and ``Activation`` switches it on. Calls: CR-02,
    CR-09 to CR-13 (``cloudRouteProfiles``). The vendor cannot delete a profile: destroying one deactivates it.

    Refuses: to start active, to be switched on before every call can be answered, and to be switched off while numbers
    that callers dial lead to it.
    """

    group_id: Output[str]
    """The route group it lives in; another group means another profile."""
    name: Output[str]
    """What administrators see; unique in its group."""
    routing_type: Output[str]
    """How it chooses."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ProfileArgs]) -> None:
        self._declare(resource_name, args, opts)
