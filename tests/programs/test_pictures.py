"""The pictures of the programs are what their programs declare, drawn by the tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs.conftest import ROOT
from tools.pictures import PROGRAMS, pictures


@pytest.mark.whole_run
def test_pictures_are_fresh(emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    stale = [str(path) for path, text in pictures() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run tools/pictures.py"


def test_every_picture_of_a_program_is_drawn_by_the_tool() -> None:
    there = {path.relative_to(ROOT / "programs") for path in (ROOT / "programs").glob("*/*.svg")}
    assert there == {Path(name) / picture for name, (picture, _) in PROGRAMS.items()}
