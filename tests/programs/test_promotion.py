"""One reviewed change, with one file of approvals, goes through test and production, whose ids are not the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.emulated import Emulated, settings_for
from tests.numbers.account import Account
from tests.programs.conftest import PACK, ROOT, Program

pytestmark = pytest.mark.xdist_group("programs")

FOLDER = ROOT / "programs" / "promotion"
NUMBERS = {"test": "+18005550190", "production": "+18005550191"}


@pytest.fixture
def production() -> Iterator[Emulated]:
    """A second account, in which profiles get other ids."""
    portal = Emulated()
    group = portal.group("Another one")
    for name in ("One", "Two", "Three"):
        portal.profile(name, group)
    yield portal
    portal.stop()


def answers(portal: Emulated) -> tuple[str, str]:
    """The id and the name of the profile that answers the one number."""
    (owner,) = Account(portal).owners().values()
    number = owner.removeprefix("profile ")
    profile = portal.record("CloudRouteProfile", "cloudProfileId", number)
    return number, str((profile or {})["profileName"])


def test_one_change_for_both(
    open_program: Callable[..., Program],
    emulator: Emulated,
    production: Emulated,
    tmp_path: Path,
) -> None:
    approvals = {"VOICE_ROUTING_APPROVALS": str(FOLDER / "approvals.example.toml")}
    ids = {}
    for stack, portal in {"test": emulator, "production": production}.items():
        program = open_program(FOLDER, **settings_for(portal.url))
        program.ok("config", "set", "number", NUMBERS[stack])
        program.ok("config", "set", "live", "true")
        program.ok("up", "--yes", "--skip-preview")
        first = ids[stack], name = answers(portal)
        assert name == "Day"

        program.ok("config", "set", "answers", "Night")
        said = program.refused("preview")
        assert "is not approved" in said
        program.refused("up", "--yes", "--skip-preview")
        assert answers(portal) == first

        program.env |= approvals
        preview = tmp_path / f"{stack}.json"
        preview.write_text(program.json("preview", "--json", "--show-sames", "--policy-pack", str(PACK)))
        (tmp_path / "state.json").write_text(program.ok("stack", "export"))
        gate = subprocess.run(
            ["voice-routing", "gate", str(preview), "--live", "--format", "json", "--state", tmp_path / "state.json"],
            env=program.env,
            cwd=FOLDER,
            capture_output=True,
            text=True,
        )
        assert gate.returncode == 0, gate.stdout + gate.stderr
        approved = {one["rule"] for one in json.loads(gate.stdout)["findings"] if one["approval"]}
        assert "reassign-active-dnis" in approved
        program.ok("up", "--yes", "--skip-preview", "--policy-pack", str(PACK))
        assert answers(portal)[1] == "Night"
    assert ids["test"] != ids["production"]
