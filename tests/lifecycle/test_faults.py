"""The vendor, the network and the machine fail. The next up ends in the declared state, without a duplicate."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.crash.processes import Processes, members
from tests.emulated import Emulated, Json, operations
from tests.stacks import Stack

DAY, NIGHT = [60] * 24, [40] * 24


def whole_line() -> None:
    """Every type, and both kinds of clones."""
    group = ringcx.RouteGroup("sites", name="Sites")
    denver = ringcx.Destination("denver", group_id=group.id, name="Denver", kind="DID", target="+13035551234")
    spare = ringcx.Destination(
        "spare", group_id=group.id, name="Denver spare", kind="DID", target="+13035551299", clone_of=denver.id
    )
    boulder = ringcx.Destination("boulder", group_id=group.id, name="Boulder", kind="DID", target="+13035551235")
    support = ringcx.Profile(
        "support", group_id=group.id, name="Support", routing_type="PERCENT_ALLOCATION", percent_alloc_type="HOURLY"
    )
    copy = ringcx.Profile(
        "copy",
        group_id=group.id,
        name="Support copy",
        routing_type="PERCENT_ALLOCATION",
        percent_alloc_type="HOURLY",
        clone_of=support.id,
    )
    split = ringcx.ProfileDestinations(
        "split",
        profile=support,
        destinations=[
            {"destination": denver, "allocation_percent": 70},
            {"destination": boulder, "allocation_percent": 30},
        ],
        # The vendor's copies take along what is linked at the time.
        opts=pulumi.ResourceOptions(depends_on=[spare, copy]),
    )
    hours = ringcx.AllocationHours(
        "hours",
        profile=split.profile,
        hours=[{"destination": denver, "percent": DAY}, {"destination": boulder, "percent": NIGHT}],
        opts=pulumi.ResourceOptions(depends_on=[split]),
    )
    after_spare = pulumi.ResourceOptions(depends_on=[spare])
    ringcx.DnisOverride("one", destination=denver, dnis="+13035550101", target="+13035550171", opts=after_spare)
    ringcx.DnisOverrides(
        "many",
        destination=boulder,
        overrides=[
            {"dnis": "+13035550102", "target": "+13035550172"},
            {"dnis": "+13035550103", "target": "+13035550173"},
        ],
    )
    ringcx.Activation(
        "live", targets=[denver, boulder, support], opts=pulumi.ResourceOptions(depends_on=[split, hours])
    )


def the_line_is_there_once(emulator: Emulated) -> None:
    """What ``whole_line`` declares, and nothing besides."""
    assert sorted(one["groupName"] for one in emulator.records("CloudRouteGroup")) == ["Default", "Default", "Sites"]
    assert {one["destinationName"]: one["isActive"] for one in emulator.records("CloudRouteDestination")} == {
        "Denver": True,
        "Denver spare": False,
        "Boulder": True,
    }
    assert {one["profileName"]: one["isActive"] for one in emulator.records("CloudRouteProfile")} == {
        "Support": True,
        "Support copy": False,
    }
    assert sorted(
        (one["allocationPercent"], one["allocationPercentHours"].split(",")[0])
        for one in emulator.records("CloudRouteAssignedDestination")
    ) == [(30, "40"), (70, "60")]
    assert sorted(one["dnis"] for one in emulator.records("CloudRouteDestinationOverride")) == [
        "13035550101",
        "13035550102",
        "13035550103",
    ]
    assert len(emulator.records("CloudRouteDestination")) == 3
    assert len(emulator.records("CloudRouteProfile")) == 2


WRITES = [
    *("CRb-01", "CR-04", "CR-07", "CR-08", "CR-09", "CR-12", "CR-13"),
    *("CR-15", "CR-16", "CR-18", "CR-20", "CR-21"),
]


@pytest.mark.parametrize("fault", ["lost_answer", "reset", "truncate", "created_201"])
def test_a_fault_in_the_first_call_of_every_write_leaves_no_trace(fault: str, emulator: Emulated, stack: Stack) -> None:
    # The vendor documents 201 for creates only.
    writes = [one for one in WRITES if fault != "created_201" or one not in ("CR-08", "CR-13", "CR-16")]
    emulator.faults(*({"match": {"operation": operation}, "fault": fault} for operation in writes))

    with emulator.recording() as calls:
        stack.up(whole_line, quiet=False)

    assert {call["operation"] for call in calls if call["fault"] == fault} == set(writes)
    the_line_is_there_once(emulator)
    stack.is_quiet(whole_line)


@pytest.mark.parametrize(
    "retry_after", [None, 1, lambda: formatdate(time.time() + 1, usegmt=True)], ids=["silent", "seconds", "date"]
)
def test_a_burst_of_429_is_waited_out(
    retry_after: int | Callable[[], str] | None, emulator: Emulated, stack: Stack
) -> None:
    when = {} if retry_after is None else {"retry_after": retry_after() if callable(retry_after) else retry_after}
    emulator.faults({"match": {"method": "POST"}, "fault": "rate_limit", "times": 3, **when})

    with emulator.recording() as calls:
        stack.up(one_destination, quiet=False)

    assert Counter(call["status"] for call in calls if call["operation"] == "CR-04") == {429: 3, 200: 1}
    assert len(emulator.records("CloudRouteDestination")) == 1
    stack.is_quiet(one_destination)


def test_429_for_longer_than_we_may_wait_is_one_line(emulator: Emulated, stack: Stack) -> None:
    stack.env["VOICE_ROUTING_MAX_WAIT_SECONDS"] = "1"
    emulator.faults({"match": {"operation": "CR-04"}, "fault": "rate_limit", "times": 100, "retry_after": 30})

    error = stack.fails(one_destination).error

    assert "429" in error
    assert "VOICE_ROUTING_MAX_WAIT_SECONDS" in error
    emulator.clear()
    stack.up(one_destination)
    assert len(emulator.records("CloudRouteDestination")) == 1


def test_an_update_that_turns_the_switch_over_is_turned_back(emulator: Emulated, stack: Stack) -> None:
    def program(description: str) -> Callable[[], None]:
        def declare() -> None:
            office(name="Denver", description=description, active=True)
            office(name="Boulder", description=description, active=False)
            office(name="Aspen", description=description)

        return declare

    stack.up(program("before"))
    emulator.faults({"match": {"operation": "CR-06"}, "fault": "flip_is_active", "times": 3})

    stack.up(program("after"))

    assert {
        one["destinationName"]: (one["destinationDesc"], one["isActive"])
        for one in emulator.records("CloudRouteDestination")
    } == {"Denver": ("after", True), "Boulder": ("after", False), "Aspen": ("after", False)}


@pytest.mark.parametrize("refresh", [False, True])
def test_a_switch_that_could_not_be_turned_back_is_turned_back_by_the_next_run(
    emulator: Emulated, stack: Stack, refresh: bool
) -> None:
    stack.up(one_destination)
    (made,) = emulator.records("CloudRouteDestination")
    emulator.switch("Destination", str(made["cloudDestinationId"]), on=True)
    emulator.faults(
        {"match": {"operation": "CR-06"}, "fault": "flip_is_active"},
        {"match": {"operation": "CR-08"}, "fault": "status", "code": 500},
    )

    def described() -> None:
        office(name="Denver", description="main line")

    assert "CR-08" in stack.fails(described).error
    assert [one["isActive"] for one in emulator.records("CloudRouteDestination")] == [False]
    if refresh:
        stack.refresh()

    stack.up(described)

    assert [one["isActive"] for one in emulator.records("CloudRouteDestination")] == [True]
    stack.is_quiet(described)


def test_a_field_that_somebody_cleared_is_seen_and_set_again(emulator: Emulated, stack: Stack) -> None:
    def program() -> None:
        office(name="Denver", description="main line", city="Denver")

    stack.up(program)
    (made,) = emulator.records("CloudRouteDestination")
    emulator.change_record(
        "CloudRouteDestination", "cloudDestinationId", str(made["cloudDestinationId"]), destinationDesc=None
    )

    assert stack.refresh().changes == {"Denver": "update"}
    stack.up(program)

    assert [one["destinationDesc"] for one in emulator.records("CloudRouteDestination")] == ["main line"]
    emulator.forget_journal()  # the contract knows no nulls


def test_a_page_of_html_in_place_of_every_answer_makes_nothing_gone(emulator: Emulated, stack: Stack) -> None:
    stack.up(one_destination)
    emulator.faults({"fault": "html", "code": 404, "times": 100})

    assert "Nothing is known to be gone" in stack.refresh_fails().error
    assert "Nothing is known to be gone" in stack.destroy_fails().error
    emulator.clear()

    assert stack.refresh().changes == {}
    stack.is_quiet(one_destination)


def test_a_failure_after_the_vendor_said_yes_keeps_the_id(emulator: Emulated, stack: Stack) -> None:
    def program() -> None:
        office(name="Denver", active=True)

    emulator.faults({"match": {"operation": "CR-08"}, "fault": "status", "code": 400})

    error = stack.fails(program).error

    assert "CR-08" in error
    assert stack.state()["Denver"]["id"] == "123456/1000/1001"
    stack.up(program)
    assert [one["isActive"] for one in emulator.records("CloudRouteDestination")] == [True]


def one_destination() -> None:
    """The smallest program that creates something."""
    office(name="Denver")


def office(*, name: str, **more: Any) -> ringcx.Destination:
    """A destination in the default group."""
    return ringcx.Destination(name, group_id="123456/1000", name=name, kind="DID", target="+13035551234", **more)


# Cut off

CUT_OFF = """
import pulumi
from pulumi_voice_routing import ringcx

one, two = (
    ringcx.Destination(name, group_id="123456/1000", name=name, kind="DID", target="+13035551234")
    for name in ("Denver", "Boulder")
)
support = ringcx.Profile("support", group_id="123456/1000", name="Support", routing_type="ROUND_ROBIN")
ringcx.ProfileDestinations("set", profile=support, destinations=[{"destination": one}, {"destination": two}])
ringcx.DnisOverrides("own", destination=one, overrides=[{"dnis": "+13035550101", "target": "+13035550171"}])
"""


@pytest.fixture
def cut_off(stack: Stack) -> Stack:
    """A stack with a program of its own, whose state is written step by step as it is for users."""
    stack.env["PULUMI_SKIP_CHECKPOINTS"] = "false"
    # Without this the engine keeps a second file beside the state, which a kill may leave empty.
    stack.env["PULUMI_BACKEND_URL"] += "?metadata=skip"
    stack.write_program(CUT_OFF)
    return stack


@pytest.mark.parametrize(
    ("victim", "operation"),
    [("engine", "CR-04"), ("provider", "CR-04"), ("engine", "CR-09"), ("engine", "CR-15"), ("engine", "CR-21")],
)
def test_kill_9_during_an_up(victim: str, operation: str, emulator: Emulated, cut_off: Stack) -> None:
    emulator.faults({"match": {"operation": operation}, "fault": "delay_seconds", "seconds": 20, "times": 10})
    up = cut_off.start("up", "--yes", "--skip-preview")
    await_call(emulator, operation, up)
    emulator.clear()
    with Processes(members(up, "provider")) as providers:
        assert len(providers), "no provider was running"
        if victim == "engine":
            os.kill(up.pid, signal.SIGKILL)
        providers.kill()
    up.communicate()

    assert up.returncode != 0
    if victim == "engine":
        cut_off.cli("cancel", "--yes")
    cut_off.cli("up", "--yes", "--skip-preview")
    the_cut_off_line_is_there_once(emulator)
    cut_off.cli("preview", "--expect-no-changes")


def the_cut_off_line_is_there_once(emulator: Emulated) -> None:
    assert sorted(one["destinationName"] for one in emulator.records("CloudRouteDestination")) == ["Boulder", "Denver"]
    assert [one["profileName"] for one in emulator.records("CloudRouteProfile")] == ["Support"]
    assert sorted(one["rank"] for one in emulator.records("CloudRouteAssignedDestination")) == [1, 2]
    assert [one["dnis"] for one in emulator.records("CloudRouteDestinationOverride")] == ["13035550101"]


def test_a_twin_that_no_note_claims_stops_the_up_with_its_id_and_the_way_on(emulator: Emulated, stack: Stack) -> None:
    emulator.destination("Denver")

    error = stack.fails(one_destination).error

    assert "123456/1000/1001" in error
    assert "adopt=True" in error
    assert operations(emulator.journal()).count("CR-04") == 1, "only the one by hand"


def test_an_interrupt_ends_a_long_wait(emulator: Emulated, cut_off: Stack) -> None:
    emulator.faults({"match": {"operation": "CR-04"}, "fault": "rate_limit", "retry_after": 600, "times": 100})
    cut_off.env["VOICE_ROUTING_MAX_WAIT_SECONDS"] = "3600"
    up = cut_off.start("up", "--yes", "--skip-preview")
    await_call(emulator, "CR-04", up)

    up.send_signal(signal.SIGINT)

    console, _ = up.communicate(timeout=120)  # the wait itself would take ten minutes
    assert up.returncode != 0
    assert "stopped while waiting, as asked" in console
    assert "Traceback" not in console
    emulator.clear()
    cut_off.cli("up", "--yes", "--skip-preview")
    the_cut_off_line_is_there_once(emulator)


def await_call(emulator: Emulated, operation: str, up: subprocess.Popen[str]) -> Json:
    """Until the emulator has seen the call. There is nothing to wait on but its journal."""
    again = threading.Event()
    for _ in range(600):
        for call in emulator.journal():
            if call["operation"] == operation:
                return call
        if up.poll() is not None:
            pytest.fail(f"it ended before {operation}:\n{up.communicate()[0]}")
        again.wait(0.1)
    up.kill()
    pytest.fail(f"{operation} never came:\n{up.communicate()[0]}")
