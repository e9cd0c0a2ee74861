"""RingEX: answering rules and forwarding numbers of the extensions 100001 to 100004."""

from __future__ import annotations

import copy
from typing import Any

from tests.second_server.answers import MOST_ROWS, UNKNOWN_FIELD, ids_as_text
from tests.second_server.calls import GONE, NOTHING, Call, Refused, Reply, answers
from tests.second_server.ringcx import ACCOUNT
from tests.second_server.store import Record

E = "/restapi/v1.0/account/{account}/extension/{extension}"
EXTENSIONS = ("100001", "100002", "100003", "100004")
SIGNED_IN = EXTENSIONS[0]
RULES, NUMBERS = "RingExAnsweringRule", "RingExForwardingNumber"
_RULE_FIELDS = frozenset(
    {
        *("type", "name", "enabled", "callers", "calledNumbers", "schedule", "callHandlingAction", "forwarding"),
        *("unconditionalForwarding", "queue", "transfer", "voicemail", "greetings", "screening"),
    }
)
_MERGED = ("forwarding", "voicemail")
_SIMPLE = ("uri", "id", "type", "name", "enabled")
_HOST = "http://elsewhere.example.com"


def _built_in(extension: str, name: str, type_: str) -> Record:
    return {
        "key": f"{extension}/{name}",
        "extensionId": extension,
        "id": name,
        "type": type_,
        "enabled": True,
        "schedule": {"ref": type_},
        "callHandlingAction": "ForwardCalls",
        "forwarding": {
            "notifyMySoftPhones": True,
            "softPhonesRingCount": 1,
            "ringingMode": "Sequentially",
            "rules": [],
        },
        "voicemail": {"enabled": True, "recipient": {"id": int(extension)}},
        "greetings": [{"type": "Voicemail", "preset": {"id": "65792"}}],
        "screening": "Off",
    }


FIRST_OBJECTS: dict[str, list[Record]] = {
    RULES: [
        _built_in(extension, name, type_)
        for extension in EXTENSIONS
        for name, type_ in (("business-hours-rule", "BusinessHours"), ("after-hours-rule", "AfterHours"))
    ],
    NUMBERS: [],
}


def missing(parameter: str) -> Refused:
    """There is no such object."""
    error = {"errorCode": "CMN-102", "message": "Resource is not found", "parameterName": parameter}
    return Refused(Reply(404, {**error, "errors": [error]}))


def _at(extension: str) -> str:
    real = SIGNED_IN if extension == "~" else extension
    if real not in EXTENSIONS:
        raise missing("extensionId")
    return real


def _uri(call: Call, extension: str, *more: str) -> str:
    path = "/".join([f"/restapi/v1.0/account/{ACCOUNT}/extension/{_at(extension)}", *more])
    return f"{_HOST}{path}"


def _digits(number: str) -> str:
    return number.removeprefix("+")


# Showing


def _shown(call: Call, one: Record) -> Record:
    """An object in the chosen ways; RingEX has no nulls, and so neither has this server."""
    if "sparse" in call.ways:
        one = {name: value for name, value in one.items() if value not in ("", [], {}, None)}
    if "extra_fields" in call.ways:
        one = {**one, UNKNOWN_FIELD: {"kinds": ["a"]}}
    if "ids_as_text" in call.ways:
        one = ids_as_text("", one)
    return dict(reversed(one.items())) if "reordered" in call.ways else one


def _shown_rule(call: Call, one: Record, *, inactive: bool = True) -> Record:
    shown = {name: copy.deepcopy(value) for name, value in one.items() if name in _RULE_FIELDS}
    shown |= {"id": one["id"], "uri": _uri(call, one["extensionId"], "answering-rule", one["id"])}
    for caller in shown.get("callers", ()):
        if "plus_signs" in call.ways:
            caller["callerId"] = _digits(caller["callerId"])
    for name in ("callers", "calledNumbers", "greetings"):
        if name in shown:
            shown[name] = call.answers.ordered(shown[name])
    rules = shown.get("forwarding", {}).get("rules", ())
    for step in rules:
        numbers = [call.store.find(NUMBERS, "number", id_) or {"number": id_} for id_ in step["forwardingNumbers"]]
        step["forwardingNumbers"] = call.answers.ordered([_shown_number(call, number) for number in numbers])
        for each in step["forwardingNumbers"]:
            for name in ("features", "flipNumber", UNKNOWN_FIELD):
                each.pop(name, None)
        if not inactive:
            step.pop("enabled", None)
    if rules:
        kept = [step for step in rules if inactive or step.get("enabled") is not False]
        shown["forwarding"]["rules"] = call.answers.ordered(kept)
    return _shown(call, shown)


def _shown_number(call: Call, one: Record) -> Record:
    shown = {name: one[name] for name in ("phoneNumber", "label", "type") if name in one} | {"id": str(one["number"])}
    if "extensionId" in one:
        shown["uri"] = _uri(call, one["extensionId"], "forwarding-number", str(one["number"]))
        shown["features"] = ["CallFlip", "CallForwarding"]
        shown["flipNumber"] = str(one["flipNumber"])
    if "plus_signs" in call.ways and "phoneNumber" in shown:
        shown["phoneNumber"] = _digits(shown["phoneNumber"])
    return shown


def _paged(call: Call, extension: str, ending: str, rows: list[Record]) -> Reply:
    page, size = int(call.query.get("page", 1)), int(call.query.get("perPage", 100))
    shown = call.answers.page(call.answers.ordered(rows), page, size, 1)
    body: Record = {"uri": _uri(call, extension, ending)}
    if shown or "sparse" not in call.ways:
        body["records"] = shown
    if "no_totals" not in call.ways:
        size = min(size, MOST_ROWS) if "small_pages" in call.ways else size
        pages = max(1, -(-len(rows) // size))
        body["paging"] = {"page": page, "perPage": size, "totalPages": pages, "totalElements": len(rows)}
        links = {"firstPage": 1, "lastPage": pages, **({"nextPage": page + 1} if page < pages else {})}
        body["navigation"] = {name: {"uri": f"{body['uri']}?page={number}"} for name, number in links.items()}
    return Reply(200, body)


def _written(call: Call, shown: Record) -> Reply:
    if "silent_writes" in call.ways:
        return Reply(200, empty=True)
    return Reply(200, {"id": shown["id"]} if "bare_writes" in call.ways else shown)


# Answering rules


@answers("GET", f"{E}/answering-rule")
def list_rules(call: Call, account: str, extension: str) -> Reply:
    rows = [one for one in call.store.listed(RULES, "key", late=call.late) if one["extensionId"] == _at(extension)]
    if call.asks("enabledOnly"):
        rows = [one for one in rows if one["enabled"]]
    whole = [_shown_rule(call, one) for one in rows]
    if call.query.get("view") != "Detailed":
        whole = [{name: one[name] for name in _SIMPLE if name in one} for one in whole]
    return _paged(call, extension, "answering-rule", whole)


@answers("POST", f"{E}/answering-rule")
def create_rule(call: Call, account: str, extension: str) -> Reply:
    id_ = str(call.store.new_id())
    key = f"{_at(extension)}/{id_}"
    finish = call.store.writing(RULES, "key", key)
    first = {name: value for name, value in _built_in(_at(extension), id_, "Custom").items() if name != "schedule"}
    one = {**first, "name": "My Rule", "key": key}
    call.store.all(RULES).append(one)
    _take(one, call.record)
    finish()
    return _written(call, _shown_rule(call, one))


@answers("GET", f"{E}/answering-rule/{{rule}}")
def get_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    return Reply(200, _shown_rule(call, _rule(call, extension, rule), inactive=call.asks("showInactiveNumbers")))


@answers("PUT", f"{E}/answering-rule/{{rule}}")
def update_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    one = _rule(call, extension, rule)
    finish = call.store.writing(RULES, "key", one["key"])
    _take(one, call.record)
    finish()
    return _written(call, _shown_rule(call, one))


@answers("DELETE", f"{E}/answering-rule/{{rule}}")
def delete_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    one = _rule(call, extension, rule)
    finish = call.store.writing(RULES, "key", one["key"])
    call.store.all(RULES).remove(one)
    finish()
    return GONE


def _rule(call: Call, extension: str, rule: str) -> Record:
    one = call.store.find(RULES, "key", f"{_at(extension)}/{rule}")
    if one is None:
        raise missing("ruleId")
    return one


def _take(one: Record, body: Record) -> None:
    for name, value in copy.deepcopy(body).items():
        if name not in _RULE_FIELDS or value is None:
            continue
        if name == "forwarding" and "rules" in value:
            value["rules"] = [_taken_step(step) for step in value["rules"]]
        if name == "callers":
            value = [{**caller, "callerId": "+" + _digits(caller["callerId"])} for caller in value]
        if name == "voicemail" and (value.get("recipient") or {}).get("id"):
            value["recipient"] = {"id": int(value["recipient"]["id"])}
        if name == "transfer":
            value = {"extension": {"id": str(value["extension"]["id"])}}
        one[name] = {**one.get(name, {}), **value} if name in _MERGED else value


def _taken_step(step: Record) -> Record:
    return {
        "index": int(step["index"]),
        "ringCount": int(step.get("ringCount", 4)),
        "enabled": step.get("enabled", True),
        "forwardingNumbers": [str(number["id"]) for number in step.get("forwardingNumbers", ())],
    }


# Forwarding numbers


@answers("GET", f"{E}/forwarding-number")
def list_numbers(call: Call, account: str, extension: str) -> Reply:
    listed = call.store.listed(NUMBERS, "number", late=call.late)
    rows = [_shown(call, _shown_number(call, one)) for one in listed if one["extensionId"] == _at(extension)]
    return _paged(call, extension, "forwarding-number", rows)


@answers("POST", f"{E}/forwarding-number")
def create_number(call: Call, account: str, extension: str) -> Reply:
    id_ = str(call.store.new_id())
    finish = call.store.writing(NUMBERS, "number", id_)
    one = {
        "number": id_,
        "extensionId": _at(extension),
        "type": "Other",
        "flipNumber": 3,
        **_number_fields(call.record),
    }
    one.setdefault("label", one["type"])
    call.store.all(NUMBERS).append(one)
    finish()
    return _written(call, _shown(call, _shown_number(call, one)))


@answers("GET", f"{E}/forwarding-number/{{number}}")
def get_number(call: Call, account: str, extension: str, number: str) -> Reply:
    return Reply(200, _shown(call, _shown_number(call, _number(call, extension, number))))


@answers("PUT", f"{E}/forwarding-number/{{number}}")
def update_number(call: Call, account: str, extension: str, number: str) -> Reply:
    one = _number(call, extension, number)
    finish = call.store.writing(NUMBERS, "number", number)
    one.update(_number_fields(call.record))
    finish()
    return _written(call, _shown(call, _shown_number(call, one)))


@answers("DELETE", f"{E}/forwarding-number/{{number}}")
def delete_number(call: Call, account: str, extension: str, number: str) -> Reply:
    _end(call, _number(call, extension, number))
    return NOTHING


@answers("DELETE", f"{E}/forwarding-number")
def delete_numbers(call: Call, account: str, extension: str) -> Reply:
    for one in call.record.get("records", ()):
        _end(call, _number(call, extension, str(one["forwardingNumberId"])))
    return GONE


def _number(call: Call, extension: str, number: str) -> Record:
    one = call.store.find(NUMBERS, "number", number)
    if one is None or one["extensionId"] != _at(extension):
        raise missing("forwardingNumberId")
    return one


def _number_fields(body: Record) -> Record:
    taken: dict[str, Any] = {name: body[name] for name in ("phoneNumber", "label", "type") if body.get(name)}
    return {**taken, "flipNumber": int(body["flipNumber"])} if body.get("flipNumber") else taken


def _end(call: Call, one: Record) -> None:
    finish = call.store.writing(NUMBERS, "number", one["number"])
    call.store.all(NUMBERS).remove(one)
    finish()


# Features, which the guide describes and the contract leaves out


@answers("GET", f"{E}/features")
def features(call: Call, account: str, extension: str) -> Reply:
    user = call.store.find("RingExExtension", "extensionId", extension) or {}
    one = {
        "id": call.query.get("featureId", ""),
        "available": True,
        "params": [{"name": "isNewBackendAvailable", "value": str(bool(user.get("newCallHandling"))).lower()}],
    }
    if extension not in ("~", SIGNED_IN) and "sparse" in call.ways:
        return Reply(200, {"records": []})  # of other extensions, only what can be delegated is told
    return Reply(200, one if "features_unwrapped" in call.ways else {"records": [one]})


__all__ = ["FIRST_OBJECTS"]
