"""The workflow for users does what its page says: its own commands, run in their order against the emulator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.ci.workflow import Workflow
from tests.emulated import Emulated
from tests.numbers.account import Account, digits, e164
from tests.stacks import Stack

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "ci" / "voice-routing.yml"
(NUMBER,) = e164(digits(1))

PROGRAM = """
import pulumi_voice_routing
from pulumi_voice_routing import ringcx

pulumi_voice_routing.guard()
ringcx.DnisAssignment("hotline", dnis="{number}", profile="123456/1000/{profile}")
"""


@pytest.fixture
def account(emulator: Emulated) -> Account:
    """Two profiles that answer, 1001 and 1002, and a number."""
    by_hand = Account(emulator)
    by_hand.profile("First")
    by_hand.profile("Second")
    by_hand.pool(digits(1))
    return by_hand


def test_a_move_is_refused_then_approved_then_applied(account: Account, stack: Stack, tmp_path: Path) -> None:
    repository, github = stack.folder / "work", tmp_path / "github"
    workflow = Workflow(FILE, repository, github, stack.where["env"])
    ours = {"STACK": "dev", "POLICY_PACK": str(ROOT / "policies" / "number_safety")}

    def declare(profile: int) -> None:
        stack.write_program(PROGRAM.format(number=NUMBER, profile=profile))

    def answered_by(profile: int) -> bool:
        return account.owners() == {NUMBER.removeprefix("+"): f"profile {profile}"}

    def comments() -> list[str]:
        return [one["body"] for one in json.loads((github / "comments.json").read_text())]

    strangers = {"id": 7, "user": {"login": "octocat"}, "body": "<!-- voice-routing dev -->"}
    (github / "comments.json").write_text(json.dumps([strangers]))
    declare(1001)
    stack.cli("up", "--yes", "--skip-preview")
    declare(1002)
    assert workflow.run("apply", **ours).failed == ["What was reviewed"]  # nothing was

    review = workflow.run("review", **ours)
    steps = [("Preview", True), ("Gate", False), ("Page", True), ("Comment", True)]
    assert list(review.outcomes.items()) == steps, review.said
    assert "What changes for callers" in (repository / "routing.html").read_text(encoding="utf-8")
    (_, comment) = comments()
    assert "reassign-active-dnis" in comment
    assert NUMBER in comment
    (run,) = json.loads((repository / "gate.sarif").read_text())["runs"]
    assert [one["ruleId"] for one in run["results"]] == ["reassign-active-dnis"]
    assert answered_by(1001)

    (repository / "approvals.toml").write_text(
        f'[[approval]]\nrule = "reassign-active-dnis"\nobject = "{NUMBER}"\nfrom = "profile 1001"\n'
        'to = "profile 1002"\nreason = "a test"\nticket = "T-1"\nuntil = 2999-12-31\n'
    )
    review = workflow.run("review", **ours)
    assert review.failed == [], review.said
    assert re.fullmatch(r"\S+\n", (github / "plan" / "plan.hash").read_text())
    assert "1 approved" in comments()[1]
    assert answered_by(1001)

    merge = workflow.run("apply", **ours)
    assert list(merge.outcomes) == ["What was reviewed", "Preview", "Gate", "Apply"]
    assert merge.failed == [], merge.said
    assert answered_by(1002)

    review = workflow.run("review", **ours)
    assert review.failed == [], review.said
    assert comments() == [strangers["body"], "<!-- voice-routing dev -->\nNothing changes for callers any more.\n"]

    # What comes between the gate and the end of the job is not applied either.
    declare(1001)
    merge = workflow.run("apply", only="Apply", **ours)
    assert merge.failed == ["Apply"]
    assert "violates plan" in merge.said
    assert answered_by(1002)

    # What is applied once is not what a second merge would apply.
    merge = workflow.run("apply", **ours)
    assert merge.failed == ["Gate"], merge.said
    assert answered_by(1002)


def test_every_step_is_explained() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    named = set(re.findall(r"- name: (.+)", FILE.read_text(encoding="utf-8")))
    missing = {name for name in named - {"Install", "Keep the hash", "Findings in the code"} if name not in page}
    assert missing == set()
