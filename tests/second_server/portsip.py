"""PortSIP PBX: ring groups and blocked numbers of one tenant, as version 22.8 has them."""

from __future__ import annotations

import base64
import copy
from datetime import UTC, datetime
from typing import Any

from tests.second_server.answers import MOST_ROWS, UNKNOWN_FIELD
from tests.second_server.calls import GONE, NOTHING, Call, Refused, Reply, answers
from tests.second_server.store import Record

DOMAIN = "acme.example.com"
GROUPS, BLOCKED = "PortSipRingGroup", "PortSipBlacklistedNumber"
TRUNK = "NzAwNTUxOTA5NzczMTQ4MDAx"
_SUMMARY = ("id", "name", "extension_number", "ring_time", "ring_strategy")
_FIELDS = (
    *("name", "extension_number", "ring_time", "ring_strategy", "skip_busy_member", "enable_paid", "enable_prid"),
    *("extension_number_as_to_header", "no_answer_forward_rule", "outbound_caller_ids"),
)
_FIRST: Record = {
    "ring_time": 20,
    "ring_strategy": "CYCLIC_HUNT",
    "skip_busy_member": False,
    "enable_paid": True,
    "enable_prid": True,
    "extension_number_as_to_header": False,
    "no_answer_forward_rule": None,
    "outbound_caller_ids": [],
}
_SENT = frozenset({"provider_id", "caller_id", "description"})
PROVIDER = {"provider_name": "Trunk", "provider_brand": "other", "provider_did_numbers": "13035550100"}

FIRST_OBJECTS: dict[str, list[Record]] = {GROUPS: [], BLOCKED: []}


def _refused(status: int, code: str) -> Refused:
    return Refused(Reply(status, {"errors": [{"code": code, "message": code.replace("_", " ").lower()}]}))


def _shown(call: Call, one: Record) -> Record:
    if "sparse" in call.ways and "nulls" not in call.ways:
        one = {name: value for name, value in one.items() if value not in (None, "", [], {})}
    if "nulls" in call.ways:
        one = {name: None if value in ("", [], {}) else value for name, value in one.items()}
    if "extra_fields" in call.ways:
        one = {**one, UNKNOWN_FIELD: {"kinds": ["a"]}}
    return dict(reversed(one.items())) if "reordered" in call.ways else one


def _shown_group(call: Call, one: Record) -> Record:
    shown = {name: copy.deepcopy(one.get(name)) for name in ("id", *_FIELDS)}
    if "extra_fields" in call.ways:
        shown["outbound_caller_ids"] = [{**PROVIDER, **row} for row in shown["outbound_caller_ids"] or ()]
    rule = shown["no_answer_forward_rule"]
    if rule and "nulls" in call.ways:
        rule.setdefault("number", None)
    return _shown(call, shown)


def _items(call: Call, rows: list[Any]) -> Reply:
    skip, top = int(call.query.get("skip", 0)), int(call.query.get("top", 100))
    top = min(top, MOST_ROWS) if "small_pages" in call.ways else top
    page = call.answers.ordered(rows)[skip : skip + top]
    body: Record = {"items": page or (None if "nulls" in call.ways else [])}
    return Reply(200, body if "no_totals" in call.ways else {"count": len(rows), **body})


def _group(call: Call, id_: str) -> Record:
    one = call.store.find(GROUPS, "id", id_)
    if one is None:
        raise _refused(404, "UNKNOWN")
    return one


@answers("GET", "/api/info")
def info(call: Call) -> Reply:
    return Reply(200, {"domain": DOMAIN, "name": "Acme"})


@answers("GET", "/api/ring_groups")
def list_groups(call: Call) -> Reply:
    late = call.late or "lag" in call.ways
    rows = [_shown_group(call, one) for one in call.store.listed(GROUPS, "id", late=late)]
    if "extra_fields" not in call.ways:
        rows = [{name: one[name] for name in _SUMMARY if name in one} for one in rows]
    return _items(call, rows)


@answers("POST", "/api/ring_groups")
def create_group(call: Call) -> Reply:
    id_ = _new_id(call)
    finish = call.store.writing(GROUPS, "id", id_)
    call.store.all(GROUPS).append({**_FIRST, **_taken(call.record), "id": id_, "members": []})
    finish()
    return Reply(201 if "silent_writes" in call.ways else 200, {"id": id_})


def _taken(body: Record) -> Record:
    taken = {name: copy.deepcopy(body[name]) for name in _FIELDS if body.get(name) is not None}
    for row in taken.get("outbound_caller_ids", ()):
        if not row.keys() <= _SENT:
            raise _refused(400, "VALIDATE_FAILED")  # what the server shows of a trunk is not for others to set
    return taken


@answers("GET", "/api/ring_groups/{id}")
def get_group(call: Call, id: str) -> Reply:
    return Reply(200, _shown_group(call, _group(call, id)))


@answers("POST", "/api/ring_groups/{id}")
def update_group(call: Call, id: str) -> Reply:
    one = _group(call, id)
    finish = call.store.writing(GROUPS, "id", id)
    kept = {name: one[name] for name in ("id", "members", "extension_number")}
    if "put_replaces" in call.ways:
        one.update(_FIRST)
    one.update({**_taken(call.record), **kept})
    finish()
    return NOTHING


@answers("POST", "/api/ring_groups/{id}/destroy")
def destroy_group(call: Call, id: str) -> Reply:
    one = call.store.find(GROUPS, "id", id)
    if one is None:
        raise Refused(Reply(400, empty=True))
    finish = call.store.writing(GROUPS, "id", id)
    call.store.all(GROUPS).remove(one)
    finish()
    return GONE


@answers("GET", "/api/ring_groups/{id}/agents")
def list_agents(call: Call, id: str) -> Reply:
    rows = [_shown(call, {**one, "display_name": ""}) for one in _group(call, id)["members"]]
    return Reply(200, {"items": rows or (None if "nulls" in call.ways else [])})


@answers("POST", "/api/ring_groups/{id}/agents")
def replace_agents(call: Call, id: str) -> Reply:
    _group(call, id)["members"] = [
        {"extension_number": str(one["extension_number"]), "skill_level": int(one.get("skill_level") or 1)}
        for one in call.record["items"]
    ]
    return NOTHING


@answers("GET", "/api/ring_groups/{id}/agents/{agent}")
def get_agent(call: Call, id: str, agent: str) -> Reply:
    one = next((each for each in _group(call, id)["members"] if each["extension_number"] == agent), None)
    if one is None:
        raise _refused(404, "UNKNOWN")
    return Reply(200, _shown(call, dict(one)))


@answers("GET", "/api/user/ring_groups")
def my_groups(call: Call) -> Reply:
    return Reply(200, {"items": []})


@answers("GET", "/api/providers")
def trunks(call: Call) -> Reply:
    return _items(call, [{"id": TRUNK, "name": "Trunk"}])


@answers("GET", "/api/users")
def extensions(call: Call) -> Reply:
    rows = [{"id": f"dXNlci0{number}", "extension_number": str(number)} for number in range(101, 110)]
    return _items(call, rows)


# Blocked numbers


@answers("GET", "/api/blacklisted_numbers")
def list_blocked(call: Call) -> Reply:
    late = call.late or "lag" in call.ways
    return _items(call, [_shown_blocked(call, one) for one in call.store.listed(BLOCKED, "id", late=late)])


@answers("POST", "/api/blacklisted_numbers")
def create_blocked(call: Call) -> Reply:
    id_ = _new_id(call)
    finish = call.store.writing(BLOCKED, "id", id_)
    times = {"created_at": "2030-01-01T00:00:00Z", "updated_at": "2030-01-01T00:00:00Z"}
    call.store.all(BLOCKED).append({**_taken_blocked(call.record), **times, "id": id_})
    finish()
    return Reply(201, {"id": id_})


@answers("GET", "/api/blacklisted_numbers/{id}")
def get_blocked(call: Call, id: str) -> Reply:
    return Reply(200, _shown_blocked(call, _blocked(call, id)))


@answers("POST", "/api/blacklisted_numbers/{id}")
def update_blocked(call: Call, id: str) -> Reply:
    one = _blocked(call, id)
    finish = call.store.writing(BLOCKED, "id", id)
    if "put_replaces" in call.ways:
        for name in ("expire_at", "description"):
            one.pop(name, None)
    one.update(_taken_blocked(call.record))
    finish()
    return NOTHING


@answers("POST", "/api/blacklisted_numbers/{id}/destroy")
def destroy_blocked(call: Call, id: str) -> Reply:
    one = call.store.find(BLOCKED, "id", id)
    if one is None:
        raise _refused(400, "UNKNOWN")
    finish = call.store.writing(BLOCKED, "id", id)
    call.store.all(BLOCKED).remove(one)
    finish()
    return GONE


def _blocked(call: Call, id_: str) -> Record:
    one = call.store.find(BLOCKED, "id", id_)
    if one is None:
        raise _refused(404, "UNKNOWN")
    return one


def _shown_blocked(call: Call, one: Record) -> Record:
    """An entry, whose empty fields are null as the vendor's guide says."""
    names = ("id", "number", "expire_at", "created_at", "updated_at", "description")
    return _shown(call, {name: one.get(name) for name in names})


def _taken_blocked(body: Record) -> Record:
    taken = {name: body[name] for name in ("number", "expire_at", "description") if body.get(name) is not None}
    if "expire_at" in taken:
        moment = datetime.fromisoformat(taken["expire_at"]).astimezone(UTC)
        taken["expire_at"] = moment.isoformat().replace("+00:00", "Z")
    return taken


def _new_id(call: Call) -> str:
    return base64.b64encode(str(call.store.new_id()).encode()).decode().rstrip("=")
