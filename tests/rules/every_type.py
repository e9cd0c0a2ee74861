"""A resource of every type."""

from __future__ import annotations

from typing import Any

from pulumi_voice_routing.lifecycle import meaning as means
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.roles import roles_of, tokens_of
from tests.rules.plans import NUMBER, urn

TYPES = [token for vendor in ("ringcx", "ringex", "portsip") for token in sorted(tokens_of(vendor))]


def of_type(token: str, name: str = "one") -> Resource:
    """A resource of a type, with what tells it from others; a queue answers its number."""
    roles = roles_of(token)
    props: dict[str, Any] = {field: "1/2" for field, facts in roles.fields.items() if facts.immutable}
    if roles.key is not None:
        props[roles.key] = "Key"
    if roles.inside is not None:
        props[roles.inside.field] = "1/2"
    if roles.dialled is not None:
        many = roles.dialled.field == "numbers"
        props[roles.dialled.field] = [{"dnis": NUMBER}] if roles.dialled.inner else [NUMBER] if many else NUMBER
        props |= {"queue_id": "1000", "on_delete": "deactivate"}
    if roles.has(means.Switches):
        props["targets"] = [{"kind": "profile", "id": "1/2/3"}]
    return Resource(token, name, urn(token, name), props, "1/2/3")
