"""A guarded program whose live line gets more rows: in a run, and in a rehearsal of its preview."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulated import Emulated, operations
from tests.stacks import Stack

PROGRAM = """
import pulumi
from pulumi_voice_routing import guard, ringcx
from pulumi_voice_routing.lifecycle.saved_rows import before_the_run

guard()
before_the_run().result()  # the state does not know yet what this run makes
desks = {DESKS}
group = ringcx.RouteGroup("g", name="Denver")
fleet = ringcx.Destination.fleet(
    "desks", [{"name": name, "phone": phone} for name, phone in desks.items()],
    group_id=group.id, name="{name}", kind="DID", target="{phone}", auth_key=pulumi.Output.secret("hush-hush"),
)
lines = ringcx.Profile.fleet(
    "lines", [{"name": "sales"}, {"name": "care"}], group_id=group.id, name="{name}",
    routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY",
)
shares = [{"destination": desk, "allocation_percent": 100 // len(desks)} for desk in fleet.values()]
split = ringcx.ProfileDestinations.fleet(
    "splits", [{"name": name, "profile": line, "destinations": shares} for name, line in lines.items()]
)
first = pulumi.ResourceOptions(depends_on=[split])
live = ringcx.Activation("live", targets=[*fleet.values(), *lines.values()], opts=first)
pool = ringcx.Dnis("number", dnis="+13035550100")
last = pulumi.ResourceOptions(depends_on=[pool, live])
ringcx.DnisAssignment.fleet("answers", [{"name": "+13035550100", "profile": lines["sales"]}], dnis="{name}", opts=last)
"""


def program(**desks: str) -> str:
    return PROGRAM.replace("{DESKS}", repr(desks))


@pytest.mark.whole_run
def test_more_rows_behind_a_live_line(emulator: Emulated, stack: Stack, tmp_path: Path) -> None:
    stack.write_program(program(denver="+13035551234", aspen="+13035551235"))
    stack.cli("up", "--yes", "--skip-preview")
    more = program(denver="+13035551234", aspen="+13035551235", vail="+13035551236", boulder="+13035551237")
    stack.write_program(more)
    preview = tmp_path / "preview.json"
    preview.write_text(stack.cli("preview", "--json", "--show-sames"))

    with emulator.recording() as calls:
        rehearsed = subprocess.run(
            [sys.executable, "-m", "pulumi_voice_routing", "rehearse", str(preview), "--stops", "0", "--json"],
            cwd=stack.folder / "work",
            env={**os.environ, **stack.env},
            capture_output=True,
            text=True,
        )
    assert rehearsed.returncode in (0, 1), rehearsed.stderr
    assert '"errors": []' in rehearsed.stdout
    assert operations(calls, writes=True) == []

    stack.cli("up", "--yes", "--skip-preview")
    assert sorted(stack.state()["desks"]["outputs"]["ids"]) == ["aspen", "boulder", "denver", "vail"]
    assert "hush" not in stack.cli("stack", "export")
