"""Every link in the documents leads somewhere, and the checker sees the ways in which one can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.conftest import name
from tools import links


@pytest.mark.parametrize("path", links.documents(), ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    assert list(links.broken(path)) == []


OTHER = """# One

## What is `asked`: and when?

## Twice

## Twice

<a id="by-name"></a>
"""


@pytest.mark.parametrize(
    "written",
    [
        "[x](other.md)",
        "[x](other.md#one)",
        "[x](other.md#what-is-asked-and-when)",
        "[x](other.md#twice-1)",
        "[x](other.md#by-name)",
        "[x](#here)",
        "[x](<other.md>)",
        '[x](other.md "a title")',
        "[x][y]\n\n[y]: other.md",
        "![x](picture.svg)",
        "[![x](picture.svg)](other.md)",
        '<img src="picture.svg">',
        "[x](https://example.com/nothing)",
        "[x](mailto:nobody@example.com)",
        "`[x](nothing.md)`",
        "```\n[x](nothing.md)\n```",
        "    [x](nothing.md)",
    ],
)
def test_what_leads_somewhere(tmp_path: Path, written: str) -> None:
    assert found(tmp_path, written) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[x](nothing.md)", "nothing.md: there is no such file"),
        ("[x](other.md#three)", "other.md#three: there is no such heading"),
        ("[x](other.md#twice-2)", "other.md#twice-2: there is no such heading"),
        ("[x](other.md#One)", "other.md#One: there is no such heading"),
        ("[x](#nowhere)", "#nowhere: there is no such heading"),
        ("[x](<nothing.md>)", "nothing.md: there is no such file"),
        ('[x](nothing.md "a title")', "nothing.md: there is no such file"),
        ("[x][y]\n\n[y]: nothing.md", "nothing.md: there is no such file"),
        ("![x](nothing.svg)", "nothing.svg: there is no such file"),
        ("[![x](nothing.svg)](other.md)", "nothing.svg: there is no such file"),
        ("[![x](picture.svg)](nothing.md)", "nothing.md: there is no such file"),
        ('before <img alt="x" src="nothing.svg"> after', "nothing.svg: there is no such file"),
        ("<p>\n<a href='nothing.md'>x</a>\n</p>", "nothing.md: there is no such file"),
        ("| a |\n|---|\n| [x](nothing.md) |", "nothing.md: there is no such file"),
        ("- a\n  - [x](nothing.md)", "nothing.md: there is no such file"),
        ("> [x](nothing.md)", "nothing.md: there is no such file"),
        ("[x](/other.md)", "/other.md: there is no such file"),
        ("[x](picture.svg#part)", "picture.svg#part: there is no such heading"),
    ],
)
def test_what_leads_nowhere(tmp_path: Path, written: str, said: str) -> None:
    assert [line.partition(": ")[2] for line in found(tmp_path, written)] == [said]


def found(folder: Path, written: str) -> list[str]:
    (folder / "other.md").write_text(OTHER, encoding="utf-8")
    (folder / "picture.svg").write_text("<svg/>", encoding="utf-8")
    page = folder / "page.md"
    page.write_text(f"# Here\n\n{written}\n", encoding="utf-8")
    links.anchors.cache_clear()
    return list(links.broken(page))
