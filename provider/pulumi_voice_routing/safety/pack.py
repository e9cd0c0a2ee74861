"""The rules as policies of a Pulumi policy pack.

A team that has a pack of its own puts these into it::

    PolicyPack("house-rules", policies=[*pack_policies(), *our_policies])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from ..errors import some_of
from ..permission.approvals import Approvals
from ..permission.needed import NOT_KNOWN
from ..permission.wording import to_allow
from ..plan.facts import Facts, Resource, plain, token_of
from ..plan.fleets import engine_urn, member_of
from ..plan.roles import roles_of
from ..plan.rows import made_of_rows, rows_in
from ..toml_entries import with_zone
from .describe import APPROVALS_POLICY
from .emergency import emergency
from .judgement import Judgement, judge, unused
from .layers import AT_THE_VENDOR
from .rule import Rule, Settings
from .rules import FORMER_NAMES, RULES, TAKES_SETTINGS
from .run import Run, listen

__all__ = ["pack_policies"]

_MOST_SHOWN = 3
_ON_APPROVALS = "Approvals are few and in use."


def pack_policies(rules: Iterable[Rule] = RULES, run: Run | None = None) -> list[Policy]:
    """A mandatory policy for each rule; levels and settings are changed by the pack's policy config.

    A rule that judges resources one by one and the whole stack is two policies of one name, with one config. ``run`` is
    what is known of the stack; without it, it is learnt from the engine, once for the process.
    """
    known = listen() if run is None else run
    chosen = list(rules)
    one_by_one = [_on_resources(rule, known) for rule in chosen if rule.one_by_one]
    former = [_on_settings(name, rule, known) for name, rule in TAKES_SETTINGS.items() if rule in chosen]
    whole = [_on_the_stack(rule, known) for rule in chosen if rule.whole or not rule.one_by_one]
    return [*one_by_one, *former, *whole, _on_declarations(known), _on_approvals(chosen, known)]


def _on_resources(rule: Rule, run: Run) -> Policy:
    """Judged before the engine touches the resource, also in ``pulumi up --skip-preview``."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        _note(run, args)
        token = token_of(args.resource_type)
        if token is None or rule.one_by_one is None or (rule.whole and run.preview):
            return  # in a preview nothing is touched, and the whole stack tells more
        if not rule.one_by_one(roles_of(member_of(token))):
            return
        one = Resource(
            token,
            args.name,
            args.urn,
            plain(args.props),
            aliases=frozenset(args.opts.aliases),
            protected=args.opts.protect,
        )
        # All rows of a fleet at once: what the state says is gone through for each judgement.
        _judge(rule, run, run.facts(rows_in(one), whole=False), args.get_config(), report)

    return ResourceValidationPolicy(
        rule.name, rule.title, validate, EnforcementLevel(rule.level), PolicyConfigSchema(_schema(rule))
    )


def _on_the_stack(rule: Rule, run: Run) -> Policy:
    """Judged when everything is declared: before anything is done in a preview, and at the very end in an update."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        settings = {**run.settings.get(rule.name, {}), **args.get_config()}
        _judge(rule, run, _whole(run, args.resources), settings, report)

    return StackValidationPolicy(
        rule.name, rule.title, validate, EnforcementLevel(rule.level), PolicyConfigSchema(_schema(rule))
    )


def _on_settings(name: str, rule: Rule, run: Run) -> Policy:
    """Reports nothing. It has the name of an earlier rule, and passes its settings on to the one that it is part of."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        run.settings.setdefault(rule.name, {}).update(args.get_config())

    return StackValidationPolicy(
        name, f"Part of {rule.name}.", validate, EnforcementLevel.ADVISORY, PolicyConfigSchema(_schema(rule))
    )


def _on_declarations(run: Run) -> Policy:
    """Reports nothing. It is of one name with the policy on approvals, and sees what is declared in time for it."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        _note(run, args)

    return ResourceValidationPolicy(
        APPROVALS_POLICY, _ON_APPROVALS, validate, EnforcementLevel.ADVISORY, PolicyConfigSchema({})
    )


def _note(run: Run, args: ResourceValidationArgs) -> None:
    """Remember what the program says of a resource: of one that does not change, the engine tells the whole stack's
    rules what the vendor has, which can be written in another way."""
    if token_of(args.resource_type) is not None and args.urn not in run.declared:
        run.declared[args.urn] = plain(args.props)


def _on_approvals(rules: list[Rule], run: Run) -> Policy:
    """Comes last, when the rules have said what they found."""
    names = {rule.name for rule in rules} | FORMER_NAMES

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for line in (*_approved(run.findings), *_standing(run.advice)):
            report(line, None)
        ours = Approvals(entry for entry in run.approvals.entries if entry.rule in names)
        for line in (*unused(ours, run.findings, unseen=AT_THE_VENDOR), *emergency("the pack keeps them")):
            report(f"{line}.", None)

    return StackValidationPolicy(
        APPROVALS_POLICY, _ON_APPROVALS, validate, EnforcementLevel.ADVISORY, PolicyConfigSchema({})
    )


def _whole(run: Run, resources: Iterable[PolicyResource]) -> Facts:
    """The whole stack, which is worked out once for all rules."""
    declared = list(_declared(run, resources))
    if run.stack is None or run.stack[0] != declared:
        run.stack = declared, run.facts(declared, whole=True)
    return run.stack[1]


def _judge(rule: Rule, run: Run, facts: Facts, settings: Settings, report: ReportViolation) -> None:
    judged = list(judge(rule, facts, settings, run.approvals))
    # Two policies of one name would have one level, so that advice is told by the policy that refuses nothing.
    run.advice += [one for one in judged if one.violation.advice]
    found = [one for one in judged if not one.violation.advice]
    run.findings += found
    for some in _alike([one for one in found if one.approval is None]):
        resource = some[0].violation.resource
        row = f"{resource.name}: " if resource and engine_urn(resource.urn) != resource.urn else ""
        report(row + _line(some), engine_urn(resource.urn) if resource else None)


def _alike(findings: Iterable[Judgement]) -> list[list[Judgement]]:
    """Findings that differ in nothing but the object, in their words as well, such as a hundred numbers of one list."""
    groups: dict[tuple[object, ...], list[Judgement]] = {}
    for one in findings:
        where, message = one.violation.resource, one.violation.message.replace(one.change.object, "")
        groups.setdefault((where and where.urn, one.change.from_, one.change.to, one.missing, message), []).append(one)
    return list(groups.values())


def _line(some: list[Judgement]) -> str:
    first, *more = some
    message = first.violation.message
    change = first.change
    if more:
        message += f" The same holds for {some_of([one.change.object for one in more], _MOST_SHOWN)}."
    if not change.object:
        return message
    message += f" ({change.rule}: {first.missing})"
    return message if NOT_KNOWN in (change.from_, change.to) else f"{message}\n{to_allow([it.change for it in some])}"


def _approved(findings: Iterable[Judgement]) -> Iterator[str]:
    for one in dict.fromkeys((one.change, one.approval) for one in findings if one.approval):
        change, approval = one
        if approval:
            yield (
                f"approved by {approval.ticket} until {with_zone(approval.until)}: {change.object} from {change.from_} "
                f"to {change.to} ({change.rule}; {approval.reason})."
            )


def _standing(advice: Iterable[Judgement]) -> Iterator[str]:
    """What stops nothing, each once."""
    for name, message in dict.fromkeys((one.rule.name, one.violation.message) for one in advice):
        yield f"only told: {message} ({name})"


def _declared(run: Run, resources: Iterable[PolicyResource]) -> Iterable[Resource]:
    found = (_one(run, token, one) for one in resources if (token := token_of(one.resource_type)) is not None)
    saved = {one.urn for one in run.before.resources} if run.before is not None else set()
    return made_of_rows((row for one in found for row in rows_in(one)), saved)


def _one(run: Run, token: str, one: PolicyResource) -> Resource:
    return Resource(
        type=token,
        name=one.name,
        urn=one.urn,
        props=run.declared[one.urn] if one.urn in run.declared else plain(one.props),
        behind={name: frozenset(it.urn for it in behind) for name, behind in one.property_dependencies.items()},
        aliases=frozenset(one.opts.aliases),
        protected=one.opts.protect,
    )


def _schema(rule: Rule) -> dict[str, dict[str, object]]:
    return {name: dict(schema) for name, schema in rule.settings.items()}
