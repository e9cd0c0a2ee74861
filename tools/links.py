"""Reads the links of the project's Markdown files, and says which lead nowhere: `make check` runs it.

A link may be written in any way that Markdown knows, or in HTML. It leads somewhere if the file is there, and the
heading in it. Links to other hosts are not followed.
"""

from __future__ import annotations

import functools
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("docs", "programs", "policies", "tools", ".github")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_HTML = re.compile(r"""<(?:a|img)\b[^>]*?\s(?:href|src)=["']([^"']+)["']""", re.IGNORECASE)
_NAMED = re.compile(r"""<\w+\b[^>]*?\s(?:id|name)=["']([^"']+)["']""", re.IGNORECASE)


class Link(NamedTuple):
    """Where a link leads to, as it is written, and the line of the paragraph that it is in."""

    target: str
    line: int

    @property
    def elsewhere(self) -> bool:
        """Whether it leads to another host, or to no page at all."""
        return _ELSEWHERE.match(self.target) is not None


def main() -> int:
    wrong = [f"{path.relative_to(ROOT)}:{said}" for path in documents() for said in broken(path)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def documents(root: Path = ROOT) -> list[Path]:
    """Every Markdown file that readers of the project find."""
    found = [*root.glob("*.md"), *(path for folder in FOLDERS for path in (root / folder).rglob("*.md"))]
    return sorted(path for path in found if ".venv" not in path.parts)


def broken(path: Path) -> Iterator[str]:
    """The links of a file that lead nowhere, each with its line and the reason."""
    for link in links(path):
        if link.elsewhere:
            continue
        file, _, anchor = unquote(link.target).partition("#")
        there = (path.parent / file).resolve() if file else path
        if file.startswith("/") or not there.exists():
            yield f"{link.line}: {link.target}: there is no such file"
        elif anchor and anchor not in anchors(there):
            yield f"{link.line}: {link.target}: there is no such heading"


def links(path: Path) -> Iterator[Link]:
    """The links and pictures of a file."""
    for token, line in _tokens(path):
        target = token.attrGet("href") or token.attrGet("src")
        if target:
            yield Link(str(target), line)
        if token.type in ("html_block", "html_inline"):
            yield from (Link(found, line) for found in _HTML.findall(token.content))


@functools.cache
def anchors(path: Path) -> frozenset[str]:
    """What links may point at: the headings, in the form that code hosts give them, and what HTML names."""
    if path.suffix != ".md":
        return frozenset()
    seen: Counter[str] = Counter()
    found: set[str] = set()
    heading = False
    for token, _ in _tokens(path):
        if token.type == "inline" and heading:
            words = "".join(part.content for part in token.children or () if part.type in ("text", "code_inline"))
            slug = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        heading = token.type == "heading_open"
        if token.type in ("html_block", "html_inline"):
            found.update(_NAMED.findall(token.content))
    return frozenset(found)


def _tokens(path: Path) -> Iterator[tuple[Token, int]]:
    """Every token, those inside of others too, with its line."""
    line = 1
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else line
        yield token, line
        yield from ((part, line) for part in token.children or ())


if __name__ == "__main__":
    sys.exit(main())
