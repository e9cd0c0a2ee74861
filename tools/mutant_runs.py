"""Run tests on one change after another, each in a copy of a process that has loaded the tests.

    python mutant_runs.py ORDERS RESULTS CHILDREN

``tools/mutants.py`` calls this in the folder where ``mutmut`` has made the changes. To load the tests takes seconds,
and most changes are noticed in a tenth of one: so they are loaded once, in a process that runs none of them itself.

``ORDERS`` has the tests of each change, in the order in which they are tried. ``RESULTS`` gets the changes that a test
noticed, with the test: on the way, a point tells of each of them, and an S of each other one. No test may fail without
a change: those that noticed one are run again, on the code as it is.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest
from _pytest.runner import runtestprotocol

_CPU, _WALL = 180, 900
"""Seconds after which a change counts as noticed: an endless loop, or a wait without end."""
_NO_CHANGE = ""


class Runs:
    """In the place of pytest's own loop."""

    def __init__(self, orders: Mapping[str, Sequence[str]], results: Path, children: int) -> None:
        self._orders, self._results, self._children = orders, results, children
        self._noticed: dict[str, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all changes, and then none."""
        if session.testsfailed:
            raise session.Interrupted("a test cannot be loaded")
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        self._try(session, {name: [items[one] for one in order] for name, order in self._orders.items()})
        noticed = {name: test for name, test in self._noticed.items() if test in items}
        again = sorted(set(noticed.values()))
        self._try(session, {_NO_CHANGE: [items[one] for one in again]})
        if _NO_CHANGE in self._noticed:
            raise session.Failed(f"{self._noticed[_NO_CHANGE]} fails without any change")
        self._results.write_text(json.dumps(self._noticed))
        return True

    def _try(self, session: pytest.Session, orders: Mapping[str, Sequence[pytest.Item]]) -> None:
        said = session.config.get_terminal_writer()
        todo, running = list(orders)[::-1], dict[int, tuple[str, int]]()
        while todo or running:
            while todo and len(running) < self._children:
                name = todo.pop()
                read, write = os.pipe()
                if (pid := os.fork()) == 0:
                    _alone(session, name, orders[name], write)
                os.close(write)
                running[pid] = name, read
            pid, status = os.wait()
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # what its tests had started
            name, read = running.pop(pid)
            with os.fdopen(read) as told:
                test = told.read()
            if status:
                self._noticed[name] = test or f"it ended with {os.waitstatus_to_exitcode(status)}"
            said.write("." if status else "S", flush=True)


def _alone(session: pytest.Session, name: str, order: Sequence[pytest.Item], tell: int) -> NoReturn:
    """In the copy: run tests until one fails."""
    code = 2
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU, resource.RLIM_INFINITY))
        signal.alarm(_WALL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        os.environ["MUTANT_UNDER_TEST"] = name
        code = 0
        for place, item in enumerate(order, 1):
            after = order[place] if place < len(order) else None
            if any(one.failed for one in runtestprotocol(item, log=False, nextitem=after)):
                os.write(tell, item.nodeid.encode())
                code = 1
                break
        with suppress(BaseException):
            session._setupstate.teardown_exact(None)
    finally:
        os._exit(code)


def main(orders: str, results: str, children: str) -> int:
    """Load the tests that are named for ``mutmut``, and run them."""
    sys.path.insert(0, str(Path("src").absolute()))
    said = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]
    arguments = ["--rootdir=.", "-q", *said["pytest_add_cli_args"], *said["pytest_add_cli_args_test_selection"]]
    runs = Runs(json.loads(Path(orders).read_text()), Path(results), int(children))
    return int(pytest.main(arguments, plugins=[runs]))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
