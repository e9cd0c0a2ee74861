"""The interpreter of a Pulumi program, by the runtime options of its project."""
# ruff: noqa: S603 - starting what the user's project names is what this is for

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol


class ProgramInfo(Protocol):
    """What the engine says of a program."""

    root_directory: str
    program_directory: str

    @property
    def options(self) -> Mapping[str, Any]:
        """The runtime options of its project."""
        ...


class HostError(Exception):
    """Something that the user can put right; the message is one line."""


class Python:
    """The interpreter that a project asks for by its runtime options, and the environment it runs in.

    `virtualenv` is relative to the project's root. Without it, uv has an environment of its own; with pip the
    interpreter is `PULUMI_PYTHON_CMD`, else `python3`, else `python` on PATH.
    """

    def __init__(self, info: ProgramInfo) -> None:
        options = dict(info.options)
        root, program = Path(info.root_directory), Path(info.program_directory)
        self.toolchain: str = options.get("toolchain") or locked_by(program)
        self.virtualenv: Path | None = None
        if options.get("virtualenv"):
            self.virtualenv = root / options["virtualenv"]
        elif self.toolchain == "uv":
            self.virtualenv = environment_of_uv(root)
        elif self.toolchain != "pip":
            raise HostError(f"toolchain {self.toolchain!r} needs the official Pulumi engine, or set 'virtualenv'")
        if options.get("typechecker"):
            raise HostError("the runtime option 'typechecker' needs the official Pulumi engine")

    def command(self) -> str:
        """The interpreter's path. Raises `HostError` if there is none."""
        if self.virtualenv:
            if self.to_create():
                raise HostError(f"no virtual environment at {self.virtualenv}: run `pulumi install` to create it")
            return str(self.virtualenv / "bin" / "python")
        for name in (os.environ.get("PULUMI_PYTHON_CMD"), "python3", "python"):
            if name and (found := shutil.which(name)):
                return found
        raise HostError("no Python found on PATH: set the runtime option 'virtualenv'")

    def to_create(self) -> bool:
        """Whether the project names a virtual environment that is not there."""
        return self.virtualenv is not None and not (self.virtualenv / "bin" / "python").is_file()

    def to_make_one(self) -> list[str]:
        """The command that makes the virtual environment."""
        if self.toolchain == "uv":
            return [_uv(), "venv", "--quiet", "--allow-existing", str(self.virtualenv)]
        return [sys.executable, "-m", "venv", str(self.virtualenv)]

    def to_install(self, folder: str) -> list[str] | None:
        """The command that installs what the program in a folder needs; nothing when it names nothing."""
        named = Path(folder, "requirements.txt").is_file()
        if self.toolchain != "uv":
            return [self.command(), "-m", "pip", "install", "-r", "requirements.txt"] if named else None
        if nearest("pyproject.toml", Path(folder)) is not None:
            return [_uv(), "sync", "--inexact", "--active"]
        return [_uv(), "pip", "install", "-r", "requirements.txt"] if named else None

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base` with the virtual environment activated."""
        env = dict(base)
        if self.virtualenv:
            env.pop("PYTHONHOME", None)
            env["VIRTUAL_ENV"] = str(self.virtualenv)
            env["PATH"] = os.pathsep.join([str(self.virtualenv / "bin"), env.get("PATH", os.defpath)])
        return env

    def ask(self, code: str) -> list[Any]:
        """What `code` prints as JSON, run by this interpreter."""
        command = [self.command(), "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment(os.environ))
        if done.returncode:
            raise HostError(f"{command[0]} does not run: {' '.join(done.stderr.split())[-160:]}")
        answer: list[Any] = json.loads(done.stdout)
        return answer


def environment_of_uv(root: Path) -> Path:
    """Where uv keeps the environment of a project: beside its lock file, else beside its `pyproject.toml`."""
    home = nearest("uv.lock", root) or nearest("pyproject.toml", root) or root
    return home / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def nearest(name: str, folder: Path) -> Path | None:
    """The folder, or the nearest one above it, that has a file of that name."""
    return next((one for one in (folder, *folder.parents) if (one / name).is_file()), None)


def locked_by(folder: Path) -> str:
    """The toolchain of a project that names none: whose lock file lies in the folder or above it, else pip."""
    return next((name for name in ("uv", "poetry") if nearest(f"{name}.lock", folder) is not None), "pip")


def _uv() -> str:
    found = shutil.which("uv")
    if found is None:
        raise HostError("the toolchain is uv, which is not on PATH: install uv, or leave out 'toolchain'")
    return found
