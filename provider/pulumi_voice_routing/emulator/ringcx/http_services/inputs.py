"""Inputs of a remote HTTP service, and the clone of a service, which takes them along."""

from __future__ import annotations

from ...crud import deletes, gets, lists
from ...learning import tells
from ...routing import Call, Family, Operation
from ...schema import Record, Write, text, whole
from ...store import Kind
from ...vendors import RINGCX
from .services import SERVICE, SERVICE_PATH, check_service

INPUT = Kind(
    name="RemoteHttpServiceInput",
    id_field="inputId",
    fields=(
        whole("inputId", write=Write.NEVER),
        text("name", required=True),
        text("type", required=True),
        text("simpleDataType", required=True),
        text("value", default=""),
        text("rank", pattern=r"\d+"),
    ),
    links={"serviceId": SERVICE.name},
    path_name="inputId",
)


def _create(call: Call) -> list[Record]:
    """All inputs of the array, or none."""
    service_id = call.record(SERVICE)["serviceId"]
    bodies = call.objects(INPUT.fields, creating=True)
    return [INPUT.own(call.store.add(INPUT, {"serviceId": service_id, **INPUT.new(body)})) for body in bodies]


def _clone_service(call: Call) -> Record:
    """The clone inherits settings, active flag and inputs."""
    old = call.record(SERVICE)
    copied = {name: value for name, value in old.items() if name != "serviceId"}
    copied["serviceDescription"] = call.query["newName"]
    check_service(call, copied, old)
    clone = call.store.add(SERVICE, copied)
    for entry in call.store.where(INPUT, "serviceId", old["serviceId"]):
        rest = {name: value for name, value in entry.items() if name != "inputId"}
        call.store.add(INPUT, rest | {"serviceId": clone["serviceId"]})
    return SERVICE.shown(call.store, clone)


_INPUTS = f"{SERVICE_PATH}/inputs"
_INPUT = f"{_INPUTS}/{{inputId}}"
_NEW_NAME = (text("newName", required=True),)

FAMILY = Family(
    vendor=RINGCX,
    tells={"HT-12": tells(INPUT), "HT-14": tells(INPUT)},
    kinds=(INPUT,),
    operations=(
        Operation("HT-10", "POST", f"{SERVICE_PATH}/clone", _clone_service, query=_NEW_NAME),
        Operation("HT-12", "GET", _INPUTS, lists(INPUT)),
        Operation("HT-13", "POST", _INPUTS, _create, takes="json"),
        Operation("HT-14", "GET", _INPUT, gets(INPUT)),
        Operation("HT-15", "DELETE", _INPUT, deletes(INPUT)),
    ),
)
