"""500 numbers of a company, kept in a file.

All of them are records of the account's pool. Support and sales numbers lead to a profile each, and those of the
campaign are tracking numbers that count its calls. At first nobody is reached by any of them; `live` switches them on.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pulumi

import pulumi_voice_routing
from pulumi_voice_routing import ringcx

pulumi_voice_routing.guard()

FILE = Path(__file__).with_name("numbers.csv")

config = pulumi.Config()
live = config.get_bool("live") or False
desk = config.get("desk") or "+17205550100"
routing = config.get("routing")
tracking_group = config.get("trackingGroup") or "Default"

rows = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))


def numbers_for(use: str) -> list[str]:
    """The numbers that are noted for a use."""
    return [row["dnis"] for row in rows if row["notes"] == use]


# The numbers themselves

pool = ringcx.DnisPool("numbers", file=pulumi.FileAsset(str(FILE)))

# Who answers: own profiles, unless another stack has one for the support numbers

group = ringcx.RouteGroup("group", name="Number inventory", adopt=True)
answering = ringcx.Destination("desk", group_id=group.id, name="Inventory desk", kind="DID", target=desk, adopt=True)
profiles = {}
splits = []
for use in ("sales",) if routing else ("support", "sales"):
    profiles[use] = ringcx.Profile(
        use,
        group_id=group.id,
        name=f"Inventory {use}",
        routing_type="PERCENT_ALLOCATION",
        percent_alloc_type="DAILY",
        adopt=True,
    )
    split = ringcx.ProfileDestinations(
        f"{use}-split",
        profile=profiles[use],
        destinations=[{"destination": answering, "allocation_percent": 100}],
        adopt=True,
    )
    splits.append(split)
# Numbers depend on the activation: they come after it, and are let go before it.
activation = ringcx.Activation(
    "answering", targets=[answering, *profiles.values()], opts=pulumi.ResourceOptions(depends_on=splits)
)
needs = [pool, activation]
sales = profiles["sales"].id
support: pulumi.Input[str] = (
    pulumi.StackReference(routing).require_output("business_hours_profile") if routing else profiles["support"].id
)

ringcx.DnisAssignments(
    "support-numbers",
    numbers=numbers_for("support"),
    profile=support,
    active=live,
    description="Support",
    opts=pulumi.ResourceOptions(depends_on=needs),
)
ringcx.DnisAssignments(
    "sales-numbers",
    numbers=numbers_for("sales"),
    profile=sales,
    active=live,
    description="Sales",
    opts=pulumi.ResourceOptions(depends_on=needs),
)

# The head office has a number of its own, which is in no file

head_office = ringcx.Dnis("head-office", dnis="+18005550199", description="Head office", category="VOICE")
ringcx.DnisAssignment(
    "head-office",
    dnis=head_office.dnis,
    profile=support,
    active=live,
    opts=pulumi.ResourceOptions(depends_on=[*needs, head_office]),
)

# The campaign: a number for each medium, all of them to the desk

campaigns = ringcx.TrackingGroup("campaigns", name=tracking_group)
for row in rows:
    if row["notes"] != "campaign":
        continue
    tracking = ringcx.TrackingNumber(
        f"campaign-{row['dnis']}",
        group_id=campaigns.id,
        dnis=row["dnis"],
        description=row["dnisDescription"],
        active=live,
        opts=pulumi.ResourceOptions(depends_on=[pool]),
    )
    ringcx.TrackingRoutingRule(
        f"campaign-{row['dnis']}-to-desk", tracking_number=tracking, rank=1, kind="STANDARD", destination=desk
    )
    ringcx.TrackingScheduleOverride(
        f"campaign-{row['dnis']}-holiday", tracking_number=tracking, name="Holiday", closed_event="VOICEMAIL"
    )

pulumi.export("numbers", len(rows))
pulumi.export("support_profile", support)
pulumi.export("sales_profile", sales)
