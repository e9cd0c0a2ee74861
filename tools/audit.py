"""What can be told of the dependencies without a network: that they are the ones that were chosen, and no others.

    python tools/audit.py

Every package in ``requirements.lock`` has one version and the hashes of its files; everything that ``pyproject.toml``
asks for is among them, in a version that it allows; what is installed is that, nothing else, and fits together. Known
weaknesses of packages are not looked up: that takes a network, see SECURITY.md.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
BESIDE = {"pip", "setuptools", "pulumi-voice-routing"}
"""Installed without being in the lock: what a new environment has, and the project itself."""

_ENTRY = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+_-]+)(?P<rest>( ;[^\\]*)?( --hash=sha256:[0-9a-f]{64})+)"
)


def locked(text: str) -> tuple[dict[str, str], list[str]]:
    """Versions by name, and what is wrong with the lines."""
    versions: dict[str, str] = {}
    problems = []
    lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", text)).splitlines()
    for line in filter(None, map(str.strip, lines)):
        entry = _ENTRY.fullmatch(re.sub(r"\s+", " ", line))
        if entry is None:
            problems.append(f"requirements.lock: {line[:60]!r} is not one version with the hashes of its files")
            continue
        name = canonicalize_name(entry["name"])
        if name in versions:
            problems.append(f"requirements.lock: {name} is there twice")
        versions[name] = entry["version"]
    return versions, problems


def asked_for(project: Mapping[str, Any]) -> Iterator[Requirement]:
    """Everything that ``pyproject.toml`` asks for, to run, to build and to test."""
    facts = project["project"]
    groups = [
        facts["dependencies"],
        project["build-system"]["requires"],
        *facts.get("optional-dependencies", {}).values(),
        *project.get("dependency-groups", {}).values(),
    ]
    return (Requirement(one) for group in groups for one in group)


def unmet(who: str, requirements: Iterable[Requirement], versions: Mapping[str, str]) -> Iterator[str]:
    """What somebody asks for and does not get."""
    for one in requirements:
        version = versions.get(canonicalize_name(one.name))
        if version is None:
            yield f"{who} asks for {one.name}, which is not there"
        elif not one.specifier.contains(version, prereleases=True):
            yield f"{who} asks for {one}, and there is {version}"


def installed() -> tuple[dict[str, str], list[str]]:
    """Versions by name in this environment, and which packages do not fit together."""
    there: dict[str, Distribution] = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    versions = {name: one.version for name, one in there.items()}
    problems: list[str] = []
    for name, one in sorted(there.items()):
        needed = [Requirement(text) for text in one.requires or ()]
        here = [each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
        problems += unmet(f"{name}, which is installed,", here, versions)
    return versions, problems


def strangers(there: Mapping[str, str], versions: Mapping[str, str]) -> Iterator[str]:
    """What is installed and was not chosen."""
    for name, version in sorted(there.items()):
        if name not in BESIDE and versions.get(name) != version:
            wanted = f"requirements.lock has {versions[name]}" if name in versions else "requirements.lock has none"
            yield f"installed: {name} {version}, but {wanted}"


def main() -> None:
    """Print what is wrong, a line each, and fail if anything is."""
    versions, problems = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    there, unfit = installed()
    problems += [*unmet("pyproject.toml", asked_for(project), versions), *unfit, *strangers(there, versions)]
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(versions)} packages: pinned, with hashes, and nothing else is installed")


if __name__ == "__main__":
    main()
