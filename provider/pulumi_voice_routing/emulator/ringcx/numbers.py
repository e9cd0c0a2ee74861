"""RingCX numbers: the DNIS pool, and which product answers a DNIS (NM-01..11, NMb-01..12).

These paths name no account: a number belongs to the account of its `reservedAccountId`, an owner to its own.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..crud import PAGING, page_of, updated
from ..problems import Problem, conflict, invalid, not_found
from ..routing import Call, Family, Handler, Operation
from ..schema import (
    Check,
    Field,
    Record,
    Write,
    flag,
    flags,
    many,
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
from ..tokens import ACCOUNT, account_shown, is_visible
from ..vendors import RINGCX, Reply
from .cloud_routing import DNIS, GROUP, PROFILE

PRODUCTS = (
    "ACCOUNT",
    "ACD",
    "AGENT",
    "CHAT_QUEUE",
    "OUTBOUND",
    "VISUAL_IVR",
    "CLOUD_PROFILE",
    "CLOUD_DESTINATION",
    "TRAC_NUMBER",
    "HTTP_SERVICES",
    "SCRIPTING",
    "TN_MANAGER",
    "SURVEY",
    "DNIS",
    "TEAMS",
    "KNOWLEDGE_BASE",
    "UTILITIES",
)

# Kinds

GATE = Kind(
    name="GateSkinnyAssignable",
    id_field="gateId",
    fields=(
        whole("gateId"),
        text("gateName"),
        whole("gateGroupId"),
        whole("groupId"),
        flag("isActive"),
        text("accountId"),
    ),
    links={"accountId": ACCOUNT.name},
)
"""Queues. No call of this family makes one; a state file does."""

VISUAL_IVR = Kind(
    name="VisualIvrSkinny",
    id_field="visualIvrId",
    fields=(
        whole("visualIvrId"),
        *texts("visualIvrName", "visualIvrDesc", "accountId"),
        *wholes("visualIvrGroupId", "groupId"),
        *flags("isActive", "isDeleted"),
    ),
    links={"accountId": ACCOUNT.name},
)
"""Visual IVRs. No call of this family makes one; a state file does."""


def _show_pool(store: Store, record: Record) -> Record:
    answer = POOL.own(record) | {"dnisE164": f"+{record['dnis']}"}
    assigned = store.get(ASSIGNED, record["dnis"])
    return answer | {"assignedDnis": ASSIGNED.shown(store, assigned)} if assigned else answer


_MEDIA = (
    *texts("mediaCode", "mediaFormat", "mediaIsci", "mediaLength", "mediaMarket", "mediaNetwork", "mediaUrl"),
    *texts("mediaVersion", "mediaWebSourcecode"),
)
_POOL_V2_FIELDS = (
    text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
    text("dnisE164", write=Write.NEVER),
    text("reservedAccountId", required=True),
    *texts("dnisDescription", "dnisCategory"),
    flag("active", default=True),
    *texts("notes", "carrier", "resporg", "customAppString", "inboundContext", "originatingDnis"),
    *texts("platformId", "vendorId"),
    whole("vruNetworkId"),
    *flags("smsEnabled", "phoneNumbersI18nEnabled"),
    text("twilioApiKey", secret=True),
    *_MEDIA,
    *server_sets(thing("assignedDnis"), thing("assignedSmsDnis"), thing("reservedAccount")),
    *server_sets(thing("dateCreated"), thing("lastModified"), text("lastModifiedBy")),
)
POOL = Kind(
    name="DnisPool",
    id_field="dnis",
    fields=(*_POOL_V2_FIELDS, flag("dnisManagedByRC", write=Write.NEVER)),
    links={"reservedAccountId": ACCOUNT.name},
    show=_show_pool,
)


@dataclass(frozen=True)
class Owner:
    """A product that can answer a DNIS: the link that an assignment to it holds, and what it shows of it."""

    product: str
    link: str
    kind: str
    member: str
    shown: tuple[str, ...]
    group: str


OWNERS = (
    Owner(
        "ACD",
        "gateId",
        GATE.name,
        "gate",
        ("gateId", "gateName", "gateGroupId", "accountId", "isActive"),
        "gateGroupId",
    ),
    Owner(
        "VISUAL_IVR",
        "visualIvrId",
        VISUAL_IVR.name,
        "visualIvr",
        ("visualIvrId", "visualIvrName", "visualIvrGroupId", "accountId", "isActive"),
        "visualIvrGroupId",
    ),
    Owner(
        "CLOUD_PROFILE",
        "cloudProfileId",
        PROFILE.name,
        "cloudRouteProfile",
        ("cloudProfileId", "profileName", "cloudGroupId", "isActive", "isDeleted"),
        "cloudGroupId",
    ),
    Owner("TRAC_NUMBER", "tracId", "TracNumber", "tracNumber", ("tracId", "tracGroupId", "description"), "tracGroupId"),
)


def _show_assigned(store: Store, record: Record) -> Record:
    answer = ASSIGNED.own(record) | {"dnisE164": f"+{record['dnis']}"}
    owner = owner_of(record)
    if owner:
        owned = store.get(store.kinds[owner.kind], record[owner.link]) or {}
        shown = {name: owned[name] for name in owner.shown if name in owned}
        answer[owner.member] = shown | {"accountId": account_of(store, owned)}
    return answer


ASSIGNED = Kind(
    name="AssignedDnis",
    id_field="dnis",
    fields=(
        text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
        flag("isActive", required=True),
        text("dnisDescription"),
        text("dnisE164", write=Write.NEVER),
        *texts("originatingDnis", "endPointId", "endPointType"),
        flag("phoneNumbersI18nEnabled"),
        *server_sets(thing("gate"), thing("visualIvr"), thing("cloudRouteProfile"), thing("tracNumber")),
        thing("startDate"),
        thing("endDate"),
    ),
    links={owner.link: owner.kind for owner in OWNERS},
    show=_show_assigned,
)


def owner_of(assigned: Record) -> Owner | None:
    return next((owner for owner in OWNERS if owner.link in assigned), None)


def account_of(store: Store, owned: Record) -> Any:
    """The account of an owner: its own, or that of its group."""
    if "cloudGroupId" in owned:
        return (store.get(GROUP, owned["cloudGroupId"]) or {}).get("accountId")
    if "tracGroupId" in owned:
        return (store.get(store.kinds["TracGroup"], owned["tracGroupId"]) or {}).get("accountId")
    return owned.get("accountId")


def _sees(call: Call, account_id: Any) -> bool:
    account = call.store.get(ACCOUNT, account_id)
    return account is not None and is_visible(account)


# The pool


def pooled(call: Call, dnis: str) -> Record:
    """The pool record of a DNIS that the token sees."""
    record = call.store.get(POOL, dnis)
    if record is None or not _sees(call, record["reservedAccountId"]):
        raise not_found(f"DNIS {dnis}")
    return record


def _seen_pool(call: Call) -> list[Record]:
    return [record for record in call.store.all(POOL) if _sees(call, record["reservedAccountId"])]


def _require_account(call: Call, record: Record, _old: Record | None = None) -> None:
    account = call.store.get(ACCOUNT, record["reservedAccountId"])
    if account is None:
        raise not_found(f"Account {record['reservedAccountId']}")
    if not is_visible(account):
        raise Problem(403, f"Account {record['reservedAccountId']} is not open to this token")


def _require_once(all_dnis: Iterable[str]) -> None:
    for dnis, times in Counter(all_dnis).items():
        if times > 1:
            raise conflict(f"DNIS {dnis} is named {times} times")


def _add_pool(call: Call, bodies: Sequence[Record]) -> list[Record]:
    """All records, or none."""
    _require_once(body["dnis"] for body in bodies)
    for body in bodies:
        _require_account(call, body)
        if call.store.get(POOL, body["dnis"]):
            raise conflict(f"DNIS {body['dnis']} is in the pool already")
    return [POOL.shown(call.store, call.store.add(POOL, POOL.new(body))) for body in bodies]


def _create_pool(call: Call) -> list[Record]:
    return _add_pool(call, call.objects(POOL.fields, creating=True))


def _keyed(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The table of an update whose items say by `dnis` which record they mean."""
    key = text("dnis", required=True, pattern=DNIS)
    return (key, *(field for field in fields if field.name != "dnis"))


_POOL_UPDATE = _keyed(POOL.fields)
_POOL_V2_UPDATE = _keyed(_POOL_V2_FIELDS)
_ASSIGNED_UPDATE = _keyed(ASSIGNED.fields)


def _keys(bodies: Sequence[Record]) -> list[str]:
    """The `dnis` of each item; a merging update checks no required fields, but this one it needs."""
    if any("dnis" not in body for body in bodies):
        raise invalid("dnis", "is required in every item")
    return [body["dnis"] for body in bodies]


def _updated_pool(call: Call, body: Record) -> Record:
    """The pool record as `body` would leave it."""
    old = pooled(call, body["dnis"])
    if old.get("dnisManagedByRC"):
        raise Problem(403, f"DNIS {body['dnis']} is managed by RingCentral")
    new = updated(call, POOL, old, body, _require_account)
    if new["reservedAccountId"] != old["reservedAccountId"] and call.store.get(ASSIGNED, body["dnis"]):
        raise conflict(f"DNIS {body['dnis']} is assigned in its account")
    return new


def _update_pool(call: Call) -> list[Record]:
    """All records, or none."""
    bodies = call.objects(_POOL_UPDATE, creating=False)
    _require_once(_keys(bodies))
    new = [_updated_pool(call, body) for body in bodies]
    return [POOL.shown(call.store, call.store.replace(POOL, record)) for record in new]


def _update_bulk(call: Call) -> Record:
    """Also touches assignments: they take over description and active flag."""
    records = _update_pool(call)
    for record in records:
        assigned = call.store.get(ASSIGNED, record["dnis"])
        if assigned:
            taken = {"isActive": record["active"], "dnisDescription": record.get("dnisDescription", "")}
            call.store.replace(ASSIGNED, assigned | taken)
    return {"status": "SUCCESS", "message": f"{len(records)} rows updated", "updatedRows": str(len(records))}


_UPLOADABLE = {field.name: field for field in POOL.fields if field.write is not Write.NEVER and field.type != "object"}


def _upload_pool(call: Call) -> Record:
    """A file of pool records: all rows, or none."""
    header, rows = read_table(call.upload().text(), ",", call.query.get("quoteCharacter", '"'))
    check = Check()
    for name in header:
        if name not in _UPLOADABLE:
            check.refuse("file", f"unknown column {name}")
    check.done()
    bodies = [
        check.object(POOL.fields, _typed_row(header, row), needs="create", where=f"line {number}")
        for number, row in enumerate(rows, start=2)
    ]
    check.done()
    records = _add_pool(call, bodies)
    total = len(records)
    status = {"errorCode": "", "errorMessage": [], "totalRecords": total, "validRecords": total, "validated": True}
    return {"records": [dict(zip(header, row, strict=True)) for row in rows], "uploadStatus": status}


def _typed_row(header: Sequence[str], row: Sequence[str]) -> Record:
    """A row as a body: empty cells are left out."""
    return {name: _typed_cell(_UPLOADABLE[name], cell) for name, cell in zip(header, row, strict=True) if cell}


def _typed_cell(field: Field, cell: str) -> Any:
    if field.type == "boolean":
        return {"true": True, "false": False}.get(cell.lower(), cell)
    number = whole_number(cell) if field.type == "integer" else None
    return cell if number is None else number


def _get_pool(call: Call) -> Record:
    return POOL.shown(call.store, pooled(call, call.params["dnis"]))


def _delete_pool(call: Call) -> bool:
    return _remove_pool(call, [call.params["dnis"]])


def _delete_pools(call: Call) -> bool:
    return _remove_pool(call, _texts(call))


def _remove_pool(call: Call, all_dnis: Sequence[str]) -> bool:
    """All records, or none."""
    _require_once(all_dnis)
    records = [pooled(call, dnis) for dnis in all_dnis]
    for record in records:
        if record.get("dnisManagedByRC"):
            raise Problem(403, f"DNIS {record['dnis']} is managed by RingCentral")
        if call.store.get(ASSIGNED, record["dnis"]):
            raise conflict(f"DNIS {record['dnis']} is assigned")
    for record in records:
        call.store.remove(POOL, record)
    return True


def _taken(call: Call) -> list[str]:
    """Those of the candidates that the pool holds already, in whatever account."""
    return [dnis for dnis in _texts(call) if call.store.get(POOL, dnis)]


def _texts(call: Call) -> list[str]:
    check = Check()
    sent: list[str] = check.value(many("body", items="string"), call.json(), "body")
    check.done()
    return sent


# Searches

_LIST_REQUEST_V2 = (
    *texts("searchText", "dnisState"),
    many("accountIds", items="string"),
    flag("phoneNumbersI18nEnabled"),
)
_LIST_REQUEST = (*_LIST_REQUEST_V2, text("dnis"))
_CRITERIA = (
    text("accountId"),
    many("accountIds", items="string"),
    many("dnis", items="string"),
    *texts("dnisFilter", "notes", "vendorId", "inboundContext", "customAppString"),
    *flags("active", "assigned", "assignedSms", "phoneNumbersI18nEnabled"),
    text("product", enum=PRODUCTS),
    *wholes("objectId", "groupId", "vruNetworkId"),
    *texts("criteriaType", "databaseTimezone", "scheduleTimezoneName", "timezoneName"),
    *(thing(name) for name in ("startDate", "endDate", "startDateRange", "endDateRange")),
)
_SEARCH_QUERY = (
    *PAGING,
    whole("size", minimum=1),
    text("sort", pattern=r"\w+(,(asc|desc))?"),
    flag("count", default=False),
)


def _body(call: Call, fields: Sequence[Field]) -> Record:
    check = Check()
    body = check.object(fields, call.json(), needs="create")
    check.done()
    return body


def _search_dnis(call: Call) -> Record:
    records = [_searched(call, record) for record in _listed(call, _LIST_REQUEST)]
    return {"records": records, "totalElements": len(records)}


def _listed(call: Call, request: Sequence[Field]) -> list[Record]:
    body = _body(call, request)
    wanted = body.get("searchText", "")
    return [
        record
        for record in _seen_pool(call)
        if record["dnis"] == body.get("dnis", record["dnis"])
        and (wanted in record["dnis"] or wanted in record.get("dnisDescription", ""))
        and record["reservedAccountId"] in body.get("accountIds", [record["reservedAccountId"]])
        and _state(call, record) == body.get("dnisState", _state(call, record))
    ]


def _state(call: Call, record: Record) -> str:
    return "ASSIGNED" if call.store.get(ASSIGNED, record["dnis"]) else "UNASSIGNED"


_V2_LEFT_OUT = ("reservedAccountId", "phoneNumbersI18nEnabled", "vruNetworkId")


def _search_dnis_v2(call: Call) -> Record:
    """By account."""
    records = _listed(call, _LIST_REQUEST_V2)
    entries: dict[str, Record] = {}
    for record in records:
        account = call.store.get(ACCOUNT, record["reservedAccountId"]) or {}
        entry = entries.setdefault(record["reservedAccountId"], {"name": account["accountName"], "records": []})
        shown = POOL.shown(call.store, record) | {"dnisState": _state(call, record)}
        entry["records"].append({name: value for name, value in shown.items() if name not in _V2_LEFT_OUT})
    return {"entries": entries, "totalCount": len(records)}


def _search(call: Call) -> Record:
    found = _found(call)
    if "sort" in call.query:
        name, _, direction = call.query["sort"].partition(",")
        found.sort(key=lambda record: str(record.get(name, "")), reverse=direction == "desc")
    paging = call.query | ({"maxRows": call.query["size"]} if "size" in call.query else {})
    records = [_searched(call, record) for record in page_of(found, paging)]
    return {"records": records, "totalElements": len(found)}


def _searched(call: Call, record: Record) -> Record:
    """What a search finds has the same members whether anybody answers the number or not."""
    return {"assignedDnis": None, **POOL.shown(call.store, record)}


def _report(call: Call) -> Reply:
    columns = ["dnis", "dnisDescription", "reservedAccountId", "active", "product", "objectId"]
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(columns)
    for record in _found(call):
        assigned = call.store.get(ASSIGNED, record["dnis"]) or {}
        owner = owner_of(assigned)
        owned = [owner.product, assigned[owner.link]] if owner else ["", ""]
        rows.writerow([*(record.get(name, "") for name in columns[:4]), *owned])
    return Reply(200, file.getvalue(), "text/csv")


def _found(call: Call) -> list[Record]:
    criteria = _body(call, _CRITERIA)
    return [record for record in _seen_pool(call) if _fits(call, record, criteria)]


def _fits(call: Call, record: Record, criteria: Record) -> bool:
    """Criteria of dates, time zones and SMS are accepted and choose nothing."""
    assigned = call.store.get(ASSIGNED, record["dnis"])
    accounts = criteria.get("accountIds", []) + ([criteria["accountId"]] if "accountId" in criteria else [])
    return (
        all(record.get(name) == criteria[name] for name in ("active", "vendorId", "vruNetworkId") if name in criteria)
        and all(
            criteria[name] in record.get(name, "")
            for name in ("notes", "inboundContext", "customAppString")
            if name in criteria
        )
        and (not accounts or record["reservedAccountId"] in accounts)
        and record["dnis"] in criteria.get("dnis", [record["dnis"]])
        and criteria.get("dnisFilter", "") in record["dnis"]
        and criteria.get("assigned", bool(assigned)) == bool(assigned)
        and _fits_owner(call.store, assigned, criteria)
    )


def _fits_owner(store: Store, assigned: Record | None, criteria: Record) -> bool:
    wanted = {name: criteria[name] for name in ("product", "objectId", "groupId") if name in criteria}
    if not wanted:
        return True
    owner = owner_of(assigned) if assigned else None
    if owner is None or assigned is None:
        return False
    owned = store.get(store.kinds[owner.kind], assigned[owner.link]) or {}
    actual = {"product": owner.product, "objectId": assigned[owner.link], "groupId": owned.get(owner.group)}
    return all(actual[name] == value for name, value in wanted.items())


# Assignments


def _assigns(owner: Owner, kind: Kind) -> Handler:
    """PUT of an array: each DNIS is assigned to the path's object, or updated there. All, or none."""

    def handler(call: Call) -> list[Record]:
        owned = call.record(kind)
        if not _sees(call, account_of(call.store, owned)):
            raise not_found(f"{kind.name} {owned[kind.id_field]}")
        bodies = call.objects(_ASSIGNED_UPDATE, creating=False)
        _require_once(_keys(bodies))
        new = [_assigned_to(call, owner, owned, body) for body in bodies]
        return [ASSIGNED.shown(call.store, keep_assigned(call, record)) for record in new]

    return handler


def keep_assigned(call: Call, record: Record) -> Record:
    known = call.store.get(ASSIGNED, record["dnis"])
    return call.store.replace(ASSIGNED, record) if known else call.store.add(ASSIGNED, record)


def _assigned_to(call: Call, owner: Owner, owned: Record, body: Record) -> Record:
    """The assignment of a DNIS to an object, as `body` would leave it."""
    require_pooled_with(call, owned, body["dnis"])
    present = call.store.get(ASSIGNED, body["dnis"])
    if present is not None:
        if owner.link not in present:
            raise _held(present)
        return updated(call, ASSIGNED, present, body) | {owner.link: owned[owner.link]}
    if "isActive" not in body:
        raise invalid("isActive", "is required")
    return {owner.link: owned[owner.link], **ASSIGNED.new(body)}


def require_pooled_with(call: Call, owned: Record, dnis: str) -> None:
    """404 for a DNIS that is not in the pool of the owner's account."""
    if pooled(call, dnis)["reservedAccountId"] != account_of(call.store, owned):
        raise not_found(f"DNIS {dnis}")


def require_free(call: Call, owned: Record, dnis: str) -> None:
    """404 for a DNIS that is not in the pool of the owner's account, 409 for one that anything answers."""
    require_pooled_with(call, owned, dnis)
    present = call.store.get(ASSIGNED, dnis)
    if present is not None:
        raise _held(present)


def _held(assigned: Record) -> Problem:
    holder = owner_of(assigned)
    held = f"{holder.product} {assigned[holder.link]}" if holder else "something else"
    return conflict(f"DNIS {assigned['dnis']} is assigned to {held}")


def assigned_dnis(call: Call, dnis: str) -> Record:
    pooled(call, dnis)
    record = call.store.get(ASSIGNED, dnis)
    if record is None:
        raise not_found(f"assignment of DNIS {dnis}")
    return record


def _get_assigned(call: Call) -> Record:
    return ASSIGNED.shown(call.store, assigned_dnis(call, call.params["dnis"]))


def _delete_assigned(call: Call) -> bool:
    call.store.remove(ASSIGNED, assigned_dnis(call, call.params["dnis"]))
    return True


def _update_assigned(call: Call) -> list[Record]:
    """Present assignments only. All, or none."""
    bodies = call.objects(_ASSIGNED_UPDATE, creating=False)
    _require_once(_keys(bodies))
    new = [updated(call, ASSIGNED, assigned_dnis(call, body["dnis"]), body) for body in bodies]
    return [ASSIGNED.shown(call.store, call.store.replace(ASSIGNED, record)) for record in new]


_DELETE_REQUEST = (text("dnis"), text("dnisE164", pattern=rf"\+{DNIS}"), flag("phoneNumbersI18nEnabled"))


def _delete_assigned_by_body(call: Call) -> bool:
    body = _body(call, _DELETE_REQUEST)
    dnis = body.get("dnis") or body.get("dnisE164", "").removeprefix("+")
    if not dnis:
        raise invalid("dnis", "is required")
    call.store.remove(ASSIGNED, assigned_dnis(call, dnis))
    return True


_POOL_AND_ASSIGNMENT = (
    thing("dnisPool", required=True, fields=_POOL_V2_UPDATE),
    text("product", enum=PRODUCTS),
    *wholes("productId", "chatQueueId"),
    *flags("unassignProduct", "unassignSmsProduct"),
    *(thing(name) for name in ("startDate", "endDate", "smsStartDate", "smsEndDate")),
)


def _update_pool_and_assignment(call: Call) -> bool:
    """All items, or none. `unassignProduct` goes before `product`, so that one item can move a DNIS."""
    before = call.store.dump()
    try:
        for item in call.objects(_POOL_AND_ASSIGNMENT, creating=True):
            _move(call, item)
    except Problem:
        call.store.load(before)
        raise
    return True


def _move(call: Call, item: Record) -> None:
    record = call.store.replace(POOL, _updated_pool(call, item["dnisPool"]))
    present = call.store.get(ASSIGNED, record["dnis"])
    if item.get("unassignProduct") and present:
        call.store.remove(ASSIGNED, present)
    if "product" not in item:
        return
    owner = next((owner for owner in OWNERS if owner.product == item["product"]), None)
    if owner is None or "productId" not in item:
        raise invalid("product", "is no product that can answer a DNIS, or comes without productId", item["product"])
    owned = call.store.get(call.store.kinds[owner.kind], item["productId"])
    if owned is None:
        raise not_found(f"{owner.product} {item['productId']}")
    keep_assigned(call, _assigned_to(call, owner, owned, {"dnis": record["dnis"], "isActive": record["active"]}))


# Operations

_TN = "/voice/api/v1/admin/utilities/tnManager"
_I18N = (flag("phoneNumbersI18nEnabled", default=False),)
_UPLOAD = (text("fileType", required=True, enum=("COMMA",)), text("quoteCharacter", pattern="."), *_I18N)
_ACD, _IVR, _CLOUD, _ = OWNERS

FAMILY = Family(
    vendor=RINGCX,
    kinds=(GATE, VISUAL_IVR, POOL, ASSIGNED),
    path_ids={"gateId": GATE, "visualIvrId": VISUAL_IVR, "cloudRouteProfileId": PROFILE},
    first_objects={
        GATE.name: (
            {"accountId": "123456", "gateId": 1000, "gateName": "Support", "gateGroupId": 1000, "isActive": True},
            {"accountId": "654321", "gateId": 999, "gateName": "Support", "gateGroupId": 999, "isActive": True},
        ),
        VISUAL_IVR.name: (
            {"accountId": "123456", "visualIvrId": 1000, "visualIvrName": "Main menu", "isActive": True},
        ),
    },
    operations=(
        Operation("NM-01", "POST", f"{_TN}/searchDnis", _search_dnis, takes="json"),
        Operation("NM-02", "POST", f"{_TN}/search", _search, query=_SEARCH_QUERY, takes="json"),
        Operation("NM-03", "POST", f"{_TN}/dnisPool", _create_pool, takes="json"),
        Operation("NM-04", "PUT", f"{_TN}/dnisPool", _update_pool, takes="json"),
        Operation("NM-05", "POST", f"{_TN}/uploadDnisPool", _upload_pool, query=_UPLOAD, takes="form"),
        Operation("NM-06", "PUT", f"{_TN}/updateBulkDnisPool", _update_bulk, takes="json"),
        Operation("NM-07", "PUT", f"{_TN}/assignedDnis/gates/{{gateId}}", _assigns(_ACD, GATE), takes="json"),
        Operation(
            "NM-08", "PUT", f"{_TN}/assignedDnis/visualIvrs/{{visualIvrId}}", _assigns(_IVR, VISUAL_IVR), takes="json"
        ),
        Operation(
            "NM-09",
            "PUT",
            f"{_TN}/assignedDnis/cloudRouteProfiles/{{cloudRouteProfileId}}",
            _assigns(_CLOUD, PROFILE),
            takes="json",
        ),
        Operation("NM-10", "GET", f"{_TN}/assignedDnis/{{dnis}}", _get_assigned),
        Operation("NM-11", "DELETE", f"{_TN}/assignedDnis/{{dnis}}", _delete_assigned),
        Operation("NMb-01", "GET", f"{_TN}/dnisPool/{{dnis}}", _get_pool, query=_I18N),
        Operation("NMb-02", "DELETE", f"{_TN}/dnisPool/{{dnis}}", _delete_pool),
        Operation("NMb-03", "PUT", f"{_TN}/dnisPool/bulkDelete", _delete_pools, query=_I18N, takes="json"),
        Operation("NMb-04", "POST", f"{_TN}/checkNewDnisList", _taken, query=_I18N, takes="json"),
        Operation("NMb-05", "PUT", f"{_TN}/updatePoolAndAssignment", _update_pool_and_assignment, takes="json"),
        Operation("NMb-06", "PUT", f"{_TN}/assignedDnis", _update_assigned, takes="json"),
        Operation("NMb-07", "DELETE", f"{_TN}/assignedDnis", _delete_assigned_by_body, takes="json"),
        Operation("NMb-09", "POST", f"{_TN}/report", _report, takes="json"),
        Operation("NMb-10", "GET", f"{_TN}/accounts", account_shown),
        Operation(
            "NMb-12",
            "POST",
            "/voice/api/v2/admin/utilities/tnManager/searchDnis",
            _search_dnis_v2,
            takes="json",
        ),
    ),
)
