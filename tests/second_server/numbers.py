"""RingCX: the number pool, who answers numbers, and tracking numbers."""

from __future__ import annotations

import csv
from typing import Any

from tests.second_server.calls import GONE, Call, Reply, answers
from tests.second_server.ringcx import ACCOUNT, ADMIN, A, Plain, done, found, missing, paged, refused
from tests.second_server.store import Record, without
from tests.second_server.tables import KINDS

TN = f"{ADMIN}/utilities/tnManager"
_POOL, _ASSIGNED = KINDS["DnisPool"], KINDS["AssignedDnis"]
_OWNERS = {
    "gateId": ("gate", "GateSkinnyAssignable"),
    "visualIvrId": ("visualIvr", "VisualIvrSkinny"),
    "cloudProfileId": ("cloudRouteProfile", "CloudRouteProfile"),
    "tracId": ("tracNumber", "TracNumber"),
}
_PRODUCTS = {"ACD": "gateId", "VISUAL_IVR": "visualIvrId", "CLOUD_PROFILE": "cloudProfileId", "TRAC_NUMBER": "tracId"}
_PATHS = {"gates": "gateId", "visualIvrs": "visualIvrId", "cloudRouteProfiles": "cloudProfileId"}
_LOOK_LIKE_OTHERS = frozenset({"assignedDnis", "assignedSmsDnis", "reservedAccount", "dnisE164", "dnisManagedByRC"})


def digits(number: Any) -> str:
    return str(number).removeprefix("+")


# Showing


def shown_assignment(call: Call, one: Record) -> Record:
    """An assignment with the object that answers the number."""
    shown = {**one, "dnis": call.answers.number(one["dnis"]), "dnisE164": f"+{one['dnis']}"}
    for field, (place, kind) in _OWNERS.items():
        if one.get(field):
            shown[place] = call.store.find(kind, field, one[field]) or {field: one[field]}
    return shown


def shown_record(call: Call, one: Record, *, late: bool, searched: bool) -> Record:
    """A pool record; a search may leave out who answers it."""
    shown = {**one, "dnis": call.answers.number(one["dnis"]), "dnisE164": f"+{one['dnis']}"}
    if not (searched and "no_owners" in call.ways):
        assigned = {each["dnis"]: each for each in call.store.listed("AssignedDnis", "dnis", late=late)}
        shown["assignedDnis"] = shown_assignment(call, assigned[one["dnis"]]) if one["dnis"] in assigned else None
        if shown["assignedDnis"] is None and "nulls" not in call.ways:
            del shown["assignedDnis"]
    return shown


# Searching


@answers("POST", f"{TN}/searchDnis")
def search_dnis(call: Call) -> Reply:
    wanted = digits(call.record.get("dnis") or call.record.get("searchText") or "")
    rows = [one for one in _searched(call) if wanted in digits(one["dnis"])]
    return _found(call, rows, rows)


@answers("POST", f"{TN}/search")
def search(call: Call) -> Reply:
    rows = [one for one in _searched(call) if _fits(call, one)]
    return _found(call, paged(call, rows), rows)


@answers("POST", f"{TN.replace('/v1/', '/v2/')}/searchDnis")
def search_dnis_v2(call: Call) -> Reply:
    wanted = digits(call.record.get("searchText") or "")
    rows = [one for one in _searched(call) if wanted in digits(one["dnis"])]
    return Reply(200, _by_account(rows, len(rows)))


def _searched(call: Call) -> list[Record]:
    late = bool({"lag", "lists_lag"} & call.ways)
    records = call.store.listed("DnisPool", "dnis", late=late)
    shown = [shown_record(call, one, late=late, searched=True) for one in records]
    return call.answers.ordered([_with_assignment(call, one) for one in shown])


def _with_assignment(call: Call, one: Record) -> Record:
    shown = call.answers.object(_POOL, one, in_list=False)
    if "assignedDnis" not in one:
        shown.pop("assignedDnis", None)  # not shown is another thing than null
    return shown


def _fits(call: Call, one: Record) -> bool:
    criteria = call.record
    if "no_filter" in call.ways:
        return True
    wanted = {digits(number) for number in criteria.get("dnis") or ()}
    assigned = call.store.find("AssignedDnis", "dnis", digits(one["dnis"])) is not None
    return (
        (not wanted or digits(one["dnis"]) in wanted)
        and criteria.get("accountId") in (None, ACCOUNT)
        and criteria.get("active") in (None, one.get("active", True))
        and criteria.get("assigned") in (None, assigned)
    )


def _found(call: Call, page: list[Record], everything: list[Record]) -> Reply:
    total = {} if "no_totals" in call.ways else {"totalElements": len(everything)}
    if "content" in call.ways:
        return Reply(200, {"content": page, **total})
    if "array" in call.ways:
        return Reply(200, page)
    if "entries" in call.ways:
        return Reply(200, _by_account(page, None if "no_totals" in call.ways else len(everything)))
    return Reply(200, {"records": page, **total})


def _by_account(rows: list[Record], total: int | None) -> Record:
    body = {"entries": {ACCOUNT: {"name": "Lines", "records": rows}}}
    return body if total is None else {**body, "totalCount": total}


# The pool


@answers("POST", f"{TN}/dnisPool")
def create_pool(call: Call) -> Reply:
    numbers = [digits(one["dnis"]) for one in call.records]
    taken = [one for one in numbers if call.store.find("DnisPool", "dnis", one)]
    if taken or len(set(numbers)) < len(numbers):
        raise refused(409, f"there already: {', '.join(taken)}")
    return _many(call, [_make(call, one) for one in call.records])


@answers("PUT", f"{TN}/dnisPool")
def update_pool(call: Call) -> Reply:
    records = [found(call, "DnisPool", digits(one["dnis"])) for one in call.records]
    for record, body in zip(records, call.records, strict=True):
        _update(call, record, body)
    return _many(call, records)


@answers("PUT", f"{TN}/updateBulkDnisPool")
def update_in_bulk(call: Call) -> Reply:
    update_pool(call)
    return Reply(200, {"status": "OK", "message": "done", "updatedRows": str(len(call.records))})


@answers("POST", f"{TN}/uploadDnisPool")
def upload(call: Call) -> Reply:
    """Cells are quoted only by the character that the caller names."""
    quote = "" if "quotes_are_letters" in call.ways else call.query.get("quoteCharacter", "")
    lines = (call.file or "").splitlines()
    rows = list(csv.reader(lines, quotechar=quote)) if quote else [line.split(",") for line in lines]
    header, *cells = [row for row in rows if row]
    made = []
    for row in cells:
        body = {name: cell for name, cell in zip(header, row, strict=False) if cell}
        if call.store.find("DnisPool", "dnis", digits(body["dnis"])) is None:
            made.append(_make(call, {name: _typed(name, cell) for name, cell in body.items()}))
    status = {"errorCode": "", "errorMessage": [], "totalRecords": len(cells), "validRecords": len(made)}
    return Reply(200, {"records": [{} for _ in made], "uploadStatus": {**status, "validated": True}})


def _typed(name: str, cell: str) -> Any:
    type_ = _POOL.fields.get(name)
    return cell == "true" if type_ == "b" else int(cell) if type_ == "i" else cell


def _make(call: Call, body: Record) -> Record:
    number = digits(body["dnis"])
    finish = call.store.writing("DnisPool", "dnis", number)
    one = {"active": True, "reservedAccountId": ACCOUNT, **call.store.as_kept("DnisPool", _taken(body)), "dnis": number}
    call.store.all("DnisPool").append(one)
    finish()
    return one


def _update(call: Call, one: Record, body: Record) -> None:
    finish = call.store.writing("DnisPool", "dnis", one["dnis"])
    kept: Record = {name: one[name] for name in ("dnis", "reservedAccountId", "twilioApiKey") if name in one}
    if "put_replaces" in call.ways:
        one.clear()
        one.update({"active": True, **kept})
    one.update({**call.store.as_kept("DnisPool", _taken(body)), "dnis": kept["dnis"]})
    finish()


def _taken(body: Record) -> Record:
    return {
        name: value
        for name, value in body.items()
        if name in _POOL.fields and name not in _LOOK_LIKE_OTHERS and value is not None
    }


def _many(call: Call, records: list[Record]) -> Reply:
    if "silent_writes" in call.ways:
        return Reply(200, None)
    shown = [shown_record(call, one, late=False, searched=False) for one in records]
    return Reply(200, call.answers.rows(_POOL, shown, whole=True))


@answers("GET", f"{TN}/dnisPool/{{dnis}}")
def get_pool(call: Call, dnis: str) -> Reply:
    one = found(call, "DnisPool", digits(dnis))
    return Reply(200, call.answers.object(_POOL, shown_record(call, one, late=False, searched=False)))


@answers("DELETE", f"{TN}/dnisPool/{{dnis}}")
def delete_pool(call: Call, dnis: str) -> Reply:
    _end(call, found(call, "DnisPool", digits(dnis)))
    return done(call)


@answers("PUT", f"{TN}/dnisPool/bulkDelete")
def delete_in_bulk(call: Call) -> Reply:
    for one in [found(call, "DnisPool", digits(number)) for number in call.body]:
        _end(call, one)
    return done(call)


def _end(call: Call, one: Record) -> None:
    finish = call.store.writing("DnisPool", "dnis", one["dnis"])
    call.store.all("DnisPool").remove(one)
    finish()
    _unassign(call, one["dnis"])


# Assignments


@answers("GET", f"{TN}/assignedDnis/{{dnis}}")
def get_assigned(call: Call, dnis: str) -> Reply:
    one = call.store.find("AssignedDnis", "dnis", digits(dnis))
    if one is not None:
        return Reply(200, call.answers.object(_ASSIGNED, shown_assignment(call, one)))
    if call.store.find("DnisPool", "dnis", digits(dnis)) is None:
        raise missing()
    if "nobody_is_null" in call.ways:
        return Reply(200, None)
    if "nobody_is_empty" in call.ways:
        return GONE
    if "nobody_is_bare" in call.ways:
        return Reply(
            200, call.answers.object(_ASSIGNED, {"dnis": call.answers.number(digits(dnis)), "isActive": False})
        )
    raise missing()


@answers("DELETE", f"{TN}/assignedDnis/{{dnis}}")
def delete_assigned(call: Call, dnis: str) -> Reply:
    found(call, "AssignedDnis", digits(dnis))
    _unassign(call, digits(dnis))
    return done(call)


@answers("DELETE", f"{TN}/assignedDnis")
def delete_assigned_by_body(call: Call) -> Reply:
    return delete_assigned(call, digits(call.record["dnis"]))


@answers("PUT", f"{TN}/assignedDnis/{{product}}/{{id}}")
def assign(call: Call, product: str, id: str) -> Reply:
    _, kind = _OWNERS[_PATHS[product]]
    if call.store.find(kind, _PATHS[product], id) is None:
        raise missing()
    for body in call.records:
        found(call, "DnisPool", digits(body["dnis"]))
    made = [_assign(call, digits(body["dnis"]), _PATHS[product], int(id), body) for body in call.records]
    if "silent_writes" in call.ways:
        return Reply(200, None)
    return Reply(200, call.answers.rows(_ASSIGNED, [shown_assignment(call, one) for one in made], whole=True))


@answers("PUT", f"{TN}/updatePoolAndAssignment")
def update_both(call: Call) -> Reply:
    for request in call.records:
        record = found(call, "DnisPool", digits((request.get("dnisPool") or {})["dnis"]))
        _update(call, record, request["dnisPool"])
        if request.get("product"):
            owner = _PRODUCTS[request["product"]]
            _assign(call, record["dnis"], owner, int(request["productId"]), {})
        elif request.get("unassignProduct"):
            _unassign(call, record["dnis"])
    return done(call)


def _assign(call: Call, number: str, owner: str, id_: int, body: Record) -> Record:
    finish = call.store.writing("AssignedDnis", "dnis", number)
    there = call.store.find("AssignedDnis", "dnis", number)
    one: Record = without(there or {}, *_OWNERS)
    taken = {name: body[name] for name in _ASSIGNED.fields if body.get(name) is not None and name != "dnisE164"}
    one |= {"isActive": True, **taken, "dnis": number, owner: id_}
    rows = call.store.all("AssignedDnis")
    if there is None:
        rows.append(one)
    else:
        rows[rows.index(there)] = one
    finish()
    return one


def _unassign(call: Call, number: str) -> None:
    there = call.store.find("AssignedDnis", "dnis", number)
    if there is not None:
        finish = call.store.writing("AssignedDnis", "dnis", number)
        call.store.all("AssignedDnis").remove(there)
        finish()


@answers("POST", f"{TN}/checkNewDnisList")
def check_numbers(call: Call) -> Reply:
    return Reply(200, [number for number in call.body if call.store.find("DnisPool", "dnis", digits(number))])


# Tracking numbers


TRACKING_GROUPS = Plain(f"{A}/tracGroups", "TracGroup", verbs="get put end")


class TrackingNumbers(Plain):
    """Kept flat; shown as the contract nests them. A number may be given flat or nested."""

    def shown(self, call: Call, one: Record) -> Record:
        assigned = call.store.find("AssignedDnis", "dnis", one["dnis"])
        flat = {"dnis": one["dnis"], "isActive": one.get("active", True), "dnisDescription": one.get("dnisDescription")}
        group = call.store.find("TracGroup", "tracGroupId", one["tracGroupId"])
        nested = shown_assignment(call, {**(assigned or {}), **flat})
        return {**one, "tracGroup": group, "assignedDnis": without(nested, "tracNumber")}

    def taken(self, call: Call, body: Record) -> Record:
        nested = body.get("assignedDnis") or {}
        flat = {
            "dnis": body.get("dnis") or nested.get("dnis"),
            "active": body.get("active", nested.get("isActive")),
            "dnisDescription": body.get("dnisDescription") or nested.get("dnisDescription"),
        }
        flat = {name: value for name, value in flat.items() if value is not None}
        if "dnis" in flat:
            flat["dnis"] = digits(flat["dnis"])
        return {**super().taken(call, body), **flat}

    def make(self, call: Call, body: Record, inside: Record) -> Record:
        return super().make(call, {"active": True, **body}, inside)

    def update(self, call: Call, one: Record, body: Record) -> None:
        number, active = one["dnis"], one["active"]
        super().update(call, one, body)
        one.setdefault("dnis", number)
        one.setdefault("active", active)
        self.after(call, one)

    def after(self, call: Call, one: Record) -> None:
        if "dnis" in one and "active" in one:
            _assign(call, one["dnis"], "tracId", one["tracId"], {"isActive": one["active"]})


_TRACKING = f"{A}/tracGroups/{{group}}/tracNumbers"
TRACKING = TrackingNumbers(_TRACKING, "TracNumber", verbs="list make get put", group="tracGroupId")
Plain(f"{_TRACKING}/{{tracking}}/routingRules", "TracRoutingRule", tracking="tracId")
Plain(f"{_TRACKING}/{{tracking}}/scheduleOverrides", "TracScheduleOverride", tracking="tracId")


@answers("GET", f"{A}/tracGroups/withChildren")
def groups_with_numbers(call: Call, account: str) -> Reply:
    groups = []
    for group in call.store.listed("TracGroup", "tracGroupId", late=call.late):
        rows = TRACKING.rows(call, {"tracGroupId": group["tracGroupId"]}, late=call.late)
        groups.append(
            {**group, "tracNumbers": call.answers.rows(TRACKING.kind, [TRACKING.shown(call, one) for one in rows])}
        )
    return Reply(200, call.answers.rows(TRACKING_GROUPS.kind, groups))
