"""A tracking number: a number that attributes its calls to a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Required, Unpack

from pulumi import Input, Output

from ...client.listings import Json
from ...errors import DeclarationError, Exists
from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.calls import At
from ...lifecycle.create_notes import Intent
from ...lifecycle.fields import CreateOnly, Note, Reference, Text, Wire
from ...lifecycle.model import FieldFacts, Values, unknown
from ...lifecycle.resource import Options, Resource
from ...permission.needed import INACTIVE, needed_permission
from ...permission.require import require_permission
from ..account import RingCXMember
from ..client import RingCX
from .dialled_number import Dialled, NumberLifecycle, as_users_write, wire
from .owner import Live, Owner
from .tracking_calls import CALLS, flat
from .tracking_group import TrackingGroup

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
    outbound_caller_id: Annotated[Input[Text], Wire("outboundCallerId"), means.Aside()]
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


class TrackingNumberProvider(RingCXMember, NumberLifecycle):
    token = "ringcx:TrackingNumber"  # noqa: S105
    args = TrackingNumberArgs
    claim = "assignment"
    fixed = ("group_id", "dnis")
    calls = CALLS
    path = ("group", "tracking number")
    server_fields = frozenset({"permissions", "accountId", "tracGroup", "tracGroupId", "assignedDnis"})

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if args.get("dnis") and not unknown(args["dnis"]):
            yield "dnis", args["dnis"]

    def with_numbers(self, args: Values, form: Any) -> Values:
        return {**args, **{name: form(number) for name, number in self.numbers(args)}}

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "dnis" and isinstance(old, str) and isinstance(new, str):
            return wire(old) == wire(new)
        return super().same(field, old, new)

    def shown(self, at: At, live: Json) -> Values:
        seen = super().shown(at, live)
        dnis = seen.get("dnis")
        return {**seen, "dnis": as_users_write(wire(dnis))} if isinstance(dnis, str) else seen

    def sent(self, name: str, value: Any) -> Any:
        return wire(value) if name == "dnis" else value

    def opened(self, live: Json) -> Json:
        return flat(live)

    def may_create(self, at: At, body: Json) -> None:
        digits = body["dnis"]
        record = self.api.pool.fresh([digits]).get(digits)
        owner = Live(record).owner if record is not None else None
        if record is None:
            raise DeclarationError(
                f"ringcx: {digits} is not in the pool. Declare it in a Dnis or DnisPool and let the tracking number "
                "depend on it; nothing was created."
            )
        if owner is not None:
            raise Exists(
                f"{digits} cannot become a tracking number in group {at[0]}, because {owner.called} answers it. "
                "Release it there first; nothing was created."
            )

    def may_write(self, at: At, number: str, body: Json) -> None:
        if body.get("active") is False:
            refuse_silence(self.api, number, wire(str(body["dnis"])))

    def look(self, id_: str, olds: Values) -> Values | None:
        outs = super().look(id_, olds)
        return outs if outs is None or not olds.get("dnis") else {**outs, "dnis": olds["dnis"]}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        self.refuse_another_number(olds, args)
        return super().change(id_, olds, args)

    def remove(self, id_: str, olds: Values) -> None:
        if not olds.get("dnis") or self.without_renamed([olds["dnis"]]):
            super().remove(id_, olds)

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        fresh = self.get(at, number)
        if fresh.get("active") is not False:
            body = {name: value for name, value in fresh.items() if name not in self.server_fields}
            self.write(at, number, {**body, "active": False})
        super().end(at, number, live, olds)

    def may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        # Under another resource name it is the same tracking number, as long as nothing else about it changes.
        seen = self.shown(at, twin)
        as_it_is = not any(self.is_sent(self.model[name]) for name in self.changed(seen, args))
        super().may_take_over(at, twin, {**args, "adopt": True} if as_it_is else args, intent)


class TrackingNumber(Resource, lifecycle=TrackingNumberProvider):
    """A number that attributes its calls to a campaign ("trac number" in paths); it answers the number itself.

    Calls: NM-15 to NM-17, NMb-18 (``tracNumbers``). The vendor cannot delete a tracking number: destroying one
    deactivates it, which takes an approval while callers reach it, and it keeps its number.

    Refuses: to be deactivated or destroyed while callers reach it, without an approval.
    """

    group_id: Output[str]
    dnis: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[TrackingNumberArgs]) -> None:
        self._declare(resource_name, args, opts)


def refuse_silence(api: RingCX, id_: str, digits: str) -> None:
    """Raises :class:`Refused` when callers reach a tracking number and nobody approved that they no longer do."""
    record = api.pool.fresh([digits]).get(digits)
    ours = Owner("tracking number", id_)
    if record is not None and Live(record).owner == ours:
        change = needed_permission(Live(record).facts(as_users_write(digits), ours), INACTIVE)
        require_permission([change] if change else [])
