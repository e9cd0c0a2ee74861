"""More than thirty objects that are alike are exported as a fleet, which stands for them as they are."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopting.conftest import Export, checked
from tests.emulated import Emulated, settings_for
from tests.programs.conftest import Program


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


@pytest.mark.whole_run
def test_its_program_is_clean(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    account(emulator)
    folder = tmp_path / "line"
    export(folder)

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


@pytest.mark.whole_run
def test_it_is_brought_up_in_another_account(
    emulator: Emulated, export: Export, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    line = emulator.profile("Line", percentAllocType="DAILY", routingType="PERCENT_ALLOCATION")
    for place in range(34):
        desk = emulator.destination(f"Desk {place:02} {{x}}", routeDestination=f"1303555{place:04}", active=True)
        emulator.assign(line, desk, 3 if place < 33 else 1, place + 1)
    emulator.switch("Profile", line, on=True)
    folder, again = tmp_path / "one" / "line", tmp_path / "two" / "line"
    export(folder, "--portable", "--vendor", "ringcx")
    code = (folder / "ringcx_cloud_routing.py").read_text("utf-8")
    assert 'ringcx.Destination.fleet(\n    "destinations",\n    "destinations.csv",\n    "row",' in code
    assert "targets=[*destinations.values(), " in code.replace("\n        ", " ").replace("[ ", "[")
    checked("ruff", "format", "--isolated", "--check", ".", folder=folder)

    empty = Emulated()
    try:
        elsewhere = settings_for(empty.url)
        program = Program(folder, "dev", {**os.environ, **adopted_env, **elsewhere})
        program.init()
        program.ok("up", "--yes", "--skip-preview")
        program.ok("preview", "--expect-no-changes")
        export(again, "--portable", "--vendor", "ringcx", env=elsewhere)
    finally:
        empty.stop()
    files = [{path.name: path.read_text("utf-8") for path in one.glob("*.[cp][sy]*")} for one in (folder, again)]
    assert files[0] == files[1]
    assert "destinations.csv" in files[0]
