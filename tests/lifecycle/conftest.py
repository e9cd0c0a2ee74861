"""What the tests of lifecycles share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def what_happens_to_numbers_is_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A life has its moves and its end; who permits them is tried in ``tests/numbers``."""
    rules = "reassign-active-dnis release-active-dnis"
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", rules)
