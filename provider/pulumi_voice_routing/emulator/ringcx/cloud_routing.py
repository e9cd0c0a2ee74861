"""RingCX cloud routing: groups, destinations, profiles, assignments, overrides (CR-01..21, CRb-01..38).

Groups are one kind of object seen through two trees: destinations hang in the destination tree, profiles in the
profile tree. An assignment links a profile to a destination and is reached from both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..crud import (
    INCLUDE_PERMISSIONS,
    PAGING,
    PERMISSIONS,
    creates,
    deletes,
    gets,
    lists,
    page_of,
    permitted,
    require_unique,
    sets_active,
    update,
    updated,
    updates,
)
from ..problems import conflict, invalid, not_found
from ..routing import Call, Family, Handler, Operation, find_on_path
from ..schema import (
    Check,
    Field,
    Record,
    Write,
    flag,
    flags,
    many,
    real,
    server_sets,
    text,
    texts,
    thing,
    whole,
    whole_number,
    wholes,
)
from ..store import Kind, Store
from ..tables import read_table
from ..tokens import ACCOUNT
from ..vendors import RINGCX, Reply

DESTINATION_TYPES = ("STANDARD", "DID", "SIP", "IN_NETWORK_DID", "ACD", "IVR", "IVR_STUDIO")
PERCENT = "PERCENT_ALLOCATION"
HOURS = tuple(f"H{hour:02}" for hour in range(24))
DELIMITERS = {"PIPE": "|", "COMMA": ",", "TAB": "\t"}
DNIS = r"\d{7,15}"

_COUNTRY_CODE = thing(
    "countryCode",
    fields=(
        *texts("countryId", "countryCode", "countryName"),
        *wholes("minAniLength", "maxAniLength", "minUtcOffset", "maxUtcOffset"),
    ),
)
_IS_ACTIVE = flag("isActive", default=False, write=Write.OWN_CALL)


# Groups


def _group_link(store: Store, group_id: int) -> Record:
    group = store.get(GROUP, group_id) or {}
    return {"cloudGroupId": group_id, "groupName": group.get("groupName", "")}


GROUP = Kind(
    name="CloudRouteGroup",
    id_field="cloudGroupId",
    fields=(
        whole("cloudGroupId", write=Write.NEVER),
        text("groupName", required=True),
        flag("isDefault", default=False, write=Write.ON_CREATE),
        many("cloudRouteDestinations", write=Write.NEVER),
        many("cloudRouteProfiles", write=Write.NEVER),
        PERMISSIONS,
    ),
    links={"accountId": ACCOUNT.name},
)


def _refuse_group_removal(call: Call, group: Record, _old: Record | None) -> None:
    if group["isDefault"]:
        raise conflict("a default group cannot be deleted")
    for kind in (DESTINATION, PROFILE):
        if call.store.where(kind, "cloudGroupId", group["cloudGroupId"]):
            raise conflict(f"the group still holds a {kind.name}")


def _with_children(kind: Kind, member: str) -> Handler:
    """Groups with what hangs in one of the two trees."""

    def handler(call: Call) -> list[Record]:
        return [
            permitted(call, GROUP.own(group))
            | {
                member: [
                    permitted(call, kind.shown(call.store, child))
                    for child in call.store.where(kind, "cloudGroupId", group["cloudGroupId"])
                ]
            }
            for group in call.siblings(GROUP)
        ]

    return handler


def _skinny_groups(call: Call) -> list[Record]:
    names = ("cloudGroupId", "groupName", "accountId")
    return [{name: group[name] for name in names} for group in call.siblings(GROUP)]


def _skinny_with_children(kind: Kind, member: str, skinny: Callable[[Record, Record], Record]) -> Handler:
    def handler(call: Call) -> list[Record]:
        return [
            group
            | {
                member: [
                    skinny(group, child) for child in call.store.where(kind, "cloudGroupId", group["cloudGroupId"])
                ]
            }
            for group in _skinny_groups(call)
        ]

    return handler


def _skinny_destination(group: Record, destination: Record) -> Record:
    return {
        "cloudDestinationId": destination["cloudDestinationId"],
        "destinationName": destination["destinationName"],
        "cloudGroupId": str(group["cloudGroupId"]),
        "isActive": destination["isActive"],
    }


def _skinny_profile(group: Record, profile: Record) -> Record:
    return {
        "cloudProfileId": profile["cloudProfileId"],
        "profileName": profile["profileName"],
        "cloudGroupId": group["cloudGroupId"],
        "groupId": group["cloudGroupId"],
        "accountId": group["accountId"],
        "isActive": profile["isActive"],
        "isDeleted": profile["isDeleted"],
    }


# Destinations


def _show_destination(store: Store, record: Record) -> Record:
    return DESTINATION.own(record) | {
        "cloudRouteGroup": _group_link(store, record["cloudGroupId"]),
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
        _IS_ACTIVE,
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
        _COUNTRY_CODE,
        *texts("address", "city", "state", "zip"),
        real("lat"),
        real("lon"),
        PERMISSIONS,
    ),
    links={"cloudGroupId": GROUP.name},
    show=_show_destination,
)


def _destinations_with_children(call: Call) -> list[Record]:
    return [permitted(call, DESTINATION.shown(call.store, record)) for record in call.siblings(DESTINATION)]


def _clone_destination(call: Call) -> Record:
    """The clone inherits settings, hours, active flag, overrides, and the links to profiles at 0 percent."""
    old = call.record(DESTINATION)
    clone = _copy(call, DESTINATION, old, destinationName=call.query["newDestinationName"])
    link = {"cloudDestinationId": clone["cloudDestinationId"]}
    for override in _under(call, DESTINATION_OVERRIDE, DESTINATION, old):
        _copy(call, DESTINATION_OVERRIDE, override, **link)
    for assignment in _under(call, ASSIGNMENT, DESTINATION, old):
        share = {"allocationPercent": 0} if "allocationPercent" in assignment else {}
        copied = {name: value for name, value in assignment.items() if name != "allocationPercentHours"}
        _copy(call, ASSIGNMENT, copied, **link, **share)
    return DESTINATION.shown(call.store, clone)


# Profiles


def _show_profile(store: Store, record: Record) -> Record:
    return PROFILE.own(record) | {"cloudRouteGroup": _group_link(store, record["cloudGroupId"])}


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
        _IS_ACTIVE,
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
    show=_show_profile,
)


def _check_profile(_call: Call, profile: Record, _old: Record | None) -> None:
    if profile["routingType"] == PERCENT and not profile.get("percentAllocType"):
        raise invalid("percentAllocType", f"is required with routingType {PERCENT}")


def _clone_profile(call: Call) -> Record:
    """The clone inherits settings, active flag, assignments with their overrides, and DTMF events."""
    old = call.record(PROFILE)
    clone = _copy(call, PROFILE, old, profileName=call.query["newCloudRouteProfileName"])
    link = {"cloudProfileId": clone["cloudProfileId"]}
    for assignment in _under(call, ASSIGNMENT, PROFILE, old):
        copied = _copy(call, ASSIGNMENT, assignment, **link)
        for override in _under(call, ASSIGNED_OVERRIDE, ASSIGNMENT, assignment):
            _copy(call, ASSIGNED_OVERRIDE, override, assignedDestinationId=copied["assignedDestinationId"])
    for event in _under(call, DTMF_EVENT, PROFILE, old):
        _copy(call, DTMF_EVENT, event, **link)
    return PROFILE.shown(call.store, clone)


def _under(call: Call, kind: Kind, parent_kind: Kind, parent: Record) -> list[Record]:
    return call.store.where(kind, parent_kind.id_field, parent[parent_kind.id_field])


def _copy(call: Call, kind: Kind, record: Record, **changes: Any) -> Record:
    copied = {name: value for name, value in record.items() if name != kind.id_field}
    return call.store.add(kind, copied | changes)


# Active state


def _require_full_split(call: Call, profile: Record) -> None:
    if profile["routingType"] != PERCENT:
        return
    for label, total in _totals(profile, _under(call, ASSIGNMENT, PROFILE, profile)):
        if total != 100:
            raise conflict(f"the assigned destinations take {total} percent of the calls{label}, not 100")


def _totals(profile: Record, assignments: Sequence[Record]) -> list[tuple[str, int]]:
    """The total percentage, or that of each hour for a profile that is not split by day."""
    if profile.get("percentAllocType") == "DAILY":
        return [("", sum(assignment.get("allocationPercent", 0) for assignment in assignments))]
    return _hourly_totals([_hours_of(assignment) for assignment in assignments])


def _hourly_totals(rows: Sequence[Sequence[int]]) -> list[tuple[str, int]]:
    return [(f" in {name}", sum(row[hour] for row in rows)) for hour, name in enumerate(HOURS)]


def _hours_of(assignment: Record) -> list[int]:
    """The share of each hour: as imported, else the share of the day."""
    hours = assignment.get("allocationPercentHours")
    return [int(share) for share in hours.split(",")] if hours else [assignment.get("allocationPercent", 0)] * 24


# Assignments


def _show_assignment(store: Store, record: Record) -> Record:
    destination = store.get(DESTINATION, record["cloudDestinationId"]) or {}
    profile = store.get(PROFILE, record["cloudProfileId"]) or {}
    return ASSIGNMENT.own(record) | {
        "cloudDestination": _linked(store, destination, "cloudDestinationId", "destinationName", "destinationType"),
        "cloudProfile": _linked(store, profile, "cloudProfileId", "profileName", "routingType"),
    }


def _linked(store: Store, record: Record, *names: str) -> Record:
    link = {name: record[name] for name in (*names, "isActive")}
    return link | {"cloudRouteGroup": _group_link(store, record["cloudGroupId"])}


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
        text("allocationPercentHours", write=Write.NEVER),
        whole("ringDuration"),
        flag("overrideFlag"),
        *texts("routeDestination", "outboundCallerId", "takeBackDtmf"),
        *wholes("repeatIndexStart", "ttAcceptTime"),
        *flags("dtmfEventsEnabled", "enablePrerouteHttp", "forceAcdQueue", "ttAccept"),
        _COUNTRY_CODE,
        PERMISSIONS,
    ),
    links={"cloudProfileId": PROFILE.name, "cloudDestinationId": DESTINATION.name},
    show=_show_assignment,
)


def _creates_assignment(here: Kind, here_field: str, there: Kind, there_field: str) -> Handler:
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
        _check_assignment(call, record, None)
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


def _check_assignment(call: Call, record: Record, _old: Record | None) -> None:
    profile = call.store.get(PROFILE, record["cloudProfileId"]) or {}
    if profile["routingType"] == PERCENT and "allocationPercent" not in record:
        raise invalid("allocationPercent", f"is required in a profile with routingType {PERCENT}")


def _update_assignment(call: Call) -> Any:
    body = call.object(ASSIGNMENT, creating=False)
    _keep_ends(body, call.record(ASSIGNMENT))
    return update(call, ASSIGNMENT, body, _check_assignment)


def _keep_ends(body: Record, record: Record) -> None:
    """An assignment keeps its two ends; a body may repeat them."""
    for name, id_field in (("cloudDestination", "cloudDestinationId"), ("cloudProfile", "cloudProfileId")):
        link = body.pop(name, None)
        if link and link[id_field] != record[id_field]:
            raise invalid(name, "cannot be changed", link)


def _delete_assignment(call: Call) -> bool:
    assignment = call.record(ASSIGNMENT)
    for override in _under(call, ASSIGNED_OVERRIDE, ASSIGNMENT, assignment):
        call.store.remove(ASSIGNED_OVERRIDE, override)
    call.store.remove(ASSIGNMENT, assignment)
    return True


_BATCH_FIELDS = (
    whole("assignedDestinationId", required=True),
    *(field for field in ASSIGNMENT.fields if field.name != "assignedDestinationId"),
)


def _update_batch(call: Call) -> list[Record]:
    """All assignments of the array, or none."""
    profile = call.record(PROFILE)
    new: dict[int, Record] = {}
    for body in call.objects(_BATCH_FIELDS, creating=False):
        id = body.pop("assignedDestinationId", None)
        if id is None or id in new:
            raise invalid("assignedDestinationId", "is required once in every item", id)
        old = find_on_path(call, ASSIGNMENT, id)
        _keep_ends(body, old)
        new[id] = updated(call, ASSIGNMENT, old, body, _check_assignment)
    after = [new.get(old["assignedDestinationId"], old) for old in call.siblings(ASSIGNMENT)]
    if profile["isActive"] and profile["routingType"] == PERCENT:
        _refuse_totals("allocationPercent", _totals(profile, after))
    return [ASSIGNMENT.shown(call.store, call.store.replace(ASSIGNMENT, record)) for record in new.values()]


def _refuse_totals(attribute: str, totals: Iterable[tuple[str, int]]) -> None:
    for label, total in totals:
        if total != 100:
            raise invalid(attribute, f"the profile is active and the total{label} is {total}, not 100", str(total))


# Allocation hours

_ALLOCATION_HEADER = ["assignedDestinationId", "destinationName", *HOURS]


def _export_hours(call: Call) -> Reply:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(_ALLOCATION_HEADER)
    for assignment in call.siblings(ASSIGNMENT):
        destination = call.store.get(DESTINATION, assignment["cloudDestinationId"]) or {}
        rows.writerow([assignment["assignedDestinationId"], destination["destinationName"], *_hours_of(assignment)])
    disposition = {"Content-Disposition": 'attachment; filename="percentAllocationHours.csv"'}
    return Reply(200, file.getvalue(), "text/csv", disposition)


def _import_hours(call: Call) -> list[Record]:
    """Sets the hours of all assignments of the profile; the file must hold the rows and columns of an export."""
    profile = call.record(PROFILE)
    header, rows = read_table(call.upload().text(), DELIMITERS[call.query["extension"]])
    if header != _ALLOCATION_HEADER:
        raise invalid("file", f"the columns must be {', '.join(_ALLOCATION_HEADER)}", ",".join(header))
    by_id = {str(record["assignedDestinationId"]): record for record in call.siblings(ASSIGNMENT)}
    if sorted(row[0] for row in rows) != sorted(by_id):
        raise invalid("file", "must hold one row for each assigned destination of the profile")
    hours = {row[0]: [_share(cell, name) for cell, name in zip(row[2:], HOURS, strict=True)] for row in rows}
    if profile["isActive"] and profile["routingType"] == PERCENT:
        _refuse_totals("file", _hourly_totals(list(hours.values())))
    for id, record in by_id.items():
        shares = ",".join(str(share) for share in hours[id])
        call.store.replace(ASSIGNMENT, record | {"allocationPercentHours": shares})
    return [ASSIGNMENT.shown(call.store, record) for record in call.siblings(ASSIGNMENT)]


def _share(cell: str, hour: str) -> int:
    share = whole_number(cell)
    if share is None or share > 100:
        raise invalid(f"file.{hour}", "must be an integer from 0 to 100", cell)
    return share


# DNIS overrides

_TYPE = (text("cloudDestinationType", required=True, enum=DESTINATION_TYPES),)
_TYPE_OR_NONE = (text("cloudDestinationType", enum=DESTINATION_TYPES),)
_OVERRIDE_BATCH = (flag("replaceAll", required=True), flag("phoneNumbersI18nEnabled", default=False))
_OVERRIDE_COLUMNS = ("dnis", "routeDestination", "countryId")


def _override_fields(id_field: str, parent: str) -> tuple[Field, ...]:
    return (
        whole(id_field, write=Write.NEVER),
        text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
        text("routeDestination", required=True),
        text("countryId"),
        thing(parent, write=Write.NEVER),
    )


def _show_destination_override(store: Store, record: Record) -> Record:
    destination = store.get(DESTINATION, record["cloudDestinationId"]) or {}
    link = _linked(store, destination, "cloudDestinationId", "destinationName", "destinationType")
    return DESTINATION_OVERRIDE.own(record) | {"cloudDestination": link}


DESTINATION_OVERRIDE = Kind(
    name="CloudRouteDestinationOverride",
    id_field="destOverrideId",
    fields=_override_fields("destOverrideId", "cloudDestination"),
    links={"cloudDestinationId": DESTINATION.name},
    show=_show_destination_override,
)


def _show_assigned_override(store: Store, record: Record) -> Record:
    assignment = store.get(ASSIGNMENT, record["assignedDestinationId"]) or {}
    return ASSIGNED_OVERRIDE.own(record) | {"assignedDestination": ASSIGNMENT.shown(store, assignment)}


ASSIGNED_OVERRIDE = Kind(
    name="CloudRouteAssignedOverride",
    id_field="assignedOverrideId",
    fields=_override_fields("assignedOverrideId", "assignedDestination"),
    links={"assignedDestinationId": ASSIGNMENT.name},
    show=_show_assigned_override,
)


def _check_override(kind: Kind) -> Callable[[Call, Record, Record | None], None]:
    return lambda call, record, _old: require_unique(call, kind, record, "dnis", call.siblings(kind))


def _creates_overrides(kind: Kind) -> Handler:
    """A file of overrides: all rows, or none. `replaceAll` drops the present ones first."""

    def handler(call: Call) -> list[Record]:
        link, parent_id = call.parent_link(kind)
        new = [{link: parent_id, **kind.new(body)} for body in _read_overrides(kind, call.upload().text())]
        present = call.siblings(kind)
        replaced = present if call.query["replaceAll"] else []
        taken = [record["dnis"] for record in (*present[len(replaced) :], *new)]
        if len(set(taken)) != len(taken):
            raise conflict("a dnis has an override already, or is in the file twice")
        for record in replaced:
            call.store.remove(kind, record)
        return [kind.shown(call.store, call.store.add(kind, record)) for record in new]

    return handler


def _read_overrides(kind: Kind, content: str) -> list[Record]:
    header, rows = read_table(content, ",")
    if tuple(header) != _OVERRIDE_COLUMNS:
        raise invalid("file", f"the columns must be {', '.join(_OVERRIDE_COLUMNS)}", ",".join(header))
    check = Check()
    bodies = [
        check.object(
            kind.fields,
            {name: cell for name, cell in zip(header, row, strict=True) if cell},
            needs="create",
            where=f"line {number}",
        )
        for number, row in enumerate(rows, start=2)
    ]
    check.done()
    return bodies


# DTMF events and sticky destinations

DTMF_EVENT = Kind(
    name="CloudRouteDtmfEvent",
    id_field="cloudRouteDtmfId",
    fields=(
        whole("cloudRouteDtmfId", write=Write.NEVER),
        whole("dtmfCode", required=True),
        text("dtmfEventData", required=True),
    ),
    links={"cloudProfileId": PROFILE.name},
)


def _check_dtmf_event(call: Call, event: Record, _old: Record | None) -> None:
    require_unique(call, DTMF_EVENT, event, "dtmfCode", call.siblings(DTMF_EVENT))


STICKY = Kind(
    name="StickyDestination",
    id_field="stickyId",
    fields=(whole("stickyId"), text("ani"), whole("cloudDestinationId")),
    links={"cloudProfileId": PROFILE.name, "cloudDestinationId": DESTINATION.name},
)
"""Which destination a caller reached last. Calls make these; here only a state file does."""


def _search_sticky(call: Call) -> Record:
    anis = call.query.get("anis")
    found = [
        {"ani": record["ani"], "cloudDestinationId": record["cloudDestinationId"]}
        for record in call.siblings(STICKY)
        if anis is None or record["ani"] in anis
    ]
    rows = page_of(found, call.query)
    return {"records": rows, "totalElements": len(found)} if call.query["count"] else {"records": rows}


def _forget_sticky(call: Call) -> bool:
    for record in call.siblings(STICKY):
        if record["ani"] == call.params["ani"]:
            call.store.remove(STICKY, record)
            return True
    raise not_found(f"sticky destination of {call.params['ani']}")


# Operations

_A = "/voice/api/v1/admin/accounts/{accountId}"
_SKINNY = "/voice/api/v2-skinny/admin/accounts/{accountId}"
_DG = _A + "/cloudRouteDestinationGroups/{cloudRouteGroupId}"
_DS = _DG + "/cloudRouteDestinations"
_D = _DS + "/{cloudRouteDestinationId}"
_D_PROFILE = _D + "/assignedProfiles/{cloudAssignedDestinationId}"
_D_OVERRIDE = _D + "/dnisOverrides/{cloudRouteDestinationOverrideId}"
_PG = _A + "/cloudRouteProfileGroups/{cloudRouteGroupId}"
_PS = _PG + "/cloudRouteProfiles"
_P = _PS + "/{cloudRouteProfileId}"
_P_DESTINATIONS = _P + "/assignedDestinations"
_P_DESTINATION = _P_DESTINATIONS + "/{cloudAssignedDestinationId}"
_P_HOURS = _P_DESTINATIONS + "/percentAllocationHours"
_P_OVERRIDE = _P_DESTINATION + "/dnisOverrides/{cloudAssignedOverrideId}"
_P_EVENT = _P + "/dtmfEvents/{dtmfEventId}"

_EXTENSION = (text("extension", required=True, enum=tuple(DELIMITERS)),)
_NEW_DESTINATION = (text("newDestinationName", required=True),)
_NEW_PROFILE = (text("newCloudRouteProfileName", required=True),)
_STICKY_SEARCH = (
    flag("aniParams", required=True),
    many("anis"),
    flag("fullAni"),
    flag("count", default=False),
    *PAGING,
)

_assign_from_profile = _creates_assignment(PROFILE, "cloudProfile", DESTINATION, "cloudDestination")
_assign_from_destination = _creates_assignment(DESTINATION, "cloudDestination", PROFILE, "cloudProfile")
_groups_with_destinations = _with_children(DESTINATION, "cloudRouteDestinations")
_groups_with_profiles = _with_children(PROFILE, "cloudRouteProfiles")
_skinny_with_destinations = _skinny_with_children(DESTINATION, "cloudRouteDestinations", _skinny_destination)
_skinny_with_profiles = _skinny_with_children(PROFILE, "cloudRouteProfiles", _skinny_profile)
_check_destination_override = _check_override(DESTINATION_OVERRIDE)
_check_assigned_override = _check_override(ASSIGNED_OVERRIDE)

FAMILY = Family(
    vendor=RINGCX,
    kinds=(GROUP, DESTINATION, PROFILE, ASSIGNMENT, DESTINATION_OVERRIDE, ASSIGNED_OVERRIDE, DTMF_EVENT, STICKY),
    path_ids={
        "accountId": ACCOUNT,
        "cloudRouteGroupId": GROUP,
        "cloudRouteDestinationId": DESTINATION,
        "cloudRouteProfileId": PROFILE,
        "cloudAssignedDestinationId": ASSIGNMENT,
        "cloudRouteDestinationOverrideId": DESTINATION_OVERRIDE,
        "cloudAssignedOverrideId": ASSIGNED_OVERRIDE,
        "dtmfEventId": DTMF_EVENT,
    },
    first_objects={
        GROUP.name: (
            {"accountId": "123456", "cloudGroupId": 1000, "groupName": "Default", "isDefault": True},
            {"accountId": "654321", "cloudGroupId": 999, "groupName": "Default", "isDefault": True},
        )
    },
    operations=(
        Operation("CR-01", "GET", f"{_A}/cloudRouteDestinationGroups", lists(GROUP)),
        Operation("CR-02", "GET", _PS, lists(PROFILE)),
        Operation("CR-03", "GET", _DS, lists(DESTINATION)),
        Operation("CR-04", "POST", _DS, creates(DESTINATION), takes="json"),
        Operation("CR-05", "GET", _D, gets(DESTINATION)),
        Operation("CR-06", "PUT", _D, updates(DESTINATION), takes="json"),
        Operation("CR-07", "POST", f"{_D}/clone", _clone_destination, query=_NEW_DESTINATION),
        Operation("CR-08", "PUT", f"{_D}/setIsActive", sets_active(DESTINATION), takes="json"),
        Operation("CR-09", "POST", _PS, creates(PROFILE, _check_profile), takes="json"),
        Operation("CR-10", "GET", _P, gets(PROFILE)),
        Operation("CR-11", "PUT", _P, updates(PROFILE, _check_profile), takes="json"),
        Operation("CR-12", "POST", f"{_P}/clone", _clone_profile, query=_NEW_PROFILE),
        Operation("CR-13", "PUT", f"{_P}/setIsActive", sets_active(PROFILE, _require_full_split), takes="json"),
        Operation("CR-14", "GET", _P_DESTINATIONS, lists(ASSIGNMENT)),
        Operation("CR-15", "POST", _P_DESTINATIONS, _assign_from_profile, takes="json"),
        Operation("CR-16", "PUT", f"{_P_DESTINATIONS}/batch", _update_batch, takes="json"),
        Operation("CR-17", "POST", f"{_P_HOURS}/export", _export_hours),
        Operation("CR-18", "POST", f"{_P_HOURS}/import", _import_hours, query=_EXTENSION, takes="form"),
        Operation("CR-19", "GET", f"{_D}/dnisOverrides", lists(DESTINATION_OVERRIDE)),
        Operation(
            "CR-20",
            "POST",
            f"{_D}/dnisOverrides",
            creates(DESTINATION_OVERRIDE, _check_destination_override),
            query=_TYPE_OR_NONE,
            takes="json",
        ),
        Operation(
            "CR-21",
            "POST",
            f"{_D}/dnisOverrides/batch",
            _creates_overrides(DESTINATION_OVERRIDE),
            query=_OVERRIDE_BATCH,
            takes="form",
        ),
        Operation("CRb-01", "POST", f"{_A}/cloudRouteDestinationGroups", creates(GROUP), takes="json"),
        Operation(
            "CRb-02",
            "GET",
            f"{_A}/cloudRouteDestinationGroups/withChildren",
            _groups_with_destinations,
            query=INCLUDE_PERMISSIONS,
        ),
        Operation("CRb-03", "GET", _DG, gets(GROUP)),
        Operation("CRb-04", "PUT", _DG, updates(GROUP), takes="json"),
        Operation("CRb-05", "DELETE", _DG, deletes(GROUP, _refuse_group_removal)),
        Operation("CRb-06", "GET", f"{_DS}/withChildren", _destinations_with_children, query=INCLUDE_PERMISSIONS),
        Operation("CRb-07", "GET", f"{_D}/assignedProfiles", lists(ASSIGNMENT)),
        Operation("CRb-08", "POST", f"{_D}/assignedProfiles", _assign_from_destination, takes="json"),
        Operation("CRb-09", "GET", _D_PROFILE, gets(ASSIGNMENT)),
        Operation("CRb-10", "PUT", _D_PROFILE, _update_assignment, takes="json"),
        Operation("CRb-11", "DELETE", _D_PROFILE, _delete_assignment),
        Operation("CRb-12", "GET", _D_OVERRIDE, gets(DESTINATION_OVERRIDE)),
        Operation("CRb-13", "PUT", _D_OVERRIDE, updates(DESTINATION_OVERRIDE), query=_TYPE, takes="json"),
        Operation("CRb-14", "DELETE", _D_OVERRIDE, deletes(DESTINATION_OVERRIDE)),
        Operation(
            "CRb-15",
            "GET",
            f"{_A}/cloudRouteProfileGroups/withChildren",
            _groups_with_profiles,
            query=INCLUDE_PERMISSIONS,
        ),
        Operation("CRb-16", "GET", _PG, gets(GROUP)),
        Operation("CRb-17", "PUT", _PG, updates(GROUP), takes="json"),
        Operation("CRb-18", "DELETE", _PG, deletes(GROUP, _refuse_group_removal)),
        Operation("CRb-19", "GET", _P_DESTINATION, gets(ASSIGNMENT)),
        Operation("CRb-20", "PUT", _P_DESTINATION, _update_assignment, takes="json"),
        Operation("CRb-21", "DELETE", _P_DESTINATION, _delete_assignment),
        Operation("CRb-22", "GET", f"{_P_DESTINATION}/dnisOverrides", lists(ASSIGNED_OVERRIDE)),
        Operation(
            "CRb-23",
            "POST",
            f"{_P_DESTINATION}/dnisOverrides",
            creates(ASSIGNED_OVERRIDE, _check_assigned_override),
            query=_TYPE,
            takes="json",
        ),
        Operation(
            "CRb-24",
            "POST",
            f"{_P_DESTINATION}/dnisOverrides/batch",
            _creates_overrides(ASSIGNED_OVERRIDE),
            query=_OVERRIDE_BATCH,
            takes="form",
        ),
        Operation("CRb-25", "GET", _P_OVERRIDE, gets(ASSIGNED_OVERRIDE)),
        Operation("CRb-26", "PUT", _P_OVERRIDE, updates(ASSIGNED_OVERRIDE), query=_TYPE, takes="json"),
        Operation("CRb-27", "DELETE", _P_OVERRIDE, deletes(ASSIGNED_OVERRIDE)),
        Operation("CRb-28", "GET", f"{_P}/dtmfEvents", lists(DTMF_EVENT)),
        Operation("CRb-29", "POST", f"{_P}/dtmfEvents", creates(DTMF_EVENT, _check_dtmf_event), takes="json"),
        Operation("CRb-30", "GET", _P_EVENT, gets(DTMF_EVENT)),
        Operation("CRb-31", "PUT", _P_EVENT, updates(DTMF_EVENT, _check_dtmf_event), takes="json"),
        Operation("CRb-32", "DELETE", _P_EVENT, deletes(DTMF_EVENT)),
        Operation("CRb-33", "GET", f"{_P}/stickyDestinations/searchByAnis", _search_sticky, query=_STICKY_SEARCH),
        Operation("CRb-34", "DELETE", f"{_P}/stickyDestinations/{{ani}}", _forget_sticky),
        Operation("CRb-35", "GET", f"{_SKINNY}/cloudRouteDestinationGroups", _skinny_groups),
        Operation("CRb-36", "GET", f"{_SKINNY}/cloudRouteDestinationGroups/withChildren", _skinny_with_destinations),
        Operation("CRb-37", "GET", f"{_SKINNY}/cloudRouteProfileGroups", _skinny_groups),
        Operation("CRb-38", "GET", f"{_SKINNY}/cloudRouteProfileGroups/withChildren", _skinny_with_profiles),
    ),
)
