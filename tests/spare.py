"""An interpreter that has loaded what the engine's Python processes load, and gives away copies of itself.

The engine starts one or two Python processes for each operation. Loading their modules is most of what an operation
costs in a test, and each of them loads the same. So the engine is given a ``python`` that has a copy made instead. The
copy gets everything else from it: arguments, environment, folder, parent, standard streams, signals, and the end.

Stacks whose program is a function of the test have their providers and packs from here; programs in files, killed runs
and the tests of the language host start real interpreters.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from pulumi_voice_routing import portsip, ringcx, ringex

_CLIENT = """\
#!{python} -ISB
import json, os, signal, socket, sys

spare = socket.socket(socket.AF_UNIX)
spare.connect({address!r})
told = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "env": dict(os.environ), "parent": os.getppid()}}
socket.send_fds(spare, [json.dumps(told).encode() + b"\\n"], [0, 1, 2])
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, frame: spare.send(bytes([number])))
end = spare.recv(1)
os._exit(end[0] if end else 1)
"""
_LOADED = (
    *("pulumi.dynamic", "pulumi.policy", "pulumi.runtime.rpc", "pulumi.runtime.proto.provider_pb2_grpc"),
    *("pulumi_policy", "pulumi_voice_routing.safety.pack"),
)
"""What providers and packs load, beside the types."""
_MODULE = ["-u", "-m"]
"""How the engine starts both a provider and a pack."""


class Spare:
    """Such an interpreter, for as long as this process has it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="spare-")  # a short path, as addresses must be
        address = Path(self._folder.name, "address")
        self.python = Path(self._folder.name, "python")
        self.python.write_text(_CLIENT.format(python=sys.executable, address=str(address)))
        self.python.chmod(0o755)
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.spare", str(address)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        """End it. Its copies end with the processes that they stand for."""
        self._process.communicate()
        self._folder.cleanup()


def _load() -> None:
    for module in _LOADED:
        importlib.import_module(module)
    for vendor in (portsip, ringcx, ringex):
        for name in vendor.__all__:
            getattr(vendor, name)
    assert threading.active_count() == 1, "a process with threads cannot be copied"


def _serve(address: str) -> None:
    _load()
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        signal.signal(signal.SIGCHLD, _reap)
        print("ready")
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]):
            assert listening in ready
            asked, _ = listening.accept()
            text, streams, *_ = socket.recv_fds(asked, 1 << 16, 3)
            while not text.endswith(b"\n"):
                text += asked.recv(1 << 16)
            if os.fork() == 0:
                listening.close()
                _be_a_copy(asked, streams, **json.loads(text))
            asked.close()
            for stream in streams:
                os.close(stream)


def _reap(*_: Any) -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _be_a_copy(
    asked: socket.socket, streams: list[int], arguments: list[str], folder: str, env: dict[str, str], parent: int
) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    os.getppid = lambda: parent

    def obey() -> None:
        while number := asked.recv(1):
            os.kill(os.getpid(), number[0])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=obey, daemon=True).start()
    status = 1
    try:
        assert arguments[:2] == _MODULE, arguments
        sys.argv = arguments[2:]
        sys.path[0] = folder
        runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        asked.send(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
