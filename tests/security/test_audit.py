"""The audit of the dependencies finds what it is for."""

from __future__ import annotations

import tomllib

import pytest
from packaging.requirements import Requirement

from tools import audit

HASH = "--hash=sha256:" + "0" * 64
FINE = f"httpx==0.28.1 \\\n    {HASH} \\\n    {HASH}\nzstd==1 {HASH}\n"


def test_a_good_lock() -> None:
    assert audit.locked(f"# a remark\n{FINE}") == ({"httpx": "0.28.1", "zstd": "1"}, [])


@pytest.mark.parametrize(
    "line",
    [
        "httpx==0.28.1",
        f"httpx>=0.28.1 {HASH}",
        "httpx==0.28.1 --hash=md5:" + "0" * 32,
        f"httpx==0.28.* {HASH}",
        f"httpx @ https://files.example.com/httpx.whl {HASH}",
        "--index-url https://packages.example.com",
        "-e .",
        "git+https://git.example.com/httpx",
    ],
)
def test_a_line_that_pins_nothing(line: str) -> None:
    _, (problem,) = audit.locked(f"{FINE}{line}\n")
    assert "is not one version with the hashes of its files" in problem or "is there twice" in problem


def test_a_package_that_is_there_twice() -> None:
    assert audit.locked(FINE + FINE)[1] == [
        "requirements.lock: httpx is there twice",
        "requirements.lock: zstd is there twice",
    ]


def test_what_is_asked_for_and_not_there() -> None:
    project = tomllib.loads(
        """
        [build-system]
        requires = ["hatchling"]
        [project]
        dependencies = ["httpx>=0.27"]
        optional-dependencies.more = ["Zstd>=2"]
        [dependency-groups]
        dev = ["pytest>=8"]
        """
    )
    assert list(audit.unmet("pyproject.toml", audit.asked_for(project), audit.locked(FINE)[0])) == [
        "pyproject.toml asks for hatchling, which is not there",
        "pyproject.toml asks for Zstd>=2, and there is 1",
        "pyproject.toml asks for pytest, which is not there",
    ]


def test_what_is_installed_and_was_not_chosen() -> None:
    there = {"httpx": "0.27", "pip": "25", "left-pad": "1", "zstd": "1"}
    assert list(audit.strangers(there, audit.locked(FINE)[0])) == [
        "installed: httpx 0.27, but requirements.lock has 0.28.1",
        "installed: left-pad 1, but requirements.lock has none",
    ]


def test_this_environment() -> None:
    versions, unfit = audit.installed()
    assert unfit == []
    assert list(audit.unmet("tests", [Requirement("pytest>=8")], versions)) == []
