"""Assigned destinations: the links of a profile to its destinations, reached from both ends."""

from __future__ import annotations

from typing import Any

from ...crud import PERMISSIONS, gets, lists, update
from ...learning import tells
from ...problems import conflict, invalid, not_found
from ...routing import Call, Family, Handler, Operation
from ...schema import Record, Write, flag, flags, text, texts, thing, whole, wholes
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT
from .destinations import COUNTRY_CODE, DESTINATION, DESTINATION_PATH, DESTINATION_TYPES
from .groups import GROUP, group_link
from .profiles import PERCENT, PROFILE, PROFILE_PATH


def _show(store: Store, record: Record) -> Record:
    destination = store.get(DESTINATION, record["cloudDestinationId"]) or {}
    profile = store.get(PROFILE, record["cloudProfileId"]) or {}
    return ASSIGNMENT.own(record) | {
        "cloudDestination": linked(store, destination, "cloudDestinationId", "destinationName", "destinationType"),
        "cloudProfile": linked(store, profile, "cloudProfileId", "profileName", "routingType"),
    }


def linked(store: Store, record: Record, *names: str) -> Record:
    """What another object shows of a destination or profile: its id, these fields, and its group."""
    link = {name: record[name] for name in (*names, "isActive")}
    return link | {"cloudRouteGroup": group_link(store, record["cloudGroupId"])}


ASSIGNMENT = Kind(
    name="CloudRouteAssignedDestination",
    id_field="assignedDestinationId",
    fields=(
        whole("assignedDestinationId", write=Write.NEVER),
        thing("cloudDestination", link=DESTINATION.id_field, fields=DESTINATION.fields),
        thing("cloudProfile", link=PROFILE.id_field, fields=PROFILE.fields),
        text("destinationType", required=True, enum=DESTINATION_TYPES),
        whole("rank", required=True),
        whole("allocationPercent", minimum=0, maximum=100),
        text("allocationPercentHours", write=Write.NEVER, pattern=r"\d{1,3}(,\d{1,3}){23}"),
        whole("ringDuration"),
        flag("overrideFlag"),
        *texts("routeDestination", "outboundCallerId", "takeBackDtmf"),
        *wholes("repeatIndexStart", "ttAcceptTime"),
        *flags("dtmfEventsEnabled", "enablePrerouteHttp", "forceAcdQueue", "ttAccept"),
        COUNTRY_CODE,
        PERMISSIONS,
    ),
    links={"cloudProfileId": PROFILE.name, "cloudDestinationId": DESTINATION.name},
    path_name="cloudAssignedDestinationId",
    show=_show,
    complete=lambda store, assignment: _checked(store, assignment),
)


def _creates(here: Kind, here_field: str, there: Kind, there_field: str) -> Handler:
    """POST from either side: the path names `here`, the body names `there`."""

    def handler(call: Call) -> Record:
        body = call.object(ASSIGNMENT, creating=True)
        body.pop(here_field, None)
        link = body.pop(there_field, None)
        if link is None:
            raise invalid(there_field, "is required")
        target = _in_account(call, there, link[there.id_field])
        record = {
            here.id_field: call.record(here)[here.id_field],
            there.id_field: target[there.id_field],
            **ASSIGNMENT.new(body),
        }
        check_assignment(call, record, None)
        for sibling in call.store.where(ASSIGNMENT, "cloudProfileId", record["cloudProfileId"]):
            if sibling["cloudDestinationId"] == record["cloudDestinationId"]:
                raise conflict("the destination is assigned to the profile already")
        return ASSIGNMENT.shown(call.store, call.store.add(ASSIGNMENT, record))

    return handler


def _in_account(call: Call, kind: Kind, id: int) -> Record:
    """An object that the body names: it must be in the path's account."""
    record = call.store.get(kind, id)
    group = call.store.get(GROUP, record["cloudGroupId"]) if record else None
    if record is None or group is None or group["accountId"] != call.record(ACCOUNT)["accountId"]:
        raise not_found(f"{kind.name} {id}")
    return record


def _checked(store: Store, record: Record) -> Record:
    profile = store.get(PROFILE, record["cloudProfileId"]) or {}
    if profile["routingType"] == PERCENT and record.get("allocationPercent") is None:
        raise invalid("allocationPercent", f"is required in a profile with routingType {PERCENT}")
    return record


def check_assignment(call: Call, record: Record, _old: Record | None) -> None:
    """A profile that is split by percentages needs the share of each destination."""
    _checked(call.store, record)


def _update(call: Call) -> Any:
    body = call.object(ASSIGNMENT, creating=False)
    keep_ends(body, call.record(ASSIGNMENT))
    return update(call, ASSIGNMENT, body, check_assignment)


def keep_ends(body: Record, record: Record) -> None:
    """An assignment keeps its two ends; a body may repeat them."""
    for name, id_field in (("cloudDestination", "cloudDestinationId"), ("cloudProfile", "cloudProfileId")):
        link = body.pop(name, None)
        if link and link[id_field] != record[id_field]:
            raise invalid(name, "cannot be changed", link)


def _delete(call: Call) -> bool:
    """Its overrides go with it."""
    call.store.remove_tree(ASSIGNMENT, call.record(ASSIGNMENT))
    return True


ASSIGNED_DESTINATIONS = f"{PROFILE_PATH}/assignedDestinations"
ASSIGNED_DESTINATION_PATH = f"{ASSIGNED_DESTINATIONS}/{{cloudAssignedDestinationId}}"
_PROFILES = f"{DESTINATION_PATH}/assignedProfiles"
_PROFILE = f"{_PROFILES}/{{cloudAssignedDestinationId}}"
_from_profile = _creates(PROFILE, "cloudProfile", DESTINATION, "cloudDestination")
_from_destination = _creates(DESTINATION, "cloudDestination", PROFILE, "cloudProfile")

FAMILY = Family(
    vendor=RINGCX,
    tells={number: tells(ASSIGNMENT) for number in ("CR-14", "CRb-07", "CRb-09", "CRb-19")},
    kinds=(ASSIGNMENT,),
    operations=(
        Operation("CR-14", "GET", ASSIGNED_DESTINATIONS, lists(ASSIGNMENT)),
        Operation("CR-15", "POST", ASSIGNED_DESTINATIONS, _from_profile, takes="json"),
        Operation("CRb-07", "GET", _PROFILES, lists(ASSIGNMENT)),
        Operation("CRb-08", "POST", _PROFILES, _from_destination, takes="json"),
        Operation("CRb-09", "GET", _PROFILE, gets(ASSIGNMENT)),
        Operation("CRb-10", "PUT", _PROFILE, _update, takes="json"),
        Operation("CRb-11", "DELETE", _PROFILE, _delete),
        Operation("CRb-19", "GET", ASSIGNED_DESTINATION_PATH, gets(ASSIGNMENT)),
        Operation("CRb-20", "PUT", ASSIGNED_DESTINATION_PATH, _update, takes="json"),
        Operation("CRb-21", "DELETE", ASSIGNED_DESTINATION_PATH, _delete),
    ),
)
