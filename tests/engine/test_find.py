"""How an engine is found: the order, the reuse, and the one line when there is none. No engine is built here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .conftest import HOST, TOOLS

PINNED = re.findall(r"pulumi/pkg/v3 v(\S+)", (TOOLS / "go.mod").read_text())[0]
BUILT = ("pulumi", f"{HOST}-exec", "pulumi-resource-pulumi-python")


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@dataclass
class Machine:
    """A checkout, a user's cache and a PATH in a folder, on a machine that reaches no network."""

    root: Path

    @property
    def checkout_bin(self) -> Path:
        return self.root / "checkout" / ".pulumi-engine" / "bin"

    @property
    def cache(self) -> Path:
        return self.root / "cache" / "engine"

    @property
    def path(self) -> Path:
        return self.root / "path"

    def command(self) -> list[str]:
        return [sys.executable, str(self.root / "checkout" / "tools" / "engine" / "find.py")]

    def env(self) -> dict[str, str]:
        nowhere = "http://127.0.0.1:9"
        return {
            "PATH": f"{self.path}:/usr/bin:/bin",
            "HOME": str(self.root),
            "VOICE_ROUTING_CACHE_DIR": str(self.cache.parent),
            "https_proxy": nowhere,
            "HTTPS_PROXY": nowhere,
        }

    def find(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(), env=self.env(), capture_output=True, text=True)

    def found(self) -> Path:
        done = self.find()
        assert done.returncode == 0, done.stderr
        (line,) = done.stdout.splitlines()
        return Path(line)

    def pulumi_on_path(self, version: str) -> None:
        script(self.path / "pulumi", f"echo v{version}")

    def cached(self) -> Path:
        """Puts a built engine into the user's cache, where a build of this machine would put it."""
        arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)
        folder = self.cache / f"v{PINNED}-{sys.platform}-{arch}"
        for name in BUILT:
            script(folder / name, f"echo v{PINNED}")
        return folder

    def go(self, build: str) -> Path:
        """Puts a `go` on PATH whose builds do `build`. Returns the file that gets a line for each build."""
        builds = self.root / "builds"
        for source in (f"cmd/{HOST}-exec", "dist/pulumi-resource-pulumi-python"):
            script(self.root / "sdk" / "python" / source, "exit 0")
        script(
            self.path / "go",
            f"""
case $1 in
build) echo build >> {builds}; while [ "$1" != -o ]; do shift; done; {build} ;;
list) echo {self.root / "sdk"} ;;
esac
""",
        )
        return builds

    def left_in_cache(self) -> list[str]:
        return [entry.name for entry in self.cache.glob("*") if entry.is_dir()]


GOOD_BUILD = f"""printf '#!/bin/sh\\necho v{PINNED}\\n' > "$2"; chmod 755 "$2" """


INSTALLER = """
import os, pathlib

class PulumiCommand:
    @classmethod
    def install(cls, root, version):
        with open(os.environ["INSTALLATIONS"], "a") as installations:
            print(version, file=installations)
        pulumi = pathlib.Path(root, "bin", "pulumi")
        pulumi.parent.mkdir()
        pulumi.write_text(f"#!/bin/sh\\necho v{version}\\n")
        pulumi.chmod(0o755)
"""
"""Stands in for `pulumi.automation`, which downloads."""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    shutil.copytree(TOOLS, tmp_path / "checkout" / "tools" / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    machine.pulumi_on_path("3.100.0")
    script(machine.path / "go", "echo no toolchain for this machine >&2; exit 2")
    return machine


@pytest.mark.parametrize("version", [PINNED, "3.1000.0", "4.0.0-alpha.1"])
def test_a_recent_pulumi_on_path_is_used_as_it_is(machine: Machine, version: str) -> None:
    machine.pulumi_on_path(version)
    script(machine.path / HOST, "exit 0")
    machine.cached()

    assert machine.found() == machine.path
    assert not machine.checkout_bin.exists()


def test_a_pulumi_without_its_language_host_is_not_used(machine: Machine) -> None:
    machine.pulumi_on_path("3.1000.0")
    machine.cached()

    assert machine.found() == machine.checkout_bin


def test_a_cached_engine_is_used_before_an_old_one_on_path(machine: Machine) -> None:
    machine.cached()

    assert machine.found() == machine.checkout_bin
    assert sorted(entry.name for entry in machine.checkout_bin.iterdir()) == sorted([*BUILT, HOST])


def test_the_language_host_runs_with_the_interpreter_that_looked(machine: Machine) -> None:
    machine.cached()

    shim = (machine.found() / HOST).read_text()

    assert sys.executable in shim
    assert str(machine.root / "checkout" / "tools" / "engine" / "language_host.py") in shim


def test_the_checkout_needs_its_cache_no_more(machine: Machine) -> None:
    folder = machine.cached()
    machine.found()
    shutil.rmtree(folder)

    assert machine.found() == machine.checkout_bin


def test_a_damaged_checkout_is_filled_again(machine: Machine) -> None:
    machine.cached()
    machine.found()
    (machine.checkout_bin / "pulumi").unlink()

    machine.found()

    assert (machine.checkout_bin / "pulumi").exists()


def test_another_version_in_the_checkout_is_not_used(machine: Machine) -> None:
    machine.cached()
    machine.found()
    shim = machine.checkout_bin / HOST
    shim.write_text(shim.read_text().replace(PINNED, "3.200.0"))

    machine.found()

    assert f"# pulumi {PINNED}" in shim.read_text()


def test_the_official_installer_is_asked_once_for_the_pinned_version(machine: Machine) -> None:
    sdk = machine.root / "sdk"
    (sdk / "pulumi").mkdir(parents=True)
    (sdk / "pulumi" / "__init__.py").touch()
    (sdk / "pulumi" / "automation.py").write_text(INSTALLER)
    env = machine.env() | {"PYTHONPATH": str(sdk), "INSTALLATIONS": str(machine.root / "installations")}

    folders = {
        subprocess.run(machine.command(), env=env, capture_output=True, text=True, check=True).stdout for _ in range(2)
    }

    (folder,) = folders
    assert (Path(folder.strip()) / "pulumi").is_file()
    assert (machine.root / "installations").read_text().split() == [PINNED]


def test_a_build_is_made_once_for_all_checkouts(machine: Machine) -> None:
    builds = machine.go(GOOD_BUILD)

    processes = [
        subprocess.Popen(
            machine.command(), env=machine.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [process.communicate()[0].strip() for process in processes]
    shutil.rmtree(machine.checkout_bin)

    assert outputs == [str(machine.checkout_bin)] * 2
    assert machine.found() == machine.checkout_bin
    assert builds.read_text().splitlines() == ["build"]


def test_a_failed_build_leaves_nothing_and_says_why(machine: Machine) -> None:
    machine.go("echo some/package; echo no such module >&2; exit 1")

    done = machine.find()

    assert done.returncode == 1
    assert done.stdout == ""
    assert "Go build: no such module" in done.stderr.splitlines()[-1]
    assert machine.left_in_cache() == []


def test_without_any_way_there_is_one_line(machine: Machine) -> None:
    (machine.path / "go").unlink()
    machine.path.joinpath("pulumi").rename(machine.path / "gone")
    env = machine.env() | {"PATH": str(machine.path)}

    done = subprocess.run(machine.command(), env=env, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "PATH: no pulumi; .pulumi-engine: none; cache: none" in line
    assert "official installer: " in line
    assert "Go build: no go on PATH" in line
    assert f"put Pulumi {PINNED} or newer on PATH" in line
    assert machine.left_in_cache() == []


def test_a_cache_that_cannot_be_written_is_one_more_reason(machine: Machine) -> None:
    machine.go(GOOD_BUILD)
    machine.cache.parent.write_text("a file where the folder should be")

    done = machine.find()

    assert done.returncode == 1
    assert str(machine.cache.parent) in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
