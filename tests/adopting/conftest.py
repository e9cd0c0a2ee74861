"""What the tests of exports share: the command in a process of its own, as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.emulated import Emulated, operations

Export = Callable[..., str]

READS = {"CR-17", "NM-01", "NM-02"}
"""Operations that are sent with POST and write nothing."""


def writes(emulator: Emulated) -> list[str]:
    return [one for one in operations(emulator.journal(), writes=True) if one not in READS]


def report(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / "report.json").read_text("utf-8"))
    return said


def checked(*command: str, folder: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def export(emulator_env: dict[str, str], tmp_path: Path) -> Export:
    """Runs ``voice-routing export``, and returns what it prints."""

    def run(folder: Path, *options: str, code: int = 0, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pulumi_voice_routing", "export", str(folder), *options],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("RING")},
                **emulator_env,
                "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache"),
                **(env or {}),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    return run


@pytest.fixture
def adopted_env(
    emulator_env: dict[str, str], engine_on_path: Path, pulumi_home: Path, tmp_path: Path
) -> dict[str, str]:
    """The settings of an engine with a backend of its own."""
    (tmp_path / "backend").mkdir()
    return {
        **emulator_env,
        "PATH": os.environ["PATH"],
        "PULUMI_BACKEND_URL": f"file://{tmp_path / 'backend'}",
        "PULUMI_HOME": str(pulumi_home),
        "PULUMI_CONFIG_PASSPHRASE": "for tests",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_SKIP_CHECKPOINTS": "1",
        "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache"),
    }
