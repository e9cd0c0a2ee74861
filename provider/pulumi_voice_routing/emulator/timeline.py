"""What became of the objects, request by request: for looking at the accounts as they were after each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .routing import Match, Request
from .store import Change, Store
from .vendors import Reply


@dataclass(frozen=True)
class Moment:
    """One request, and what it changed."""

    number: int
    vendor: str
    operation: str
    group: str
    method: str
    path: str
    status: int
    changes: tuple[Change, ...]

    def shown(self) -> dict[str, Any]:
        """Without the records, of which only the words and numbers are told."""
        changes = [
            {"kind": name, "id": id, "words": sorted({*_words(old), *_words(new)}), "gone": new is None}
            for name, id, old, new in self.changes
        ]
        return {**vars(self), "changes": changes}


class Timeline:
    """The requests since it was begun; nothing is kept before that."""

    def __init__(self) -> None:
        self._first: Store | None = None
        self._moments: list[Moment] = []
        self._at = 0
        self._recording = False

    def begin(self, store: Store) -> None:
        """Keeps every request from now on."""
        self._first, self._moments, self._at, self._recording = store.copy(), [], 0, True
        store.changes.clear()

    def end(self) -> None:
        """Keeps no more of them; those that there are can be looked at."""
        self._recording = False

    def note(self, store: Store, request: Request, match: Match, reply: Reply) -> None:
        """A request was answered."""
        changes = tuple(store.changes)
        store.changes.clear()
        if not self._recording:
            return
        operation, vendor = match.operation, match.vendor
        self._at += 1
        self._moments.append(
            Moment(
                self._at,
                vendor.name,
                operation.number,
                operation.group or vendor.group,
                request.method,
                request.path,
                reply.status,
                changes,
            )
        )

    def go_to(self, store: Store, number: int) -> None:
        """Puts the store into the state after so many requests. No more are kept after that."""
        self._recording = False
        if self._first is None:
            return
        if number < self._at:
            store.become(self._first.copy())
            self._at = 0
        for moment in self._moments[self._at : number]:
            store.apply(moment.changes)
        self._at = min(number, len(self._moments))
        store.changes.clear()

    def shown(self) -> list[dict[str, Any]]:
        """The requests, the newest last."""
        return [moment.shown() for moment in self._moments]


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from set(_words(one))
    elif isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 64:
        yield str(value)


__all__ = ["Moment", "Timeline"]
