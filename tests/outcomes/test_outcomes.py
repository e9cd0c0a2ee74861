"""Changes by what they do to callers: pack and gate say the same of each, and say it in callers' words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi_policy
import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.phrases import callers
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import PREFIX, Before, Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.run import Run
from tests.rules.plans import TODAY, approval

from .table import ELSEWHERE, HARMLESS, HARMS, Case


def pack(case: Case) -> dict[str, list[str]]:
    """What each policy of the pack says of the whole stack in a preview."""
    run = Run(before=Before(case.before), preview=True)
    run.approvals = Approvals()
    args = pulumi_policy.StackValidationArgs([_for_policies(one) for one in case.after], {})
    said: dict[str, list[str]] = {}
    for policy in pack_policies(run=run):
        if isinstance(policy, pulumi_policy.StackValidationPolicy) and policy.name != "approvals":
            policy.validate(args, lambda message, urn=None, name=policy.name: said.setdefault(name, []).append(message))
    return said


def _for_policies(one: Resource) -> Any:
    opts = pulumi_policy.PolicyResourceOptions(
        one.protected, [], None, [], pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
    )
    return pulumi_policy.PolicyResource(PREFIX + one.type, one.props, one.urn, one.name, opts, None, None, [], {})


def gate(case: Case, approvals: Sequence[Approval] = ()) -> Verdict:
    before = {one.urn: one for one in case.before}
    after = {one.urn: one for one in case.after}
    steps = [
        Step(urn, _ops(before.get(urn), after.get(urn)), before.get(urn), after.get(urn)) for urn in before | after
    ]
    plan = Plan(steps=steps, urn=steps[0].urn)
    return judged(plan, levels=Levels(), approvals=Approvals(approvals), today=TODAY)


def _ops(before: Resource | None, after: Resource | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ("create",) if before is None else ("delete",)
    return ("same",) if before == after else ("update",)


def ids(case: Case) -> str:
    return case.what


@pytest.fixture(autouse=True)
def countries(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    case = request.node.callspec.params["case"]
    if case.countries:
        monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", case.countries)


@pytest.mark.parametrize("case", HARMS, ids=ids)
def test_what_hurts_callers_is_said_by_pack_and_gate(case: Case) -> None:
    verdict = gate(case)
    refused = {one.rule.name for one in verdict.refused}
    said = pack(case)

    assert case.refuses <= refused
    assert case.refuses <= said.keys()
    assert refused & said.keys() == said.keys() - {ELSEWHERE}
    assert (ELSEWHERE in said) is (ELSEWHERE in {one.rule.name for one in verdict.advice})
    assert (ELSEWHERE in said) >= case.warns
    assert verdict.passes is not bool(case.refuses)
    assert callers(verdict)


@pytest.mark.parametrize("case", [case for case in HARMS if case.refuses], ids=ids)
def test_what_the_gate_prints_as_approvals_permits_it(case: Case) -> None:
    given = [approval(one.rule, one.object, one.from_, one.to) for one in gate(case).refused]
    assert gate(case, given).passes
    assert not gate(case, given[1:]).passes


@pytest.mark.parametrize("case", HARMLESS, ids=ids)
def test_what_hurts_nobody_passes_without_a_word(case: Case) -> None:
    assert pack(case) == {}
    verdict = gate(case)
    assert [(one.rule.name, one.message) for one in verdict.findings] == []
