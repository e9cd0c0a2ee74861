"""A stack on the real engine in a folder of its own, for one measured scenario."""
# ruff: noqa: S603, S607 - commands of the engine, and of uv where it is asked for, with arguments of our own

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from .measure import Cost, measured

_ROOT = Path(__file__).parents[1]
_SETTINGS = ("PULUMI_", "RINGCX_", "RINGEX_", "PORTSIP_", "VOICE_ROUTING_", "PYTHONDONTWRITEBYTECODE")
_KEPT = ("PULUMI_SKIP_CHECKPOINTS", "VOICE_ROUTING_OFFLINE_PREVIEW")
"""Settings that are measured as well."""


class Stack:
    """A stack ``bench`` on a file backend. Its program is one call of :mod:`bench.stacks`."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.folder = folder
        for part in ("backend", "home", "cache", "work"):
            (folder / part).mkdir()
        self.work = folder / "work"
        given = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
        self.env = {
            **given,
            "PATH": os.pathsep.join([_engine(), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(_ROOT),
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "for the benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "VOICE_ROUTING_CACHE_DIR": str(folder / "cache"),
            "VOICE_ROUTING_MAX_WAIT_SECONDS": "3600",
            **{name: value for name, value in os.environ.items() if name in _KEPT},
            **settings,
        }
        runtime = {"name": "python", "options": self._toolchain()}
        (self.work / "Pulumi.yaml").write_text(json.dumps({"name": "bench", "runtime": runtime}), encoding="utf-8")
        subprocess.run(
            [*ENGINE, "stack", "init", "bench"], cwd=self.work, env=self.env, check=True, capture_output=True
        )

    def _toolchain(self) -> dict[str, str]:
        """The options that say which Python runs the program: ours, or with `BENCH_TOOLCHAIN=uv` one that uv makes."""
        if os.environ.get("BENCH_TOOLCHAIN") != "uv":
            return {"virtualenv": sys.prefix}
        for command in (["init", "--bare"], ["add", f"{_ROOT}[emulator]"]):
            subprocess.run(["uv", "--quiet", *command], cwd=self.work, env=self.env, check=True)
        return {"toolchain": "uv"}

    def declare(self, program: str) -> None:
        """Make this call the program of the stack."""
        (self.work / "__main__.py").write_text(f"from bench import stacks\n\nstacks.{program}\n", encoding="utf-8")

    def run(self, *command: str) -> Cost:
        """Run an operation of the engine on the stack."""
        return measured([*ENGINE, *command, "--stack", "bench"], self.work, self.env)

    def output(self) -> str:
        """What the last operation printed."""
        return (self.work / "bench-output.txt").read_text(encoding="utf-8")


ENGINE = ("pulumi", "--non-interactive", "--color=never")


@cache
def _engine() -> str:
    """The engine's folder: ``VOICE_ROUTING_ENGINE_DIR``, else what ``tools/engine/find.py`` finds."""
    given = os.environ.get("VOICE_ROUTING_ENGINE_DIR")
    if given:
        return given
    find = [sys.executable, str(_ROOT / "tools" / "engine" / "find.py")]
    return subprocess.run(find, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
