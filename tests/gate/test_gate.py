"""What passes the gate and what does not, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pulumi_voice_routing.commands.gate import verdict
from pulumi_voice_routing.plan.facts import Facts
from pulumi_voice_routing.plan.plan import read_plan
from pulumi_voice_routing.safety.rule import Settings, Violation
from tests.gate.conftest import Gate, is_told, run
from tests.gate.previews import (
    DENVER,
    HOTLINE,
    LINE,
    MOVED,
    NUMBER,
    RENAMED,
    STACK,
    Json,
    deleted,
    events,
    line,
    policy_event,
    preview,
    state_of,
    step,
    urn,
    written,
)

APPROVAL = """[[approval]]
rule = "reassign-active-dnis"
objects = ["+13035550100"]
from = "profile 1001"
to = "profile 1002"
reason = "the new plan"
ticket = "OPS-1"
until = 2999-12-31
"""
OTHER_PACKAGE: Json = {"op": "create", "urn": f"{STACK}random:index/randomId:RandomId::token"}
OTHER_PACKAGE["newState"] = {"urn": OTHER_PACKAGE["urn"], "type": "random:index/randomId:RandomId", "inputs": {}}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (deleted(HOTLINE), [("release-active-dnis", NUMBER, "profile 1001", "nobody")]),
        (MOVED, [("reassign-active-dnis", NUMBER, "profile 1001", "profile 1002")]),
        (RENAMED, []),
    ],
)
def test_what_would_happen_to_one_number_or_name(gate: Gate, change: Json, found: list[tuple[str, ...]]) -> None:
    is_told(gate, change, found)


def test_exit_codes(gate: Gate) -> None:
    quiet, harmless, harmful = preview(*LINE), preview(*line(RENAMED)), preview(*line(MOVED))

    assert [gate(one).code for one in (quiet, harmless, harmful, "nonsense")] == [0, 0, 1, 3]
    assert [gate(one, "--fail-on-change").code for one in (quiet, harmless, harmful, "nonsense")] == [0, 2, 1, 3]
    assert gate(preview(*LINE, OTHER_PACKAGE), "--fail-on-change").code == 2
    assert run("gate").code == 3
    assert gate(quiet, "--no-such-option").code == 3


def test_a_plan_without_our_resources_is_an_error(gate: Gate) -> None:
    said = gate(preview(OTHER_PACKAGE))

    assert (said.code, said.out) == (3, "")
    assert "shows no resource of pulumi-voice-routing" in said.error


def test_left_out_resources_without_a_state_are_an_error(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    said = gate(preview(MOVED, hidden=5))

    assert said.code == 3
    assert "leaves out 5 resources" in said.error
    assert "--show-sames" in said.error
    assert said.error.count("\n") == 1


def test_left_out_resources_with_a_state_are_judged(gate: Gate, tmp_path: Path) -> None:
    stack = {"op": "same", "urn": f"{STACK}pulumi:pulumi:Stack::lines-dev"}
    state = written(tmp_path, state_of(*LINE), "state.json")

    said = gate(preview(stack, MOVED, hidden=5), "--state", state)

    assert (said.code, said.findings) == (1, [("reassign-active-dnis", NUMBER, "profile 1001", "profile 1002")])


@pytest.mark.parametrize(
    ("approval", "code", "says"),
    [
        (APPROVAL, 0, None),
        (APPROVAL.replace("1002", "1003"), 1, "its approval is for 'profile 1001' to 'profile 1003'"),
        (APPROVAL.replace("0100", "0199"), 1, "it is not approved"),
        (APPROVAL.replace("2999-12-31", "2020-12-31"), 1, "its approval expired on 2020-12-31 (UTC)"),
    ],
)
def test_an_approval_permits_what_it_names(
    gate: Gate, tmp_path: Path, approval: str, code: int, says: str | None
) -> None:
    written(tmp_path, approval, "approvals.toml")

    said = gate(preview(*line(MOVED)))

    assert said.code == code
    moved = said.report["findings"][0]
    assert (moved["rule"], moved["missing"]) == ("reassign-active-dnis", says)
    assert (moved["approval"] is None) == (code == 1)
    assert len(said.report["notes"]) == code  # one that is of no use is told


def test_approvals_come_from_where_one_says(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = written(tmp_path, APPROVAL, "allowed.toml")
    moved = preview(*line(MOVED))

    assert gate(moved, "--approvals", elsewhere).code == 0
    assert gate(moved, "--approvals", tmp_path / "none.toml").code == 3
    for named in (str(elsewhere), "allowed.toml"):  # as for the provider and the pack, from the program's folder
        monkeypatch.setenv("VOICE_ROUTING_APPROVALS", named)
        assert gate(moved).code == 0
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
    monkeypatch.delenv("VOICE_ROUTING_APPROVALS")
    assert gate(moved).code == 1  # the emergency is for those who run the engine, not for the review


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({}, 1),
        ({"reassign-active-dnis": "advisory"}, 0),
        ({"reassign-active-dnis": {"enforcementLevel": "disabled"}}, 0),
        ({"all": "disabled"}, 0),
        ({"all": {"enforcementLevel": "advisory"}}, 0),
        ({"all": "disabled", "reassign-active-dnis": "mandatory"}, 1),
        ({"all": "advisory", "reassign-active-dnis": {"allowUnreadableState": True}}, 0),
        ({"our-own-policy": {"whatever": 1}}, 1),
        ({"reassign-active-dnis": "off"}, 3),
        ({"reassign-active-dnis": 5}, 3),
        ({"reassign-active-dnis": {"enforcementLevel": "remediate"}}, 3),
        ({"reassign-active-dnis": {"allowUnreadableState": "yes"}}, 3),
        ({"reassign-active-dnis": {"alowUnreadableState": True}}, 3),
        ({"plain-secrets": {"percent": float("nan")}}, 3),
        ('{"plain-secrets": {"percent": 1e999}}', 3),
        ('{"all": "advisory", "all": "mandatory"}', 3),
        ('{"plain-secrets": {"percent": 40, "percent": 100}}', 3),
        ([], 3),
        ("{", 3),
    ],
)
def test_the_policy_config_says_how_strict(gate: Gate, tmp_path: Path, config: Json | str, code: int) -> None:
    said = gate(preview(*line(MOVED)), "--config", written(tmp_path, config, "safety.json"))

    assert said.code == code
    if code == 3:
        assert said.error.startswith("error: config: ")
        assert said.error.count("\n") == 1
    elif "our-own-policy" in config:
        assert said.report["notes"] == ["the policy config names our-own-policy, which is no rule of the gate"]


@pytest.mark.parametrize(
    ("log", "says"),
    [
        (preview(*line(RENAMED)), "is no log of events"),
        (events(*LINE), "is of another plan"),
        (events(*line({**RENAMED, "newState": DENVER["newState"]})), "is of another plan"),
        (events(*line(RENAMED), result="failed"), "is of a preview that failed"),
        (events(*line(RENAMED), said=[{"diagnosticEvent": {"severity": "error", "message": "boom"}}]), "failed: boom"),
        ("", "is not JSON"),
    ],
)
def test_only_the_log_of_the_same_preview_counts(gate: Gate, tmp_path: Path, log: Json | str, says: str) -> None:
    said = gate(preview(*line(RENAMED)), "--event-log", written(tmp_path, log, "events.jsonl"))

    assert (said.code, said.out) == (3, "")
    assert says in said.error


def test_a_provider_of_the_program_that_changes_is_a_change(gate: Gate) -> None:
    one = f"{STACK}pulumi:providers:pulumi-python::mine"
    new = {"urn": one, "type": "pulumi:providers:pulumi-python"}

    assert gate(preview(*LINE, {"op": "create", "urn": one, "newState": new}), "--fail-on-change").code == 2


def test_the_preview_may_come_through_a_pipe(tmp_path: Path) -> None:
    tool = [sys.executable, "-m", "pulumi_voice_routing", "gate", "/dev/stdin"]
    for text, code in ((json.dumps(preview(*line(MOVED))), 1), (events(*LINE), 0)):
        said = subprocess.run(tool, input=text, capture_output=True, text=True, cwd=tmp_path)
        assert (said.returncode, said.stderr) == (code, "")


@pytest.mark.parametrize("module", ["pulumi_voice_routing", "pulumi_voice_routing.cli"])
@pytest.mark.whole_run
def test_what_is_printed_does_not_depend_on_the_terminal(tmp_path: Path, module: str) -> None:
    odd = json.dumps(preview(*line(RENAMED))).replace("::denver", "::d\\u00e9nver \\ud800\\u6f22")
    path = written(tmp_path, odd)
    tool = [sys.executable, "-m", module, "gate", path]
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}

    for form in ("text", "json", "markdown", "sarif"):
        said = subprocess.run([*tool, "--format", form], capture_output=True, cwd=tmp_path, env=env)
        assert (said.returncode, said.stderr) == (0, b"")
        assert form == "sarif" or "dénver" in said.stdout.decode()
    with Path("/dev/full").open("w") as full:
        failed = subprocess.run(tool, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=env)
    assert (failed.returncode, failed.stderr.count("\n")) == (3, 1)
    assert "No space left" in failed.stderr


def test_whatever_goes_wrong_is_one_line(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **named: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(verdict, "unused", fail)

    said = gate(preview(*LINE))

    assert (said.code, said.out, said.error) == (3, "", "error: ZeroDivisionError: division by zero\n")


def test_help_tells_the_exit_codes_and_the_gate_imports_little() -> None:
    said = run("gate", "--help")
    assert said.code == 0
    assert "--fail-on-change" in said.out
    assert "3: an error" in said.out
    imported = "import sys, pulumi_voice_routing.__main__, pulumi_voice_routing.commands.gate.command_line, "
    imported += "pulumi_voice_routing.commands.gate.verdict; "
    imported += "print([one for one in ('typer', 'pydantic') if one in sys.modules])"
    assert subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True).stdout == "[]\n"


def test_policies_in_the_event_log_refuse_as_well(gate: Gate, tmp_path: Path) -> None:
    stopped = preview(*line(RENAMED), diagnostics=[{"severity": "error", "message": "error: preview failed\n"}])
    friday = policy_event("no-fridays", "It is Friday.")
    log = written(tmp_path, events(*line(RENAMED), said=[friday, friday], result="failed"), "events.jsonl")
    advice = policy_event("no-mondays", "It is Monday.", level="advisory")

    alone, with_log = gate(stopped), gate(stopped, "--event-log", log)
    only_log = gate(events(*line(RENAMED), said=[advice]))

    assert alone.code == 3
    assert "--event-log" in alone.error
    assert with_log.code == 1
    assert [(one["policy"], one["message"]) for one in with_log.report["policies"]] == [("no-fridays", "It is Friday.")]
    assert (only_log.code, only_log.report["policies"][0]["level"]) == (0, "advisory")


def test_what_the_pack_found_as_well_is_told_once(gate: Gate) -> None:
    twice = policy_event("reassign-active-dnis", "[reassign] +13035550100 would move.", on=MOVED["urn"])

    said = gate(events(*line(MOVED), said=[twice], result="failed"))

    assert (said.code, said.report["policies"]) == (1, [])


def test_a_rule_that_fails_passes_nothing(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(facts: Facts, settings: Settings) -> list[Violation]:
        raise KeyError("name")

    monkeypatch.setattr(verdict, "RULES", (replace(verdict.RULES[0], judge=fail),))

    said = gate(preview(*LINE))

    assert (said.code, said.out) == (3, "")
    assert said.error == (
        f"error: plan: {verdict.RULES[0].name} cannot judge it (KeyError: 'name'), so that it is not passed\n"
    )


def test_same_input_same_bytes(gate: Gate) -> None:
    document = preview(*line(MOVED, RENAMED, OTHER_PACKAGE))
    backwards = {**document, "steps": document["steps"][::-1]}

    for form in ("text", "json", "markdown", "sarif"):
        assert gate(document, "--format", form) == gate(backwards, "--format", form)


@pytest.mark.whole_run
def test_the_command_itself(tmp_path: Path) -> None:
    """In a process of its own: what a shell sees, and that a secret is nowhere."""
    auth = step("create", "ringcx:BasicAuth", "crm", new={"name": "CRM", "username": "u", "password": "[secret]"})
    path = written(tmp_path, preview(*line(MOVED, auth)))
    tool = [sys.executable, "-m", "pulumi_voice_routing.cli"]
    env = {**os.environ, "RINGCX_ACCESS_TOKEN": "emulator-token"}

    judged = subprocess.run([*tool, "gate", path], capture_output=True, text=True, cwd=tmp_path, env=env)
    missing = subprocess.run([*tool, "gate", "none.json"], capture_output=True, text=True, cwd=tmp_path, env=env)

    assert (judged.returncode, judged.stderr) == (1, "")
    assert judged.stdout.startswith("refused: 1 violation\nstack dev of lines: 1 updated, 1 created, 5 unchanged\n")
    assert judged.stdout.endswith(f"plan {read_plan(path).hash}\n")
    assert "\x1b" not in judged.stdout
    assert "[secret]" not in judged.stdout
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr == "error: plan: none.json cannot be read: No such file or directory\n"
    assert json.loads(path.read_text())["steps"]  # it is left as it was


def test_urns_of_components_are_named_by_the_resource(gate: Gate) -> None:
    inside = {**RENAMED, "urn": urn("ringcx:Destination", "denver").replace("::pulumi-py", "::my:Line$pulumi-py")}
    inside["newState"] = {**RENAMED["newState"], "urn": inside["urn"]}

    assert gate(preview(*line(inside))).report["plan"]["resources"][0] == {
        "op": "update",
        "urn": inside["urn"],
        "type": "ringcx:Destination",
        "name": "denver",
    }
