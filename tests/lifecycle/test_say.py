"""Notices of work that runs side by side."""

from __future__ import annotations

import io
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_voice_routing import say


class Slow(io.StringIO):
    """Another thread always gets its turn after a write."""

    def write(self, text: str) -> int:
        time.sleep(0.001)
        return super().write(text)


def test_one_notice_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = Slow()
    monkeypatch.setattr("pulumi.log.get_engine", lambda: None)  # as in the process of a provider
    monkeypatch.setattr(sys, "stderr", errors)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: (say.warn, say.info)[place % 2](f"number {place}"), range(40)))
    lines = [f"{('warning', 'info')[place % 2]}: number {place}" for place in range(40)]
    assert sorted(errors.getvalue().splitlines()) == sorted(lines)
