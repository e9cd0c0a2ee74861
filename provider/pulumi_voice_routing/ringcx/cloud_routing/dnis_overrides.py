"""The DNIS overrides of a destination, many at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Required, Unpack

import pulumi
from pulumi import Input, Output
from typing_extensions import TypedDict

from ...client.listings import Json
from ...errors import Exists, Incomplete, NotFound, OutcomeUnknown
from ...lifecycle import meaning as means
from ...lifecycle.fields import E164, CreateOnly, Immutable, Reference, Text
from ...lifecycle.model import Failure, Values
from ...lifecycle.resource import Options, Resource
from ...settings import keep
from ...telephony.number import e164
from .. import client
from ..whole_set import At, Entries, WholeSet
from .destination import READS, Destination, number_or_as_is
from .destination_type import destination_type


class Override(TypedDict, total=False):
    """Another target for calls to one dialled number."""

    dnis: Required[Annotated[Input[E164], means.Called(instead=True)]]
    """The dialled number, in E.164."""
    target: Required[Annotated[Input[Text], means.Target(by="kind", reads=READS)]]
    """Where calls to it go instead, in the form of the destination's kind."""
    country_id: Annotated[Input[Text], means.Aside()]
    """The vendor's number for the country, such as ``1``."""


class DnisOverridesArgs(TypedDict, total=False):
    """Overrides of one destination."""

    destination: Required[Annotated[Destination | Input[Reference], Immutable(), means.Inside("ringcx:Destination")]]
    """The destination, or its id; another destination means other overrides."""
    overrides: Required[Annotated[Input[Sequence[Override]], means.Entries()]]
    """The overrides. Others that the destination has are left alone, unless ``replace_all`` is set."""
    replace_all: Annotated[Input[bool], means.WholeList()]
    """Set it to own the whole list: overrides that are not declared here are **wiped**. The list is saved
    first, and what is lost is shown. Default: false."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt overrides of the declared numbers that exist already. Default: false."""


class DnisOverridesProvider(WholeSet):
    token = "ringcx:DnisOverrides"  # noqa: S105
    args = DnisOverridesArgs
    noun = "DNIS overrides"
    owner = "destination"
    path = ("group", "destination")
    entries = "overrides"
    entry_id = client.OVERRIDE_ID

    def there(self, at: At) -> list[Json]:
        return self.api.list_overrides(*at)

    def end(self, at: At, number: str) -> None:
        self.api.delete_override(*at, number)

    def called(self, entry: Json) -> str:
        return _dnis(entry)

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = _by_dnis(olds.get("overrides") or [])
        order = {dnis: place for place, dnis in enumerate(managed)}
        whole = bool(olds.get("replace_all")) or not managed
        return [
            {
                "dnis": _dnis(one),
                "target": number_or_as_is(str(one.get("routeDestination"))),
                **({"country_id": one["countryId"]} if "country_id" in managed.get(_dnis(one), {}) else {}),
            }
            for one in sorted(live, key=lambda one: order.get(_dnis(one), len(order)))
            if whole or _dnis(one) in managed
        ]

    def alike(self, old: Entries, new: Entries) -> bool:
        return _by_dnis(old) == _by_dnis(new)

    def problems(self, args: Values) -> Iterable[Failure]:
        return self.repeated(args.get("overrides"), "dnis", "has two overrides")

    def make(self, args: Values) -> tuple[str, Values]:
        at = self.at(args["destination"])
        live, wanted, intent = self.there(at), _by_dnis(args["overrides"]), self.intent(at)
        claimed = [
            one
            for dnis, row in wanted.items()
            for one in live
            if _has([one], dnis, row) and intent.claims(self.number(one))
        ]
        taken = [one for one in live if _dnis(one) in wanted and one not in claimed]
        if taken and not (args.get("adopt") or args.get("replace_all")):
            raise Exists(
                f"destination {at[1]} has overrides already for {', '.join(map(_dnis, taken))}. "
                "Say adopt=True to take them over; nothing was changed."
            )
        with self.kept(at, args, self.noted(at, (one for one in live if one not in claimed))):
            self._bring(at, live, {}, args)
        return self.id_at(at), self.outputs(args, {})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at = self.at(id_)
        self.intent(at).forget()
        if {"overrides", "replace_all"} & set(self.changed(olds, args)):
            live = self.there(at)
            with self.kept(at, args):
                self._bring(at, live, _by_dnis(olds.get("overrides") or []), args)
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        at = self.at(id_)
        self.intent(at).forget()
        ours = _by_dnis(olds.get("overrides") or [])
        try:
            live = self.there(at)
        except NotFound:
            return
        self.end_all(at, (one for one in live if _dnis(one) in ours))

    # Steps

    def _bring(self, at: At, live: list[Json], before: Mapping[str, Any], args: Values) -> None:
        """Bring the list to the declared one."""
        wanted = _by_dnis(args["overrides"])
        lost = [one for one in live if args.get("replace_all") and _dnis(one) not in wanted]
        if lost:
            self._wipe(at, live, lost, wanted)
        else:
            self._step_by_step(at, live, before, wanted)
        now = self.there(at)
        missing = [dnis for dnis, row in wanted.items() if not _has(now, dnis, row)]
        if missing:
            raise Incomplete(f"ringcx: destination {at[1]} does not have the overrides of {', '.join(missing)}.")

    def _wipe(self, at: At, live: list[Json], lost: list[Json], wanted: Mapping[str, Mapping[str, Any]]) -> None:
        saved = keep(f"overrides-{at[1]}", ".csv", _file(_rows(live)))
        pulumi.log.warn(
            f"ringcx: replace_all wipes {len(lost)} overrides of destination {at[1]}: "
            f"{', '.join(_dnis(one) + ' to ' + str(one.get('routeDestination')) for one in lost)}. "
            f"The present list is saved in {saved}."
        )
        try:
            self.api.create_overrides(*at, _file(wanted.values()), replace_all=True)
        except Exception as error:
            if len(self.there(at)) >= len(live):
                raise
            self.api.create_overrides(*at, _file(_rows(live)), replace_all=True)
            raise Incomplete(f"{error} The saved list was put back.") from error

    def _step_by_step(
        self,
        at: At,
        live: list[Json],
        before: Mapping[str, Any],
        wanted: Mapping[str, Mapping[str, Any]],
    ) -> None:
        there = {_dnis(one): one for one in live}
        new = [row for dnis, row in wanted.items() if dnis not in there]
        if new:
            try:
                self.api.create_overrides(*at, _file(new), replace_all=False)
            except OutcomeUnknown:
                there = {_dnis(one): one for one in self.there(at)}
                still = [row for row in new if row["dnis"] not in there]
                if still:
                    self.api.create_overrides(*at, _file(still), replace_all=False)
        for dnis, row in wanted.items():
            if dnis in there and not _has(live, dnis, row):
                body = {name: value for name, value in there[dnis].items() if name != "cloudDestination"}
                kind = destination_type(self.api, *at)
                self.api.update_override(*at, self.number(there[dnis]), {**body, **_body(row)}, kind)
        self.end_all(at, (there[dnis] for dnis in before if dnis in there and dnis not in wanted))


class DnisOverrides(Resource, lifecycle=DnisOverridesProvider):
    """Many overrides of one destination, made in one call.

    New ones go in one file, changed ones are updated and removed ones deleted one by one. Calls: CR-19, CR-21, CRb-13,
    CRb-14 (``dnisOverrides``). The vendor does not document the file; ``dnis,routeDestination,countryId`` is sent, and
    the list is read afterwards to see that each of them is there.

    Refuses: to change overrides that exist already without ``adopt``, and to wipe undeclared ones without
    ``replace_all``.
    """

    destination: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisOverridesArgs]) -> None:
        self._declare(resource_name, args, opts)


def _dnis(live: Json) -> str:
    dnis = str(live.get("dnis"))
    try:
        return e164(dnis)
    except ValueError:
        return dnis


def _by_dnis(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row["dnis"]): {**row, "target": number_or_as_is(str(row.get("target")))} for row in rows}


def _body(row: Mapping[str, Any]) -> Json:
    body = {"dnis": str(row["dnis"]).removeprefix("+"), "routeDestination": row["target"]}
    return {**body, "countryId": row["country_id"]} if "country_id" in row else body


def _rows(live: Iterable[Json]) -> list[dict[str, Any]]:
    return [
        {"dnis": _dnis(one), "target": one.get("routeDestination"), "country_id": one.get("countryId") or ""}
        for one in live
    ]


def _file(rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["dnis", "routeDestination", "countryId"])
    writer.writerows([str(row["dnis"]).removeprefix("+"), row["target"], row.get("country_id", "")] for row in rows)
    return out.getvalue()


def _has(live: Iterable[Json], dnis: str, row: Mapping[str, Any]) -> bool:
    for one in live:
        if _dnis(one) == dnis:
            same_target = number_or_as_is(str(one.get("routeDestination"))) == row["target"]
            return same_target and ("country_id" not in row or one.get("countryId") == row["country_id"])
    return False
