"""What an up refuses before it sends anything, the preview of the same program refuses, in the same words if it can."""

from __future__ import annotations

import pytest

from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.foreseen.table import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_preview_and_up_say_the_same(case: Case, emulator: Emulated, new_stack: NewStack) -> None:
    stack = new_stack()
    case.by_hand(emulator)
    if case.first is not None:
        stack.up(case.first, quiet=False)
    before = emulator.state()

    if not case.said:
        stack.preview(case.program)
        stack.up(case.program, quiet=False)
        return
    said = stack.preview_fails(case.program).error
    assert case.said in said
    assert emulator.state() == before
    error = stack.fails(case.program).error
    assert error == said or case.own_words
    assert case.others or emulator.state() == before
