"""One object, one owner: resources are replaced, renamed and moved, and what callers reach goes on all the while.

Each way is tried with a line of many types in one program, on the real engine. :class:`tests.stacks.Stack` sees to it
that afterwards a refresh finds nothing and a second preview plans nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx, ringex
from tests.conftest import NewStack
from tests.emulated import Emulated, Json
from tests.examples import ref
from tests.numbers.account import Account, digits
from tests.stacks import Program, Run, Stack

Options = Callable[[str], pulumi.ResourceOptions]
"""What the program says of a resource beside its arguments, by its short name."""

NUMBERS = digits(6)
GROUP = ref("1000")
_SWITCHES = {"CloudRouteDestination": "isActive", "CloudRouteProfile": "isActive", "RemoteHttpService": "isEnabled"}
_KINDS = ("CloudRouteAssignedDestination", "CloudRouteDestinationOverride", "RemoteHttpServiceInput", "DnisPool")


class Line:
    """Objects that were made by hand, and resources that stand for what is theirs."""

    def __init__(self, portal: Emulated) -> None:
        self.portal = portal
        self.numbers = Account(portal)
        self.desk, self.other = portal.destination("Desk", active=True), portal.destination("Other", active=True)
        self.profile = portal.profile("Hand", percentAllocType="HOURLY")
        for rank, destination in enumerate((self.desk, self.other), 1):
            portal.assign(self.profile, destination, 50, rank)
        self.service = portal.http_service("CRM")

    def program(
        self, prefix: str = "old", options: Options | None = None, *, adopt: bool = False, fails: bool = False
    ) -> Program:
        """The resources under a name each; ``adopt`` is said where the type has it, and the last one may fail."""
        say = options or (lambda _: pulumi.ResourceOptions())
        own: dict[str, Any] = {"adopt": True} if adopt else {}

        def program() -> None:
            def made(kind: Any, called: str, /, *after: pulumi.Resource, **args: Any) -> Any:
                needs = pulumi.ResourceOptions(depends_on=list(after))
                opts = pulumi.ResourceOptions.merge(say(called), needs)
                everything.append(kind(f"{prefix}-{called}", **args, opts=opts))
                return everything[-1]

            everything: list[pulumi.Resource] = []

            denver = made(
                ringcx.Destination, "denver", group_id=GROUP, name="Denver", kind="DID", target="+13035551234", **own
            )
            support = made(
                ringcx.Profile,
                "support",
                group_id=GROUP,
                name="Support",
                routing_type="PERCENT_ALLOCATION",
                percent_alloc_type="DAILY",
                **own,
            )
            shares = [{"destination": denver, "allocation_percent": 100}]
            split = made(ringcx.ProfileDestinations, "split", profile=support, destinations=shares, **own)
            live = made(ringcx.Activation, "live", split, targets=[denver, support])
            made(
                ringcx.DnisOverrides,
                "overrides",
                destination=denver,
                overrides=[{"dnis": "+13035550190", "target": "+13035551999"}],
                **own,
            )
            made(
                ringcx.DnisOverride,
                "override",
                destination=denver,
                dnis="+13035550191",
                target="+13035551998",
                **own,
            )
            made(
                ringcx.AllocationHours,
                "hours",
                profile=ref("1000", self.profile),
                hours=[
                    {"destination": ref("1000", self.desk), "percent": [60] * 24},
                    {"destination": ref("1000", self.other), "percent": [40] * 24},
                ],
                on_delete="restore",
            )
            inputs = made(
                ringcx.HttpServiceInputs,
                "inputs",
                service=ref("1000", self.service),
                inputs=[{"name": "ani"}, {"name": "dnis", "value": "none"}],
                **own,
            )
            made(
                ringcx.Activation,
                "service",
                inputs,
                targets=[{"kind": "http_service", "id": ref("1000", self.service)}],
            )
            record = made(ringcx.Dnis, "record", dnis=NUMBERS[0], on_delete="deactivate")
            pool = made(ringcx.DnisPool, "pool", numbers=[{"dnis": one} for one in NUMBERS[1:]], on_delete="deactivate")
            made(ringcx.DnisAssignment, "answer", live, record, dnis=NUMBERS[0], profile=support)
            made(ringcx.DnisAssignments, "answers", live, pool, numbers=NUMBERS[1:], profile=support)
            made(
                ringex.BuiltInAnsweringRule,
                "after-hours",
                extension_id="~",
                rule="after-hours",
                action="TakeMessagesOnly",
            )
            if fails:
                last = pulumi.ResourceOptions(depends_on=everything)
                ringcx.RouteGroup("last", name="Nowhere", adopt_id=ref("4711"), opts=last)

        return program

    def held(self) -> Json:
        """What callers meet: what is on, the entries of lists, who answers each number, and the shares of each hour."""
        objects = self.portal.state()["objects"]
        on = {
            f"{kind} {name}": one[flag]
            for kind, flag in _SWITCHES.items()
            for one in objects[kind]
            if (name := one.get("destinationName") or one.get("profileName") or one.get("serviceDescription"))
        }
        entries = {kind: sorted((_without_times(one) for one in objects[kind]), key=str) for kind in _KINDS}
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{self.profile}/assignedDestinations"
        return {
            "on": on,
            **entries,
            "numbers": self.numbers.owners(),
            "hours": self.portal.api("POST", f"{path}/percentAllocationHours/export"),
            "rules": objects["RingExAnsweringRule"],
        }


def _without_times(one: Json) -> Json:
    return {name: value for name, value in one.items() if "Date" not in name and "Time" not in name}


def ends(calls: list[Json]) -> Iterator[str]:
    """Whatever took something away or switched it off."""
    for call in calls:
        body = call["request"]
        said = body if isinstance(body, list) else [body]
        off = any(
            isinstance(one, dict) and one.get(flag) is False for one in said for flag in ("isActive", "isEnabled")
        )
        if call["method"] == "DELETE" or (call["method"] == "PUT" and off):
            yield f"{call['method']} {call['path']} {body}"


@pytest.fixture
def line(emulator: Emulated) -> Line:
    """The line, before any run."""
    return Line(emulator)


def goes_on(line: Line, change: Callable[[], Run]) -> Run:
    """Make a change of which callers notice nothing."""
    before = line.held()
    with line.portal.recording() as calls:
        run = change()
    assert list(ends(calls)) == []
    assert line.held() == before
    return run


def aliased(old: str) -> Options:
    """The resource had another prefix before."""
    return lambda name: pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{old}-{name}")])


class Floor(pulumi.ComponentResource):
    """A component that resources move into."""

    def __init__(self) -> None:
        super().__init__("lines:index:Floor", "floor")


def in_a_component() -> Options:
    """The resource was at the top before."""
    floors: list[Floor] = []

    def say(_: str) -> pulumi.ResourceOptions:
        floors.extend([] if floors else [Floor()])
        return pulumi.ResourceOptions(parent=floors[0], aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])

    return say


def taint(stack: Stack) -> set[str]:
    """Have the engine replace everything; the names of it."""
    urns = [one["urn"] for one in stack.state().values()]
    for urn in urns:
        stack.cli("state", "taint", urn, "--yes")
    return set(stack.state())


def lines(run: Run) -> str:
    """Everything that was said."""
    return "\n".join(run.said)


def test_replaced(line: Line, stack: Stack) -> None:
    stack.up(line.program())
    replaced = taint(stack)

    run = goes_on(line, lambda: stack.up(line.program()))

    assert {step.name for step in run.steps if step.op == "replace"} == replaced
    for said in (
        "goes on under the resource name 'old-denver'",
        "destinations of a profile 123456/1000/1002 go on under the resource name 'old-split'",
        "+13035550190 of destination 1003 goes on under the resource name 'old-overrides'",
        "stays on under the resource name 'old-live'",
        f"1 numbers go on under the resource name 'old-answer': +{NUMBERS[0]}",
    ):
        assert said in lines(run)


def test_replaced_in_two_runs(line: Line, stack: Stack) -> None:
    stack.up(line.program())
    taint(stack)

    goes_on(line, lambda: stack.fails(line.program(fails=True)))
    shutil.rmtree(stack.cache)
    stack.cache.mkdir()
    goes_on(line, lambda: stack.up(line.program()))


def test_replaced_and_given_another_provider(line: Line, new_stack: NewStack) -> None:
    """The engine has another process for the other provider, and the one that ends old copies has seen no program."""
    stack = new_stack(PULUMI_SKIP_CHECKPOINTS="false")  # which users do not set: the state tells what is new

    def other_program() -> None:
        other = pulumi.ProviderResource("pulumi-python", "other", {})
        line.program("old", lambda _: pulumi.ResourceOptions(provider=other))()

    stack.up(line.program())
    taint(stack)

    run = goes_on(line, lambda: stack.up(other_program))

    assert "stays on under the resource name 'old-live'" in lines(run)


@pytest.mark.parametrize("runs", [1, 2])
def test_replaced_with_old_copies_deleted_first(runs: int, line: Line, stack: Stack) -> None:
    """The engine deletes whatever is in an object before the program comes to it."""

    def first(_: str) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(delete_before_replace=True)

    stack.up(line.program("old", first))
    taint(stack)

    if runs == 2:
        goes_on(line, lambda: stack.fails(line.program("old", first, fails=True)))
    goes_on(line, lambda: stack.up(line.program("old", first)))


def test_renamed(line: Line, stack: Stack) -> None:
    stack.up(line.program())

    goes_on(line, lambda: stack.up(line.program("new", adopt=True)))

    assert all(name.startswith("new-") for name in stack.state())


def test_renamed_in_two_runs(line: Line, stack: Stack) -> None:
    stack.up(line.program())

    goes_on(line, lambda: stack.fails(line.program("new", adopt=True, fails=True)))
    shutil.rmtree(stack.cache)
    stack.cache.mkdir()
    goes_on(line, lambda: stack.up(line.program("new", adopt=True)))

    assert all(name.startswith("new-") for name in stack.state())


def test_half_renamed_and_the_run_is_to_leave_the_new_ones_out(line: Line, stack: Stack, tmp_path: Path) -> None:
    """The engine asks about nothing else then, and what else is there is in the state alone."""
    stack.up(line.program())
    new = line.program("new", adopt=True)
    stack.fails(line.program("new", adopt=True, fails=True))
    stack.keep(tmp_path / "half")
    left_out = {"up": ("--exclude", "**::new-*"), "destroy": ("--target", "**::old-*")}

    for operation, option in left_out.items():
        stack.put_back(tmp_path / "half")
        program = new if operation == "up" else None
        run = goes_on(line, lambda: stack._run(operation, program, "--yes", "--skip-preview", *option))  # noqa: B023

        assert not run.failed, run.console
        assert {step.op for step in run.steps if step.name.startswith("old-")} == {"delete"}
        assert all(name.startswith("new-") for name in stack.state())
    stack.is_quiet(new)


def test_renamed_without_a_word(line: Line, stack: Stack) -> None:
    """It stops before anything is lost, and the advice that it gives loses nothing."""
    stack.up(line.program())

    refused = goes_on(line, lambda: stack.fails(line.program("new")))

    assert "adopt=True" in "".join(refused.lines)
    goes_on(line, lambda: stack.up(line.program("new", adopt=True)))


@pytest.mark.parametrize("moved", [("new", aliased("old")), ("old", in_a_component())], ids=["renamed", "component"])
def test_moved_with_an_alias(moved: tuple[str, Options], line: Line, stack: Stack) -> None:
    stack.up(line.program())

    run = goes_on(line, lambda: stack.up(line.program(*moved)))

    assert set(run.changes) <= {"floor"}


@pytest.mark.parametrize("with_program", [False, True])
def test_a_destroy_ends_everything(
    with_program: bool, line: Line, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program that runs with it declares nothing that would have to stay."""
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
    before = line.held()
    stack.up(line.program())

    if with_program:
        ended = stack._run("destroy", line.program(), "--yes", "--skip-preview", "--run-program")
        assert not ended.failed, ended.console
    else:
        stack.destroy()

    after = line.held()
    assert stack.state() == {}
    assert [name for name, on in after["on"].items() if on] == [name for name, on in before["on"].items() if on]
    assert set(after["numbers"].values()) == {None}
    assert after["hours"] == before["hours"]
    assert after["rules"] == before["rules"]


def together(line: Line) -> Program:
    """One resource for two overrides, one for two switches, and one for two numbers."""

    def program() -> None:
        overrides: list[ringcx.Override] = [
            {"dnis": dnis, "target": "+13035551999"} for dnis in ("+13035550190", "+13035550191")
        ]
        ringcx.DnisOverrides("both-overrides", destination=ref("1000", line.desk), overrides=overrides, adopt=True)
        targets: list[ringcx.ActivationTarget] = [
            {"kind": "destination", "id": ref("1000", one)} for one in (line.desk, line.other)
        ]
        ringcx.Activation("both-on", targets=targets)
        numbers: list[Any] = [{"dnis": one} for one in NUMBERS[:2]]
        ringcx.DnisPool("both-numbers", numbers=numbers, on_delete="deactivate")

    return program


def apart(line: Line) -> Program:
    """A resource for each, of the type for one where there is one."""

    def program() -> None:
        desk = ref("1000", line.desk)
        first: ringcx.Override = {"dnis": "+13035550190", "target": "+13035551999"}
        ringcx.DnisOverrides("first-override", destination=desk, overrides=[first], adopt=True)
        ringcx.DnisOverride("second-override", destination=desk, dnis="+13035550191", target="+13035551999", adopt=True)
        for place, one in enumerate((line.desk, line.other)):
            ringcx.Activation(f"on-{place}", targets=[{"kind": "destination", "id": ref("1000", one)}])
        for number in NUMBERS[:2]:
            ringcx.Dnis(f"number-{number}", dnis=number, on_delete="deactivate")

    return program


@pytest.mark.parametrize(("before", "after"), [(together, apart), (apart, together)], ids=["split", "joined"])
def test_a_resource_for_many_and_resources_for_one(
    before: Callable[[Line], Program], after: Callable[[Line], Program], line: Line, stack: Stack
) -> None:
    stack.up(before(line))

    goes_on(line, lambda: stack.up(after(line)))
