"""The judgement of a plan: what every report says, in its own form."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ... import counting
from ...call_flow.impact import NumberImpact
from ...call_flow.judgement import CallChange
from ...call_flow.routing import Routing
from ...errors import VoiceRoutingError, one_line, some_of
from ...permission.approvals import Approval, Approvals
from ...permission.owner_names import Named, Names
from ...plan.facts import Facts
from ...plan.owner_names import names_in
from ...plan.plan import Plan, Step
from ...plan.preview import PolicyViolation
from ...safety.emergency import emergency
from ...safety.judgement import Judgement, judge, unused
from ...safety.layers import AT_THE_VENDOR, PROVIDER_ALONE
from ...safety.rule import Rule
from ...safety.rules import FORMER_NAMES, PART_OF, RULES, TAKES_SETTINGS
from ...safety.rules.outcomes import Outcomes
from ...safety.rules.plan_rules import plan_rules, reviewed_plan
from .levels import ADVISORY, DISABLED, MANDATORY, Levels

if TYPE_CHECKING:
    from ...plan.taken_over import TakenOver  # it loads the vendors' clients

_ORDER = ("delete", "replace", "update", "create")
_MOST_LETTERS = 2000
_MOST_NAMED = 5
_STACK = "::pulumi:pulumi:Stack::"


@dataclass(frozen=True)
class Finding:
    """A change that a rule does not let pass, or lets pass because it is approved."""

    rule: Rule
    level: str
    """``mandatory`` or ``advisory``."""
    message: str
    object: str
    from_: str
    to: str
    urn: str
    """Of the resource it is about; empty when it is about none."""
    source: str
    """Where the program declares that; empty when that is not known."""
    approval: Approval | None
    missing: str
    """Why it is not approved."""

    @property
    def refuses(self) -> bool:
        """Whether the plan must not be carried out because of it."""
        return self.level == MANDATORY and self.approval is None

    @property
    def fingerprint(self) -> str:
        """The same in every run in which the same change breaks the same rule."""
        parts = (self.rule.name, self.object, self.from_, self.to, self.urn)
        return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:32]


@dataclass(frozen=True)
class Verdict:
    """All that is known about a plan."""

    plan: Plan
    rules: Sequence[Rule]
    findings: Sequence[Finding]
    policies: Sequence[PolicyViolation] = ()
    """What policies said that no finding says already."""
    notes: Sequence[str] = ()
    """What deserves attention and refuses nothing: approvals that are of no use, names in the config."""
    live: bool = False
    """Whether the vendor was asked for the owners of numbers."""
    calls: Sequence[CallChange] = ()
    """Whose calls would end elsewhere, and what that means."""
    impacts: Sequence[NumberImpact] = ()
    """The same number by number."""
    off: int = 0
    """How many rules the config switches off."""
    routings: Sequence[Routing] = ()
    """What stands before and after, for the names that people know."""

    @cached_property
    def changed(self) -> list[Step]:
        """The steps that do something, ends first."""
        steps = [step for step in self.plan.steps if step.changes]
        return sorted(steps, key=lambda step: (_rank(step.op), step.urn))

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many resources of this package get which operation; unchanged ones last."""
        counts = Counter(step.op for step in self.changed)
        same = len(self.plan.steps) - len(self.changed)
        return {op: counts[op] for op in sorted(counts, key=_rank)} | ({"same": same} if same else {})

    @property
    def refused(self) -> list[Finding]:
        """What must not happen."""
        return [one for one in self.findings if one.refuses]

    @property
    def advice(self) -> list[Finding]:
        """What should not happen."""
        return [one for one in self.findings if not one.refuses and one.approval is None]

    @property
    def approved(self) -> list[Finding]:
        """What may happen because somebody said so."""
        return [one for one in self.findings if one.approval is not None]

    @property
    def passes(self) -> bool:
        """Whether the plan may be carried out."""
        return not self.refused and not any(one.level == MANDATORY for one in self.policies)

    @property
    def empty(self) -> bool:
        """Whether nothing changes and there is nothing to say about it."""
        return not (self.changed or self.plan_changes_elsewhere or self.findings or self.policies)

    @property
    def plan_changes_elsewhere(self) -> int:
        """How many resources of other packages change; they are not judged."""
        return sum(other.op not in ("same", "read") and _STACK not in other.urn for other in self.plan.others)


def judged(
    plan: Plan,
    *,
    levels: Levels,
    approvals: Approvals,
    live: Mapping[str, str | None] | None = None,
    taken_over: TakenOver | None = None,
    expected: str | None = None,
    policies: Iterable[PolicyViolation] = (),
    today: date | None = None,
) -> Verdict:
    """A plan judged by every rule.

    ``live`` are the present owners of numbers when the vendor was asked, and ``taken_over`` is what it has of new
    resources; ``expected`` is the hash of the plan that was reviewed. Raises :class:`VoiceRoutingError` when a rule
    cannot judge the plan: it is not passed then.
    """
    day = today or datetime.now(UTC).date()
    facts = plan.facts(live, *((taken_over.before, taken_over.beside) if taken_over else ()))
    approvals = approvals.resolved(lambda: _names(facts, asked=live is not None))
    of_plan = plan_rules(plan)
    unseen = PROVIDER_ALONE if live is not None else AT_THE_VENDOR
    rules = (*RULES, *of_plan)
    found: list[tuple[str, Judgement]] = []
    if expected is not None:  # asked for in so many words, so that no config switches it off
        rules = (reviewed_plan(plan, expected), *rules)
        found += [(MANDATORY, one) for one in _judge(rules[0], facts, levels, approvals, day)]
    for place, rule in enumerate((*RULES, *of_plan), 1):
        counting.count(place, len(RULES) + len(of_plan), "rules")
        level = levels.level(rule)
        if level != DISABLED:
            found += [(level, one) for one in _judge(rule, facts, levels, approvals, day)]
    outcomes = _outcomes(facts)
    places = {step.urn: step.source for step in plan.steps if step.source}
    findings = sorted((_finding(level, one, places) for level, one in found), key=_weight)
    return Verdict(
        plan,
        rules,
        findings,
        [one for one in _distinct(policies) if not _told(one, findings)],
        [
            *_switched_off(levels, (*RULES, *of_plan)),
            *_adopted(plan, taken_over.urns if taken_over else frozenset(), asked=live is not None),
            *(f"the policy config names {name}, {_stranger(name)}" for name in levels.strangers),
            *(one_line(line) for line in unused(approvals, [one for _, one in found], day, unseen=unseen)),
        ],
        live is not None,
        outcomes.changes,
        list(outcomes.impact.numbers()),
        sum(levels.level(rule) == DISABLED for rule in (*RULES, *of_plan)),
        (outcomes.impact.before, outcomes.impact.after),
    )


def _switched_off(levels: Levels, rules: Sequence[Rule]) -> Iterator[str]:
    """What somebody has made less strict: said in every report, so that nobody takes it for a plan without faults."""
    for level, names in levels.lowered(rules).items():
        does = "switches off" if level == DISABLED else "makes advisory"
        some = f"{len(names)} {'rule' if len(names) == 1 else 'rules'}: {', '.join(names)}"
        which = "every rule" if len(names) == len(rules) else some
        yield f"the policy config {does} {which}"
    yield from emergency("the gate keeps them")


def _stranger(name: str) -> str:
    if name in PART_OF:
        takes = ", which takes its settings" if name in TAKES_SETTINGS else ""
        return f"which is a part of {PART_OF[name].name} now{takes}"
    if name in FORMER_NAMES:
        return "which is no rule any more: where calls end is judged instead"
    return "which is no rule of the gate"


def _adopted(plan: Plan, known: frozenset[str], *, asked: bool) -> Iterator[str]:
    new = [step.after for step in plan.steps if step.after and step.op == "create"]
    names = [one.name for one in new if one.begins_with_another and one.urn not in known]
    if names:
        yield (
            f"{some_of(names, _MOST_NAMED)} would take over what exists at the vendor: where its calls go now is not "
            "in the state, so that the gate does not compare it"
            + ("; the vendor does not tell it either" if asked else "; with --live it asks the vendor")
        )


def _names(facts: Facts, *, asked: bool) -> Names:
    """What approvals may name: what the state has, and queues and IVRs where the vendor is asked."""
    from ...ringcx.owner_names import TOLD_BY_NUMBERS, account_names  # it loads the vendor's client

    names = names_in(facts.before.resources if facts.before is not None else ())
    others = account_names().only(*TOLD_BY_NUMBERS) if asked else Names(dict.fromkeys(TOLD_BY_NUMBERS, _not_asked))
    return names.besides(others)


def _not_asked() -> Iterator[Named]:
    raise VoiceRoutingError("the vendor alone knows its name, and is asked with --live")


def _outcomes(facts: Facts) -> Outcomes:
    try:
        return Outcomes.of(facts)
    except VoiceRoutingError:
        raise
    except Exception as error:
        raise VoiceRoutingError(
            f"plan: where calls end cannot be told ({type(error).__name__}: {error}), so that it is not passed"
        ) from error


def _judge(rule: Rule, facts: Facts, levels: Levels, approvals: Approvals, day: date) -> list[Judgement]:
    try:
        return list(judge(rule, facts, levels.of(rule), approvals, day))
    except VoiceRoutingError:
        raise
    except Exception as error:
        raise VoiceRoutingError(
            f"plan: {rule.name} cannot judge it ({type(error).__name__}: {error}), so that it is not passed"
        ) from error


def _finding(level: str, one: Judgement, places: Mapping[str, str]) -> Finding:
    resource = one.violation.resource
    urn = resource.urn if resource is not None else ""
    return Finding(
        rule=one.rule,
        level=ADVISORY if one.violation.advice else level,
        message=one_line(one.violation.message)[:_MOST_LETTERS],
        object=one.change.object,
        from_=one.change.from_,
        to=one.change.to,
        urn=urn,
        source=places.get(urn, ""),
        approval=one.approval,
        missing=one.missing,
    )


def _weight(one: Finding) -> tuple[int, str, str, str, str]:
    rank = 0 if one.refuses else 1 if one.approval is None else 2
    return rank, one.rule.name, one.object, one.urn, one.message


def _rank(op: str) -> tuple[int, str]:
    return _ORDER.index(op) if op in _ORDER else len(_ORDER), op


def _distinct(policies: Iterable[PolicyViolation]) -> list[PolicyViolation]:
    return sorted(set(policies), key=lambda one: (one.level != MANDATORY, one.policy, one.urn, one.message))


def _told(policy: PolicyViolation, findings: Iterable[Finding]) -> bool:
    """Whether the pack found what the gate has found itself."""
    return any(
        one.rule.name == policy.policy and one.refuses and (one.urn == policy.urn or one.message in policy.message)
        for one in findings
    )
