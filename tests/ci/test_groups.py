"""Tests that share a folder or a server are marked as one group, and one worker runs them one after the other.

Some releases of pytest and pytest-xdist drop the groups without a word. What fails then are other tests, now and then.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MARKED = """
import pytest

pytestmark = pytest.mark.xdist_group("shared")

@pytest.mark.parametrize("turn", range(6))
def test_one_of_a_group(turn, worker_id):
    with open("workers", "a") as workers:
        print(worker_id, file=workers)
"""


@pytest.mark.whole_run
def test_one_worker_runs_a_whole_group(tmp_path: Path) -> None:
    (tmp_path / "test_marked.py").write_text(MARKED, encoding="utf-8")
    pytest = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider"]
    ran = subprocess.run(pytest, cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    workers = (tmp_path / "workers").read_text(encoding="utf-8").split()
    assert len(workers) == 6
    assert len(set(workers)) == 1, f"the group was spread over {sorted(set(workers))}"
