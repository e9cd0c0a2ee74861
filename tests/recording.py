"""Files that keep what is said about many inputs, so that tests compare with it and reviewers read what changes.

A file has a section for each input. What stands after a ``|`` more than once is written once, at the top, under a name
that does not depend on anything else in the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

_HEAD, _MARK, _AGAIN = "## ", " | ", "#"
_SHORT, _DIGITS = 20, 4


def written(sections: Mapping[str, str]) -> str:
    """The text of a file with these sections."""
    said = [text for section in sections.values() for line in section.splitlines() if (text := _text(line))]
    often = [text for text, times in Counter(said).items() if times > 1 and len(text) > _SHORT]
    names = {text: f"{_AGAIN}{sha256(text.encode()).hexdigest()[:_DIGITS]}" for text in sorted(often)}
    assert len({*names.values()}) == len(names), "two texts have one name: it needs more digits"
    lines = [f"{name} {text}" for text, name in names.items()]
    for what, section in sections.items():
        lines += ["", f"{_HEAD}{what}"]
        for line in section.splitlines():
            text = _text(line)
            lines.append(line.removesuffix(text) + names.get(text, text))
    return "\n".join(lines).lstrip() + "\n"


def read(file: Path) -> dict[str, str]:
    """The sections of a file."""
    texts: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    here: list[str] | None = None
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEAD):
            here = sections.setdefault(line.removeprefix(_HEAD), [])
        elif here is None:
            name, _, text = line.partition(" ")
            texts[name] = text
        elif line:
            text = _text(line)
            here.append(line.removesuffix(text) + texts.get(text, text))
    return {what: "\n".join(lines) for what, lines in sections.items()}


def _text(line: str) -> str:
    return line.partition(_MARK)[2]
