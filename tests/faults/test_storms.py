"""Whatever happens on the way, `pulumi up` again and again ends in the declared state, and harms nobody meanwhile.

`make faults` is the long form. A seed that fails says how to run it again, and what was done to it.
"""

from __future__ import annotations

import pytest

from tests.faults.conftest import NewLine
from tests.faults.scenarios import SCENARIOS, Scenario


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_program_comes_through_a_storm(scenario: Scenario, seed: int, new_line: NewLine) -> None:
    line = new_line(scenario)
    with line.explained(seed):
        for phase in range(len(scenario.settings)):
            program = line.program(phase)
            line.weather(seed, phase)
            line.until_it_succeeds(program)
            line.is_as_declared(program)
    assert line.proxy.log, "the weather was fair"
