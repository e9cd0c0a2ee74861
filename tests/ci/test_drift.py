"""The nightly jobs for users keep one open issue about drift, by their own commands."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.ci.pipeline import GitLab, Pipeline
from tests.ci.workflow import Workflow
from tests.emulated import Emulated
from tests.stacks import Stack

FOLDER = Path(__file__).parents[2] / "docs" / "ci"
GITHUB, GITLAB = FOLDER / "drift.yml", FOLDER / "drift.gitlab-ci.yml"
PROGRAM = """
from pulumi_voice_routing import ringcx

ringcx.Destination("desk", group_id="123456/1000", name="Desk", kind="DID", target="+13035551234")
"""
MARK = "<!-- voice-routing drift dev -->\n"

Night = Callable[[Mapping[str, str]], tuple[bool, str]]
Issues = list[tuple[bool, str]]
"""Of each: whether it is open, and its text."""


def on_github(repository: Path, folder: Path, env: Mapping[str, str]) -> tuple[Night, Callable[[], Issues]]:
    workflow = Workflow(GITHUB, repository, folder, env)
    strangers = {"number": 1, "user": {"login": "octocat"}, "state": "open", "body": MARK}
    (folder / "issues.json").write_text(json.dumps([strangers]))

    def night(settings: Mapping[str, str]) -> tuple[bool, str]:
        ran = workflow.run("drift", STACK="dev", **settings)
        return not ran.failed, ran.said

    def issues() -> Issues:
        known = json.loads((folder / "issues.json").read_text())
        return [(one["state"] == "open", one["body"]) for one in known[1:]]

    return night, issues


def on_gitlab(repository: Path, folder: Path, env: Mapping[str, str]) -> tuple[Night, Callable[[], Issues]]:
    gitlab = GitLab()
    pipeline = Pipeline(GITLAB, repository, gitlab, env)

    def night(settings: Mapping[str, str]) -> tuple[bool, str]:
        return pipeline.run("drift", STACK="dev", **settings)

    return night, lambda: [(one["state"] == "opened", one["description"]) for one in gitlab.issues]


@pytest.mark.parametrize("system", [on_github, on_gitlab])
def test_one_issue_is_opened_updated_and_closed(system: Any, emulator: Emulated, stack: Stack, tmp_path: Path) -> None:
    repository = stack.folder / "work"
    env = {name: value for name, value in stack.where["env"].items() if name != "RINGCX_BASE_URL"}
    night, issues = system(repository, tmp_path / "system", env)
    there, nowhere = {"RINGCX_BASE_URL": emulator.url}, {"RINGCX_BASE_URL": "http://127.0.0.1:9"}

    def is_called(name: str) -> None:
        path = "/cloudRouteDestinationGroups/1000/cloudRouteDestinations/1001"
        emulator.api("PUT", path, {**emulator.api("GET", path), "destinationName": name})

    stack.write_program(PROGRAM)
    stack.cli("up", "--yes", "--skip-preview")
    assert night(there) == (True, "")
    assert issues() == []

    is_called("Front desk")
    passed, said = night(there)
    assert passed, said
    ((is_open, text),) = issues()
    assert is_open
    assert text.startswith(MARK)
    assert "Front desk" in text

    is_called("Back desk")
    assert night(there)[0]
    ((is_open, text),) = issues()
    assert is_open
    assert "Back desk" in text

    passed, _ = night(nowhere | {"VOICE_ROUTING_MAX_WAIT_SECONDS": "0.1"})
    assert not passed
    ((is_open, text),) = issues()
    assert is_open
    assert "cannot connect to 127.0.0.1:9" in text

    is_called("Desk")
    assert night(there)[0]
    ((is_open, text),) = issues()
    assert not is_open
    assert "No drift" in text

    is_called("Front desk")
    assert night(there)[0]
    assert [is_open for is_open, _ in issues()] == [False, True]


def test_both_systems_run_the_same() -> None:
    steps = yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["drift"]["steps"]
    commands = "\n".join(step["run"] for step in steps if "run" in step)
    script = "\n".join(yaml.safe_load(GITLAB.read_text(encoding="utf-8"))["drift"]["script"])
    subprocess.run(["bash", "-n", "-c", script], check=True)
    pattern = r"voice-routing drift --[^|]*\|\| verdict"
    assert re.findall(pattern, commands) == re.findall(pattern, script) != []


def test_secrets_are_in_the_step_that_needs_them() -> None:
    for step in yaml.safe_load(GITHUB.read_text(encoding="utf-8"))["jobs"]["drift"]["steps"]:
        secret = "secrets." in str(step)
        assert secret == (step.get("name") == "Drift")
