"""Shares of calls that do not make 100 percent."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...errors import VoiceRoutingError, some_of
from ...lifecycle import meaning as means
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ...plan.liveness import hourly_shares, shares
from ...ringcx.cloud_routing.completeness import total_off_100
from ...ringcx.cloud_routing.hours_table import HOURS, HoursTable, hours_off_100
from ..rule import Rule, Settings, Violation, Words

_HURTS = "calls beyond the declared shares would go where nobody decided, or nowhere"


def off_100(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Sets and tables whose shares do not make 100 percent."""
    for one in facts.that(shares):
        (place,) = (place for place in one.roles.places(means.Share) if not place.mark.hourly)
        said = [share for row in one.rows(place.field) if (share := place.of(row)) is not None]
        given = [share for share in said if isinstance(share, int | float)]
        # A share that is missing, while others are given, is none; one that is not known is for the provider to add.
        all_told = one.certain(place.field) and len(given) == len(said)
        off = total_off_100(given)
        if given and all_told and off is not None:
            yield Violation(
                f"the shares of {one.name!r} make {off:g} percent: {_HURTS}; change them to make 100.",
                one,
                _shares_of(facts, one),
                "100 percent",
                f"{off:g} percent",
            )
    for one in facts.that(hourly_shares):
        hours = hours_off_100(_hourly(one))
        if hours:
            yield Violation(
                f"the hourly shares of {one.name!r} are off 100 percent ({some_of(hours, 3)}): {_HURTS}; "
                "change them so that each hour makes 100.",
                one,
                _shares_of(facts, one),
                "100 percent",
                ", ".join(hours),
            )


def _shares_of(facts: Facts, one: Resource) -> str:
    divided = facts.parent(one)
    if divided is None or divided is UNKNOWN:
        return f"{noun_of(one.type)} {one.name!r}"
    return facts.in_approvals(divided)


def _hourly(resource: Resource) -> list[list[int]]:
    """A row of 24 shares for each destination; no rows at all when they cannot be told."""
    file = resource.role(means.EntriesFile)
    if isinstance(file, str):
        return _of_file(file)
    (place,) = (place for place in resource.roles.places(means.Share) if place.mark.hourly)
    rows = [place.of(row) for row in resource.rows(place.field)]
    told = [
        row for row in rows if isinstance(row, list) and len(row) == HOURS and all(isinstance(one, int) for one in row)
    ]
    return told if resource.certain(place.field) and len(told) == len(rows) else []


def _of_file(text: str) -> list[list[int]]:
    # Whose rows they are does not matter to their sum, so that any column may stand for the assignments.
    keys = {re.split(r"[,|\t]", line)[0].strip('"') for line in text.splitlines()[1:] if line.strip()}
    try:
        return list(HoursTable.read(text, keys).shares().values())
    except VoiceRoutingError:  # a file in another form: the provider holds it against the vendor's own
        return []


PERCENT_TOTALS = Rule(
    name="percent-totals",
    title="Shares of calls add up to 100 percent.",
    triggers="The shares in a `ProfileDestinations` do not add up to 100, or those of an `AllocationHours`, given as "
    "a table or as a file, do not add up to 100 in every hour of the day.",
    matters="For the share of callers that is missing, no destination was chosen.",
    example="""ringcx.AllocationHours("hours", profile=support, file=pulumi.FileAsset("hours.csv"))
# stopped: in hours.csv the column of 09:00 has 70 and 20; write 70 and 30""",
    unknowns="The provider adds up shares that are not known yet, before it sends them.",
    words=Words(
        "`profile 1001`; the set or table, such as `profile destinations 'split'`, while the profile is not made yet",
        "`100 percent`",
        "what they make: `90 percent`, `09:00 makes 90`",
    ),
    judge=off_100,
    about=(means.Share,),
    one_by_one=lambda roles: roles.has(means.Share),
)
