"""Previews that the engine made, of a line at the emulator: judged, compared, and compared with the vendor."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.plan.plan import read_plan
from tests.emulated import Emulated
from tests.gate.conftest import run
from tests.stacks import Program, Stack, _served

NUMBERS = ["+13035550190", "+13035550191"]
SECRET = "correct-horse-battery"


def line(*, name: str = "Denver", numbers: bool = True) -> Program:
    def program() -> None:
        group = ringcx.RouteGroup("support", name="Support routing")
        denver = ringcx.Destination("denver", group_id=group.id, name=name, kind="DID", target="+13035550100")
        day = ringcx.Profile("day", group_id=group.id, name="Day", routing_type="PRIORITY")
        split = ringcx.ProfileDestinations("split", profile=day, destinations=[{"destination": denver, "rank": 1}])
        live = ringcx.Activation("live", targets=[denver, day], opts=pulumi.ResourceOptions(depends_on=[split]))
        pool = ringcx.DnisPool("pool", numbers=[{"dnis": number} for number in NUMBERS])
        ringcx.BasicAuth("crm", name="CRM", username="u", password=pulumi.Output.secret(SECRET))
        if numbers:
            opts = pulumi.ResourceOptions(depends_on=[pool, live])
            ringcx.DnisAssignments("numbers", numbers=NUMBERS, profile=day, opts=opts)

    return program


def previewed(stack: Stack, name: str, program: Program, *options: str, **env: str) -> Path:
    """What a preview prints, in a file; its event log is beside it."""
    path = stack.folder / f"{name}.json"
    where = stack.where
    with _served(program) as client:
        command = stack.command("preview", "--json", *options, *client, "--event-log", str(path.with_suffix(".jsonl")))
        done = subprocess.run(command, capture_output=True, text=True, cwd=where["cwd"], env={**where["env"], **env})
    assert done.returncode == 0, done.stdout + done.stderr
    path.write_text(done.stdout, encoding="utf-8")
    return path


def test_a_line_from_its_first_preview_to_the_vendor(
    emulator: Emulated, stack: Stack, emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = stack.folder / "work"
    config = stack.folder / "safety.json"
    config.write_text('{"unprotected-number": "disabled"}')  # the program is without a guard

    def gate(path: Path, *options: str | Path) -> tuple[int, str]:
        said = run("gate", path, "--cwd", work, "--config", config, *options)
        assert SECRET not in said.out + said.error
        return said.code, said.out + said.error

    assert gate(previewed(stack, "first", line(), "--show-sames"))[0] == 0
    stack.up(line(), quiet=False)

    # The same change in every form that the engine has for it.
    renamed = line(name="Denver two")
    whole = previewed(stack, "whole", renamed, "--show-sames")
    short = previewed(stack, "short", renamed)
    refreshed = previewed(stack, "refreshed", renamed, "--refresh")
    streamed = previewed(stack, "streamed", renamed, PULUMI_ENABLE_STREAMING_JSON_PREVIEW="true")
    reviewed = str(read_plan(whole).hash)
    for path in (whole, whole.with_suffix(".jsonl"), refreshed, streamed):
        assert gate(path, "--expect", reviewed) == gate(whole), path
    for name, value in stack.env.items():  # `pulumi stack export` is asked for what the short form leaves out
        monkeypatch.setenv(name, value)
    assert gate(short, "--expect", reviewed) == gate(whole)
    assert gate(whole, "--fail-on-change")[0] == 2

    code, said = gate(previewed(stack, "released", line(numbers=False), "--show-sames"))
    assert code == 1
    assert "violation release-active-dnis: +13035550190 of profile" in said

    # Somebody gives a number away in the portal, and the state does not know.
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    with emulator.recording() as calls:
        assert gate(whole, "--live") == gate(whole)
    assert len(calls) <= 2
    emulator.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{NUMBERS[0].removeprefix('+')}")
    code, said = gate(whole, "--live")
    assert code == 1
    assert f"violation state-moved: {NUMBERS[0]} belongs to nobody at the vendor and to profile" in said
    assert NUMBERS[1] not in said


@pytest.mark.parametrize("first", ["create", "delete"])
def test_a_replacement_is_one_plan_in_every_form(stack: Stack, first: str) -> None:
    def program(group: str) -> Program:
        def declare() -> None:
            groups = {name: ringcx.RouteGroup(name, name=name) for name in ("old", "new")}
            opts = pulumi.ResourceOptions(delete_before_replace=first == "delete")
            args = {"name": "Denver", "kind": "DID", "target": "+13035550100"}
            ringcx.Destination("denver", group_id=groups[group].id, opts=opts, **args)

        return declare

    stack.up(program("old"), quiet=False)
    whole = previewed(stack, "whole", program("new"), "--show-sames")
    steps = previewed(stack, "steps", program("new"), "--show-sames", "--show-replacement-steps")

    for path in (whole, whole.with_suffix(".jsonl"), steps, previewed(stack, "looks", program("new"), "--refresh")):
        plan = read_plan(path)
        (replaced,) = [step for step in plan.steps if step.changes]
        assert (replaced.op, replaced.before is not None, replaced.after is not None) == ("replace", True, True)
        assert path.name.startswith("looks") or plan.hash == read_plan(whole).hash
