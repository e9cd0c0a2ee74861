"""An odd account is exported, adopted and judged: what is wrong in it is told, and stops nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopting.conftest import Export, checked, report, writes
from tests.adopting.odd import EXTENSIONS, odd
from tests.emulated import Emulated
from tests.programs.conftest import PACK, Program

ADVICE = (
    "'Nobody' forwards calls to nothing",
    "go round in a circle: 8100 to 8101 to 8100",
    "go round in a circle: 8101 to 8100 to 8101",
    "headers of 'secret' have a credential, 'Authorization'",
    "url of 'secret' has a password in its address",
    "calls to +17205550000, +17205550002 reach nobody",
)

pytestmark = pytest.mark.whole_run


def test_what_is_wrong_in_an_account_is_advice(
    emulator: Emulated, export: Export, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    odd(emulator)
    folder = tmp_path / "line"
    said = export(folder, env=EXTENSIONS)
    told = report(folder)
    left_out = sorted(why for one in told["types"].values() for why in one["left_out"])
    assert [why.partition(": ")[2] for why in left_out] == [
        "cannot be declared: target: '5551234' has the wrong number of digits for its country code",
        "cannot be declared: destinations: the shares make 50 percent, not 100",
        f"cannot be declared: name: '{'g' * 12}...{'g' * 13}' will not do: string should have at most 255 characters",
    ], said
    code = (folder / "ringcx_cloud_routing.py").read_text("utf-8")
    assert '"inside",\n    group_id="123456/' in code, "what is in a group that cannot be declared"
    assert {"東京-support", "大阪-support", "привет", "हिन्दी"} <= set(
        re.findall(r'^    "([^"]+)",$', code, re.MULTILINE)
    )
    assert 'allow=["no_members"]' in (folder / "portsip_routing.py").read_text("utf-8")
    for piece in ADVICE:
        assert any(piece in line for line in told["advice"]), piece
        assert piece in said
    assert len(told["advice"]) == len(ADVICE)
    checked("ruff", "format", "--isolated", "--check", ".", folder=folder)
    checked("ruff", "check", "--isolated", ".", folder=folder)
    emulator.forget_journal()
    env = {**os.environ, **adopted_env, **EXTENSIONS}
    assert "entered into the stack's state" in export(folder, "--adopt", env={**adopted_env, **EXTENSIONS})
    program = Program(folder, "dev", env)
    plan = tmp_path / "preview.json"
    plan.write_text(program.ok("preview", "--json", "--show-sames"))
    assert not {one["op"] for one in json.loads(plan.read_text())["steps"]} - {"same"}

    gate = [sys.executable, "-m", "pulumi_voice_routing", "gate", str(plan), "--format", "json"]
    judged = subprocess.run(gate, cwd=folder, env=env, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    findings = json.loads(judged.stdout)["findings"]
    assert {(one["rule"], one["level"]) for one in findings} == {("plain-secrets", "advisory")}
    assert len(findings) == 2
    previewed = program.ok("preview", "--policy-pack", str(PACK), "--expect-no-changes")
    assert previewed.count("has a password in its address") == 1, previewed
    assert "unchanged" in program.ok("up", "--yes", "--policy-pack", str(PACK))
    assert writes(emulator) == []
