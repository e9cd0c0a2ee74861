"""A support line of one account. `run.py` brings it up for every row of a table."""

import pulumi

from pulumi_voice_routing import guard, ringcx

guard()
config = pulumi.Config()
line = config.get("line") or "Support"

group = ringcx.RouteGroup("group", name=line)
desk = ringcx.Destination(
    "desk", group_id=group.id, name=f"{line} desk", kind="DID", target=config.get("desk") or "+13035550100"
)
night = ringcx.Destination(
    "night", group_id=group.id, name=f"{line} night", kind="DID", target=config.get("night") or "+13035550199"
)
plan = ringcx.Profile(
    "plan", group_id=group.id, name=line, routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
)
split = ringcx.ProfileDestinations(
    "split",
    profile=plan,
    destinations=[
        {"destination": desk, "rank": 1, "allocation_percent": 90},
        {"destination": night, "rank": 2, "allocation_percent": 10},
    ],
)
ringcx.Activation("live", targets=[desk, night, plan], opts=pulumi.ResourceOptions(depends_on=[split]))
pulumi.export("profile", plan.id)
