"""Running the shell commands of a workflow file as GitHub would, with what only GitHub has played by the test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_EVEN_AFTER_A_FAILURE = "!cancelled()"

SET_UP = {"Install"}
"""Steps that prepare a fresh machine; the test's is prepared."""

GH = """#!/usr/bin/env python3
import json, os, shutil, subprocess, sys
from pathlib import Path

github, arguments = Path(os.environ["FAKE_GITHUB"]), sys.argv[1:]
value = dict(zip(arguments, arguments[1:]))
kept = github / "comments.json"

def asked(found):
    subprocess.run(["jq", "--raw-output", value["--jq"]], input=json.dumps(found), text=True, check=True)

def issues(path, known):
    if "--method" not in value:
        asked([one for one in known if one["state"] == "open"])
        return
    fields = dict(one.split("=", 1) for flag, one in zip(arguments, arguments[1:]) if flag == "--field")
    fields["body"] = Path(fields["body"].removeprefix("@")).read_text()
    if value["--method"] == "POST":
        known.append({"number": 11 + len(known), "user": {"login": "github-actions[bot]"}, "state": "open", **fields})
    else:
        (old,) = [one for one in known if path.endswith(f"/issues/{one['number']}")]
        old.update(fields)
    (github / "issues.json").write_text(json.dumps(known))

about_issues = [one for one in arguments if one.startswith("repos/team/numbers/issues") and "comments" not in one]
if about_issues:
    there = github / "issues.json"
    issues(about_issues[0], json.loads(there.read_text()) if there.exists() else [])
elif arguments[0] == "api":
    (path,) = [one for one in arguments if one.startswith("repos/team/numbers/")]
    comments = json.loads(kept.read_text()) if kept.exists() else []
    if path.endswith("/pulls"):
        asked([{"head": {"sha": "the-head-of-the-pull-request"}}])
    elif "--method" not in value:
        asked(comments)
    else:
        body = Path(value["--field"].removeprefix("body=@")).read_text()
        if value["--method"] == "PATCH":
            (old,) = [one for one in comments if path.endswith(f"/issues/comments/{one['id']}")]
            old["body"] = body
        else:
            comments.append({"id": 900 + len(comments), "user": {"login": "github-actions[bot]"}, "body": body})
        kept.write_text(json.dumps(comments))
elif arguments[:2] == ["run", "list"]:
    assert value["--commit"] == "the-head-of-the-pull-request", arguments
    asked([{"databaseId": 4711}] if (github / "plan").exists() else [])
elif arguments[:2] == ["run", "download"]:
    assert arguments[2] == "4711", arguments
    shutil.copytree(github / value["--name"], value["--dir"], dirs_exist_ok=True)
else:
    sys.exit(f"gh: {arguments}")
"""


@dataclass
class Ran:
    """What became of a job."""

    outcomes: dict[str, bool] = field(default_factory=dict)
    """By step, in order: whether it succeeded. Steps that did not run are not in it."""
    said: str = ""

    @property
    def failed(self) -> list[str]:
        """The steps that failed."""
        return [name for name, fine in self.outcomes.items() if not fine]


class Workflow:
    """A workflow file, and a repository in which its jobs run."""

    def __init__(self, file: Path, repository: Path, github: Path, env: Mapping[str, str]) -> None:
        self._document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        self._repository, self._github = repository, github
        bin_ = github / "bin"
        bin_.mkdir(parents=True)
        (bin_ / "gh").write_text(GH)
        (bin_ / "gh").chmod(0o755)
        self._env = {**env, "FAKE_GITHUB": str(github), "PATH": f"{bin_}{os.pathsep}{env['PATH']}"}

    def run(self, job: str, *, only: str = "", **values: str) -> Ran:
        """Run a job, or a single step of it. ``values`` take the place of the file's own environment."""
        ran = Ran()
        for step in self._document["jobs"][job]["steps"]:
            name = step.get("name", step.get("uses"))
            if only not in ("", name) or (ran.failed and _EVEN_AFTER_A_FAILURE not in step.get("if", "")):
                continue
            if "run" in step and name not in SET_UP:
                env = _filled({**self._document["env"], **step.get("env", {})})
                ran.outcomes[name] = self._shell(step["run"], {**env, **values}, ran)
            elif "upload-artifact" in step.get("uses", ""):
                kept = self._github / step["with"]["name"]
                kept.mkdir(exist_ok=True)
                shutil.copy(self._repository / step["with"]["path"], kept)
        return ran

    def _shell(self, commands: str, env: Mapping[str, str], ran: Ran) -> bool:
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", commands],
            cwd=self._repository,
            env={**env, **self._env, "GITHUB_REPOSITORY": "team/numbers", "GITHUB_SHA": "the-merge"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ran.said += done.stdout
        return done.returncode == 0


def _filled(env: Mapping[str, Any]) -> dict[str, str]:
    """With something in the place of what only GitHub knows; a secret of the test's own goes before it."""
    return {name: _EXPRESSION.sub("of-github", str(value)) for name, value in env.items()}
