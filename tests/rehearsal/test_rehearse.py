"""``voice-routing rehearse``: the account is only read, and what callers would meet in between is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from tests.emulated import ACCOUNT, Emulated, operations
from tests.examples.numbers import MANAGER
from tests.stacks import Stack

Rehearse = Callable[..., subprocess.CompletedProcess[str]]

DIRECT, LINE = "+13035550101", "+13035550100"
PROGRAM = """
import pulumi
from pulumi_voice_routing import ringcx

direct = ringcx.DnisAssignment("direct", dnis="+13035550101", queue_id="1000", active=ANSWERED)
group = ringcx.RouteGroup("denver", name="Denver")
there = ringcx.Destination(
    "there", group_id=group.id, name="There", kind="DID", target="TARGET", opts=pulumi.ResourceOptions(ORDER)
)
support = ringcx.Profile(
    "support", group_id=group.id, name="Support", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
)
split = ringcx.ProfileDestinations(
    "split", profile=support, destinations=[{"destination": there, "rank": 1, "allocation_percent": 100}]
)
live = ringcx.Activation("live", targets=[there, support], opts=pulumi.ResourceOptions(depends_on=[split]))
line = ringcx.DnisAssignment(
    "line", dnis="+13035550100", active=True, profile=support, opts=pulumi.ResourceOptions(depends_on=[live])
)
"""
"""A line whose calls go on to another number of the account, which a queue answers."""
MORE = """
sales = ringcx.RouteGroup("sales", name="Sales")
desk = ringcx.Destination("desk", group_id=sales.id, name="Desk", kind="DID", target="+13035551299")
other = ringcx.Profile(
    "other", group_id=sales.id, name="Other", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
)
ringcx.ProfileDestinations(
    "others", profile=other, destinations=[{"destination": desk, "rank": 1, "allocation_percent": 100}]
)
ringcx.Activation("more", targets=[desk, other])
"""
APPROVAL = """
[[approval]]
rule = "release-active-dnis"
objects = ["+13035550101"]
from = "queue 1000"
to = "inactive"
reason = "the direct number is given up"
ticket = "OPS-1"
until = 2199-12-31
"""


def program(target: str = DIRECT, *, answered: bool = True, order: str = "") -> str:
    """The program; ``order`` is what the destination waits for."""
    return PROGRAM.replace("TARGET", target).replace("ANSWERED", str(answered)).replace("ORDER", order)


@pytest.fixture
def rehearse(stack: Stack) -> Rehearse:
    """Runs the command in the program's folder."""

    def run(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pulumi_voice_routing", "rehearse", *words],
            cwd=stack.folder / "work",
            env={**os.environ, **stack.env, **(env or {})},
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def office(emulator: Emulated, stack: Stack) -> Stack:
    """The line, up and running."""
    bodies = [{"dnis": one.removeprefix("+"), "reservedAccountId": ACCOUNT} for one in (DIRECT, LINE)]
    emulator.manage("POST", f"{MANAGER}/dnisPool", bodies)
    stack.write_program(program())
    stack.cli("up", "--yes", "--skip-preview")
    (stack.folder / "work" / "approvals.toml").write_text(APPROVAL)
    return stack


def test_finds_the_request_at_which_a_number_has_no_answer(
    emulator: Emulated, office: Stack, rehearse: Rehearse
) -> None:
    office.write_program(program("+13035559999", answered=False, order="depends_on=[direct]"))
    before = emulator.state(), office.export()
    with emulator.recording() as calls:
        done = rehearse("--stack", "dev", "--json")
    assert done.returncode == 1, done.stderr
    assert operations(calls, writes=True) == []
    assert (emulator.state(), office.export()) == before
    found = json.loads(done.stdout)
    (gap,) = found["gaps"]
    assert (gap["numbers"], gap["unanswered"], gap["when"]) == ([LINE], True, "always")
    assert gap["from"]["request"] == "NM-07 PUT .../assignedDnis/gates/1000"
    assert gap["to"]["request"].startswith("CR-06 PUT ")
    assert gap["from"]["number"] < gap["to"]["number"] == found["requests"]["all"]
    (stop,) = found["stops"]
    assert (stop["after"], stop["unanswered"], stop["healed"]) == (gap["from"], [LINE], True)
    assert "there" in stop["left"]
    assert found["rates"] == {"ringcx calls": 120}
    assert found["left_out"] == found["errors"] == []


def test_a_preview_tells_enough(office: Stack, rehearse: Rehearse, tmp_path: Path) -> None:
    """The other way round, callers notice nothing; new objects are known by what they are made of."""
    office.write_program(program("+13035559999") + MORE)
    preview = tmp_path / "preview.json"
    preview.write_text(office.cli("preview", "--json", "--show-sames"))
    done = rehearse(str(preview), "--format", "markdown", "--stops", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("### Rehearsal: callers notice nothing in between\n")
    assert "5 to create, 1 to update" in done.stdout


REFERRED_TO = """
import pulumi

pulumi.export("target", "+13035559999")
pulumi.export("key", pulumi.Output.secret("key-of-another"))
"""
REFERRING = """
import pulumi
from pulumi_voice_routing import ringcx

config = pulumi.Config()
ringcx.ApiKeyAuth("crm", name="CRM", api_key=config.require_secret("crm"))
other = pulumi.StackReference("organization/lines/numbers")
group = ringcx.RouteGroup("denver", name="Denver")
ringcx.Destination("there", group_id=group.id, name="NAME", kind="DID", target=other.require_output("target"))
"""


@pytest.mark.whole_run
def test_a_first_deployment_and_other_stacks(emulator: Emulated, stack: Stack, rehearse: Rehearse) -> None:
    stack.write_program(program())
    bodies = [{"dnis": one.removeprefix("+"), "reservedAccountId": ACCOUNT} for one in (DIRECT, LINE)]
    emulator.manage("POST", f"{MANAGER}/dnisPool", bodies)
    done = rehearse("--stack", "dev", "--stops", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7 to create" in done.stdout
    assert "Taken to be there, since no reading tells of it: queue 1000" in done.stdout
    assert emulator.records("CloudRouteDestination") == []

    stack.write_program(REFERRED_TO)
    for words in (("stack", "init", "numbers"), ("up", "--yes", "--skip-preview", "--stack", "numbers")):
        command = ["pulumi", "--non-interactive", *words]
        subprocess.run(command, cwd=stack.folder / "work", env={**os.environ, **stack.env}, check=True)
    stack.write_program(REFERRING.replace("NAME", "There"))
    stack.cli("config", "set", "--secret", "crm", "key-of-the-crm")
    stack.cli("up", "--yes", "--skip-preview")
    stack.write_program(REFERRING.replace("NAME", "Over there"))
    done = rehearse("--stack", "dev", "--stops", "0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 to update" in done.stdout


BAD: dict[str, tuple[list[str], str]] = {
    "nothing there": (["nowhere"], "there is no folder nowhere"),
    "no preview": (["notes.json"], "plan: notes.json is not what the engine writes"),
    "not JSON": (["text.json"], "plan: text.json is not JSON"),
    "log of events": (["events.json"], "events.json is a log of events"),
    "failed preview": (["failed.json"], "failed.json is of a preview that failed"),
    "no resource": (["empty.json"], "empty.json shows no resource"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line(case: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.json").write_text("{}")
    Path("text.json").write_text("hello")
    Path("events.json").write_text('{"sequence":1,"summaryEvent":{"result":"succeeded"}}\n')
    Path("failed.json").write_text('{"steps":[],"diagnostics":[{"severity":"error","message":"it broke"}]}')
    Path("empty.json").write_text('{"steps":[],"changeSummary":{}}')
    words, line = BAD[case]
    done = CliRunner().invoke(app, ["rehearse", *words])
    assert (done.exit_code, done.stdout) == (3, "")
    assert done.stderr.startswith(f"error: {line}")
    assert done.stderr.count("\n") == 1
