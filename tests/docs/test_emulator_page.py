"""What docs/emulator.md offers to tests of others works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from pulumi_voice_routing.emulator import create_app
from tests.docs.conftest import ROOT, python_blocks

PAGE = ROOT / "docs" / "emulator.md"
FIXTURE, TEST = python_blocks(PAGE)


def test_the_seed_is_a_state(tmp_path: Path) -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    seed = tmp_path / "seed.json"
    seed.write_text(text, encoding="utf-8")
    state = create_app(seed_file=seed).state.emulator.world.store.dump()
    assert [one["destinationName"] for one in state["objects"]["CloudRouteDestination"]] == ["Denver"]


def test_the_fixture_and_the_test_work_together(engine_on_path: Path, pulumi_home: Path, tmp_path: Path) -> None:
    """In a folder of its own, with the first program of the README beside them."""
    readme = ROOT / "README.md"
    program = tmp_path / "support-line"
    program.mkdir()
    (program / ".venv").symlink_to(sys.prefix)
    settings = re.search(r"^```yaml\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert settings is not None
    (program / "Pulumi.yaml").write_text(settings[1], encoding="utf-8")
    (program / "__main__.py").write_text(python_blocks(readme)[0].text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(FIXTURE.text, encoding="utf-8")
    (tmp_path / "test_support_line.py").write_text(TEST.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PULUMI_HOME": str(pulumi_home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
