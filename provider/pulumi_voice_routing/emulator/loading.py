"""State documents: every record is checked and completed when it is loaded, so that no call stumbles over it later.

What a record leaves out is filled with what the vendor would show; what cannot be known is named. Every problem of a
document is told at once, in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .problems import Problem
from .schema import Check, Field, Record, Write, flag
from .store import Kind, StateError, Store

_TOLD = 10
"""How many problems one line names."""


def load(store: Store, document: Any, *finish: Callable[[Store], None], left_out: list[str] | None = None) -> None:
    """Replaces everything by a document such as `Store.dump` makes, or changes nothing and raises `StateError`.

    `finish` adds the records that vendors make by themselves. With `left_out` nothing is refused: what does not fit is
    left out, and the list tells why.
    """
    loader = _Loader(store, lenient=left_out is not None)
    loaded = loader.loaded(document)
    if left_out is not None:
        left_out += loader.problems
    for step in finish:
        step(loaded)
    store.become(loaded)


class _Loader:
    def __init__(self, store: Store, *, lenient: bool = False) -> None:
        self._store = Store(store.kinds.values())
        self._lenient = lenient
        self.problems: list[str] = []

    def loaded(self, document: Any) -> Store:
        if not isinstance(document, dict) or not isinstance(document.get("objects"), dict):
            raise StateError("a state is a JSON object with the member `objects`")
        for name in sorted(document.keys() - {"objects", "counters"}):
            self.problems.append(f"{name}: unknown member; a state has `objects` and `counters`")
        for kind, records in self._by_kind(document["objects"]):
            self._add(kind, records)
        self._count(document.get("counters", {}))
        if self._lenient:
            self._leave_out(self._check_links)
            if self._leave_out(self._complete):
                self._leave_out(self._check_links)
            return self._store
        for check in (self._check_links, self._complete):
            if not self.problems:
                for kind in self._store.kinds.values():
                    for record in self._store.all(kind):
                        check(kind, record)
        if self.problems:
            more = len(self.problems) - _TOLD
            raise StateError("; ".join(self.problems[:_TOLD]) + (f"; and {more} more problems" if more > 0 else ""))
        return self._store

    def _leave_out(self, check: Callable[[Kind, Record], None]) -> bool:
        """Removes what a check complains of, and then what hung under it; says whether there was anything."""
        found = len(self.problems)
        going_on = True
        while going_on:
            before = len(self.problems)
            for kind in self._store.kinds.values():
                for record in self._store.all(kind):
                    known = len(self.problems)
                    check(kind, record)
                    if len(self.problems) > known:
                        self._store.remove(kind, record)
            going_on = check == self._check_links and len(self.problems) > before
        return len(self.problems) > found

    def _by_kind(self, objects: Mapping[str, Any]) -> Iterator[tuple[Kind, list[Any]]]:
        for name, records in objects.items():
            kind = self._store.kinds.get(name)
            if kind is None:
                self.problems.append(f"objects.{name}: unknown kind; must be one of {', '.join(self._store.kinds)}")
            elif not isinstance(records, list):
                self.problems.append(f"objects.{name}: must be an array")
            else:
                yield kind, records

    def _add(self, kind: Kind, records: list[Any]) -> None:
        """Records with an id first, so that those without one get others."""
        accepted = [self._accepted(kind, number, record) for number, record in enumerate(records)]
        for record in sorted((one for one in accepted if one is not None), key=lambda one: kind.id_field not in one):
            id = record.get(kind.id_field)
            if id is not None and self._store.get(kind, id) is not None:
                self.problems.append(f"objects.{kind.name}: {kind.id_field} {id} is there twice")
            else:
                self._store.add(kind, record)
                if isinstance(id, int):
                    self._store.count(kind.name, id)

    def _accepted(self, kind: Kind, number: int, record: Any) -> Record | None:
        """The record with its defaults; None for one that is refused."""
        if not isinstance(record, dict):
            self.problems.append(f"objects.{kind.name}[{number}]: must be an object")
            return None
        check = Check()
        table = _table(self._store, kind)
        told = {name: value for name, value in record.items() if value is not None or name not in table}
        accepted = check.object(table.values(), told, needs="create")
        place = f" {record[kind.id_field]}" if isinstance(record.get(kind.id_field), int | str) else f"[{number}]"
        self.problems += [f"objects.{kind.name}{place}: {one.attribute}: {one.message}" for one in check.problems]
        empty = {name: None for name in record if name in table and name not in told and _may_be_empty(table[name])}
        return None if check.problems else kind.new(empty | accepted)

    def _check_links(self, kind: Kind, record: Record) -> None:
        for link, target in kind.links.items():
            if link in record and self._store.get(self._store.kinds[target], record[link]) is None:
                self.problems.append(
                    f"objects.{kind.name} {record[kind.id_field]}: {link}: {record[link]} is no {target} of this state"
                )

    def _complete(self, kind: Kind, record: Record) -> None:
        if kind.complete is None:
            return
        try:
            self._store.replace(kind, kind.complete(self._store, record))
        except Problem as problem:
            self.problems.append(f"objects.{kind.name} {record[kind.id_field]}: {problem.message}")

    def _count(self, counters: Any) -> None:
        if not isinstance(counters, dict):
            self.problems.append("counters: must be an object with the last id of each kind")
            return
        for name, last in counters.items():
            if name not in self._store.kinds:
                self.problems.append(f"counters.{name}: unknown kind")
            elif not isinstance(last, int) or isinstance(last, bool):
                self.problems.append(f"counters.{name}: must be an integer")
            else:
                self._store.count(name, last)


def _may_be_empty(field: Field) -> bool:
    """Whether `null` stays as it is; elsewhere it is the same as nothing."""
    return field.default is None and not field.required


def _table(store: Store, kind: Kind) -> dict[str, Field]:
    """The fields that a record of a state may have: also those that only the server writes, and the links."""
    table = {field.name: field for field in (flag("visible"), *kind.fields, *kind.stored)}
    for link, target in kind.links.items():
        id_field = store.kinds[target].id
        table[link] = replace(id_field, name=link, required=not kind.free_links)
    table[kind.id_field] = replace(table[kind.id_field], required=kind.id.type == "string")
    return {name: replace(field, write=Write.ALWAYS, required=_needs(field)) for name, field in table.items()}


def _needs(field: Field) -> bool:
    """Secrets may be left out: no call shows them."""
    return field.required and not field.secret and field.default is None
