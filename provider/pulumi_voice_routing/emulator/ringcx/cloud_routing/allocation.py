"""Which share of the calls each destination of a profile takes, and when a profile may be active.

The file of allocation hours holds a column for each hour, and a row for each assigned destination.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from ...crud import sets_active, updated
from ...learning import Named, Told
from ...problems import conflict, invalid
from ...routing import Call, Family, Operation, find_on_path
from ...schema import Record, text, whole, whole_number
from ...tables import read_table
from ...vendors import RINGCX, Reply
from .assignments import ASSIGNED_DESTINATIONS, ASSIGNMENT, check_assignment, keep_ends
from .destinations import DESTINATION
from .profiles import PERCENT, PROFILE, PROFILE_PATH

_HOURS = tuple(f"H{hour:02}" for hour in range(24))
_DELIMITERS = {"PIPE": "|", "COMMA": ",", "TAB": "\t"}


def _require_full_split(call: Call, profile: Record) -> None:
    if profile["routingType"] != PERCENT:
        return
    for label, total in _totals(profile, call.store.under(ASSIGNMENT, PROFILE, profile)):
        if total != 100:
            raise conflict(f"the assigned destinations take {total} percent of the calls{label}, not 100")


def _totals(profile: Record, assignments: Sequence[Record]) -> list[tuple[str, int]]:
    """The total percentage, or that of each hour for a profile that is not split by day."""
    if profile.get("percentAllocType") == "DAILY":
        return [("", sum(assignment.get("allocationPercent") or 0 for assignment in assignments))]
    return _hourly_totals([_hours_of(assignment) for assignment in assignments])


def _hourly_totals(rows: Sequence[Sequence[int]]) -> list[tuple[str, int]]:
    return [(f" in {name}", sum(row[hour] for row in rows)) for hour, name in enumerate(_HOURS)]


def _hours_of(assignment: Record) -> list[int]:
    """The share of each hour: as imported, else the share of the day."""
    hours = assignment.get("allocationPercentHours")
    return [int(share) for share in hours.split(",")] if hours else [assignment.get("allocationPercent") or 0] * 24


_BATCH_FIELDS = (
    whole("assignedDestinationId", required=True),
    *(field for field in ASSIGNMENT.fields if field.name != "assignedDestinationId"),
)


def _update_batch(call: Call) -> list[Record]:
    """All assignments of the array, or none."""
    profile = call.record(PROFILE)
    new: dict[int, Record] = {}
    for body in call.objects(_BATCH_FIELDS, creating=False):
        id = body.pop("assignedDestinationId", None)
        if id is None or id in new:
            raise invalid("assignedDestinationId", "is required once in every item", id)
        old = find_on_path(call, ASSIGNMENT, id)
        keep_ends(body, old)
        new[id] = updated(call, ASSIGNMENT, old, body, check_assignment)
    after = [new.get(old["assignedDestinationId"], old) for old in call.siblings(ASSIGNMENT)]
    if profile["isActive"] and profile["routingType"] == PERCENT:
        _refuse_totals("allocationPercent", _totals(profile, after))
    return [ASSIGNMENT.shown(call.store, call.store.replace(ASSIGNMENT, record)) for record in new.values()]


def _refuse_totals(attribute: str, totals: Iterable[tuple[str, int]]) -> None:
    for label, total in totals:
        if total != 100:
            raise invalid(attribute, f"the profile is active and the total{label} is {total}, not 100", str(total))


# Allocation hours

_ALLOCATION_HEADER = ["assignedDestinationId", "destinationName", *_HOURS]


def _export_hours(call: Call) -> Reply:
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(_ALLOCATION_HEADER)
    for assignment in call.siblings(ASSIGNMENT):
        destination = call.store.get(DESTINATION, assignment["cloudDestinationId"]) or {}
        rows.writerow([assignment["assignedDestinationId"], destination["destinationName"], *_hours_of(assignment)])
    disposition = {"Content-Disposition": 'attachment; filename="percentAllocationHours.csv"'}
    return Reply(200, file.getvalue(), "text/csv", disposition)


def _import_hours(call: Call) -> list[Record]:
    """Sets the hours of all assignments of the profile; the file must hold the rows and columns of an export."""
    profile = call.record(PROFILE)
    header, rows = read_table(call.upload().text(), _DELIMITERS[call.query["extension"]])
    if header != _ALLOCATION_HEADER:
        raise invalid("file", f"the columns must be {', '.join(_ALLOCATION_HEADER)}", ",".join(header))
    by_id = {str(record["assignedDestinationId"]): record for record in call.siblings(ASSIGNMENT)}
    if sorted(row[0] for row in rows) != sorted(by_id):
        raise invalid("file", "must hold one row for each assigned destination of the profile")
    hours = {row[0]: [_share(cell, name) for cell, name in zip(row[2:], _HOURS, strict=True)] for row in rows}
    if profile["isActive"] and profile["routingType"] == PERCENT:
        _refuse_totals("file", _hourly_totals(list(hours.values())))
    for id, record in by_id.items():
        shares = ",".join(str(share) for share in hours[id])
        call.store.replace(ASSIGNMENT, record | {"allocationPercentHours": shares})
    return [ASSIGNMENT.shown(call.store, record) for record in call.siblings(ASSIGNMENT)]


def _share(cell: str, hour: str) -> int:
    share = whole_number(cell)
    if share is None or share > 100:
        raise invalid(f"file.{hour}", "must be an integer from 0 to 100", cell)
    return share


def _told_hours(told: Told) -> Iterator[Named]:
    """The file that an export is."""
    header, *rows = csv.reader(io.StringIO(str(told.answer)))
    for row in rows:
        if header[:1] == ["assignedDestinationId"] and len(row) == len(_ALLOCATION_HEADER):
            yield ASSIGNMENT.name, int(row[0]), {"allocationPercentHours": ",".join(row[2:])}


_FILE = f"{ASSIGNED_DESTINATIONS}/percentAllocationHours"
_EXTENSION = (text("extension", required=True, enum=tuple(_DELIMITERS)),)
_set_active = sets_active(PROFILE, _require_full_split)

FAMILY = Family(
    vendor=RINGCX,
    tells={"CR-17": _told_hours},
    operations=(
        Operation("CR-13", "PUT", f"{PROFILE_PATH}/setIsActive", _set_active, takes="json"),
        Operation("CR-16", "PUT", f"{ASSIGNED_DESTINATIONS}/batch", _update_batch, takes="json"),
        Operation("CR-17", "POST", f"{_FILE}/export", _export_hours),
        Operation("CR-18", "POST", f"{_FILE}/import", _import_hours, query=_EXTENSION, takes="form"),
    ),
)
