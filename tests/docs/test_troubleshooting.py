"""The error lines in docs/troubleshooting.md are those that the package can say, and the page of all lines is whole."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator

import pytest

from pulumi_voice_routing import errors
from pulumi_voice_routing.settings import Setting
from tests.docs.conftest import ROOT
from tools import error_lines
from tools.error_lines import fragments

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


# The page of every line


every = functools.cache(lambda: list(error_lines.lines()))


@pytest.mark.whole_run
def test_every_kind_of_error_has_its_part_of_the_page() -> None:
    kinds = {error_lines.kind_of(name) for name in errors.__all__} - {None}
    assert kinds <= {line.kind for line in every()} == set(error_lines.KINDS)


def test_no_error_is_raised_whose_kind_nobody_knows() -> None:
    """A new class of errors, and a new function that says lines, come onto the page only if they are known to it."""
    classes = [
        node.name
        for path in PACKAGE.rglob("*.py")
        if "emulator" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in REPORTED for base in node.bases)
    ]
    assert {name for name in classes if error_lines.kind_of(name) is None} == INSIDE


REPORTED = {*errors.__all__, "ValueError", "pulumi.RunError"}
INSIDE = {"Halted", "LookupFailed", "NoVendor", "_Silent"}
"""Errors that repeat the line of another one."""


def reported() -> Iterator[Exception]:
    """Errors as the package raises them."""
    for broken in ("https://example.com/path", "nonsense"):
        with pytest.raises(errors.SettingsError) as wrong:
            Setting("X_URL", "The address", broken).url()
        yield wrong.value
    with pytest.raises(errors.SettingsError) as missing:
        Setting("X_NUMBER", "The number").require()
    yield missing.value
    for status in (400, 401, 403, 404, 409, 429, 500):
        yield errors.ApiError.of(status)("ringcx", "CR-04 POST /x", status, "code", "Words")


@pytest.mark.whole_run
def test_what_is_reported_is_on_the_page() -> None:
    patterns = ["(.*: )?" + ".*".join(map(re.escape, line.text.split("..."))) for line in every()]
    said = [str(error).replace("`", "") for error in reported()]
    assert len(said) == 10
    assert [one for one in said if not any(re.fullmatch(pattern, one) for pattern in patterns)] == []


def test_the_row_that_fits_best_says_what_to_do() -> None:
    assert "`adopt_id`" in error_lines.advice("more than one profile is named 'x': a, b.")
    assert "stack and the account" in error_lines.advice("+1 is no number of this configuration. There are: +2")
    assert error_lines.advice("nothing like it") == ""


def test_reasons_that_are_put_into_a_line_are_lines_too() -> None:
    module = ast.parse(
        "def why(x):\n return 'the reason of a failure' if x else f'{x} is another one'\n"
        "def told(x):\n known = 'a reason by name'\n fails(f'{x}: {known}')\n fails(why(x))\n"
    )
    scope = module.body[1]
    calls = [
        node for node in error_lines.own(scope) if isinstance(node, ast.Call) and error_lines.called(node) == "fails"
    ]
    behind = error_lines.Functions([module]).behind(scope)
    assert {text for call in calls for text in error_lines.said(call, behind)} == {
        "a reason by name",
        "the reason of a failure",
        "... is another one",
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("X('a line of words')", ["a line of words"]),
        ("X(f'a line of {word} words')", ["a line of ... words"]),
        ("X('a line ' f'of {one}{other} words')", ["a line of ... words"]),
        ("X('a line of ' + word + ' words')", ["a line of ... words"]),
        ("X('one line of words' if x else f'another line of {words}')", ["one line of words", "another line of ..."]),
        ("X(vendor, call, message=f'a line of {word}')", ["a line of ..."]),
        ("X(word)", []),
        ("X('name', 'add_token_to')", []),
    ],
)
def test_lines_are_read_from_the_source(written: str, said: list[str]) -> None:
    call = ast.parse(written, mode="eval").body
    assert isinstance(call, ast.Call)
    assert list(error_lines.said(call)) == said
