"""An export that is ended at any of its requests, or of its steps after them: nothing is half written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.emulated import Emulated
from tests.examples import portsip, ringex

pytestmark = pytest.mark.whole_run

ENDS_ITSELF = """
import os, signal, sys, threading
from pathlib import Path
from pulumi_voice_routing.client import http
from pulumi_voice_routing.commands.export import folder
from pulumi_voice_routing.plan import pulumi_cli
from pulumi_voice_routing.__main__ import main
from pulumi_voice_routing import portsip, ringcx, ringex

for vendor in (portsip, ringcx, ringex):
    for name in dir(vendor):
        getattr(vendor, name)  # loads it
at, number, count, lock = 0, int(os.environ["END_WITH"]), 0, threading.Lock()

def counted(step):
    def run(*args, **kwargs):
        global count
        with lock:
            count += 1
            if count == at:
                os.kill(os.getpid(), number)
        return step(*args, **kwargs)
    return run

http.ApiClient.request = counted(http.ApiClient.request)
pulumi_cli.subprocess.run = counted(pulumi_cli.subprocess.run)
folder.Path.write_bytes = counted(folder.Path.write_bytes)
folder.os.rename = counted(folder.os.rename)

def export():
    said = os.open("said", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["voice-routing", "export", "there/line", "--adopt"]
    try:
        main()
    finally:
        print("steps", count)

for line in sys.stdin:  # a process for each, and the time to load all that only once
    at = int(line)
    child = os.fork()
    if not child:
        export()
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
ENGINE = """#!/bin/sh
case "$2" in
    export) echo '{"version": 3, "deployment": {}}' ;;
    import) cat > ../../imported.part && mv ../../imported.part ../../imported.json ;;
    --show-name) echo dev ;;
esac
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_half_written(
    emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    group = emulator.group("Support")
    emulator.assign(emulator.profile("Main", group), emulator.destination("Denver", group, active=True), 100, 1, group)
    portsip.ring_group(emulator, "8000", "101")
    ringex.rule(emulator, "VIP", callers=[{"callerId": "+13035551000"}])
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    env = {**os.environ, **emulator_env, "PATH": f"{engine.parent}:{os.environ['PATH']}", "END_WITH": str(int(number))}

    command = [sys.executable, "-c", ENDS_ITSELF]
    exports = subprocess.Popen(command, cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert exports.stdin is not None
    assert exports.stdout is not None

    def run(at: int) -> tuple[bool, str]:
        """Whether it came to its end; what it printed."""
        shutil.rmtree(tmp_path / "there", ignore_errors=True)
        (tmp_path / "imported.json").unlink(missing_ok=True)
        print(at, file=exports.stdin, flush=True)
        return int(exports.stdout.readline()) == 0, (tmp_path / "said").read_text("utf-8")

    whole, said = run(0)
    assert whole, said
    steps = int(said.rpartition("steps ")[2])
    assert steps > 40
    files = {path.name: path.read_bytes() for path in (tmp_path / "there" / "line").iterdir() if path.is_file()}
    state = json.loads((tmp_path / "imported.json").read_text("utf-8"))

    for at in range(1, steps + 1):
        came_to_its_end, said = run(at)
        assert not came_to_its_end, (at, said)
        assert "Traceback" not in said, (at, said)
        folder = tmp_path / "there" / "line"
        if folder.exists():
            assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == files, at
        if (tmp_path / "imported.json").exists():
            assert len(json.loads((tmp_path / "imported.json").read_text("utf-8"))["deployment"]["resources"]) == len(
                state["deployment"]["resources"]
            ), at
    exports.stdin.close()
    assert exports.wait() == 0
    exports.stdout.close()
