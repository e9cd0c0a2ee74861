"""A number loses whoever answers it."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.permission.needed import HIDDEN
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import RELEASE_ACTIVE_DNIS
from tests.rules.numbers import MANY, ONE, QUEUE, RELEASE, SUPPORTS, TEAM, TRACKED, Change, hidden, needed
from tests.rules.plans import LINE, NUMBER, OTHER, SALES, assignment, assignments, but, found, pool, record, tracking


@pytest.mark.parametrize(
    ("before", "declared", "asked"),
    [
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
    ],
)
def test_what_takes_a_number_from_its_callers_needs_one_permission(
    before: list[Resource], declared: list[Resource], asked: Change
) -> None:
    assert needed(but(LINE, SALES, *declared), but(LINE, SALES, *before)) == [asked]


# Secrets, which the state does not show; a policy pack sees them in the program, the gate sees them nowhere


@pytest.mark.parametrize(
    ("before", "declared", "changed", "asked"),
    [
        pytest.param(hidden(ONE, "dnis"), [], None, (RELEASE, NUMBER, SUPPORTS, "nobody"), id="a number leaves"),
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
        pytest.param(
            hidden(record("r", NUMBER), "dnis", on_delete="deactivate"),
            [ONE],
            None,
            None,
            id="a record that nobody answers before",
        ),
    ],
)
def test_a_secret_hides_no_change(
    before: Resource, declared: list[Resource], changed: list[str] | None, asked: Change | None
) -> None:
    found_ = needed(but(LINE, SALES, *declared), but(LINE, SALES, before), changed=changed)
    assert found_ == ([asked] if asked else [])


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (
            [],
            "would be released ('hotline' leaves the stack): nobody would answer it, and its callers would reach "
            "nobody; keep it, or have the release approved.",
        ),
        (
            [assignment("hotline", NUMBER, active=False)],
            "would be inactive (active=False): profile 3001 would not get its calls any more, and its callers would "
            "reach nobody; keep it, or have the release approved.",
        ),
    ],
)
def test_a_release_says_what_becomes_of_the_number(declared: list[Resource], said: str) -> None:
    assert found(RELEASE_ACTIVE_DNIS, declared, [ONE]) == [f"{NUMBER} of {SUPPORTS} {said}"]
