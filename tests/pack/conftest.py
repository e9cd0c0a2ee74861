"""Stacks whose previews and ups are judged by the project's own pack."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.spare import Spare
from tests.stacks import Program, Run, Stack

PACK = Path(__file__).parents[2] / "policies" / "number_safety"

_STYLE = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True)
class Verdict:
    """What one policy said of one run."""

    policy: str
    level: str
    title: str
    line: str


class JudgedStack(Stack):
    """A stack that is run with the pack."""

    def judged(
        self, operation: str, program: Program | None, *options: str, config: Mapping[str, Any] | None = None
    ) -> tuple[Run, list[Verdict]]:
        """A preview or an up with the pack, and what the pack said."""
        given = self.folder / "policy-config.json"
        given.write_text(json.dumps(config or {}))
        pack = ["--policy-pack", str(self._pack()), "--policy-pack-config", str(given)]
        run = self._run(operation, program, *pack, *options)
        events = [json.loads(line) for line in (self.folder / "events.jsonl").read_text().splitlines()]
        return run, [_verdict(event["policyEvent"]) for event in events if "policyEvent" in event]

    def _pack(self) -> Path:
        """The pack, run by the stack's own interpreter instead of the one that its settings name."""
        folder = self.folder / "pack"
        if not folder.exists():
            folder.mkdir()
            (folder / "__main__.py").symlink_to(PACK / "__main__.py")
            settings, _, _ = (PACK / "PulumiPolicy.yaml").read_text().partition("runtime:")
            (folder / "PulumiPolicy.yaml").write_text(f"{settings}runtime: python\n")
        return folder

    def approve(self, rule: str, object_: str, from_: str, to: str) -> None:
        """Put an entry into the program's file of approvals, where pack and provider look for it."""
        lines = [f'rule = "{rule}"', f'object = "{object_}"', f'from = "{from_}"', f'to = "{to}"', 'ticket = "OPS-1"']
        with (self.folder / "work" / "approvals.toml").open("a") as file:
            print("[[approval]]", *lines, 'reason = "it is meant"', "until = 2036-12-31", sep="\n", file=file)

    def analyze(self, state: Mapping[str, Any]) -> tuple[int, str]:
        """The exit code and words of ``pulumi policy analyze`` on a state."""
        saved = self.folder / "state.json"
        saved.write_text(json.dumps(state))
        command = ["pulumi", "policy", "analyze", "--file", str(saved), "--policy-pack", str(PACK), "--color=never"]
        done = subprocess.run(command, capture_output=True, text=True, **self.where)
        return done.returncode, done.stdout + done.stderr


def _verdict(event: Mapping[str, Any]) -> Verdict:
    title, _, line = _STYLE.sub("", event["message"]).strip().partition("\n")
    return Verdict(event["policyName"], event["enforcementLevel"], title.strip(), line.strip())


@pytest.fixture
def judged_stack(
    engine_on_path: Path, pulumi_home: Path, spare: Spare, emulator_env: dict[str, str], tmp_path: Path
) -> JudgedStack:
    """A new stack whose provider talks to the emulator."""
    folder = tmp_path / "judged"
    folder.mkdir()
    return JudgedStack(folder, pulumi_home, emulator_env, spare.python)
