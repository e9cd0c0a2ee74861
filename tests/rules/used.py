"""Objects of all vendors, and others that use them."""

from __future__ import annotations

from dataclasses import replace

from tests.rules.plans import NUMBER, OTHER, profile, resource, service
from tests.tokens import ANSWERING_RULE, FORWARDING_NUMBER, RING_GROUP

CRM = service("crm", auth_config_id="key-1")
KEY = replace(resource("ringcx:ApiKeyAuth", "key", name="Key"), id="key-1")
PHONE = replace(resource(FORWARDING_NUMBER, "phone", extension_id="9", phone_number=NUMBER, type="Home"), id="9/77")
RINGS = resource(
    ANSWERING_RULE, "vip", extension_id="9", name="VIP", forward_to=[{"numbers": ["9/77"]}], called_numbers=[OTHER]
)
FRONT = resource(RING_GROUP, "front", name="Front", extension_number="8000", members=[{"extension_number": "1"}])
BACK = resource(
    RING_GROUP,
    "back",
    name="Back",
    extension_number="8001",
    members=[{"extension_number": "2"}],
    no_answer={"action": "FORWARD_TO_NUMBER", "number": "8000"},
)
CALLS_CRM = profile("support", call_start_service="id-of-crm")
