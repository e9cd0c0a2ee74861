"""What people see: lines that fit their window, in colour, and how far it is; and plain text everywhere else."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.terminal import on_terminal, progress, speak
from tests.call_flow.line import LINE, NUMBER
from tests.call_flow.test_commands import stored

_PAINT = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
LONG = f"  ├─ 70 % destination 'Denver' {'with a long name ' * 6}[ringcx:Destination denver]"


LINES = {
    "a finding": f"violation x: {NUMBER} goes to nobody",
    "deep": LONG,
    "deeper than a narrow window": " " * 36 + "│  ├─ " + "destination 'Denver' " * 5,
    "one word": "x" * 300,
    "wide letters": "  " + "日本語サポート" * 20,
    "letters of the other direction": "  " + "خدمة العملاء " * 12,
    "nothing": "",
}


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_lines_fit_the_window_and_lose_nothing(line: str, width: int) -> None:
    shown = _PAINT.sub("", on_terminal(f"{line}\n", width))
    assert max(map(cell_len, shown.splitlines())) <= width
    letters = re.compile(r"[\s│├─]")
    assert letters.sub("", shown) == letters.sub("", line)


def test_a_dumb_terminal_gets_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in on_terminal(f"violation x: {NUMBER} goes to nobody", 80)


def test_colours_are_said_off_by_the_usual_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" in on_terminal("violation x", 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in on_terminal("violation x", 80)


def read_from(terminal: int, other_end: int) -> str:
    """What was said to a terminal, which ends."""
    os.close(other_end)
    said = b""
    try:
        while part := os.read(terminal, 65536):
            said += part
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    return said.decode()


def in_a_terminal(*words: str | Path, columns: int = 60) -> str:
    """What a command prints where somebody looks on."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "pulumi_voice_routing", *map(str, words)]
    subprocess.run(command, stdout=theirs, env=env, check=True)
    return read_from(ours, theirs)


def test_a_trace_is_in_colour_in_a_terminal_and_plain_in_a_pipe(tmp_path: Path) -> None:
    state = stored(tmp_path / "state.json", LINE)
    words = ["trace", NUMBER, "--state", str(state), "--at", "2026-12-01 19:00"]  # else a minute may pass in between
    seen = in_a_terminal(*words)
    assert "\x1b[" in seen
    assert max(len(line) for line in _PAINT.sub("", seen).splitlines()) <= 60
    plain = CliRunner().invoke(app, words).stdout
    assert "\x1b" not in plain
    assert " ".join(_PAINT.sub("", seen).split()) == " ".join(plain.split())


JOB = """
import sys
from pulumi_voice_routing.commands import printing, terminal
terminal._FIRST_AFTER_SECONDS = 0
terminal.speak(quiet="quiet" in sys.argv, verbose=False)
terminal.speak_to_a_program("json" in sys.argv)
drawn = lambda: terminal._Manner.bar and terminal._Manner.bar.refresh()  # which else is ten times a second
with terminal.progress("drift") as told:
    told(1, 3, "objects")
    drawn()
    printing.say("a result\\n")
    told(2, 3, "others")
    drawn()
"""
ONE_STEP = """
import time
from pulumi_voice_routing.commands import printing, terminal
terminal._FIRST_AFTER_SECONDS = 0.1
with terminal.progress("drift") as told:
    told(1, 1, "the state")
    while not terminal._Manner.bar.live.is_started:
        time.sleep(0.01)
printing.say("a result\\n")
"""


def bar_of(*words: str, term: str = "xterm", job: str = JOB) -> str:
    """What somebody sees of a job on standard error, with options of the command line."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": "80", "TERM": term}
    done = subprocess.run(
        [sys.executable, "-c", job, *words], stderr=theirs, stdout=subprocess.PIPE, env=env, text=True
    )
    said = read_from(ours, theirs)
    assert (done.returncode, done.stdout) == (0, "a result\n")
    return said


@pytest.mark.whole_run
def test_a_bar_with_counts_is_for_whoever_looks_on() -> None:
    seen = bar_of()
    assert "drift: objects" in seen
    assert "1/3" in seen
    assert "2/3" in seen  # also after something else was printed
    assert "drift: the state" in bar_of(job=ONE_STEP)
    assert bar_of("quiet") == bar_of("json") == bar_of(term="dumb") == ""


def test_every_step_with_verbose_and_none_with_quiet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state, page = stored(tmp_path / "state.json", LINE), tmp_path / "page.html"
    words = ["view", "--state", str(state), "--output", str(page)]
    assert CliRunner().invoke(app, words).output == f"wrote {page}\n"
    assert CliRunner().invoke(app, ["--quiet", *words]).output == ""
    assert "view" not in CliRunner().invoke(app, words).stderr
    assert "numbers 1 of 1" in CliRunner().invoke(app, ["--verbose", *words]).stderr
    speak(quiet=False, verbose=True)
    with progress("reading") as told:
        told(3, 9, "objects")
    speak(quiet=False, verbose=False)
    assert capsys.readouterr().err == "  objects 3 of 9\n"


def test_the_help_of_every_command_says_what_can_be_given() -> None:
    said = CliRunner().invoke(app, ["gate", "--help"], terminal_width=200).output
    assert "<Format" not in said
    assert "json" in said
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).output


@pytest.mark.parametrize("words", [["trace", NUMBER], ["diagram"]], ids=lambda words: words[0])
def test_results_as_json(tmp_path: Path, words: list[str]) -> None:
    state = stored(tmp_path / "state.json", LINE)
    assert json.loads(CliRunner().invoke(app, [*words, "--state", str(state), "--json"]).stdout)


PRINTS = {"diagram": 1, "compare": 3}
"""Commands that print much, and their exit codes when that cannot be done."""


@pytest.mark.parametrize("command", PRINTS)
@pytest.mark.parametrize("out", ["full", "closed", "gone"])
@pytest.mark.whole_run
def test_a_place_that_takes_no_text_is_one_line_and_a_reader_who_has_gone_is_none(
    command: str, out: str, tmp_path: Path
) -> None:
    state = str(stored(tmp_path / "state.json", LINE))
    words = {"diagram": ["--state", state], "compare": [state, state]}[command]
    where = {"full": ">/dev/full", "closed": ">&-", "gone": "| exec 0<&-"}[out]
    shell = f'set -o pipefail; "$@" {where}'
    done = subprocess.run(
        ["bash", "-c", shell, "-", sys.executable, "-m", "pulumi_voice_routing", command, *words],
        capture_output=True,
        text=True,
    )
    assert done.returncode == PRINTS[command]
    said = {"full": "No space left on device", "closed": "standard output is closed"}.get(out)
    assert done.stderr == (f"error: it cannot be printed: {said}\n" if said else "")
