"""The contract on imports holds, and sees it when somebody breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = Path("provider", "pulumi_voice_routing")

FLOORS = "Each floor imports lower ones only"
EMULATOR = "Nothing but the command that starts the emulator imports it"
CIRCLES = "No module imports itself by way of others"
HTTP = "One module imports the HTTP library"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Another checkout, to be spoiled."""
    shutil.copytree(ROOT / PACKAGE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__", "engine"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def judged(checkout: Path) -> tuple[bool, set[str], str]:
    """Whether the contract is kept, the parts of it that are broken, and all that is said."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(checkout / "provider"), "COLUMNS": "200"}
    done = subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True)
    said = done.stdout + done.stderr
    broken = {line.partition(" BROKEN")[0] for line in said.splitlines() if " BROKEN" in line}
    return done.returncode == 0, broken, said


def test_the_package_keeps_it(copy: Path) -> None:
    kept, broken, said = judged(copy)
    assert kept, said
    assert not broken


@pytest.mark.parametrize(
    ("module", "line", "breaks"),
    [
        ("settings.py", "from .safety import rule", FLOORS),
        ("lifecycle/provider.py", "from ..plan import plan", FLOORS),
        ("telephony/__init__.py", "from ..client import pacing", FLOORS),
        ("commands/writing.py", "from .. import cli", FLOORS),
        ("emulator/store.py", "from ..settings import Setting", FLOORS),
        ("emulator/store.py", "from ..masking import masked", FLOORS),
        ("ringcx/client.py", "from ..emulator import clock", EMULATOR),
        ("ringcx/client.py", "from .cloud_routing.destination import Destination", CIRCLES),
        ("ringcx/client.py", "from . import Destination", CIRCLES),
        ("client/http.py", "import httpx", HTTP),
        ("portsip/auth.py", "from httpx2 import Auth", HTTP),
    ],
)
def test_it_sees_an_import_that_breaks_it(copy: Path, module: str, line: str, breaks: str) -> None:
    with (copy / PACKAGE / module).open("a") as file:
        file.write(f"\n{line}\n")

    kept, broken, said = judged(copy)

    assert not kept
    assert breaks in broken, said


@pytest.mark.parametrize("before", ["from typing import TYPE_CHECKING\nif TYPE_CHECKING:", "def later():"])
def test_what_an_import_is_for_makes_no_difference(copy: Path, before: str) -> None:
    for module, line in (
        ("settings.py", "from .safety import rule"),
        ("ringcx/client.py", "from . import Destination"),
        ("ringcx/client.py", "from ..emulator import clock"),
        ("client/http.py", "import httpx"),
    ):
        with (copy / PACKAGE / module).open("a") as file:
            file.write(f"\n{before}\n    {line}\n")

    _, broken, said = judged(copy)

    assert broken == {FLOORS, EMULATOR, CIRCLES, HTTP}, said


def test_a_circle_is_shown_from_end_to_end(copy: Path) -> None:
    with (copy / PACKAGE / "lazy_names.py").open("a") as file:
        file.write("\nfrom . import markdown_text\n")
    with (copy / PACKAGE / "markdown_text.py").open("a") as file:
        file.write("\nfrom . import lazy_names\n")

    _, broken, said = judged(copy)

    assert broken == {CIRCLES}
    first, second, last = (line.strip() for line in said.rstrip().splitlines()[-3:])
    assert {first, second} == {"pulumi_voice_routing.lazy_names", "pulumi_voice_routing.markdown_text"}
    assert last == first


def test_a_package_that_stands_on_no_floor(copy: Path) -> None:
    (copy / PACKAGE / "newcomer.py").touch()

    kept, _, said = judged(copy)

    assert not kept
    assert "newcomer" in said
