"""Shares by hour of the day: exported, changed, imported, verified, and put back when the import goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, ClassVar, Literal, Required, Unpack

import pulumi
from pulumi import Input, Output
from pydantic import Field
from typing_extensions import TypedDict

from ...client.answers import part
from ...errors import DeclarationError, Incomplete, NotFound, UnexpectedAnswer, VoiceRoutingError
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.fields import Immutable, Percent, Reference
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.provider import MANAGED, Lifecycle
from ...lifecycle.resource import Options, Resource
from ...settings import keep
from .. import client
from ..client import RingCX, ringcx_client
from .destination import Destination
from .hours_table import HOURS, HoursTable, hours_off_100
from .profile import Profile

HourlyShares = Annotated[list[Percent], Field(min_length=HOURS, max_length=HOURS)]
WAY_BACK = "__way_back"
"""Output: the export as it was before the first import."""


class DestinationHours(TypedDict):
    """The shares of one destination."""

    destination: Annotated[Destination | Input[Reference], means.Target("ringcx:Destination")]
    """The destination, or its id."""
    percent: Annotated[Input[HourlyShares], means.Share(hourly=True)]
    """24 whole numbers: the percent of calls in the hours 00:00 to 23:00. In each hour all destinations make 100."""


class AllocationHoursArgs(TypedDict, total=False):
    """Shares by hour, as a table or as a file. Exactly one of ``hours`` and ``file`` is given."""

    profile: Required[Annotated[Profile | Input[Reference], Immutable(), means.Inside("ringcx:Profile")]]
    """The profile, or its id; another profile means another table."""
    hours: Annotated[Input[Sequence[DestinationHours]], means.Entries()]
    """A row for each destination of the profile."""
    file: Annotated[Input[str] | pulumi.FileAsset, means.EntriesFile()]
    """The vendor's own file, as an asset or as text: the columns and rows of an export, with other shares."""
    on_delete: Annotated[Input[Literal["keep", "restore"]], means.AtEnd()]
    """Whether the shares stay as they are when the resource is destroyed, or those from before it come back.
    Default: ``keep``."""


class AllocationHoursProvider(Lifecycle):
    token = "ringcx:AllocationHours"  # noqa: S105
    args = AllocationHoursArgs
    noun = "allocation hours"
    path: ClassVar[tuple[str, ...]] = ("group", "profile")

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def problems(self, args: Values) -> Iterable[Failure]:
        if ("hours" in args) == ("file" in args):
            yield Failure("", "give either hours or file")
        rows = args.get("hours")
        if not isinstance(rows, list) or unknown(rows):
            return
        destinations = [row["destination"] for row in rows]
        if len(set(destinations)) < len(destinations):
            yield Failure("hours", "a destination has two rows")
        off = hours_off_100([row["percent"] for row in rows])
        if off:
            yield Failure("hours", f"the shares of each hour must make 100 percent: {', '.join(off[:4])}")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "profile":
            return references.same(old, new)
        if field.name == "hours" and isinstance(old, list) and isinstance(new, list):
            return _by_destination(old) == _by_destination(new)
        if field.name == "file" and isinstance(old, str) and isinstance(new, str):
            return old.split() == new.split()
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        group, profile = references.below(args["profile"], self.api.account_id, self.path)
        before = self._write(group, profile, args)
        id_ = references.join(self.api.account_id, group, profile)
        return id_, {**self.outputs(args, {}), WAY_BACK: before}

    def look(self, id_: str, olds: Values) -> Values | None:
        group, profile = references.below(id_, self.api.account_id, self.path)
        try:
            assigned = self._assigned(group, profile)
            text = self.api.export_hours(group, profile) if assigned else ""
        except NotFound:
            return None
        if not assigned:
            return None
        table = HoursTable.read(text, assigned)
        seen: Values = {}
        if "file" in olds:
            seen["file"] = _as_given(str(olds["file"]), text, table, assigned)
        else:
            order = {row["destination"]: place for place, row in enumerate(olds.get("hours") or [])}
            account_and_group = references.parent(id_)
            rows = [
                {"destination": f"{account_and_group}/{assigned[key]}", "percent": shares}
                for key, shares in table.shares().items()
            ]
            seen["hours"] = sorted(rows, key=lambda row: order.get(row["destination"], len(order)))
        outs = self.refreshed({MANAGED: ["hours", "profile"], "profile": id_, **olds}, seen)
        return {**outs, WAY_BACK: olds.get(WAY_BACK, "")}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        group, profile = references.below(id_, self.api.account_id, self.path)
        if {"hours", "file"} & set(self.changed(olds, args)):
            self._write(group, profile, args)
        return {**self.outputs(args, {}), WAY_BACK: olds.get(WAY_BACK, "")}

    def remove(self, id_: str, olds: Values) -> None:
        if olds.get("on_delete") != "restore" or not olds.get(WAY_BACK):
            return
        group, profile = references.below(id_, self.api.account_id, self.path)
        try:
            assigned = self._assigned(group, profile)
            before = HoursTable.read(str(olds[WAY_BACK]), assigned)
            self.api.import_hours(group, profile, before.text(), before.extension)
        except NotFound:
            return

    # Steps

    def _assigned(self, group: str, profile: str) -> dict[str, str]:
        """Destination numbers by assignment number."""
        return {
            str(one[client.ASSIGNMENT_ID]): str(part(one.get("cloudDestination")).get(client.DESTINATION_ID))
            for one in self.api.list_assigned(group, profile)
        }

    def _write(self, group: str, profile: str, args: Values) -> str:
        """Import the declared shares, and return the file as it was before."""
        assigned = self._assigned(group, profile)
        before = self.api.export_hours(group, profile)
        table = HoursTable.read(before, assigned)
        wanted = self._wanted(table, assigned, args)
        if wanted.shares() == table.shares():
            return before
        try:
            self.api.import_hours(group, profile, wanted.text(), wanted.extension)
            now = HoursTable.read(self.api.export_hours(group, profile), assigned)
            if now.shares() != wanted.shares():
                raise Incomplete("ringcx: the imported shares are not the ones that the vendor exports now.")
        except Exception as error:
            raise self._put_back(group, profile, table, assigned, error) from error
        return before

    def _wanted(self, table: HoursTable, assigned: dict[str, str], args: Values) -> HoursTable:
        if "file" in args:
            given = HoursTable.read(str(args["file"]), assigned)
            wanted = table.with_rows_of(given)
        else:
            by_destination = _by_destination(args["hours"])
            if set(by_destination) != set(assigned.values()):
                raise DeclarationError(
                    f"the rows are for destinations {', '.join(sorted(by_destination))}, but the profile has "
                    f"{', '.join(sorted(assigned.values()))}; give a row for each of them"
                )
            wanted = table.with_shares({key: by_destination[number] for key, number in assigned.items()})
        off = hours_off_100(wanted.shares().values())
        if off:
            raise DeclarationError(f"the shares of each hour must make 100 percent: {', '.join(off[:4])}")
        return wanted

    def _put_back(
        self, group: str, profile: str, table: HoursTable, assigned: dict[str, str], cause: Exception
    ) -> VoiceRoutingError:
        """Try to undo an import, and say how that went."""
        try:
            now = HoursTable.read(self.api.export_hours(group, profile), assigned)
            if now.shares() != table.shares():
                self.api.import_hours(group, profile, table.text(), table.extension)
            return Incomplete(f"{cause} The shares are as they were before.")
        except Exception as error:
            kept = keep(f"hours-{profile}", ".csv", table.text())
            return Incomplete(
                f"{cause} Putting the old shares back failed as well ({error}). They are kept in {kept}: "
                "import that file in the portal, or run `pulumi up` again."
            )


class AllocationHours(Resource, lifecycle=AllocationHoursProvider):
    """Shares of a profile's calls by hour of the day ("percent allocation hours").

    The present file is exported first, its columns, order and delimiter are kept, and the import is verified by another
    export. When it goes wrong the old file is imported again. Calls: CR-17, CR-18 (``percentAllocationHours``).

    Refuses: hours whose shares do not make 100 percent, and rows that do not match the profile's destinations.
    """

    profile: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[AllocationHoursArgs]) -> None:
        self._declare(resource_name, args, opts)


def _as_given(given: str, text: str, table: HoursTable, assigned: Iterable[str]) -> str:
    """The program's file while it says what the vendor's says, in whatever order and form; else the vendor's."""
    try:
        return given if HoursTable.read(given, assigned).shares() == table.shares() else text
    except UnexpectedAnswer:  # made for other assignments
        return text


def _by_destination(rows: Iterable[dict[str, Any]]) -> dict[str, list[int]]:
    return {references.last(str(row["destination"])): [int(share) for share in row["percent"]] for row in rows}
