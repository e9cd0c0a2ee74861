"""What rules, gate, pack and ``guard()`` say of many changes is what is recorded.

``python -m tests.verdicts`` records it anew.
"""

from __future__ import annotations

import pytest

from .recorded import FOLDER, file, recorded, sections


@pytest.mark.parametrize(("name", "what"), [(name, what) for name, says in sections().items() for what in says])
def test_what_is_said_is_what_is_recorded(name: str, what: str) -> None:
    assert sections()[name][what]() == recorded(name)[what]


def test_nothing_else_is_recorded_and_it_stays_small_enough_to_read() -> None:
    assert sorted(FOLDER.iterdir()) == sorted(map(file, sections()))
    for name, says in sections().items():
        assert [*recorded(name)] == [*says]
    assert sum(one.stat().st_size for one in FOLDER.iterdir()) < 200_000
