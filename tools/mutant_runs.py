"""Learn what each test reaches, and run tests on one change after another, each in a copy of a process.

    python mutant_runs.py TRIED RESULTS CHILDREN

``tools/mutants.py`` calls this in the folder where it has made the changes. To load the tests takes seconds, and most
changes are noticed in a tenth of one: so they are loaded once, in a process that runs none of them itself.

``TRIED`` names the changes. First all tests run without any, those of a file in one copy, and tell which functions they
reach. Then for each change the tests run that reach its function, the quickest first. ``RESULTS`` gets the changes that
a test noticed, with the test: on the way, a point tells of each of them, and an S of each other one. No test may fail
without a change: in the end, those that noticed one are run again, on the code as it is.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, groupby, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import NoReturn

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline

MOST_SECONDS = 20
"""No change is tried on tests that take longer together, so that the whole has an end."""

_RECORDINGS = ("test_recorded.py::", "test_verdicts.py::")
_CPU, _WALL = 60, 900
"""Seconds after which a change counts as noticed: an endless loop, or a wait without end."""
_BROKEN = 99
"""How a copy ends that could not do what it was made for."""


class Runs:
    """In the place of pytest's own loop."""

    def __init__(self, tried: Sequence[str], results: Path, children: int) -> None:
        self._tried, self._results, self._children = tried, results, children
        self._reach: dict[str, set[str]] = defaultdict(set)
        self._seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests without a change, then with each, and then again without."""
        if session.testsfailed:
            raise session.Interrupted("a test cannot be loaded")
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        self._learn(session)
        orders = {name: order(self._reach.get(_function(name), ()), self._seconds) for name in self._tried}
        told = self._in_copies(
            session, {name: lambda name=name: _trial(name, [items[one] for one in orders[name]]) for name in orders}
        )
        noticed = {name: test for name, (failed, test) in told.items() if failed}
        again = sorted({test for test in noticed.values() if test in items})
        self._in_copies(session, {"": lambda: _trial("", [items[one] for one in again])}, sure=True)
        self._results.write_text(json.dumps(noticed))
        return True

    def _learn(self, session: pytest.Session) -> None:
        """Which functions each test reaches, and how long it takes."""
        by_file = {str(path): list(items) for path, items in groupby(session.items, lambda item: item.path)}
        told = self._in_copies(
            session, {path: lambda path=path: _learned(by_file[path]) for path in by_file}, sure=True
        )
        for _, text in told.values():
            for test, (seconds, functions) in json.loads(text).items():
                self._seconds[test] = seconds
                for function in functions:
                    self._reach[function].add(test)

    def _in_copies(
        self, session: pytest.Session, jobs: Mapping[str, Callable[[], tuple[bool, str]]], *, sure: bool = False
    ) -> dict[str, tuple[bool, str]]:
        """Whether a test failed in each of the jobs, and what the job told; when they must not fail, it ends there."""
        said = session.config.get_terminal_writer()
        told: dict[str, tuple[bool, str]] = {}
        with TemporaryDirectory() as folder:
            todo, running = list(jobs)[::-1], dict[int, tuple[str, Path]]()
            while todo or running:
                while todo and len(running) < self._children:
                    name, file = todo.pop(), Path(folder) / str(len(todo))
                    if (pid := os.fork()) == 0:
                        _alone(session, jobs[name], file)
                    running[pid] = name, file
                pid, status = os.wait()
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)  # what its tests had started
                name, file = running.pop(pid)
                text = file.read_text() if file.exists() else f"it ended with {os.waitstatus_to_exitcode(status)}"
                if status and (sure or os.waitstatus_to_exitcode(status) == _BROKEN):
                    said.line(f"This fails without a change, or cannot be run: {text}")
                    raise session.Failed
                told[name] = bool(status), text
                said.write("S" if not status and not sure else ".", flush=True)
        said.line()
        return told


def _alone(session: pytest.Session, job: Callable[[], tuple[bool, str]], file: Path) -> NoReturn:
    """In the copy: do the job, and tell."""
    code = _BROKEN
    try:
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        failed, text = job()
        file.write_text(text)
        code = int(failed)
        with suppress(BaseException):
            session._setupstate.teardown_exact(None)
    finally:
        os._exit(code)


def _trial(name: str, tests: Sequence[pytest.Item]) -> tuple[bool, str]:
    """Run tests on a change until one fails."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU, resource.RLIM_INFINITY))
    signal.alarm(_WALL)
    trampoline.set_mutant_under_test(name)
    for item, after in zip_longest(tests, tests[1:]):
        if _fails(item, after):
            return True, item.nodeid
    return False, ""


def _learned(tests: Sequence[pytest.Item]) -> tuple[bool, str]:
    """Run tests without a change, and write down what each reaches."""
    reached: set[str] = set()
    told: dict[str, tuple[float, list[str]]] = {}
    trampoline.__dict__["record_trampoline_hit"] = lambda name, caller=None: reached.add(name)
    trampoline.set_mutant_under_test("stats")
    for item, after in zip_longest(tests, tests[1:]):
        reached.clear()
        start = process_time()
        if _fails(item, after):
            return True, item.nodeid
        told[item.nodeid] = process_time() - start, sorted(reached)
    return False, json.dumps(told)


def _fails(item: pytest.Item, after: pytest.Item | None) -> bool:
    return any(one.failed for one in runtestprotocol(item, log=False, nextitem=after))


def _function(name: str) -> str:
    return name.partition("__mutmut_")[0]


def order(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """The quick ones first, and some of every test function before all cases of one, for as long as is worth it.

    Recordings are made to notice changes, so that they come before others that take a tenth of their time.
    """
    functions: dict[str, list[str]] = defaultdict(list)
    for test in sorted(tests, key=lambda one: (seconds.get(one, 0.0), one)):
        functions[test.partition("[")[0]].append(test)
    turns = sorted(
        (seconds.get(test, 0.0) * (0.1 if any(file in test for file in _RECORDINGS) else turn), test)
        for those in functions.values()
        for turn, test in enumerate(those, 1)
    )
    spent = accumulate(seconds.get(test, 0.0) for _, test in turns)
    return [test for (_, test), so_far in zip(turns, spent, strict=True) if so_far <= MOST_SECONDS]


def main(tried: str, results: str, children: str) -> int:
    """Load the tests that are named for ``mutmut``, and run them."""
    sys.path.insert(0, str(Path("src").absolute()))
    said = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]
    arguments = ["--rootdir=.", "-q", *said["pytest_add_cli_args"], *said["pytest_add_cli_args_test_selection"]]
    runs = Runs(json.loads(Path(tried).read_text()), Path(results), int(children))
    return int(pytest.main(arguments, plugins=[runs]))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
