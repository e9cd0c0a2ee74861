"""One browser for all pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def chrome() -> Iterator[object]:
    from tests.view.browser import browser  # it starts a process

    with browser() as there:
        yield there
