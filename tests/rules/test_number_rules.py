"""What all rules on numbers share: what none of them stops, unknown values, secrets, and how a change is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.plan.number_changes import number_changes
from pulumi_voice_routing.safety.rules import REPLACING_LIVE_OBJECTS, UNPROTECTED_NUMBER
from tests.rules.numbers import (
    MANY,
    MOVE,
    NUMBER_RULES,
    ONE,
    QUEUE,
    RELEASE,
    SALES_,
    SUPPORTS,
    TEAM,
    TRACKED,
    hidden,
    needed,
)
from tests.rules.plans import (
    LINE,
    NUMBER,
    OTHER,
    SALES,
    THIRD,
    assignment,
    assignments,
    but,
    facts,
    found,
    judged,
    pool,
    record,
    renamed,
    saved,
)


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


def test_a_plain_file_and_a_first_deployment_need_none() -> None:
    assert needed([ONE, MANY], None) == []
    assert needed([ONE, MANY], []) == []


# One resource at a time, as in an update without a preview


def test_one_resource_alone_tells_moves_and_silence_and_nothing_of_what_is_not_there() -> None:
    before = [MANY, record("r", NUMBER)]
    alone = {"whole": False}
    assert needed([assignments("numbers", [NUMBER, OTHER])], before, **alone) == []
    assert needed([assignments("numbers", [OTHER])], before, **alone) == []
    assert needed([assignments("numbers", [NUMBER], "sales")], before, **alone) == [(MOVE, NUMBER, SUPPORTS, SALES_)]
    assert needed([record("r", NUMBER, active=False)], before, **alone) == [(RELEASE, NUMBER, SUPPORTS, "inactive")]


@pytest.mark.parametrize(
    "rule", [*NUMBER_RULES.values(), REPLACING_LIVE_OBJECTS, UNPROTECTED_NUMBER], ids=lambda rule: rule.name
)
def test_number_rules_fail_closed_if_the_state_cannot_be_read(rule) -> None:
    (message,) = found(rule, [ONE], None, unreadable="no such stack")
    assert "cannot be read (no such stack)" in message
    assert found(rule, [ONE], None, unreadable="no such stack", allowUnreadableState=True) == []
    (one,) = judged(rule, [ONE], None, unreadable="no such stack")
    assert (one.approval, one.change.object) == (None, "")


# Secrets, which the state does not show; a policy pack sees them in the program, the gate sees them nowhere


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


def test_no_number_rule_trips_over_a_value_that_is_not_known() -> None:
    for one in (ONE, MANY, TRACKED, record("r", NUMBER, active=True), pool("p", {"dnis": NUMBER, "active": True})):
        for name, value in one.props.items():
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            for instead in [UNKNOWN, [UNKNOWN], *([{**row, key: UNKNOWN}] for row in rows for key in row)]:
                for rule in (*NUMBER_RULES.values(), REPLACING_LIVE_OBJECTS, UNPROTECTED_NUMBER):
                    found(rule, [replace(one, props={**one.props, name: instead})], [one])


def test_each_change_is_named_once_with_how_it_comes_about() -> None:
    both = [assignment("hotline", NUMBER, active=False), record("r", NUMBER, active=False)]
    (one,) = number_changes(facts(both, [ONE, record("r", NUMBER)]))
    assert one.how == "active=False"
    assert (one.resource or ONE).name == "hotline"
    (gone,) = number_changes(facts([], [assignment("hotline", THIRD)]))
    assert (gone.how, gone.resource) == ("'hotline' leaves the stack", None)
