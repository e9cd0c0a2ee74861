"""The rules as policies of a Pulumi policy pack.

A team that has a pack of its own puts these into it::

    PolicyPack("house-rules", policies=[*pack_policies(), *our_policies])
"""

from __future__ import annotations

from collections.abc import Iterable

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

from .facts import Facts, Resource, plain, token_of
from .rule import Rule, Settings
from .rules import RULES
from .state import Run, listen

__all__ = ["pack_policies"]


def pack_policies(rules: Iterable[Rule] = RULES, run: Run | None = None) -> list[Policy]:
    """A mandatory policy for each rule; levels and settings are changed by the pack's policy config.

    ``run`` is what is known of the stack; without it, it is learnt from the engine, once for the process.
    """
    known = listen() if run is None else run
    return [_on_resources(rule, known) if rule.types else _on_the_stack(rule, known) for rule in rules]


def _on_resources(rule: Rule, run: Run) -> Policy:
    """Judged before the engine touches the resource, also in ``pulumi up --skip-preview``."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        token = token_of(args.resource_type)
        if token in rule.types:
            one = Resource(token, args.name, args.urn, plain(args.props), aliases=frozenset(args.opts.aliases))
            _judge(rule, run, [one], args.get_config(), report)

    return ResourceValidationPolicy(
        rule.name, rule.title, validate, EnforcementLevel.MANDATORY, PolicyConfigSchema(_schema(rule))
    )


def _on_the_stack(rule: Rule, run: Run) -> Policy:
    """Judged when everything is declared: before anything is done in a preview, and at the very end in an update."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        _judge(rule, run, _declared(args.resources), args.get_config(), report)

    return StackValidationPolicy(
        rule.name, rule.title, validate, EnforcementLevel.MANDATORY, PolicyConfigSchema(_schema(rule))
    )


def _judge(rule: Rule, run: Run, declared: Iterable[Resource], settings: Settings, report: ReportViolation) -> None:
    facts = Facts(declared, run.before, unreadable=run.unreadable, preview=run.preview)
    for violation in rule.judge(facts, settings):
        report(violation.message, violation.resource.urn if violation.resource else None)


def _declared(resources: Iterable[PolicyResource]) -> Iterable[Resource]:
    for one in resources:
        token = token_of(one.resource_type)
        if token is not None:
            yield Resource(
                type=token,
                name=one.name,
                urn=one.urn,
                props=plain(one.props),
                behind={name: frozenset(it.urn for it in behind) for name, behind in one.property_dependencies.items()},
                aliases=frozenset(one.opts.aliases),
            )


def _schema(rule: Rule) -> dict[str, dict[str, object]]:
    return {name: dict(schema) for name, schema in rule.settings.items()}
