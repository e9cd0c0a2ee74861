"""The checks of all traffic fail, count and speak as tests do, with workers and without."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.contract import CONTRACTS_VARIABLE, FILES
from tests.operations import operations

ROOT = Path(__file__).parents[2]
CONFTEST = """
import pytest
from tests.traffic import checks

def pytest_configure(config):
    checks.configure(config)
"""
TEST = """
import json
import pytest
from tests.traffic.checks import FOLDER

@pytest.mark.parametrize("part", range(4))
def test_it(part, request):
    operations = {operations!r}[part::4]
    entries = [
        dict(vendor="ringcx", operation=one, method="GET", path="/", query={{}}, fault=None, status=200, request=None,
             response=None)
        for one in operations
    ]
    (request.config.stash[FOLDER] / f"{{part}}.json").write_text(json.dumps(entries))
"""
OTHER = """
def test_other():
    assert {passes}
"""
ALL = sorted(operations())

RunTests = Callable[..., subprocess.CompletedProcess[str]]


ALONE, WORKERS = ("-p", "no:xdist"), ("-n", "2")


def in_the_whole_run(*options: str) -> Any:
    return pytest.param(options, id=" ".join(options), marks=pytest.mark.whole_run)


with_and_without_workers = pytest.mark.parametrize("how", [pytest.param(ALONE, id="alone"), in_the_whole_run(*WORKERS)])


@pytest.fixture
def run_tests(tmp_path: Path) -> RunTests:
    """Runs a small suite that uses some operations, with options of pytest."""

    def run(
        *options: str, used: Iterable[str] = ALL, passes: bool = True, **env: str
    ) -> subprocess.CompletedProcess[str]:
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        (tmp_path / "conftest.py").write_text(CONFTEST)
        (tmp_path / "test_it.py").write_text(TEST.format(operations=list(used)))
        (tmp_path / "test_other.py").write_text(OTHER.format(passes=passes))
        command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:hypothesispytest", *options]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "VOICE_"))}
        return subprocess.run(
            command, cwd=tmp_path, env={**inherited, "PYTHONPATH": str(ROOT), **env}, capture_output=True, text=True
        )

    return run


def counts(run: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The counts of the last line."""
    return {what: int(number) for number, what in re.findall(r"(\d+) (\w+)", run.stdout.splitlines()[-1])}


def said(run: subprocess.CompletedProcess[str]) -> str:
    """What is said of the traffic."""
    return next(line for line in run.stdout.splitlines() if line.startswith("traffic of the tests: "))


@pytest.mark.whole_run
@with_and_without_workers
def test_every_operation_is_a_test(run_tests: RunTests, how: tuple[str, ...]) -> None:
    run = run_tests(*how)
    assert run.returncode == 0, run.stdout
    assert counts(run)["passed"] == 5 + len(ALL)
    assert counts(run)["skipped"] == 1  # without contracts there is nothing to compare with
    assert f"{len(ALL)} of {len(ALL)} operations" in said(run)
    assert "only a part" not in said(run)


@with_and_without_workers
def test_a_run_without_an_operation_fails_and_names_it(run_tests: RunTests, how: tuple[str, ...]) -> None:
    run = run_tests(*how, used=set(ALL) - {"CR-04", "RG-02"}, passes=False)
    assert run.returncode == 1
    assert counts(run)["failed"] == 3, "a test that fails does not keep the traffic from being judged"
    for missing in ("CR-04", "RG-02"):
        assert re.search(rf"^FAILED \S*checks.py::operation_was_used\[{missing}\]", run.stdout, re.MULTILINE)
        assert f"no 2xx answer to {missing} in any test" in run.stdout


@pytest.mark.parametrize(
    "options",
    [
        in_the_whole_run(*ALONE, "test_it.py"),
        pytest.param((*ALONE, "-k", "test_it"), id="-k test_it"),
        in_the_whole_run(*WORKERS, "-k", "test_it"),
        in_the_whole_run(*WORKERS, "--deselect", "test_other.py"),
        in_the_whole_run(*WORKERS, "--ignore", "test_other.py"),
        in_the_whole_run(*ALONE, "--ignore-glob", "*other.py"),
    ],
)
def test_a_part_of_the_tests_has_to_use_nothing_and_says_what_it_used(
    run_tests: RunTests, options: tuple[str, ...]
) -> None:
    run = run_tests(*options, used=ALL[:7])
    assert run.returncode == 0, run.stdout
    assert counts(run)["passed"] == 4
    assert f"7 of {len(ALL)} operations with success; only a part of the tests ran" in said(run)


@pytest.mark.parametrize("options", [in_the_whole_run(*WORKERS), in_the_whole_run(*ALONE, "test_it.py")])
def test_what_no_contract_has_fails(run_tests: RunTests, tmp_path: Path, options: tuple[str, ...]) -> None:
    for file in chain(*FILES.values()):
        (tmp_path / file).write_text(json.dumps({"openapi": "3.0.0", "paths": {}}))
    run = run_tests(*options, **{CONTRACTS_VARIABLE: str(tmp_path)})
    assert run.returncode == 1
    assert counts(run)["failed"] == 1
    assert re.search(r"^FAILED \S*checks.py::all_traffic_fits_the_contracts", run.stdout, re.MULTILINE)
    assert "distinct problems" in run.stdout


@pytest.mark.whole_run
@with_and_without_workers
def test_a_run_that_stops_early_says_so(run_tests: RunTests, how: tuple[str, ...]) -> None:
    run = run_tests(*how, "--exitfirst", passes=False)
    assert run.returncode != 0
    assert said(run).endswith("not judged, because the run did not come to its end")


def test_the_operations_are_those_of_the_vendors_references() -> None:
    """The numbered ones of the references, and more that our clients use beside them."""
    last = {"CR": 21, "NM": 17, "HT": 21, "EX": 5, "RG": 4}
    assert {f"{prefix}-{number:02}" for prefix, end in last.items() for number in range(1, end + 1)} <= operations()
