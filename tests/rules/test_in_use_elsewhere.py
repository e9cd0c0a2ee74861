"""Something ends while something else names it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import IN_USE_ELSEWHERE
from tests.rules.plans import changes, facts, found, profile, renamed, resource, saved
from tests.rules.used import BACK, CALLS_CRM, CRM, FRONT, KEY, PHONE, RINGS
from tests.tokens import BUILT_IN_RULE


@pytest.mark.parametrize(
    ("user", "used", "change"),
    [
        (CALLS_CRM, CRM, ("http service id-of-crm", "used by profile 3001", "ended")),
        (CRM, KEY, ("api key auth key-1", "used by http service id-of-crm", "ended")),
        (RINGS, PHONE, ("forwarding number 77", "used by answering rule id-of-vip", "ended")),
        (
            replace(RINGS, type=BUILT_IN_RULE, urn=RINGS.urn + "2"),
            PHONE,
            ("forwarding number 77", "used by built in answering rule id-of-vip", "ended"),
        ),
        (BACK, FRONT, ("ring group id-of-front", "used by ring group id-of-back", "ended")),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else "",
)
def test_in_use_elsewhere_fails_while_something_names_what_leaves(
    user: Resource, used: Resource, change: tuple[str, str, str]
) -> None:
    assert changes(IN_USE_ELSEWHERE, [user], [user, used]) == [change]
    assert found(IN_USE_ELSEWHERE, [user, used], [user, used]) == []
    assert found(IN_USE_ELSEWHERE, [], [user, used]) == []
    assert (
        found(IN_USE_ELSEWHERE, [user], [user, saved(used, kept=True) if used.id is None else replace(used, kept=True)])
        == []
    )


@pytest.mark.parametrize(
    ("user", "used", "field", "values"),
    [
        (CALLS_CRM, CRM, "group_id", ("123456/101", UNKNOWN)),
        (CALLS_CRM, CRM, "kind", ("SOAP", UNKNOWN)),
        (RINGS, PHONE, "type", ("Mobile", UNKNOWN)),
        (RINGS, PHONE, "extension_id", ("10",)),
        (BACK, FRONT, "extension_number", ("8100", UNKNOWN)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_in_use_elsewhere_fails_while_something_names_what_becomes_another(
    user: Resource, used: Resource, field: str, values: tuple[Any, ...]
) -> None:
    for value in values:
        now = replace(used, id=None, props={**used.props, field: value})
        (message,) = found(IN_USE_ELSEWHERE, [user, now], [user, used])
        assert "is replaced, and" in message
    same = replace(used, id=None, props={**used.props, "name": "New", "extension_id": "~"})
    assert found(IN_USE_ELSEWHERE, [user, same], [user, used]) == []


def test_what_becomes_another_is_told_with_what_the_program_has() -> None:
    now = replace(CRM, id=None, props={**CRM.props, "kind": "SOAP"})
    facts_ = facts([CALLS_CRM, now], [CALLS_CRM, CRM])
    (told,) = IN_USE_ELSEWHERE.judge(facts_, {})
    assert told.resource == now


def test_in_use_elsewhere_passes_if_the_user_goes_along() -> None:
    group = resource("ringcx:HttpServiceGroup", "g", name="G")
    moved = replace(CRM, props={**CRM.props, "group_id": UNKNOWN}, behind={"group_id": frozenset({group.urn})})
    follows = profile("support", call_start_service=UNKNOWN)
    assert found(IN_USE_ELSEWHERE, [group, moved, follows], [CRM, CALLS_CRM]) == []
    there = replace(group, id="123456/100")
    assert found(IN_USE_ELSEWHERE, [there, moved, CALLS_CRM], [there, CRM, CALLS_CRM]) == []


def test_in_use_elsewhere_fails_if_the_state_alone_names_it() -> None:
    silent = profile("support")
    assert found(IN_USE_ELSEWHERE, [silent], [CALLS_CRM, CRM]) != []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service="")], [CALLS_CRM, CRM]) == []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service="other")], [CALLS_CRM, CRM]) == []
    assert found(IN_USE_ELSEWHERE, [profile("support", call_start_service=UNKNOWN)], [CALLS_CRM, CRM]) == []


def test_in_use_elsewhere_fails_closed_if_the_state_cannot_be_read() -> None:
    assert "cannot be read" in found(IN_USE_ELSEWHERE, [CRM], None, unreadable="locked")[0]
    assert found(IN_USE_ELSEWHERE, [CRM], None) == []


def test_in_use_elsewhere_passes_what_is_renamed_and_goes_on() -> None:
    crm = replace(CRM, id="id-of-crm")
    there = [crm, CALLS_CRM, PHONE, RINGS]
    phone_ends = [("forwarding number 77", "used by answering rule id-of-vip", "ended")]
    assert changes(IN_USE_ELSEWHERE, [renamed(CRM, "customers"), CALLS_CRM, RINGS], there) == phone_ends
    assert found(IN_USE_ELSEWHERE, [renamed(CRM, "customers"), CALLS_CRM, PHONE, RINGS], there) == []


def test_the_inputs_of_a_service_are_a_part_of_it() -> None:
    inputs = resource("ringcx:HttpServiceInputs", "inputs", service="id-of-crm")
    there = [CRM, inputs, CALLS_CRM]
    ends = ("http service inputs id-of-inputs", "used by profile 3001", "ended")
    assert changes(IN_USE_ELSEWHERE, [CRM, CALLS_CRM], there) == [ends]
    service_ends = ("http service id-of-crm", "used by profile 3001", "ended")
    assert changes(IN_USE_ELSEWHERE, [CALLS_CRM], there) == [service_ends]
