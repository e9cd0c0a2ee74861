"""Which calls of a profile a destination gets: by limits, and by the shares of a table or a file."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import LINK_ID, UNKNOWN
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    but,
    destination,
    ends,
    ends_after,
    hours,
    hours_file,
    impact,
    one,
    route,
    split,
)

Values = dict[str, Any]
NOTHING: Values = {}
ZERO, SOME, LATER = ({"ring_duration": said} for said in (0, 20, UNKNOWN))
WINS = {"override": True}


@pytest.mark.parametrize(
    ("own", "link", "said"),
    [
        (NOTHING, NOTHING, None),
        (NOTHING, SOME, None),
        (NOTHING, ZERO, "what ring_duration of 0 does to calls is not documented"),
        (NOTHING, LATER, "whether ring_duration is 0 is not known before the run"),
        (SOME, ZERO, "what ring_duration of 0 does to calls is not documented"),
        (ZERO, NOTHING, "what ring_duration of 0 does to calls is not documented"),
        (ZERO, SOME, "what ring_duration of 0 does to calls is not documented"),
        (ZERO, {**SOME, **WINS}, None),
        (LATER, NOTHING, "whether ring_duration is 0 is not known before the run"),
        (LATER, {**SOME, **WINS}, None),
        (SOME, {**ZERO, **WINS}, "what ring_duration of 0 does to calls is not documented"),
    ],
)
def test_limits_of_a_destination_and_of_its_link(own: dict[str, Any], link: dict[str, Any], said: str | None) -> None:
    set_ = split((2001, 100))
    (row,) = set_.props["destinations"]
    linked = replace(set_, props={**set_.props, "destinations": [{**row, **link}]})
    expected = f"unknown ({said})" if said else f"number {DENVER}"
    assert ends(but(LINE, destination("denver", 2001, DENVER, **own), linked)) == {expected: 100}


MORNING, EVENING = [100] * 12 + [0] * 12, [0] * 12 + [100] * 12
DENVER_FIRST, AUSTIN_FIRST = ((f"number {one}", f"number {other}") for one, other in permutations((DENVER, AUSTIN)))
WHOSE = "unknown (which destination a share of the file is for is in a form that is not documented)"
NO_SHARE = "unknown (a share of the profile's calls is not part of this configuration, or not known before the run)"


@pytest.mark.parametrize(
    ("keys", "links", "live", "expected"),
    [
        ("71 72", {"71": "2001", "72": "2002"}, {}, DENVER_FIRST),
        ("71 72", {"71": "2002", "72": "2001"}, {}, AUSTIN_FIRST),
        ("71 72", {"71": "2001", "72": "2002"}, {"2001": "72", "2002": "71"}, AUSTIN_FIRST),
        ("71 72", {}, {"2001": "71", "2002": "72"}, DENVER_FIRST),
        ("71 72", {}, {"2001": "71"}, (WHOSE, WHOSE)),
        ("71 72", {"71": "2001"}, {}, (WHOSE, WHOSE)),
        ("71 72", {}, {}, (WHOSE, WHOSE)),
        ("Denver Austin", {}, {}, DENVER_FIRST),
        ("Austin Denver", {"71": "2001", "72": "2002"}, {}, AUSTIN_FIRST),
        ("Denver", {}, {}, (NO_SHARE, NO_SHARE)),
        ("71 72 73", {}, {}, (NO_SHARE, NO_SHARE)),
        ("71 71", {}, {}, (WHOSE, WHOSE)),
        ("", {}, {}, (NO_SHARE, NO_SHARE)),
    ],
)
def test_whose_the_shares_of_a_file_are(
    keys: str, links: dict[str, str], live: dict[str, str], expected: tuple[str, str]
) -> None:
    """The vendor's ids tell it, as it shows them now or as the state notes them, and else the names."""
    set_ = split((2001, None), (2002, None))
    rows = [
        {**row, **({LINK_ID: live[at]} if (at := str(row["destination"])[-4:]) in live else {})}
        for row in set_.rows("destinations")
    ]
    table = hours_file(*zip(keys.split(), (MORNING, EVENING, [0] * 24), strict=False), links=links)
    line = but(LINE, replace(set_, props={**set_.props, "destinations": rows}), table)
    assert tuple(str(*ends(line, minute=hour * 60)) for hour in (0, 12)) == expected


def test_a_file_that_does_not_make_a_whole_leaves_more_open() -> None:
    line = but(LINE, split((2001, None), (2002, None)))
    whole, part = (hours_file(("71", [60] * 24), ("72", [rest] * 24)) for rest in (40, 30))
    (change,) = [change for there in impact(but(line, whole), but(line, part)) for change in there.changes]
    assert str(change.after) == WHOSE
    two = [hours_file(("Denver", MORNING), ("Austin", EVENING)), hours((2001, MORNING), (2002, EVENING))]
    assert ends(but(line, two[0], replace(two[1], urn="urn:more"))) == {NO_SHARE: 100}


@pytest.mark.parametrize("by_file", [False, True])
@pytest.mark.parametrize(("at_end", "stays"), [(None, True), ("keep", True), ("restore", False)])
def test_shares_by_hour_that_leave_stay_or_are_those_from_before(by_file: bool, at_end: Any, stays: bool) -> None:
    line = but(LINE, split((2001, None), (2002, None)))
    table = (
        hours_file((f"{GROUP}/2001", [100] * 24), (f"{GROUP}/2002", [0] * 24), on_delete=at_end)
        if by_file
        else hours((2001, [100] * 24), (2002, [0] * 24), on_delete=at_end)
    )
    assert ends_after(line, but(line, table)) == (ends(but(line, table)) if stays else {NO_SHARE: 100})


def test_each_schedule_of_a_destination_closes_its_own_days() -> None:
    given = {"monday_schedule": "9-5", "tuesday_schedule": "9-6", "thursday_schedule": "9-5"}
    line = but(LINE, destination("denver", 2001, DENVER, **given), split((2001, 100)))
    days = [str(*ends(line, minute=day * 24 * 60)) for day in range(7)]
    untold, open_ = "unknown (how schedules are written is not documented)", f"number {DENVER}"
    assert days == [untold, untold, open_, untold, open_, open_, open_]
    week = route(line).week
    assert week.at(0) == week.at(3 * 24 * 60) != week.at(24 * 60)


def test_an_override_of_another_kind_is_another_override() -> None:
    set_ = split((2001, 100))
    (row,) = set_.props["destinations"]
    at = f"{GROUP}/2001"
    over = one("ringcx:DnisOverride", "over", f"{at}/1", destination=at, dnis=NUMBER, target="+13035551009")
    for kind, expected in (("DID", "number +13035551009"), ("IVR", "unknown (which of several overrides wins is not")):
        mine = {**row, "override": True, "kind": kind, "target": "+13035551009"}
        line = but(LINE, over, replace(set_, props={**set_.props, "destinations": [mine]}))
        assert str(*ends(line)).startswith(expected)
