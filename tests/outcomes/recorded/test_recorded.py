"""What is said of writes and permissions is what was recorded; ``python -m tests.outcomes.recorded`` records it."""

from __future__ import annotations

import pytest

from .about_varied import LONG
from .all import RECORDINGS
from .cases import case, held

_LONG = [pytest.mark.whole_run, pytest.mark.varied]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param(name, title, marks=_LONG if title.startswith(LONG) else [])
        for name, cases in RECORDINGS.items()
        for title in cases
    ],
    ids=lambda one: one,
)
def test_it_is_what_was_recorded(name: str, title: str) -> None:
    assert case(RECORDINGS[name], title) == held(name).get(title)


def test_nothing_else_is_recorded() -> None:
    assert {name: list(held(name)) for name in RECORDINGS} == {name: list(cases) for name, cases in RECORDINGS.items()}
