"""A tracking number: a number that attributes its calls to a campaign."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import CreateOnly, Note, NumberOrText, Reference, Text, Wire
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled
from .tracked_number import TrackedNumber
from .tracking_calls import CALLS
from .tracking_group import TrackingGroup

TRACKING_NUMBER = "ringcx:TrackingNumber"

Opening = Literal["STANDARD", "STANDARD_PARALLEL", "LOCATOR"]
"""How calls are sent on: one target after the other, all at once, or the nearest place."""


class TrackingNumberArgs(Adoptable, total=False):
    """What a tracking number is. Fields that are not given are left as the vendor has them."""

    group_id: Required[Annotated[TrackingGroup | Input[Reference], CreateOnly(), means.Inside("ringcx:TrackingGroup")]]
    """The tracking group, or its id. It never changes: in another group it is another tracking number."""
    dnis: Required[
        Annotated[Input[Dialled], Wire("dnis"), CreateOnly(), means.Dialled(answered_by="tracking number"), means.Key()]
    ]
    """The number, in E.164; it is in the pool and nobody answers it. It never changes: another number is another
    resource. Vendor: ``dnis``, digits only."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The number is short, or exists inside the vendor's network only, and is taken as it is. Default: false."""
    active: Annotated[Input[bool], Wire("active"), means.Switch()]
    """Whether it takes calls; the vendor starts it active. Vendor: ``active``, ``assignedDnis.isActive``."""
    dnis_description: Annotated[Input[Note], Wire("dnisDescription")]
    """What the number is for. Vendor: ``dnisDescription``."""
    description: Annotated[Input[Note], Wire("description")]
    """For administrators."""
    open_type: Annotated[Input[Opening], Wire("openType"), means.Decides()]
    """How calls are sent on in opening hours. Vendor: ``openType``."""
    close_type: Annotated[Input[Opening], Wire("closeType"), means.Decides()]
    """How calls are sent on in other hours. Vendor: ``closeType``."""
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
    outbound_caller_id: Annotated[Input[NumberOrText], Wire("outboundCallerId"), means.Aside()]
    """The number shown to the answering side. Vendor: ``outboundCallerId``."""
    intro_message: Annotated[Input[Text], Wire("introMsg"), means.Aside()]
    """Name of the audio that callers hear first. Vendor: ``introMsg``."""
    whisper_message: Annotated[Input[Text], Wire("whisperMsg"), means.Aside()]
    """Name of the audio that the answering side hears first. Vendor: ``whisperMsg``."""
    end_call_message: Annotated[Input[Text], Wire("endcallMsg"), means.Aside()]
    """Name of the audio at the end. Vendor: ``endcallMsg``."""
    record_call: Annotated[Input[int], Wire("recordCall"), means.Aside()]
    """Percent of calls that are recorded, as far as the vendor says. Vendor: ``recordCall``."""
    reverse_match: Annotated[Input[int], Wire("revMatch"), means.Aside()]
    """Whether the caller is looked up: 0 or 1. Vendor: ``revMatch``."""
    voicemail_enabled: Annotated[Input[int], Wire("voicemailEnabled"), means.Decides()]
    """Whether there is a voicemail: 0 or 1. Vendor: ``voicemailEnabled``."""
    short_call: Annotated[Input[int], Wire("shortCallTime"), means.Aside()]
    """Up to what length a call counts as short. The vendor does not name the unit. Vendor: ``shortCallTime``."""
    dequeue_delay: Annotated[Input[int], Wire("dequeueDelay"), means.Decides()]
    """Vendor: ``dequeueDelay``; the unit is not documented."""
    billing_code: Annotated[Input[Text], Wire("billingCode"), means.Aside()]
    """For the account's own bookkeeping. Vendor: ``billingCode``."""
    billing_key: Annotated[Input[Note], Wire("billingKey")]
    """For the account's own bookkeeping. Vendor: ``billingKey``."""


class TrackingNumberProvider(TrackedNumber):
    token = TRACKING_NUMBER
    args = TrackingNumberArgs
    calls = CALLS
    server_fields = frozenset({"permissions", "accountId", "tracGroup", "tracGroupId", "assignedDnis"})


class TrackingNumber(Resource, lifecycle=TrackingNumberProvider):
    """A number that attributes its calls to a campaign ("trac number" in paths); it answers the number itself.

    Calls: NM-15 to NM-17, NMb-18 (``tracNumbers``). The vendor cannot delete a tracking number: destroying one
    deactivates it, which takes an approval while callers reach it, and it keeps its number.

    Refuses: to be deactivated or destroyed while callers reach it, without an approval.
    """

    group_id: Output[str]
    """The tracking group, or its id."""
    dnis: Output[str]
    """The number, in E.164; it is in the pool and nobody answers it."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[TrackingNumberArgs]) -> None:
        self._declare(resource_name, args, opts)
