"""What rules, gate, pack and ``guard()`` say of many changes is what is recorded.

``python -m tests.verdicts`` records it anew.
"""

from __future__ import annotations

import pytest

from . import varied
from .recorded import FOLDER, file, recorded, sections


def _marks(what: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.whole_run, pytest.mark.varied] if varied.is_long(what) else []


@pytest.mark.parametrize(
    ("name", "what"),
    [pytest.param(name, what, marks=_marks(what)) for name, says in sections().items() for what in says],
)
def test_what_is_said_is_what_is_recorded(name: str, what: str) -> None:
    assert sections()[name][what]() == recorded(name)[what]


def test_nothing_else_is_recorded_and_it_stays_small_enough_to_read() -> None:
    assert sorted(FOLDER.iterdir()) == sorted(map(file, sections()))
    for name, says in sections().items():
        assert [*recorded(name)] == [*says]
    assert sum(file(name).stat().st_size for name in sections() if name != "varied") < 200_000
