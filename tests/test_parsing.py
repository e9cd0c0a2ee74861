"""What every test relies on."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator

import pytest


class Open:
    """Takes a tree to tell of when it is collected, which is not before somebody looks for garbage."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        ast.parse("a = (1, [2])")


@pytest.fixture
def collected_often() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50)
    yield
    gc.set_threshold(*before)


def test_a_module_is_parsed_whatever_is_collected(collected_often: None) -> None:
    text = "\n".join(f"x{place} = [1, (3, {{'a': {place}}})]" for place in range(100))
    for _ in range(50):
        for _ in range(20):
            Open()
        assert len(ast.parse(text).body) == 100
