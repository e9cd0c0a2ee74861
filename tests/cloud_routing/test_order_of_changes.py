"""Destinations come to a live line and leave it, and no caller goes without an answer between two requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.errors import Refused
from tests.cloud_routing.line import Line
from tests.cloud_routing.steps import HOURS, Steps, answered
from tests.cloud_routing.test_notes import cut_off_at
from tests.conftest import NewStack
from tests.emulated import Emulated, operations
from tests.examples import ref
from tests.numbers.resources import Managed
from tests.stacks import Program, Stack

NUMBER = "+18005550100"
TARGETS = {"desk": "+13035550100", "desk2": "+13035550101", "desk3": "+13035550102", "desk4": "+13035550103"}
CONTACT_CENTER = Path(__file__).parents[2] / "programs" / "contact_center" / "__main__.py"


def support(shares: Mapping[str, int], hours: Mapping[str, Sequence[int]] | None = None) -> Program:
    """The first program of the README, with these desks."""

    def program() -> None:
        group = ringcx.RouteGroup("support", name="Support routing")
        desks = {
            name: ringcx.Destination(name, group_id=group.id, name=name, kind="DID", target=TARGETS[name])
            for name in shares
        }
        profile = ringcx.Profile(
            "support", group_id=group.id, name="Support", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
        )
        needed: list[pulumi.Resource] = [
            ringcx.ProfileDestinations(
                "support",
                profile=profile,
                destinations=[
                    {"destination": desks[name], "allocation_percent": share} for name, share in shares.items()
                ],
            )
        ]
        if hours:
            rows: list[ringcx.DestinationHours] = [
                {"destination": desks[name], "percent": list(percent)} for name, percent in hours.items()
            ]
            needed += [
                ringcx.AllocationHours(
                    "support", profile=profile, hours=rows, opts=pulumi.ResourceOptions(depends_on=needed)
                )
            ]
        live = ringcx.Activation(
            "support", targets=[*desks.values(), profile], opts=pulumi.ResourceOptions(depends_on=needed)
        )
        pool = ringcx.DnisPool("support", numbers=[{"dnis": NUMBER}])
        ringcx.DnisAssignment(
            "support", dnis=NUMBER, profile=profile, opts=pulumi.ResourceOptions(depends_on=[pool, live])
        )

    return program


@pytest.fixture
def steps(emulator: Emulated) -> Iterator[Steps]:
    with Steps(emulator) as steps:
        yield steps


@pytest.fixture
def stepped(new_stack: NewStack, steps: Steps) -> Stack:
    """A stack each of whose requests is looked at."""
    return new_stack(RINGCX_BASE_URL=steps.url)


def shares(emulator: Emulated) -> dict[str, int]:
    objects = emulator.state()["objects"]
    names = {one["cloudDestinationId"]: one["destinationName"] for one in objects["CloudRouteDestination"]}
    return {
        names[one["cloudDestinationId"]]: one["allocationPercent"] for one in objects["CloudRouteAssignedDestination"]
    }


def on(emulator: Emulated) -> set[str]:
    return {one["destinationName"] for one in emulator.records("CloudRouteDestination") if one["isActive"]}


def test_desks_come_and_go_and_every_call_is_answered(emulator: Emulated, stepped: Stack, steps: Steps) -> None:
    stepped.up(support({"desk": 100}))
    before = len(emulator.journal())

    for change in ({"desk": 70, "desk2": 30}, {"desk2": 100}, {"desk3": 100}, {"desk3": 50, "desk4": 50}):
        stepped.up(support(change))
        assert shares(emulator) == change
        assert on(emulator) == set(change)

    assert steps.worst("Support") == 1
    writes = operations(emulator.journal()[before:], writes=True)
    assert writes.index("CR-08") < writes.index("CR-15") < writes.index("CR-16")


def test_hours_of_a_live_profile_wait_for_whom_they_send_calls_to(stepped: Stack, steps: Steps) -> None:
    stepped.up(support({"desk": 100}, {"desk": [100] * HOURS}))
    both = {"desk": [100] * 12 + [0] * 12, "desk2": [0] * 12 + [100] * 12}
    stepped.up(support({"desk": 100, "desk2": 0}, both))
    assert steps.worst("Support") == 1


def test_a_fourth_site_of_the_main_example(emulator: Emulated, stepped: Stack, steps: Steps) -> None:
    source = CONTACT_CENTER.read_text(encoding="utf-8")
    changed = source
    for old, new in (
        ("# Which of them gets a call", 'vail = ringcx.Destination("vail", group_id=group.id, name="Vail", '
         'kind="DID", target="+13035550109", adopt=adopt)'),
        ('"allocation_percent": 100 - denver_share},', '"allocation_percent": 10},\n'
         '        {"destination": vail, "allocation_percent": 90 - denver_share},'),
        ('{"destination": dublin, "allocation_percent": 0},', '{"destination": dublin, "allocation_percent": 0},\n'
         '        {"destination": vail, "allocation_percent": 0},'),
        ('{"destination": dublin, "percent": [100 if hour in', '{"destination": vail, "percent": [0] * 24},\n'
         '        {"destination": dublin, "percent": [100 if hour in'),
        ("targets=[denver, dublin,", "targets=[vail, denver, dublin,"),
    ):  # fmt: skip
        assert changed.count(old) == 1, old
        changed = changed.replace(old, new)

    stepped.config("numbers", f'["{NUMBER}"]')
    stepped.config("dublinTeams", "{}")
    stepped.up(lambda: exec(source, {}))
    steps.answered.clear()
    stepped.up(lambda: exec(changed, {}))

    assert steps.worst("Support business hours") == 1
    assert steps.worst("Support overflow") == 1
    assert "Vail" in on(emulator)
    assert shares(emulator)["Vail"] in (0, 20)


def test_when_the_switch_is_refused_the_shares_stay(emulator: Emulated, stepped: Stack, steps: Steps) -> None:
    stepped.up(support({"desk": 100}))
    steps.answered.clear()
    emulator.faults({"match": {"operation": "CR-08"}, "fault": "status", "code": 403})

    assert "CR-08" in stepped.fails(support({"desk": 70, "desk2": 30})).error

    assert shares(emulator) == {"desk": 100}
    emulator.clear()
    stepped.up(support({"desk": 70, "desk2": 30}))
    assert shares(emulator) == {"desk": 70, "desk2": 30}
    assert steps.worst("Support") == 1


@pytest.mark.parametrize("operation", ["CR-15", "CR-16", "CRb-21"])
def test_a_run_that_stops_half_way_is_finished_by_the_next(
    operation: str, emulator: Emulated, stepped: Stack, steps: Steps
) -> None:
    stepped.up(support({"desk": 50, "desk3": 50}))
    steps.answered.clear()
    emulator.faults({"match": {"operation": operation}, "fault": "status", "code": 403})

    stepped.fails(support({"desk": 70, "desk2": 30}))

    emulator.clear()
    stepped.up(support({"desk": 70, "desk2": 30}))
    assert shares(emulator) == {"desk": 70, "desk2": 30}
    assert steps.worst("Support") == 1


def test_the_watch_sees_a_share_that_comes_before_the_switch(portal: Emulated) -> None:
    line = Line(portal)
    portal.assign(line.number, line.denver, 60, rank=1)
    portal.assign(line.number, line.vail, 40, rank=2)
    portal.switch("Profile", line.number, on=True)
    assert answered(portal.state()["objects"]) == {"Support": 0.6}


class TestWithoutTheEngine:
    """A live profile, and a destination that this program declares and nobody has switched on yet."""

    @pytest.fixture
    def line(self, portal: Emulated) -> Line:
        line = Line(portal)
        line.up(line.item(line.denver, allocation_percent=100))
        portal.switch("Profile", line.number, on=True)
        return line

    def declare(self, line: Line, **fields: bool) -> str:
        desk = Managed("ringcx:Destination")
        desk.up(group_id=ref("1000"), name="Desk", kind="DID", target=TARGETS["desk"], **fields)
        return desk.id.rpartition("/")[2]

    def test_it_is_switched_on_and_read_back_first(self, portal: Emulated, line: Line) -> None:
        desk = self.declare(line)
        with portal.recording() as calls:
            line.up(line.item(line.denver, allocation_percent=70), line.item(desk, allocation_percent=30))
        assert operations(calls, writes=True) == ["CR-08", "CR-15", "CR-16"]
        switched = operations(calls).index("CR-08")
        assert operations(calls)[switched + 1] == "CR-05"

    def test_one_that_gets_nothing_stays_off(self, portal: Emulated, line: Line) -> None:
        desk = self.declare(line)
        line.up(line.item(line.denver, allocation_percent=100), line.item(desk, allocation_percent=0))
        assert "Desk" not in on(portal)

    def test_one_that_says_it_is_on_but_is_not_gets_nothing(
        self, portal: Emulated, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = self.declare(line)
        monkeypatch.setattr(line.set.provider.api, "set_destination_active", lambda *_: None)
        with pytest.raises(Exception, match="was switched on, but is not active; it gets no share"):
            line.up(line.item(line.denver, allocation_percent=70), line.item(desk, allocation_percent=30))
        assert line.answered() == [int(line.denver)]

    def test_a_killed_run_is_finished_by_the_next(self, portal: Emulated, line: Line) -> None:
        desk = self.declare(line)
        items = line.item(line.denver, allocation_percent=70), line.item(desk, allocation_percent=30)
        cut_off_at(line.set.provider.api, "update_assigned_batch", "list_assigned", lambda: line.up(*items))
        assert answered(portal.state()["objects"]) == {"Support": 1}
        line.up(*items)
        assert [one["allocationPercent"] for one in portal.assigned(line.number)] == [70, 30]
        assert answered(portal.state()["objects"]) == {"Support": 1}

    def test_one_that_is_declared_off_is_refused(self, portal: Emulated, line: Line) -> None:
        desk = self.declare(line, active=False)
        before = portal.state()
        with pytest.raises(Refused, match=f"destination {desk}.*Take active=False away from it, or its share"):
            line.up(line.item(line.denver, allocation_percent=70), line.item(desk, allocation_percent=30))
        assert portal.state() == before

    def test_one_of_somebody_else_is_refused(self, portal: Emulated, line: Line) -> None:
        before = portal.state()
        with pytest.raises(
            Refused, match=f"destination {line.vail}.*More of the calls to it would reach nobody. Declare"
        ):
            line.up(line.item(line.denver, allocation_percent=70), line.item(line.vail, allocation_percent=30))
        assert portal.state() == before

    def test_where_nobody_answers_nothing_can_be_lost(self, portal: Emulated) -> None:
        line = Line(portal)
        line.up(line.item(line.vail, allocation_percent=100))
        portal.switch("Profile", line.number, on=True)
        aspen = portal.destination("Aspen")
        line.up(line.item(aspen, allocation_percent=100))
        assert line.answered() == [int(aspen)]

    def test_so_it_is_by_the_hour(self, portal: Emulated, line: Line) -> None:
        desk, hours = self.declare(line), Managed("ringcx:AllocationHours")

        def rows(last: str) -> list[dict[str, object]]:
            """The last hour goes to one of the two that are off."""
            percents = {number: [0] * 24 for number in (line.denver, desk, line.vail)}
            percents[line.denver][:23] = [100] * 23
            percents[last][23] = 100
            return [{"destination": ref("1000", number), "percent": row} for number, row in percents.items()]

        three = ((line.denver, 100), (desk, 0), (line.vail, 0))
        line.up(*(line.item(number, allocation_percent=share) for number, share in three))
        hours.up(profile=line.profile, hours=rows(line.denver))
        before = portal.state()
        with pytest.raises(Refused, match=f"destination {line.vail}.*More of the calls to it would reach nobody"):
            hours.up(profile=line.profile, hours=rows(line.vail))
        assert portal.state() == before

        hours.up(profile=line.profile, hours=rows(desk))
        assert on(portal) == {"Denver", "Desk"}

    def test_one_that_comes_to_hours_of_the_day_comes_with_nothing(self, portal: Emulated, line: Line) -> None:
        desk, aspen = self.declare(line), portal.destination("Aspen", active=True)
        two = [line.item(line.denver, allocation_percent=100), line.item(aspen, allocation_percent=0)]
        line.up(*two)
        rows = [{"destination": one["destination"], "percent": [50] * HOURS} for one in two]
        Managed("ringcx:AllocationHours").up(profile=line.profile, hours=rows)
        before = portal.state()
        three = [line.item(line.denver, allocation_percent=70), two[1], line.item(desk, allocation_percent=30)]
        for attempt in (
            lambda: line.up(*three),
            lambda: line.set.provider.may_become(line.set.id, line.set.outs, {**line.set.outs, "destinations": three}),
        ):
            with pytest.raises(Refused, match="comes with allocation_percent=0 and gets its calls from the Alloc"):
                attempt()
        assert portal.state() == before
        line.up(*two, line.item(desk, allocation_percent=0))

    def test_one_with_hours_of_its_own_stays(self, portal: Emulated, line: Line) -> None:
        desk, hours = self.declare(line), Managed("ringcx:AllocationHours")
        both = [line.item(line.denver, allocation_percent=100), line.item(desk, allocation_percent=0)]
        line.up(*both)

        def rows(last: int) -> list[dict[str, object]]:
            percents = {line.denver: [100] * 23 + [100 - last], desk: [0] * 23 + [last]}
            return [{"destination": ref("1000", number), "percent": row} for number, row in percents.items()]

        hours.up(profile=line.profile, hours=rows(40))
        before = portal.state()
        with pytest.raises(Refused, match=rf"'Desk' \({desk}\) has shares of its calls by the hour. Give it 0"):
            line.up(both[0])
        assert portal.state() == before
        with pytest.raises(Refused, match="has shares of its calls by the hour"):
            line.set.provider.may_become(line.set.id, line.set.outs, {**line.set.outs, "destinations": [both[0]]})

        hours.up(profile=line.profile, hours=rows(0))
        line.up(both[0])
        assert line.answered() == [int(line.denver)]
