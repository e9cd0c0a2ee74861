"""A report begins with what happens to callers, and says what is not looked at."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing import settings
from pulumi_voice_routing.commands.naming import spoken
from pulumi_voice_routing.permission.approvals import APPROVALS_FILE, Approvals, broken_glass
from tests.gate.conftest import Gate, run
from tests.gate.previews import (
    DENVER_ARGS,
    LINE,
    NUMBER,
    PROFILE_ARGS,
    Json,
    line,
    preview,
    same,
    state_of,
    step,
    written,
)

SHARES: dict[str, Any] = {
    "profile": "123456/1001/1001",
    "destinations": [{"destination": "123456/1001/2001", "rank": 1, "allocation_percent": 100}],
}
BY_PERCENT = (
    same("ringcx:Profile", "support", id="123456/1001/1001", **{**PROFILE_ARGS, "routing_type": "PERCENT_ALLOCATION"}),
    same("ringcx:ProfileDestinations", "split", id="123456/1001/1001", **SHARES),
)
STRANGER = "+13035550199"


def target(number: str) -> Json:
    """Denver sends its calls to another number."""
    new = {**DENVER_ARGS, "target": number}
    return step("update", "ringcx:Destination", "denver", id="123456/1001/2001", old=DENVER_ARGS, new=new)


def test_one_wrong_digit_is_the_first_line_of_the_comment(gate: Gate) -> None:
    document = preview(*line(*BY_PERCENT, target(STRANGER)))

    comment = gate(document, "--format", "markdown")
    first = comment.out.splitlines()[0]

    assert comment.code == 0
    assert first == f"### Calls to {NUMBER} would end elsewhere than now. Phone routing: passed, 1 warning"
    assert comment.out.splitlines()[2] == (
        f"- {spoken(NUMBER)}, always: Denver ({spoken('+13035550123')}) becomes Denver ({spoken(STRANGER)})"
    )
    assert comment.out.index("```mermaid") < comment.out.index("<details>")
    assert f"| {NUMBER} | always | number +13035550123 | number {STRANGER} |" in comment.out
    text = gate(document, "--format", "text").out.splitlines()
    assert text[2] == f"Calls to {NUMBER} would end elsewhere than now."
    told = gate(document).report["callers"]
    assert told["said"] == text[2]
    assert [one["number"] for one in told["numbers"]] == [NUMBER]


@pytest.mark.parametrize(
    ("change", "said", "code"),
    [
        (target(NUMBER), "would be answered less often than now", 1),
        (target("+19005550100"), "would go where no call may go", 1),
        (target("04da6b54-80e4-46f7-96ec-b56ff0331ba9"), "may not be answered, which could not be told any more", 1),
    ],
)
def test_the_worst_is_said_of_a_number(gate: Gate, change: Json, said: str, code: int) -> None:
    document = preview(*line(*BY_PERCENT, change))
    judged = gate(document)
    assert (judged.code, said in judged.report["callers"]["said"]) == (code, True)


def test_what_is_printed_can_be_pasted_into_the_approvals(gate: Gate, tmp_path: Path) -> None:
    document = preview(*line(*BY_PERCENT, target(NUMBER)))
    refused = gate(document, "--format", "markdown")
    assert refused.code == 1

    block = refused.out.partition("```toml\n")[2].partition("```")[0]
    entries = tomllib.loads(block)["approval"]
    assert {entry["rule"] for entry in entries} == {one[0] for one in gate(document).findings}
    assert all((entry["reason"], entry["ticket"]) == ("", "") for entry in entries)

    given = block.replace('reason = ""', 'reason = "meant"').replace('ticket = ""', 'ticket = "OPS-1"')
    assert Approvals.read(written(tmp_path, given, "approvals.toml")).entries
    assert gate(document).code == 0


def test_nothing_is_said_of_callers_when_nothing_changes_for_them(gate: Gate) -> None:
    new = {**DENVER_ARGS, "description": "Renovated"}
    described = step("update", "ringcx:Destination", "denver", id="123456/1001/2001", old=DENVER_ARGS, new=new)
    comment = gate(preview(*line(*BY_PERCENT, described)), "--format", "markdown").out
    assert comment.splitlines()[0] == "### Phone routing: passed"
    assert gate(preview(*line(*BY_PERCENT, described))).report["callers"] == {"said": "", "numbers": []}


# What is not looked at


def test_rules_that_are_switched_off_are_named(gate: Gate, tmp_path: Path) -> None:
    config = written(tmp_path, json.dumps({"all": "disabled"}), "config.json")
    said = gate(preview(*line(target(NUMBER))), "--config", config, "--format", "text").out
    assert "rules switched off" in said.splitlines()[0]
    assert "note: the policy config switches off every rule" in said
    config = written(tmp_path, json.dumps({"plain-secrets": "advisory", "duplicates": "disabled"}), "config.json")
    notes = gate(preview(*line()), "--config", config).report["notes"]
    assert "the policy config switches off 1 rule: duplicates" in notes
    assert "the policy config makes advisory 1 rule: plain-secrets" in notes


def test_an_emergency_is_named(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
    (note,) = gate(preview(*line())).report["notes"]
    assert "provider and guard() will not keep release-active-dnis; the gate keeps them" in note


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("", []),
        (" , ", []),
        ("0", ["names 0, which is no rule that it switches off"]),
        ("false", ["names false, which is no rule"]),
        ("all", ["names all, which is no rule"]),
        ("relese-active-dnis", ["names relese-active-dnis, which is no rule"]),
        ("plain-secrets", ["names plain-secrets, which is no rule that it switches off"]),
        ("calls-unanswered 1", ["will not keep calls-unanswered;", "names 1, which is no rule"]),
        ("critical-number-unanswered", ["will not keep critical-number-unanswered;"]),
        (
            "overwrite-portal-edit,lose-after-hours-rule",
            ["will not keep lose-after-hours-rule, overwrite-portal-edit;"],
        ),
    ],
)
def test_every_form_of_a_report_names_an_emergency(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, said: str, notes: list[str]
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", said)
    there = preview(*line(*BY_PERCENT, target(STRANGER)))
    text, markdown = (gate(there, "--format", form).out.replace("\\", "") for form in ("text", "markdown"))
    found = gate(there).report["notes"]
    assert len(found) == len(notes)
    for note, whole in zip(notes, found, strict=True):
        assert note in whole
        assert note in text
        assert note in markdown


def test_what_is_taken_over_is_named(gate: Gate) -> None:
    taken = step("create", "ringcx:Destination", "old", new={**DENVER_ARGS, "name": "Old", "adopt": True})
    (note,) = gate(preview(*line(taken))).report["notes"]
    assert note.startswith("old would take over what exists at the vendor")


# What is no whole plan


@pytest.mark.parametrize("counted", [{"same": 6}, {"same": 6, "update": 2}, {"same": 6, "update": 1, "delete": 1}])
def test_steps_that_the_engine_has_not_counted_so_are_an_error(gate: Gate, counted: dict[str, int]) -> None:
    document = preview(*line(target(STRANGER)))
    assert gate(document).code == 0
    said = gate({**document, "changeSummary": counted})
    assert said.code == 3
    assert "it counts" in said.error


def test_a_preview_that_leaves_out_a_resource_is_an_error_with_the_state(gate: Gate, tmp_path: Path) -> None:
    state = written(tmp_path, state_of(*LINE), "state.json")
    assert gate(preview(*LINE, hidden=1), "--state", state).code == 0
    said = gate(preview(*LINE[:-1], hidden=1), "--state", state)
    assert said.code == 3
    assert "it has 2 resources that the preview does not show, and the preview leaves out 1" in said.error


def test_a_preview_that_leaves_out_what_the_program_says_is_an_error_without_the_state(gate: Gate) -> None:
    """With ``--target`` and ``--exclude``, the engine shows the saved state of a resource in place of the program's."""
    first, *rest = line(target(STRANGER))
    left_out = {**first, "newState": {**first["newState"], "outputs": first["oldState"]["outputs"]}}
    said = gate(preview(left_out, *rest))
    assert said.code == 3
    assert "was made with --target or --exclude" in said.error


@pytest.mark.parametrize("option", ["preview", "--state", "--config", "--approvals"])
def test_a_file_without_an_end_is_an_error(gate: Gate, tmp_path: Path, option: str) -> None:
    given = ["/dev/zero"] if option == "preview" else [str(written(tmp_path, preview(*line()))), option, "/dev/zero"]
    said = run("gate", *given)
    assert said.code == 3
    assert "holds no text" in said.error


def test_emergencies_are_for_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    stacked = {"voice-routing:breakGlass": "release-active-dnis", "voice-routing:approvals": "a.toml"}
    monkeypatch.setattr(settings, "_stack_config", stacked.get)
    assert broken_glass() == frozenset()
    assert APPROVALS_FILE.get() == "a.toml"
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
    assert broken_glass() == {"release-active-dnis"}
