"""Settings are those of the whole process, so that what exchanges them is alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pulumi_voice_routing.commands import stand_in
from pulumi_voice_routing.commands.rehearsal import rehearse


def is_taken() -> bool:
    """Whether another thread would have to wait."""

    def ask() -> bool:
        free = stand_in._alone.acquire(blocking=False)
        if free:
            stand_in._alone.release()
        return not free

    with ThreadPoolExecutor(1) as other:
        return other.submit(ask).result()


def test_a_second_rehearsal_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = None
    monkeypatch.setattr(rehearse, "_rehearsed", lambda *_: is_taken())
    assert rehearse.rehearsed(nothing, nothing, stops=0)
    assert not is_taken()


def test_other_settings_are_for_one_at_a_time() -> None:
    with stand_in.environment({}), stand_in.environment({}):
        assert is_taken()
    assert not is_taken()
