"""What is left in a route group, which keeps it in place."""

from __future__ import annotations

from dataclasses import replace

from ...client.answers import is_on, text
from ...errors import NotFound
from .. import shapes
from ..client import GROUP_ID, ROUTE_GROUPS, RingCX


def why_group_is_left(api: RingCX, group: shapes.CloudRouteGroup) -> str:
    """Why a group cannot be deleted; nothing when it can."""
    id_ = str(group[GROUP_ID])
    left = [text(one.get("destinationName")) for one in api.list_destinations(id_) if not is_on(one.get("isDeleted"))]
    left += [text(one.get("profileName")) for one in _profiles(api, id_) if not is_on(one.get("isDeleted"))]
    if is_on(group.get("isDefault")):
        return "it is the account's default group"
    if left:
        # The vendor has no delete for destinations and profiles, so a group that ever held one stays.
        return f"it still holds {len(left)} that cannot be deleted: {', '.join(left[:5])}"
    return ""


def _profiles(api: RingCX, group: str) -> list[shapes.CloudRouteProfile]:
    try:
        return api.list_profiles(group)
    except NotFound:
        return []  # the vendor lists the groups of profiles apart, and this one is not among them


GROUPS = replace(ROUTE_GROUPS, why_left=why_group_is_left)
