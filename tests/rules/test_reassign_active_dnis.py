"""A number goes from one owner to another one."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.permission.needed import HIDDEN, NOT_KNOWN
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import REASSIGN_ACTIVE_DNIS
from tests.rules.numbers import (
    GIVEN_AWAY,
    MANY,
    MOVE,
    ONE,
    QUEUE,
    RELEASE,
    SALES_,
    SUPPORTS,
    TEAM,
    Change,
    hidden,
    needed,
)
from tests.rules.plans import (
    LINE,
    NUMBER,
    OTHER,
    SALES,
    SUPPORT,
    approval,
    assignment,
    assignments,
    but,
    id_of,
    judged,
    record,
    renamed,
    resource,
)


@pytest.mark.parametrize(
    ("before", "declared", "asked"),
    [
        pytest.param([ONE], [assignment("hotline", NUMBER, "sales")], (MOVE, NUMBER, SUPPORTS, SALES_), id="profile"),
        pytest.param([ONE], [assignment("hotline", NUMBER, "17")], (MOVE, NUMBER, SUPPORTS, "queue 17"), id="queue"),
        pytest.param(
            [ONE], [assignment("hotline", NUMBER, UNKNOWN)], (MOVE, NUMBER, SUPPORTS, NOT_KNOWN), id="target not known"
        ),
        pytest.param(
            [ONE, record("r", NUMBER, active=False)],
            [assignment("hotline", NUMBER, "sales"), record("r", NUMBER, active=False)],
            (MOVE, NUMBER, SUPPORTS, SALES_),
            id="one with an inactive record moves",
        ),
        pytest.param(
            [ONE],
            [renamed(ONE, "line", alias=True, profile=id_of("sales"))],
            (MOVE, NUMBER, SUPPORTS, SALES_),
            id="renamed with an alias and moved",
        ),
        pytest.param(
            [GIVEN_AWAY], [MANY], (MOVE, OTHER, "queue 17", SUPPORTS), id="taken back from who it was given to"
        ),
    ],
)
def test_what_takes_a_number_from_its_callers_needs_one_permission(
    before: list[Resource], declared: list[Resource], asked: Change
) -> None:
    assert needed(but(LINE, SALES, *declared), but(LINE, SALES, *before)) == [asked]


def test_a_move_into_silence_needs_both_permissions() -> None:
    now = [assignment("hotline", NUMBER, "sales", active=False)]
    assert needed(now, [ONE]) == [(MOVE, NUMBER, SUPPORTS, SALES_), (RELEASE, NUMBER, SUPPORTS, "inactive")]


def test_an_approval_covers_the_move_that_it_names_and_no_other() -> None:
    now = [assignments("numbers", [NUMBER, OTHER], "sales")]
    given = approval(MOVE, NUMBER, SUPPORTS, SALES_)
    permitted = {one.change.object: one.approval for one in judged(REASSIGN_ACTIVE_DNIS, now, [MANY], given)}
    assert permitted == {NUMBER: given, OTHER: None}
    elsewhere = [assignments("numbers", [NUMBER], "17")]
    (one,) = judged(REASSIGN_ACTIVE_DNIS, elsewhere, [assignments("numbers", [NUMBER])], given)
    assert (one.approval, one.missing) == (None, "its approval is for 'profile 3001' to 'profile 3002'")


def test_no_approval_covers_a_target_that_is_still_to_be_made() -> None:
    now = [assignment("hotline", NUMBER, UNKNOWN)]
    (one,) = judged(REASSIGN_ACTIVE_DNIS, now, [ONE], approval(MOVE, NUMBER, SUPPORTS, NOT_KNOWN))
    assert one.approval is None
    assert "make the new owner in one up and move the number in the next" in one.violation.message


def test_a_profile_that_would_be_replaced_is_another_owner() -> None:
    elsewhere = resource(SUPPORT.type, "support", **{**SUPPORT.props, "group_id": "123456/1000"})
    now = [elsewhere, assignment("hotline", NUMBER, UNKNOWN)]
    assert needed(now, [SUPPORT, ONE]) == [(MOVE, NUMBER, SUPPORTS, NOT_KNOWN)]


# Secrets, which the state does not show; a policy pack sees them in the program, the gate sees them nowhere


@pytest.mark.parametrize(
    ("before", "declared", "changed", "asked"),
    [
        pytest.param(
            hidden(ONE, "dnis"),
            [assignment("hotline", NUMBER, "sales")],
            None,
            (MOVE, NUMBER, SUPPORTS, SALES_),
            id="the pack sees a move",
        ),
        pytest.param(
            hidden(ONE, "dnis"),
            [hidden(assignment("hotline", NUMBER, "sales"), "dnis")],
            [ONE.urn],
            (MOVE, NUMBER, SUPPORTS, SALES_),
            id="the gate sees a move",
        ),
        pytest.param(
            hidden(QUEUE, "queue_id"),
            [hidden(QUEUE, "queue_id")],
            [QUEUE.urn],
            (MOVE, NUMBER, HIDDEN, NOT_KNOWN),
            id="the gate cannot compare a target",
        ),
        pytest.param(
            hidden(QUEUE, "queue_id"), [ONE], None, (MOVE, NUMBER, HIDDEN, SUPPORTS), id="the pack sees another kind"
        ),
        pytest.param(
            hidden(QUEUE, "queue_id"),
            [QUEUE],
            [QUEUE.urn],
            (MOVE, NUMBER, HIDDEN, "queue 700"),
            id="no secret any more",
        ),
        pytest.param(
            hidden(TEAM, "numbers"),
            [assignments("team", [NUMBER, OTHER], "sales")],
            None,
            (MOVE, "the numbers of 'team'", SUPPORTS, SALES_),
            id="a list moves",
        ),
    ],
)
def test_a_secret_hides_no_change(
    before: Resource, declared: list[Resource], changed: list[str] | None, asked: Change | None
) -> None:
    found_ = needed(but(LINE, SALES, *declared), but(LINE, SALES, before), changed=changed)
    assert found_ == ([asked] if asked else [])


def test_a_secret_owner_is_approved_as_one_and_known_when_the_vendor_was_asked() -> None:
    now, before = [assignment("hotline", NUMBER, "sales")], [hidden(QUEUE, "queue_id")]
    given = approval(MOVE, NUMBER, HIDDEN, SALES_)
    (one,) = judged(REASSIGN_ACTIVE_DNIS, now, before, given)
    assert one.approval is given
    assert needed(now, before, live={NUMBER: "queue 700"}) == [(MOVE, NUMBER, "queue 700", SALES_)]
    assert needed(now, before, live={NUMBER: SALES_}) == []
