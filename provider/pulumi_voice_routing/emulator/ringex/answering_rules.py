"""RingEX answering rules: what happens to the calls of an extension, and when (EX-01..04, EXb-01)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..learning import Named, Told
from ..problems import invalid
from ..routing import Call, Family, Operation
from ..schema import Field, Record, Write, flag, many, text, texts, thing, whole
from ..store import Kind, Store
from ..vendors import RINGEX, Reply
from .extensions import (
    EXTENSION,
    EXTENSION_PATH,
    OWNER_ID,
    PAGING,
    QUEUE,
    extension_of,
    not_found,
    page_of,
    refused,
    told_extension,
    uri_of,
)
from .forwarding_numbers import NUMBER_TYPES, numbers_of, show_number

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TARGET = r"\+?\d{2,15}"
_BUILT_IN = {"business-hours-rule": "BusinessHours", "after-hours-rule": "AfterHours"}
FIRST_GREETINGS = {
    "Voicemail": "65792",
    "Introductory": "66301",
    "ConnectingAudio": "66310",
    "Announcement": "66560",
    "Unavailable": "66816",
    "ConnectingMessage": "68867",
}
"""The recordings that the server fills in, by type."""


_ACTIONS = (
    "ForwardCalls",
    "UnconditionalForwarding",
    "AgentQueue",
    "TransferToExtension",
    "TakeMessagesOnly",
    "PlayAnnouncementOnly",
    "SharedLines",
)
_GREETING_TYPES = (
    *FIRST_GREETINGS,
    "InterruptPrompt",
    "HoldMusic",
    "Custom",
    "Company",
    "BlockedCallersSpecific",
    "BlockedCallersAll",
    "BlockedNoCallerId",
    "BlockedPayPhones",
    "StartRecording",
    "StopRecording",
    "AutomaticRecording",
)


_RANGE = (text("from", required=True), text("to", required=True))
_HOURS = (
    text("from", required=True, pattern=r"\d\d:\d\d"),
    text("to", required=True, pattern=r"\d\d:\d\d"),
)
_EXTENSION_LINK = thing("extension", required=True, fields=texts("id", "uri", "extensionNumber", "partnerId"))
_FORWARDED = many(
    "forwardingNumbers",
    required=True,
    fields=(text("id", required=True), *texts("uri", "phoneNumber", "label"), text("type", enum=NUMBER_TYPES)),
)


def _forwarding(forwarded: Field) -> Field:
    return thing(
        "forwarding",
        fields=(
            flag("notifyMySoftPhones"),
            flag("notifyAdminSoftPhones"),
            whole("softPhonesRingCount", minimum=1),
            text("ringingMode", enum=("Sequentially", "Simultaneously")),
            many(
                "rules",
                fields=(
                    whole("index", required=True, minimum=1),
                    whole("ringCount", minimum=1),
                    flag("enabled"),
                    forwarded,
                ),
            ),
            flag("mobileTimeout"),
        ),
    )


_RULE_FIELDS = (
    flag("enabled"),
    text("type", enum=("BusinessHours", "AfterHours", "Custom")),
    text("name"),
    many("callers", fields=(text("callerId", required=True, pattern=_TARGET), text("name"))),
    many("calledNumbers", fields=(text("phoneNumber", required=True, pattern=_TARGET),)),
    thing(
        "schedule",
        fields=(
            thing("weeklyRanges", fields=tuple(many(day, fields=_HOURS) for day in _DAYS)),
            many("ranges", fields=_RANGE),
            text("ref", enum=("BusinessHours", "AfterHours")),
        ),
    ),
    text("callHandlingAction", enum=_ACTIONS),
    _forwarding(_FORWARDED),
    thing(
        "unconditionalForwarding",
        fields=(
            text("phoneNumber", required=True, pattern=_TARGET),
            text("action", enum=("HoldTimeExpiration", "MaxCallers", "NoAnswer")),
        ),
    ),
    thing("queue"),
    thing("transfer", fields=(_EXTENSION_LINK,)),
    thing("voicemail", fields=(flag("enabled"), thing("recipient", fields=(text("uri"), whole("id", required=True))))),
    many(
        "greetings",
        fields=(
            text("type", required=True, enum=_GREETING_TYPES),
            thing("preset", fields=(text("id", required=True), *texts("uri", "name"))),
            thing("custom", fields=(text("id", required=True),)),
        ),
    ),
    text("screening", enum=("Off", "NoCallerId", "UnknownCallerId", "Always")),
)
_CONDITIONS = ("callers", "calledNumbers")
_BLOCKS = ("forwarding", "voicemail")
"""Objects that an update merges one level down; all else is replaced as a whole."""


def _first_values(extension: str) -> Record:
    return {
        "enabled": True,
        "callHandlingAction": "ForwardCalls",
        "forwarding": {
            "notifyMySoftPhones": True,
            "notifyAdminSoftPhones": False,
            "softPhonesRingCount": 1,
            "ringingMode": "Sequentially",
            "rules": [],
            "mobileTimeout": False,
        },
        "voicemail": {"enabled": True, "recipient": {"id": int(extension)}},
        "greetings": [{"type": type_, "preset": {"id": id_}} for type_, id_ in FIRST_GREETINGS.items()],
        "screening": "Off",
    }


def _custom_id(number: int) -> str:
    return str(3_000_000_000 + number)


def _built_in(number: int, extension: str, id_: str) -> Record:
    type_ = _BUILT_IN[id_]
    fixed = {"number": number, "extensionId": extension, "id": id_, "type": type_, "schedule": {"ref": type_}}
    return fixed | _first_values(extension)


def _complete(_store: Store, record: Record) -> Record:
    """As a request would have made it; forwarding numbers are kept by their ids alone."""
    told = {name: value for name, value in record.items() if value is not None}
    type_ = told.setdefault("type", _BUILT_IN.get(told.get("id", ""), "Custom"))
    built_in = next((id_ for id_, known in _BUILT_IN.items() if known == type_), None)
    id_ = told.setdefault("id", built_in or _custom_id(told["number"]))
    if _BUILT_IN.get(id_, "Custom") != type_:
        raise invalid("id", f"is not that of a rule of type {type_}", id_)
    for step in told.get("forwarding", {}).get("rules", []):
        for one in step["forwardingNumbers"]:
            if not isinstance(one.get("id") if isinstance(one, dict) else one, str):
                raise invalid("forwarding.rules.forwardingNumbers", "must be ids, or objects with one", one)
    extension = told["extensionId"]
    first = _built_in(told["number"], extension, built_in) if built_in else _first_values(extension)
    return _merged(first, told) if built_in else {"name": f"My Rule {told['number']}", **_merged(first, told)}


def _finish(store: Store) -> None:
    """Every extension has its built-in rules."""
    for extension in store.all(EXTENSION):
        id_ = extension["extensionId"]
        there = {rule["id"] for rule in store.where(RULE, "extensionId", id_)}
        for built_in in _BUILT_IN:
            if built_in not in there and (extension["limitedHours"] or built_in != "after-hours-rule"):
                record = _built_in(0, id_, built_in)
                del record["number"]
                store.add(RULE, record)


RULE = Kind(
    name="RingExAnsweringRule",
    id_field="number",
    fields=(whole("number", write=Write.NEVER), text("id", write=Write.NEVER), *_RULE_FIELDS),
    links={"extensionId": EXTENSION.name},
    stored=(_forwarding(many("forwardingNumbers", required=True)),),
    complete=_complete,
)


def _stored_rules(call: Call) -> list[Record]:
    return call.store.where(RULE, "extensionId", extension_of(call)["extensionId"])


def _rules(call: Call) -> list[Record]:
    """The rules, as long as the extension has them: a user who was moved has others."""
    extension = extension_of(call)
    blocked = extension["type"] == QUEUE and call.world.switches.queue_rules_blocked
    if extension["newCallHandling"] or blocked:
        message = "This call is not available with the feature [NewCallHandlingAndForwarding]"
        raise refused("CMN-468", message, status=403)
    return _stored_rules(call)


def _rule(call: Call) -> Record:
    for record in _rules(call):
        if record["id"] == call.params["ruleId"]:
            return record
    raise not_found("ruleId", call.params["ruleId"])


def _show_rule(call: Call, rule: Record, *, inactive: bool) -> Record:
    shown: Record = {"uri": uri_of(call, "answering-rule", rule["id"])}
    shown |= {field.name: rule[field.name] for field in RULE.fields if field.name in rule and field.name != "number"}
    numbers = {str(one["number"]): one for one in numbers_of(call)}
    steps = []
    for step in sorted(rule["forwarding"]["rules"], key=lambda one: one["index"]):
        if inactive or step["enabled"]:
            echoed = [_echoed(call, numbers[id_]) for id_ in step["forwardingNumbers"] if id_ in numbers]
            told = step if inactive else {name: value for name, value in step.items() if name != "enabled"}
            if echoed:
                steps.append(told | {"forwardingNumbers": echoed})
    shown["forwarding"] = rule["forwarding"] | {"rules": steps}
    for condition, name in (("callers", "callerId"), ("calledNumbers", "phoneNumber")):
        if condition in rule:
            stripped = [one | {name: one[name].removeprefix("+")} for one in rule[condition]]
            shown[condition] = sorted(stripped, key=lambda one: str(one[name]))
    recipient = rule["voicemail"].get("recipient")
    if recipient:
        shown["voicemail"] = rule["voicemail"] | {"recipient": {**recipient, "uri": uri_of(call)}}
    return shown


def _echoed(call: Call, number: Record) -> Record:
    shown = show_number(call, number)
    return {name: shown[name] for name in ("id", "uri", "phoneNumber", "label", "type") if name in shown}


def _list_rules(call: Call) -> Record:
    types = call.query.get("type") or []
    rows = [
        rule
        for rule in _rules(call)
        if (not types or rule["type"] in types) and (rule["enabled"] or not call.query["enabledOnly"])
    ]
    if call.query["view"] == "Detailed":
        return page_of(call, "answering-rule", [_show_rule(call, rule, inactive=False) for rule in rows])
    names = ("id", "type", "name", "enabled")
    return page_of(
        call,
        "answering-rule",
        [
            {"uri": uri_of(call, "answering-rule", rule["id"])} | {name: rule[name] for name in names if name in rule}
            for rule in rows
        ],
    )


def _get_rule(call: Call) -> Record:
    return _show_rule(call, _rule(call), inactive=call.query["showInactiveNumbers"])


def _create_rule(call: Call) -> Record:
    _rules(call)
    body = call.body(_RULE_FIELDS)
    if body.get("type", "Custom") != "Custom":
        raise invalid("type", "must be Custom", body["type"])
    if not any(body.get(condition) for condition in (*_CONDITIONS, "schedule")):
        raise invalid("callers", "a custom rule needs a condition")
    _check_rule(call, body)
    extension = extension_of(call)["extensionId"]
    first = {"type": "Custom", "name": f"My Rule {len(_rules(call))}", **_first_values(extension)}
    record = call.store.add(RULE, {"extensionId": extension, **_merged(first, body)})
    record = call.store.replace(RULE, record | {"id": _custom_id(record["number"])})
    return _show_rule(call, record, inactive=True)


def _update_rule(call: Call) -> Record:
    rule = _rule(call)
    body = call.body((*_RULE_FIELDS, text("id"), flag("showInactiveNumbers")))
    inactive = body.pop("showInactiveNumbers", False)
    if body.pop("id", rule["id"]) != rule["id"]:
        raise refused("CMN-108", "The id in the body is not the one in the path", "id")
    if body.get("type", rule["type"]) != rule["type"]:
        raise invalid("type", "cannot be changed", body["type"])
    for condition in _CONDITIONS:
        if condition in body and rule["id"] in _BUILT_IN:
            raise invalid(condition, "a built-in rule has no conditions", body[condition])
    _check_rule(call, body)
    return _show_rule(call, call.store.replace(RULE, _merged(rule, body)), inactive=inactive)


def _delete_rule(call: Call) -> Reply:
    rule = _rule(call)
    if rule["id"] in _BUILT_IN:
        raise invalid("ruleId", "a built-in rule cannot be deleted", rule["id"])
    call.store.remove(RULE, rule)
    return Reply(204)


def put_greeting(call: Call, rule_id: str, made: Record) -> None:
    """Puts a new greeting of the user's own on a rule."""
    for rule in _rules(call):
        if rule["id"] == rule_id:
            others = [one for one in rule["greetings"] if one["type"] != made["type"]]
            greetings = [*others, {"type": made["type"], "custom": {"id": made["id"]}}]
            call.store.replace(RULE, rule | {"greetings": greetings})
            return
    raise not_found("answeringRuleId", rule_id)


def _merged(rule: Record, body: Record) -> Record:
    merged = rule | body | {block: rule[block] | body.get(block, {}) for block in _BLOCKS}
    steps = [
        {
            "index": step["index"],
            "ringCount": step.get("ringCount", 4),
            "enabled": step.get("enabled", True),
            "forwardingNumbers": [one if isinstance(one, str) else one["id"] for one in step["forwardingNumbers"]],
        }
        for step in merged["forwarding"]["rules"]
    ]
    return merged | {"forwarding": merged["forwarding"] | {"rules": steps}}


def _check_rule(call: Call, body: Record) -> None:
    numbers = {str(one["number"]): one for one in numbers_of(call)}
    steps = body.get("forwarding", {}).get("rules", [])
    indexes = [step["index"] for step in steps]
    if len(set(indexes)) < len(indexes):
        raise refused("CMN-406", "Two entries have the same index", "index")
    for id_ in (one["id"] for step in steps for one in step["forwardingNumbers"]):
        if id_ not in numbers:
            raise not_found("forwardingNumberId", id_)
        if "CallForwarding" not in numbers[id_]["features"]:
            raise invalid("forwardingNumberId", "calls cannot be forwarded to this number", id_)
    own = {re.sub(r"\D", "", number) for number in extension_of(call)["phoneNumbers"]}
    for one in body.get("calledNumbers", []):
        if re.sub(r"\D", "", one["phoneNumber"]) not in own:
            raise invalid("calledNumbers", "is no number of this extension", one["phoneNumber"])
    schedule = body.get("schedule", {})
    if schedule.get("weeklyRanges") and schedule.get("ranges"):
        raise invalid("schedule", "either weeklyRanges or ranges")


def _told_rule(told: Told) -> Iterator[Named]:
    """One rule as a whole; a list shows less of it."""
    for row in told.rows():
        called = [f"+{str(one.get('phoneNumber')).removeprefix('+')}" for one in row.get("calledNumbers") or ()]
        limited = {"limitedHours": True} if row.get("type") == "AfterHours" else {}
        name, extension, known = told_extension(told, **limited, **({"phoneNumbers": called} if called else {}))
        yield name, extension, known
        record = {**told.known(RULE, row), "extensionId": extension}
        yield RULE.name, (extension, row.get("id")), record


_ALL = f"{EXTENSION_PATH}/answering-rule"
_ONE = f"{_ALL}/{{ruleId}}"
_LIST = (
    many("type"),
    text("view", default="Simple", enum=("Simple", "Detailed")),
    flag("enabledOnly", default=False),
    *PAGING,
)
_INACTIVE = (flag("showInactiveNumbers", default=False),)

FAMILY = Family(
    vendor=RINGEX,
    tells={"EX-02": _told_rule},
    operations=(
        Operation("EX-01", "GET", _ALL, _list_rules, group="Medium", query=_LIST),
        Operation("EX-02", "GET", _ONE, _get_rule, group="Light", query=_INACTIVE),
        Operation("EX-03", "PUT", _ONE, _update_rule, group="Medium", takes="json"),
        Operation("EX-04", "DELETE", _ONE, _delete_rule, group="Medium"),
        Operation("EXb-01", "POST", _ALL, _create_rule, group="Medium", takes="json"),
    ),
    kinds=(RULE,),
    finish=_finish,
    first_objects={
        RULE.name: (
            _built_in(901, OWNER_ID, "business-hours-rule"),
            _built_in(902, OWNER_ID, "after-hours-rule"),
            _built_in(903, "100002", "business-hours-rule"),
            _built_in(904, "100003", "business-hours-rule"),
            _built_in(905, "100003", "after-hours-rule"),
            _built_in(906, "100004", "business-hours-rule"),
            _built_in(907, "100004", "after-hours-rule"),
        )
    },
)
