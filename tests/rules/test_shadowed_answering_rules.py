"""Two answering rules are for the same calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import SHADOWED_RULES
from tests.rules.plans import NUMBER, OTHER, approval, found, judged, resource
from tests.tokens import ANSWERING_RULE

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
            {"callers": [*ZOE, {"caller_id": UNKNOWN}]},
            {"called_numbers": [UNKNOWN]},
            {"schedule": {"ranges": [{"from": UNKNOWN}]}},
        ],
    )
    def test_passes_if_they_are_not(self, other: dict[str, Any]) -> None:
        assert found(SHADOWED_RULES, [custom("a"), custom("b", **other)]) == []

    def test_passes_if_nobody_can_tell_whose_rules_they_are(self) -> None:
        assert found(SHADOWED_RULES, [custom(name, extension_id=UNKNOWN) for name in ("a", "b")]) == []

    def test_fails_if_hours_are_the_same_in_another_order(self) -> None:
        one, other = ({"from": "2030-01-01", "to": "2030-01-02"}, {"to": "2030-01-02", "from": "2030-01-01"})
        assert len(found(SHADOWED_RULES, [custom("a", schedule=one), custom("b", schedule=other)])) == 1

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
