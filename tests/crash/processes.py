"""The processes of a run of the engine, and their end."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LONGEST_END = 60_000
"""Milliseconds. What has not ended by then will not end."""


def members(run: subprocess.Popen[str], victim: str) -> list[int]:
    """The processes of a run that are its ``engine``, language ``host``, ``program`` or ``provider``."""
    if victim == "engine":
        return [run.pid]
    return [pid for pid in below(run.pid) if _role(pid) == victim]


def below(top: int) -> list[int]:
    """Every process that a process has started, by itself or by others."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended meanwhile
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    found: list[int] = []
    waiting = [top]
    while waiting:
        started = children.get(waiting.pop(), [])
        found += started
        waiting += started
    return found


class Processes:
    """Some processes, held so that no others with their numbers can be meant."""

    def __init__(self, pids: Iterable[int]) -> None:
        self._held: dict[int, int] = {}
        for pid in pids:
            with suppress(ProcessLookupError):
                self._held[pid] = os.pidfd_open(pid)

    def __len__(self) -> int:
        return len(self._held)

    def kill(self) -> None:
        """Kill -9, and wait until they are dead."""
        for process in self._held.values():
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, signal.SIGKILL)
        self.await_ends()

    def await_ends(self) -> None:
        """Wait until all have ended."""
        for pid, process in self._held.items():
            end = select.poll()
            end.register(process, select.POLLIN)
            assert end.poll(_LONGEST_END), f"process {pid}, {' '.join(_command(pid))}, lives on"

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of them."""
        for process in self._held.values():
            os.close(process)


def _role(pid: int) -> str:
    command = _command(pid)
    names = {Path(word).name for word in command[:3]}
    if "pulumi.dynamic" in command:
        return "provider"
    if {"language_host.py", "pulumi-language-python"} & names:
        return "host"
    return "program" if "pulumi-language-python-exec" in names else ""


def _command(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []
