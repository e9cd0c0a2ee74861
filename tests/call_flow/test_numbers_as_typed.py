"""Numbers on the command line are read as strictly as in a program, and refused with the same reasons."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pulumi_voice_routing.commands.call_flow import trace
from pulumi_voice_routing.commands.diagram.commands import diagram
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.telephony.number import digits_of
from tests.call_flow.line import LINE, NUMBER
from tests.call_flow.test_commands import stored
from tests.numbers.written import REFUSED

app = typer.Typer()
app.command("trace")(trace)
app.command("diagram")(diagram)

DIGITS = {written: why for written, why in REFUSED.items() if written.isascii() and written.isdigit()}
"""What may be an extension, or a number inside a vendor's network, until nothing here has it."""
OTHERS = {written: why for written, why in REFUSED.items() if written not in DIGITS and written != "+"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state of a stack that has a support line."""
    return stored(tmp_path / "state.json", list(LINE))


def fails(*arguments: str | Path) -> str:
    with pytest.raises(VoiceRoutingError) as failure:
        CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    (line,) = str(failure.value).splitlines()
    return line


@pytest.mark.parametrize("written", ["+1 303-555-0100", "1 (303) 555 0100", "+1.303.555.0100", "13035550100"])
def test_read(state: Path, written: str) -> None:
    done = CliRunner().invoke(app, ["trace", "--state", str(state), "--", written], catch_exceptions=False)
    assert digits_of(written) == digits_of(NUMBER)
    assert done.exit_code == 0
    assert "profile 'Support'" in done.stdout


@pytest.mark.parametrize(("written", "why"), OTHERS.items())
def test_refused(state: Path, written: str, why: str) -> None:
    assert why in fails("trace", "--state", state, "--", written)
    assert why in fails("diagram", "--state", state, f"--number={written}")


@pytest.mark.parametrize("written", [one for one in OTHERS if not one.startswith("(303)")])
def test_refused_as_a_caller(state: Path, written: str) -> None:
    line = fails("trace", NUMBER, "--state", state, f"--caller={written}")
    assert line.startswith("--caller: ")
    assert OTHERS[written] in line


@pytest.mark.parametrize(("written", "why"), DIGITS.items())
def test_what_nothing_here_has_may_be_written_wrongly(state: Path, written: str, why: str) -> None:
    for line in (fails("trace", written, "--state", state), fails("diagram", "--state", state, "--number", written)):
        assert f"{written} is no number of this configuration" in line
        assert f". As a telephone number, '{written}' " in line
        assert why in line


@pytest.mark.parametrize("extension", ["8000", "101"])
def test_extensions_are_no_telephone_numbers(state: Path, extension: str) -> None:
    assert "As a telephone number" not in fails("trace", extension, "--state", state)


def test_a_sign_makes_it_a_telephone_number(state: Path) -> None:
    for written in ("+8000", "+1303555010"):
        assert "no number of this configuration" not in fails("trace", "--state", state, "--", written)


def test_the_exit_code(state: Path) -> None:
    command = [sys.executable, "-m", "pulumi_voice_routing", "trace", "4930901820.0", "--state", str(state)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: '4930901820.0' is not a telephone number: it is a number with a decimal point")
