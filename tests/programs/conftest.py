"""Programs as their users run them: with `pulumi`, in their own folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PACK = ROOT / "policies" / "number_safety"


SECRETS = {"crm_lookup": {"crmApiKey": "key-of-the-crm"}}
"""Settings without a default, by program."""


def programs() -> list[Path]:
    """Every folder with a program: the root, and those below `programs`."""
    return [ROOT, *sorted(settings.parent for settings in (ROOT / "programs").glob("*/Pulumi.yaml"))]


class Program:
    """A program in its folder, with a stack of its own."""

    def __init__(self, folder: Path, stack: str, env: dict[str, str]) -> None:
        self.folder, self._stack, self.env = folder, stack, env
        self.settings = folder / f"Pulumi.{stack}.yaml"

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the stack; standard error follows standard output."""
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never", "--stack", self._stack]
        return subprocess.run(
            command, cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ok(self, *arguments: str) -> str:
        done = self.pulumi(*arguments)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}"
        return done.stdout

    def json(self, *arguments: str) -> str:
        """What a command that succeeds prints, without standard error."""
        command = ["pulumi", *arguments, "--non-interactive", "--color", "never", "--stack", self._stack]
        done = subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    def refused(self, *arguments: str) -> str:
        done = self.pulumi(*arguments)
        assert done.returncode != 0, f"{arguments}\n{done.stdout}"
        assert "Traceback" not in done.stdout, done.stdout
        return done.stdout

    def init(self) -> None:
        self.ok("stack", "init")

    def resources(self) -> list[dict[str, Any]]:
        """What the state holds, the stack and the engine's own provider left out."""
        exported = json.loads(self.ok("stack", "export"))
        found = exported["deployment"].get("resources") or []
        return [one for one in found if one["type"].startswith("pulumi-python:dynamic/")]


@pytest.fixture
def open_program(
    engine_on_path: Path,
    pulumi_home: Path,
    emulator_env: dict[str, str],
    tmp_path: Path,
    worker_id: str,
    inherited_env: dict[str, str],
) -> Iterator[Callable[..., Program]]:
    """Opens programs with a new stack each; what they write into their folders is removed again."""
    opened: list[Program] = []
    backend = tmp_path / "backend"
    backend.mkdir()
    env = {
        **inherited_env,
        **emulator_env,
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_HOME": str(pulumi_home),
        "PULUMI_CONFIG_PASSPHRASE": "for tests",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache"),
    }

    def open_(folder: Path, **settings: str) -> Program:
        program = Program(folder, f"test-{worker_id}-{len(opened)}", {**env, **settings})
        opened.append(program)
        program.settings.unlink(missing_ok=True)
        program.init()
        for name, value in SECRETS.get(folder.name, {}).items():
            program.ok("config", "set", "--secret", name, value)
        return program

    yield open_
    for program in opened:
        program.settings.unlink(missing_ok=True)


@pytest.fixture
def inherited_env(engine_on_path: Path) -> dict[str, str]:
    """The environment, after the engine was put on PATH and foreign settings were taken out."""
    return dict(os.environ)
