"""Two answering rules are for the same calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import SHADOWED_RULES
from tests.rules.plans import NUMBER, OTHER, approval, found, judged, resource
from tests.tokens import ANSWERING_RULE, CALL_HANDLING_STATE, INTERACTION_RULE

ZOE = [{"caller_id": "+13035550170"}]


def custom(name: str, **props: Any) -> Any:
    return resource(ANSWERING_RULE, name, **{"extension_id": "123456/100001", "name": name, "callers": ZOE, **props})


class TestShadowedRules:
    @pytest.mark.parametrize(
        "other",
        [
            {},
            {"callers": [*ZOE, {"caller_id": "+13035550171"}]},
            {"callers": None, "called_numbers": ["+13035550101"]},
            {"schedule": {"ref": "AfterHours"}},
        ],
    )
    def test_fails_if_two_are_for_one_call(self, other: dict[str, Any]) -> None:
        (message,) = found(SHADOWED_RULES, [custom("a"), custom("b", **other)])
        assert "'a' and 'b' are for the same calls" in message

    @pytest.mark.parametrize(
        "other",
        [
            {"enabled": False},
            {"extension_id": "123456/100002"},
            {"callers": [{"caller_id": "+13035550171"}]},
            {"callers": UNKNOWN},
            {"callers": [{"caller_id": UNKNOWN}]},
        ],
    )
    def test_passes_if_they_are_not(self, other: dict[str, Any]) -> None:
        assert found(SHADOWED_RULES, [custom("a"), custom("b", **other)]) == []

    def test_passes_if_hours_or_numbers_differ(self) -> None:
        hours = [{"schedule": {"ref": ref}} for ref in ("AfterHours", "BusinessHours")]
        assert found(SHADOWED_RULES, [custom("a", **hours[0]), custom("b", **hours[1])]) == []
        numbers = [{"called_numbers": [number]} for number in ("+13035550101", "+13035550102")]
        assert found(SHADOWED_RULES, [custom("a", **numbers[0]), custom("b", **numbers[1])]) == []


def answering(extension: str, name: str, **props: Any) -> Resource:
    given = {"extension_id": f"1/{extension}", "name": name, "callers": [{"caller_id": OTHER}], **props}
    return resource(ANSWERING_RULE, f"{name}-{extension}", **given)


def test_shadowed_rules_are_approved_for_their_extension_only() -> None:
    rules = [answering(extension, name) for extension in ("100", "911") for name in ("Owner", "VIP")]
    given = approval(
        SHADOWED_RULES, "answering rules 'Owner' and 'VIP' of extension 100", "different calls", "the same calls"
    )
    permitted = {one.change.object[-3:]: one.approval is given for one in judged(SHADOWED_RULES, rules, [], given)}
    assert permitted == {"100": True, "911": False}


def weekly(*hours: str, days: Iterable[str] = ("monday", "tuesday")) -> dict[str, Any]:
    rows = [dict(zip(("from", "to"), one.split("-"), strict=True)) for one in hours]
    return {"weekly": dict.fromkeys(days, rows)}


def period(begin: str, end: str) -> dict[str, Any]:
    return {"ranges": [{"from": begin, "to": end}]}


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (weekly("09:00-17:00"), weekly("09:00-17:00", days=("tuesday", "monday")), True),
        (weekly("09:00-17:00"), weekly("16:59-18:00", days=("tuesday",)), True),
        (weekly("20:00-24:00"), weekly("08:00-09:00", "23:00-24:00"), True),
        (weekly("09:00-17:00"), weekly("17:00-18:00"), False),
        (weekly("09:00-17:00"), weekly("09:00-17:00", days=("friday",)), False),
        (weekly("09:00-17:00"), {"ref": "BusinessHours"}, False),
        (weekly("09:00-17:00"), period("2030-12-24T00:00", "2030-12-25T00:00"), False),
        (period("2030-12-24T00:00", "2030-12-26T00:00"), period("2030-12-25T12:00", "2030-12-27T00:00"), True),
        (period("2030-12-24T00:00Z", "2030-12-25T00:00Z"), period("2030-12-25T00:30+01:00", "2030-12-26T00:00Z"), True),
        (period("2030-12-24T00:00", "2030-12-25T00:00"), period("2030-12-25T00:00", "2030-12-26T00:00"), False),
        (period("2030-12-24T00:00", "2030-12-25T00:00"), period("2030-12-24T00:00Z", "2030-12-25T00:00Z"), False),
        ({"ref": "BusinessHours"}, {"ref": "AfterHours"}, False),
        (None, weekly("09:00-17:00"), True),
        (weekly("09:00-17:00"), {"weekly": {"monday": [1]}}, False),
    ],
)
def test_shadowed_rules_are_those_whose_hours_certainly_meet(one: Any, other: Any, meet: bool) -> None:
    for first, second in ((one, other), (other, one)):
        rules = [answering("100", "Owner", schedule=first), answering("100", "VIP", schedule=second)]
        assert (found(SHADOWED_RULES, rules) != []) is meet
        apart = [rules[0], answering("100", "VIP", schedule=second, callers=[{"caller_id": NUMBER}])]
        assert found(SHADOWED_RULES, apart) == []


def interaction(name: str, **props: Any) -> Any:
    given = {"extension_id": "123456/100001", "name": name, "callers": ZOE, **props}
    return resource(INTERACTION_RULE, name, **{key: value for key, value in given.items() if value is not None})


def switch(state: str, **props: Any) -> Any:
    return resource(CALL_HANDLING_STATE, state, extension_id="123456/100001", state=state, **props)


MORNING, NOON = ({"daily": {"from": start, "to": end}} for start, end in (("08:00", "12:00"), ("11:00", "14:00")))
EVENING = {"weekly": {"monday": [{"from": "18:00", "to": "24:00"}]}}
JUNE, LATE_JUNE, JULY = (
    {"ranges": [{"from": f"2030-{start}T00:00:00", "to": f"2030-{end}T00:00:00"}]}
    for start, end in (("06-01", "07-01"), ("06-20", "07-01"), ("07-01", "08-01"))
)


class TestInteractionRules:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({}, {}),
            ({}, {"callers": [*ZOE, {"caller_id": "+13035550171"}]}),
            ({"schedule": MORNING}, {"schedule": NOON}),
            ({"schedule": JUNE}, {"schedule": LATE_JUNE}),
            ({"schedule": {"starts": "2030-06-01T00:00:00"}}, {"schedule": LATE_JUNE}),
            ({"state": "work-hours"}, {}),
            ({"callers": None, "schedule": MORNING}, {"callers": None, "schedule": NOON}),
        ],
    )
    def test_fails_if_nobody_tells_which_of_two_wins(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        (message,) = found(SHADOWED_RULES, [interaction("a", **one), interaction("b", **other)])
        assert "'a' and 'b' are for the same calls" in message

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({}, {"enabled": False}),
            ({}, {"extension_id": "123456/100002"}),
            ({}, {"callers": [{"caller_id": "+13035550171"}]}),
            ({}, {"called_numbers": [NUMBER]}),  # with more conditions it comes first
            ({}, {"schedule": MORNING}),
            ({}, {"callers": UNKNOWN}),
            ({"schedule": MORNING}, {"schedule": EVENING}),
            ({"schedule": JUNE}, {"schedule": JULY}),
            ({"schedule": {"ends": "2030-06-01T00:00:00"}}, {"schedule": JUNE}),
            ({"state": "work-hours"}, {"state": "after-hours"}),
        ],
    )
    def test_passes_if_no_call_is_for_both_or_one_comes_first(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        assert found(SHADOWED_RULES, [interaction("a", **one), interaction("b", **other)]) == []

    def test_an_approval_names_both_and_the_extension(self) -> None:
        (one,) = judged(SHADOWED_RULES, [interaction("a"), interaction("b")])
        assert one.change.object == "interaction rules 'a' and 'b' of extension 100001"


class TestStatesThatHideAllRules:
    @pytest.mark.parametrize("state", ["dnd", "forward-all-calls"])
    def test_fails_if_one_is_switched_on_without_an_end(self, state: str) -> None:
        before = [switch(state, enabled=False)]
        (message,) = found(SHADOWED_RULES, [switch(state, enabled=True)], before)
        assert f"{state} of extension 100001 would be switched on without an end" in message
        assert found(SHADOWED_RULES, [switch(state, enabled=True)]) == [message]

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"enabled": True}, {"enabled": True}),
            ({"enabled": True}, {"enabled": False}),
            ({"enabled": False}, {"enabled": True, "schedule": JUNE}),
            ({}, {}),
            ({}, {"enabled": UNKNOWN}),
        ],
    )
    def test_passes_if_it_is_on_already_goes_off_or_ends_by_itself(
        self, before: dict[str, Any], after: dict[str, Any]
    ) -> None:
        states = [switch("forward-all-calls", **props) for props in (before, after)]
        assert found(SHADOWED_RULES, states[1:], states[:1]) == []

    def test_work_hours_are_always_on(self) -> None:
        assert found(SHADOWED_RULES, [switch("work-hours", enabled=True)]) == []
