"""One browser for all pages of a module: while it runs, nothing else can run an event loop here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def chrome() -> Iterator[object]:
    from tests.view.browser import browser  # it starts a process

    with browser() as there:
        yield there
