"""Whether a write would hurt callers."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

import pytest

from pulumi_voice_routing.call_flow.judgement import CallChange
from pulumi_voice_routing.call_flow.outcome import End, Outcome
from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.permission.wording import Entry, toml
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.before_write import is_asked_about, refuse, require_answers, worse
from tests.call_flow.line import AUSTIN, DENVER, LINE, NUMBER, OTHER, assignment, but, destination, profile, split
from tests.rules.plans import approval

OFF = profile(active=False)
STRANGE = but(LINE, assignment(queue_id="9999"))


@pytest.mark.parametrize(
    ("after", "rule"),
    [
        (but(LINE, OFF), "calls-unanswered"),
        (but(LINE, destination("denver", 2001, NUMBER)), "calls-unanswered"),
        (but(LINE, split((2001, 1), (2009, 99))), "calls-unknown"),
        (but(LINE, destination("denver", 2001, "+19005550100")), "forbidden-target"),
    ],
)
def test_what_is_worse_is_refused_until_it_is_approved(after: Sequence[Resource], rule: str) -> None:
    ((change, _),) = worse(LINE, after)
    assert (change.rule, change.object, change.from_) == (rule, NUMBER, f"70 % number {DENVER}; 30 % number {AUSTIN}")
    with pytest.raises(Refused, match=f"{rule}, it is not approved. Nothing was changed.\n"):
        require_answers(LINE, after, Approvals())
    require_answers(LINE, after, Approvals([approval(rule, NUMBER, change.from_, change.to)]))


@pytest.mark.parametrize(
    "after",
    [
        LINE,
        but(LINE, split((2001, 50), (2002, 50))),
        but(LINE, without=["n00"]),
        but(LINE, destination("x", 9, DENVER)),
    ],
)
def test_what_is_not_worse_passes(after: Sequence[Resource]) -> None:
    assert worse(LINE, after) == []
    require_answers(LINE, after, Approvals())


@pytest.mark.parametrize("tell", [False, True])
def test_what_is_permitted_is_told_where_that_is_asked_for(tell: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi_voice_routing.say.warn", said.append)
    found = worse(LINE, but(LINE, OFF))
    ((change, _),) = found
    refuse(found, LINE, Approvals([approval(change.rule, NUMBER, change.from_, change.to)]), tell=tell)
    assert [one.startswith(f"permitted: calls to {NUMBER} would be worse off") for one in said] == [True] * tell


def test_a_refusal_names_what_it_comes_from() -> None:
    found = worse(LINE, but(LINE, OFF))
    with pytest.raises(
        Refused, match=r"^profile 'support' would be replaced: calls to \+13035550100 would be worse off"
    ):
        refuse(found, LINE, Approvals(), because="profile 'support' would be replaced")


def test_in_an_emergency_it_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "calls-unanswered")
    require_answers(LINE, but(LINE, OFF), Approvals())


NOT_A_PERMISSION = [
    approval("calls-end-nowhere", OTHER, "answered", "nobody"),
    approval("calls-end-nowhere", NUMBER, "nobody", "answered"),
    approval("percent-totals", "profile 3002", "100 %", "99 %"),
    approval("percent-totals", OTHER, "100 %", "99 %"),
    approval("percent-totals", "profile 3001", "100 %", "99 %", until=date(2020, 1, 1)),
    approval("duplicate-settings", "profile 3001", "one", "two"),
]


@pytest.mark.parametrize(
    ("rule", "object_"),
    [("percent-totals", "profile 3001"), ("percent-totals", NUMBER), ("release-active-dnis", NUMBER)],
)
def test_what_was_permitted_under_an_older_name_stays_permitted(rule: str, object_: str) -> None:
    for after in (but(LINE, OFF), but(LINE, split((2001, 1), (2009, 99)))):
        require_answers(LINE, after, Approvals([approval(rule, object_, "100 %", "99 %")]))


def test_that_a_number_ends_nowhere_permits_no_more_than_that() -> None:
    nowhere = Approvals([approval("calls-end-nowhere", NUMBER, "answered", "nobody")])
    require_answers(LINE, but(LINE, OFF), nowhere)
    with pytest.raises(Refused, match="calls-unknown, it is not approved"):
        require_answers(LINE, but(LINE, split((2001, 1), (2009, 99))), nowhere)


@pytest.mark.parametrize("entry", NOT_A_PERMISSION)
def test_what_permits_something_else(entry: Approval) -> None:
    with pytest.raises(Refused, match="calls-unanswered, it is not approved"):
        require_answers(LINE, but(LINE, OFF), Approvals([entry]))


@pytest.mark.parametrize("rule", ["percent-totals", "release-active-dnis"])
def test_an_emergency_under_an_older_name(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", rule)
    require_answers(LINE, but(LINE, OFF), Approvals())
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "duplicate-settings")
    with pytest.raises(Refused):
        require_answers(LINE, but(LINE, OFF), Approvals())


def test_a_number_that_is_given_up_is_not_looked_at() -> None:
    line = but(LINE, assignment(OTHER))
    assert [change.object for change, _ in worse(line, but(line, OFF, without=["n00"]))] == [OTHER]
    assert worse(LINE, but(LINE, assignment(active=False))) == []


def test_all_that_are_worse_off_are_told_in_one_refusal() -> None:
    line = [*LINE, *(assignment(f"+1303555010{place}") for place in range(1, 6))]
    with pytest.raises(Refused) as why:
        require_answers(line, but(line, OFF), Approvals())
    first = str(why.value).splitlines()[0]
    assert first == (
        f"calls to {NUMBER} would be worse off (always: nobody (the profile is not active); before: "
        f"70 % number {DENVER}; 30 % number {AUSTIN}): calls-unanswered, it is not approved. The same holds for "
        "+13035550101, +13035550102, +13035550103 and 2 more. Nothing was changed."
    )


def test_what_holds_for_a_while_says_so_and_what_to_do() -> None:
    with pytest.raises(Refused) as why:
        refuse(worse(LINE, but(LINE, OFF)), LINE, Approvals(), meanwhile=True)
    first = str(why.value).splitlines()[0]
    assert " would be worse off until the rest of this run is done (" in first
    assert first.endswith("Change this in a run of its own, after the rest. Nothing was changed.")


@pytest.mark.parametrize("known", [(), {("queue", "9999")}])
def test_a_queue_of_which_nobody_knows(known: Collection[tuple[str, str]]) -> None:
    found = worse(LINE, STRANGE, known)
    assert len(found) == (not known)
    if found:
        with pytest.raises(Refused) as why:
            refuse(found, LINE, Approvals())
        assert "Nobody can tell whether queue 9999 exists: nothing in the state leads there." in str(why.value)
    assert worse(LINE, STRANGE) == []


def test_without_approvals_at_hand_those_of_the_program_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = worse(LINE, but(LINE, OFF))
    with pytest.raises(Refused):
        refuse(found, LINE)
    ((change, _),) = found
    Path("approvals.toml").write_text(
        toml(Entry(change.rule, [change.object], change.from_, change.to), "why", "OPS-1", date(2999, 1, 1))
    )
    refuse(found, LINE)


def test_nothing_found_is_nothing_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_APPROVALS", str(tmp_path / "none.toml"))
    refuse([], LINE)  # the file is not asked for


def test_an_entry_is_what_was_to_be_said_whatever_is_in_it() -> None:
    odd = 'a "b"\x7f\n\\ \u00e9'
    (entry,) = tomllib.loads(toml(Entry("rule", [odd, "x"], odd, "to"), odd, "T-1", date(2030, 1, 2)))["approval"]
    assert entry == {
        "rule": "rule",
        "objects": [odd, "x"],
        "from": odd,
        "to": "to",
        "reason": odd,
        "ticket": "T-1",
        "until": date(2030, 1, 2),
    }


@pytest.mark.parametrize(
    ("number", "new", "forbidden", "asked"),
    [
        (NUMBER, False, (), True),
        (NUMBER, True, ("a circle",), False),
        ("extension 101", True, ("a circle",), False),
        ("8000", True, ("a circle",), True),
        ("8000", True, (), False),
    ],
)
def test_of_what_nobody_has_called_a_ring_group_is_asked_about(
    number: str, new: bool, forbidden: tuple[str, ...], asked: bool
) -> None:
    there = Outcome.of(End("queue", "1000"))
    change = CallChange(number, "", ((0, 60),), there, there, frozenset(), forbidden, new=new)
    assert is_asked_about(change) is asked
