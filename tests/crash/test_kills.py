"""Kill -9 in the middle of an up, an update and a destroy of the main example: the next run ends as if it had not been.

A sample of all the kills there are; ``VOICE_ROUTING_EVERY_KILL=1`` tries every request of every operation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash.main_program import Kill, MainProgram, stack_in
from tests.emulated import Emulated

EVERY_KILL = os.environ.get("VOICE_ROUTING_EVERY_KILL") == "1"


@dataclass(frozen=True)
class Series:
    """Kills of one kind: at one place of the operation, in percent of its requests, or at every request."""

    operation: str
    victim: str
    when: str
    percent: int | None = None
    checkpoints: bool = True

    def kills(self, requests: int) -> Iterator[Kill]:
        after = self.when == "after"
        if self.percent is None:
            for at in range(1, requests + 1):
                yield Kill(self.operation, self.victim, at, after, checkpoints=at % 3 != 0)
        else:
            yield Kill(self.operation, self.victim, max(1, requests * self.percent // 100), after, self.checkpoints)

    def __str__(self) -> str:
        place = "every request" if self.percent is None else f"{self.percent} percent"
        return f"{self.victim} {self.when} {place} of {self.operation}{'' if self.checkpoints else ' unrecorded'}"


SAMPLE = (
    Series("up", "provider", "after", 15),
    Series("up", "engine", "before", 40),
    Series("up", "engine", "after", 75, checkpoints=False),
    Series("up", "host", "before", 60),
    Series("update", "provider", "before", 50),
    Series("update", "engine", "after", 30),
    Series("update", "program", "after", 80, checkpoints=False),
    Series("destroy", "provider", "after", 25, checkpoints=False),
    Series("destroy", "engine", "before", 65),
)
ALL = tuple(
    Series(operation, victim, when)
    for operation, victims in (
        ("up", ("provider", "engine", "host", "program")),
        ("update", ("provider", "engine", "host", "program")),
        ("destroy", ("provider", "engine")),
    )
    for victim in victims
    for when in ("before", "after")
)
"""No program runs in a destroy."""

# The sample shares one stack, and what an uninterrupted run ends in.
pytestmark = [] if EVERY_KILL else [pytest.mark.xdist_group("crash")]


@pytest.fixture(scope="module")
def main_program(
    engine_on_path: Path, pulumi_home: Path, emulator_process: Emulated, tmp_path_factory: pytest.TempPathFactory
) -> MainProgram:
    stack = stack_in(tmp_path_factory.mktemp("crash"), pulumi_home, emulator_process)
    return MainProgram(emulator_process, stack)


@pytest.mark.parametrize("series", ALL if EVERY_KILL else SAMPLE, ids=str)
def test_the_next_run_ends_as_if_nothing_had_been(
    series: Series, main_program: MainProgram, emulator: Emulated
) -> None:
    killed, failures = 0, []
    for kill in series.kills(main_program.requests[series.operation]):
        try:
            killed += main_program.go_through(kill)
        except AssertionError as failure:
            failures.append(f"{kill}:\n{failure}")
    assert not failures, "\n\n".join(failures)
    assert killed, "there was nothing to kill"
