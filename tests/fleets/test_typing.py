"""An editor knows a fleet: what all rows share has the types of the resource, and a row is one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import pulumi
from pulumi_voice_routing import column, ringcx

rows = [{"name": "denver", "phone": "+13035551234"}]
desks = ringcx.Destination.fleet("desks", rows, group_id="1/2", name="{name}", kind="DID", target="{phone}")
kinds = ringcx.Destination.fleet("d", rows, group_id="1/2", name="{name}", kind=column("kind"), target="{phone}")
denver: ringcx.Destination = desks["denver"]
id_: pulumi.Output[str] = desks["denver"].id
ringcx.Activation("live", targets=[*desks.values()])
whole: list[ringcx.RouteGroupArgs] = [{"name": "Denver"}]
groups = ringcx.RouteGroup.fleet("groups", whole, name="{name}")
"""
WRONG = (
    'desks = ringcx.Destination.fleet("d", rows, group_id="1/2", name="{name}", kind="DID", targt="{phone}")',
    'desks = ringcx.Destination.fleet("d", rows, group_id="1/2", name="{name}", kind="DIDD", target="{phone}")',
    'desks["denver"].targt',
    'more: list[ringcx.RouteGroupArgs] = [{"name": "Denver", "descripton": "x"}]',
)


@pytest.mark.whole_run
def test_mypy_knows_a_fleet(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("\n".join([PROGRAM, *WRONG]) + "\n")
    words = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(program)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if ": error: " in line]
    first = PROGRAM.count("\n") + 2
    assert [int(line.split(":")[1]) for line in lines] == [*range(first, first + len(WRONG))], done.stdout
    for line, said in zip(
        lines, ('did you mean "target"?', "Literal['DIDD']", 'maybe "target"?', "descripton"), strict=True
    ):
        assert said in line
