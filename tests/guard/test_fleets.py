"""A row of a fleet is guarded, judged and drawn as a resource of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import pulumi_voice_routing
from pulumi_voice_routing import ringcx
from pulumi_voice_routing.plan.plan import read_plan
from tests.approvals import filled_in
from tests.gate.conftest import run
from tests.guard.conftest import NUMBERS, Approve, changes_sent
from tests.numbers.account import Account, e164
from tests.stacks import Program, Stack

FIRST, SECOND = "123456/1000/1001", "123456/1000/1002"


def program(owners: dict[str, str]) -> Program:
    def declared() -> None:
        pulumi_voice_routing.guard()
        rows = [{"dnis": number, "profile": owner} for number, owner in owners.items()]
        ringcx.DnisAssignment.fleet("lines", rows=rows, key="dnis", dnis="{dnis}")

    return declared


def test_rows_are_guarded_and_judged(
    account: Account, stack: Stack, approve: Approve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second, third = e164(NUMBERS)
    all_to_first = dict.fromkeys((first, second, third), FIRST)
    stack.up(program(all_to_first))
    account.portal.forget_journal()
    moved, fewer = {**all_to_first, second: SECOND}, dict.fromkeys((first, third), FIRST)

    assert f"{second} from profile 1001 to profile 1002" in stack.preview_fails(program(moved)).error
    refused = stack.preview_fails(program(fewer))
    assert f'row "{second}": it is protected' in refused.error
    assert f'objects = ["{second}"]\nfrom = "profile 1001"\nto = "nobody"' in filled_in("\n".join(refused.lines))
    assert "delete hooks" in stack.destroy_fails().error

    monkeypatch.setenv("VOICE_ROUTING_GUARD_PREVIEW", "tell")  # the gate judges the preview
    preview = tmp_path / "preview.json"
    preview.write_text(stack.preview_json(program(moved)))
    steps = {step.urn.rpartition("::")[2]: step for step in read_plan(preview).steps}
    assert {name: step.op for name, step in steps.items() if step.changes} == {f'lines["{second}"]': "update"}
    before = steps[f'lines["{first}"]'].before
    assert before is not None
    assert before.id == f"123456/{first[1:]}"
    judged = run("gate", preview, "--format", "json")
    assert [(found[0], found[1]) for found in judged.findings] == [("reassign-active-dnis", second)]
    assert changes_sent(account.portal) == []

    approve("release-active-dnis", "profile 1001", "nobody", numbers=NUMBERS[1:2])
    stack.up(program(all_to_first))
    preview.write_text(stack.preview_json(program(fewer)))
    steps = {step.urn.rpartition("::")[2]: step for step in read_plan(preview).steps}
    assert {name: step.op for name, step in steps.items() if step.changes} == {f'lines["{second}"]': "delete"}
    assert run("gate", preview, "--format", "json").findings == []
    stack.up(program(fewer))
    assert stack.state()["lines"]["inputs"]["protected"] == [first, third]
