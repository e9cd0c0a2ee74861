"""Kill -9 while the rows of a fleet are made, changed and ended: the next run ends as if it had not been."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.main_program import Kill, MainProgram, stack_in
from tests.emulated import Emulated

SOURCE = """
import pulumi
from pulumi_voice_routing import ringcx

adopt = pulumi.Config().get_bool("adopt")
desks = pulumi.Config().get_object("desks") or {f"Desk {place}": f"+1303555{place:04}" for place in range(12)}
group = ringcx.RouteGroup("group", name="Denver", adopt=adopt)
rows = [{"name": name, "phone": phone} for name, phone in desks.items()]
fleet = ringcx.Destination.fleet(
    "desks", rows, group_id=group.id, name="{name}", kind="DID", target="{phone}", adopt=adopt
)
pulumi.export("ids", {key: row.id for key, row in fleet.items()})
"""
CHANGED = {f"Desk {place}": f"+1303556{place:04}" for place in range(4, 16)}
"""Eight rows change, four come, and four go."""
KILLS = (
    (50, Kill("up", "provider", 0, after=True)),
    (70, Kill("up", "engine", 0, after=False, checkpoints=False, forgets=True)),
    (40, Kill("update", "provider", 0, after=False)),
    (60, Kill("update", "engine", 0, after=True, forgets=True)),
    (60, Kill("destroy", "provider", 0, after=True)),
)

pytestmark = [pytest.mark.xdist_group("fleet kills")]


@pytest.fixture(scope="module")
def fleet(
    engine_on_path: Path, pulumi_home: Path, emulator_process: Emulated, tmp_path_factory: pytest.TempPathFactory
) -> MainProgram:
    stack = stack_in(tmp_path_factory.mktemp("crash"), pulumi_home, emulator_process)
    return MainProgram(emulator_process, stack, SOURCE, {"desks": json.dumps(CHANGED)})


@pytest.mark.parametrize(
    "kill",
    [pytest.param((percent, kill), id=f"{kill}".replace("request 0", f"{percent} %")) for percent, kill in KILLS],
)
def test_no_row_is_made_twice_and_none_is_left(kill: tuple[int, Kill], fleet: MainProgram, emulator: Emulated) -> None:
    percent, plan = kill
    at = fleet.requests[plan.operation] * percent // 100
    assert fleet.go_through(replace(plan, at=at)), "there was nothing to kill"
