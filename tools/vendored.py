"""Puts the page's libraries, with their licences, into the package: those that ``vendored.json`` pins, and no others.

    .venv/bin/python tools/vendored.py

To take a newer version: write it into the file, run this, look at what changed, and put the new hashes in.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.npm_packages import Pinned, fetched

FOLDER = Path(__file__).resolve().parents[1] / "provider/pulumi_voice_routing/commands/drawing/vendored"
PINS = FOLDER / "vendored.json"


def differences() -> list[str]:
    """What in the folder is not as it is pinned, one line each."""
    pinned = {name: file["sha256"] for one in json.loads(PINS.read_text()) for name, file in one["files"].items()}
    there = {path.name for path in FOLDER.iterdir() if path != PINS}
    found = [f"{name} is missing" for name in sorted(pinned.keys() - there)]
    found += [f"{name} is not pinned" for name in sorted(there - pinned.keys())]
    for name in sorted(pinned.keys() & there):
        digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        found += [] if digest == pinned[name] else [f"{name} has the hash {digest}"]
    return found


def main() -> None:
    for one in json.loads(PINS.read_text()):
        folder = fetched(Pinned(one["package"], one["version"], one["integrity"]))
        for name, file in one["files"].items():
            shutil.copyfile(folder / file["from"], FOLDER / name)
    if wrong := differences():
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
