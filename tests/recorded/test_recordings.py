"""What an earlier version has left needs no change: neither at the vendors, nor in the state."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.lifecycle.test_nine_cases import TYPES
from tests.recorded.recording import FOLDER, Recording, recordings, run


@pytest.mark.parametrize("file", recordings(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_the_current_version_finds_nothing_to_do(file: Path, emulator: Emulated, new_stack: NewStack) -> None:
    stack = new_stack()
    Recording.load(file).restore(emulator, stack)

    stack.is_quiet(lambda: run(stack))


def test_every_type_and_the_current_version_are_recorded() -> None:
    files = (FOLDER / version("pulumi-voice-routing")).glob("*.json")
    recorded = set().union(*(Recording.load(file).types for file in files))

    assert set(TYPES) - recorded == set(), "`python -m tests.recorded` records what is missing"
