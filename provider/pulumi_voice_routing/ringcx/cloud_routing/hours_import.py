"""Shares by hour: read from the vendor's file, and imported in the columns, order and form that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...client.answers import part
from ...errors import DeclarationError, UnexpectedAnswer
from ...lifecycle import references
from ...lifecycle.calls import At
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.portal_edits import Edit
from ...lifecycle.replaced_set import ReplacedSet
from .. import client
from ..account import InAccount
from . import going_live
from .going_live import to_wake
from .hours_table import HOURS, LINKS, HoursTable, hours_off_100, wrong_in

_HOURLY = "allocationPercentHours"
"""The vendor's field of a link that is filled when an import has set its shares by hour."""

Destinations = dict[str, str]
"""The vendor's ids of destinations, by those of their links to the profile."""


class HoursSet(InAccount, ReplacedSet[Destinations, HoursTable]):
    """The shares of a profile's destinations in each hour of the day."""

    path = ("group", "profile")
    decides = frozenset({"hours", "file"})
    rows = "shares"
    noted = (LINKS,)

    def problems(self, args: Values) -> Iterable[Failure]:
        if ("hours" in args) == ("file" in args):
            yield Failure("", "give either hours or file")
        if isinstance(args.get("file"), str):
            yield from (Failure("file", said) for said in wrong_in(args["file"]))
        rows = args.get("hours")
        if not isinstance(rows, list) or unknown(rows):
            return
        if not rows:
            yield Failure("hours", "is empty: give a row for each destination of the profile")
            return
        destinations = [references.last(row["destination"]) for row in rows]
        if len(set(destinations)) < len(destinations):
            yield Failure("hours", "a destination has two rows")
        off = hours_off_100([row["percent"] for row in rows])
        if off:
            yield Failure("hours", f"the shares of each hour must make 100 percent: {', '.join(off[:4])}")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "hours" and isinstance(old, list) and isinstance(new, list):
            return _by_destination(old) == _by_destination(new)
        if field.name == "file" and isinstance(old, str) and isinstance(new, str):
            return old.split() == new.split()
        return super().same(field, old, new)

    def basis(self, at: At) -> Destinations:
        return {
            str(one[client.ASSIGNMENT_ID]): str(part(one.get("cloudDestination")).get(client.DESTINATION_ID))
            for one in self.api.list_assigned(*at)
        }

    def is_used(self, at: At) -> bool:
        return any(one.get(_HOURLY) for one in self.api.list_assigned(*at))

    def notes(self, basis: Destinations, args: Values) -> Values:
        return {LINKS: basis} if "file" in args else {}

    def export(self, at: At) -> str:
        return self.api.export_hours(*at)

    def understood(self, text: str, basis: Destinations) -> HoursTable:
        return HoursTable.read(text, basis)

    def written(self, table: HoursTable) -> str:
        return table.text()

    def make_ready(self, at: At, table: HoursTable, wanted: HoursTable, basis: Destinations) -> None:
        if not going_live.is_live(self.api, *at):
            return
        ids = {key: references.join(self.account, at[0], number) for key, number in basis.items()}
        before, after = (_by_hour(one.shares(), ids) for one in (table, wanted))
        active = going_live.active_among(self.api, ids.values())
        waking = {id_: None for now, then in zip(before, after, strict=True) for id_ in to_wake(active, now, then)}
        going_live.refuse_fewer_answers(at[1], active, waking, before, after)
        going_live.wake(self.api, at[1], waking)

    def replace(self, at: At, table: HoursTable) -> None:
        group, profile = at
        self.api.import_hours(group, profile, table.text(), table.extension)

    def holds(self, table: HoursTable) -> Any:
        return table.shares()

    def wanted(self, table: HoursTable, basis: Destinations, args: Values) -> HoursTable:
        if "file" in args:
            wanted = table.with_rows_of(HoursTable.read(str(args["file"]), basis))
        else:
            by_destination = _by_destination(args["hours"])
            if set(by_destination) != set(basis.values()):
                raise DeclarationError(
                    f"the rows are for destinations {', '.join(sorted(by_destination))}, but the profile has "
                    f"{', '.join(sorted(basis.values()))}; give a row for each of them"
                )
            wanted = table.with_shares({key: by_destination[number] for key, number in basis.items()})
        off = hours_off_100(wanted.shares().values())
        if off:
            raise DeclarationError(f"the shares of each hour must make 100 percent: {', '.join(off[:4])}")
        return wanted

    def edits(self, at: At, table: HoursTable, wanted: HoursTable, basis: Destinations, olds: Values) -> Iterator[Edit]:
        last, now, then = self._last(olds, basis), table.shares(), wanted.shares()
        # One that has come to the profile since then, or has left it, is the business of the profile's own set.
        known = now.keys() & last.keys() & then.keys()
        others = [key for key in now if key in known and now[key] not in (last[key], then[key])]
        links = self.api.assigned_now(*at) if others else []
        day = {str(one[client.ASSIGNMENT_ID]): one.get("allocationPercent") for one in links}
        for key in others:
            # Where nobody has set hours, the vendor exports the share of the day, which is that set's as well.
            if not (set(now[key]) == {day.get(key)} and len(set(last[key])) == 1):
                yield Edit(f"the hours of destination {basis[key]}", now[key], then[key])

    def _last(self, olds: Values, basis: Destinations) -> Mapping[str, list[int]]:
        """The shares that the state knows."""
        try:
            if olds.get("file"):
                return HoursTable.read(str(olds["file"]), basis).shares()
        except UnexpectedAnswer:  # made for other assignments
            return {}
        rows = _by_destination(olds.get("hours") or [])
        return {key: rows[number] for key, number in basis.items() if number in rows}

    def seen(self, id_: str, olds: Values, text: str, basis: Destinations) -> Values:
        table = HoursTable.read(text, basis)
        if "file" in olds:
            return {"file": _as_given(str(olds["file"]), text, table, basis)}
        order = {row["destination"]: place for place, row in enumerate(olds.get("hours") or [])}
        account_and_group = references.parent(id_)
        rows = [
            {"destination": f"{account_and_group}/{basis[key]}", "percent": shares}
            for key, shares in table.shares().items()
        ]
        return {"hours": sorted(rows, key=lambda row: order.get(row["destination"], len(order)))}


def _as_given(given: str, text: str, table: HoursTable, basis: Destinations) -> str:
    """The program's file while it says what the vendor's says, in whatever order and form; else the vendor's."""
    try:
        return given if HoursTable.read(given, basis).shares() == table.shares() else text
    except UnexpectedAnswer:  # made for other assignments
        return text


def _by_hour(shares: Mapping[str, list[int]], ids: Destinations) -> list[dict[str, float]]:
    return [{ids[key]: percents[hour] for key, percents in shares.items()} for hour in range(HOURS)]


def _by_destination(rows: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    return {references.last(str(row["destination"])): [int(share) for share in row["percent"]] for row in rows}
