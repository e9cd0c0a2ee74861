"""Makes the recordings of the current version, for a release: ``python -m tests.recorded``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from itertools import chain, zip_longest
from pathlib import Path

from tests.emulated import Emulated, settings_for
from tests.examples import Example, Values, examples
from tests.recorded.recording import FOLDER, Recording, record
from tests.stacks import Stack, engine_path

ROOT = Path(__file__).parents[2]
PROGRAMS = ("contact_center", "crm_lookup", "number_inventory", "small_office", "three_vendors")
SECRETS = {"crm_lookup": {"crmApiKey": "key-of-the-crm"}}


def main() -> None:
    """Record each program, and each type with every argument, of which this version has no recording yet."""
    find = [sys.executable, str(ROOT / "tools" / "engine" / "find.py")]
    engine = subprocess.run(find, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    os.environ["PATH"] = engine_path(Path(engine))
    folder = FOLDER / version("pulumi-voice-routing")
    emulator = Emulated()
    try:
        for name, recording in chain(_programs(emulator, folder), _types(emulator, folder)):
            file = folder / f"{name}.json"
            recording.save(file)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1024:.0f} KB")
    finally:
        emulator.stop()


def _programs(emulator: Emulated, folder: Path) -> Iterator[tuple[str, Recording]]:
    for name in PROGRAMS:
        if (folder / f"{name}.json").exists():
            continue
        program = ROOT / "programs" / name
        files = {file.name: file.read_text(encoding="utf-8") for file in program.glob("*.py")}
        files |= {file.name: _thinned(file.read_text(encoding="utf-8")) for file in program.glob("*.csv")}
        emulator.start_over()
        with _stack(emulator) as stack:
            yield name, record(emulator, stack, files, SECRETS.get(name, {}))


def _thinned(table: str) -> str:
    """Some rows of a table, so that recordings stay small; they still hold every use of a number."""
    first, *rows = table.splitlines(keepends=True)
    return "".join([first, *rows[::11]])


def _types(emulator: Emulated, folder: Path) -> Iterator[tuple[str, Recording]]:
    recorded = set().union(*(Recording.load(file).types for file in folder.glob("*.json")))
    modules: dict[str, list[Example]] = {}
    for token, example in examples().items():
        if token not in recorded:
            modules.setdefault(type(example).__module__, []).append(example)
    first = len(list(folder.glob("types_*.json"))) + 1
    # Examples of one module get in each other's way; those of different ones share a stack.
    for place, some in enumerate(zip_longest(*modules.values()), first):
        emulator.start_over()
        declared = [
            (example.token, name, one)
            for example in filter(None, some)
            for name, one in example.instances(emulator).items()
        ]
        with _stack(emulator) as stack:
            made = _program((token, name, one.args) for token, name, one in declared)
            record(emulator, stack, made, {})
            last = _program((token, name, {**one.args, **one.updates}) for token, name, one in declared)
            yield f"types_{place}", record(emulator, stack, last, {})


def _program(declared: Iterable[tuple[str, str, Values]]) -> dict[str, str]:
    lines = ["from pulumi_voice_routing import portsip, ringcx, ringex", ""]
    lines += [f"{token.replace(':', '.')}({name!r}, **{args!r})" for token, name, args in declared]
    return {"__main__.py": "\n".join(lines) + "\n"}


@contextmanager
def _stack(emulator: Emulated) -> Iterator[Stack]:
    env = {
        **settings_for(emulator.url),
        # Who permits what happens to numbers is no part of a recording.
        "VOICE_ROUTING_BREAK_GLASS": "reassign-active-dnis release-active-dnis",
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "stack").mkdir()
        yield Stack(Path(folder) / "stack", Path(folder) / "home", env)


if __name__ == "__main__":
    main()
