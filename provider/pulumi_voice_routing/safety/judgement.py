"""Rules, settings and approvals brought together: the pack and the gate judge here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime

from ..permission.approvals import Approval, Approvals, Change
from ..permission.needed import NOT_KNOWN
from ..plan.facts import Facts
from ..toml_entries import with_zone
from .rule import Rule, Settings, Violation


@dataclass(frozen=True)
class Judgement:
    """A change that a rule stops, or would stop if it were not approved."""

    rule: Rule
    violation: Violation
    change: Change
    """What an approval has to name."""
    approval: Approval | None = None
    """The one that permits it."""
    missing: str = ""
    """Why no approval permits it."""
    together_with: tuple[Approval, ...] = ()
    """The other approvals that it takes besides that one."""


def judge(
    rule: Rule, facts: Facts, settings: Settings, approvals: Approvals, today: date | None = None
) -> Iterator[Judgement]:
    """Everything that the rule finds, approved or not."""
    day = today or datetime.now(UTC).date()
    for violation in rule.judge(facts, settings):
        change = Change(rule.name, violation.object, violation.from_, violation.to)
        if not change.object:
            yield Judgement(rule, violation, change)
            continue
        if NOT_KNOWN in (change.from_, change.to):
            yield Judgement(rule, violation, change, None, "what is not known yet cannot be approved")
            continue
        approval = approvals.covering(change, day)
        found = [approval] if approval else _taking_along(violation, approvals, day)
        missing = "" if found else approvals.why_not(change, day)
        yield Judgement(rule, violation, change, found[0] if found else None, missing, tuple(found[1:]))


def _taking_along(violation: Violation, approvals: Approvals, day: date) -> list[Approval]:
    """The approvals of other changes that take this one along."""
    for group in violation.lifted_by:
        found = [approval for one in sorted(group, key=astuple) if (approval := approvals.covering(one, day))]
        if len(found) == len(group):
            return found
    return []


def unused(
    approvals: Approvals, findings: Iterable[Judgement], today: date | None = None, *, unseen: Collection[str] = ()
) -> Iterator[str]:
    """One line for each approval that has expired, or that permits nothing that would happen.

    ``unseen`` are the rules that somebody else keeps with what is not known here, so that only they can tell.
    """
    day = today or datetime.now(UTC).date()
    used = {id(approval) for one in findings for approval in (one.approval, *one.together_with)}
    for entry in approvals.entries:
        what = f"the approval of {entry.rule} for {', '.join(sorted(entry.objects))} ({entry.ticket})"
        if entry.expired(day):
            yield f"{what} expired on {with_zone(entry.until)}; take it out of the file"
        elif id(entry) not in used and entry.rule not in unseen:
            yield f"{what} permits nothing that would happen now"
