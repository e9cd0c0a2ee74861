"""Manners that no document tells: what a switch can change about any answer of RingCX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .routing import Match, World
from .schema import Record
from .store import Change
from .vendors import RINGCX, Reply

_TARGET = "routeDestination"
_SEARCHES = ("NM-01", "NM-02")


class Manners:
    """Answers in the way that the switches tell."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._born: dict[tuple[str, Any], float] = {}

    def of(self, match: Match, reply: Reply, changes: Sequence[Change]) -> Reply:
        """The answer of a call that went well, and that has changed these records."""
        switches, number = self._world.switches, match.operation.number
        if match.vendor is not RINGCX:
            return reply
        now = self._world.clock.seconds()
        new = [(kind, id) for kind, id, old, _ in changes if old is None]
        if switches.lists_late_seconds:
            self._born.update(dict.fromkeys(new, now))
            reply.body = self._without_young(reply.body, now)
        if new and match.operation.method == "POST" and reply.status == 200:
            reply.status = switches.created_status
        if switches.plus_in_targets == "stripped":
            reply.body = _without_plus(reply.body)
        if number in _SEARCHES and isinstance(reply.body, dict) and switches.search_form != "records":
            rows = reply.body.pop("records")
            reply.body = rows if switches.search_form == "array" else {"content": rows, **reply.body}
        return reply

    def _without_young(self, body: Any, now: float) -> Any:
        """A list without what is younger than lists are late."""
        if not isinstance(body, list):
            return body
        late = self._world.switches.lists_late_seconds
        young = {one for one, born in self._born.items() if now - born < late}
        ids = {self._world.store.kinds[kind].id_field for kind, _ in young}
        return [row for row in body if not any((kind, row.get(name)) in young for kind, _ in young for name in ids)]


def _without_plus(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_plus(one) for one in value]
    if isinstance(value, dict):
        row: Record = {name: _without_plus(one) for name, one in value.items()}
        if isinstance(row.get(_TARGET), str):
            row[_TARGET] = row[_TARGET].removeprefix("+")
        return row
    return value


__all__ = ["Manners"]
