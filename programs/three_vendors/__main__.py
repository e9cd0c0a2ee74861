"""One call through three systems.

RingCX sends a call to the branch: to a number that a RingEX extension owns. An answering rule of that extension
forwards calls to this number to the branch's own phone system, PortSIP PBX, where a ring group takes them. The RingCX
destination takes calls only when the whole route behind it is complete.
"""

from __future__ import annotations

import pulumi

from pulumi_voice_routing import portsip, ringcx, ringex

config = pulumi.Config()
extension = config.get("extension") or "~"
branch_number = config.get("branchNumber") or "+13035550101"
pbx_number = config.get("pbxNumber") or "+13035550190"
branch_extensions: list[str] = config.get_object("branchExtensions", ["105", "106"])
adopt = config.get_bool("adopt") or False

# At the branch: who answers. An inbound rule of the PBX leads from its outside number to this group.

branch_desk = portsip.RingGroup(
    "branch-desk",
    name="Branch desk",
    extension_number="8100",
    strategy="CYCLIC_HUNT",
    members=[{"extension_number": number} for number in branch_extensions],
    no_answer={"action": "FORWARD_TO_VOICEMAIL"},
    inbound_numbers=[pbx_number],  # so that a trace from the contact centre ends at these telephones
    allow=["release"],  # an example comes and goes; leave it out where people depend on the number
    adopt=adopt,
)

# In between: the number that RingCX knows, and where its calls go

to_branch = ringex.AnsweringRule(
    "to-branch",
    extension_id=extension,
    name="Contact centre to branch",
    called_numbers=[branch_number],
    action="UnconditionalForwarding",
    forward_all_to=pbx_number,
    adopt=adopt,
    opts=pulumi.ResourceOptions(depends_on=[branch_desk]),
)

# In front: the contact centre

group = ringcx.RouteGroup("group", name="Branches", adopt=adopt)
branch = ringcx.Destination(
    "branch", group_id=group.id, name="Branch over RingEX", kind="DID", target=branch_number, adopt=adopt
)
overflow = ringcx.Profile(
    "overflow",
    group_id=group.id,
    name="Branch overflow",
    routing_type="PERCENT_ALLOCATION",
    percent_alloc_type="DAILY",
    adopt=adopt,
)
split = ringcx.ProfileDestinations(
    "overflow-split",
    profile=overflow,
    destinations=[{"destination": branch, "allocation_percent": 100}],
    adopt=adopt,
)
ringcx.Activation("live", targets=[branch, overflow], opts=pulumi.ResourceOptions(depends_on=[split, to_branch]))

pulumi.export("destination", branch.id)
pulumi.export("rule", to_branch.id)
pulumi.export("ring_group", branch_desk.id)
