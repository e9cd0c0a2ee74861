"""The forms of the report: whole, safe to show, and as they are published."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from pulumi_voice_routing.commands.gate.markdown import LONGEST, escaped
from pulumi_voice_routing.commands.gate.text import text
from pulumi_voice_routing.commands.terminal import on_terminal
from tests.gate.conftest import Gate
from tests.gate.previews import (
    LINE,
    MOVED,
    NUMBER,
    RENAMED,
    Json,
    events,
    line,
    policy_event,
    preview,
    same,
    step,
    urn,
    written,
)
from tests.gate.test_gate import APPROVAL

SCHEMA = json.loads(
    files("pulumi_voice_routing.commands.gate").joinpath("report.schema.json").read_text(encoding="utf-8")
)
HOSTILE = "x|y`z` <img src=x onerror=alert(1)> @octocat [a](https://evil.example) www.evil.example #1\n\n# big ![i](j)"


def many(count: int, profile: str = "123456/1001/1002") -> list[Json]:
    """Numbers that all move, each in a resource of its own."""
    numbers = [f"+1720{place:07}" for place in range(2_000_000, 2_000_000 + count)]
    old = [same("ringcx:DnisAssignment", f"n{n}", id=n, dnis=n, profile="123456/1001/1001") for n in numbers]
    for one in old:
        one["op"] = "update"
        one["newState"]["inputs"]["profile"] = profile
    return old


@pytest.mark.parametrize(
    "document",
    [
        preview(*LINE),
        preview(*line(MOVED, RENAMED)),
        events(*line(MOVED), said=[policy_event("no-fridays", "It is Friday.")]),
    ],
    ids=["unchanged", "refused", "with policies"],
)
def test_the_json_report_is_as_published(gate: Gate, tmp_path: Path, document: Json | str) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(gate(document).report)
    written(tmp_path, APPROVAL, "approvals.toml")
    Draft202012Validator(SCHEMA).validate(gate(document).report)


def test_several_reports_at_once(gate: Gate, tmp_path: Path) -> None:
    paths = {form: tmp_path / f"report.{form}" for form in ("text", "json", "markdown", "sarif")}

    said = gate(
        preview(*line(MOVED)), *[part for form, path in paths.items() for part in ("--output", f"{form}={path}")]
    )

    assert paths["json"].read_text() == said.out
    assert paths["text"].read_text().startswith("refused: 1 violation\n")
    assert json.loads(paths["sarif"].read_text())["version"] == "2.1.0"
    assert "**reassign-active-dnis**" in paths["markdown"].read_text()
    assert gate(preview(*LINE), "--output", "pdf=x").code == 3
    assert gate(preview(*LINE), "--output", f"json={tmp_path}/none/x").code == 3


def test_a_comment_says_nothing_when_nothing_changes(gate: Gate) -> None:
    said = gate(preview(*LINE), "--format", "markdown")

    assert (said.code, said.out) == (0, "")
    assert gate(preview(*line(RENAMED)), "--format", "markdown").out.startswith("### Phone routing: passed\n")


def test_a_comment_is_never_too_long_and_says_what_is_missing(gate: Gate) -> None:
    said = gate(preview(*many(1500)), "--format", "markdown")

    assert len(said.out) <= LONGEST
    assert len(said.out.encode()) <= LONGEST
    assert "more lines are cut off here" in said.out
    assert "refused: 1500 violations" in said.out.splitlines()[0]
    assert said.out.splitlines()[-1].startswith("Plan `")


def test_a_comment_is_never_too_long_with_names_of_any_length(gate: Gate) -> None:
    args = {"group_id": "123456/1001", "name": "n" * 70_000, "kind": "DID", "target": "303-555"}
    long = step("create", "ringcx:Destination", "n" * 70_000, new=args)

    said = gate(preview(*line(long)), "--format", "markdown")

    assert said.code == 1
    assert len(said.out.encode()) <= LONGEST
    assert said.out.splitlines()[-1].startswith("Plan `")


def test_names_stay_on_their_line_in_text(gate: Gate) -> None:
    hostile = "den\x1b[2Jver\npassed\nviolation none\r\u202e"
    one = step("create", "ringcx:Destination", hostile, new={"group_id": "123456/1001", "name": "x", "target": "5"})
    friday = policy_event("no\nfridays", "It is Friday.", level="advisory")
    friday["policyEvent"]["policyPackName"] = "house\x1b[2J\nrules"

    said = gate(events(*line(one), said=[friday]), "--format", "text").out

    assert "  create   ringcx:Destination denver passed violation none" in said
    assert "warning no fridays (policy pack house rules): It is Friday.\n" in said
    assert all(line.isprintable() for line in said.splitlines())
    assert len(said.splitlines()) == 5


def test_a_line_number_that_is_none_is_the_first(gate: Gate) -> None:
    odd = json.loads(json.dumps(preview(*line(MOVED))).replace("support.py#12", "support.py#" + "9" * 5000))

    (result, *_) = json.loads(gate(odd, "--format", "sarif").out)["runs"][0]["results"]

    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_numbers_that_move_alike_are_one_line(gate: Gate) -> None:
    said = gate(preview(*many(30)), "--format", "text").out

    lines = [one for one in said.splitlines() if one.startswith("violation reassign-active-dnis")]
    assert len(lines) == 1
    assert "+17202000001" in lines[0]
    assert "and 19 more" in lines[0]


def test_names_stay_text_in_a_comment(gate: Gate) -> None:
    args = {"extension_number": "8100", "name": HOSTILE, "strategy": "RING_SIMULTANEOUSLY", "members": []}
    gone = {**step("delete", "portsip:RingGroup", "evil|`name`<b>@octocat", id="pbx/acme/66", old=args)}
    gone["urn"] = urn("portsip:RingGroup", "evil|`name`<b>@octocat")

    comment = gate(preview(*line(gone)), "--format", "markdown").out
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(comment)

    assert "calls-unanswered" in html
    for tag in ("<img", "<b>", "<a ", "<h1", "<del"):
        assert tag not in html
    assert html.count("<code") == 3  # the drawing, the plan's hash, and the entry to add
    assert "@octocat" not in html
    assert "https://" not in comment
    rows = [row for row in comment.splitlines() if row.startswith("| delete")]
    assert [row.count("|") for row in rows] == [4]


def test_escaping_leaves_plain_words_alone() -> None:
    assert escaped("+13035550100 would go from profile 1001 to profile 1002 (mail@") == (
        "+13035550100 would go from profile 1001 to profile 1002 (mail@"
    )


def test_sarif_names_rules_places_and_fingerprints(gate: Gate, tmp_path: Path) -> None:
    said = gate(preview(*line(MOVED, RENAMED)), "--format", "sarif")
    again = gate(preview(*line(MOVED)), "--format", "sarif")
    run: dict[str, Any] = json.loads(said.out)["runs"][0]
    result = run["results"][0]

    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "reassign-active-dnis"
    assert {"shortDescription", "fullDescription", "help"} <= set(rule)
    assert result["level"] == "error"
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "numbers/support.py"}, "region": {"startLine": 12}}
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == MOVED["urn"]
    assert result["partialFingerprints"] == json.loads(again.out)["runs"][0]["results"][0]["partialFingerprints"]
    written(tmp_path, APPROVAL, "approvals.toml")
    permitted = json.loads(gate(preview(*line(MOVED)), "--format", "sarif").out)["runs"][0]["results"][0]
    assert permitted["suppressions"][0]["justification"].startswith("OPS-1: the new plan")


def test_sarif_places_without_a_line_are_in_the_project_file(
    gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "programs" / "one"
    program.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    gone = {"op": "delete", "urn": LINE[-1]["urn"], "oldState": LINE[-1]["oldState"]}
    said = [policy_event("no-fridays", "See [here](1).")]

    log = gate(events(*line(gone), said=said), "--format", "sarif", "--cwd", program)

    results = json.loads(log.out)["runs"][0]["results"]
    assert {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in results} == {
        "programs/one/Pulumi.yaml"
    }
    assert [one["ruleId"] for one in results if one["message"]["text"] == "See [here] (1)."] == ["no-fridays"]


def test_colours_are_for_terminals(gate: Gate, tmp_path: Path) -> None:
    from pulumi_voice_routing.commands.gate.levels import Levels
    from pulumi_voice_routing.commands.gate.verdict import judged
    from pulumi_voice_routing.permission.approvals import Approvals
    from pulumi_voice_routing.plan.plan import read_plan

    plan = read_plan(written(tmp_path, preview(*line(MOVED))))
    verdict = judged(plan, levels=Levels(), approvals=Approvals())

    assert "\x1b" not in text(verdict)
    assert "\x1b[1;31m" in on_terminal(text(verdict), 80)
    assert text(verdict) == gate(preview(*line(MOVED)), "--format", "text").out
    assert NUMBER in text(verdict)
