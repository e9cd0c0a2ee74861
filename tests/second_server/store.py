"""What the accounts hold: plain records by kind, and the lists that show them a second late."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]

LAG_SECONDS = 1.0
FIRST_ID, FIRST_BIG_ID = 31_000, 9_007_199_254_740_993


class Store:
    """Records by kind. Ids are counted over all kinds, so that an id of one kind never passes for one of another."""

    def __init__(self, first_id: int = FIRST_ID) -> None:
        self.objects: dict[str, list[Record]] = {}
        self._next = first_id
        self.kept_otherwise: dict[tuple[str, str], Any] = {}
        """Values that stand in place of whatever is written to a field of a kind."""
        self._late: dict[tuple[str, str], tuple[float, Record | None]] = {}

    # As a whole

    def state(self) -> Record:
        """Everything, as plain data of its own."""
        return {"objects": copy.deepcopy(self.objects), "next": self._next}

    def put_state(self, state: Record) -> None:
        """Replace all of it."""
        self.objects = copy.deepcopy(state["objects"])
        self._next = max(self._next, state.get("next", 0))
        self.settle()

    # Records

    def all(self, kind: str) -> list[Record]:
        """Every record of a kind, as it is now."""
        return self.objects.setdefault(kind, [])

    def find(self, kind: str, id_field: str, id_: object) -> Record | None:
        """One record."""
        return next((one for one in self.all(kind) if str(one.get(id_field)) == str(id_)), None)

    def new_id(self) -> int:
        """An id that nothing has."""
        self._next += 7
        return self._next

    def as_kept(self, kind: str, body: Record) -> Record:
        """What is kept of a body."""
        return {name: self.kept_otherwise.get((kind, name), value) for name, value in body.items()}

    # Lag

    def listed(self, kind: str, id_field: str, *, late: bool) -> list[Record]:
        """The records as a list shows them, which may be as they were a second ago."""
        if not late:
            return list(self.all(kind))
        now = time.monotonic()
        seen = {id_: old for (of, id_), (until, old) in self._late.items() if of == kind and now < until}
        there = [seen.pop(str(one[id_field]), one) for one in self.all(kind)]
        return [one for one in (*there, *seen.values()) if one is not None]

    def writing(self, kind: str, id_field: str, id_: object) -> Callable[[], None]:
        """Remember a record as it is before a write; what is returned is called after it."""
        before = copy.deepcopy(self.find(kind, id_field, id_))

        def done() -> None:
            if self.find(kind, id_field, id_) != before:
                key = kind, str(id_)
                old = self._late[key][1] if key in self._late and self._late[key][0] > time.monotonic() else before
                self._late[key] = (time.monotonic() + LAG_SECONDS, old)

        return done

    def settle(self) -> None:
        """A second passes."""
        self._late.clear()


def without(record: Record, *names: str) -> Record:
    """The record without some fields."""
    return {name: value for name, value in record.items() if name not in names}


def ids(records: list[Record], id_field: str) -> Iterator[str]:
    """Their ids, as text."""
    return (str(one[id_field]) for one in records)
