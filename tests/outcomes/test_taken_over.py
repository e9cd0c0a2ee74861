"""Adoption is an update from what is live: the gate compares with what the vendor has, when it may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.live import answering
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.plan.taken_over import taken_over
from tests.call_flow.line import LINE, assignment, but, destination, one
from tests.rules.plans import TODAY

from .conftest import AUSTIN, DENVER, NUMBER, Live
from .table import ELSEWHERE, FORBIDDEN, PREMIUM, UNKNOWN_END

GROUP = "123456/1000"


def new(there: Resource, **behind: Sequence[Resource]) -> Resource:
    links = {name: frozenset(other.urn for other in others) for name, others in behind.items()}
    return Resource(there.type, there.name, there.urn, there.props, behind=links, protected="dnis" in there.props)


def desk(name: str, target: str, **given: object) -> Resource:
    props = {"group_id": GROUP, "name": name, "kind": "DID", "target": target, "adopt": True, **given}
    return new(one("ringcx:Destination", name.lower(), **props))


def support(**given: object) -> Resource:
    props = {"group_id": GROUP, "name": "Support", "routing_type": "PERCENT_ALLOCATION", "adopt": True, **given}
    return new(one("ringcx:Profile", "support", **props))


def split(profile: Resource, **shares: tuple[Resource, int]) -> Resource:
    rows = [{"destination": UNKNOWN, "allocation_percent": share} for _, share in shares.values()]
    there = one("ringcx:ProfileDestinations", "split", profile=UNKNOWN, destinations=rows)
    return new(there, profile=[profile], destinations=[desk for desk, _ in shares.values()])


def plan(*declared: Resource) -> Plan:
    return Plan(steps=[Step(there.urn, ("create",), None, there) for there in declared], urn=declared[0].urn)


def gate(*declared: Resource, live: bool = True) -> Verdict:
    there = plan(*declared)
    known = taken_over(there) if live else None
    owners = {} if live else None
    return judged(there, levels=Levels(), approvals=Approvals(), live=owners, taken_over=known, today=TODAY)


def said(verdict: Verdict) -> set[str]:
    return {found.rule.name for found in verdict.findings}


@pytest.mark.parametrize(("target", "rules"), [(DENVER, set()), ("+13035551009", {ELSEWHERE}), (PREMIUM, {FORBIDDEN})])
def test_a_destination_that_is_taken_over_with_another_target(live: Live, target: str, rules: set[str]) -> None:
    verdict = gate(desk("Denver", target))
    assert said(verdict) == rules
    assert verdict.notes == []
    if rules:
        assert {change.number for change in verdict.calls} == {f"+{NUMBER}"}


def test_a_profile_that_is_taken_over_as_it_is(live: Live) -> None:
    assert said(gate(support())) == set()
    assert said(gate(desk("Denver", DENVER), desk("Austin", AUSTIN), support())) == set()


def test_a_profile_that_is_taken_over_and_switched_off(live: Live) -> None:
    assert said(gate(support(active=False))) == {"calls-unanswered"}


def test_what_a_profile_takes_over_in_the_same_run_is_compared_as_well(live: Live) -> None:
    denver, austin, profile = desk("Denver", DENVER), desk("Austin", AUSTIN), support()
    only = split(profile, austin=(austin, 100))
    verdict = gate(denver, austin, profile, only)
    assert said(verdict) == {ELSEWHERE}
    (change,) = verdict.calls
    assert str(change.before) == f"70 % number {DENVER}; 30 % number {AUSTIN}"
    assert str(change.after) == f"number {AUSTIN}"
    off = desk("Austin", AUSTIN, active=False)
    assert said(gate(denver, off, profile, split(profile, denver=(denver, 50), austin=(off, 50)))) & {
        UNKNOWN_END,
        "calls-unanswered",
    }


def test_the_program_assigns_the_number_that_leads_there_already(live: Live) -> None:
    profile = support(active=False)
    props = {"dnis": f"+{NUMBER}", "profile": UNKNOWN}
    number = new(one("ringcx:DnisAssignment", "hotline", **props), profile=[profile])
    assert "calls-unanswered" in said(gate(profile, number))


def test_without_the_vendor_the_gate_says_once_that_it_cannot_know(live: Live) -> None:
    verdict = gate(desk("Denver", PREMIUM.replace("900", "303")), support(active=False), live=False)
    (note,) = verdict.notes
    assert note.startswith("denver, support would take over what exists at the vendor")
    assert note.endswith("with --live it asks the vendor")


def test_what_the_vendor_does_not_have_is_new(live: Live) -> None:
    verdict = gate(desk("Reno", DENVER))
    assert said(verdict) == set()
    (note,) = verdict.notes
    assert "the vendor does not tell it either" in note


@pytest.mark.parametrize(("leads", "rules"), [(False, {UNKNOWN_END}), (True, {ELSEWHERE})])
def test_a_queue_exists_when_numbers_of_the_vendor_lead_to_it(live: Live, leads: bool, rules: set[str]) -> None:
    live.account.pool(["13035550199"])
    if leads:
        live.account.give(["13035550199"], "queue 1000")
    queue = destination("denver", 2001, "1000", kind="ACD")
    before, after = (
        {one.urn: one for one in but(LINE, replace(assignment(), protected=True), *it)} for it in ([], [queue])
    )
    steps = [Step(urn, ("update",), before[urn], after[urn]) for urn in before]
    there = Plan(steps=steps, urn=steps[0].urn)
    owners = {number: owner for number, owner in answering(there).items() if number != f"+{NUMBER}"}

    assert owners == ({"+13035550199": "queue 1000"} if leads else {})
    assert said(judged(there, levels=Levels(), approvals=Approvals(), live=owners, today=TODAY)) == rules
