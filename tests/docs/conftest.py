"""The documents, and what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tools import links

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


documents = links.documents


def written_by_hand() -> list[Path]:
    """Those that no tool writes."""
    return [path for path in documents() if REFERENCE not in path.parents]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@dataclass(frozen=True)
class Block:
    """A block of Python in a document."""

    path: Path
    line: int
    text: str

    @property
    def complete(self) -> bool:
        """Whether it is a whole program."""
        return self.text.startswith("import pulumi\n")

    def __str__(self) -> str:
        return f"{name(self.path)}:{self.line}"


def python_blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    return [
        Block(path, text.count("\n", 0, found.start(1)) + 1, found[1])
        for found in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]
