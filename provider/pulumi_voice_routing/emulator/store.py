"""What the emulated accounts hold: flat records by kind, indexed by their parents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .schema import Field, Record, Write


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of object.

    `links` names the record fields that hold the id of another object, and the kind of that object: parents, mostly.
    A path that runs through such an object only finds records that point at it. `path_name` is the path parameter that
    is its id, where paths run through it. `show` turns a record into what the API answers.

    The rest is about records of a state document: `stored` holds fields that no call shows, or that records hold in
    another form than calls show; with `free_links` the links may be left out; `complete` fills in what depends on other
    fields and records, and raises `Problem` for what does not fit together.
    """

    name: str
    id_field: str
    fields: tuple[Field, ...]
    links: Mapping[str, str] = field(default_factory=dict)
    path_name: str = ""
    show: Callable[[Store, Record], Record] | None = None
    stored: tuple[Field, ...] = ()
    free_links: bool = False
    complete: Callable[[Store, Record], Record] | None = None

    @property
    def id(self) -> Field:
        """The field of the id."""
        return next(field for field in self.fields if field.name == self.id_field)

    def shown(self, store: Store, record: Record) -> Record:
        return self.show(store, record) if self.show else self.own(record)

    def own(self, record: Record) -> Record:
        """The record's own fields in table order, without links and secrets."""
        return {f.name: record[f.name] for f in self.fields if f.name in record and not f.secret}

    def new(self, body: Record) -> Record:
        """A record from an accepted body, with defaults."""
        return {f.name: f.default for f in self.fields if f.default is not None} | body

    def updated(self, record: Record, body: Record, *, merge: bool) -> Record:
        """The record after an update by an accepted body.

        Omitted fields go back to their defaults, unless `merge`. Secrets stay when omitted: no client can read them
        to send them back. Fields with a call of their own never change here.
        """
        result = dict(record)
        for f in self.fields:
            if f.write is not Write.ALWAYS:
                continue
            if f.name in body:
                result[f.name] = body[f.name]
            elif not merge and not f.secret:
                result.pop(f.name, None)
                if f.default is not None:
                    result[f.name] = f.default
        return result


_FIRST_ID = 1001


class StateError(ValueError):
    """A state document cannot be loaded; the text says why."""


Change = tuple[str, Any, Record | None, Record | None]
"""The name of a kind, an id, the record that was there and the one that is there now."""


class Store:
    """All records. Ids are counted per kind, from 1001."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self.changes: list[Change] = []
        """What has changed since somebody emptied the list."""
        self._clear()

    def _clear(self) -> None:
        self._counters: dict[str, int] = {}
        self._records: dict[str, dict[Any, Record]] = {name: {} for name in self.kinds}
        self._by_link: dict[tuple[str, str, Any], dict[Any, Record]] = {}

    def add(self, kind: Kind, record: Record) -> Record:
        """Keeps a new record; gives it an id if it has none. Answers the record as kept."""
        if kind.id_field not in record:
            record = {kind.id_field: self._next_id(kind), **record}
        id = record[kind.id_field]
        self.changes.append((kind.name, id, self._records[kind.name].get(id), record))
        self._records[kind.name][record[kind.id_field]] = record
        for bucket in self._buckets(kind, record):
            bucket[record[kind.id_field]] = record
        return record

    def replace(self, kind: Kind, record: Record) -> Record:
        """Keeps `record` in place of the one with the same id; its links may have changed."""
        old = self._records[kind.name][record[kind.id_field]]
        for link in kind.links:
            if old.get(link) != record.get(link):
                self._by_link[kind.name, link, old.get(link)].pop(record[kind.id_field], None)
        return self.add(kind, record)

    def remove(self, kind: Kind, record: Record) -> None:
        self.changes.append((kind.name, record[kind.id_field], record, None))
        del self._records[kind.name][record[kind.id_field]]
        for bucket in self._buckets(kind, record):
            bucket.pop(record[kind.id_field], None)

    def remove_tree(self, kind: Kind, record: Record) -> None:
        """Removes a record with everything that points at it."""
        for child in self.children(kind, record):
            for link, target in child.links.items():
                if target == kind.name:
                    for one in self.where(child, link, record[kind.id_field]):
                        self.remove_tree(child, one)
        self.remove(kind, record)

    def get(self, kind: Kind, id: Any) -> Record | None:
        return self._records[kind.name].get(id)

    def all(self, kind: Kind) -> list[Record]:
        return list(self._records[kind.name].values())

    def where(self, kind: Kind, link: str, id: Any) -> list[Record]:
        """The records of a kind whose `link` is `id`, in the order they were made."""
        return list(self._by_link.get((kind.name, link, id), {}).values())

    def under(self, kind: Kind, parent_kind: Kind, parent: Record) -> list[Record]:
        """The records of a kind that point at `parent` by the name of its id."""
        return self.where(kind, parent_kind.id_field, parent[parent_kind.id_field])

    def children(self, parent_kind: Kind, parent: Record) -> list[Kind]:
        """The kinds of which a record points at `parent`."""
        id = parent[parent_kind.id_field]
        return [
            kind
            for kind in self.kinds.values()
            for link, target in kind.links.items()
            if target == parent_kind.name and self.where(kind, link, id)
        ]

    def dump(self) -> Record:
        """Everything as one JSON document; `loading.load` takes it back."""
        return {
            "counters": dict(self._counters),
            "objects": {name: list(records.values()) for name, records in self._records.items()},
        }

    def count(self, name: str, id: int) -> None:
        """New records of a kind get ids above `id`."""
        self._counters[name] = max(self._counters.get(name, _FIRST_ID - 1), id)

    def copy(self) -> Store:
        """The present contents, to go back to. Records are replaced and never changed, so they are shared."""
        copy = Store(self.kinds.values())
        copy._counters = dict(self._counters)
        copy._records = {name: dict(records) for name, records in self._records.items()}
        copy._by_link = {key: dict(records) for key, records in self._by_link.items()}
        return copy

    def become(self, other: Store) -> None:
        """Takes over the contents of another store of the same kinds, which is not used any more."""
        self.__dict__.update(other.__dict__)

    def apply(self, changes: Iterable[Change]) -> None:
        """Has the same happen to this store."""
        for name, id, _, record in changes:
            kind, known = self.kinds[name], self._records[name].get(id)
            if record is None:
                if known is not None:
                    self.remove(kind, known)
                continue
            if isinstance(id, int):
                self.count(name, id)
            if known is None:
                self.add(kind, record)
            else:
                self.replace(kind, record)

    def _next_id(self, kind: Kind) -> int:
        self._counters[kind.name] = self._counters.get(kind.name, _FIRST_ID - 1) + 1
        return self._counters[kind.name]

    def _buckets(self, kind: Kind, record: Record) -> list[dict[Any, Record]]:
        return [self._by_link.setdefault((kind.name, link, record[link]), {}) for link in kind.links if link in record]
