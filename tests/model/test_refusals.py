"""A refusal leads with one sentence, and what permits it stands below, ready to be pasted."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import pulumi_voice_routing
from pulumi_voice_routing.errors import Incomplete, Refused
from pulumi_voice_routing.lifecycle.fleet_work import Wrong, failed
from pulumi_voice_routing.permission.approvals import REASSIGN, RELEASE, Approvals, Change
from pulumi_voice_routing.permission.require import require_permission
from pulumi_voice_routing.permission.wording import Unapproved
from tests.approvals import filled_in

MOVE = Change(REASSIGN, "+13035550100", "profile 1001", 'profile "Night" in "Denver"')
END = Change(RELEASE, "+13035550101", "profile 1001", "nobody")


def refused(*changes: Change) -> str:
    with pytest.raises(Refused) as error:
        require_permission(changes, Approvals())
    return str(error.value)


def test_the_first_line_says_all_that_matters() -> None:
    first, *below = refused(MOVE).splitlines()
    assert first == (
        '1 number would change hands: +13035550100 from profile 1001 to profile "Night" in "Denver" '
        "(reassign-active-dnis: it is not approved). Nothing was changed."
    )
    assert below[0] == "To allow it, fill in reason and ticket, and add to approvals.toml:"
    assert below[-1] == "In an emergency set VOICE_ROUTING_BREAK_GLASS=reassign-active-dnis."


def test_what_stands_below_permits_it_when_it_is_pasted(tmp_path: Path) -> None:
    said = refused(MOVE, END)
    pasted = said[said.index("[[approval]]") : said.index("In an emergency")]
    assert len(tomllib.loads(pasted)["approval"]) == 2
    file = tmp_path / "approvals.toml"
    file.write_text(filled_in(said))
    require_permission([MOVE, END], Approvals.read(file))


@pytest.mark.parametrize(("many", "pasted"), [(3, True), (4, False)])
def test_more_entries_than_anybody_pastes_are_in_a_file(
    many: int, pasted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path))
    said = refused(*(Change(REASSIGN, f"+1303555010{place}", "profile 1001", "profile 1002") for place in range(many)))
    assert ("[[approval]]" in said) is pasted
    assert len(list(tmp_path.glob("approvals-needed-*.toml"))) == (0 if pasted else 1)


@pytest.mark.parametrize("owner", ["profile 'West  Coast'", "a very long way: " + 999 * "and on "], ids=len)
def test_what_cannot_be_shown_as_it_is_written_is_in_a_file(
    owner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path))
    change = Change(REASSIGN, "+13035550100", owner, "profile 1002")
    assert "[[approval]]" not in refused(change)
    (file,) = tmp_path.glob("approvals-needed-*.toml")
    assert tomllib.loads(file.read_text())["approval"][0]["from"] == owner


def test_nobody_permits_by_pasting_alone(tmp_path: Path) -> None:
    said = refused(END)
    file = tmp_path / "approvals.toml"
    file.write_text(said[said.index("[[approval]]") : said.index("In an emergency")])
    with pytest.raises(Exception, match="reason, ticket must be given"):
        Approvals.read(file)


def test_a_refusal_within_another_error_is_one_line() -> None:
    assert "\n" not in str(Incomplete(f"{Unapproved('no', [END])} The rest was done."))


def test_what_comes_from_a_vendor_makes_no_lines_of_its_own() -> None:
    error = Incomplete("a\nb")
    error.below = "c\x1b[31m d\n\ne"
    assert str(error) == "a b\nc d\n\ne"


def test_rows_of_a_fleet_that_are_refused_have_their_entries_together(tmp_path: Path) -> None:
    third = Change(RELEASE, "+13035550102", "profile 1002", "nobody")
    refusals = {change.object: Unapproved(f"{change.object} stays", [change]) for change in (MOVE, END, third)}
    wrong = {key: Wrong.of(error) for key, error in refusals.items()}
    said = str(failed("ringcx", {**wrong, "other": Wrong("no")}, None, 5))
    assert [said.count(text) for text in ("To allow it", "[[approval]]", "In an emergency")] == [1, 3, 1]
    file = tmp_path / "approvals.toml"
    file.write_text(filled_in(said))
    require_permission([MOVE, END, third], Approvals.read(file))
    assert len(str(failed("ringcx", {"other": Wrong("no")}, None, 5)).splitlines()) == 1


def test_what_an_approval_would_permit_is_never_refused_without_its_entries() -> None:
    package = Path(pulumi_voice_routing.__file__).parent
    raised = [
        ast.unparse(one)
        for path in package.rglob("*.py")
        for one in ast.walk(ast.parse(path.read_text()))
        if isinstance(one, ast.Raise) and "Refused(" in ast.unparse(one)
    ]
    assert len(raised) > 20
    assert [one for one in raised if "why_not" in one or "BREAK_GLASS" in one] == []
