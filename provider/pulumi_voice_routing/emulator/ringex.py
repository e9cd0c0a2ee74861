"""RingEX call handling: answering rules, forwarding numbers (EX-01..05, EXb-01..06), and what tells upgraded accounts.

Account 123456 has four extensions: 100001, which is signed in (`~`), and 100004, both with limited hours; 100002, which
is open around the clock; 100003, which was moved to the newer call handling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .problems import FieldProblem, Problem, invalid
from .routing import Call, Family, Operation
from .schema import Check, Field, Record, Write, flag, many, text, texts, thing, whole, whole_number
from .store import Kind
from .tokens import OWNER_ID
from .vendors import RINGEX, Reply

ACCOUNT_ID = "123456"
BUILT_IN = {"business-hours-rule": "BusinessHours", "after-hours-rule": "AfterHours"}
GREETINGS = {
    "Voicemail": "65792",
    "Introductory": "66301",
    "ConnectingAudio": "66310",
    "Announcement": "66560",
    "Unavailable": "66816",
    "ConnectingMessage": "68867",
}
"""The recordings that the server fills in, by type."""
MOST_NUMBERS, MOST_LABELS = 10, 7
LABELLED = "Other"
ONE_OF_EACH = ("Home", "Mobile", "Work")

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
    *GREETINGS,
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
_NUMBER_TYPES = ("Home", "Mobile", "Work", "PhoneLine", "Outage", "Other", "BusinessMobilePhone", "ExternalCarrier")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TARGET = r"\+?\d{2,15}"


# Extensions

EXTENSION = Kind(
    name="RingExExtension",
    id_field="extensionId",
    fields=(
        text("extensionId"),
        text("accountId"),
        many("phoneNumbers"),
        flag("limitedHours"),
        flag("newCallHandling"),
    ),
)


def _extension(call: Call) -> Record:
    """The extension of the path; `~` is the signed-in one."""
    account, extension = call.params["accountId"], call.params["extensionId"]
    if account not in ("~", ACCOUNT_ID):
        raise _not_found("accountId", account)
    record = call.store.get(EXTENSION, OWNER_ID if extension == "~" else extension)
    if record is None:
        raise _not_found("extensionId", extension)
    return record


def _not_found(parameter: str, value: str) -> Problem:
    message = f"Resource for parameter [{parameter}] is not found"
    return Problem(404, message, code="CMN-102", fields=[FieldProblem(parameter, message, value)])


def _refused(code: str, message: str, parameter: str = "", status: int = 400) -> Problem:
    return Problem(status, message, code=code, fields=[FieldProblem(parameter, message)] if parameter else ())


def _uri(call: Call, *steps: str) -> str:
    """An address with real ids, whatever the request said."""
    host = call.request.headers.get("host", "platform.ringcentral.com")
    extension = _extension(call)["extensionId"]
    path = "/".join(("account", ACCOUNT_ID, "extension", extension, *steps))
    return f"http://{host}/restapi/v1.0/{path}"


# Pages

_PAGING = (text("page", default="1"), text("perPage", default="100"))


def _page(call: Call, collection: str, rows: list[Record]) -> Record:
    page, size = (_count(call, name) for name in ("page", "perPage"))
    uri = _uri(call, collection)
    if size == 0:
        return {"uri": uri, "records": []}
    size = min(size, 1000)
    pages = -(-len(rows) // size)
    start = (max(page, 1) - 1) * size
    shown = rows[start : start + size]
    paging: Record = {"page": max(page, 1), "perPage": size, "totalPages": pages, "totalElements": len(rows)}
    if shown:
        paging |= {"pageStart": start, "pageEnd": start + len(shown) - 1}
    places = {"firstPage": 1, "lastPage": max(pages, 1)}
    if page < pages:
        places["nextPage"] = page + 1
    if 1 < page <= pages:
        places["previousPage"] = page - 1
    links = {name: {"uri": f"{uri}?page={place}&perPage={size}"} for name, place in places.items()}
    return {"uri": uri, "records": shown, "paging": paging, "navigation": links}


def _count(call: Call, name: str) -> int:
    count = whole_number(str(call.query[name]))
    if count is None:
        raise invalid(name, "must be 0 or more", call.query[name])
    return count


# Forwarding numbers

NUMBER = Kind(
    name="RingExForwardingNumber",
    id_field="number",
    fields=(
        whole("number", write=Write.NEVER),
        text("phoneNumber", pattern=r"\+\d{7,15}"),
        text("label"),
        text("type", enum=_NUMBER_TYPES),
        whole("flipNumber", minimum=1),
        thing("device", fields=(text("id", required=True),)),
        many("features", write=Write.NEVER),
    ),
    links={"extensionId": EXTENSION.name},
)
_NEW_NUMBER = tuple(field for field in NUMBER.fields if field.write is not Write.NEVER)
_CHANGED_NUMBER = (
    text("phoneNumber", pattern=r"\+\d{7,15}"),
    text("label"),
    text("flipNumber", pattern=r"\d{1,9}"),
    text("type", enum=_NUMBER_TYPES),
)


def _numbers(call: Call) -> list[Record]:
    return call.store.where(NUMBER, "extensionId", _extension(call)["extensionId"])


def _number(call: Call) -> Record:
    id_ = call.params["forwardingNumberId"]
    for record in _numbers(call):
        if str(record["number"]) == id_:
            return record
    raise _not_found("forwardingNumberId", id_)


def _show_number(call: Call, record: Record) -> Record:
    id_ = str(record["number"])
    shown = {"id": id_, "uri": _uri(call, "forwarding-number", id_)}
    shown |= {name: record[name] for name in ("phoneNumber", "label", "type", "features", "device") if name in record}
    return shown | {"flipNumber": str(record["flipNumber"])}


def _list_numbers(call: Call) -> Record:
    return _page(call, "forwarding-number", [_show_number(call, record) for record in _numbers(call)])


def _get_number(call: Call) -> Record:
    return _show_number(call, _number(call))


def _create_number(call: Call) -> Record:
    body = _accepted(call, _NEW_NUMBER)
    numbers = _numbers(call)
    # A request with a known label and no type comes back as that type.
    body.setdefault("type", body["label"] if body.get("label") in ONE_OF_EACH else LABELLED)
    _check_mix(body)
    if len(numbers) >= MOST_NUMBERS:
        raise _refused("FPN-103", f"An extension has {MOST_NUMBERS} numbers at most")
    if body["type"] == LABELLED and sum(one["type"] == LABELLED for one in numbers) >= MOST_LABELS:
        raise _refused("FPN-104", f"An extension has {MOST_LABELS} labels of its own at most")
    if body["type"] in ONE_OF_EACH and any(one["type"] == body["type"] for one in numbers):
        raise _refused("FPN-119", f"There is a number of type {body['type']} already", "type")
    _check_number(call, body)
    taken = {one["flipNumber"] for one in numbers}
    if body.get("flipNumber") in taken:
        raise _refused("FPN-106", "The flip number is taken", "flipNumber")
    body.setdefault("flipNumber", next(number for number in range(1, 100) if number not in taken))
    if body["type"] != LABELLED:
        body["label"] = body["type"]
    record = {"extensionId": _extension(call)["extensionId"], **body, "features": ["CallFlip", "CallForwarding"]}
    return _show_number(call, call.store.add(NUMBER, record))


def _check_mix(body: Record) -> None:
    if "device" in body and "phoneNumber" in body:
        raise _refused("FPN-109", "Either a phone number or a device", "device")
    if "device" in body:
        code, message = (
            ("FPN-113", "The device is not found") if body["type"] == "PhoneLine" else ("FPN-110", "No line")
        )
        raise _refused(code, message, "device", 404 if code == "FPN-113" else 400)
    if "phoneNumber" not in body:
        raise _refused("FPN-111", "The phone number is missing", "phoneNumber")
    if body["type"] not in (*ONE_OF_EACH, "PhoneLine", LABELLED):
        raise invalid("type", "cannot be made by a request", body["type"])
    if body["type"] == LABELLED and not body.get("label", "").strip():
        raise _refused("FPN-116", "The label is missing", "label")


def _check_number(call: Call, body: Record) -> None:
    if any(body.get("phoneNumber") in one["phoneNumbers"] for one in call.store.all(EXTENSION)):
        raise _refused("FPN-105", "The number belongs to the same account", "phoneNumber")


def _update_number(call: Call) -> Record:
    record = _number(call)
    body = _accepted(call, _CHANGED_NUMBER)
    others = [one for one in _numbers(call) if one is not record]
    if body.get("type", record["type"]) != record["type"]:
        raise _refused("FPN-125", "The type cannot be changed", "type")
    if "label" in body and record["type"] != LABELLED and body["label"] != record.get("label"):
        raise _refused("FPN-122", "The label cannot be changed", "label")
    if any(body.get("label") == one.get("label") for one in others if "label" in body):
        raise _refused("FPN-102", "The label is used already", "label")
    if "flipNumber" in body:
        body["flipNumber"] = int(body["flipNumber"])
        if any(body["flipNumber"] == one["flipNumber"] for one in others):
            raise _refused("FPN-106", "The flip number is taken", "flipNumber")
    _check_number(call, body)
    return _show_number(call, call.store.replace(NUMBER, record | body))


def _delete_number(call: Call) -> Reply:
    _remove_number(call, _number(call))
    return Reply(204)


def _remove_number(call: Call, record: Record) -> None:
    """Rules that name it lose it without a word."""
    if "device" in record or record["type"] == "BusinessMobilePhone":
        raise _refused("FPN-107", "A device's number cannot be deleted", status=403)
    id_ = str(record["number"])
    for rule in _stored_rules(call):
        forwarding = rule["forwarding"]
        steps = [
            step | {"forwardingNumbers": [number for number in step["forwardingNumbers"] if number != id_]}
            for step in forwarding["rules"]
        ]
        kept = [step for step in steps if step["forwardingNumbers"]]
        call.store.replace(RULE, rule | {"forwarding": forwarding | {"rules": kept}})
    call.store.remove(NUMBER, record)


def _delete_numbers(call: Call) -> Reply:
    body = _accepted(call, (many("records", required=True, fields=(text("forwardingNumberId", required=True),)),))
    ids = {one["forwardingNumberId"] for one in body["records"]}
    for record in _numbers(call):
        if str(record["number"]) in ids:
            _remove_number(call, record)
    return Reply(204)


# Answering rules

_RANGE = (text("from", required=True), text("to", required=True))
_HOURS = (
    text("from", required=True, pattern=r"\d\d:\d\d"),
    text("to", required=True, pattern=r"\d\d:\d\d"),
)
_EXTENSION_LINK = thing("extension", required=True, fields=texts("id", "uri", "extensionNumber", "partnerId"))
_FORWARDED = many(
    "forwardingNumbers",
    required=True,
    fields=(text("id", required=True), *texts("uri", "phoneNumber", "label"), text("type", enum=_NUMBER_TYPES)),
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
    thing(
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
                    _FORWARDED,
                ),
            ),
            flag("mobileTimeout"),
        ),
    ),
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

RULE = Kind(
    name="RingExAnsweringRule",
    id_field="number",
    fields=(whole("number", write=Write.NEVER), text("id", write=Write.NEVER), *_RULE_FIELDS),
    links={"extensionId": EXTENSION.name},
)


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
        "greetings": [{"type": type_, "preset": {"id": id_}} for type_, id_ in GREETINGS.items()],
        "screening": "Off",
    }


def _built_in(number: int, extension: str, id_: str) -> Record:
    type_ = BUILT_IN[id_]
    fixed = {"number": number, "extensionId": extension, "id": id_, "type": type_, "schedule": {"ref": type_}}
    return fixed | _first_values(extension)


def _stored_rules(call: Call) -> list[Record]:
    return call.store.where(RULE, "extensionId", _extension(call)["extensionId"])


def _rules(call: Call) -> list[Record]:
    if _extension(call)["newCallHandling"]:
        raise _not_found("ruleId", "answering-rule")
    return _stored_rules(call)


def _rule(call: Call) -> Record:
    for record in _rules(call):
        if record["id"] == call.params["ruleId"]:
            return record
    raise _not_found("ruleId", call.params["ruleId"])


def _show_rule(call: Call, rule: Record, *, inactive: bool) -> Record:
    shown: Record = {"uri": _uri(call, "answering-rule", rule["id"])}
    shown |= {field.name: rule[field.name] for field in RULE.fields if field.name in rule and field.name != "number"}
    numbers = {str(one["number"]): one for one in _numbers(call)}
    steps = []
    for step in sorted(rule["forwarding"]["rules"], key=lambda one: one["index"]):
        if inactive or step["enabled"]:
            echoed = [_echoed(call, numbers[id_]) for id_ in step["forwardingNumbers"]]
            told = step if inactive else {name: value for name, value in step.items() if name != "enabled"}
            steps.append(told | {"forwardingNumbers": echoed})
    shown["forwarding"] = rule["forwarding"] | {"rules": steps}
    for condition, name in (("callers", "callerId"), ("calledNumbers", "phoneNumber")):
        if condition in rule:
            stripped = [one | {name: one[name].removeprefix("+")} for one in rule[condition]]
            shown[condition] = sorted(stripped, key=lambda one: str(one[name]))
    recipient = rule["voicemail"].get("recipient")
    if recipient:
        shown["voicemail"] = rule["voicemail"] | {"recipient": {**recipient, "uri": _uri(call)}}
    return shown


def _echoed(call: Call, number: Record) -> Record:
    shown = _show_number(call, number)
    return {name: shown[name] for name in ("id", "uri", "phoneNumber", "label", "type") if name in shown}


def _list_rules(call: Call) -> Record:
    types = call.query.get("type") or []
    rows = [
        rule
        for rule in _rules(call)
        if (not types or rule["type"] in types) and (rule["enabled"] or not call.query["enabledOnly"])
    ]
    if call.query["view"] == "Detailed":
        return _page(call, "answering-rule", [_show_rule(call, rule, inactive=False) for rule in rows])
    names = ("id", "type", "name", "enabled")
    return _page(
        call,
        "answering-rule",
        [
            {"uri": _uri(call, "answering-rule", rule["id"])} | {name: rule[name] for name in names if name in rule}
            for rule in rows
        ],
    )


def _get_rule(call: Call) -> Record:
    return _show_rule(call, _rule(call), inactive=call.query["showInactiveNumbers"])


def _create_rule(call: Call) -> Record:
    _rules(call)
    body = _accepted(call, _RULE_FIELDS)
    if body.get("type", "Custom") != "Custom":
        raise invalid("type", "must be Custom", body["type"])
    if not any(body.get(condition) for condition in (*_CONDITIONS, "schedule")):
        raise invalid("callers", "a custom rule needs a condition")
    _check_rule(call, body)
    extension = _extension(call)["extensionId"]
    first = {"type": "Custom", "name": f"My Rule {len(_rules(call))}", **_first_values(extension)}
    record = call.store.add(RULE, {"extensionId": extension, **_merged(first, body)})
    record = call.store.replace(RULE, record | {"id": str(3_000_000_000 + record["number"])})
    return _show_rule(call, record, inactive=True)


def _update_rule(call: Call) -> Record:
    rule = _rule(call)
    body = _accepted(call, (*_RULE_FIELDS, text("id"), flag("showInactiveNumbers")))
    inactive = body.pop("showInactiveNumbers", False)
    if body.pop("id", rule["id"]) != rule["id"]:
        raise _refused("CMN-108", "The id in the body is not the one in the path", "id")
    if body.get("type", rule["type"]) != rule["type"]:
        raise invalid("type", "cannot be changed", body["type"])
    for condition in _CONDITIONS:
        if condition in body and rule["id"] in BUILT_IN:
            raise invalid(condition, "a built-in rule has no conditions", body[condition])
    _check_rule(call, body)
    return _show_rule(call, call.store.replace(RULE, _merged(rule, body)), inactive=inactive)


def _delete_rule(call: Call) -> Reply:
    rule = _rule(call)
    if rule["id"] in BUILT_IN:
        raise invalid("ruleId", "a built-in rule cannot be deleted", rule["id"])
    call.store.remove(RULE, rule)
    return Reply(204)


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
    numbers = {str(one["number"]): one for one in _numbers(call)}
    steps = body.get("forwarding", {}).get("rules", [])
    indexes = [step["index"] for step in steps]
    if len(set(indexes)) < len(indexes):
        raise _refused("CMN-406", "Two entries have the same index", "index")
    for id_ in (one["id"] for step in steps for one in step["forwardingNumbers"]):
        if id_ not in numbers:
            raise _not_found("forwardingNumberId", id_)
        if "CallForwarding" not in numbers[id_]["features"]:
            raise invalid("forwardingNumberId", "calls cannot be forwarded to this number", id_)
    own = {re.sub(r"\D", "", number) for number in _extension(call)["phoneNumbers"]}
    for one in body.get("calledNumbers", []):
        if re.sub(r"\D", "", one["phoneNumber"]) not in own:
            raise invalid("calledNumbers", "is no number of this extension", one["phoneNumber"])
    schedule = body.get("schedule", {})
    if schedule.get("weeklyRanges") and schedule.get("ranges"):
        raise invalid("schedule", "either weeklyRanges or ranges")


def _accepted(call: Call, fields: Iterable[Field]) -> Record:
    check = Check()
    body = check.object(fields, call.json(), needs="create")
    check.done()
    return body


# Features


def _features(call: Call) -> Record:
    moved = _extension(call)["newCallHandling"]
    params = [{"name": "isNewBackendAvailable", "value": str(moved).lower()}]
    return {"records": [{"id": call.query["featureId"], "available": True, "params": params}]}


_E = "/restapi/v1.0/account/{accountId}/extension/{extensionId}"
_RULE_PATH = f"{_E}/answering-rule/{{ruleId}}"
_NUMBER_PATH = f"{_E}/forwarding-number/{{forwardingNumberId}}"
_LIST = (
    many("type"),
    text("view", default="Simple", enum=("Simple", "Detailed")),
    flag("enabledOnly", default=False),
    *_PAGING,
)


def _operation(number: str, method: str, path: str, handler: Any, group: str, **facts: Any) -> Operation:
    return Operation(number, method, path, handler, group=group, **facts)


FAMILY = Family(
    vendor=RINGEX,
    operations=(
        _operation("EX-01", "GET", f"{_E}/answering-rule", _list_rules, "Medium", query=_LIST),
        _operation("EX-02", "GET", _RULE_PATH, _get_rule, "Light", query=(flag("showInactiveNumbers", default=False),)),
        _operation("EX-03", "PUT", _RULE_PATH, _update_rule, "Medium", takes="json"),
        _operation("EX-04", "DELETE", _RULE_PATH, _delete_rule, "Medium"),
        _operation("EX-05", "PUT", _NUMBER_PATH, _update_number, "Medium", takes="json"),
        _operation("EXb-01", "POST", f"{_E}/answering-rule", _create_rule, "Medium", takes="json"),
        _operation("EXb-02", "GET", f"{_E}/forwarding-number", _list_numbers, "Light", query=_PAGING),
        _operation("EXb-03", "POST", f"{_E}/forwarding-number", _create_number, "Medium", takes="json"),
        _operation("EXb-04", "GET", _NUMBER_PATH, _get_number, "Light"),
        _operation("EXb-05", "DELETE", _NUMBER_PATH, _delete_number, "Medium"),
        _operation("EXb-06", "DELETE", f"{_E}/forwarding-number", _delete_numbers, "Medium", takes="json"),
        _operation("EX-features", "GET", f"{_E}/features", _features, "Light", query=(text("featureId"),)),
    ),
    kinds=(EXTENSION, NUMBER, RULE),
    first_objects={
        "RingExExtension": tuple(
            {
                "extensionId": extension,
                "accountId": ACCOUNT_ID,
                "phoneNumbers": phone_numbers,
                "limitedHours": limited_hours,
                "newCallHandling": new_call_handling,
            }
            for extension, phone_numbers, limited_hours, new_call_handling in (
                (OWNER_ID, ["+13035550101", "+13035550102"], True, False),
                ("100002", ["+13035550103"], False, False),
                ("100003", ["+13035550104"], True, True),
                ("100004", ["+13035550105"], True, False),
            )
        ),
        "RingExForwardingNumber": (
            {
                "number": 901,
                "extensionId": OWNER_ID,
                "phoneNumber": "+13035550111",
                "label": "Desk phone",
                "type": "PhoneLine",
                "flipNumber": 1,
                "device": {"id": "700001"},
                "features": ["CallFlip", "CallForwarding"],
            },
            {
                "number": 902,
                "extensionId": OWNER_ID,
                "phoneNumber": "+13035550112",
                "label": "Business mobile",
                "type": "BusinessMobilePhone",
                "flipNumber": 2,
                "features": ["CallFlip"],
            },
        ),
        "RingExAnsweringRule": (
            _built_in(901, OWNER_ID, "business-hours-rule"),
            _built_in(902, OWNER_ID, "after-hours-rule"),
            _built_in(903, "100002", "business-hours-rule"),
            _built_in(904, "100003", "business-hours-rule"),
            _built_in(905, "100003", "after-hours-rule"),
            _built_in(906, "100004", "business-hours-rule"),
            _built_in(907, "100004", "after-hours-rule"),
        ),
    },
)
