"""The DNIS overrides of a destination, many at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Any, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import TypedDict, Unpack

from ..client.listings import Json
from ..errors import Exists, Incomplete, NotFound, OutcomeUnknown
from ..lifecycle import references
from ..lifecycle.fields import E164, CreateOnly, Immutable, Reference, Text
from ..lifecycle.intents import Intent
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.provider import MANAGED, Lifecycle, Partly
from ..lifecycle.resource import Resource
from ..settings import keep
from ..telephone import e164
from . import client
from .client import RingCX, ringcx_client
from .destination import Destination, number_or_as_is
from .dnis_override import destination_type
from .set_notes import forget_refused


class Override(TypedDict, total=False):
    """Another target for calls to one dialled number."""

    dnis: Required[Input[E164]]
    """The dialled number, in E.164."""
    target: Required[Input[Text]]
    """Where calls to it go instead, in the form of the destination's kind."""
    country_id: Input[Text]
    """The vendor's number for the country, such as ``1``."""


class DnisOverridesArgs(TypedDict, total=False):
    """Overrides of one destination."""

    destination: Required[Annotated[Destination | Input[Reference], Immutable()]]
    """The destination, or its id; another destination means other overrides."""
    overrides: Required[Input[Sequence[Override]]]
    """The overrides. Others that the destination has are left alone, unless ``replace_all`` is set."""
    replace_all: Input[bool]
    """Set it to own the whole list: overrides that are not declared here are **wiped**. The list is saved
    first, and what is lost is shown. Default: false."""
    adopt: Annotated[Input[bool], CreateOnly()]
    """Adopt overrides of the declared numbers that exist already. Default: false."""


class DnisOverridesProvider(Lifecycle):
    token = "ringcx:DnisOverrides"  # noqa: S105
    args = DnisOverridesArgs
    noun = "DNIS overrides"
    path: ClassVar[tuple[str, ...]] = ("group", "destination")

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def problems(self, args: Values) -> Iterable[Failure]:
        rows = args.get("overrides")
        seen: set[str] = set()
        for place, row in enumerate(rows if isinstance(rows, list) else []):
            if not isinstance(row, dict) or unknown(row.get("dnis")):
                continue
            if row["dnis"] in seen:
                yield Failure(f"overrides[{place}].dnis", f"{row['dnis']} has two overrides")
            seen.add(row["dnis"])

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "destination":
            return references.same(old, new)
        if field.name == "overrides" and isinstance(old, list) and isinstance(new, list):
            return _by_dnis(old) == _by_dnis(new)
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        group, destination = references.below(args["destination"], self.api.account_id, self.path)
        live = self.api.list_overrides(group, destination)
        intent = self._intent(group, destination)
        wanted = _by_dnis(args["overrides"])
        claimed = [
            one
            for dnis, row in wanted.items()
            for one in live
            if _has([one], dnis, row) and intent.claims(str(one.get(client.OVERRIDE_ID)))
        ]
        taken = [one for one in live if _dnis(one) in wanted and one not in claimed]
        if taken and not (args.get("adopt") or args.get("replace_all")):
            raise Exists(
                f"destination {destination} has overrides already for {', '.join(map(_dnis, taken))}. "
                "Say adopt=True to take them over; nothing was changed."
            )
        intent.before = [str(one.get(client.OVERRIDE_ID)) for one in live if one not in claimed]
        intent.note()
        id_ = references.join(self.api.account_id, group, destination)
        return id_, self._brought(id_, group, destination, live, {}, args, intent)

    def adoptable(self, args: Values) -> str | None:
        group, destination = references.below(args["destination"], self.api.account_id, self.path)
        live = self.api.list_overrides(group, destination)
        return f"destination {destination} with overrides for: {', '.join(map(_dnis, live))}" if live else None

    def look(self, id_: str, olds: Values) -> Values | None:
        group, destination = references.below(id_, self.api.account_id, self.path)
        try:
            live = self.api.list_overrides(group, destination)
        except NotFound:
            return None
        return self._outs({MANAGED: ["destination", "overrides"], "destination": id_, **olds}, live) if live else None

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        group, destination = references.below(id_, self.api.account_id, self.path)
        self._intent(group, destination).forget()
        if not {"overrides", "replace_all"} & set(self.changed(olds, args)):
            return self.outputs(args, {})
        live = self.api.list_overrides(group, destination)
        return self._brought(id_, group, destination, live, _by_dnis(olds.get("overrides") or []), args)

    def remove(self, id_: str, olds: Values) -> None:
        group, destination = references.below(id_, self.api.account_id, self.path)
        self._intent(group, destination).forget()
        ours = _by_dnis(olds.get("overrides") or [])
        try:
            live = self.api.list_overrides(group, destination)
        except NotFound:
            return
        for one in live:
            if _dnis(one) in ours:
                self._delete(group, destination, one)

    # Steps

    def _intent(self, group: str, destination: str) -> Intent:
        return Intent(self.token, (self.api.account_id, group, destination))

    def _delete(self, group: str, destination: str, one: Json) -> None:
        with suppress(NotFound):
            self.api.delete_override(group, destination, str(one[client.OVERRIDE_ID]))

    def _brought(
        self,
        id_: str,
        group: str,
        destination: str,
        live: list[Json],
        before: Mapping[str, Any],
        args: Values,
        intent: Intent | None = None,
    ) -> Values:
        """Bring the list to the declared one; whatever fails on the way, the state has what was done."""
        wanted = _by_dnis(args["overrides"])
        lost = [one for one in live if args.get("replace_all") and _dnis(one) not in wanted]
        try:
            if lost:
                self._wipe(group, destination, live, lost, wanted)
            else:
                self._step_by_step(group, destination, live, before, wanted)
            now = self.api.list_overrides(group, destination)
            missing = [dnis for dnis, row in wanted.items() if not _has(now, dnis, row)]
            if missing:
                raise Incomplete(
                    f"ringcx: destination {destination} does not have the overrides of {', '.join(missing)}."
                )
        except Exception as error:
            try:
                now = self.api.list_overrides(group, destination)
            except Exception:
                raise error from None
            if intent is not None and len(now) == len(live):
                forget_refused(intent, error)
            if not now:
                raise
            raise Partly(id_, self._outs({MANAGED: sorted(args), **args}, now), error) from error
        return self.outputs(args, {})

    def _wipe(
        self, group: str, destination: str, live: list[Json], lost: list[Json], wanted: Mapping[str, Mapping[str, Any]]
    ) -> None:
        saved = keep(f"overrides-{destination}", ".csv", _file(_rows(live)))
        pulumi.log.warn(
            f"ringcx: replace_all wipes {len(lost)} overrides of destination {destination}: "
            f"{', '.join(_dnis(one) + ' to ' + str(one.get('routeDestination')) for one in lost)}. "
            f"The present list is saved in {saved}."
        )
        try:
            self.api.create_overrides(group, destination, _file(wanted.values()), replace_all=True)
        except Exception as error:
            if len(self.api.list_overrides(group, destination)) >= len(live):
                raise
            self.api.create_overrides(group, destination, _file(_rows(live)), replace_all=True)
            raise Incomplete(f"{error} The saved list was put back.") from error

    def _step_by_step(
        self,
        group: str,
        destination: str,
        live: list[Json],
        before: Mapping[str, Any],
        wanted: Mapping[str, Mapping[str, Any]],
    ) -> None:
        there = {_dnis(one): one for one in live}
        new = [row for dnis, row in wanted.items() if dnis not in there]
        if new:
            try:
                self.api.create_overrides(group, destination, _file(new), replace_all=False)
            except OutcomeUnknown:
                there = {_dnis(one): one for one in self.api.list_overrides(group, destination)}
                still = [row for row in new if row["dnis"] not in there]
                if still:
                    self.api.create_overrides(group, destination, _file(still), replace_all=False)
        for dnis, row in wanted.items():
            if dnis in there and not _has(live, dnis, row):
                body = {name: value for name, value in there[dnis].items() if name != "cloudDestination"}
                kind = destination_type(self.api, (group, destination))
                self.api.update_override(
                    group, destination, str(there[dnis][client.OVERRIDE_ID]), {**body, **_body(row)}, kind
                )
        for dnis in before:
            if dnis in there and dnis not in wanted:
                self._delete(group, destination, there[dnis])

    def _outs(self, olds: Values, live: list[Json]) -> Values:
        managed = _by_dnis(olds.get("overrides") or [])
        order = {dnis: place for place, dnis in enumerate(managed)}
        whole = bool(olds.get("replace_all")) or not managed
        shown = [
            {
                "dnis": _dnis(one),
                "target": number_or_as_is(str(one.get("routeDestination"))),
                **({"country_id": one["countryId"]} if "country_id" in managed.get(_dnis(one), {}) else {}),
            }
            for one in sorted(live, key=lambda one: order.get(_dnis(one), len(order)))
            if whole or _dnis(one) in managed
        ]
        return self.refreshed(olds, {"overrides": shown})


class DnisOverrides(Resource, module="ringcx", name="DnisOverrides"):
    """Many overrides of one destination, made in one call.

    New ones go in one file, changed ones are updated and removed ones deleted one by one. Calls: CR-19, CR-21, CRb-13,
    CRb-14 (``dnisOverrides``). The vendor does not document the file; ``dnis,routeDestination,countryId`` is sent, and
    the list is read afterwards to see that each of them is there.

    Refuses: to change overrides that exist already without ``adopt``, and to wipe undeclared ones without
    ``replace_all``.
    """

    lifecycle = DnisOverridesProvider
    destination: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[DnisOverridesArgs]
    ) -> None:
        super().__init__(resource_name, args, opts)


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
