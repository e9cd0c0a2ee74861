"""The handlers that most kinds need: list, get, create, update, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .problems import conflict, invalid
from .routing import Call, Handler
from .schema import Record, Write, flag, many, whole
from .store import Kind


def lists(kind: Kind) -> Handler:
    """All objects of the kind under the path's innermost object, as an array."""
    return lambda call: [kind.shown(call.store, record) for record in call.siblings(kind)]


def lists_pages(kind: Kind) -> Handler:
    """The same, a page at a time."""
    return lambda call: page_of(lists(kind)(call), call.query)


def gets(kind: Kind) -> Handler:
    return lambda call: kind.shown(call.store, call.record(kind))


RecordCheck = Callable[[Call, Record, "Record | None"], None]
"""Refuses a record that is about to be kept: the call, the new record, the one it replaces."""


def _accept(call: Call, record: Record, old: Record | None) -> None:
    """No further check."""


def creates(kind: Kind, check: RecordCheck = _accept) -> Handler:
    """POST: a new object under the path's innermost object."""

    def handler(call: Call) -> Any:
        link, parent_id = call.parent_link(kind)
        record = {link: parent_id, **kind.new(call.object(kind, creating=True))}
        check(call, record, None)
        return kind.shown(call.store, call.store.add(kind, record))

    return handler


def updates(kind: Kind, check: RecordCheck = _accept) -> Handler:
    """PUT: the object of the path, as the body says."""
    return lambda call: update(call, kind, call.object(kind, creating=False), check)


def update(call: Call, kind: Kind, body: Record, check: RecordCheck = _accept) -> Any:
    """Keeps the path's object as updated by an accepted body, and shows it."""
    old = call.record(kind)
    return kind.shown(call.store, call.store.replace(kind, updated(call, kind, old, body, check)))


def updated(call: Call, kind: Kind, old: Record, body: Record, check: RecordCheck = _accept) -> Record:
    """The record as an update by `body` would leave it; refuses another value of a field that only creation sets."""
    for field in kind.fields:
        if field.write is Write.ON_CREATE and field.name in body and body[field.name] != old.get(field.name):
            raise invalid(field.name, "cannot be changed", body[field.name])
    new = kind.updated(old, body, merge=call.merges)
    if call.world.switches.put_sets_active:
        new |= {
            field.name: body[field.name]
            for field in kind.fields
            if field.write is Write.OWN_CALL and field.name in body
        }
    if call.flip_is_active:
        new |= {name: not new[name] for name in ("isActive", "isEnabled") if name in new}
    check(call, new, old)
    return new


def deletes(kind: Kind, check: RecordCheck = _accept) -> Handler:
    """DELETE: answers the JSON literal `true`."""

    def handler(call: Call) -> bool:
        record = call.record(kind)
        check(call, record, record)
        call.store.remove(kind, record)
        return True

    return handler


def require_unique(call: Call, kind: Kind, record: Record, name: str, siblings: Sequence[Record]) -> None:
    """409 when another sibling has the same value of `name`."""
    for other in siblings:
        if other.get(name) == record.get(name) and other.get(kind.id_field) != record.get(kind.id_field):
            raise conflict(f"{name} {record.get(name)} is there already, as {kind.name} {other[kind.id_field]}")


_ACTIVE_STATE = (flag("isActive", required=True),)


def sets_active(kind: Kind, check: Callable[[Call, Record], None] | None = None, *, field: str = "isActive") -> Handler:
    """The call `setIsActive`, whose body says `isActive` whatever the field is called.

    `check` may refuse to activate. Answers `true` for "done", whichever way the state went.
    """

    def handler(call: Call) -> bool:
        body = call.body(_ACTIVE_STATE)
        record = call.record(kind)
        if body["isActive"] and check:
            check(call, record)
        call.store.replace(kind, record | {field: body["isActive"]})
        return True

    return handler


PAGING = (whole("page", minimum=0), whole("maxRows", minimum=1))


def page_of(rows: list[Any], query: Record) -> list[Any]:
    """One page: `page` counts from 1, and 0 is the same as 1; all rows without `maxRows`."""
    size = query.get("maxRows")
    start = (max(query.get("page", 1), 1) - 1) * size if size else 0
    return rows[start : start + size] if size else rows


PERMISSIONS = many("permissions", write=Write.NEVER)
INCLUDE_PERMISSIONS = (flag("includePermissions", default=False),)


def permitted(call: Call, answer: Record) -> Record:
    """The answer with its permissions, if the query asks for them: the token may do everything."""
    everything = ["CREATE", "READ", "UPDATE", "DELETE", "REPORT"]
    return answer | {"permissions": everything} if call.query["includePermissions"] else answer
