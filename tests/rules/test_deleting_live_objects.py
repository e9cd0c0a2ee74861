"""What takes calls would leave the stack and the vendor."""

from __future__ import annotations

import pytest

from tests.gate.conftest import Gate, is_told
from tests.gate.previews import DISABLED, ENABLED, IDLE, LINE, RING_GROUP, SPARE, UNUSED, Json, deleted, preview


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (deleted(UNUSED), []),
        (deleted(RING_GROUP), [("deleting-live-objects", "ring group 17", "active", "deleted")]),
        (deleted(ENABLED), []),
        (deleted(DISABLED), []),
        (deleted(SPARE), []),
        (deleted(IDLE), []),
        (deleted({**RING_GROUP, "oldState": {**RING_GROUP["oldState"], "retainOnDelete": True}}), []),
    ],
)
def test_what_would_happen_to_one_resource(gate: Gate, change: Json, found: list[tuple[str, ...]]) -> None:
    is_told(gate, change, found)


def test_what_is_behind_a_number_is_judged_by_where_its_calls_end(gate: Gate) -> None:
    gone = [deleted(one) for one in LINE]

    rules = {(rule, object_) for rule, object_, _, _ in gate(preview(*gone)).findings}

    assert rules == {("release-active-dnis", "+13035550100")}
