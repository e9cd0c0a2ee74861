"""What the policy pack does with fleets grows as their rows do."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pulumi_policy
import pytest
from pulumi_policy import proxy

from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import PREFIX, Before, saved_resources
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.run import Run
from tests.fleets.test_growth import SOME, counted

Values = dict[str, Any]

SIZES = (4, 12, 24, 48)
"""The first one is for what is loaded and worked out once."""
STACK = "urn:pulumi:dev::line::"
ACCOUNT, GROUP = "1", "1/2"


def fleets(rows: int) -> dict[str, tuple[str, Values, Values]]:
    """By name the type, and the rows and ids of fleets: destinations, profiles, what they share, and their numbers."""
    keys = [str(at) for at in range(rows)]
    desks = {key: {"group_id": GROUP, "name": f"Desk {key}", "kind": "DID", "target": "+13035551234"} for key in keys}
    split: Values = {"routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}
    plans = {key: {"group_id": GROUP, "name": f"Plan {key}", **split} for key in keys}
    share = {"allocation_percent": 100, "rank": 1}
    shares = {
        key: {"profile": f"{GROUP}/8{key}", "destinations": [{"destination": f"{GROUP}/9{key}", **share}]}
        for key in keys
    }
    numbers = {key: {"dnis": f"+1303555{key:>04}", "profile": f"{GROUP}/8{key}"} for key in keys}
    return {
        "desks": ("Destination", desks, {key: f"{GROUP}/9{key}" for key in keys}),
        "plans": ("Profile", plans, {key: f"{GROUP}/8{key}" for key in keys}),
        "shares": ("ProfileDestinations", shares, {key: f"{GROUP}/8{key}" for key in keys}),
        "numbers": ("DnisAssignment", numbers, {key: f"{ACCOUNT}/1303555{key:>04}" for key in keys}),
    }


def type_of(kind: str) -> str:
    return f"{PREFIX}ringcx:{kind}Fleet"


def judged(rows: int, *, preview: bool) -> Counter[str]:
    """What it takes to judge them, when all that links them is known and what they are made of is not."""
    made = fleets(rows)
    urns = {name: f"{STACK}{type_of(kind)}::{name}" for name, (kind, *_) in made.items()}
    state = [
        {"urn": urns[name], "type": type_of(kind), "id": name, "inputs": {}, "outputs": {"rows": those, "ids": ids}}
        for name, (kind, those, ids) in made.items()
    ]
    run = Run(before=Before(saved_resources({"deployment": {"resources": state}})), preview=preview)
    run.approvals = Approvals()
    times = pulumi_policy.PolicyCustomTimeouts(0, 0, 0)
    options = pulumi_policy.PolicyResourceOptions(False, [], None, [], times, [], None)
    everything: list[Any] = []
    for name, (kind, those, _) in made.items():
        behind = {"rows": [one for one in everything if name in ("shares", "numbers")]}
        props = proxy.unknown_checking_proxy({"rows": those})
        everything.append(
            pulumi_policy.PolicyResource(type_of(kind), props, urns[name], name, options, None, None, [], behind)
        )
    said: list[str] = []
    with counted() as took:
        for policy in pack_policies(run=run):
            if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
                for one in everything:
                    args = pulumi_policy.ResourceValidationArgs(
                        one.resource_type, one.props, one.urn, one.name, options, None, {}
                    )
                    policy.validate(args, lambda message, urn=None: said.append(message))
            elif isinstance(policy, pulumi_policy.StackValidationPolicy):
                policy.validate(
                    pulumi_policy.StackValidationArgs(everything, {}), lambda message, urn=None: said.append(message)
                )
    assert said, "nothing here is protected"
    return took


@pytest.mark.whole_run
def test_the_pack_does_not_look_at_all_rows_for_each() -> None:
    for preview in (False, True):
        _, few, more, many = (judged(rows, preview=preview) for rows in SIZES)
        grown = {what: (more[what] - few[what], times - more[what]) for what, times in many.items()}
        assert {what: both for what, both in grown.items() if both[1] > 2.2 * max(both[0], 0) + SOME} == {}
