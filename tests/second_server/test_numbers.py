"""Numbers at a server whose search is late, whose uploads take quotes as they are told, and who keeps what it likes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import Incomplete
from pulumi_voice_routing.lifecycle.provider import Partly
from tests.examples.numbers import pool, ready_profile
from tests.second_server.lives import Resource, World
from tests.second_server.ways import PLAIN, Ways

SIX = [f"+1303555010{place}" for place in range(1, 7)]
LATE: Ways = frozenset({"lag"})
ONE, OTHER = SIX[:2]


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    """A server in the ways that a test asks for."""
    return World(getattr(request, "param", PLAIN), tmp_path)


late = pytest.mark.parametrize("world", [LATE, LATE | {"no_owners"}], indirect=True, ids=["late", "late, no owners"])


def owners(world: World) -> dict[str, Any]:
    """Who answers each number."""
    return {f"+{one['dnis']}": one.get("cloudProfileId") for one in world.portal.records("AssignedDnis")}


@late
def test_a_number_is_made_and_answered_in_one_run(world: World) -> None:
    profile = ready_profile(world.portal, "Support")
    number, answered = Resource(world, "ringcx:Dnis"), Resource(world, "ringcx:DnisAssignment")

    def run() -> None:
        number.provider.create(number.checked({"dnis": ONE, "description": "Denver"}))
        answered.provider.create(answered.checked({"dnis": ONE, "profile": profile}))

    world.run(run)

    assert owners(world) == {ONE: int(profile.rpartition("/")[2])}


@late
def test_six_move_in_one_run_and_none_is_ever_without_an_owner(world: World) -> None:
    first, second = (ready_profile(world.portal, name) for name in ("First", "Second"))
    pool(world.portal, *SIX)
    numbers = Resource(world, "ringcx:DnisAssignments")
    numbers.create({"numbers": SIX, "profile": first})

    def nobody_is_lost() -> None:
        assert set(owners(world)) == set(SIX)
        assert None not in owners(world).values()

    world.server.after_each = nobody_is_lost
    numbers.update({"numbers": SIX, "profile": second})

    assert set(owners(world).values()) == {int(second.rpartition("/")[2])}
    assert numbers.refresh() == {}


MANY = [f"+130355502{place:02}" for place in range(30)]


@late
def test_more_than_are_asked_one_by_one_are_made_and_move_in_one_run(world: World) -> None:
    first, second = (ready_profile(world.portal, name) for name in ("First", "Second"))
    pool_, numbers = Resource(world, "ringcx:DnisPool"), Resource(world, "ringcx:DnisAssignments")

    def run() -> None:
        pool_.provider.create(pool_.checked({"numbers": [{"dnis": one, "notes": "new"} for one in MANY]}))
        numbers.provider.create(numbers.checked({"numbers": MANY, "profile": first}))

    world.run(run)
    assert owners(world) == dict.fromkeys(MANY, int(first.rpartition("/")[2]))

    taken = Resource(world, "ringcx:DnisAssignments")
    taken.create({"numbers": MANY, "profile": second})
    assert owners(world) == dict.fromkeys(MANY, int(second.rpartition("/")[2]))


@late
def test_a_number_is_released_and_given_away_in_one_run(world: World) -> None:
    first, second = (ready_profile(world.portal, name) for name in ("First", "Second"))
    pool(world.portal, ONE)
    before, after = (Resource(world, "ringcx:DnisAssignment") for _ in range(2))
    before.create({"dnis": ONE, "profile": first})

    def run() -> None:
        before.provider.delete(before.there.id, before.there.outs)
        after.provider.create(after.checked({"dnis": ONE, "profile": second}))

    world.run(run)

    assert owners(world) == {ONE: int(second.rpartition("/")[2])}


@late
def test_a_number_that_was_made_a_moment_ago_ends_all_the_same(world: World) -> None:
    number = Resource(world, "ringcx:Dnis")
    args = {"dnis": ONE, "on_delete": "delete"}

    def run() -> None:
        made = number.provider.create(number.checked(args))
        number.provider.delete(made.id, made.outs or {})

    world.run(run)

    assert world.portal.record("DnisPool", "dnis", ONE.removeprefix("+")) is None


FILE = 'dnis,dnisDescription,dnisCategory\n13035550101,"Sales, Denver",VOICE\n13035550102,"The ""Peak""",VOICE\n'


def test_an_upload_with_commas_and_quotes_arrives_as_it_is(world: World) -> None:
    numbers = Resource(world, "ringcx:DnisPool")
    numbers.create({"file": FILE})

    records = {one["dnis"]: one for one in world.portal.records("DnisPool")}
    assert records["13035550101"]["dnisDescription"] == "Sales, Denver"
    assert records["13035550102"]["dnisDescription"] == 'The "Peak"'
    assert {records[one]["dnisCategory"] for one in ("13035550101", "13035550102")} == {"VOICE"}
    assert numbers.refresh() == {}
    assert not numbers.differs({"file": FILE})


@pytest.mark.parametrize("world", [frozenset({"quotes_are_letters"})], indirect=True)
def test_an_upload_that_arrives_otherwise_is_told(world: World) -> None:
    numbers = Resource(world, "ringcx:DnisPool")
    with pytest.raises(Partly, match=r"""\+13035550101: .* dnisDescription is '"Sales' there, not 'Sales, Denver'"""):
        numbers.create({"file": FILE})


def test_a_record_that_is_kept_otherwise_is_told(world: World) -> None:
    world.server.store.kept_otherwise["DnisPool", "dnisCategory"] = "VOICE"
    number = Resource(world, "ringcx:Dnis")
    with pytest.raises((Incomplete, Partly), match="dnisCategory is 'VOICE' there, not 'FAX'"):
        number.create({"dnis": ONE, "category": "FAX"})


def test_a_field_that_is_kept_otherwise_is_told_and_is_drift(world: World) -> None:
    world.server.store.kept_otherwise["CloudRouteDestination", "monSched"] = "0000-2400"
    destination = Resource(world, "ringcx:Destination")
    plain = {"group_id": "123456/1000", "name": "Denver", "kind": "DID", "target": "+13035551234"}
    args = {**plain, "monday_schedule": "0800-1700"}

    destination.create(args)

    said = [line for line in world.told if "monday_schedule" in line]
    assert said == [
        f"ringcx: destination {destination.there.id}: monday_schedule is '0000-2400' there, not '0800-1700'; "
        "the next preview shows the difference."
    ]
    assert destination.differs(args)
    assert destination.refresh() == {"monday_schedule": "0000-2400"}
    assert destination.differs(args)


def test_a_field_that_is_spelled_otherwise_is_no_drift(world: World) -> None:
    world.server.store.kept_otherwise["CloudRouteDestination", "monSched"] = "MON 08-17"
    destination = Resource(world, "ringcx:Destination")
    plain = {"group_id": "123456/1000", "name": "Denver", "kind": "DID", "target": "+13035551234"}

    destination.create({**plain, "monday_schedule": "mon 08-17"})

    assert destination.refresh() == {}
    assert not destination.differs({**plain, "monday_schedule": "mon 08-17"})
