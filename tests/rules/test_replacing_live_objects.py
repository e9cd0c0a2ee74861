"""What takes calls would end and be made again."""

from __future__ import annotations

import pytest

from tests.gate.conftest import Gate, is_told
from tests.gate.previews import (
    DENVER,
    DISABLED,
    ENABLED,
    GROUP,
    HOTLINE,
    IDLE,
    NUMBER,
    PROFILE,
    RING_GROUP,
    SPARE,
    Json,
    replaced,
)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (replaced(HOTLINE), [("replacing-live-objects", NUMBER, "profile 1001", "replaced")]),
        (replaced(PROFILE), [("replacing-live-objects", "profile 1001", "active", "replaced")]),
        (replaced(DENVER), [("replacing-live-objects", "destination 2001", "active", "replaced")]),
        (replaced(GROUP), [("replacing-live-objects", "route group 1001", "active", "replaced")]),
        (replaced(RING_GROUP), [("replacing-live-objects", "ring group 17", "active", "replaced")]),
        (replaced(ENABLED), [("replacing-live-objects", "answering rule 5", "active", "replaced")]),
        (replaced(DISABLED), []),
        (replaced(SPARE), []),
        (replaced(IDLE), []),
    ],
)
def test_what_would_happen_to_one_resource(gate: Gate, change: Json, found: list[tuple[str, ...]]) -> None:
    is_told(gate, change, found)
