"""What a command costs that runs as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# A process that is started counts the memory of the one that starts it as its own peak, until it runs its own program.
# Tests are large, so a small process comes in between.
_BETWEEN = """\
import json, os, sys

child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
with open("cost.json", "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), used.ru_maxrss / unit, used.ru_utime + used.ru_stime], file)
"""


class Measured(NamedTuple):
    """How a command ended, what it printed, the most memory that it held at one time, and its processor time."""

    code: int
    said: str
    complained: str
    megabytes: float
    seconds: float


def measured(*words: str, cwd: Path, env: Mapping[str, str]) -> Measured:
    """Run ``voice-routing`` with these words."""
    return measured_python(["-m", "pulumi_voice_routing", *words], cwd=cwd, env=env)


def measured_python(words: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Measured:
    """Run Python with these words."""
    command = [sys.executable, "-ISc", _BETWEEN, sys.executable, *words]
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **env}, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    code, megabytes, seconds = json.loads((cwd / "cost.json").read_text())
    return Measured(code, done.stdout, done.stderr, megabytes, seconds)
