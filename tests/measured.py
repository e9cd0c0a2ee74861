"""What a command costs that runs as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    """How a command ended, what it printed, and the most memory that it held at one time."""

    code: int
    said: str
    complained: str
    megabytes: float


def measured(*words: str, cwd: Path, env: Mapping[str, str]) -> Measured:
    """Run ``voice-routing`` with these words."""
    said, complained = cwd / "said", cwd / "complained"
    with said.open("wb") as out, complained.open("wb") as err:
        command = [sys.executable, "-m", "pulumi_voice_routing", *words]
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **env}, stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Measured(process.returncode, said.read_text("utf-8"), complained.read_text("utf-8"), used.ru_maxrss / unit)
