"""What a program leaves to others stays as they have it, on the real engine."""

from __future__ import annotations

import pulumi
import pytest

from pulumi_voice_routing import registry, ringcx
from pulumi_voice_routing.lifecycle.declaring import why_ignores_nothing
from tests.emulated import Emulated
from tests.examples import ref
from tests.stacks import Program, Stack


def program(description: str, *ignored: str) -> Program:
    def program() -> None:
        opts = pulumi.ResourceOptions(ignore_changes=list(ignored)) if ignored else None
        made = ringcx.Destination(
            "denver",
            group_id=ref("1000"),
            name="Denver",
            kind="DID",
            target="+13035551234",
            description=description,
            opts=opts,
        )
        pulumi.export("id", made.id)

    return program


def by_hand(emulator: Emulated, number: str) -> None:
    path = f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{number}"
    there = emulator.api("GET", path)
    sent = {name: there[name] for name in ("destinationName", "destinationType", "destinationDesc")}
    emulator.api("PUT", path, {**sent, "routeDestination": "13035559999"})


def held(emulator: Emulated, number: str) -> tuple[str, str]:
    one = emulator.record("CloudRouteDestination", "cloudDestinationId", number)
    assert one is not None
    return one["routeDestination"], one["destinationDesc"]


def test_an_ignored_target_stays_as_somebody_set_it(emulator: Emulated, stack: Stack) -> None:
    number = stack.up(program("old")).outputs["id"].rpartition("/")[2]
    by_hand(emulator, number)

    run = stack.fails(program("new"))
    assert "target of destination" in run.error
    assert "+13035559999 there, +13035551234 in the program" in run.error
    assert held(emulator, number) == ("13035559999", "old")

    ignored = stack._run("up", program("new", "target"), "--yes", "--skip-preview")
    assert not ignored.failed, ignored.console
    assert held(emulator, number) == ("13035559999", "new")

    stack.refresh()
    stack.up(program("newer", "target"))
    assert held(emulator, number) == ("13035559999", "newer")


def test_a_word_that_is_no_argument_is_told(emulator: Emulated, stack: Stack) -> None:
    run = stack.up(program("old", "targt", "description"))
    (told,) = {line for line in run.said if "ignore_changes" in line}
    assert "ringcx.Destination 'denver': ignore_changes names 'targt', which is not an argument of it" in told
    assert "did you mean target?" in told


@pytest.mark.parametrize(
    ("token", "path", "said"),
    [
        ("ringcx:ProfileDestinations", "destinations[0].percent", "'percent', which is not a field of destinations"),
        ("ringcx:ProfileDestinations", "destinations[*].allocation_percnt", "did you mean allocation_percent?"),
        ("ringcx:ProfileDestinations", '["destination"]', "did you mean destinations?"),
        ("ringcx:ProfileDestinations", "destinations[0].allocation_percent", ""),
        ("ringcx:ProfileDestinations", '["destinations"][0]', ""),
        ("ringex:AnsweringRule", "callers[0].callerId", "did you mean caller_id?"),
        ("ringex:AnsweringRule", "schedule.weakly", "'weakly', which is not a field of schedule"),
        ("ringex:AnsweringRule", "schedule.weekly.monday[0].till", "'till', which is not a field of schedule"),
        ("ringex:AnsweringRule", "schedule.weekly.monday[0].to", ""),
        ("ringcx:HttpService", "headers.Content-Type", ""),
        ("ringcx:Destination", "*", ""),
    ],
)
def test_a_path_that_names_nothing_is_told(token: str, path: str, said: str) -> None:
    found = why_ignores_nothing(registry.provider_for(token).model, path)
    assert said in found
    assert bool(found) is bool(said)
