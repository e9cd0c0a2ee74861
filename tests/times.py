"""Where the processor's time goes: ``python -m pytest -p tests.times`` ends with a table of folders and long tests.

It is time of the processor, not of the clock, so that it does not depend on what else the machine does. What other
processes took for a test counts as well, also those that go on after it, such as the emulator's. It takes Linux.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LONGEST = 40

_start = pytest.StashKey[float]()
_TICKS = os.sysconf("SC_CLK_TCK")


def spent() -> float:
    """Seconds of the processor, of this process and of all that it has started."""
    return sum(os.times()[:4]) + sum(_spent_by(child) for child in _children(os.getpid()))


def _children(pid: int) -> Iterator[int]:
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        yield from map(int, listed.read_text().split())


def _spent_by(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICKS + sum(_spent_by(child) for child in _children(pid))
    except (FileNotFoundError, ProcessLookupError):
        return 0.0  # it has just ended


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    item.stash[_start] = spent()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report: Any = yield
    if report.when == "teardown":
        report.user_properties.append(("processor seconds", spent() - item.stash[_start]))
    return report


class _Table:
    def __init__(self) -> None:
        self._tests: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tests.update({report.nodeid: dict(report.user_properties).get("processor seconds", 0.0)})

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        folders: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for name, seconds in self._tests.items():
            folder = os.path.dirname(name.partition("::")[0])
            folders[folder] += seconds
            count[folder] += 1
        terminalreporter.section("processor seconds")
        for folder, seconds in folders.most_common():
            terminalreporter.write_line(f"{seconds:8.1f}  {count[folder]:5} tests  {folder}")
        terminalreporter.write_line(f"{sum(folders.values()):8.1f}  {sum(count.values()):5} tests")
        terminalreporter.write_line("")
        for name, seconds in self._tests.most_common(LONGEST):
            terminalreporter.write_line(f"{seconds:8.1f}  {name}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Table())
