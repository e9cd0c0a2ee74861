"""What takes calls would end and be made again, or goes on under another resource."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import Before, Facts, Resource
from pulumi_voice_routing.plan.roles import roles_of
from pulumi_voice_routing.safety.rules import REPLACING_LIVE_OBJECTS
from tests.gate.conftest import Gate, is_told
from tests.gate.previews import (
    DENVER,
    DISABLED,
    ENABLED,
    GROUP,
    HOTLINE,
    IDLE,
    NUMBER,
    PROFILE,
    RING_GROUP,
    SPARE,
    Json,
    replaced,
)
from tests.rules.every_type import TYPES, of_type
from tests.rules.plans import OTHER

NAME = "replacing-live-objects"


def another(step: Json, **args: str) -> Json:
    """A replacement that is needed, because of an argument that never changes."""
    new = step["newState"]
    return {**step, "newState": {**new, "inputs": {**new["inputs"], **args}}}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (replaced(HOTLINE), [(NAME, NUMBER, "profile 1001", "replaced")]),
        (another(replaced(DENVER), group_id="123456/1002"), []),  # told by where its calls end
        (another(replaced(RING_GROUP), extension_number="8011"), [(NAME, "ring group 17", "active", "replaced")]),
        (another(replaced(ENABLED), extension_id="9"), [(NAME, "answering rule 5", "active", "replaced")]),
        (another(replaced(DISABLED), extension_id="9"), []),
        (another(replaced(SPARE), group_id="123456/1002"), []),
        (another(replaced(IDLE), group_id="123456/1002"), []),
    ],
)
def test_what_would_end_and_be_made_again(gate: Gate, change: Json, found: list[tuple[str, ...]]) -> None:
    is_told(gate, change, found)


@pytest.mark.parametrize(
    ("change", "object_"),
    [
        (PROFILE, "profile 1001"),
        (DENVER, "destination 2001"),
        (GROUP, "route group 1001"),
        (RING_GROUP, "ring group 17"),
        (ENABLED, "answering rule 5"),
        (DISABLED, "answering rule 5"),
        (SPARE, "destination 2002"),
    ],
)
def test_what_is_replaced_for_nothing_and_goes_on_is_told_and_not_refused(
    gate: Gate, change: Json, object_: str
) -> None:
    is_told(gate, replaced(change), [])
    is_told(gate, replaced(change), [(NAME, object_, "active", "replaced")], advice=True)


CARRY_NO_CALLS = {
    "ringcx:ApiKeyAuth",
    "ringcx:BasicAuth",
    "ringcx:CustomAuth",
    "ringcx:HttpServiceGroup",
    "ringcx:JwtAuth",
    "ringcx:OAuthAuth",
    "ringcx:RouteGroup",
    "ringcx:TrackingGroup",
}
"""Of these only what is inside of them takes part in a call."""


def told(token: str, after: Resource, **facts: Any) -> set[bool]:
    """Whether the rule advises, and whether it refuses."""
    there = Facts([replace(after, id=None)], Before([of_type(token)]), preview=True, **facts)
    return {found.advice for found in REPLACING_LIVE_OBJECTS.judge(there, {})}


@pytest.mark.parametrize("token", TYPES)
def test_every_type_whose_objects_carry_calls_is_named_when_it_is_replaced_or_renamed(token: str) -> None:
    named = told(token, of_type(token), replaced={of_type(token).urn})
    assert bool(named) is (token not in CARRY_NO_CALLS)
    answered = roles_of(token).answers
    assert (False in named) is answered

    renamed = told(token, of_type(token, "another"))
    assert bool(renamed) is (token not in CARRY_NO_CALLS)
    assert (False in renamed) is (roles_of(token).dialled is not None)

    with_alias = replace(of_type(token, "another"), aliases=frozenset({of_type(token).urn}))
    assert told(token, with_alias) == set()


@pytest.mark.parametrize("token", ["ringcx:Destination", "ringcx:DnisOverride", "ringcx:Activation", "ringcx:Profile"])
def test_another_object_under_another_name_is_no_rename(token: str) -> None:
    one = of_type(token, "another")
    other = (
        {"targets": [{"kind": "profile", "id": "1/2/4"}]}
        if "targets" in one.props
        else {"name": "Other", "dnis": OTHER}
    )
    assert told(token, replace(one, props={**one.props, **other})) == set()


@pytest.mark.parametrize(
    ("token", "args"),
    [("portsip:RingGroup", {"extension_number": "8011"}), ("ringcx:DnisAssignment", {"reserved_account_id": "7"})],
)
def test_a_replacement_is_told_of_what_the_program_has(token: str, args: dict[str, str]) -> None:
    there = of_type(token)
    now = replace(there, id=None, props={**there.props, **args})
    facts = Facts([now], Before([there]), preview=True, replaced={there.urn})
    (found,) = REPLACING_LIVE_OBJECTS.judge(facts, {})
    assert (found.resource, found.advice, found.to) == (now, False, "replaced")
