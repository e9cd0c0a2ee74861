"""Call flip numbers: where a user can move a call to by one digit (EV-15, EV-16)."""

from __future__ import annotations

from ...problems import invalid
from ...routing import Call, Family, Operation
from ...schema import Record, many, text, whole
from ...store import Kind, Store
from ...vendors import RINGEX
from ..extensions import E164, EXTENSION
from ..forwarding_numbers import NUMBER as FORWARDING_NUMBER
from .dispatching import devices_of
from .records import PATH, user_of

MOST = 10
_EXTERNAL = "External"
_FIRST_ID = 700_000
_FIELDS = (
    text("id"),
    text("phoneNumber", required=True, pattern=E164),
    text("type", enum=("PhoneLine", _EXTERNAL, "BusinessMobile")),
    text("label", pattern=r"(?s).{0,60}"),
    text("flipNumber", pattern="[1-8]"),
)
_NAMES = tuple(field.name for field in _FIELDS)


def _complete(store: Store, record: Record) -> Record:
    told = {name: value for name, value in record.items() if value is not None}
    taken = {one.get("flipNumber") for one in store.where(FLIP_NUMBER, "extensionId", told["extensionId"])}
    return {"id": str(_FIRST_ID + told["number"]), "type": _EXTERNAL, "flipNumber": _free(taken), **told}


FLIP_NUMBER = Kind(
    name="RingExCallFlipNumber",
    id_field="number",
    fields=(whole("number"), *_FIELDS),
    links={"extensionId": EXTENSION.name},
    complete=_complete,
)


def _free(taken: set[str | None]) -> str:
    """The lowest number that is free; the last one serves for all that find none."""
    return next((str(number) for number in range(1, 9) if str(number) not in taken), "8")


def add_system_numbers(store: Store, extension: Record) -> None:
    """The phone lines and business mobile numbers that the vendor lists by itself."""
    lines = [("PhoneLine", one.get("name", ""), one.get("phoneNumber")) for one in devices_of(store, extension)]
    mobiles = [
        ("BusinessMobile", one["label"], one.get("phoneNumber"))
        for one in store.where(FORWARDING_NUMBER, "extensionId", extension["extensionId"])
        if one["type"] == "BusinessMobilePhone"
    ]
    for type_, label, phone_number in (*lines, *mobiles):
        if phone_number:
            body = {"phoneNumber": phone_number, "type": type_, "label": label}
            record = store.add(FLIP_NUMBER, {"extensionId": extension["extensionId"], **body})
            store.replace(FLIP_NUMBER, _complete(store, record))


def _numbers(call: Call) -> list[Record]:
    return call.store.where(FLIP_NUMBER, "extensionId", user_of(call)["extensionId"])


def _list(call: Call) -> Record:
    return {"records": [{name: one[name] for name in _NAMES if name in one} for one in _numbers(call)]}


def _replace(call: Call) -> Record:
    """The whole list. What the vendor put there must be sent back as it was."""
    present = {one["id"]: one for one in _numbers(call)}
    sent = call.body((many("records", required=True, fields=_FIELDS, most=MOST),))["records"]
    kept = [_checked(present, one) for one in sent]
    missing = [one for one in present.values() if one["type"] != _EXTERNAL and one["id"] not in _ids(kept)]
    if missing:
        raise invalid("records", "an entry of the system is missing", missing[0]["id"])
    flips = [one["flipNumber"] for one in kept if "flipNumber" in one]
    if len(set(flips)) < len(flips) or len(set(_ids(kept))) < len(_ids(kept)):
        raise invalid("records", "an id or a flipNumber is there twice")
    for one in present.values():
        call.store.remove(FLIP_NUMBER, one)
    for one in kept:
        _add(call.store, user_of(call), one, set(flips))
    return _list(call)


def _ids(records: list[Record]) -> list[str]:
    return [one["id"] for one in records if "id" in one]


def _checked(present: dict[str, Record], one: Record) -> Record:
    if "id" not in one:
        if one.get("type", _EXTERNAL) != _EXTERNAL:
            raise invalid("records.type", f"a new entry is {_EXTERNAL}", one["type"])
        return one
    known = present.get(one["id"])
    if known is None:
        raise invalid("records.id", "is no entry of the list", one["id"])
    if known["type"] != _EXTERNAL and any(value != known.get(name) for name, value in one.items()):
        raise invalid("records", "an entry of the system cannot be changed", one["id"])
    if one.get("type", known["type"]) != known["type"]:
        raise invalid("records.type", "cannot be changed", one["type"])
    return {"number": known["number"], "type": known["type"], **one}


def _add(store: Store, extension: Record, one: Record, taken: set[str | None]) -> None:
    one = {"flipNumber": _free(taken), **one}
    taken.add(one["flipNumber"])
    record = store.add(FLIP_NUMBER, {"extensionId": extension["extensionId"], **one})
    store.replace(FLIP_NUMBER, _complete(store, record))


_ALL = f"{PATH}/call-flip-numbers"

FAMILY = Family(
    vendor=RINGEX,
    kinds=(FLIP_NUMBER,),
    operations=(
        Operation("EV-15", "GET", _ALL, _list, group="Light"),
        Operation("EV-16", "PUT", _ALL, _replace, group="Medium", takes="json"),
    ),
)
