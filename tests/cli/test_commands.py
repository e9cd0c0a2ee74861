"""What the commands do, and that whatever is wrong with a machine is one line and no traceback."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import pulumi_voice_routing
from pulumi_voice_routing.registry import provider_for
from tests.emulated import Emulated, settings_for

GROUP = "Support routing"
STATE: dict[str, Any] = {"version": 3, "deployment": {}}

ENGINE = """#!/bin/sh
case "$2" in
    export) cat state.json ;;
    import) cat > imported.json ;;
    --show-name) echo dev ;;
esac
"""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, emulator_process: Emulated) -> Run:
    """A command in the folder of a program, with a `pulumi` that exports an empty state and keeps what it imports."""
    (tmp_path / "Pulumi.yaml").write_text("name: line\nruntime: python\n", encoding="utf-8")
    (tmp_path / "state.json").write_text(json.dumps(STATE), encoding="utf-8")
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    kept = {name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ}
    env = {**kept, **settings_for(emulator_process.url), "PATH": f"{engine.parent}:/usr/bin:/bin"}

    def run_(*words: str | Path, **changed: str | None) -> subprocess.CompletedProcess[str]:
        there = {name: value for name, value in {**env, **changed}.items() if value is not None}
        command = [sys.executable, "-m", "pulumi_voice_routing.cli", *map(str, words)]
        return subprocess.run(
            command, cwd=tmp_path, env=there, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )

    return run_


@pytest.fixture
def portal(emulator: Emulated) -> Emulated:
    """An account with a line that somebody made in the portal."""
    group = emulator.group(GROUP)
    denver = emulator.destination("Denver", group)
    profile = emulator.profile("Support", group)
    emulator.assign(profile, denver, 100, 1, group)
    return emulator


def fails(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    return line


def test_the_version(run: Run) -> None:
    assert run("--version").stdout == f"voice-routing {pulumi_voice_routing.__version__}\n"


ASKING = [("adopt",), ("trace", "+13035550100", "--live")]


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
@pytest.mark.whole_run
def test_no_account(run: Run, words: Sequence[str]) -> None:
    assert "Set RINGCX_ACCOUNT_ID, or run:" in fails(run(*words, RINGCX_ACCOUNT_ID=None))


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
@pytest.mark.whole_run
def test_a_token_that_the_vendor_does_not_know(run: Run, words: Sequence[str]) -> None:
    line = fails(run(*words, RINGCX_ACCESS_TOKEN="another-token"))
    assert line.startswith("error: ringcx: ")
    assert "401" in line
    assert "another-token" not in line


@pytest.mark.parametrize("words", [("trace", "+13035550100"), ("diagram",), ("adopt",)], ids=" ".join)
@pytest.mark.whole_run
def test_no_engine(run: Run, tmp_path: Path, words: Sequence[str]) -> None:
    assert fails(run(*words, PATH=str(tmp_path))) == "error: there is no pulumi on PATH"
    assert fails(run(*words, "--cwd", "elsewhere")) == "error: there is no folder elsewhere"


@pytest.mark.whole_run
def test_an_engine_that_refuses(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bin" / "pulumi").write_text("#!/bin/sh\necho 'error: no stack selected' >&2\nexit 255\n")
    for words in (("trace", "8000"), ("diagram",), ("adopt",)):
        assert fails(run(*words)) == "error: `pulumi stack export --non-interactive` fails: error: no stack selected"


FILES = {
    "diagram": ("diagram", "--state", "state.json", "--output", "missing/routing.svg"),
    "adopt": ("adopt", "--program", "missing/adopted.py"),
    "emulate": ("emulate", "--seed", "missing/seed.json"),
    "trace": ("trace", "8000", "--state", "missing/state.json"),
    "impact": ("impact", "missing/preview.json"),
    "approve": ("approve", "missing/report.json", "--rule", "r", "--reason", "r", "--ticket", "t", "--until"),
}


@pytest.mark.parametrize("command", FILES)
@pytest.mark.whole_run
def test_a_file_in_a_folder_that_is_not_there(run: Run, portal: Emulated, command: str) -> None:
    words = [*FILES[command], *(["2026-12-31", "--all"] if command == "approve" else [])]
    line = fails(run(*words))
    assert "missing/" in line
    assert "No such file or directory" in line


def test_a_number_that_the_vendors_do_not_know(run: Run, emulator: Emulated) -> None:
    line = fails(run("trace", "+13035550100", "--live"))
    assert line == "error: +13035550100 is no number of this configuration: no pool and no ring group has it"


def test_the_gate_keeps_its_own_code(run: Run) -> None:
    assert "missing/preview.json" in fails(run("gate", "missing/preview.json"), code=3)


# Adopting


def test_adopting_shows_first_and_writes_nothing(run: Run, portal: Emulated, tmp_path: Path) -> None:
    done = run("adopt", "--dry-run", "--program", "adopted.py")
    assert done.returncode == 0, done.stderr
    assert "4 to adopt" in done.stdout
    assert not (tmp_path / "adopted.py").exists()
    assert not (tmp_path / "imported.json").exists()


def test_adopting_writes_a_program_that_reads_like_one(run: Run, portal: Emulated, tmp_path: Path) -> None:
    done = run("adopt", "--program", "adopted.py")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "adopted.py").read_text(encoding="utf-8")
    assert "'" not in text
    for made in ast.walk(ast.parse(text)):
        if isinstance(made, ast.Call):
            names = [word.arg for word in made.keywords]
            kind = ast.unparse(made.func).removeprefix("ringcx.")
            model = provider_for(f"ringcx:{kind}").model
            assert names == [name for name in model if name in names]
    assert len(json.loads((tmp_path / "imported.json").read_text())["deployment"]["resources"]) == 6
    assert "adopted.py exists already" in fails(run("adopt", "--program", "adopted.py"))


# Pictures


@pytest.mark.parametrize(
    ("name", "start"), [("a.svg", "<svg"), ("a.mmd", "flowchart"), ("a.md", "```mermaid\nflowchart")]
)
def test_a_picture_is_what_its_ending_says(run: Run, tmp_path: Path, name: str, start: str) -> None:
    assert run("diagram", "--state", "state.json", "--output", name).returncode == 0
    assert start in (tmp_path / name).read_text(encoding="utf-8")[:200]


def test_a_picture_in_no_form_that_there_is(run: Run, tmp_path: Path) -> None:
    line = fails(run("diagram", "--state", "state.json", "--output", "a.png"))
    assert (
        line == "error: diagram: nothing is drawn as .png; name a file that ends in .svg, .mmd, .md, or give --format"
    )
    assert not (tmp_path / "a.png").exists()
    assert run("diagram", "--state", "state.json", "--output", "a.png", "--format", "mermaid").returncode == 0
