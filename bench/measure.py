"""What a command costs, with every process that it starts."""
# ruff: noqa: S603 - measuring commands is what this module is for

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_BECOME_SUBREAPER = 36
_BETWEEN_LOOKS_SECONDS = 0.1


class Failed(Exception):
    """The command did not succeed."""


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    cpu_seconds: float
    """User and system time of all its processes."""
    peak_bytes: int
    """The most memory that all its processes had at one moment, added up; pages that they share count for each."""


def adopt_orphans() -> None:
    """Have processes whose parents end become ours, so that no CPU time is lost: the engine does not wait for all."""
    if ctypes.CDLL(None, use_errno=True).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def measured(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Cost:
    """Run a command to its end. Raises :class:`Failed` with what it printed."""
    before = set(_children(os.getpid()))
    said = folder / "bench-output.txt"
    with said.open("w+", encoding="utf-8") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        watch = _Watch(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = watch.end()
        cpu = _cpu(used) + sum(_cpu(orphan) for orphan in _ended(set(_children(os.getpid())) - before))
        out.seek(0)
        if process.returncode:
            raise Failed(f"{' '.join(command)}\n{out.read()}")
    return Cost(seconds, cpu, peak)


class _Watch:
    """Looks at the memory of a process and all below it, again and again."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> int:
        self._over.set()
        self._thread.join()
        return self._peak

    def _look(self) -> None:
        while not self._over.wait(_BETWEEN_LOOKS_SECONDS):
            self._peak = max(self._peak, sum(_resident(pid) for pid in tree(self._pid)))


def _cpu(used: resource.struct_rusage) -> float:
    return used.ru_utime + used.ru_stime


def _ended(pids: set[int]) -> Iterator[resource.struct_rusage]:
    for pid in pids:
        try:
            yield os.wait4(pid, 0)[2]
        except ChildProcessError:
            continue


def tree(pid: int) -> Iterator[int]:
    """A process, and all below it."""
    yield pid
    for child in _children(pid):
        yield from tree(child)


def _children(pid: int) -> Iterator[int]:
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            yield from map(int, Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii").split())
    except OSError:
        return  # it has ended meanwhile


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * resource.getpagesize()
