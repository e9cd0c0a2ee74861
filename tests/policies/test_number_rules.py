"""The rules on numbers: what moves, releases, takes or renames one, and what looks alike and is let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.permission.needed import HIDDEN, NOT_KNOWN
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.plan.number_changes import number_changes
from pulumi_voice_routing.safety.rules import (
    REASSIGN_ACTIVE_DNIS,
    RELEASE_ACTIVE_DNIS,
    RENAMED_DNIS,
    TAKE_FOREIGN_DNIS,
    UNPROTECTED_NUMBER,
)

from .plans import (
    LINE,
    NUMBER,
    OTHER,
    SALES,
    SUPPORT,
    THIRD,
    approval,
    assignment,
    assignments,
    but,
    changes,
    facts,
    found,
    id_of,
    judged,
    pool,
    protected,
    record,
    renamed,
    resource,
    saved,
    tracking,
)

NUMBER_RULES = {rule.name: rule for rule in (REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS)}
MOVE, RELEASE, TAKE = NUMBER_RULES

SUPPORTS, SALES_ = "profile 3001", "profile 3002"
ONE = assignment("hotline", NUMBER)
MANY = assignments("numbers", [NUMBER, OTHER])
TRACKED = tracking("campaign", NUMBER)
GIVEN_AWAY = replace(MANY, props={**MANY.props, "numbers": [NUMBER], "__elsewhere": {OTHER[1:]: ["queue", "17"]}})

Change = tuple[str, str, str, str]


def needed(declared: Sequence[Resource], before: Sequence[Resource] | None, **more: Any) -> list[Change]:
    """Every permission that the number rules ask for: rule, number, from, to."""
    return sorted(
        (name, *change) for name, rule in NUMBER_RULES.items() for change in changes(rule, declared, before, **more)
    )


@pytest.mark.parametrize(
    ("before", "declared", "asked"),
    [
        pytest.param([ONE], [assignment("hotline", NUMBER, "sales")], (MOVE, NUMBER, SUPPORTS, SALES_), id="profile"),
        pytest.param([ONE], [assignment("hotline", NUMBER, "17")], (MOVE, NUMBER, SUPPORTS, "queue 17"), id="queue"),
        pytest.param(
            [MANY], [assignments("numbers", [OTHER])], (RELEASE, NUMBER, SUPPORTS, "nobody"), id="leaves list"
        ),
        pytest.param([ONE], [], (RELEASE, NUMBER, SUPPORTS, "nobody"), id="leaves the stack"),
        pytest.param(
            [ONE], [assignment("hotline", OTHER)], (RELEASE, NUMBER, SUPPORTS, "nobody"), id="becomes another number"
        ),
        pytest.param(
            [ONE],
            [assignment("hotline", NUMBER, active=False)],
            (RELEASE, NUMBER, SUPPORTS, "inactive"),
            id="inactive",
        ),
        pytest.param(
            [ONE], [assignment("hotline", UNKNOWN)], (RELEASE, NUMBER, SUPPORTS, "nobody"), id="number not known"
        ),
        pytest.param(
            [MANY],
            [assignments("numbers", [UNKNOWN, OTHER])],
            (RELEASE, NUMBER, SUPPORTS, "nobody"),
            id="one number of a list not known",
        ),
        pytest.param(
            [ONE], [assignment("hotline", NUMBER, UNKNOWN)], (MOVE, NUMBER, SUPPORTS, NOT_KNOWN), id="target not known"
        ),
        pytest.param(
            [ONE],
            [assignment("hotline", NUMBER, active=UNKNOWN)],
            (RELEASE, NUMBER, SUPPORTS, "inactive"),
            id="active not known",
        ),
        pytest.param(
            [ONE, record("r", NUMBER)],
            [ONE, record("r", NUMBER, active=False)],
            (RELEASE, NUMBER, SUPPORTS, "inactive"),
            id="record inactive",
        ),
        pytest.param(
            [ONE, pool("p", {"dnis": NUMBER})],
            [ONE, pool("p", {"dnis": NUMBER, "active": False})],
            (RELEASE, NUMBER, SUPPORTS, "inactive"),
            id="record of a pool inactive",
        ),
        pytest.param(
            [ONE, record("r", NUMBER, on_delete="deactivate")],
            [ONE],
            (RELEASE, NUMBER, SUPPORTS, "inactive"),
            id="record ends inactive",
        ),
        pytest.param(
            [ONE, pool("p", {"dnis": NUMBER}, on_delete="delete")],
            [ONE, pool("p", on_delete="delete")],
            (RELEASE, NUMBER, SUPPORTS, "nobody"),
            id="record of a pool ends deleted",
        ),
        pytest.param(
            [ONE, record("r", NUMBER, active=False)],
            [assignment("hotline", NUMBER, "sales"), record("r", NUMBER, active=False)],
            (MOVE, NUMBER, SUPPORTS, SALES_),
            id="one with an inactive record moves",
        ),
        pytest.param(
            [ONE, pool("p", {"dnis": NUMBER}, records={NUMBER: {"active": False}})],
            [pool("p", {"dnis": NUMBER, "active": True})],
            (RELEASE, NUMBER, SUPPORTS, "nobody"),
            id="one with an inactive record leaves",
        ),
        pytest.param([TRACKED], [], (RELEASE, NUMBER, "tracking number id-of-campaign", "inactive"), id="tracking"),
        pytest.param(
            [TRACKED],
            [tracking("campaign", NUMBER, active=False)],
            (RELEASE, NUMBER, "tracking number id-of-campaign", "inactive"),
            id="tracking inactive",
        ),
        pytest.param(
            [MANY, assignments("sales", [])],
            [assignments("numbers", [OTHER]), assignments("sales", [NUMBER], "sales")],
            (TAKE, NUMBER, SUPPORTS, SALES_),
            id="from one list to another",
        ),
        pytest.param(
            [ONE],
            [renamed(ONE, "line", profile=id_of("sales"))],
            (TAKE, NUMBER, SUPPORTS, SALES_),
            id="renamed and moved",
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


@pytest.mark.parametrize(
    ("before", "declared"),
    [
        pytest.param([], [ONE, MANY], id="new"),
        pytest.param([ONE], [ONE], id="unchanged"),
        pytest.param([ONE], [assignment("hotline", NUMBER, "support", description="x")], id="another description"),
        pytest.param([ONE], [renamed(ONE, "line", alias=True)], id="renamed with an alias"),
        pytest.param([ONE], [renamed(ONE, "line")], id="renamed"),
        pytest.param([ONE], [renamed(ONE, "hotline", profile="3001")], id="a bare id"),
        pytest.param([ONE], [assignments("numbers", [NUMBER, OTHER])], id="from one to a list"),
        pytest.param([assignment("hotline", NUMBER, active=False)], [], id="an inactive one leaves"),
        pytest.param(
            [assignment("hotline", NUMBER, active=False)],
            [assignment("hotline", NUMBER, "sales", active=False)],
            id="an inactive one moves",
        ),
        pytest.param(
            [ONE, record("r", NUMBER, active=False, on_delete="deactivate")],
            [ONE],
            id="an inactive record ends inactive",
        ),
        pytest.param(
            [ONE, record("r", NUMBER, active=False)], [ONE, record("r", NUMBER)], id="an inactive record is switched on"
        ),
        pytest.param(
            [ONE, pool("p", {"dnis": NUMBER}, records={NUMBER: {"active": False}})],
            [ONE, pool("p", {"dnis": NUMBER, "active": False})],
            id="a record that the vendor has inactive says so",
        ),
        pytest.param([ONE, record("r", NUMBER)], [ONE], id="a record that is kept leaves"),
        pytest.param([ONE, record("r", NUMBER, on_delete="keep")], [ONE], id="a record that says so leaves"),
        pytest.param([record("r", NUMBER)], [record("r", NUMBER, active=False)], id="a record that nobody answers"),
        pytest.param(
            [ONE, record("r", NUMBER, on_delete="delete")],
            [ONE, pool("p", {"dnis": NUMBER})],
            id="a record goes to a pool",
        ),
        pytest.param([MANY], [assignments("numbers", [OTHER, NUMBER])], id="another order"),
        pytest.param([TRACKED], [renamed(TRACKED, "spring", alias=True)], id="a tracking number is renamed"),
        pytest.param([saved(ONE, kept=True)], [], id="kept when it leaves"),
    ],
)
def test_what_leaves_callers_with_whom_they_have_needs_none(before: list[Resource], declared: list[Resource]) -> None:
    assert needed(but(LINE, SALES, *declared), but(LINE, SALES, *before)) == []


def test_a_move_into_silence_needs_both_permissions() -> None:
    now = [assignment("hotline", NUMBER, "sales", active=False)]
    assert needed(now, [ONE]) == [(MOVE, NUMBER, SUPPORTS, SALES_), (RELEASE, NUMBER, SUPPORTS, "inactive")]


def test_a_plain_file_and_a_first_deployment_need_none() -> None:
    assert needed([ONE, MANY], None) == []
    assert needed([ONE, MANY], []) == []


# Approvals


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


# Live facts


def test_a_number_that_somebody_else_answers_is_taken() -> None:
    assert needed([ONE], [], live={NUMBER: "queue 17"}) == [(TAKE, NUMBER, "queue 17", SUPPORTS)]
    now = [assignment("hotline", NUMBER, "sales")]
    assert needed(now, [ONE], live={NUMBER: "queue 17"}) == [(TAKE, NUMBER, "queue 17", SALES_)]
    off = [assignment("hotline", NUMBER, active=False)]
    assert needed(off, [ONE], live={NUMBER: "queue 17"}) == [
        (TAKE, NUMBER, "queue 17", "inactive"),
        (TAKE, NUMBER, "queue 17", SUPPORTS),
    ]


def test_a_number_that_nobody_answers_or_that_is_there_already_is_free() -> None:
    now = [assignment("hotline", NUMBER, "sales")]
    assert needed(now, [ONE], live={NUMBER: None}) == []
    assert needed(now, [ONE], live={NUMBER: SALES_}) == []
    assert needed([], [ONE], live={NUMBER: "queue 17"}) == []


def test_what_is_not_written_takes_nothing_whoever_has_the_number() -> None:
    assert needed([ONE], [ONE], live={NUMBER: "queue 17"}, changed=[]) == []
    assert needed([ONE], [ONE], live={NUMBER: "queue 17"}, changed=[ONE.urn]) == [(TAKE, NUMBER, "queue 17", SUPPORTS)]


# One resource at a time, as in an update without a preview


def test_one_resource_alone_tells_moves_and_silence_and_nothing_of_what_is_not_there() -> None:
    before = [MANY, record("r", NUMBER)]
    alone = {"whole": False}
    assert needed([assignments("numbers", [NUMBER, OTHER])], before, **alone) == []
    assert needed([assignments("numbers", [OTHER])], before, **alone) == []
    assert needed([assignments("numbers", [NUMBER], "sales")], before, **alone) == [(MOVE, NUMBER, SUPPORTS, SALES_)]
    assert needed([record("r", NUMBER, active=False)], before, **alone) == [(RELEASE, NUMBER, SUPPORTS, "inactive")]


# The state


@pytest.mark.parametrize("rule", [*NUMBER_RULES.values(), RENAMED_DNIS, UNPROTECTED_NUMBER], ids=lambda rule: rule.name)
def test_number_rules_fail_closed_if_the_state_cannot_be_read(rule) -> None:
    (message,) = found(rule, [ONE], None, unreadable="no such stack")
    assert "cannot be read (no such stack)" in message
    assert found(rule, [ONE], None, unreadable="no such stack", allowUnreadableState=True) == []
    (one,) = judged(rule, [ONE], None, unreadable="no such stack")
    assert (one.approval, one.change.object) == (None, "")


# renamed-dnis


def test_a_rename_fails_without_an_alias_and_passes_with_one() -> None:
    (message,) = found(RENAMED_DNIS, [renamed(ONE, "line")], [ONE])
    assert message.startswith(
        f"{NUMBER} goes from dnis assignment 'hotline' to dnis assignment 'line' without an alias"
    )
    assert "aliases=[pulumi.Alias(name='hotline')]" in message
    assert found(RENAMED_DNIS, [renamed(ONE, "line", alias=True)], [ONE]) == []
    assert changes(RENAMED_DNIS, [renamed(TRACKED, "spring")], [TRACKED]) == [
        (NUMBER, "tracking number 'campaign'", "tracking number 'spring'")
    ]


def test_a_rename_fails_if_one_number_becomes_part_of_a_list() -> None:
    (message,) = found(RENAMED_DNIS, [MANY], [ONE])
    assert "from dnis assignment 'hotline' to dnis assignments 'numbers'" in message
    assert "retain_on_delete=True" in message
    assert found(RENAMED_DNIS, [MANY], [saved(ONE, kept=True)]) == []


def test_a_rename_of_a_record_fails_only_if_its_end_would_write_something() -> None:
    for on_delete, stopped in (("deactivate", 1), ("delete", 1), ("keep", 0)):
        before = record("r", NUMBER, on_delete=on_delete)
        assert len(found(RENAMED_DNIS, [renamed(before, "again")], [before])) == stopped
        assert len(found(RENAMED_DNIS, [pool("p", {"dnis": NUMBER})], [before])) == stopped


def test_a_rename_passes_if_nobody_is_reached_or_the_move_is_told_by_another_rule() -> None:
    off = assignment("hotline", NUMBER, active=False)
    assert found(RENAMED_DNIS, [renamed(off, "line")], [off]) == []
    assert found(RENAMED_DNIS, [renamed(ONE, "line", profile=id_of("sales"))], [ONE]) == []
    assert found(RENAMED_DNIS, [assignments("numbers", [NUMBER]), assignments("more", [OTHER])], [MANY]) == []


# unprotected-number


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
    moving = approval(MOVE, NUMBER, SUPPORTS, SALES_)
    assert judged(UNPROTECTED_NUMBER, [ONE], [ONE], moving)[0].approval is None


# Secrets, which the state does not show; a policy pack sees them in the program, the gate sees them nowhere

TEAM = protected(assignments("team", [NUMBER, OTHER]))
QUEUE = assignment("hotline", NUMBER, "700")


def hidden(one: Resource, name: str, **changes: Any) -> Resource:
    """With an argument that cannot be read; one number is in the id all the same."""
    ids = {"id": f"123456/{NUMBER[1:]}"} if isinstance(one.get("dnis"), str) and one.type != TRACKED.type else {}
    return replace(one, **ids, props={**one.props, **changes, name: UNKNOWN})


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
        pytest.param(hidden(ONE, "dnis"), [], None, (RELEASE, NUMBER, SUPPORTS, "nobody"), id="a number leaves"),
        pytest.param(
            hidden(record("r", NUMBER), "dnis", on_delete="deactivate"),
            [ONE],
            None,
            None,
            id="a record that nobody answers before",
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
        pytest.param(hidden(QUEUE, "queue_id"), [], None, (RELEASE, NUMBER, HIDDEN, "nobody"), id="a target leaves"),
        pytest.param(
            hidden(QUEUE, "queue_id"),
            [assignment("hotline", NUMBER, "700", active=False)],
            None,
            (RELEASE, NUMBER, HIDDEN, "inactive"),
            id="a target is switched off",
        ),
        pytest.param(
            hidden(TEAM, "numbers"),
            [],
            None,
            (RELEASE, "the numbers of 'team'", SUPPORTS, "nobody"),
            id="a list leaves",
        ),
        pytest.param(
            hidden(TEAM, "numbers"),
            [assignments("team", [NUMBER])],
            None,
            (RELEASE, "the numbers of 'team'", SUPPORTS, "nobody"),
            id="the pack cannot compare a list",
        ),
        pytest.param(
            hidden(TEAM, "numbers"),
            [assignments("team", [NUMBER, OTHER], "sales")],
            None,
            (MOVE, "the numbers of 'team'", SUPPORTS, SALES_),
            id="a list moves",
        ),
        pytest.param(
            hidden(TEAM, "numbers"),
            [hidden(TEAM, "numbers", description="x")],
            [TEAM.urn],
            (RELEASE, "the numbers of 'team'", SUPPORTS, "nobody"),
            id="the gate cannot compare a list",
        ),
        pytest.param(
            hidden(TRACKED, "dnis"),
            [],
            None,
            (RELEASE, "the numbers of 'campaign'", "tracking number id-of-campaign", "inactive"),
            id="a tracking number leaves",
        ),
        pytest.param(
            hidden(TRACKED, "dnis"),
            [tracking("campaign", NUMBER, active=False)],
            None,
            (RELEASE, "the numbers of 'campaign'", "tracking number id-of-campaign", "inactive"),
            id="a tracking number is switched off",
        ),
        pytest.param(
            hidden(pool("p", {"dnis": NUMBER}), "numbers", on_delete="deactivate"),
            [],
            None,
            (RELEASE, "the numbers of 'p'", HIDDEN, "inactive"),
            id="records end",
        ),
        pytest.param(
            hidden(pool("p", {"dnis": NUMBER}), "numbers"),
            [pool("p", {"dnis": UNKNOWN, "active": False})],
            [pool("p").urn],
            (RELEASE, "the numbers of 'p'", HIDDEN, "inactive"),
            id="records are switched off",
        ),
    ],
)
def test_a_secret_hides_no_change(
    before: Resource, declared: list[Resource], changed: list[str] | None, asked: Change | None
) -> None:
    found_ = needed(but(LINE, SALES, *declared), but(LINE, SALES, before), changed=changed)
    assert found_ == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("before", "declared", "changed"),
    [
        pytest.param(hidden(ONE, "dnis"), ONE, None, id="a number in the pack"),
        pytest.param(hidden(ONE, "dnis"), hidden(ONE, "dnis", description="x"), [ONE.urn], id="a number in the gate"),
        pytest.param(hidden(QUEUE, "queue_id"), QUEUE, None, id="a target in the pack"),
        pytest.param(hidden(QUEUE, "queue_id"), hidden(QUEUE, "queue_id"), [], id="a target in the gate"),
        pytest.param(hidden(QUEUE, "active"), hidden(QUEUE, "active"), [], id="a flag in the gate"),
        pytest.param(hidden(TEAM, "numbers"), hidden(TEAM, "numbers"), [], id="a list in the gate"),
        pytest.param(
            hidden(record("r", NUMBER), "active"), hidden(record("r", NUMBER), "active"), [], id="a record in the gate"
        ),
        pytest.param(saved(hidden(TEAM, "numbers"), kept=True), None, None, id="a list that is kept"),
        pytest.param(hidden(TEAM, "numbers", active=False), None, None, id="a list that nobody reaches"),
        pytest.param(hidden(TRACKED, "dnis"), TRACKED, None, id="a tracking number in the pack"),
        pytest.param(
            hidden(TRACKED, "dnis"), hidden(TRACKED, "dnis"), [TRACKED.urn], id="a tracking number in the gate"
        ),
        pytest.param(
            hidden(pool("p", {"dnis": NUMBER}), "numbers"), pool("p", {"dnis": OTHER}), None, id="records that are kept"
        ),
        pytest.param(hidden(pool("p", {"dnis": NUMBER}), "numbers"), None, None, id="a pool that is kept leaves"),
    ],
)
def test_a_secret_that_stays_is_no_change(
    before: Resource, declared: Resource | None, changed: list[str] | None
) -> None:
    now = [] if declared is None else [declared]
    assert needed(but(LINE, SALES, *now), but(LINE, SALES, before), changed=changed) == []


def test_a_secret_number_is_protected_as_any_other() -> None:
    for before, now, number in (
        (hidden(ONE, "dnis"), ONE, NUMBER),
        (hidden(ONE, "dnis"), hidden(ONE, "dnis"), NUMBER),
        (hidden(TEAM, "numbers"), assignments("team", [NUMBER, OTHER]), "the numbers of 'team'"),
        (hidden(TRACKED, "dnis"), hidden(TRACKED, "dnis"), "the numbers of 'campaign'"),
    ):
        assert changes(UNPROTECTED_NUMBER, [now], [before]) == [(number, "active", "unprotected")]
        assert found(UNPROTECTED_NUMBER, [protected(now)], [before]) == []


def test_a_secret_owner_is_approved_as_one_and_known_when_the_vendor_was_asked() -> None:
    now, before = [assignment("hotline", NUMBER, "sales")], [hidden(QUEUE, "queue_id")]
    given = approval(MOVE, NUMBER, HIDDEN, SALES_)
    (one,) = judged(REASSIGN_ACTIVE_DNIS, now, before, given)
    assert one.approval is given
    assert needed(now, before, live={NUMBER: "queue 700"}) == [(MOVE, NUMBER, "queue 700", SALES_)]
    assert needed(now, before, live={NUMBER: SALES_}) == []


# Unknown values


def test_no_number_rule_trips_over_a_value_that_is_not_known() -> None:
    for one in (ONE, MANY, TRACKED, record("r", NUMBER, active=True), pool("p", {"dnis": NUMBER, "active": True})):
        for name, value in one.props.items():
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            for instead in [UNKNOWN, [UNKNOWN], *([{**row, key: UNKNOWN}] for row in rows for key in row)]:
                for rule in (*NUMBER_RULES.values(), RENAMED_DNIS, UNPROTECTED_NUMBER):
                    found(rule, [replace(one, props={**one.props, name: instead})], [one])


def test_a_profile_that_would_be_replaced_is_another_owner() -> None:
    elsewhere = resource(SUPPORT.type, "support", **{**SUPPORT.props, "group_id": "123456/1000"})
    now = [elsewhere, assignment("hotline", NUMBER, UNKNOWN)]
    assert needed(now, [SUPPORT, ONE]) == [(MOVE, NUMBER, SUPPORTS, NOT_KNOWN)]


def test_each_change_is_named_once_with_how_it_comes_about() -> None:
    both = [assignment("hotline", NUMBER, active=False), record("r", NUMBER, active=False)]
    (one,) = number_changes(facts(both, [ONE, record("r", NUMBER)]))
    assert one.how == "active=False"
    assert (one.resource or ONE).name == "hotline"
    (gone,) = number_changes(facts([], [assignment("hotline", THIRD)]))
    assert (gone.how, gone.resource) == ("'hotline' leaves the stack", None)
