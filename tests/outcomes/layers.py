"""What pack and gate say of a change, without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi_policy

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import PREFIX, Before, Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.run import Run
from tests.rules.plans import TODAY

from .table import Case


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
        one.protected, [], None, sorted(one.aliases), pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
    )
    return pulumi_policy.PolicyResource(PREFIX + one.type, one.props, one.urn, one.name, opts, None, None, [], {})


def gate(case: Case, approvals: Sequence[Approval] = ()) -> Verdict:
    known_as = {alias: one.urn for one in case.after for alias in one.aliases}
    before = {known_as.get(one.urn, one.urn): one for one in case.before}
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
