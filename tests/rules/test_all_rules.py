"""What holds of every rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.safety.rules import (
    CALLS_UNANSWERED,
    DEACTIVATING_IN_USE,
    DUPLICATES,
    FORBIDDEN_TARGET,
    FORMER,
    OVERRIDE_WIPE,
    PART_OF,
    PERCENT_TOTALS,
    RULES,
)
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules, reviewed_plan
from tests.rules.plans import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    SUPPORT,
    approval,
    assignment,
    assignments,
    but,
    destination,
    first_line,
    found,
    hours,
    id_of,
    judged,
    override,
    overrides,
    pool,
    record,
    renamed,
    split,
    tracking,
)
from tests.rules.used import BACK, CRM, FRONT, KEY, PHONE, RINGS
from tests.tokens import BUILT_IN_RULE

NAMES = [rule.name for rule in (*RULES, *FORMER, *plan_rules(Plan()), reviewed_plan(Plan(), "0-0"))]


def test_each_rule_has_a_file_of_tests_and_each_file_its_rule() -> None:
    files = {path.stem.removeprefix("test_").replace("_", "-") for path in Path(__file__).parent.glob("test_*.py")}
    parts = {*PART_OF} & files
    assert files - {"all-rules", "number-rules"} == {*NAMES, *parts}


@pytest.mark.parametrize("rule", [*RULES, *FORMER], ids=lambda rule: rule.name)
def test_every_rule_passes_a_support_line_that_is_there(rule) -> None:
    assert found(rule, LINE, LINE) == []


@pytest.mark.parametrize("rule", [*RULES, *FORMER], ids=lambda rule: rule.name)
def test_every_rule_passes_a_support_line_that_is_made_for_the_first_time(rule) -> None:
    assert found(rule, first_line(), []) == []


@pytest.mark.parametrize("rule", [*RULES, *FORMER], ids=lambda rule: rule.name)
def test_every_rule_passes_a_first_line_again_when_its_ids_are_known_and_the_state_is_still_the_old_one(rule) -> None:
    names = ("profile", "destinations", "targets", "group_id")
    made = [replace(one, behind=there.behind) for one, there in zip(LINE, first_line(), strict=True)]
    assert all(set(one.behind) <= set(names) for one in made)

    assert found(rule, made, [], preview=False) == []


@pytest.mark.parametrize("rule", [*RULES, *FORMER], ids=lambda rule: rule.name)
def test_no_rule_trips_over_a_value_that_is_not_known(rule) -> None:
    """Whatever is unknown, a rule answers; an exception would turn it into advice."""
    for one in [
        *LINE,
        overrides("all", id_of("denver"), NUMBER),
        override("vip", id_of("denver"), NUMBER),
        hours([100] * 24),
    ]:
        for name, value in one.props.items():
            blurred = [UNKNOWN]
            if isinstance(value, list):
                blurred += [[UNKNOWN]]
                blurred += [[{**row, key: UNKNOWN} for row in value] for key in value[0]]
            for instead in blurred:
                found(rule, but(LINE, replace(one, props={**one.props, name: instead})), LINE)


def test_every_message_is_one_line() -> None:
    called = but(LINE, assignment("hotline", NUMBER))
    messages = [
        *found(PERCENT_TOTALS, [split("split", "support", denver=1), hours([1] * 24)]),
        *found(CALLS_UNANSWERED, but(LINE, without=["split"]), [DENVER, AUSTIN, SUPPORT]),
        *found(DEACTIVATING_IN_USE, but(called, without=["go-live", "austin"]), called, unreadable="gone"),
        *found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], LINE),
        *found(FORBIDDEN_TARGET, [destination("denver", target="1")]),
        *found(DUPLICATES, [DENVER, renamed(DENVER, "again")]),
    ]
    assert len(messages) == 8
    for message in messages:
        assert "\n" not in message
        assert ": " in message
        assert "; " in message or "make `pulumi stack export` work" in message


def test_no_rule_trips_over_a_list_that_is_not_known() -> None:
    gone = [replace(PHONE, id="9/78", name="gone", urn=f"{PHONE.urn}-gone"), KEY, CRM, FRONT]
    for one in (
        RINGS,
        replace(RINGS, type=BUILT_IN_RULE),
        BACK,
        assignments("list", [OTHER]),
        pool("p", {"dnis": OTHER}),
    ):
        for name, value in one.props.items():
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            for instead in [UNKNOWN, [UNKNOWN], *([{**row, key: UNKNOWN}] for row in rows for key in row)]:
                for rule in [*RULES, *FORMER]:
                    found(rule, [replace(one, props={**one.props, name: instead})], [one, *gone], critical=[OTHER])


def everything() -> Iterable[Resource]:
    yield from but(LINE, destination("reno", active=True))
    yield from (CRM, KEY, PHONE, RINGS, FRONT, BACK, record("r", NUMBER), pool("p", {"dnis": OTHER}))
    yield from (assignment("a", NUMBER), assignments("list", [OTHER]), tracking("t", "+13035550111"))


@pytest.mark.parametrize("rule", [*RULES, *FORMER], ids=lambda rule: rule.name)
def test_every_finding_says_what_an_approval_has_to_name(rule) -> None:
    """Whatever a rule finds after everything has been turned upside down."""
    there = list(everything())
    now = [renamed(one, f"{one.name}-2", target="1", profile=UNKNOWN, url="https://a:b1234567@c.de") for one in there]
    for declared in (now, there[1:], [*there, *now]):
        for one in judged(rule, declared, there):
            assert one.change.object
            assert one.change.from_
            assert one.change.to
            assert "\n" not in "".join((one.violation.message, one.change.object, one.change.from_, one.change.to))
            given = approval(rule, one.change.object, one.change.from_, one.change.to)
            assert (
                any(it.approval is given for it in judged(rule, declared, there, given)) or "not known" in one.missing
            )
