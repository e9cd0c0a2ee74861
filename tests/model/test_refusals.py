"""A refusal leads with one sentence, and what permits it stands below, ready to be pasted."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pulumi_voice_routing.errors import Incomplete, Refused
from pulumi_voice_routing.permission.approvals import REASSIGN, RELEASE, Approvals, Change
from pulumi_voice_routing.permission.require import require_permission
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


def test_nobody_permits_by_pasting_alone(tmp_path: Path) -> None:
    said = refused(END)
    file = tmp_path / "approvals.toml"
    file.write_text(said[said.index("[[approval]]") : said.index("In an emergency")])
    with pytest.raises(Exception, match="reason, ticket must be given"):
        Approvals.read(file)


def test_a_refusal_within_another_error_is_one_line() -> None:
    assert "\n" not in str(Incomplete(f"{Refused('no', 'below: ' + chr(10) + 'this')} The rest was done."))


def test_what_comes_from_a_vendor_makes_no_lines_of_its_own() -> None:
    assert str(Refused("a\nb", "c\x1b[31m d\n\ne")) == "a b\nc d\n\ne"
