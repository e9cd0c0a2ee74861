"""However a program orders the resources of a live line, every call is answered between any two requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.cloud_routing.steps import Steps
from tests.conftest import NewStack
from tests.emulated import Emulated, Json, operations
from tests.stacks import Stack

NUMBER = "+18005550100"
TARGETS = {"desk": "+13035550100", "desk2": "+13035550101", "desk3": "+13035550102"}
PARTS = ("split", "overrides", "live", "numbers")


@dataclass(frozen=True)
class Line:
    """A line with desks. Its parts are declared in the given order, and wait for each other as it is said."""

    shares: Mapping[str, int]
    live: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"live": ("desk", "support")})
    """Targets by the names of the activations."""
    off: Sequence[str] = ()
    """Desks that are declared with ``active=False``."""
    on: Sequence[str] = ()
    """Desks that are declared with ``active=True``."""
    overrides: Sequence[str] = ()
    """Desks at which the number has a team of its own."""
    desks: Sequence[str] = ("desk", "desk2")
    order: Sequence[str] = PARTS
    waits: bool = True
    """Whether an activation depends on the parts before it."""

    def __call__(self) -> None:
        group = ringcx.RouteGroup("group", name="Support routing")
        targets: dict[str, Any] = {}
        for name in self.desks:
            switch: dict[str, Any] = {"active": name in self.on} if name in {*self.on, *self.off} else {}
            targets[name] = ringcx.Destination(
                name, group_id=group.id, name=name, kind="DID", target=TARGETS[name], **switch
            )
        targets["support"] = ringcx.Profile(
            "support", group_id=group.id, name="Support", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
        )
        done: list[pulumi.Resource] = []
        for part in self.order:
            before = pulumi.ResourceOptions(depends_on=list(done) if self.waits else [])
            done += self._part(part, targets, before)

    def _part(self, part: str, targets: Mapping[str, Any], before: pulumi.ResourceOptions) -> list[pulumi.Resource]:
        if part == "split":
            links: list[ringcx.AssignedDestination] = [
                {"destination": targets[name], "allocation_percent": share} for name, share in self.shares.items()
            ]
            return [ringcx.ProfileDestinations("split", profile=targets["support"], destinations=links)]
        if part == "overrides":
            return [
                ringcx.DnisOverride(f"team-{name}", destination=targets[name], dnis=NUMBER, target="+13035550199")
                for name in self.overrides
            ]
        if part == "live":
            return [
                ringcx.Activation(name, targets=[targets[one] for one in ones], opts=before)
                for name, ones in self.live.items()
            ]
        pool = ringcx.DnisPool("pool", numbers=[{"dnis": NUMBER}])
        opts = pulumi.ResourceOptions.merge(before, pulumi.ResourceOptions(depends_on=[pool]))
        return [pool, ringcx.DnisAssignment("number", dnis=NUMBER, profile=targets["support"], opts=opts)]


FIRST = Line({"desk": 100})
BOTH = Line({"desk": 70, "desk2": 30}, {"live": ("desk", "desk2", "support")})
APART = replace(BOTH, live={"live": ("desk", "support"), "late": ("desk2",)})
BACKWARDS = ("numbers", "live", "overrides", "split")

CHANGES: Mapping[str, tuple[Line, Line]] = {
    "a desk comes": (FIRST, BOTH),
    "a desk comes, and nothing waits": (FIRST, replace(BOTH, waits=False)),
    "a desk comes, and the activation is first": (FIRST, replace(BOTH, order=BACKWARDS, waits=False)),
    "a desk goes": (BOTH, FIRST),
    "a desk goes, and nothing waits": (BOTH, replace(FIRST, waits=False)),
    "a desk goes, and the activation is first": (BOTH, replace(FIRST, order=BACKWARDS, waits=False)),
    "a desk is switched off as its share goes": (
        replace(BOTH, on=["desk2"], live=FIRST.live),
        replace(FIRST, off=["desk2"]),
    ),
    "a desk gives way to another": (
        BOTH,
        Line({"desk": 70, "desk3": 30}, {"live": ("desk", "desk3", "support")}, desks=("desk", "desk3")),
    ),
    "an activation becomes two": (BOTH, APART),
    "an activation becomes two, the new one first": (
        BOTH,
        replace(BOTH, live={"early": ("desk2",), "live": ("desk", "support")}),
    ),
    "an activation becomes two, and nothing waits": (
        BOTH,
        replace(APART, live={"live": ("desk2",), "late": ("desk", "support")}, order=BACKWARDS, waits=False),
    ),
    "two activations become one": (APART, BOTH),
    "a target goes from one to the other": (
        APART,
        replace(APART, live={"live": ("support",), "late": ("desk", "desk2")}),
    ),
    "a target goes back": (
        replace(APART, live={"live": ("support",), "late": ("desk", "desk2")}),
        APART,
    ),
}  # fmt: skip


@pytest.fixture
def steps(emulator: Emulated) -> Iterator[Steps]:
    with Steps(emulator) as steps:
        yield steps


@pytest.fixture
def stepped(new_stack: NewStack, steps: Steps) -> Stack:
    """A stack each of whose requests is looked at."""
    return new_stack(RINGCX_BASE_URL=steps.url)


def switched_off(calls: Sequence[Json]) -> list[str]:
    """The paths of what was switched off."""
    return [
        one["path"]
        for one in calls
        if one["path"].endswith("setIsActive") and not (one["request"] or {}).get("isActive")
    ]


@pytest.mark.parametrize("order", [PARTS, BACKWARDS], ids=["forwards", "backwards"])
def test_a_new_desk_gets_calls_when_its_own_overrides_are_there(
    order: Sequence[str], emulator: Emulated, stepped: Stack, steps: Steps
) -> None:
    stepped.up(FIRST)
    with emulator.recording() as calls:
        stepped.up(replace(BOTH, overrides=["desk2"], order=order, waits=False))
    writes = operations(calls, writes=True)
    assert writes.index("CR-20") < writes.index("CR-08") < writes.index("CR-16")
    assert steps.worst("Support") == 1


@pytest.mark.parametrize("operation", ["CR-08", "CR-15", "CR-16"])
def test_every_call_is_answered_when_the_vendor_says_no(
    operation: str, emulator: Emulated, stepped: Stack, steps: Steps
) -> None:
    before, after = CHANGES["a desk comes, and the activation is first"]
    stepped.up(before)
    steps.answered.clear()
    emulator.faults({"match": {"operation": operation}, "fault": "status", "code": 403})
    stepped.fails(after)

    emulator.clear()
    stepped.up(after)
    assert steps.worst("Support") == 1


@pytest.mark.parametrize("change", CHANGES)
def test_every_call_is_answered(change: str, emulator: Emulated, stepped: Stack, steps: Steps) -> None:
    before, after = CHANGES[change]
    stepped.up(before)
    steps.answered.clear()

    with emulator.recording() as calls:
        stepped.up(after)

    assert steps.worst("Support") == 1
    named = {one["destinationName"]: one["isActive"] for one in emulator.records("CloudRouteDestination")}
    assert {name for name, on in named.items() if on} == set(after.shares)
    assert len(switched_off(calls)) == len(set(before.shares) - set(after.shares))
