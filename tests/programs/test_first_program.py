"""The first program of the README, made and run in an empty folder with the commands that stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import pulumi_voice_routing
from tests.emulated import ACCOUNT, TOKEN, Emulated
from tests.engine.conftest import official_host
from tests.programs.conftest import PACK, ROOT

pytestmark = pytest.mark.xdist_group("programs")

ADDRESS = "http://127.0.0.1:8123"
LOGIN = "pulumi login --local"
"""It keeps the state in the home folder, whatever ``HOME`` says, so that the test logs in elsewhere."""


def section(title: str) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"^## {title}\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    return str(found)


def blocks(title: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)


def commands(block: str) -> str:
    return "\n".join(re.findall(r"^\$ (.*)$", block, re.MULTILINE))


def for_this_machine(settings: str, folder: Path) -> str:
    """The settings as they are written; with the words for pip where the official host would not find ``uv``."""
    assert "toolchain: uv\n" in settings
    (with_pip,) = re.findall(r"with `pip`, write `(.*?)` in its place", section("Your first program"))
    if official_host() is None:
        return settings
    if shutil.which("uv") is None:
        return settings.replace("toolchain: uv", with_pip)
    for words in (["init", "--bare"], ["lock", "--offline"]):
        subprocess.run(["uv", "--quiet", *words], cwd=folder, check=True)
    return settings


def test_it_runs_as_it_is_written(inherited_env: dict[str, str], emulator: Emulated, tmp_path: Path) -> None:
    (settings,), (program,) = (blocks("Your first program", language) for language in ("yaml", "python"))
    with_uv, with_pip = map(commands, blocks("Install", "console"))
    emulate, run = map(commands, blocks("Your first program", "console"))
    assert ".venv" in with_pip
    assert ".venv" in with_uv
    assert f"{LOGIN}\n" in run
    assert f"--port {ADDRESS.rpartition(':')[2]}" in emulate
    assert f"RINGCX_ACCOUNT_ID={ACCOUNT} RINGCX_ACCESS_TOKEN={TOKEN}" in run

    folder = tmp_path / "support-line"
    folder.mkdir()
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "Pulumi.yaml").write_text(for_this_machine(settings, folder), encoding="utf-8")
    (folder / "__main__.py").write_text(program, encoding="utf-8")

    def shell(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", script.replace(ADDRESS, emulator.url).replace(LOGIN, f"pulumi login file://{tmp_path}")],
            cwd=folder,
            env={**inherited_env, "PULUMI_HOME": str(tmp_path / "home"), "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    done = shell(run)
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("=> number +13035550100\n")
    (record,) = emulator.records("DnisPool")
    assert record["dnis"] == "18005550100"

    # What it refuses: the number's owner is taken out, with the words that the README shows.
    (refusal,) = blocks("What it refuses", "text")
    (folder / "__main__.py").write_text(program.partition("ringcx.DnisAssignment(")[0], encoding="utf-8")
    exports = "\n".join(line for line in run.splitlines() if line.startswith("export "))
    done = shell(f"{exports}\npulumi preview")
    assert done.returncode != 0
    assert " ".join(refusal.split()) in " ".join(done.stdout.split())


def test_the_pack_has_the_version_of_the_package() -> None:
    assert f"\nversion: {pulumi_voice_routing.__version__}\n" in (PACK / "PulumiPolicy.yaml").read_text("utf-8")
