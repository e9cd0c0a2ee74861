"""What the tests did to the emulator, judged when all are over: each operation was used, and all fits the contracts.

These checks are tests like others, with names, counts and an exit code. They need what every other test has left, so
they run last, in the process that collects the reports; that is one process whether there are workers or not.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.contract import CONTRACTS_VARIABLE, FORGING_FAULTS, Contract, load_contracts
from tests.operations import operations

FOLDER = pytest.StashKey[Path]()
"""Where the tests leave what the emulator noted: one file for each test, an array of entries."""

SHOWN = 20


class Traffic:
    """Everything that one run recorded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def of_tests(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """What the emulator noted, test by test."""
        files = sorted(self._folder.glob("*.json"))
        return [(file.stem.rpartition("-")[0], json.loads(file.read_text("utf-8"))) for file in files]

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """What the emulator noted, of all tests."""
        return [entry for _, entries in self.of_tests for entry in entries]

    @cached_property
    def succeeded(self) -> set[str]:
        """The operations that were carried out and answered with 2xx."""
        honest = (entry for entry in self.entries if entry["fault"] not in FORGING_FAULTS)
        return {entry["operation"] for entry in honest if entry["status"] in range(200, 300)}

    def uses(self, operation: str) -> None:
        """Fails when no test had an honest answer to an operation."""
        if operation not in self.succeeded:
            pytest.fail(f"no 2xx answer to {operation} in any test", pytrace=False)

    def fits(self, contracts: dict[str, Contract] | None, *, whole: bool) -> None:
        """Fails when something was sent or answered that the vendors' contracts do not have."""
        if contracts is None:
            pytest.skip(f"{CONTRACTS_VARIABLE} names no folder with the vendors' contracts to compare the traffic with")
        problems: dict[str, list[str]] = {}
        for test, entries in self.of_tests:
            for entry in entries:
                for problem in contracts[entry["vendor"]].problems(entry):
                    line = f"{entry['operation']}  {problem.call}  {problem.where}: {problem.text}"
                    problems.setdefault(line, []).append(test)
        if problems:
            pytest.fail(_report(problems), pytrace=False)
        if whole:
            _warn_of_unused(contracts, {entry["vendor"] for entry in self.entries})


def _report(problems: dict[str, list[str]]) -> str:
    """The distinct problems, most frequent first, one line each, with a test that had it."""
    frequent = sorted(problems.items(), key=lambda one: -len(one[1]))
    lines = [f"{line}  ({len(tests)}x, first in {tests[0]})" for line, tests in frequent[:SHOWN]]
    if len(problems) > SHOWN:
        lines.append(f"... and {len(problems) - SHOWN} more")
    return "\n".join([f"{len(problems)} distinct problems:", *lines])


def _warn_of_unused(contracts: dict[str, Contract], vendors: set[str]) -> None:
    """Known differences that no traffic needed: either the suite misses a case, or the line has had its day."""
    lines = [
        f"{vendor} {difference.row or '-'}  {difference.where}: {difference.reason}"
        for vendor in sorted(vendors)
        for difference in contracts[vendor].unused
    ]
    if lines:
        with warnings.catch_warnings():
            warnings.simplefilter("always")  # worth a look, and no reason to fail
            warnings.warn("\n".join(["known differences that no traffic needed:", *lines]), stacklevel=1)


class Check(pytest.Item):
    """A test of the traffic."""

    def __init__(self, *, judge: Callable[[], None], **parts: Any) -> None:
        super().__init__(**parts)
        self._judge = judge

    @classmethod
    def named(cls, session: pytest.Session, name: str, judge: Callable[[], None]) -> Check:
        """A test that is known by this name in reports."""
        nodeid = f"{os.path.relpath(__file__, session.config.rootpath)}::{name}"
        check: Check = cls.from_parent(session, name=name, nodeid=nodeid, judge=judge)
        return check

    def runtest(self) -> None:
        self._judge()

    def reportinfo(self) -> tuple[Path, None, str]:
        return Path(__file__), None, self.name


class Worker:
    """Tells the process that collects the reports how many tests were left out."""

    def __init__(self, config: Any) -> None:
        self._output = config.workeroutput
        self._output["left_out"] = 0

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._output["left_out"] += len(items)


class Judge:
    """Runs the checks after all tests, and says what they cover."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._left_out = 0
        self._said = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Workers write where this process reads."""
        node.workerinput["traffic"] = str(self._config.stash[FOLDER])

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        self._left_out += len(items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self._left_out += getattr(node, "workeroutput", {}).get("left_out", 0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        self._said = "not judged, because the run did not come to its end"
        result = yield
        self._said = ""
        if not self._config.option.collectonly:
            self._run(session)
        return result

    def _run(self, session: pytest.Session) -> None:
        traffic, contracts, whole = Traffic(self._config.stash[FOLDER]), load_contracts(), self._whole()
        checks: dict[str, Callable[[], None]] = {}
        if whole:
            checks |= {f"operation_was_used[{one}]": partial(traffic.uses, one) for one in sorted(operations())}
        if whole or (contracts and traffic.entries):
            checks["all_traffic_fits_the_contracts"] = partial(traffic.fits, contracts, whole=whole)
        items = [Check.named(session, *one) for one in checks.items()]
        session.testscollected += len(items)
        for item, after in pairwise([*items, None]):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if traffic.entries:
            used, known = len(traffic.succeeded & operations()), len(operations())
            self._said = f"{len(traffic.entries)} requests, and {used} of {known} operations with success"
            if not whole:
                self._said += "; only a part of the tests ran, so the others may be missing"
            if not contracts:
                self._said += f"; not held against the contracts, because {CONTRACTS_VARIABLE} names none"

    def _whole(self) -> bool:
        """Whether every test ran, so that what is missing in the traffic is missing in the tests."""
        config = self._config
        if self._left_out or config.getoption("ignore", None) or config.getoption("ignore_glob", None):
            return False
        named = {(config.invocation_params.dir / argument).resolve() for argument in config.args}
        return not named.isdisjoint({config.rootpath, Path(__file__).parents[1]})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._said:
            terminalreporter.write_line(f"traffic of the tests: {self._said}")

    def pytest_unconfigure(self) -> None:
        shutil.rmtree(self._config.stash[FOLDER], ignore_errors=True)


def configure(config: pytest.Config) -> None:
    """Let the tests of this process leave their traffic, and have it judged when they are over."""
    given = getattr(config, "workerinput", None)
    if given is not None:
        config.stash[FOLDER] = Path(given["traffic"])
        config.pluginmanager.register(Worker(config), "traffic")
    else:
        config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="traffic-"))
        config.pluginmanager.register(Judge(config), "traffic")
