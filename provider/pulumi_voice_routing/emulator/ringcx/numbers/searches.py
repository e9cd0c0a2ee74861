"""Searches of the DNIS pool, and its report."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence

from ...crud import PAGING, page_of
from ...learning import Named, Told
from ...routing import Call, Family, Operation
from ...schema import Field, Record, flag, flags, many, text, texts, thing, whole, wholes
from ...store import Store
from ...vendors import RINGCX, Reply
from ..accounts import ACCOUNT
from .owners import ASSIGNED, GATE, OWNERS, VISUAL_IVR, owner_of
from .pool import POOL, TN, seen_pool

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


def _search_dnis(call: Call) -> Record:
    records = [_searched(call, record) for record in _listed(call, _LIST_REQUEST)]
    return {"records": records, "totalElements": len(records)}


def _listed(call: Call, request: Sequence[Field]) -> list[Record]:
    body = call.body(request)
    wanted = body.get("searchText", "")
    return [
        record
        for record in seen_pool(call)
        if record["dnis"] == body.get("dnis", record["dnis"])
        and (wanted in record["dnis"] or wanted in (record.get("dnisDescription") or ""))
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
    wanted = list(_wanted(call.store, call.body(_CRITERIA)))
    return [record for record in seen_pool(call) if all(fits(record) for fits in wanted)]


def _wanted(store: Store, criteria: Record) -> Iterator[Callable[[Record], bool]]:
    """What each record has to fit. Criteria of dates, time zones and SMS are accepted and choose nothing."""
    if "dnis" in criteria:  # the fewest are left of it, so that it comes first
        numbers = frozenset(criteria["dnis"])
        yield lambda record: record["dnis"] in numbers
    accounts = {*criteria.get("accountIds", ()), *([criteria["accountId"]] if "accountId" in criteria else ())}
    if accounts:
        yield lambda record: record["reservedAccountId"] in accounts
    same = {name: criteria[name] for name in ("active", "vendorId", "vruNetworkId") if name in criteria}
    if same:
        yield lambda record: all(record.get(name) == value for name, value in same.items())
    parts = {name: criteria[name] for name in ("notes", "inboundContext", "customAppString") if name in criteria}
    if parts:
        yield lambda record: all(value in (record.get(name) or "") for name, value in parts.items())
    if "dnisFilter" in criteria:
        yield lambda record: criteria["dnisFilter"] in record["dnis"]
    if "assigned" in criteria:
        yield lambda record: (store.get(ASSIGNED, record["dnis"]) is not None) == criteria["assigned"]
    owned: Record = {name: criteria[name] for name in ("product", "objectId", "groupId") if name in criteria}
    if owned:
        yield lambda record: _fits_owner(store, store.get(ASSIGNED, record["dnis"]), owned)


def _fits_owner(store: Store, assigned: Record | None, wanted: Record) -> bool:
    owner = owner_of(assigned) if assigned else None
    if owner is None or assigned is None:
        return False
    owned = store.get(store.kinds[owner.kind], assigned[owner.link]) or {}
    actual = {"product": owner.product, "objectId": assigned[owner.link], "groupId": owned.get(owner.group)}
    return all(actual[name] == value for name, value in wanted.items())


_V2 = "/voice/api/v2/admin/utilities/tnManager"


def _told_numbers(told: Told) -> Iterator[Named]:
    """Numbers, and who answers them; a queue or a Visual IVR is known from nothing else."""
    for row in told.rows():
        yield told.one(POOL, row)
        account = row.get("reservedAccountId")
        yield ACCOUNT.name, account, {"accountId": account, "accountName": f"Account {account}"}
        assigned = row.get("assignedDnis")
        if not isinstance(assigned, dict):
            continue
        record = {**told.known(ASSIGNED, assigned), "dnis": row.get("dnis")}
        for owner in OWNERS:
            shown = assigned.get(owner.member)
            if isinstance(shown, dict) and shown.get(owner.link) is not None:
                record[owner.link] = shown[owner.link]
                kind = {GATE.name: GATE, VISUAL_IVR.name: VISUAL_IVR}.get(owner.kind)
                if kind is not None:
                    names = {field.name: f"{owner.link} {shown[owner.link]}" for field in kind.fields if field.required}
                    account_id = shown.get("accountId", account)
                    yield told.one(kind, {**names, **shown}, accountId=account_id)
        yield ASSIGNED.name, row.get("dnis"), record


FAMILY = Family(
    vendor=RINGCX,
    tells=dict.fromkeys(("NM-01", "NM-02", "NMb-01"), _told_numbers),
    operations=(
        Operation("NM-01", "POST", f"{TN}/searchDnis", _search_dnis, takes="json"),
        Operation("NM-02", "POST", f"{TN}/search", _search, query=_SEARCH_QUERY, takes="json"),
        Operation("NMb-09", "POST", f"{TN}/report", _report, takes="json"),
        Operation("NMb-12", "POST", f"{_V2}/searchDnis", _search_dnis_v2, takes="json"),
    ),
)
