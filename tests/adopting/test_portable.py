"""What was exported with ``--portable`` is brought up in an empty account, and reads the same there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adopting.account import living
from tests.adopting.conftest import Export
from tests.emulated import ACCOUNT, Emulated, settings_for
from tests.programs.conftest import Program

pytestmark = pytest.mark.whole_run

EXTENSIONS = {"RINGEX_EXTENSIONS": "100001,100003"}
"""One with the older call handling, and one with the newer."""


@pytest.fixture
def empty() -> Iterator[Emulated]:
    """Another account, in which nothing was made."""
    emulated = Emulated()
    yield emulated
    emulated.stop()


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".csv") and "__pycache__" not in path.parts
    }


def test_an_account_is_brought_up_once_more(
    emulator: Emulated, empty: Emulated, export: Export, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    living(emulator)
    folder = tmp_path / "one" / "line"
    export(folder, "--portable", env=EXTENSIONS)
    ids = re.compile(rf"{ACCOUNT}/|[0-9a-f]{{8}}-[0-9a-f]{{4}}")
    assert not [name for name, text in files(folder).items() if ids.search(text) or "adopt" in text]

    program = Program(folder, "dev", {**os.environ, **adopted_env, **settings_for(empty.url), **EXTENSIONS})
    program.init()
    for line in re.findall(r"^    pulumi config set (.*)$", (folder / "README.md").read_text("utf-8"), re.M):
        words = line.partition("#")[0].split()
        value = {"extension": "100003", "queueSupport": "1000"}.get(words[0], f"canary-of-{words[-1]}")
        program.ok("config", "set", *[word for word in words if word != "ID"], value)
    assert "Error" not in program.ok("up", "--yes", "--skip-preview")
    assert "to create" not in program.ok("preview", "--expect-no-changes")

    again = tmp_path / "two" / "line"
    export(again, "--portable", env={**settings_for(empty.url), **EXTENSIONS})
    assert files(again) == files(folder)
