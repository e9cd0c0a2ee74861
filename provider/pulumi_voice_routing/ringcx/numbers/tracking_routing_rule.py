"""A routing rule of a tracking number: where its calls go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import Decisive, Id, Immutable, Note, NumberOrText, Reference, Wire
from ...lifecycle.resource import Options, Resource
from ..client_numbers import ROUTING_RULES
from .last_rule import RoutingRule
from .tracking_number import TRACKING_NUMBER, TrackingNumber

RuleType = Literal["STANDARD", "STANDARD_SIP", "ENCRYPTED_SIP", "GATE_XFER", "TRAC_XFER", "IN_NETWORK", "VIVR"]
"""How the target of a rule is read: a number, a SIP address, a queue, another tracking number, a Visual IVR."""

READS: Mapping[str, means.Reading] = {
    "STANDARD": "dialled",
    "IN_NETWORK": "dialled",
    "STANDARD_SIP": "sip",
    "ENCRYPTED_SIP": "sip",
    "VIVR": "ivr",
}
"""How ``destination`` is read, by the kind of the rule."""


class TrackingRoutingRuleArgs(Adoptable, total=False):
    """What a routing rule is. Fields that are not given are left as the vendor has them."""

    tracking_number: Required[Annotated[TrackingNumber | Input[Reference], Immutable(), means.Inside(TRACKING_NUMBER)]]
    """The tracking number, or its id; another one means another rule."""
    rank: Required[Annotated[Input[int], Wire("rank"), means.Order(), means.Key()]]
    """Its place among the rules, the lowest first; unique for a tracking number."""
    kind: Required[Annotated[Input[RuleType], Wire("ruleType"), Decisive(), means.Kind()]]
    """How the target is read. Vendor: ``ruleType``."""
    destination: Annotated[Input[NumberOrText], Wire("destination"), Decisive(), means.Target(by="kind", reads=READS)]
    """Where calls go, for every kind but ``GATE_XFER`` and ``TRAC_XFER``."""
    queue_id: Annotated[Input[Id], Wire("xferGateId"), Decisive(), means.Target(reads="queue")]
    """The queue that gets the calls, with ``GATE_XFER``. Vendor: ``xferGateId``."""
    to_tracking_id: Annotated[Input[Id], Wire("xferTracId"), Decisive(), means.Target("ringcx:TrackingNumber")]
    """The vendor's number of the tracking number that gets the calls, with ``TRAC_XFER``. Vendor: ``xferTracId``."""
    description: Annotated[Input[Note], Wire("description")]
    """For administrators."""
    ring_duration: Annotated[Input[int], Wire("ringDuration"), means.Limit()]
    """How long it rings. The vendor does not name the unit. Vendor: ``ringDuration``."""
    parallel_delay: Annotated[Input[int], Wire("parallelDelay"), means.Decides()]
    """How much later it rings than the first, when all ring. The vendor does not name the unit. Vendor:
    ``parallelDelay``."""
    open_rule: Annotated[Input[bool], Wire("openRule"), means.Hours()]
    """Whether it is for opening hours, and not for the others. Vendor: ``openRule``."""
    tt_accept: Annotated[Input[bool], Wire("ttAccept"), means.Decides()]
    """Whether the answering side presses a key to accept the call. Vendor: ``ttAccept``."""


class TrackingRoutingRuleProvider(RoutingRule):
    token = "ringcx:TrackingRoutingRule"  # noqa: S105
    args = TrackingRoutingRuleArgs
    calls = ROUTING_RULES
    server_fields = frozenset({"tracNumber"})


class TrackingRoutingRule(Resource, lifecycle=TrackingRoutingRuleProvider):
    """Says where calls to a tracking number go.

    Its last rule stays while callers reach the number, unless an approval lets the number become inactive. Calls:
    NMb-19 to NMb-23 (``routingRules``).
    """

    tracking_number: Output[str]
    """The tracking number, or its id; another one means another rule."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[TrackingRoutingRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
