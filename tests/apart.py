"""Work in a process of its own, a copy of this one.

gRPC starts threads that nothing ends, and the SDK leaves event loops behind when a program fails. What uses them runs
in a copy, whose end takes all of it along, so that the process of the tests never starts gRPC and can be copied again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

_BETWEEN_LOOKS_SECONDS = 0.5

_one_at_a_time = threading.Lock()
"""So that no copy has the open end of another one's pipe."""


def apart(work: Callable[[], object]) -> None:
    """Do the work in a copy of this process. Raises ``AssertionError`` with the traceback when it fails."""

    def tell(say: Callable[[str], None]) -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())  # as in a new process; what ran before may have taken it away
        try:
            work()
        except BaseException:
            say(traceback.format_exc())
            raise

    with _copy(tell) as (pid, said):
        failure = said()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert not failure, failure
    assert status == 0, f"the process ended with {status}"


@contextmanager
def serving(serve: Callable[[Callable[[int], None]], None]) -> Iterator[int]:
    """Serve in a copy of this process for as long as the block lasts. ``serve`` says the port when it is ready."""
    with _copy(lambda say: serve(lambda port: say(str(port)))) as (pid, said):
        try:
            port = said()
            assert port, "the server did not start"
            yield int(port)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def grpc_runs_here() -> bool:
    """Whether this process has threads of gRPC. A copy has none of them, and may wait for one for ever."""
    for name in Path("/proc/self/task").glob("*/comm"):
        with suppress(OSError):  # it has ended meanwhile
            if name.read_text().startswith(("event_engine", "grpc_")):
                return True
    return False


@contextmanager
def _copy(work: Callable[[Callable[[str], None]], None]) -> Iterator[tuple[int, Callable[[], str]]]:
    """A copy that does the work, and what it says first: nothing when it ends without a word."""
    parent = os.getpid()
    with _one_at_a_time, warnings.catch_warnings():
        # Newer Pythons warn of copies of processes with threads. Those here wait, and hold nothing.
        warnings.simplefilter("ignore", DeprecationWarning)
        ear, mouth = os.pipe()
        pid = os.fork()
        if pid == 0:
            _one_at_a_time.release()
            _be_the_copy(parent, mouth, work)
        os.close(mouth)
    with os.fdopen(ear, encoding="utf-8") as words:
        yield pid, words.read


def _be_the_copy(parent: int, mouth: int, work: Callable[[Callable[[str], None]], None]) -> NoReturn:
    def say(words: str) -> None:
        with os.fdopen(mouth, "w", encoding="utf-8") as out:
            out.write(words)

    def end_with_the_parent() -> None:
        while os.getppid() == parent:
            time.sleep(_BETWEEN_LOOKS_SECONDS)
        os._exit(1)

    status = 1
    try:
        threading.Thread(target=end_with_the_parent, daemon=True).start()
        work(say)
        status = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)  # without the ends of the tests, which are the parent's
