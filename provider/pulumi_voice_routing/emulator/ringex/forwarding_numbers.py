"""RingEX forwarding numbers: where an extension's calls can ring (EX-05, EXb-02..06)."""

from __future__ import annotations

from collections.abc import Iterator

from ..learning import Named, Told, digits_of
from ..problems import invalid
from ..routing import Call, Family, Operation
from ..schema import Record, Write, many, text, thing, whole
from ..store import Kind, Store
from ..vendors import RINGEX, Reply
from .extensions import (
    EXTENSION,
    EXTENSION_PATH,
    OWNER_ID,
    PAGING,
    extension_of,
    not_found,
    page_of,
    refused,
    told_extension,
    uri_of,
)

NUMBER_TYPES = ("Home", "Mobile", "Work", "PhoneLine", "Outage", "Other", "BusinessMobilePhone", "ExternalCarrier")
_MOST_NUMBERS, _MOST_LABELS = 10, 7
_LABELLED = "Other"
_FEATURES = ["CallFlip", "CallForwarding"]
_ONE_OF_EACH = ("Home", "Mobile", "Work")


def _complete(store: Store, record: Record) -> Record:
    """As a request would have made it."""
    told = {name: value for name, value in record.items() if value is not None}
    if "phoneNumber" not in told and "device" not in told:
        raise invalid("phoneNumber", "is required, or a device")
    told.setdefault("type", told["label"] if told.get("label") in _ONE_OF_EACH else _LABELLED)
    if told["type"] == _LABELLED and not told.get("label"):
        raise invalid("label", f"is required with type {_LABELLED}")
    others = store.where(NUMBER, "extensionId", told["extensionId"])
    return {"label": told["type"], "flipNumber": _free_flip_number(others), "features": _FEATURES, **told}


def _free_flip_number(numbers: list[Record]) -> int:
    taken = {one.get("flipNumber") for one in numbers}
    return next(number for number in range(1, 100) if number not in taken)


NUMBER = Kind(
    name="RingExForwardingNumber",
    id_field="number",
    fields=(
        whole("number", write=Write.NEVER),
        text("phoneNumber", pattern=r"\+\d{7,15}"),
        text("label"),
        text("type", enum=NUMBER_TYPES),
        whole("flipNumber", minimum=1),
        thing("device", fields=(text("id", required=True),)),
        many("features", write=Write.NEVER, items="string"),
    ),
    links={"extensionId": EXTENSION.name},
    complete=_complete,
)
_NEW_NUMBER = tuple(field for field in NUMBER.fields if field.write is not Write.NEVER)
_CHANGED_NUMBER = (
    text("phoneNumber", pattern=r"\+\d{7,15}"),
    text("label"),
    text("flipNumber", pattern=r"\d{1,9}"),
    text("type", enum=NUMBER_TYPES),
)


def numbers_of(call: Call) -> list[Record]:
    return call.store.where(NUMBER, "extensionId", extension_of(call)["extensionId"])


def _number(call: Call) -> Record:
    id_ = call.params["forwardingNumberId"]
    for record in numbers_of(call):
        if str(record["number"]) == id_:
            return record
    raise not_found("forwardingNumberId", id_)


def show_number(call: Call, record: Record) -> Record:
    id_ = str(record["number"])
    shown = {"id": id_, "uri": uri_of(call, "forwarding-number", id_)}
    shown |= {name: record[name] for name in ("phoneNumber", "label", "type", "features", "device") if name in record}
    return shown | {"flipNumber": str(record["flipNumber"])}


def _list_numbers(call: Call) -> Record:
    return page_of(call, "forwarding-number", [show_number(call, record) for record in numbers_of(call)])


def _get_number(call: Call) -> Record:
    return show_number(call, _number(call))


def _create_number(call: Call) -> Record:
    body = call.body(_NEW_NUMBER)
    numbers = numbers_of(call)
    # A request with a known label and no type comes back as that type.
    body.setdefault("type", body["label"] if body.get("label") in _ONE_OF_EACH else _LABELLED)
    _check_mix(body)
    if len(numbers) >= _MOST_NUMBERS:
        raise refused("FPN-103", f"An extension has {_MOST_NUMBERS} numbers at most")
    if body["type"] == _LABELLED and sum(one["type"] == _LABELLED for one in numbers) >= _MOST_LABELS:
        raise refused("FPN-104", f"An extension has {_MOST_LABELS} labels of its own at most")
    if body["type"] in _ONE_OF_EACH and any(one["type"] == body["type"] for one in numbers):
        raise refused("FPN-119", f"There is a number of type {body['type']} already", "type")
    _check_number(call, body)
    if any(one["flipNumber"] == body.get("flipNumber") for one in numbers):
        raise refused("FPN-106", "The flip number is taken", "flipNumber")
    body.setdefault("flipNumber", _free_flip_number(numbers))
    if body["type"] != _LABELLED:
        body["label"] = body["type"]
    record = {"extensionId": extension_of(call)["extensionId"], **body, "features": _FEATURES}
    return show_number(call, call.store.add(NUMBER, record))


def _check_mix(body: Record) -> None:
    if "device" in body and "phoneNumber" in body:
        raise refused("FPN-109", "Either a phone number or a device", "device")
    if "device" in body:
        code, message = (
            ("FPN-113", "The device is not found") if body["type"] == "PhoneLine" else ("FPN-110", "No line")
        )
        raise refused(code, message, "device", 404 if code == "FPN-113" else 400)
    if "phoneNumber" not in body:
        raise refused("FPN-111", "The phone number is missing", "phoneNumber")
    if body["type"] not in (*_ONE_OF_EACH, "PhoneLine", _LABELLED):
        raise invalid("type", "cannot be made by a request", body["type"])
    if body["type"] == _LABELLED and not body.get("label", "").strip():
        raise refused("FPN-116", "The label is missing", "label")


def _check_number(call: Call, body: Record) -> None:
    if any(body.get("phoneNumber") in one["phoneNumbers"] for one in call.store.all(EXTENSION)):
        raise refused("FPN-105", "The number belongs to the same account", "phoneNumber")


def _update_number(call: Call) -> Record:
    record = _number(call)
    body = call.body(_CHANGED_NUMBER)
    others = [one for one in numbers_of(call) if one is not record]
    if body.get("type", record["type"]) != record["type"]:
        raise refused("FPN-125", "The type cannot be changed", "type")
    if "label" in body and record["type"] != _LABELLED and body["label"] != record.get("label"):
        raise refused("FPN-122", "The label cannot be changed", "label")
    if any(body.get("label") == one.get("label") for one in others if "label" in body):
        raise refused("FPN-102", "The label is used already", "label")
    if "flipNumber" in body:
        body["flipNumber"] = int(body["flipNumber"])
        if any(body["flipNumber"] == one["flipNumber"] for one in others):
            raise refused("FPN-106", "The flip number is taken", "flipNumber")
    _check_number(call, body)
    return show_number(call, call.store.replace(NUMBER, record | body))


def _delete_number(call: Call) -> Reply:
    _remove_number(call, _number(call))
    return Reply(204)


def _remove_number(call: Call, record: Record) -> None:
    """Rules that name it lose it without a word: they show only numbers that are there."""
    if "device" in record or record["type"] == "BusinessMobilePhone":
        raise refused("FPN-107", "A device's number cannot be deleted", status=403)
    call.store.remove(NUMBER, record)


def _delete_numbers(call: Call) -> Reply:
    body = call.body((many("records", required=True, fields=(text("forwardingNumberId", required=True),)),))
    ids = {one["forwardingNumberId"] for one in body["records"]}
    for record in numbers_of(call):
        if str(record["number"]) in ids:
            _remove_number(call, record)
    return Reply(204)


def _told_numbers(told: Told) -> Iterator[Named]:
    name, extension, known = told_extension(told)
    yield name, extension, known
    for row in told.rows():
        number = digits_of(row.get("id"))
        flip = digits_of(row.get("flipNumber"))
        record = told.known(NUMBER, {**row, "flipNumber": int(flip)} if flip else row)
        features = [one for one in row.get("features") or () if isinstance(one, str)]
        if number:
            beside = {"number": int(number), "extensionId": extension, "features": features}
            yield NUMBER.name, int(number), {**record, **beside}


_ALL = f"{EXTENSION_PATH}/forwarding-number"
_ONE = f"{_ALL}/{{forwardingNumberId}}"

FAMILY = Family(
    vendor=RINGEX,
    tells={"EXb-02": _told_numbers, "EXb-04": _told_numbers},
    operations=(
        Operation("EX-05", "PUT", _ONE, _update_number, group="Medium", takes="json"),
        Operation("EXb-02", "GET", _ALL, _list_numbers, group="Light", query=PAGING),
        Operation("EXb-03", "POST", _ALL, _create_number, group="Medium", takes="json"),
        Operation("EXb-04", "GET", _ONE, _get_number, group="Light"),
        Operation("EXb-05", "DELETE", _ONE, _delete_number, group="Medium"),
        Operation("EXb-06", "DELETE", _ALL, _delete_numbers, group="Medium", takes="json"),
    ),
    kinds=(NUMBER,),
    first_objects={
        NUMBER.name: (
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
        )
    },
)
