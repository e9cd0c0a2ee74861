"""PortSIP ring groups and their members (RG-01..04, RGb-01..05)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from ..learning import Named, Told
from ..problems import Problem, invalid
from ..routing import Call, Family, Operation
from ..schema import Field, Record, flag, many, text, thing, whole
from ..store import Kind, Store
from ..vendors import PORTSIP, Reply
from .lists import LISTING, listed
from .tenant import EXTENSION, NUMBER, TRUNK

_QUOTA = 20
_STRATEGIES = (
    "RING_SIMULTANEOUSLY",
    "PRIORITIZED_HUNT",
    "CYCLIC_HUNT",
    "LEAST_WORKED_HUNT",
    "PAGING_INTERCOM",
    "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
    "SKILL_BASED_ROUTING_CYCLIC_HUNT",
    "SKILL_BASED_ROUTING_LEAST_WORKED_HUNT",
)
_FIRST_ID = 700551909773148160
_SUMMARY = ("id", "name", "extension_number", "ring_time", "ring_strategy")


def _forward_rule(name: str) -> Field:
    return thing(
        name,
        fields=(
            text("action", required=True, enum=("FORWARD_TO_NUMBER", "FORWARD_TO_VOICEMAIL", "REPEAT", "HANGUP")),
            text("number", pattern=r"\+?[0-9]+"),
        ),
    )


_WRITABLE = (
    text("name", required=True, pattern=r"(?s).{1,64}"),
    whole("ring_time", minimum=0),
    text("ring_strategy", required=True, enum=_STRATEGIES),
    flag("skip_busy_member"),
    flag("enable_paid"),
    flag("enable_prid"),
    flag("extension_number_as_to_header"),
    _forward_rule("no_answer_forward_rule"),
    many(
        "outbound_caller_ids",
        fields=(
            text("provider_id", required=True),
            text("caller_id", required=True, pattern=".{1,64}"),
            text("description", pattern=r"(?s).{0,1024}"),
        ),
    ),
)
_EXTENSION_NUMBER = text("extension_number", required=True, pattern=NUMBER)
_MEMBER = (_EXTENSION_NUMBER, text("display_name"), whole("skill_level", minimum=1, maximum=100))
_NEWER = (_forward_rule("night_mode_forward_rule"),)
"""Fields of servers from version 22.2 on."""


def _is_newer(call: Call) -> bool:
    return call.world.switches.portsip_version != "22.1"


def _defaults(*, newer: bool) -> Record:
    """The two header flags changed their defaults with version 22.2."""
    told = not newer
    return {
        "ring_time": 20,
        "skip_busy_member": False,
        "enable_paid": told,
        "enable_prid": told,
        "extension_number_as_to_header": False,
        "no_answer_forward_rule": None,
        "outbound_caller_ids": [],
        "night_mode_forward_rule": None,
    }


def _id(number: int) -> str:
    return base64.b64encode(str(_FIRST_ID + number).encode()).decode()


def _complete(store: Store, group: Record) -> Record:
    told = {name: value for name, value in group.items() if value is not None}
    _check_group(store, told)
    members = _members(store, told.get("members", []))
    return {**_defaults(newer=False), "id": _id(told["number"]), **told, "members": members}


GROUP = Kind(
    name="PortSipRingGroup",
    id_field="number",
    fields=(whole("number"), text("id"), _EXTENSION_NUMBER, *_WRITABLE, *_NEWER, many("members", fields=_MEMBER)),
    complete=_complete,
)


def _group(call: Call, *, missing: int = 404) -> Record:
    for record in call.store.all(GROUP):
        if record["id"] == call.params["id"]:
            return record
    raise Problem(missing, "the ring group does not exist", code="UNKNOWN")


def _show(call: Call, group: Record) -> Record:
    """Empty fields are null."""
    names = ["id", "extension_number", *(field.name for field in _WRITABLE)]
    if _is_newer(call):
        names += [field.name for field in _NEWER]
    shown: Record = {name: group.get(name) for name in names}
    for rule in ("no_answer_forward_rule", "night_mode_forward_rule"):
        if shown.get(rule):
            shown[rule] = {"number": None, **shown[rule]}
    shown["outbound_caller_ids"] = [{"description": None, **one} for one in group["outbound_caller_ids"]]
    return shown


def _list_groups(call: Call) -> Record:
    shown = [_show(call, group) for group in call.store.all(GROUP)]
    if not _is_newer(call):
        shown = [{name: group[name] for name in _SUMMARY} for group in shown]
    return listed(call, shown)


def _create_group(call: Call) -> Record:
    body = call.body((_EXTENSION_NUMBER, *_fields(call)))
    number = body["extension_number"]
    groups = call.store.all(GROUP)
    if call.store.get(EXTENSION, number) or any(group["extension_number"] == number for group in groups):
        raise invalid("extension_number", "is taken", number)
    if len(groups) >= _QUOTA:
        raise invalid("name", f"a tenant has {_QUOTA} ring groups at most", body["name"])
    _check_group(call.store, body)
    record = call.store.add(GROUP, {**_defaults(newer=_is_newer(call)), **body, "members": []})
    id_ = _id(record["number"])
    call.store.replace(GROUP, record | {"id": id_})
    return {"id": id_}


def _update_group(call: Call) -> Reply:
    group = _group(call)
    body = call.body(_fields(call))
    _check_group(call.store, body)
    kept = {name: group[name] for name in ("number", "id", "extension_number", "members")}
    call.store.replace(GROUP, {**kept, **_defaults(newer=_is_newer(call)), **body})
    return Reply(200)


def _destroy_group(call: Call) -> Reply:
    try:
        group = _group(call)
    except Problem:
        return Reply(400)
    call.store.remove(GROUP, group)
    return Reply(204)


def _fields(call: Call) -> tuple[Field, ...]:
    return (*_WRITABLE, *_NEWER) if _is_newer(call) else _WRITABLE


def _check_group(store: Store, body: Record) -> None:
    rule = body.get("no_answer_forward_rule") or {}
    if rule.get("action") == "FORWARD_TO_NUMBER" and not rule.get("number"):
        raise invalid("no_answer_forward_rule.number", "is required")
    for one in body.get("outbound_caller_ids", []):
        if store.get(TRUNK, one["provider_id"]) is None:
            raise invalid("outbound_caller_ids.provider_id", "is no trunk", one["provider_id"])


def _show_member(call: Call, member: Record) -> Record:
    extension = call.store.get(EXTENSION, member["extension_number"]) or {}
    return {**member, "display_name": extension.get("display_name")}


def _list_members(call: Call) -> Record:
    return {"items": [_show_member(call, member) for member in _group(call)["members"]]}


def _get_member(call: Call) -> Record:
    for member in _group(call)["members"]:
        if member["extension_number"] == call.params["agent_number"]:
            return _show_member(call, member)
    raise Problem(404, "the extension is no member", code="UNKNOWN")


def _replace_members(call: Call) -> Reply:
    group = _group(call)
    items = call.body((many("items", required=True, fields=_MEMBER),))["items"]
    call.store.replace(GROUP, group | {"members": _members(call.store, items)})
    return Reply(200)


def _members(store: Store, items: list[Record]) -> list[Record]:
    numbers = [one["extension_number"] for one in items]
    for number in numbers:
        if store.get(EXTENSION, number) is None:
            raise invalid("items.extension_number", "is no extension", number)
        if numbers.count(number) > 1:
            raise invalid("items.extension_number", "is there twice", number)
    return [{"extension_number": one["extension_number"], "skill_level": one.get("skill_level", 1)} for one in items]


def _my_groups(call: Call) -> Record:
    names = ("id", "name", "extension_number")
    return {"items": [{name: group[name] for name in names} for group in call.store.all(GROUP)]}


def _told_groups(told: Told) -> Iterator[Named]:
    for row in told.rows():
        yield GROUP.name, row.get("id"), told.known(GROUP, row)
        for one in row.get("outbound_caller_ids") or ():
            trunk = one.get("provider_id")
            yield TRUNK.name, trunk, {"id": trunk, "name": f"Trunk {trunk}"}


def _told_members(told: Told) -> Iterator[Named]:
    members = list(told.rows())
    yield GROUP.name, told.match.params["id"], {"members": [_known_member(one) for one in members]}
    for one in members:
        yield told.one(EXTENSION, one)


def _known_member(row: Record) -> Record:
    return {field.name: row[field.name] for field in _MEMBER if row.get(field.name) is not None}


_ALL = "/api/ring_groups"
_ONE = f"{_ALL}/{{id}}"
_MEMBERS = f"{_ONE}/agents"

FAMILY = Family(
    vendor=PORTSIP,
    tells={"RG-01": _told_groups, "RG-03": _told_groups, "RGb-02": _told_members},
    operations=(
        Operation("RG-01", "GET", _ALL, _list_groups, query=LISTING),
        Operation("RG-02", "POST", _ALL, _create_group, takes="json"),
        Operation("RG-03", "GET", _ONE, lambda call: _show(call, _group(call))),
        Operation("RG-04", "POST", _ONE, _update_group, takes="json"),
        Operation("RGb-01", "POST", f"{_ONE}/destroy", _destroy_group),
        Operation("RGb-02", "GET", _MEMBERS, _list_members),
        Operation("RGb-03", "POST", _MEMBERS, _replace_members, takes="json"),
        Operation("RGb-04", "GET", f"{_MEMBERS}/{{agent_number}}", _get_member),
        Operation("RGb-05", "GET", "/api/user/ring_groups", _my_groups),
    ),
    kinds=(GROUP,),
)
