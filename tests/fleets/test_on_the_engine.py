"""A fleet's whole life on the real engine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import portsip, ringcx
from tests.emulated import Emulated
from tests.examples import ref
from tests.stacks import Program, Stack

DESKS = {"denver": "+13035551234", "boulder": "+13035551235", "aspen": "+13035551236"}


def program(desks: dict[str, str], also: Callable[[Any], Any] = str) -> Program:
    def program() -> None:
        rows = [{"name": name, "phone": phone} for name, phone in desks.items()]
        fleet = ringcx.Destination.fleet(
            "desks", rows=rows, group_id=ref("1000"), name="{name}", kind="DID", target="{phone}"
        )
        also(fleet)
        pulumi.export("ids", {key: row.id for key, row in fleet.items()})
        pulumi.export("target", fleet["denver"].target)

    return program


def at_the_vendor(emulator: Emulated) -> dict[str, str]:
    there = emulator.api("GET", "/cloudRouteDestinationGroups/1000/cloudRouteDestinations")
    return {one["destinationName"]: one["routeDestination"] for one in there}


def test_rows_come_change_and_go_in_one_resource(emulator: Emulated, stack: Stack) -> None:
    run = stack.up(program(DESKS))

    assert run.changes["desks"] == "create"
    assert at_the_vendor(emulator) == {name: phone.removeprefix("+") for name, phone in DESKS.items()}
    ids = run.outputs["ids"]
    assert len(set(ids.values())) == 3
    assert run.outputs["target"] == DESKS["denver"]

    with emulator.recording() as calls:
        assert stack.preview(program(DESKS), refresh=True).changes == {}
    assert [call["operation"] for call in calls] == ["CR-03"]

    run = stack.up(program({**DESKS, "denver": "+13035551299", "vail": "+13035551237"}))
    assert run.changes == {"desks": "update"}
    assert {key: run.outputs["ids"][key] for key in ids} == ids
    assert at_the_vendor(emulator)["denver"] == "13035551299"

    run = stack.up(program({"denver": DESKS["denver"]}))
    assert run.changes == {"desks": "delete-replaced"}
    assert run.outputs["ids"] == {"denver": ids["denver"]}
    gone = [line for line in run.said if "was left in place" in line]
    assert len(gone) == 3, run.console
    stack.destroy()


def shared_out(desks: dict[str, str]) -> Program:
    def program() -> None:
        fleet = ringcx.Destination.fleet(
            "desks",
            rows=[{"name": name, "phone": phone} for name, phone in desks.items()],
            group_id=ref("1000"),
            name="{name}",
            kind="DID",
            target="{phone}",
        )
        profile = ringcx.Profile(
            "line", group_id=ref("1000"), name="Line", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
        )
        share = 100 // len(desks)
        rows: list[Any] = [{"destination": one, "allocation_percent": share} for one in fleet.values()]
        rows[0]["allocation_percent"] += 100 - share * len(desks)
        split = ringcx.ProfileDestinations("split", profile=profile, destinations=rows)
        ringcx.Activation("live", targets=[*fleet.values(), profile], opts=pulumi.ResourceOptions(depends_on=[split]))

    return program


def test_a_row_leaves_with_all_that_used_it(emulator: Emulated, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stack.env.items():  # a program has the environment of its engine, and asks for the state
        monkeypatch.setenv(name, value)
    stack.up(shared_out(DESKS))
    more = {**DESKS, "vail": "+13035551237"}
    shown = stack._run("preview", shared_out(more), "--diff").console
    assert '"vail"' in shown
    assert '"denver"' not in shown
    plan = stack.preview(shared_out(more))
    assert plan.changes == {"desks": "update", "split": "update", "live": "update"}
    split = next(step for step in plan.steps if step.name == "split")
    known = [row["destination"] for row in split.new["destinations"]]
    assert known[:3] == [row["destination"] for row in split.old["destinations"]]
    stack.up(shared_out(more))

    fewer = {name: phone for name, phone in more.items() if name != "denver"}
    stack.up(shared_out(fewer))
    assert at_the_vendor(emulator) == {name: phone.removeprefix("+") for name, phone in more.items()}
    stack.destroy()


def test_what_somebody_changed_about_a_row_is_put_back_by_nobody_unseen(emulator: Emulated, stack: Stack) -> None:
    ids = stack.up(program(DESKS), quiet=False).outputs["ids"]
    edits = {"denver": {"routeDestination": "13035559999"}, "boulder": {"destinationDesc": "by hand"}}
    for name, edit in edits.items():
        path = f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{ids[name].rpartition('/')[2]}"
        there = emulator.api("GET", path)
        kept = {one: there[one] for one in ("destinationName", "destinationType", "routeDestination")}
        emulator.api("PUT", path, {**kept, **edit})

    changed = {name: f"{phone[:-1]}9" for name, phone in DESKS.items()}
    first, *_ = stack.fails(program(changed)).lines
    assert first.startswith('ringcx: 1 of 3 rows failed, 2 are done: row "denver": target of destination ')
    assert "was changed by somebody since the last look" in first
    others = {name: phone.removeprefix("+") for name, phone in changed.items()}
    assert at_the_vendor(emulator) == {**others, "denver": "13035559999"}
    notes = {one["destinationName"]: one.get("destinationDesc") for one in emulator.records("CloudRouteDestination")}
    assert notes["boulder"] == "by hand"

    def alone() -> None:
        rest = {name: phone for name, phone in changed.items() if name != "denver"}
        rows = [{"name": name, "target": phone} for name, phone in rest.items()]
        ringcx.Destination.fleet("desks", rows, group_id=ref("1000"), name="{name}", kind="DID", target="{target}")
        given = {"group_id": ref("1000"), "name": "denver", "target": DESKS["denver"]}
        ringcx.Destination("denver", kind="DID", adopt=True, **given)

    for _ in range(2):  # the first run has made the fleet's new copy, which does not have the row
        first, *_ = stack.fails(alone).lines
        assert first.startswith("ringcx: target of destination ")
        assert at_the_vendor(emulator)["denver"] == "13035559999"


def test_a_row_that_was_about_to_leave_comes_back(emulator: Emulated, stack: Stack) -> None:
    ids = stack.up(program(DESKS), quiet=False).outputs["ids"]
    emulator.faults({"match": {"operation": "CR-04"}, "fault": "status", "code": 400, "times": 1})

    def vail(fleet: Any) -> None:
        opts = pulumi.ResourceOptions(depends_on=[fleet])
        ringcx.Destination("vail", opts, group_id=ref("1000"), name="vail", kind="DID", target="+13035551237")

    fewer = {name: phone for name, phone in DESKS.items() if name != "aspen"}
    stack.fails(program(fewer, vail))  # so that the old copy of the fleet, with all of its rows, is still to end
    shutil.rmtree(stack.cache)  # on another machine

    assert stack.up(program(DESKS)).outputs["ids"] == ids


def test_rows_that_stay_are_left_alone_by_a_process_that_does_not_know_them(emulator: Emulated, stack: Stack) -> None:
    def declare(numbers: list[str], process: str) -> None:
        mine = pulumi.ResourceOptions(provider=pulumi.ProviderResource("pulumi-python", process, {}))
        portsip.BlockedNumber.fleet("blocked", [{"number": one} for one in numbers], key="number", opts=mine)

    numbers = ["+13035550101", "+13035550102", "+13035550103"]
    stack.up(partial(declare, numbers, "one"), quiet=False)
    ids = stack.state()["blocked"]["outputs"]["ids"]
    with emulator.recording() as calls:
        stack.up(partial(declare, numbers[1:], "another"))
    ended = [call["path"] for call in calls if call["path"].endswith("/destroy")]
    assert [path.split("/")[-2] for path in ended] == [ids[numbers[0]].rpartition("/")[2]]
    assert list((stack.cache / "copies").iterdir()) == []


@pytest.mark.whole_run
def test_what_is_ignored_of_rows_is_not_ignored_of_new_ones(
    emulator: Emulated, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in stack.env.items():  # a program has the environment of its engine, and asks for the state
        monkeypatch.setenv(name, value)

    def declare(phone: str, *names: str, ignore: list[str] | None = None, **more: str) -> None:
        rows = [{"name": name} for name in names]
        opts = pulumi.ResourceOptions(ignore_changes=ignore)
        given = {"group_id": ref("1000"), "target": phone, **more}
        ringcx.Destination.fleet("desks", rows, opts=opts, name="{name}", kind="DID", **given)

    stack.up(partial(declare, "+13035551234", 'a "b" [c]', "vail"), quiet=False)
    stack.up(partial(declare, "+13035551299", 'a "b" [c]', "aspen", ignore=["target"]))

    there = at_the_vendor(emulator)
    assert (there['a "b" [c]'], there["aspen"]) == ("13035551234", "13035551299")

    # A new copy of the fleet ignores as well what somebody changed in the portal, also where it writes something else.
    emulator.change_record("CloudRouteDestination", "destinationName", "aspen", routeDestination="13035551255")
    stack.up(partial(declare, "+13035551200", "aspen", ignore=["target"], description="new"), quiet=False)
    (aspen,) = [one for one in emulator.records("CloudRouteDestination") if one["destinationName"] == "aspen"]
    assert (aspen["routeDestination"], aspen["destinationDesc"]) == ("13035551255", "new")
