"""A support line with two sites, an overflow plan, and two numbers that ring a team of their own.

In business hours Denver and Dublin share the calls. The overflow plan is for the calls that neither can take, and
follows the clock: Dublin gets them while it is at its desks and Denver sleeps, an answering service in all other hours.
Nothing takes calls before everything is in place: the activation comes last, and is the first to go. Only the numbers
that callers dial, where this stack has them, come even later, and nobody takes them away by mistake.
"""

from __future__ import annotations

import pulumi

import pulumi_voice_routing
from pulumi_voice_routing import ringcx

pulumi_voice_routing.guard()

HOURS = range(24)
DUBLIN_AT_ITS_DESKS = range(1, 10)
"""08:00 to 17:00 in Dublin, in Denver's hours, which the plan is written in."""

config = pulumi.Config()
line = config.get("line") or "Support"
denver_number = config.get("denverNumber") or "+13035550100"
dublin_number = config.get("dublinNumber") or "+353209100100"
overflow_number = config.get("overflowNumber") or "+13035550199"
denver_share = config.get_int("denverShare", 70)
denver_teams: dict[str, str] = config.get_object(
    "denverTeams", {"+18005550111": "+13035550111", "+18005550122": "+13035550122"}
)
dublin_teams: dict[str, str] = config.get_object("dublinTeams", {"+18005550111": "+353209100111"})
numbers: list[str] = config.get_object("numbers", [])
adopt = config.get_bool("adopt") or False

# Where calls can go

group = ringcx.RouteGroup("group", name=f"{line} routing", adopt=adopt)

denver = ringcx.Destination(
    "denver", group_id=group.id, name=f"{line} Denver", kind="DID", target=denver_number, adopt=adopt
)
dublin = ringcx.Destination(
    "dublin", group_id=group.id, name=f"{line} Dublin", kind="DID", target=dublin_number, adopt=adopt
)
answering_service = ringcx.Destination(
    "answering-service",
    group_id=group.id,
    name=f"{line} answering service",
    kind="DID",
    target=overflow_number,
    adopt=adopt,
)

# Which of them gets a call

business_hours = ringcx.Profile(
    "business-hours",
    group_id=group.id,
    name=f"{line} business hours",
    routing_type="PERCENT_ALLOCATION",
    percent_alloc_type="DAILY",
    adopt=adopt,
)
split = ringcx.ProfileDestinations(
    "business-hours-split",
    profile=business_hours,
    destinations=[
        {"destination": denver, "allocation_percent": denver_share},
        {"destination": dublin, "allocation_percent": 100 - denver_share},
    ],
    adopt=adopt,
)

overflow = ringcx.Profile(
    "overflow",
    group_id=group.id,
    name=f"{line} overflow",
    routing_type="PERCENT_ALLOCATION",
    percent_alloc_type="DAILY",
    adopt=adopt,
)
overflow_split = ringcx.ProfileDestinations(
    "overflow-split",
    profile=overflow,
    destinations=[
        {"destination": answering_service, "allocation_percent": 100},
        {"destination": dublin, "allocation_percent": 0},
    ],
    adopt=adopt,
)
overflow_hours = ringcx.AllocationHours(
    "overflow-hours",
    profile=overflow,
    hours=[
        {"destination": answering_service, "percent": [0 if hour in DUBLIN_AT_ITS_DESKS else 100 for hour in HOURS]},
        {"destination": dublin, "percent": [100 if hour in DUBLIN_AT_ITS_DESKS else 0 for hour in HOURS]},
    ],
    opts=pulumi.ResourceOptions(depends_on=[overflow_split]),
)

# Numbers with a team of their own: their calls ring there, and not at the number of the site that gets them

# (Denver's in one resource for the whole list, as suits many; Dublin's in one each, which may come and go singly.)

teams: list[pulumi.Resource] = []
if denver_teams:
    denver_overrides = ringcx.DnisOverrides(
        "denver-teams",
        destination=denver,
        overrides=[{"dnis": dnis, "target": target} for dnis, target in denver_teams.items()],
        adopt=adopt,
    )
    teams.append(denver_overrides)
for dnis, target in dublin_teams.items():
    team = ringcx.DnisOverride(f"dublin-team-{dnis}", destination=dublin, dnis=dnis, target=target, adopt=adopt)
    teams.append(team)

# Everything goes live together

live = ringcx.Activation(
    "live",
    targets=[denver, dublin, answering_service, business_hours, overflow],
    opts=pulumi.ResourceOptions(depends_on=[split, overflow_hours, *teams]),
)

# What callers dial: the numbers of the line lead to the business hours

if numbers:
    pool = ringcx.DnisPool("numbers", numbers=[{"dnis": number, "description": line} for number in numbers])
    ringcx.DnisAssignments(
        "support-numbers",
        numbers=numbers,
        profile=business_hours,
        opts=pulumi.ResourceOptions(depends_on=[pool, live]),
    )

pulumi.export("group", group.id)
pulumi.export("business_hours_profile", business_hours.id)
pulumi.export("overflow_profile", overflow.id)
pulumi.export("destinations", {"denver": denver.id, "dublin": dublin.id, "answering_service": answering_service.id})
