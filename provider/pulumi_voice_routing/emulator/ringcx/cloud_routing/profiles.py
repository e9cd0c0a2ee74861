"""Profiles: the plans that choose among destinations."""

from __future__ import annotations

from ...crud import INCLUDE_PERMISSIONS, PERMISSIONS, creates, gets, lists, updates
from ...learning import tells
from ...problems import invalid
from ...routing import Call, Family, Operation
from ...schema import Field, Record, Write, flag, flags, text, texts, thing, whole, wholes
from ...store import Kind, Store
from ...vendors import RINGCX
from .destinations import IS_ACTIVE
from .groups import GROUP, PROFILE_GROUPS, SKINNY, group_link, groups_with, skinny_groups_with

PERCENT = "PERCENT_ALLOCATION"


def _skinny(group: Record, profile: Record) -> Record:
    return {
        "cloudProfileId": profile["cloudProfileId"],
        "profileName": profile["profileName"],
        "cloudGroupId": group["cloudGroupId"],
        "groupId": group["cloudGroupId"],
        "accountId": group["accountId"],
        "isActive": profile["isActive"],
        "isDeleted": profile["isDeleted"],
    }


def _show(store: Store, record: Record) -> Record:
    return PROFILE.own(record) | {"cloudRouteGroup": group_link(store, record["cloudGroupId"])}


def _soap_service(name: str) -> Field:
    return thing(name, link="serviceId")


PROFILE = Kind(
    name="CloudRouteProfile",
    id_field="cloudProfileId",
    fields=(
        whole("cloudProfileId", write=Write.NEVER),
        thing("cloudRouteGroup", write=Write.NEVER),
        text("profileName", required=True),
        text("profileDesc"),
        text("routingType", required=True),
        text("percentAllocType"),
        text("routeExhaustedAction"),
        IS_ACTIVE,
        flag("isDeleted", default=False, write=Write.NEVER),
        *texts("outboundCallerId", "stickyDestinationType", "voicemailEmail", "billingCode", "billingKey"),
        *texts("introMsg", "whisperMsg", "takeBackMsg", "endcallMsg"),
        *flags("recordCall", "revMatch"),
        *wholes("repeatCount", "repeatDelay", "dequeueDelay", "shortCall", "longCall", "geoMaxDistance"),
        _soap_service("callStartSoapService"),
        _soap_service("callConnSoapService"),
        _soap_service("callEndSoapService"),
        PERMISSIONS,
    ),
    links={"cloudGroupId": GROUP.name},
    path_name="cloudRouteProfileId",
    show=_show,
    complete=lambda _store, profile: _checked(profile),
)


def _checked(profile: Record) -> Record:
    if profile["routingType"] == PERCENT and not profile.get("percentAllocType"):
        raise invalid("percentAllocType", f"is required with routingType {PERCENT}")
    return profile


def _check(_call: Call, profile: Record, _old: Record | None) -> None:
    _checked(profile)


PROFILES = f"{PROFILE_GROUPS}/{{cloudRouteGroupId}}/cloudRouteProfiles"
PROFILE_PATH = f"{PROFILES}/{{cloudRouteProfileId}}"
_groups_with_profiles = groups_with(PROFILE, "cloudRouteProfiles")
_skinny_with_profiles = skinny_groups_with(PROFILE, "cloudRouteProfiles", _skinny)

FAMILY = Family(
    vendor=RINGCX,
    tells={
        "CR-02": tells(PROFILE),
        "CR-10": tells(PROFILE),
        "CRb-15": tells(GROUP, cloudRouteProfiles=PROFILE),
    },
    kinds=(PROFILE,),
    operations=(
        Operation("CR-02", "GET", PROFILES, lists(PROFILE)),
        Operation("CR-09", "POST", PROFILES, creates(PROFILE, _check), takes="json"),
        Operation("CR-10", "GET", PROFILE_PATH, gets(PROFILE)),
        Operation("CR-11", "PUT", PROFILE_PATH, updates(PROFILE, _check), takes="json"),
        Operation("CRb-15", "GET", f"{PROFILE_GROUPS}/withChildren", _groups_with_profiles, query=INCLUDE_PERMISSIONS),
        Operation("CRb-38", "GET", f"{SKINNY}/cloudRouteProfileGroups/withChildren", _skinny_with_profiles),
    ),
)
