"""Real engines for the tests of the language host, each with a project of its own on a local file backend."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TOOLS = Path(__file__).parents[2] / "tools" / "engine"
HOST = "pulumi-language-python"


def is_ours(host: Path) -> bool:
    return b"language_host.py" in host.read_bytes()[:4096]


def official_host() -> Path | None:
    """The official language host in `VOICE_ROUTING_ENGINE_DIR` or on PATH, if there is one."""
    given = os.environ.get("VOICE_ROUTING_ENGINE_DIR", "")
    found = shutil.which(HOST, path=f"{given}{os.pathsep}{os.environ['PATH']}".lstrip(os.pathsep))
    return Path(found) if found and not is_ours(Path(found)) else None


@pytest.fixture(scope="session")
def our_engine(found_engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An engine with our language host. An official engine gets ours put in the place of its own."""
    host = shutil.which(HOST, path=f"{found_engine}{os.pathsep}{os.environ['PATH']}")
    assert host
    if is_ours(Path(host)):
        return found_engine
    folder = tmp_path_factory.mktemp("engine")
    for name in ("pulumi", "pulumi-resource-pulumi-python", f"{HOST}-exec"):
        (folder / name).symlink_to(found_engine / name)
    shim = folder / HOST
    command = shlex.join([sys.executable, str(TOOLS / "language_host.py"), str(folder / f"{HOST}-exec")])
    shim.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    shim.chmod(0o755)
    return folder


@pytest.fixture(params=["ours", *(["official"] if official_host() else [])])
def engine(request: pytest.FixtureRequest, our_engine: Path) -> Path:
    """Each engine folder that the contract is tested with: ours always, the official one where there is one."""
    official = official_host()
    return official.parent if request.param == "official" and official else our_engine


@dataclass
class Project:
    """A Pulumi project in a folder, with one stack, `dev`."""

    folder: Path
    env: dict[str, str]

    def program(self, source: str) -> None:
        (self.folder / "__main__.py").write_text(source)

    def options(self, **options: str) -> None:
        """Sets the runtime options of Pulumi.yaml."""
        settings = {"name": "demo", "runtime": {"name": "python", "options": options}}
        (self.folder / "Pulumi.yaml").write_text(json.dumps(settings))

    def pulumi(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", "--non-interactive", "--color", "never", *arguments]
        return subprocess.run(command, cwd=self.folder, env=self.env | env, capture_output=True, text=True)

    def ok(self, *arguments: str) -> str:
        done = self.pulumi(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts a command as a shell would: leading a process group of its own."""
        return subprocess.Popen(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def state(self) -> dict[str, Any]:
        exported: dict[str, Any] = json.loads(self.ok("stack", "export"))
        return exported


def new_project(engine: Path, root: Path) -> Project:
    for name in ("project", "backend", "home"):
        (root / name).mkdir()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    project = Project(
        root / "project",
        inherited
        | {
            "PATH": f"{engine}{os.pathsep}{inherited['PATH']}",
            "PULUMI_BACKEND_URL": f"file://{root / 'backend'}",
            "PULUMI_HOME": str(root / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "for tests",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        },
    )
    project.options(virtualenv=sys.prefix)
    project.program("")
    project.ok("stack", "init", "dev")
    return project


@pytest.fixture
def project(engine: Path, tmp_path: Path) -> Project:
    """An empty project, once for each language host."""
    return new_project(engine, tmp_path)


@pytest.fixture
def our_project(our_engine: Path, tmp_path: Path) -> Project:
    """An empty project, for our language host only."""
    return new_project(our_engine, tmp_path)
