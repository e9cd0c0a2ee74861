"""Another plan would be done than the one that was reviewed."""

from __future__ import annotations

from pathlib import Path

from tests.gate.conftest import Gate
from tests.gate.previews import GROUP, HOTLINE, LINE, RENAMED, deleted, events, line, preview, step, written


def test_the_reviewed_plan_and_no_other(gate: Gate, tmp_path: Path) -> None:
    document = preview(*line(RENAMED))
    reviewed = gate(document).report["plan"]["hash"]

    assert gate(document, "--expect", reviewed).code == 0
    other = gate(preview(*line(RENAMED, step("create", "ringcx:RouteGroup", "new", new={}))), "--expect", reviewed)
    moved = gate(preview(*line(RENAMED, {**HOTLINE, "oldState": deleted(GROUP)["oldState"]})), "--expect", reviewed)
    assert (other.code, moved.code) == (1, 1)
    assert "other things would be done" in other.report["findings"][0]["message"]
    assert "the state has moved" in moved.report["findings"][0]["message"]
    both = {**HOTLINE, "oldState": deleted(GROUP)["oldState"]}
    both_ = gate(preview(*line(both, step("create", "ringcx:RouteGroup", "new", new={}))), "--expect", reviewed)
    assert "the state has moved since the review, and other things" in both_.report["findings"][0]["message"]
    nonsense = gate(document, "--expect", "5", "--config", written(tmp_path, {"all": "disabled"}, "off.json"))
    assert [one[0] for one in nonsense.findings] == ["reviewed-plan"]
    assert "is no plan hash" in nonsense.report["findings"][0]["message"]


def test_an_expected_hash_that_is_empty_is_an_error(gate: Gate) -> None:
    for nothing in ("", " ", "\n"):
        said = gate(preview(*line(RENAMED)), "--expect", nothing)
        assert (said.code, said.out) == (3, "")
        assert "there is no hash in it" in said.error


def test_events_with_unknown_values_cannot_be_compared(gate: Gate) -> None:
    new = step("create", "ringcx:Dnis", "new", new={"dnis": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"})

    said = gate(events(*line(RENAMED, new)), "--expect", "1-2")

    assert (said.code, said.error.count("\n")) == (3, 1)
    assert "give the document" in said.error


def test_protection_that_goes_is_another_plan(gate: Gate) -> None:
    reviewed = gate(preview(*LINE)).report["plan"]["hash"]
    loose = {**HOTLINE, "newState": {**HOTLINE["newState"], "retainOnDelete": True}}

    said = gate(preview(*line(loose)), "--expect", reviewed)

    assert said.findings[0][0] == "reviewed-plan"
