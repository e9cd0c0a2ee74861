"""The tenant's number blacklist: callers that are turned away without a word (PI-48..52)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime

from ..learning import Named, Told
from ..problems import Problem, invalid
from ..routing import Call, Family, Operation
from ..schema import Record, Write, server_sets, text, whole
from ..store import Kind, Store
from ..vendors import PORTSIP, Reply
from .lists import LISTING, listed

_FIRST_ID = 800551909773148160
_BEFORE = "2024-01-01T00:00:00.000Z"
"""When an entry of a state was made that does not say it."""
_NUMBER = text("number", required=True, pattern=r"(?=.{1,64}$)\+?[0-9A-Za-z]+")
_DETAILS = (text("expire_at"), text("description", pattern=r"(?s).{0,255}"))


def _complete(_store: Store, entry: Record) -> Record:
    _check(entry)
    told = {name: value for name, value in entry.items() if value is not None}
    return {"id": _id(entry["entry"]), "created_at": _BEFORE, "updated_at": _BEFORE, **told}


ENTRY = Kind(
    name="PortSipBlacklistedNumber",
    id_field="entry",
    fields=(
        whole("entry", write=Write.NEVER),
        text("id", write=Write.NEVER),
        _NUMBER,
        *_DETAILS,
        *server_sets(text("created_at"), text("updated_at")),
    ),
    complete=_complete,
)


def _id(entry: int) -> str:
    return base64.b64encode(str(_FIRST_ID + entry).encode()).decode()


def _check(body: Record) -> None:
    moment = body.get("expire_at")
    if moment is not None:
        try:
            zone = datetime.fromisoformat(moment).tzinfo
        except ValueError:
            zone = None
        if zone is None:
            raise invalid("expire_at", "must be a date and a time with its zone", moment)


def _entry(call: Call, *, missing: int = 404) -> Record:
    for record in call.store.all(ENTRY):
        if record["id"] == call.params["id"]:
            return record
    raise Problem(missing, "the entry does not exist", code="UNKNOWN")


def _show(entry: Record) -> Record:
    """Empty fields are null."""
    names = (field.name for field in ENTRY.fields if field.name != "entry")
    return {name: entry.get(name) for name in names}


def _list(call: Call) -> Record:
    return listed(call, [_show(entry) for entry in call.store.all(ENTRY)])


def _create(call: Call) -> Reply:
    body = call.body((_NUMBER, *_DETAILS))
    _check(body)
    now = call.world.clock.iso()
    record = call.store.add(ENTRY, {**body, "created_at": now, "updated_at": now})
    call.store.replace(ENTRY, record | {"id": _id(record["entry"])})
    return Reply(201, {"id": _id(record["entry"])})


def _update(call: Call) -> Reply:
    """What is left out is emptied, but for the number, which no entry is without."""
    old = _entry(call)
    body = call.body((_NUMBER, *_DETAILS), needs="nothing")
    _check(body)
    kept = {name: old[name] for name in ("entry", "id", "number", "created_at")}
    call.store.replace(ENTRY, {**kept, **body, "updated_at": call.world.clock.iso()})
    return Reply(200)


def _destroy(call: Call) -> Reply:
    call.store.remove(ENTRY, _entry(call, missing=400))
    return Reply(204)


def _told_entries(told: Told) -> Iterator[Named]:
    for row in told.rows():
        yield ENTRY.name, row.get("id"), told.known(ENTRY, row)


_ALL = "/api/blacklisted_numbers"
_ONE = f"{_ALL}/{{id}}"

FAMILY = Family(
    vendor=PORTSIP,
    tells={"PI-48": _told_entries, "PI-50": _told_entries},
    operations=(
        Operation("PI-48", "GET", _ALL, _list, query=LISTING),
        Operation("PI-49", "POST", _ALL, _create, takes="json"),
        Operation("PI-50", "GET", _ONE, lambda call: _show(_entry(call))),
        Operation("PI-51", "POST", _ONE, _update, takes="json"),
        Operation("PI-52", "POST", f"{_ONE}/destroy", _destroy),
    ),
    kinds=(ENTRY,),
)
