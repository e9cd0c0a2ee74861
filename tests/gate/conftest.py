"""The gate as a user runs it, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from tests.gate.previews import Json, line, preview, written


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    error: str

    @property
    def report(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def findings(self) -> list[tuple[str, str, str, str]]:
        """Rule, object, from and to of what is refused."""
        return [
            (one["rule"], one["object"], one["from"], one["to"]) for one in self.report["findings"] if one["refuses"]
        ]

    @property
    def advice(self) -> list[tuple[str, str, str, str]]:
        """The same of what is told and refused by nobody."""
        told = [one for one in self.report["findings"] if not one["refuses"] and one["approval"] is None]
        return [(one["rule"], one["object"], one["from"], one["to"]) for one in told]


Gate = Callable[..., Said]


def run(*arguments: str | Path) -> Said:
    """A command of the tool."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    return Said(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of whoever runs the tests decides."""
    for name in ("VOICE_ROUTING_APPROVALS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """Judges a preview; the program is in the test's own folder, and the report is JSON unless it is told otherwise."""

    def judge(document: Json | str, *options: str | Path) -> Said:
        form = [] if "--format" in options else ["--format", "json"]
        return run("gate", written(tmp_path, document), "--cwd", tmp_path, *form, *options)

    return judge


WATCHED = ("replacing-live-objects", "release-active-dnis", "reassign-active-dnis")


def is_told(gate: Gate, change: Json, found: list[tuple[str, ...]], *, advice: bool = False) -> None:
    """The gate says this, and nothing else, of one resource of the support line that changes."""
    said = gate(preview(*line(change)))

    told = said.advice if advice else said.findings
    assert [one for one in told if one[0] in WATCHED] == found
    if found and not advice:
        assert said.code == 1
