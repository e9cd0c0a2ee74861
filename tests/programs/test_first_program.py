"""The first program of the README, made and run in an empty folder with the commands that stand there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pulumi_voice_routing
from tests.emulated import ACCOUNT, TOKEN, Emulated
from tests.programs.conftest import PACK, ROOT

pytestmark = pytest.mark.xdist_group("programs")

ADDRESS = "http://127.0.0.1:8123"
LOGIN = "pulumi login --local"
"""It keeps the state in the home folder, whatever ``HOME`` says, so that the test logs in elsewhere."""


def first_program() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## Your first program\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    return str(section)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", first_program(), re.MULTILINE | re.DOTALL)


def commands(block: str) -> str:
    return "\n".join(re.findall(r"^\$ (.*)$", block, re.MULTILINE))


def test_it_runs_as_it_is_written(inherited_env: dict[str, str], emulator: Emulated, tmp_path: Path) -> None:
    (settings,), (program,) = blocks("yaml"), blocks("python")
    install, emulate, run = map(commands, blocks("console"))
    assert ".venv" in install
    assert f"{LOGIN}\n" in run
    assert f"--port {ADDRESS.rpartition(':')[2]}" in emulate
    assert f"RINGCX_ACCOUNT_ID={ACCOUNT} RINGCX_ACCESS_TOKEN={TOKEN}" in run

    folder = tmp_path / "support-line"
    folder.mkdir()
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "Pulumi.yaml").write_text(settings, encoding="utf-8")
    (folder / "__main__.py").write_text(program, encoding="utf-8")

    done = subprocess.run(
        ["bash", "-euc", run.replace(ADDRESS, emulator.url).replace(LOGIN, f"pulumi login file://{tmp_path}")],
        cwd=folder,
        env={**inherited_env, "PULUMI_HOME": str(tmp_path / "home"), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("=> number +13035550100\n")
    (record,) = emulator.records("DnisPool")
    assert record["dnis"] == "18005550100"


def test_the_pack_has_the_version_of_the_package() -> None:
    assert f"\nversion: {pulumi_voice_routing.__version__}\n" in (PACK / "PulumiPolicy.yaml").read_text("utf-8")
