"""How many seeds, and a stack behind a proxy in an account that others use as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.faults.line import Line
from tests.faults.scenarios import Scenario, furnish
from tests.faults.watch import Watch

SHORT = "1"
"""The seeds of a run that names none."""

NewLine = Callable[[Scenario], Line]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", help="seeds of the storms: 50 is 1 to 50, 7-9 is three of them, 7-7 is one")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", _seeds(metafunc.config.getoption("--seeds", None) or SHORT))


def _seeds(said: str) -> range:
    first, _, last = said.rpartition("-")
    return range(int(first or 1), int(last) + 1)


@pytest.fixture
def new_line(emulator: Emulated, new_stack: NewStack) -> Iterator[NewLine]:
    """Brings a scenario to a stack of its own, behind a proxy."""
    lines: list[Line] = []

    def make(scenario: Scenario) -> Line:
        furnish(emulator)
        scenario.prepare(emulator)
        watch = Watch(emulator.state()["objects"], scenario.ours, scenario.kinds)
        line = Line(scenario, emulator, watch, new_stack)
        lines.append(line)
        return line

    yield make
    for line in lines:
        line.stop()
