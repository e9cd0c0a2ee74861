"""The error lines in docs/troubleshooting.md are those that the package can say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.docs.conftest import ROOT

PAGE = ROOT / "docs" / "troubleshooting.md"
PACKAGE = ROOT / "provider" / "pulumi_voice_routing"

OF_OTHERS = ("## From Pulumi", "## Seeing every call")
"""Sections whose lines are not ours."""


def quoted_lines() -> list[str]:
    """The error lines in the first columns."""
    sections = re.split(r"^(?=## )", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ours = [section for section in sections if not section.startswith(OF_OTHERS)]
    rows = [row.split(" | ")[0] for section in ours for row in re.findall(r"^\| (`.*) \|$", section, re.MULTILINE)]
    return [line for row in rows for line in re.findall(r"`([^`]+)`", row)]


def fragments(line: str) -> list[str]:
    """What is left of a line without its gaps and the vendor's status, where that is enough to be looked for."""
    parts = (part.strip(" ,;?") for part in re.sub(r"^\d{3}( -)? ", "", line).split("..."))
    return [part for part in parts if len(part.split()) >= 2]


def texts() -> Iterator[str]:
    """Every text in the source, with a gap where a value goes."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "..." for part in node.values)


SOURCE = "\n".join(texts())
LINES = [line for line in quoted_lines() if fragments(line)]


@pytest.mark.parametrize("line", LINES)
def test_line_is_in_the_source(line: str) -> None:
    assert [part for part in fragments(line) if part not in SOURCE] == []


def test_there_are_lines_to_look_for() -> None:
    assert len(LINES) > 25
