"""Who uses a remote HTTP service, and which services sign in with an auth configuration.

IVR flows and scripts use services as well, and no call of the vendor lists those: its own refusal is the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ... import say
from ...client.answers import is_off, is_on, part, parts
from ...errors import Forbidden, NotFound, Refused
from ...lifecycle import references
from .. import client
from .. import client_http_services as http_client
from ..client import RingCX
from ..client_numbers import TRACKING_ID
from ..shapes import CloudRouteProfile
from ..shapes_http_services import RemoteHttpService

PROFILE_CALLS = ("callStartSoapService", "callConnSoapService", "callEndSoapService")
"""The vendor's fields in which a profile names the services of its calls."""
_TRACKING_CALL = "postCallSoapService"


def refuse_while_called(api: RingCX, service: str, *, inactive_too: bool) -> None:
    """Raises :class:`Refused` when profiles or tracking numbers call the service, naming them."""
    users = [who for who, active in _users(api, service) if active or inactive_too]
    if users:
        raise Refused(
            f"service {service} stays as it is: it is called by {', '.join(users)}. "
            "Give them another service or deactivate them first; nothing was changed."
        )


def services_with_auth(api: RingCX, auth_config: str) -> list[RemoteHttpService]:
    """The services that sign in with an auth configuration."""
    return api.services_by_auth.ask([auth_config])[auth_config]


def named(services: Iterable[RemoteHttpService]) -> str:
    """Services by name and number, for messages."""
    return ", ".join(f"{one.get('serviceDescription')!r} ({one.get(http_client.SERVICE_ID)})" for one in services)


def _users(api: RingCX, service: str) -> Iterator[tuple[str, bool]]:
    # Profiles live in groups of a tree of their own, and what the trees share is not documented.
    groups = [*api.list_groups_with_profiles(), *api.list_groups()]
    for number in dict.fromkeys(str(group.get(client.GROUP_ID)) for group in groups):
        for profile in _profiles(api, number):
            if not is_on(profile.get("isDeleted")) and any(_names(profile, field, service) for field in PROFILE_CALLS):
                id_ = references.join(api.account_id, number, str(profile.get(client.PROFILE_ID)))
                yield f"profile {profile.get('profileName')!r} ({id_})", is_on(profile.get("isActive"))
    yield from _tracking_users(api, service)


def _profiles(api: RingCX, group: str) -> list[CloudRouteProfile]:
    try:
        return api.list_profiles(group)
    except NotFound:
        return []  # a group of destinations alone


def _tracking_users(api: RingCX, service: str) -> Iterator[tuple[str, bool]]:
    try:
        groups = api.list_tracking_groups()
    except Forbidden as error:
        say.warn(f"ringcx: whether tracking numbers call service {service} cannot be told: {error}")
        return
    for group in groups:
        for number in parts(group.get("tracNumbers")):
            if _names(number, _TRACKING_CALL, service):
                assigned = part(number.get("assignedDnis"))
                dnis = number.get("dnis") or assigned.get("dnis")
                active = number.get("active", assigned.get("isActive"))
                yield f"tracking number {dnis} ({number.get(TRACKING_ID)})", not is_off(active)


def _names(one: Mapping[str, Any], field: str, service: str) -> bool:
    return str(part(one.get(field)).get(http_client.SERVICE_ID)) == service
