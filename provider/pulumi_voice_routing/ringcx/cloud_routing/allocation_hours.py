"""Shares by hour of the day: exported, changed, imported, verified, and put back when the import goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required, Unpack

import pulumi
from pulumi import Input, Output
from pydantic import Field
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import Immutable, Percent, Reference
from ...lifecycle.resource import Options, Resource
from .destination import Destination
from .hours_import import HoursSet
from .hours_table import HOURS
from .profile import Profile

HourlyShares = Annotated[list[Percent], Field(min_length=HOURS, max_length=HOURS)]


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


class AllocationHoursProvider(HoursSet):
    token = "ringcx:AllocationHours"  # noqa: S105
    args = AllocationHoursArgs
    noun = "allocation hours"
    after = ("ringcx:ProfileDestinations",)


class AllocationHours(Resource, lifecycle=AllocationHoursProvider):
    """Shares of a profile's calls by hour of the day ("percent allocation hours").

    The present file is exported first, its columns, order and delimiter are kept, and the import is verified by another
    export. When it goes wrong the old file is imported again. A destination of this program that is to get calls of an
    active profile is switched on first. Calls: CR-17, CR-18 (``percentAllocationHours``).

    Refuses: hours whose shares do not make 100 percent, rows that do not match the profile's destinations, and
    hours in which an active profile would have fewer calls answered than now.
    """

    profile: Output[str]
    """The profile, or its id; another profile means another table."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[AllocationHoursArgs]) -> None:
        self._declare(resource_name, args, opts)
