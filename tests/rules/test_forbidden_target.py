"""Calls would go where no call may go."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.rules import FORBIDDEN_TARGET
from tests.call_flow.line import GROUP, LINE, NUMBER, built_in, but, destination, one, ring_group, split
from tests.rules.endings import said

PREMIUM, PARIS = "+19005550100", "+33142685300"
TRACKED = one("ringcx:TrackingNumber", "campaign", "1/700/9", group_id="1/700", dnis="+13035550111", active=True)


def tracking_rule(target: str) -> Resource:
    given = {"tracking_number": "1/700/9", "rank": 1, "open_rule": True, "kind": "STANDARD", "destination": target}
    return one("ringcx:TrackingRoutingRule", "day", "1/700/9/1", **given)


TO = {
    "destination": lambda to: [destination("reno", 2003, to)],
    "destination with a number": lambda to: [destination("denver", 2001, to)],
    "override": lambda to: [
        one("ringcx:DnisOverride", "vip", f"{GROUP}/2001/1", destination=f"{GROUP}/2001", dnis=NUMBER, target=to)
    ],
    "tracking rule": lambda to: [TRACKED, tracking_rule(to)],
    "answering rule": lambda to: [built_in("business-hours", action="UnconditionalForwarding", forward_all_to=to)],
    "ring group": lambda to: [ring_group("8000", ["101"], "FORWARD_TO_NUMBER", to)],
}
"""For each type that sends calls to numbers, resources that send some to one."""


@pytest.mark.parametrize("kind", TO)
def test_targets_of_every_type(kind: str) -> None:
    assert "premium-rate number" in "".join(said(FORBIDDEN_TARGET, LINE, but(LINE, *TO[kind](PREMIUM))))
    abroad = but(LINE, *TO[kind](PARIS))
    assert said(FORBIDDEN_TARGET, LINE, abroad) == []
    assert "in no country that" in "".join(said(FORBIDDEN_TARGET, LINE, abroad, countries=["+1", "44"]))
    assert said(FORBIDDEN_TARGET, LINE, abroad, countries=["33"]) == []
    assert said(FORBIDDEN_TARGET, abroad, but(abroad, split((2001, 60), (2002, 40))), countries=["1"]) == []


def test_the_countries_are_those_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1,44")
    (found,) = said(FORBIDDEN_TARGET, LINE, but(LINE, destination("denver", 2001, PARIS)))
    assert found.startswith(f"{NUMBER} 70 % number")
    assert f"{PARIS} is in no country that VOICE_ROUTING_COUNTRY_CODES allows (+1, +44)" in found


def test_a_target_that_no_number_leads_to_is_told_by_its_resource() -> None:
    (found,) = said(FORBIDDEN_TARGET, LINE, but(LINE, destination("reno", 2003, PREMIUM)))
    assert found.startswith(f"destination 'Reno' no target {PREMIUM}: destination 'Reno' would send calls")


def test_a_circle_is_told_once_and_by_another_rule() -> None:
    assert said(FORBIDDEN_TARGET, LINE, but(LINE, destination("denver", 2001, NUMBER))) == []
