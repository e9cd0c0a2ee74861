"""Single resources become rows of a fleet and single resources again, and nothing is written to the vendor."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from pulumi_voice_routing.commands.fleet_state import FleetState
from pulumi_voice_routing.errors import VoiceRoutingError
from tests.emulated import Emulated
from tests.gate.conftest import run
from tests.stacks import Stack

GROUP = "from pulumi_voice_routing import ringcx\ngroup = ringcx.RouteGroup('g', name='G')\n"
SINGLE = (
    GROUP
    + "phones = {'denver': '+13035551234', 'aspen': '+13035551235'}\n"
    + "desks = {name: ringcx.Destination(name, group_id=group.id, name=name, kind='DID', target=phone, \n"
    + "                                  auth_key='hush')\n"
    + "         for name, phone in phones.items()}\n"
)
FLEET = (
    GROUP
    + "rows = [{'name': 'denver', 'phone': '+13035551234'}, {'name': 'aspen', 'phone': '+13035551235'}]\n"
    + "desks = ringcx.Destination.fleet('desks', rows, group_id=group.id, name='{name}', kind='DID', \n"
    + "                                 target='{phone}', auth_key='hush')\n"
)
USED = (
    "line = ringcx.Profile('p', group_id=group.id, name='P', routing_type='PERCENT_ALLOCATION',\n"
    "                      percent_alloc_type='DAILY')\n"
    "shares = [{'destination': desk, 'allocation_percent': 50} for desk in desks.values()]\n"
    "ringcx.ProfileDestinations('split', profile=line, destinations=shares)\n"
)


def written(stack: Stack, source: str) -> None:
    stack.write_program(source)
    settings = f"name: lines\nruntime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
    (stack.folder / "work" / "Pulumi.yaml").write_text(settings)


def test_there_and_back_without_a_write(emulator: Emulated, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    work = stack.folder / "work"
    written(stack, SINGLE + USED)
    stack.cli("up", "--yes", "--skip-preview")
    options = ("--stack", "dev", "--cwd", work, "--write")
    there = emulator.state()

    shown = run("fleet", "gather", "ringcx:Destination", "desks", "--stack", "dev", "--cwd", work)
    assert (shown.code, shown.error) == (0, "")
    assert "name,target\naspen,+13035551235\ndenver,+13035551234\n" in shown.out
    assert "ringcx.Destination.fleet(\n    'desks',\n    rows='desks.csv',\n    key='name'," in shown.out
    assert "hush" not in shown.out

    written(stack, FLEET + USED)
    done = run("fleet", "gather", "ringcx:Destination", "desks", *options)
    assert done.out.endswith("wants to change nothing.\n"), done
    assert "hush" not in stack.cli("stack", "export")
    ids = stack.state()["desks"]["outputs"]["ids"]

    written(stack, SINGLE + USED)
    done = run("fleet", "spread", "desks", *options)
    assert done.out.endswith("wants to change nothing.\n"), done
    assert {name: stack.state()[name]["id"] for name in ids} == ids
    assert emulator.state() == there


URN = "urn:pulumi:dev::lines::pulumi-python:dynamic/ringcx:Destination::"


def single(name: str, **more: Any) -> dict[str, Any]:
    type_ = "pulumi-python:dynamic/ringcx:Destination"
    return {"urn": URN + name, "type": type_, "id": f"1/2/{name}", "inputs": {}, "outputs": {}, **more}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ([], "the stack has no ringcx:Destination whose name fits '*'"),
        ([single("a"), single("b", parent="urn:x")], "they differ in parent"),
        ([single("a"), single("b", dependencies=[URN + "a"])], "some of them depend on others of them"),
        ([single("__a")], "cannot be a key"),
        (
            [single("a"), {"urn": URN + "x", "type": "t:t:T", "parent": URN + "a"}],
            "'x' hangs below what would be another resource",
        ),
    ],
)
def test_what_cannot_be_gathered(resources: list[dict[str, Any]], said: str) -> None:
    state = FleetState({"deployment": {"resources": resources}}, "lines", "dev")
    with pytest.raises(VoiceRoutingError, match=re.escape(said)):
        state.gather("ringcx:Destination", "desks")


def test_what_cannot_be_spread() -> None:
    for name, said in (("desks", "no fleet"), ("a", "no fleet")):
        with pytest.raises(VoiceRoutingError, match=said):
            FleetState({"deployment": {"resources": [single("a")]}}, "lines", "dev").spread(name)
    with pytest.raises(VoiceRoutingError, match="there are no fleets of ringcx:Activation"):
        FleetState({"deployment": {"resources": []}}, "lines", "dev").gather("ringcx:Activation", "all")
