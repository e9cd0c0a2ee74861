"""What holds for every command, so that a new one cannot forget it: one JSON document, one line, the common options."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app, main
from pulumi_voice_routing.commands.rehearsal.rehearse import Rehearsal
from pulumi_voice_routing.commands.rehearsal.report import as_json as rehearsal_as_json
from pulumi_voice_routing.commands.stand_in import forget_clients
from tests.call_flow.line import LINE, NUMBER
from tests.call_flow.test_commands import stored
from tests.cli.test_commands import ENGINE
from tests.emulated import Emulated, settings_for
from tests.gate.previews import MOVED, line, preview, written
from tests.programs.conftest import ROOT

Words = Callable[[Emulated], Sequence[str]]

STATE = ("--state", "state.json")

RUNS: dict[str, Words] = {
    "adopt": lambda _: ["--dry-run"],
    "approve": lambda _: [
        *("report.json", "--rule", "reassign-active-dnis", "--all", "--reason", "planned", "--ticket", "OPS-1"),
        *("--until", _soon()),
    ],
    "compare": lambda _: ["state.json", "state.json"],
    "conformance": lambda _: ["--vendor", "portsip", "--yes"],
    "diagram": lambda _: STATE,
    "doctor": lambda _: [],
    "drift": lambda _: STATE,
    "emulate": lambda _: ["--until-eof"],
    "export": lambda _: ["exported", "--vendor", "portsip"],
    "fleet gather": lambda _: ["ringcx:Destination", "desks"],
    "fleet spread": lambda _: ["desks"],
    "gate": lambda _: ["preview.json"],
    "impact": lambda _: ["preview.json"],
    "import": lambda portal: ["ringcx:RouteGroup", "denver", f"123456/{portal.group('Denver')}"],
    "migrate ringex": lambda _: [],
    "rehearse": lambda _: ["preview.json"],
    "trace": lambda _: [NUMBER, *STATE],
    "view": lambda _: STATE,
}
"""Words with which each command has something to tell."""
BY_AN_ENGINE = {"rehearse"}
"""What it tells is looked at where a whole rehearsal is carried out."""
ON_A_PROCESS = {"emulate", "doctor"}
"""Commands that need a standard input, or an engine that says its version."""


def _soon() -> str:
    from datetime import UTC, datetime, timedelta

    return str(datetime.now(UTC).date() + timedelta(days=30))


def leaves(command: Any = None, *names: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words."""
    there = typer.main.get_command(app) if command is None else command
    for name, one in getattr(there, "commands", {}).items():
        yield from leaves(one, *names, name)
    if not hasattr(there, "commands"):
        yield " ".join(names), there


COMMANDS = dict(leaves())


def _some(names: Iterable[str]) -> list[Any]:
    """Those that take long are tried in the whole run."""
    long = {*ON_A_PROCESS, "conformance"}
    return [pytest.param(one, marks=pytest.mark.whole_run) if one in long else one for one in names]


def documented() -> dict[str, tuple[set[int], set[str]]]:
    """The exit codes and the members of the JSON of each command, as the page has them."""
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[?`([a-z ]+)`[^|]*\| ([^|]*) \| ([^|]*) \|$", page, re.MULTILINE)
    return {
        name: ({int(code) for code in re.findall(r"\d", codes)}, set(re.findall(r"`(\w+)`", members)))
        for name, codes, members in rows
    }


@pytest.fixture
def folder(emulator: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program's folder with all that the commands read, and an engine that hands out its state."""
    for name, value in {**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    engine = tmp_path / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text(ENGINE)
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{engine.parent}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: line\nruntime: python\n", encoding="utf-8")
    stored(tmp_path / "state.json", LINE)
    written(tmp_path, preview(*line(MOVED)), "preview.json")
    forget_clients()
    yield tmp_path
    forget_clients()


def run(command: str, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error, in a process of its own where the command has to have one."""
    if command in ON_A_PROCESS:
        whole = [sys.executable, "-m", "pulumi_voice_routing", *command.split(), *words]
        ended = subprocess.run(whole, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return ended.returncode, ended.stdout, ended.stderr
    done = CliRunner().invoke(app, [*command.split(), *words])
    error = done.stderr
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        error += f"error: {done.exception}\n"  # as the tool's own entry says it
    return done.exit_code, done.stdout, error


def test_no_command_is_forgotten() -> None:
    assert COMMANDS.keys() == RUNS.keys() == documented().keys()
    assert documented()["rehearse"][1] == set(rehearsal_as_json(Rehearsal()))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_that_all_have(command: str) -> None:
    options = {name for one in COMMANDS[command].params for name in one.opts}
    assert {"--json", "--verbose", "--quiet"} <= options
    assert all(one.help for one in COMMANDS[command].params)


@pytest.mark.parametrize("command", _some(name for name in COMMANDS if name not in BY_AN_ENGINE))
def test_json_is_one_document_and_nothing_else_is_said(
    command: str, folder: Path, emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    if command == "approve":
        (folder / "report.json").write_text(run("gate", "preview.json", "--json")[1])
    if command == "fleet spread":
        gathered = run("fleet gather", "ringcx:Destination", "desks", "--write")
        assert gathered[0] == 0, gathered
        (folder / "state.json").write_text((folder / "imported.json").read_text())
    code, out, error = run(command, *RUNS[command](emulator), "--json")
    assert error == "" if command != "export" else "objects in" in error
    codes, members = documented()[command]
    found = json.loads(out)
    assert set(found) == members
    assert code in codes
    assert not out.startswith(("\n", " "))


@pytest.mark.parametrize("command", COMMANDS)
def test_words_that_cannot_be_read_are_one_line(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, error = run(command, "--qqq") if command not in ON_A_PROCESS else _here(command, capsys)
    assert out == ""
    (line,) = error.splitlines()
    assert line == f"error: No such option: --qqq; see voice-routing {command} --help"
    codes = {"doctor": 1, **dict.fromkeys(("compare", "conformance", "drift", "gate", "rehearse"), 3)}
    assert code == codes.get(command, 2)


COMPLETED = {
    "voice-routing fleet ga": ["gather"],
    "voice-routing import Dest": ["Destination"],
    "voice-routing gate --format sa": ["sarif"],
    "voice-routing view --sta": ["--state", "--stack"],
    "voice-routing gate prev": [],  # a file, which the shell knows itself
}
_PRESSED = """
source ~/.bashrc
complete -p voice-routing
while IFS= read -r line; do
    IFS=' ' read -ra COMP_WORDS <<< "$line"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _voice_routing_completion voice-routing
    echo "${COMPREPLY[*]}"
done
"""


def installed(shell: str, home: Path) -> dict[str, str]:
    """The environment of a shell for which the completion was installed."""
    env = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    asked = {**env, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}  # it is the shell that is named
    command = ["voice-routing", "--install-completion", shell]
    done = subprocess.run(command, env=asked, cwd=home, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert f"{shell} completion installed in" in done.stdout
    return env


@pytest.mark.whole_run
def test_bash_completes_commands_options_types_and_files(tmp_path: Path) -> None:
    env = installed("bash", tmp_path)
    pressed = "".join(f"{line}\n" for line in COMPLETED)
    done = subprocess.run(["bash", "-c", _PRESSED], env=env, input=pressed, capture_output=True, text=True)
    how, *said = done.stdout.splitlines()
    assert "-o default" in how  # where nothing is offered, files are
    assert [line.split() for line in said] == list(COMPLETED.values()), done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.whole_run
def test_other_shells_are_given_what_asks_the_tool(shell: str, tmp_path: Path) -> None:
    env = installed(shell, tmp_path)
    places = {"zsh": ".zfunc/_voice-routing", "fish": ".config/fish/completions/voice-routing.fish"}
    script = (tmp_path / places[shell]).read_text(encoding="utf-8")
    assert f"_VOICE_ROUTING_COMPLETE=complete_{shell}" in script
    asked = {"_TYPER_COMPLETE_ARGS": "voice-routing fleet ga", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    asked["_VOICE_ROUTING_COMPLETE"] = f"complete_{shell}"
    done = subprocess.run(["voice-routing"], env={**env, **asked}, capture_output=True, text=True)
    assert "gather" in done.stdout
    assert "spread" not in done.stdout


def _here(command: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*command.split(), "--qqq"])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("words", [["nonsense"], ["fleet", "nonsense"], ["--qqq"], ["migrate", "--qqq"]])
def test_a_command_that_there_is_not_is_one_line(words: list[str]) -> None:
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: No such ")
    assert "; see voice-routing" in line


FAILS: dict[str, Sequence[str]] = {
    "adopt": ["--cwd", "nowhere"],
    "approve": ["none.json", "--rule", "r", "--all", "--reason", "r", "--ticket", "t", "--until", "2026-12-31"],
    "compare": ["none.json", "none.json"],
    "conformance": ["--vendor", "acme", "--yes"],
    "diagram": ["--state", "none.json"],
    "drift": ["--state", "none.json"],
    "emulate": ["--seed", "none.json"],
    "export": ["preview.json"],
    "fleet gather": ["ringcx:Dnis", "none"],
    "fleet spread": ["none"],
    "gate": ["none.json"],
    "impact": ["none.json"],
    "import": ["acme:Desk", "desk", "1"],
    "migrate ringex": ["--program", "state.json"],
    "rehearse": ["none"],
    "trace": ["+13035559999", "--state", "state.json"],
    "view": ["--state", "none.json"],
}


@pytest.mark.parametrize("command", _some(FAILS))
def test_a_failure_is_one_line_also_with_json(command: str, folder: Path) -> None:
    code, out, error = run(command, *FAILS[command], "--json")
    assert out == ""
    (line,) = error.splitlines()
    assert line.startswith("error: ")
    assert code in documented()[command][0] - {0}


COUNTED = {
    "adopt": "ringcx:RouteGroup",
    "compare": "objects",
    "conformance": "portsip:BlockedNumber: made, changed, looked at",
    "diagram": "pages",
    "doctor": "approvals",
    "drift": "objects",
    "export": "lists of portsip:RingGroup",
    "fleet gather": "rows",
    "fleet spread": "rows",
    "gate": "rules",
    "import": "the state",
    "impact": "numbers",
    "migrate ringex": "resources",
    "trace": "the state",
    "view": "numbers",
}


@pytest.mark.parametrize("command", COUNTED)
@pytest.mark.whole_run
def test_what_takes_long_says_how_far_it_is(command: str, folder: Path, emulator: Emulated) -> None:
    if command == "fleet spread":
        assert run("fleet gather", "ringcx:Destination", "desks", "--write")[0] == 0
        (folder / "state.json").write_text((folder / "imported.json").read_text())
    _, _, error = run(command, *RUNS[command](emulator), "--verbose")
    assert re.search(rf"^  {COUNTED[command]} \d+ of [1-9]\d*$", error, re.MULTILINE), error
    alone = re.findall(r"^  (?!.* \d+ of \d+$|.*, answers \d+$)(.*)$", error, re.MULTILINE)
    assert alone == [one for one in alone if f"  {one}, answers 1\n" in error], "a step without a count"


def test_answers_of_vendors_are_counted_where_nobody_knows_how_many_will_come(folder: Path, emulator: Emulated) -> None:
    _, _, error = run("trace", "+13035550100", "--live", "--verbose")
    told = re.findall(r"^  the vendors, answers (\d+)$", error, re.MULTILINE)
    assert [int(one) for one in told] == list(range(1, len(told) + 1))
    assert told


def test_quiet_and_verbose_are_heard_before_and_after_the_name(folder: Path) -> None:
    for words in (["--quiet", "view", *STATE], ["view", *STATE, "--quiet"], ["view", "-q", *STATE]):
        assert CliRunner().invoke(app, words).output == ""
    for words in (["--verbose", "drift", *STATE], ["drift", "-v", *STATE]):
        assert "  objects " in CliRunner().invoke(app, words).stderr


def test_the_entry_prints_what_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["voice-routing", "impact", "none.json"])
    with pytest.raises(SystemExit, match=r"^error: .*none\.json"):
        main()
    assert os.listdir(tmp_path) == []


EXPIRED = """
[[{table}]]
object = "{object}"
rule = "reassign-active-dnis"
from = "profile 3001"
to = "nobody"
reason = "planned"
ticket = "OPS-1"
until = 2020-01-31
"""
_TIME = re.compile(r"(?<!until = )(?<!-)\b20\d\d-\d\d-\d\d\b(?:[ T]\d\d:\d\d(?::\d\d)?)?(.{0,20})")
_ZONE = re.compile(r" \(?(UTC|M[SD]T|America/Denver)\b")
FURTHER: dict[str, Sequence[Sequence[str]]] = {
    "gate": [
        ["--format", "markdown"],
        ["--approvals", "permits.toml"],
        ["--approvals", "permits.toml", "--format", "sarif"],
    ],
    "drift": [["--format", "markdown"]],
    "trace": [["--at", "2026-12-01 19:00", "--tz", "America/Denver"], ["--at", "2026-12-01T19:00Z"]],
}


@pytest.mark.parametrize("command", ["adopt", "approve", "doctor", "drift", "gate", "impact", "trace", "view"])
@pytest.mark.whole_run
def test_every_time_that_people_read_says_its_zone(
    command: str, folder: Path, emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "America/Denver")
    time.tzset()
    (folder / "report.json").write_text(run("gate", "preview.json", "--json")[1])
    permitted = ["--rule", "reassign-active-dnis", "--all", "--reason", "r", "--ticket", "OPS-2", "--until", _soon()]
    assert run("approve", "report.json", *permitted, "--file", "permits.toml")[0] == 0
    (folder / "approvals.toml").write_text(EXPIRED.format(table="approval", object="+13035550111"))
    entry = [
        one
        for one in EXPIRED.format(table="ignore", object="desk").splitlines()
        if not one.startswith(("rule", "from", "to", "tic"))
    ]
    (folder / "drift.toml").write_text("\n".join([*entry, ""]))
    told = 0
    for more in [[], *FURTHER.get(command, ())]:
        _, out, error = run(command, *RUNS[command](emulator), *more)
        for said in [*out.splitlines(), *error.splitlines()]:
            for found in _TIME.finditer(said):
                told += 1
                assert _ZONE.match(found[1]), said
    if command == "view":
        page = (folder / "routing.html").read_text()
        assert re.search(r'"made": ?"20[\d-]+ \d\d:\d\d M[SD]T"', page)
    elif command in ("doctor", "drift", "gate", "trace", "approve"):
        assert told
    monkeypatch.undo()
    time.tzset()
