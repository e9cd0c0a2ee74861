"""DNIS overrides: where one number goes instead, at a destination or at an assigned destination."""

from __future__ import annotations

from collections.abc import Callable

from ...crud import creates, deletes, gets, lists, require_unique, updates
from ...learning import tells
from ...problems import conflict, invalid
from ...routing import Call, Family, Handler, Operation
from ...schema import Check, Field, Record, Write, flag, text, thing, whole
from ...store import Kind, Store
from ...tables import read_table
from ...vendors import RINGCX
from .assignments import ASSIGNED_DESTINATION_PATH, ASSIGNMENT, linked
from .destinations import DESTINATION, DESTINATION_PATH, DESTINATION_TYPES

DNIS = r"\d{7,15}"


_TYPE = (text("cloudDestinationType", required=True, enum=DESTINATION_TYPES),)
_TYPE_OR_NONE = (text("cloudDestinationType", enum=DESTINATION_TYPES),)
_OVERRIDE_BATCH = (flag("replaceAll", required=True), flag("phoneNumbersI18nEnabled", default=False))
_OVERRIDE_COLUMNS = ("dnis", "routeDestination", "countryId")


def _override_fields(id_field: str, parent: str) -> tuple[Field, ...]:
    return (
        whole(id_field, write=Write.NEVER),
        text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
        text("routeDestination", required=True),
        text("countryId"),
        thing(parent, write=Write.NEVER),
    )


def _show_destination_override(store: Store, record: Record) -> Record:
    destination = store.get(DESTINATION, record["cloudDestinationId"]) or {}
    link = linked(store, destination, "cloudDestinationId", "destinationName", "destinationType")
    return DESTINATION_OVERRIDE.own(record) | {"cloudDestination": link}


DESTINATION_OVERRIDE = Kind(
    name="CloudRouteDestinationOverride",
    id_field="destOverrideId",
    fields=_override_fields("destOverrideId", "cloudDestination"),
    links={"cloudDestinationId": DESTINATION.name},
    path_name="cloudRouteDestinationOverrideId",
    show=_show_destination_override,
)


def _show_assigned_override(store: Store, record: Record) -> Record:
    assignment = store.get(ASSIGNMENT, record["assignedDestinationId"]) or {}
    return ASSIGNED_OVERRIDE.own(record) | {"assignedDestination": ASSIGNMENT.shown(store, assignment)}


ASSIGNED_OVERRIDE = Kind(
    name="CloudRouteAssignedOverride",
    id_field="assignedOverrideId",
    fields=_override_fields("assignedOverrideId", "assignedDestination"),
    links={"assignedDestinationId": ASSIGNMENT.name},
    path_name="cloudAssignedOverrideId",
    show=_show_assigned_override,
)


def _check_override(kind: Kind) -> Callable[[Call, Record, Record | None], None]:
    return lambda call, record, _old: require_unique(call, kind, record, "dnis", call.siblings(kind))


def _creates_overrides(kind: Kind) -> Handler:
    """A file of overrides: all rows, or none. `replaceAll` drops the present ones first."""

    def handler(call: Call) -> list[Record]:
        link, parent_id = call.parent_link(kind)
        new = [{link: parent_id, **kind.new(body)} for body in _read_overrides(kind, call.upload().text())]
        present = call.siblings(kind)
        replaced = present if call.query["replaceAll"] else []
        taken = [record["dnis"] for record in (*present[len(replaced) :], *new)]
        if len(set(taken)) != len(taken):
            raise conflict("a dnis has an override already, or is in the file twice")
        for record in replaced:
            call.store.remove(kind, record)
        return [kind.shown(call.store, call.store.add(kind, record)) for record in new]

    return handler


def _read_overrides(kind: Kind, content: str) -> list[Record]:
    header, rows = read_table(content, ",")
    if tuple(header) != _OVERRIDE_COLUMNS:
        raise invalid("file", f"the columns must be {', '.join(_OVERRIDE_COLUMNS)}", ",".join(header))
    check = Check()
    bodies = [
        check.object(
            kind.fields,
            {name: cell for name, cell in zip(header, row, strict=True) if cell},
            needs="create",
            where=f"line {number}",
        )
        for number, row in enumerate(rows, start=2)
    ]
    check.done()
    return bodies


_OF_DESTINATION = f"{DESTINATION_PATH}/dnisOverrides"
_OF_ASSIGNED = f"{ASSIGNED_DESTINATION_PATH}/dnisOverrides"
_DESTINATION_ONE = f"{_OF_DESTINATION}/{{cloudRouteDestinationOverrideId}}"
_ASSIGNED_ONE = f"{_OF_ASSIGNED}/{{cloudAssignedOverrideId}}"
_create_at_destination = creates(DESTINATION_OVERRIDE, _check_override(DESTINATION_OVERRIDE))
_create_at_assigned = creates(ASSIGNED_OVERRIDE, _check_override(ASSIGNED_OVERRIDE))
_batch_at_destination = _creates_overrides(DESTINATION_OVERRIDE)
_batch_at_assigned = _creates_overrides(ASSIGNED_OVERRIDE)

FAMILY = Family(
    vendor=RINGCX,
    tells={
        "CR-19": tells(DESTINATION_OVERRIDE),
        "CRb-12": tells(DESTINATION_OVERRIDE),
        "CRb-22": tells(ASSIGNED_OVERRIDE),
        "CRb-25": tells(ASSIGNED_OVERRIDE),
    },
    kinds=(DESTINATION_OVERRIDE, ASSIGNED_OVERRIDE),
    operations=(
        Operation("CR-19", "GET", _OF_DESTINATION, lists(DESTINATION_OVERRIDE)),
        Operation("CR-20", "POST", _OF_DESTINATION, _create_at_destination, query=_TYPE_OR_NONE, takes="json"),
        Operation(
            "CR-21", "POST", f"{_OF_DESTINATION}/batch", _batch_at_destination, query=_OVERRIDE_BATCH, takes="form"
        ),
        Operation("CRb-12", "GET", _DESTINATION_ONE, gets(DESTINATION_OVERRIDE)),
        Operation("CRb-13", "PUT", _DESTINATION_ONE, updates(DESTINATION_OVERRIDE), query=_TYPE, takes="json"),
        Operation("CRb-14", "DELETE", _DESTINATION_ONE, deletes(DESTINATION_OVERRIDE)),
        Operation("CRb-22", "GET", _OF_ASSIGNED, lists(ASSIGNED_OVERRIDE)),
        Operation("CRb-23", "POST", _OF_ASSIGNED, _create_at_assigned, query=_TYPE, takes="json"),
        Operation("CRb-24", "POST", f"{_OF_ASSIGNED}/batch", _batch_at_assigned, query=_OVERRIDE_BATCH, takes="form"),
        Operation("CRb-25", "GET", _ASSIGNED_ONE, gets(ASSIGNED_OVERRIDE)),
        Operation("CRb-26", "PUT", _ASSIGNED_ONE, updates(ASSIGNED_OVERRIDE), query=_TYPE, takes="json"),
        Operation("CRb-27", "DELETE", _ASSIGNED_ONE, deletes(ASSIGNED_OVERRIDE)),
    ),
)
