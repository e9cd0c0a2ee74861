"""All of the clients' tests once more, in a process where ``httpx`` is ``httpx2``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = [
    "tests/client",
    *(f"tests/{vendor}/test_{subject}.py" for vendor in ("ringex", "portsip") for subject in ("client", "sign_in")),
    "tests/http_services/test_client.py",
]


@pytest.mark.whole_run
def test_the_clients_work_with_the_library_that_continues_httpx() -> None:
    here = Path(__file__).relative_to(ROOT)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.client.successor", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, f"--ignore={here}", *TESTS], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
