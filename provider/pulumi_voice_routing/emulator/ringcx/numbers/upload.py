"""The upload of a file of pool records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...routing import Call, Family, Operation
from ...schema import Check, Field, Record, Write, text, whole_number
from ...tables import read_table
from ...vendors import RINGCX
from .pool import I18N, POOL, TN, add_to_pool

_UPLOADABLE = {field.name: field for field in POOL.fields if field.write is not Write.NEVER and field.type != "object"}


def _upload(call: Call) -> Record:
    """A file of pool records: all rows, or none."""
    header, rows = read_table(call.upload().text(), ",", call.query.get("quoteCharacter"))
    check = Check()
    for name in header:
        if name not in _UPLOADABLE:
            check.refuse("file", f"unknown column {name}")
    check.done()
    bodies = [
        check.object(POOL.fields, _typed_row(header, row), needs="create", where=f"line {number}")
        for number, row in enumerate(rows, start=2)
    ]
    check.done()
    records = add_to_pool(call, bodies)
    total = len(records)
    status = {"errorCode": "", "errorMessage": [], "totalRecords": total, "validRecords": total, "validated": True}
    return {"records": [dict(zip(header, row, strict=True)) for row in rows], "uploadStatus": status}


def _typed_row(header: Sequence[str], row: Sequence[str]) -> Record:
    """A row as a body: empty cells are left out."""
    return {name: _typed_cell(_UPLOADABLE[name], cell) for name, cell in zip(header, row, strict=True) if cell}


def _typed_cell(field: Field, cell: str) -> Any:
    if field.type == "boolean":
        return {"true": True, "false": False}.get(cell.lower(), cell)
    number = whole_number(cell) if field.type == "integer" else None
    return cell if number is None else number


_QUERY = (text("fileType", required=True, enum=("COMMA",)), text("quoteCharacter", pattern="."), *I18N)

FAMILY = Family(
    vendor=RINGCX,
    operations=(Operation("NM-05", "POST", f"{TN}/uploadDnisPool", _upload, query=_QUERY, takes="form"),),
)
