"""`make setup` makes the programs a project of uv where there is uv, and leaves them to pip elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs.conftest import ROOT

UV = """#!/bin/sh
echo "$UV_PROJECT_ENVIRONMENT" "$@" >> ../asked
case "$2 $3" in
  "init --bare") touch pyproject.toml ;;
  "add "*) touch uv.lock ;;
  "sync "*) exit {code} ;;
esac
"""


@pytest.mark.parametrize(
    ("code", "written"), [(None, []), (0, ["pyproject.toml", "uv.lock"]), (1, [])], ids=["no uv", "uv", "uv fails"]
)
def test_programs_run_with_uv_where_it_is_there(tmp_path: Path, code: int | None, written: list[str]) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for folder in ("programs", "bin"):
        (tmp_path / folder).mkdir()
    (tmp_path / "programs" / "uv.lock").touch()  # of a setup before
    for name in ("bash", "make", "rm", "sh", "touch"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    if code is not None:
        (tmp_path / "bin" / "uv").write_text(UV.format(code=code))
        (tmp_path / "bin" / "uv").chmod(0o755)

    settings = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environment = settings | {"PATH": str(tmp_path / "bin")}  # a make in a make says more
    done = subprocess.run(["make", "toolchain"], cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert sorted(one.name for one in (tmp_path / "programs").iterdir()) == written
    if code is not None:
        asked = (tmp_path / "asked").read_text()
        assert all(line.startswith(f"{tmp_path}/.venv --quiet ") for line in asked.splitlines())
        assert " sync --inexact " in asked.replace("--quiet ", "")
