"""Whether calls would be answered, asked of the vendor right before something is switched on or off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from ... import say
from ...client.answers import is_on, part, text
from ...errors import Forbidden, NotFound, Refused, some_of
from ...permission.approvals import Approvals, Change
from ...permission.wording import Unapproved
from .. import client, shapes
from .. import client_http_services as http_client
from ..client import RingCX
from ..http_services.completeness import ServiceFacts, why_incomplete_service, why_service_out_of_reach
from ..json_text import parsed
from ..numbers.owner import PRODUCT_CODES, Owner, lives
from ..shapes_http_services import RemoteHttpService
from .completeness import DestinationFacts, why_incomplete_destination, why_incomplete_profile

DEACTIVATING = "deactivating-in-use"
"""The rule of the policy pack that says the same of a plan."""


def why_destination_not_ready(live: shapes.CloudRouteDestination) -> Iterable[str]:
    """Why a destination cannot take calls; nothing when it can."""
    return why_incomplete_destination(_name(live), live.get("routeDestination"))


def why_profile_not_ready(
    api: RingCX, group: str, live: shapes.CloudRouteProfile, also_on: Collection[str] = ()
) -> Iterable[str]:
    """Why a profile cannot take calls; nothing when it can.

    ``also_on`` are the numbers of destinations that are about to be switched on with it.
    """
    assigned = api.list_assigned(group, str(live.get(client.PROFILE_ID)))
    there = {str(one.get(client.DESTINATION_ID)): one for one in api.list_destinations(group)}
    facts = [_facts(_whole(api, group, one, there), also_on, one.get("allocationPercent")) for one in assigned]
    by_hour = live.get("percentAllocType") not in (None, "DAILY") or any(
        one.get("allocationPercentHours") for one in assigned
    )
    return why_incomplete_profile(text(live.get("profileName")), live.get("routingType"), facts, by_hour=by_hour)


def why_service_not_ready(api: RingCX, group: str, live: RemoteHttpService) -> Iterable[str]:
    """Why an HTTP service cannot be used yet; nothing when it can. Warns of an address that looks out of reach."""
    number = str(live.get(http_client.SERVICE_ID))
    config = parsed(live.get("httpServiceConfig"))
    config = config if isinstance(config, dict) else {}
    declared = [one.get("name") for one in config.get("soap_inputs") or () if isinstance(one, dict)]
    facts = ServiceFacts(
        name=text(live.get("serviceDescription")) or number,
        url=live.get("soapEndpoint") if live.get("serviceType") == "SOAP" else config.get("url"),
        mapped=is_on(live.get("enableMappings")),
        declared=[str(name) for name in declared if name],
        inputs=[text(one.get("name")) for one in api.list_inputs(group, number)],
    )
    for doubt in why_service_out_of_reach(facts):
        say.warn(f"ringcx: {doubt}")
    return why_incomplete_service(facts)


def refuse_unready(why: Collection[str]) -> None:
    """Raises :class:`Refused` when there is a reason."""
    if why:
        raise Refused(
            f"not activated, because calls would reach nobody: {'; '.join(why)}. "
            "Let the activation depend on everything it needs (opts with depends_on); nothing was switched on."
        )


def refuse_while_used(api: RingCX, group: str, destination: str, going_too: Collection[str] = ()) -> None:
    """Callers would reach nothing: a destination that an active profile sends calls to stays on.

    ``going_too`` are the numbers of profiles that are about to be switched off with it. Raises :class:`Refused`.
    """
    users = _users(api, group, destination, going_too)
    if users:
        raise Refused(
            f"destination {destination} stays active: active profiles send calls to it: {users}. "
            "Deactivate them, or take it out of their destinations first; nothing was changed."
        )


def put_back_when_used(api: RingCX, group: str, destination: str, going_too: Collection[str] = ()) -> None:
    """A profile that got a destination while it was switched off goes on reaching it. Raises :class:`Refused` then.

    The vendor takes no condition with a write: between the look before it and this one, calls may have gone astray.
    """
    users = _users(api, group, destination, going_too)
    if users:
        api.set_destination_active(group, destination, True)
        raise Refused(
            f"destination {destination} was switched off, and meanwhile somebody let active profiles send calls to it: "
            f"{users}. It is on again. Take it out of their destinations first."
        )


def refuse_while_dialled(api: RingCX, profile: str) -> None:
    """Callers would reach nothing: a profile that numbers lead to stays on.

    Raises :class:`Refused`, also when the user has no right to see numbers, unless that is permitted.
    """
    owner = Owner("profile", profile)
    try:
        numbers = _numbers_of(api, owner)
    except Forbidden as error:
        _require_permission_unseen(owner, error)
        return
    if numbers:
        raise Refused(
            f"{owner} stays active: numbers that callers dial lead to it: {numbers}. Give them to another target "
            "or release them first, and let their assignments depend on the activation; nothing was changed."
        )


def put_back_when_dialled(api: RingCX, group: str, profile: str) -> None:
    """A profile that got a number while it was switched off goes on answering. Raises :class:`Refused` then.

    The vendor takes no condition with a write: between the look before it and this one, calls may have gone astray.
    """
    owner = Owner("profile", profile)
    try:
        numbers = _numbers_of(api, owner)
    except Forbidden:  # who may not see numbers was permitted to go on without
        return
    if numbers:
        api.set_profile_active(group, profile, True)
        raise Refused(
            f"{owner} was switched off, and meanwhile somebody gave it numbers that callers dial: {numbers}. It is on "
            "again. Give them to another target first."
        )


def _numbers_of(api: RingCX, owner: Owner) -> str:
    """The numbers that callers dial and that lead there, for a message; empty when there are none."""
    found = lives(api.pool.search({"product": PRODUCT_CODES[owner.product], "objectId": int(owner.number)}))
    numbers = [digits for digits, live in found.items() if live.owner == owner and live.active]
    return some_of([f"+{digits}" for digits in numbers]) if numbers else ""


def _users(api: RingCX, group: str, destination: str, going_too: Collection[str]) -> str:
    """The active profiles that send calls to a destination, for a message; empty when there are none."""
    linked = [part(one.get("cloudProfile")) for one in api.list_profiles_of_destination(group, destination)]
    staying = [one for one in linked if str(one.get(client.PROFILE_ID)) not in going_too]
    users = [one for one in staying if _is_active(api, group, one) is not False]
    return ", ".join(map(_called, users))


def _is_active(api: RingCX, group: str, profile: shapes.CloudRouteProfile) -> bool | None:
    """Whether a profile that a link shows is active, of which the contract promises nothing; nothing when unknown."""
    active = profile.get("isActive")
    if not isinstance(active, bool) and profile.get(client.PROFILE_ID) is not None:
        its_group = str(part(profile.get("cloudRouteGroup")).get(client.GROUP_ID, group))
        with suppress(NotFound):
            active = api.get_profile(its_group, str(profile[client.PROFILE_ID])).get("isActive")
    return active if isinstance(active, bool) else None


def _called(profile: shapes.CloudRouteProfile) -> str:
    if profile.get(client.PROFILE_ID) is None:
        return "one that the vendor does not name"
    return f"{profile.get('profileName')!r} ({profile[client.PROFILE_ID]})"


def _require_permission_unseen(owner: Owner, error: Forbidden) -> None:
    approvals = Approvals.here()
    change = Change(DEACTIVATING, str(owner), "active", "inactive")
    if not approvals.allow(change):
        raise Unapproved(
            f"{owner} stays active: whether numbers lead to it cannot be seen ({error}). Run with a user who may see "
            f"numbers, or have it approved ({DEACTIVATING}: {approvals.why_not(change)}). Nothing was changed.",
            [change],
        )
    say.warn(f"ringcx: {owner} is switched off as permitted; whether numbers lead to it was not seen: {error}")


def _whole(
    api: RingCX,
    group: str,
    assigned: shapes.CloudRouteAssignedDestination,
    there: Mapping[str, shapes.CloudRouteDestination],
) -> shapes.CloudRouteDestination:
    """The destination of a link: as its group's list shows it, or by itself where the list shows less."""
    embedded = part(assigned.get("cloudDestination"))
    number = str(embedded.get(client.DESTINATION_ID))
    whole = there.get(number, embedded)
    if number in there and not isinstance(whole.get("isActive"), bool):
        with suppress(NotFound):
            whole = api.get_destination(group, number)
    return whole


def _facts(
    live: shapes.CloudRouteDestination, also_on: Collection[str], percent: int | None = None
) -> DestinationFacts:
    number = str(live.get(client.DESTINATION_ID))
    return DestinationFacts(True if number in also_on else live.get("isActive"), percent, _name(live))


def _name(live: shapes.CloudRouteDestination) -> str:
    return text(live.get("destinationName")) or str(live.get(client.DESTINATION_ID))
