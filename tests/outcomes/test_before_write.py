"""Whether a write would hurt callers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.before_write import refuse, require_answers, worse
from tests.call_flow.line import AUSTIN, DENVER, LINE, NUMBER, but, destination, profile, split
from tests.rules.plans import approval

OFF = profile(active=False)


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
