"""What pack, gate and guard() say of a change, without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi_policy
from pulumi.output import Unknown

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.lifecycle.writes import Write, carries, hands_on, matters
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Before, Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety.guarded_program import Declaration, GuardedProgram
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


def guard(case: Case) -> set[str]:
    """The rules under which guard() would refuse it, by the state alone."""
    program = GuardedProgram()
    saved = {one.urn: one for one in case.before}
    for one in case.after:
        program.declared[one.urn] = Declaration(one, _given(one))
    found = []
    for one in case.after:
        old = next((saved[urn] for urn in (one.urn, *one.aliases) if urn in saved), None)
        loose = frozenset(one.props) - one.behind.keys()
        olds, id_ = (None, None) if old is None else (old.props, old.id)
        write = Write(provider_for(one.type), one.urn, id_, olds, _given(one), loose)
        if olds != one.props and (matters(write, off_too=True) or hands_on(write)):
            found += program.worse(case.before, [write])
    leaving = [one for one in program.leaving(case.before) if not one.kept]
    ends = [Write(provider_for(one.type), one.urn, one.id, one.props, None) for one in leaving]
    if any(carries(write.provider.model) for write in ends):
        found += program.worse(case.before, ends)
    return {change.rule for change, _ in found}


def _given(one: Resource) -> dict[str, Any]:
    """The arguments as the engine hands them to a hook."""
    return {name: _as_engine(value) for name, value in one.props.items() if not name.startswith("__")}


def _as_engine(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_engine(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_engine(inner) for inner in value]
    return Unknown() if value is UNKNOWN else value  # type: ignore[no-untyped-call]


def _ops(before: Resource | None, after: Resource | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ("create",) if before is None else ("delete",)
    return ("same",) if before == after else ("update",)
