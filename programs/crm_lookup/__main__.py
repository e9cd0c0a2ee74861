"""A line whose calls are looked up in a CRM the moment they start.

The CRM's key is a secret of the stack. RingCX keeps it in an auth configuration, the service that asks the CRM signs in
with that, and the profile calls the service when a call starts. The activation comes last: the service first, once its
inputs are there, then the destination, then the profile that uses both.
"""

from __future__ import annotations

import pulumi

from pulumi_voice_routing import ringcx

config = pulumi.Config()
line = config.get("line") or "Support"
support_number = config.get("supportNumber") or "+13035550100"
crm_url = config.get("crmUrl") or "https://crm.example.com/callers"
key_rotation = config.get("keyRotation") or ""
adopt = config.get_bool("adopt") or False
crm_api_key = config.require_secret("crmApiKey")

# What is asked when a call starts

key = ringcx.ApiKeyAuth("crm-key", name=f"{line} CRM", api_key=crm_api_key, rotation_trigger=key_rotation, adopt=adopt)
services = ringcx.HttpServiceGroup("crm-services", name=f"{line} CRM", adopt=adopt)
lookup = ringcx.HttpService(
    "crm-lookup",
    group_id=services.id,
    name=f"{line} caller look-up",
    kind="HTTP",
    auth_config_id=key,
    url=crm_url,
    method="POST",
    content_type="application/json",
    enable_mappings=True,
    adopt=adopt,
)
inputs = ringcx.HttpServiceInputs(
    "crm-lookup-inputs",
    service=lookup,
    inputs=[{"name": "ani"}, {"name": "dnis"}, {"name": "language", "value": "en"}],
    adopt=adopt,
)

# Where its calls go

group = ringcx.RouteGroup("group", name=f"{line} with CRM", adopt=adopt)
agents = ringcx.Destination(
    "agents", group_id=group.id, name=f"{line} agents", kind="DID", target=support_number, adopt=adopt
)
profile = ringcx.Profile(
    "profile",
    group_id=group.id,
    name=line,
    routing_type="PERCENT_ALLOCATION",
    percent_alloc_type="DAILY",
    call_start_service=lookup,
    adopt=adopt,
)
split = ringcx.ProfileDestinations(
    "split", profile=profile, destinations=[{"destination": agents, "allocation_percent": 100}], adopt=adopt
)

ringcx.Activation("live", targets=[lookup, agents, profile], opts=pulumi.ResourceOptions(depends_on=[inputs, split]))

pulumi.export("profile", profile.id)
pulumi.export("service", lookup.id)
pulumi.export("auth_config", key.id)
