"""The calls for DNIS overrides, which the vendor wants to be told the kind of the destination with."""

from __future__ import annotations

from dataclasses import replace

from ...client.listings import Json
from ...errors import NotFound
from .. import client
from ..client import RingCX


def destination_type(api: RingCX, group: str, destination: str) -> str:
    """The kind of a destination."""
    for one in api.list_destinations(group):
        if str(one.get(client.DESTINATION_ID)) == destination:
            return str(one.get("destinationType"))
    raise NotFound("ringcx", "CR-03", 404, message=f"there is no destination {destination} in group {group}")


def create_override(api: RingCX, group: str, destination: str, body: Json) -> Json | None:
    """Create an override."""
    return api.create_override(group, destination, body, destination_type(api, group, destination))


def update_override(api: RingCX, group: str, destination: str, override: str, body: Json) -> Json:
    """Write an override as a whole."""
    return api.update_override(group, destination, override, body, destination_type(api, group, destination))


OVERRIDES = replace(client.DNIS_OVERRIDES, create=create_override, update=update_override)
