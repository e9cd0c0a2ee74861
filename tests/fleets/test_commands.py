"""Every command says of a stack with fleets what it says of the same stack with single resources.

``same_stack`` holds what the engine wrote for one program in both forms: its state, and the preview of a change that
gives an active line two more destinations, a new profile and a new number. The vendor's account is the same for both.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.emulated import Emulated, settings_for
from tests.gate.conftest import Said, run

HERE = Path(__file__).parent / "same_stack"
FLEETS, SINGLES = "fleets", "singles"
COMMANDS = (
    "gate PLAN --state STATE --json",
    "gate PLAN --state STATE --format sarif",
    "gate PLAN --state STATE --live",
    "impact PLAN --state STATE",
    "impact PLAN --state STATE --json",
    "diagram --state STATE --json",
    "diagram --plan PLAN --state STATE --json",
    "diagram --plan PLAN --state STATE --changed",
    "trace +13035550100 --state STATE --json",
    "trace +13035550100 --plan PLAN --state STATE",
    "trace +13035550102 --plan PLAN --state STATE",
    "drift --state STATE --json",
    "view --state STATE --json --output PAGE",
    "view --state STATE --drift --json --output PAGE",
    "view --plan PLAN --state STATE --json --output PAGE",
    "compare live STATE --json",
)
_ROW = re.compile(r"""\w+\[\\?"([^"\\]+)\\?"\]""")
_HASHES = re.compile(r"""("fingerprint": |"voiceRouting/v1": |"hash": |plan )"?[0-9a-f-]+"?""")

_NOW = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?")
"""When a command was run, which for one form can be another minute than for the other."""


def said(command: str, form: str, page: Path) -> Said:
    """What a command says of one form, with rows called by their keys."""
    files = {"PLAN": HERE / f"{form}.preview.json", "STATE": HERE / f"{form}.state.json", "PAGE": page}
    done = run(*(files.get(word, word) for word in command.split()))
    out = _HASHES.sub(r"\1", _ROW.sub(r"\1", done.out)).replace(str(HERE / form), "").replace("Fleet::", "::")
    return Said(done.code, _NOW.sub("", out), done.error)


@pytest.fixture(autouse=True)
def the_account(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    emulator.put_state(json.loads((HERE / "emulator.json").read_text("utf-8")))


@pytest.mark.parametrize("command", COMMANDS)
def test_rows_are_told_as_single_resources_are(command: str, tmp_path: Path) -> None:
    found, single = (said(command, form, tmp_path / "page.html") for form in (FLEETS, SINGLES))
    assert found == single
    assert found.code in (0, 2)
    assert found.error == ""
    assert re.search(r"denver|\+13035551234|\"coverage\": 100.0|\"same\": 11,", found.out)


@pytest.mark.parametrize("form", ["state", "preview"])
def test_both_forms_are_the_same_stack(form: str) -> None:
    done = run("compare", HERE / f"{FLEETS}.{form}.json", HERE / f"{SINGLES}.{form}.json", "--json")
    assert (done.code, done.error) == (0, "")
    assert [done.report[name] for name in ("only_left", "only_right", "different", "numbers")] == [[], [], [], []]
    assert done.report["same"] >= 11
