"""A number that callers reach is declared without protection."""

from __future__ import annotations

from pulumi_voice_routing.plan.facts import UNKNOWN
from pulumi_voice_routing.safety.rules import UNPROTECTED_NUMBER
from tests.rules.numbers import MANY, MOVE, ONE, RELEASE, SALES_, SUPPORTS, TEAM, TRACKED, hidden
from tests.rules.plans import (
    NUMBER,
    OTHER,
    approval,
    assignment,
    assignments,
    changes,
    found,
    judged,
    protected,
    record,
)


def test_an_active_number_that_is_not_protected_fails() -> None:
    assert changes(UNPROTECTED_NUMBER, [MANY], [MANY]) == [
        (NUMBER, "active", "unprotected"),
        (OTHER, "active", "unprotected"),
    ]
    assert "guard()" in found(UNPROTECTED_NUMBER, [TRACKED], [TRACKED])[0]


def test_a_number_that_is_protected_new_or_inactive_passes() -> None:
    off = assignment("hotline", NUMBER, active=False)
    assert found(UNPROTECTED_NUMBER, [protected(MANY)], [MANY]) == []
    assert found(UNPROTECTED_NUMBER, [MANY], []) == []
    assert found(UNPROTECTED_NUMBER, [off], [off]) == []
    assert found(UNPROTECTED_NUMBER, [off], [ONE]) == []
    assert found(UNPROTECTED_NUMBER, [record("r", NUMBER)], [record("r", NUMBER)]) == []


def test_an_approval_to_release_a_number_lets_it_be_unprotected() -> None:
    given = approval(RELEASE, NUMBER, SUPPORTS, "nobody")
    permitted = {one.change.object: one.approval for one in judged(UNPROTECTED_NUMBER, [MANY], [MANY], given)}
    assert permitted == {NUMBER: given, OTHER: None}
    for from_, to in ((SUPPORTS, "inactive"), (SALES_, "nobody"), ("queue 9", "whatever")):
        another = approval(RELEASE, NUMBER, from_, to)
        assert judged(UNPROTECTED_NUMBER, [ONE], [ONE], another)[0].approval is None
    ended = approval(RELEASE, NUMBER, "tracking number id-of-campaign", "inactive")
    assert judged(UNPROTECTED_NUMBER, [TRACKED], [TRACKED], ended)[0].approval is ended
    later = assignment("hotline", NUMBER, UNKNOWN)
    assert judged(UNPROTECTED_NUMBER, [later], [ONE], given)[0].approval is given
    assert judged(UNPROTECTED_NUMBER, [assignment("hotline", NUMBER, "sales")], [ONE], given)[0].approval is None
    moving = approval(MOVE, NUMBER, SUPPORTS, SALES_)
    assert judged(UNPROTECTED_NUMBER, [ONE], [ONE], moving)[0].approval is None


def test_a_secret_number_is_protected_as_any_other() -> None:
    for before, now, number in (
        (hidden(ONE, "dnis"), ONE, NUMBER),
        (hidden(ONE, "dnis"), hidden(ONE, "dnis"), NUMBER),
        (hidden(TEAM, "numbers"), assignments("team", [NUMBER, OTHER]), "the numbers of 'team'"),
        (hidden(TRACKED, "dnis"), hidden(TRACKED, "dnis"), "the numbers of 'campaign'"),
    ):
        assert changes(UNPROTECTED_NUMBER, [now], [before]) == [(number, "active", "unprotected")]
        assert found(UNPROTECTED_NUMBER, [protected(now)], [before]) == []
