"""Calls would go where no call may go."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety.rules import FORBIDDEN_TARGET
from tests.call_flow.line import DENVER, GROUP, LINE, NUMBER, built_in, but, destination, one, ring_group, split
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
    why = f"{PARIS} is in no country that the rule's setting countries allows (+1, +44)"
    assert why in "".join(said(FORBIDDEN_TARGET, LINE, abroad, countries=["+1", "44"]))
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


@pytest.mark.parametrize("written", ["reception", "18", "303-555-1234", "+1303555"])
def test_what_should_be_a_number_and_is_none(written: str) -> None:
    at, by_id = f"{GROUP}/2001", f"{GROUP}/2009"
    override = one("ringcx:DnisOverride", "vip", f"{at}/1", destination=at, dnis=NUMBER, target=written)
    own = one(
        "ringcx:ProfileDestinations", "own", f"{GROUP}/3002", destinations=[{"destination": at, **own_target(written)}]
    )
    for wrong in (override, own, destination("reno", 2003, written)):
        assert said(FORBIDDEN_TARGET, LINE, but(LINE, wrong)) != []
    for fine in (
        destination("reno", 2003, "18", kind="ACD"),
        one("ringcx:DnisOverride", "vip", f"{by_id}/1", destination=by_id, dnis=NUMBER, target=written),
        ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001"),
    ):
        assert said(FORBIDDEN_TARGET, LINE, but(LINE, fine)) == []


def own_target(target: str) -> dict[str, object]:
    return {"rank": 1, "allocation_percent": 100, "override": True, "target": target}


WRONG = "303-555-1234"


@pytest.mark.parametrize(
    ("token", "args", "path"),
    [
        ("ringcx:Dnis", {"dnis": WRONG}, "dnis"),
        ("ringcx:DnisPool", {"numbers": [{"dnis": WRONG}]}, "numbers[0].dnis"),
        ("ringcx:DnisAssignment", {"dnis": WRONG, "queue_id": "1"}, "dnis"),
        ("ringcx:DnisAssignments", {"numbers": [WRONG], "queue_id": "1"}, "numbers[0]"),
        ("ringcx:TrackingNumber", {"group_id": "1/2", "dnis": WRONG}, "dnis"),
        ("ringcx:Destination", {"group_id": "1", "name": "x", "kind": "DID", "target": "reception"}, "target"),
        ("ringcx:DnisOverride", {"destination": "1/2/3", "dnis": WRONG, "target": DENVER}, "dnis"),
        ("ringcx:DnisOverrides", {"destination": "1/2", "overrides": [{"dnis": WRONG}]}, "overrides[0].dnis"),
        ("ringex:ForwardingNumber", {"phone_number": WRONG, "type": "Home"}, "phone_number"),
        ("ringex:AnsweringRule", {"name": "x", "callers": [{"caller_id": WRONG}]}, "callers[0].caller_id"),
        ("ringex:AnsweringRule", {"name": "x", "called_numbers": [WRONG]}, "called_numbers[0]"),
        ("portsip:RingGroup", {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": "+1303"}}, "no_answer.number"),
    ],
)
def test_what_is_no_number_is_refused_by_the_program_itself_wherever_its_field_tells(
    token: str, args: dict[str, object], path: str
) -> None:
    _, failures = provider_for(token).checked(args)
    assert path in {failure.path for failure in failures}


def test_a_circle_is_told_once_and_by_another_rule() -> None:
    assert said(FORBIDDEN_TARGET, LINE, but(LINE, destination("denver", 2001, NUMBER))) == []
