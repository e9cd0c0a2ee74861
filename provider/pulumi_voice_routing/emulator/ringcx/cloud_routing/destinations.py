"""Destinations: where a call can be sent."""

from __future__ import annotations

from ...crud import INCLUDE_PERMISSIONS, PERMISSIONS, creates, gets, lists, permitted, sets_active, updates
from ...learning import tells
from ...routing import Call, Family, Operation
from ...schema import Record, Write, flag, flags, real, server_sets, text, texts, thing, whole, wholes
from ...store import Kind, Store
from ...vendors import RINGCX
from .groups import DESTINATION_GROUPS, GROUP, SKINNY, group_link, groups_with, skinny_groups_with

DESTINATION_TYPES = ("STANDARD", "DID", "SIP", "IN_NETWORK_DID", "ACD", "IVR", "IVR_STUDIO")


COUNTRY_CODE = thing(
    "countryCode",
    fields=(
        *texts("countryId", "countryCode", "countryName"),
        *wholes("minAniLength", "maxAniLength", "minUtcOffset", "maxUtcOffset"),
    ),
)
IS_ACTIVE = flag("isActive", default=False, write=Write.OWN_CALL)


def _skinny(group: Record, destination: Record) -> Record:
    return {
        "cloudDestinationId": destination["cloudDestinationId"],
        "destinationName": destination["destinationName"],
        "cloudGroupId": str(group["cloudGroupId"]),
        "isActive": destination["isActive"],
    }


def _show(store: Store, record: Record) -> Record:
    return DESTINATION.own(record) | {
        "cloudRouteGroup": group_link(store, record["cloudGroupId"]),
        "active": record["isActive"],
        "deleted": record["isDeleted"],
    }


DESTINATION = Kind(
    name="CloudRouteDestination",
    id_field="cloudDestinationId",
    fields=(
        whole("cloudDestinationId", write=Write.NEVER),
        thing("cloudRouteGroup", write=Write.NEVER),
        text("destinationName", required=True),
        text("destinationDesc"),
        text("destinationType", required=True, enum=DESTINATION_TYPES),
        text("routeDestination", required=True),
        whole("ringDuration"),
        IS_ACTIVE,
        flag("isDeleted", default=False, write=Write.NEVER),
        *server_sets(*flags("active", "deleted")),
        *texts("monSched", "tueSched", "wedSched", "thuSched", "friSched", "satSched", "sunSched"),
        thing("startDate"),
        thing("endDate"),
        whole("maxConcurrent"),
        *texts("maxConcurrentHours", "maxConcurrentType"),
        *flags("forceAcdQueue", "ttAccept"),
        whole("ttAcceptTime"),
        text("prerouteHttpUrl"),
        text("authKey", secret=True),
        COUNTRY_CODE,
        *texts("address", "city", "state", "zip"),
        real("lat"),
        real("lon"),
        PERMISSIONS,
    ),
    links={"cloudGroupId": GROUP.name},
    path_name="cloudRouteDestinationId",
    show=_show,
)


def _with_children(call: Call) -> list[Record]:
    return [permitted(call, DESTINATION.shown(call.store, record)) for record in call.siblings(DESTINATION)]


DESTINATIONS = f"{DESTINATION_GROUPS}/{{cloudRouteGroupId}}/cloudRouteDestinations"
DESTINATION_PATH = f"{DESTINATIONS}/{{cloudRouteDestinationId}}"
_groups_with_destinations = groups_with(DESTINATION, "cloudRouteDestinations")
_skinny_with_destinations = skinny_groups_with(DESTINATION, "cloudRouteDestinations", _skinny)

FAMILY = Family(
    vendor=RINGCX,
    tells={
        "CR-03": tells(DESTINATION),
        "CR-05": tells(DESTINATION),
        "CRb-02": tells(GROUP, cloudRouteDestinations=DESTINATION),
        "CRb-06": tells(DESTINATION),
    },
    kinds=(DESTINATION,),
    operations=(
        Operation("CR-03", "GET", DESTINATIONS, lists(DESTINATION)),
        Operation("CR-04", "POST", DESTINATIONS, creates(DESTINATION), takes="json"),
        Operation("CR-05", "GET", DESTINATION_PATH, gets(DESTINATION)),
        Operation("CR-06", "PUT", DESTINATION_PATH, updates(DESTINATION), takes="json"),
        Operation("CR-08", "PUT", f"{DESTINATION_PATH}/setIsActive", sets_active(DESTINATION), takes="json"),
        Operation(
            "CRb-02",
            "GET",
            f"{DESTINATION_GROUPS}/withChildren",
            _groups_with_destinations,
            query=INCLUDE_PERMISSIONS,
        ),
        Operation("CRb-06", "GET", f"{DESTINATIONS}/withChildren", _with_children, query=INCLUDE_PERMISSIONS),
        Operation("CRb-36", "GET", f"{SKINNY}/cloudRouteDestinationGroups/withChildren", _skinny_with_destinations),
    ),
)
