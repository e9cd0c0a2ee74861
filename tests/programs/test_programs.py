"""Every program under `programs`, and the root, run as its README says: up, nothing more to do, down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.emulated import Emulated, refused
from tests.programs.conftest import PACK, ROOT, Program, programs

# They keep stack files in one folder and look for what is left there: one after the other.
pytestmark = pytest.mark.xdist_group("programs")

Open = Callable[[Path], Program]

LOOKS = {"CR-17", "NM-02"}
"""Calls that are no GET and change nothing: the export of hours, the search of numbers."""


@pytest.mark.parametrize("folder", programs(), ids=lambda folder: folder.name if folder != ROOT else "root")
def test_program_comes_up_stays_quiet_and_goes_down(folder: Path, open_program: Open, emulator: Emulated) -> None:
    program = open_program(folder)
    program.ok("up", "--yes", "--policy-pack", str(PACK))
    assert program.resources()
    calls = emulator.journal()
    assert refused(calls) == []

    program.ok("preview", "--expect-no-changes", "--policy-pack", str(PACK))
    program.ok("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    program.ok("up", "--yes", "--skip-preview", "--expect-no-changes")
    later = emulator.journal()[len(calls) :]
    assert [call for call in later if call["method"] != "GET" and call["operation"] not in LOOKS] == []

    program.ok("destroy", "--yes", "--skip-preview")
    assert program.resources() == []
    assert [one for one in emulator.records("CloudRouteDestination") if one["isActive"]] == []
    assert [one for one in emulator.records("CloudRouteProfile") if one["isActive"]] == []
    program.ok("destroy", "--yes", "--skip-preview")


def test_the_small_office_is_for_both_kinds_of_call_handling(open_program: Open, emulator: Emulated) -> None:
    httpx.post(f"{emulator.url}/_emulator/ringex/move", json={"extensionId": "100001"}).raise_for_status()
    program = open_program(ROOT / "programs" / "small_office")
    program.ok("up", "--yes", "--policy-pack", str(PACK))
    assert [one["displayName"] for one in emulator.records("RingExInteractionRule")] == ["Important callers"]
    program.ok("preview", "--expect-no-changes", "--policy-pack", str(PACK))
    assert refused(emulator.journal()) == []
    program.ok("destroy", "--yes", "--skip-preview")
    assert emulator.records("RingExInteractionRule") == []


@pytest.mark.parametrize("folder", programs()[1:], ids=lambda folder: folder.name)
def test_program_has_what_its_readers_look_for(folder: Path) -> None:
    assert (folder / "README.md").is_file()
    assert (folder / "Pulumi.example.yaml").is_file()
    assert f"(programs/{folder.name}/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
