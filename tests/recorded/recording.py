"""A stack that a version of this package brought up: its program, its state, and what the vendors hold."""

from __future__ import annotations

import json
import runpy
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.emulated import Emulated, Json
from tests.stacks import Stack

FOLDER = Path(__file__).parent
HERE = "<the program's folder>"
"""Stands in a recording for the folder that the program was in."""

_OURS = "pulumi-python:dynamic/"
"""What the types of resources begin with."""
_OF_THE_MACHINE = ("sourcePosition", "stackTrace", "created", "modified")
"""What the engine notes about resources beside what they are."""


@dataclass(frozen=True)
class Recording:
    """One stack. Its program comes from files of its own, since the examples go on changing."""

    files: dict[str, str]
    """The program's files, by name."""
    secrets: dict[str, str]
    """Secret settings, made up."""
    state: Json
    """As `pulumi stack export` writes it."""
    emulator: Json
    """What the vendors hold."""

    @classmethod
    def load(cls, file: Path) -> Recording:
        """The recording in a file."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    @property
    def types(self) -> set[str]:
        """The tokens of its resources."""
        found = (one["type"].partition(_OURS) for one in self.state["deployment"]["resources"])
        return {token for _, ours, token in found if ours}

    def save(self, file: Path) -> None:
        """Write it to a file, one line."""
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(asdict(self), separators=(",", ":")) + "\n", encoding="utf-8")

    def restore(self, emulator: Emulated, stack: Stack) -> None:
        """Make the stack and the vendors what they were."""
        emulator.start_over(self.emulator)
        prepare(stack, self.files, self.secrets)
        stack.restore(json.loads(json.dumps(self.state).replace(HERE, str(work(stack)))))


def record(emulator: Emulated, stack: Stack, files: dict[str, str], secrets: dict[str, str]) -> Recording:
    """Bring a program up, and keep what that leaves."""
    prepare(stack, files, secrets)
    stack.up(lambda: run(stack))
    state = json.loads(json.dumps(stack.export()).replace(str(work(stack)), HERE))
    for resource in state["deployment"]["resources"]:
        for fact in _OF_THE_MACHINE:
            resource.pop(fact, None)
    return Recording(files, secrets, state, emulator.state())


def prepare(stack: Stack, files: dict[str, str], secrets: dict[str, str]) -> None:
    """Put a program's files and its secret settings in place."""
    for name, text in files.items():
        (work(stack) / name).write_text(text, encoding="utf-8")
    for name, value in secrets.items():
        stack.config(name, value, secret=True)


def run(stack: Stack) -> None:
    """Run the program that is in place."""
    runpy.run_path(str(work(stack) / "__main__.py"))


def work(stack: Stack) -> Path:
    """The folder of the stack's program."""
    return stack.folder / "work"


def recordings() -> list[Path]:
    """Every recording of every version."""
    return sorted(FOLDER.glob("*/*.json"))
