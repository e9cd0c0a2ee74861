"""What a comment says of a change: a sentence for all that change alike, and never more than a comment may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from pulumi_voice_routing.commands.pull_request import fitting
from pulumi_voice_routing.markdown_text import LONGEST
from pulumi_voice_routing.plan.facts import Resource
from tests.call_flow.line import LINE, but, one, profile, split
from tests.call_flow.test_commands import preview, run

MARKUP = "a|b `c` <img src=x onerror=alert(1)> <!-- @octocat [x](https://example.com) ~~d~~ ```"


def comment(tmp_path: Path, before: list[Resource], after: list[Resource]) -> str:
    return run("impact", preview(tmp_path / "plan.json", before, after), "--format", "markdown")


def args(place: int, name: str, exchange: str) -> dict[str, Any]:
    return {"name": f"{place} {name}", "kind": "DID", "target": f"+1720{exchange}{place:04}", "active": True}


def numbered(place: int, owner: int) -> Resource:
    number = f"+1720666{place:04}"
    of = f"123456/1001/{owner}"
    return one("ringcx:DnisAssignment", f"m{place}", f"123456/{number[1:]}", dnis=number, profile=of)


def tail(text: str) -> list[str]:
    return [one for one in text.splitlines() if one.startswith("- ")]


def test_numbers_that_change_alike_are_one_sentence(tmp_path: Path) -> None:
    line = [*LINE, *(numbered(place, 3001) for place in range(49))]
    said = comment(tmp_path, line, but(line, split((2001, 60), (2002, 40))))
    (sentence,) = tail(said)
    assert sentence.startswith("- +1 303 555 0100, +1 720 666 0000, +1 720 666 0001 and 47 more, always: 70 % Denver")


@pytest.mark.parametrize(
    "name",
    [
        MARKUP * 20,
        *(pytest.param(one, marks=pytest.mark.whole_run) for one in ("Denver", MARKUP, "ü" * 300, "\u202e\x00\n# x")),
    ],
)
def test_each_change_is_a_sentence_and_all_of_it_fits(tmp_path: Path, name: str) -> None:
    line = list(LINE)
    changed: list[Resource] = []
    for place in range(200):
        at = 6000 + place
        desk = one("ringcx:Destination", f"d{place}", f"123456/1001/{5000 + place}", **args(place, name, "555"))
        share = split((5000 + place, 100), of=at)
        line += [desk, profile(f"p{place}", at), share, numbered(place, at)]
        changed.append(one("ringcx:Destination", desk.name, desk.id, **args(place, name, "777")))
    said = comment(tmp_path, line, but(line, *changed))
    assert len(said.encode()) <= LONGEST
    assert tail(said)[:-1][-1].startswith("- ")
    assert tail(said)[-1] == "- and 170 more changes for callers, in the details"
    assert len(tail(said)) == 31
    assert said.count("<details>") == said.count("</details>") == 1
    assert said.count("```") % 2 == 0
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(said)
    for tag in ("<img", "<a ", "<h1", "<del", "@octocat", "<!--"):
        assert tag not in html
    assert {row.count("|") for row in said.splitlines() if row.startswith("|")} == {5}


@pytest.mark.parametrize("room", [500, 520, 540, 560, 600, 700, 2000])
def test_what_is_cut_off_leaves_nothing_open(room: int) -> None:
    lines = [
        "- first",
        "```mermaid",
        *["  a --> b"] * 9,
        "```",
        "<details><summary>x</summary>",
        *["row"] * 9,
        "</details>",
    ]
    said = fitting(lines, room, "the report")
    text = "\n".join(said)
    assert len(text) <= room
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>")
    assert said == lines or said[-1].endswith("more lines are cut off here**; the report has all of them.")
    assert json.dumps(said[0]) == '"- first"'
