"""More than thirty objects that are alike are exported as a fleet, which stands for them as they are."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopting.conftest import Export, checked
from tests.emulated import Emulated


def account(emulator: Emulated) -> None:
    other = emulator.group("Other")
    numbers = [
        emulator.destination(f"Desk {place} {{x}}", routeDestination=f"1303555{place:04}") for place in range(32)
    ]
    emulator.destination("Lobby", group=other)
    assert len(set(numbers)) == 32


def test_a_fleet_is_what_was_found(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    account(emulator)
    folder = tmp_path / "line"
    export(folder)

    code = (folder / "ringcx_cloud_routing.py").read_text("utf-8")
    assert 'destinations = ringcx.Destination.fleet(\n    "destinations",\n    "destinations.csv",\n    "row",' in code
    assert 'name="{name}",' in code
    assert 'target="{target}",' in code
    assert 'ringcx.Destination("lobby"' in code.replace("\n    ", "")
    with (folder / "destinations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    assert {row["name"] for row in rows} == {f"Desk {place} {{x}}" for place in range(32)}
    checked("ruff", "format", "--isolated", "--check", ".", folder=folder)
    (folder / "mypy.ini").write_text("[mypy]\nstrict = True\n")
    checked("mypy", "--config-file", "mypy.ini", *(path.name for path in folder.glob("*.py")), folder=folder)


@pytest.mark.whole_run
def test_it_is_proved(emulator: Emulated, adopted_env: dict[str, str], tmp_path: Path) -> None:
    account(emulator)
    command = [sys.executable, "-m", "pulumi_voice_routing", "export", str(tmp_path / "line"), "--prove"]
    done = subprocess.run(
        [*command, "--vendor", "ringcx"], env={**os.environ, **adopted_env}, capture_output=True, text=True
    )
    assert "adopted, previewed, brought up, refreshed: 0 changes, 0 writes" in done.stdout, done.stdout + done.stderr
