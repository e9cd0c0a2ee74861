"""How the DNIS overrides of a destination become others: new ones in one file, the others one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ... import say
from ...client.listings import Json
from ...errors import Incomplete
from ...lifecycle import keeping, standing
from ...lifecycle.calls import At
from ...lifecycle.lost_answers import create_all_once
from ...lifecycle.model import Failure, Values
from ...lifecycle.owned_set import Entries
from ...lifecycle.portal_edits import Edit
from ...settings import keep
from ...telephony.number import as_declared
from ...telephony.wire import on_the_wire
from ...text_files import table_text
from ..account import RingCXSet
from .call_target import TARGET
from .destination_type import OVERRIDES, require_targets, update_override

Rows = Mapping[str, Mapping[str, Any]]
"""Declared overrides by number."""

_NUMBERS = {"dnis": "dnis", TARGET: "target"}
"""The vendor's fields that hold numbers, and ours."""


class OverrideSet(RingCXSet):
    """Overrides of a destination; unless the program says otherwise, not all of them."""

    calls = OVERRIDES
    whole = False
    listed_as = "its overrides stand in the program one by one"
    also_decides = frozenset({"replace_all"})

    def problems(self, args: Values) -> Iterable[Failure]:
        return self.repeated(args.get(self.entries), "dnis", "has two overrides")

    def called(self, entry: Json) -> str:
        return _dnis(entry)

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = _by_dnis(olds.get(self.entries) or [])
        order = {dnis: place for place, dnis in enumerate(managed)}
        whole = bool(olds.get("replace_all")) or self.entries not in olds
        return [
            {
                "dnis": _dnis(one),
                "target": as_declared(str(one.get(TARGET))),
                **({"country_id": one["countryId"]} if "country_id" in managed.get(_dnis(one), {}) else {}),
            }
            for one in sorted(live, key=lambda one: order.get(_dnis(one), len(order)))
            if whole or _dnis(one) in managed
        ]

    def alike(self, old: Entries, new: Entries) -> bool:
        return _by_dnis(old) == _by_dnis(new)

    def is_declared(self, entry: Json, wanted: Entries) -> bool:
        return any(_has([entry], dnis, row) for dnis, row in _by_dnis(wanted).items())

    def in_the_way(self, strangers: list[Json], args: Values) -> list[Json]:
        wanted = _by_dnis(args[self.entries])
        return [one for one in strangers if _dnis(one) in wanted]

    def adopts(self, args: Values) -> bool:
        return bool(args.get("adopt") or args.get("replace_all"))

    def ours(self, olds: Values, live: list[Json]) -> list[Json]:
        known = _by_dnis(olds.get(self.entries) or [])
        return [one for one in live if _dnis(one) in known]

    def claims(self, owner: str, args: Values) -> Iterator[standing.Claim]:
        rows = args.get(self.entries)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and isinstance(row.get("dnis"), str):
                yield self.claim(owner, row["dnis"])

    def edits(self, at: At, live: list[Json], olds: Values, args: Values) -> Iterator[Edit]:
        there = {_dnis(one): one for one in live}
        before, wanted = (_by_dnis(rows.get(self.entries) or []) for rows in (olds, args))
        for dnis in before if not olds.get("replace_all") or not args.get("replace_all") else {*before, *there}:
            row, now = wanted.get(dnis), there.get(dnis)
            as_before = dnis in before and _target(now) == before[dnis]["target"]
            as_meant = _target(now) == (None if row is None else row["target"])
            if as_before or as_meant or (row is None and keeping.keepers(self.claim(at[-1], dnis))):
                continue  # what another resource of the program stands for is its business
            yield Edit(f"the override of {dnis}", _target(now), None if row is None else row["target"])

    def with_edits(self, live: list[Json], olds: Values, args: Values) -> Values:
        there, before = {_dnis(one): one for one in live}, _by_dnis(olds.get(self.entries) or [])

        def meant(row: Mapping[str, Any]) -> Mapping[str, Any]:
            dnis = str(row["dnis"])
            country = there.get(dnis, {}).get("countryId")
            kept = "country_id" in row and before.get(dnis, {}).get("country_id") == row["country_id"]
            return {**row, "country_id": country} if kept and country else row

        return {**args, self.entries: [meant(row) for row in args[self.entries]]}

    def bring(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        wanted = _by_dnis(args[self.entries])
        changed = [row for row in args[self.entries] if not _has(live, row["dnis"], wanted[row["dnis"]])]
        require_targets(self.api, at, (str(row["target"]) for row in changed))
        lost = [one for one in live if args.get("replace_all") and _dnis(one) not in wanted]
        if lost:
            self._wipe(at, live, lost, wanted)
        else:
            self._step_by_step(at, live, _by_dnis(olds.get(self.entries) or []), wanted)
        if not self.becomes(at, lambda now: all(_has(now, dnis, row) for dnis, row in wanted.items())):
            now = self.there(at)
            missing = [dnis for dnis, row in wanted.items() if not _has(now, dnis, row)]
            raise Incomplete(f"ringcx: destination {at[1]} does not have the overrides of {', '.join(missing)}.")

    def _wipe(self, at: At, live: list[Json], lost: list[Json], wanted: Rows) -> None:
        group, destination = at
        saved = keep(f"overrides-{destination}", ".csv", _file(_rows(live)))
        say.warn(
            f"ringcx: replace_all wipes {len(lost)} overrides of destination {destination}: "
            f"{', '.join(_dnis(one) + ' to ' + str(one.get('routeDestination')) for one in lost)}. "
            f"The present list is saved in {saved}."
        )
        try:
            self.api.create_overrides(group, destination, _file(wanted.values()), replace_all=True)
        except Exception as error:
            if len(self.there(at)) >= len(live):
                raise
            self.api.create_overrides(group, destination, _file(_rows(live)), replace_all=True)
            raise Incomplete(f"{error} The saved list was put back.") from error

    def _step_by_step(self, at: At, live: list[Json], before: Rows, wanted: Rows) -> None:
        group, destination = at
        there = {_dnis(one): one for one in live}

        def missing(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
            there.clear()
            there.update({_dnis(one): one for one in self.there(at)})
            return [row for row in rows if row["dnis"] not in there]

        create_all_once(
            [row for dnis, row in wanted.items() if dnis not in there],
            lambda new: self.api.create_overrides(group, destination, _file(new), replace_all=False),
            missing,
            said=lambda count: f"ringcx: looking which of {count} overrides were made",
        )
        for dnis, row in wanted.items():
            if dnis in there and not _has(live, dnis, row):
                body = {name: value for name, value in there[dnis].items() if name != "cloudDestination"}
                number = self.number(there[dnis])
                update_override(self.api, group, destination, number, {**body, **_body(row)})
        going = [there[dnis] for dnis in before if dnis in there and dnis not in wanted]
        self.end_all(at, self.without_others(at, going))


def _dnis(live: Json) -> str:
    return as_declared(str(live.get("dnis")))


def _target(live: Json | None) -> str | None:
    return None if live is None else as_declared(str(live.get(TARGET)))


def _by_dnis(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row["dnis"]): {**row, "target": as_declared(str(row.get("target")))} for row in rows}


def _body(row: Mapping[str, Any]) -> Json:
    body = {wire: on_the_wire("ringcx", wire, str(row[name])) for wire, name in _NUMBERS.items()}
    return {**body, "countryId": row["country_id"]} if "country_id" in row else body


def _rows(live: Iterable[Json]) -> list[dict[str, Any]]:
    return [
        {"dnis": _dnis(one), "target": one.get("routeDestination"), "country_id": one.get("countryId") or ""}
        for one in live
    ]


def _file(rows: Iterable[Mapping[str, Any]]) -> str:
    cells = ([*(_body(row)[wire] for wire in _NUMBERS), row.get("country_id", "")] for row in rows)
    return table_text([[*_NUMBERS, "countryId"], *cells])


def _has(live: Iterable[Json], dnis: str, row: Mapping[str, Any]) -> bool:
    for one in live:
        if _dnis(one) == dnis:
            same_target = as_declared(str(one.get(TARGET))) == row["target"]
            return same_target and ("country_id" not in row or one.get("countryId") == row["country_id"])
    return False
