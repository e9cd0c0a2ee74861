"""What takes calls would leave the stack and the vendor."""

from __future__ import annotations

from pathlib import Path

from tests.gate.conftest import Gate
from tests.gate.previews import DISABLED, ENABLED, IDLE, LINE, RING_GROUP, SPARE, UNUSED, deleted, line, preview


def test_a_ring_group_that_ends_is_judged_by_its_calls(gate: Gate) -> None:
    (found,) = gate(preview(*line(deleted(RING_GROUP)))).findings
    assert found[:2] == ("calls-unanswered", "8000")
    assert found[3] == "nobody (the ring group ends)"
    kept = {**RING_GROUP, "oldState": {**RING_GROUP["oldState"], "retainOnDelete": True}}
    for harmless in (deleted(kept), *map(deleted, (UNUSED, ENABLED, DISABLED, SPARE, IDLE))):
        assert "8000" not in {object_ for _, object_, _, _ in gate(preview(*line(harmless))).findings}


def test_what_was_approved_of_a_ring_group_stays_approved(gate: Gate, tmp_path: Path) -> None:
    older = 'rule = "deleting-live-objects"\nobject = "ring group 17"\nfrom = "active"\nto = "deleted"\n'
    entry = f'[[approval]]\n{older}reason = "It is meant"\nticket = "OPS-1"\nuntil = 2099-12-31\n'
    (tmp_path / "approvals.toml").write_text(entry)
    said = gate(preview(*line(deleted(RING_GROUP))))
    assert said.code == 0
    assert said.report["notes"] == []


def test_what_is_behind_a_number_is_judged_by_where_its_calls_end(gate: Gate) -> None:
    gone = [deleted(one) for one in LINE]

    rules = {(rule, object_) for rule, object_, _, _ in gate(preview(*gone)).findings}

    assert rules == {("release-active-dnis", "+13035550100")}
