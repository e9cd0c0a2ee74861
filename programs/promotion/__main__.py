"""One program for test and production: a number, and two profiles that may answer it.

The stacks differ in their accounts and in their number. Everything else goes through review, test and production as it
is, the approval of a move included.
"""

from __future__ import annotations

import pulumi

import pulumi_voice_routing
from pulumi_voice_routing import ringcx

pulumi_voice_routing.guard()

ANSWERS = "Day"
"""Who answers: what a pull request changes, in one place for all stacks."""
DESKS = {"Day": "+17205550100", "Night": "+17205550101"}

config = pulumi.Config()
number = config.get("number") or "+18005550190"
answers = config.get("answers") or ANSWERS

group = ringcx.RouteGroup("group", name="Promotion", adopt=True)
profiles: dict[str, ringcx.Profile] = {}
desks = []
splits = []
for name, target in DESKS.items():
    desk = ringcx.Destination(
        f"{name.lower()}-desk", group_id=group.id, name=f"{name} desk", kind="DID", target=target, adopt=True
    )
    profiles[name] = ringcx.Profile(
        name.lower(),
        group_id=group.id,
        name=name,
        routing_type="PERCENT_ALLOCATION",
        percent_alloc_type="DAILY",
        adopt=True,
    )
    splits.append(
        ringcx.ProfileDestinations(
            f"{name.lower()}-split",
            profile=profiles[name],
            destinations=[{"destination": desk, "allocation_percent": 100}],
            adopt=True,
        )
    )
    desks.append(desk)
ready = ringcx.Activation(
    "answering", targets=[*desks, *profiles.values()], opts=pulumi.ResourceOptions(depends_on=splits)
)
line = ringcx.Dnis("line", dnis=number, description="Support", category="VOICE")
ringcx.DnisAssignment(
    "line",
    dnis=line.dnis,
    profile=profiles[answers],
    active=config.get_bool("live") or False,
    opts=pulumi.ResourceOptions(depends_on=[ready, line]),
)

pulumi.export("number", number)
pulumi.export("answered_by", profiles[answers].id)
