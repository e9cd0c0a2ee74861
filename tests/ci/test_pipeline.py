"""The pipeline for users of GitLab does what the workflow for GitHub does, by its own commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]
from packaging.requirements import Requirement

import pulumi_voice_routing
from tests.ci.pipeline import GitLab, Pipeline
from tests.ci.test_workflow import FILE as WORKFLOW
from tests.ci.test_workflow import NUMBER, PROGRAM, ROOT, account
from tests.numbers.account import Account
from tests.stacks import Stack

__all__ = ["account"]  # a fixture

FILE = ROOT / "docs" / "ci" / "voice-routing.gitlab-ci.yml"
REQUIREMENTS = ROOT / "docs" / "ci" / "requirements.txt"
APPROVAL = (
    f'[[approval]]\nrule = "reassign-active-dnis"\nobject = "{NUMBER}"\nfrom = "profile 1001"\n'
    'to = "profile 1002"\nreason = "a test"\nticket = "T-1"\nuntil = 2999-12-31\n'
)


def test_a_move_is_refused_then_approved_then_applied(account: Account, stack: Stack) -> None:
    repository, gitlab = stack.folder / "work", GitLab()
    gitlab.notes.append({"id": 1, "system": True, "body": "<!-- voice-routing dev -->"})
    pipeline = Pipeline(FILE, repository, gitlab, stack.where["env"])
    ours = {"STACK": "dev", "POLICY_PACK": str(ROOT / "policies" / "number_safety")}

    def declare(profile: int) -> None:
        stack.write_program(PROGRAM.format(number=NUMBER, profile=profile))

    def answered_by(profile: int) -> bool:
        return account.owners() == {NUMBER.removeprefix("+"): f"profile {profile}"}

    declare(1001)
    stack.cli("up", "--yes", "--skip-preview")
    declare(1002)
    passed, said = pipeline.run("apply", **ours)  # nothing was reviewed
    assert not passed
    assert len(gitlab.refused) == 1, said
    assert answered_by(1001)

    passed, said = pipeline.run("review", **ours)
    assert not passed
    assert len(gitlab.notes) == 2, said
    assert "reassign-active-dnis" in gitlab.notes[1]["body"]
    assert gitlab.reviewed is None

    (repository / "approvals.toml").write_text(APPROVAL)
    passed, said = pipeline.run("review", **ours)
    assert passed, said
    assert len(gitlab.notes) == 2
    assert "1 approved" in gitlab.notes[1]["body"]
    assert re.fullmatch(r"\S+\n", gitlab.reviewed or "")
    assert answered_by(1001)

    passed, said = pipeline.run("apply", **ours)
    assert passed, said
    assert answered_by(1002)

    passed, said = pipeline.run("review", **ours)
    assert passed, said
    assert gitlab.notes[1]["body"] == "<!-- voice-routing dev -->\nNothing changes for callers any more.\n"

    declare(1001)  # what nobody has reviewed
    passed, said = pipeline.run("apply", **ours)
    assert not passed
    assert answered_by(1002)


def steps(script: list[str]) -> set[str]:
    """The commands that touch phones or judge, without what differs by nature."""
    text = "\n".join(script).replace("\\\n", " ").replace("VOICE_ROUTING_GUARD_PREVIEW=tell ", "")
    found = re.findall(r"(?:pulumi|voice-routing) (?:preview|up|gate) [^\n]*", text)
    return {" ".join(re.sub(r"--output sarif=\S+|\|\|.*", "", one).split()) for one in found}


@pytest.mark.parametrize("job", ["review", "apply"])
def test_both_systems_run_the_same(job: str) -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"][job]
    pipeline = yaml.safe_load(FILE.read_text(encoding="utf-8"))[job]
    github = steps([step["run"] for step in workflow["steps"] if "run" in step])
    assert github == steps(pipeline["script"])
    assert len(github) == 3


def test_commands_are_shell() -> None:
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for script in (document["default"]["before_script"], document["review"]["script"], document["apply"]["script"]):
        subprocess.run(["bash", "-n", "-c", "\n".join(script)], check=True)


def test_secrets_are_in_the_steps_that_need_them_and_nowhere_else() -> None:
    document = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert "secrets." not in str(document["env"])
    engine, vendor = {"PULUMI_ACCESS_TOKEN"}, {"RINGEX_CLIENT_SECRET", "RINGEX_JWT"}
    needs = {"Preview": engine | vendor, "Gate": vendor, "Policy pack": engine | vendor, "Apply": engine | vendor}
    for job in document["jobs"].values():
        assert "secrets." not in str({name: fact for name, fact in job.items() if name != "steps"})
        for step in job["steps"]:
            given = {name for name, value in step.get("env", {}).items() if "secrets." in str(value)}
            assert given == needs.get(step.get("name", ""), set()), step


def test_findings_that_cannot_be_shown_stop_nothing() -> None:
    review = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["review"]
    (upload,) = [step for step in review["steps"] if "upload-sarif" in step.get("uses", "")]
    assert upload["continue-on-error"] is True
    assert review["permissions"]["actions"] == "read"


@pytest.mark.whole_run
def test_the_example_of_requirements_installs_the_package_with_the_commands_of_both(tmp_path: Path) -> None:
    (line,) = [one for one in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if not one.startswith("#")]
    wanted = Requirement(line)
    assert (wanted.name, str(wanted.specifier)) == (
        "pulumi-voice-routing",
        f"=={pulumi_voice_routing.__version__}",
    )
    wheels = tmp_path / "wheels"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels], cwd=ROOT, check=True)
    # The package alone, and not from the network: what it depends on is tried by whoever installs these tests.
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_NO_DEPS": "1"}
    workflow = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    (github, again) = [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if step.get("name") == "Install"
    ]
    gitlab = "\n".join(yaml.safe_load(FILE.read_text(encoding="utf-8"))["default"]["before_script"])
    assert github == again
    for name, commands in (("github", github), ("gitlab", gitlab)):
        repository = tmp_path / name
        repository.mkdir()
        (repository / "requirements.txt").write_text(REQUIREMENTS.read_text(encoding="utf-8"))
        subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],
            cwd=repository,
            env={**os.environ, **offline, "GITHUB_PATH": str(repository / "path")},
            check=True,
        )
        assert (repository / ".venv" / "bin" / "voice-routing").exists()
    assert (tmp_path / "github" / "path").read_text() == f"{tmp_path / 'github' / '.venv' / 'bin'}\n"
