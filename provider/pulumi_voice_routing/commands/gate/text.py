"""The verdict for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import one_line
from ..impact_report import as_text
from ..local_time import end_here
from .document import type_of
from .phrases import approving, callers, entries, headline, permitted_by, together, would_be
from .verdict import Finding, Verdict

_MOST_RESOURCES = 50
_MOST_NUMBERS = 50


def text(verdict: Verdict) -> str:
    """The verdict, one line for each thing."""
    return "\n".join(_lines(verdict)) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    plan = verdict.plan
    yield headline(verdict)
    yield one_line(f"stack {plan.stack} of {plan.project}: {would_be(verdict)}")
    if verdict.calls:
        yield one_line(callers(verdict))
        yield from as_text(verdict.impacts[:_MOST_NUMBERS]).splitlines()
        if len(verdict.impacts) > _MOST_NUMBERS:
            yield f"and {len(verdict.impacts) - _MOST_NUMBERS} more, which `voice-routing impact` shows"
    for step in verdict.changed[:_MOST_RESOURCES]:
        yield f"  {step.op:<8} {type_of(step.urn)} {one_line(step.urn.rpartition('::')[2])}"
    if len(verdict.changed) > _MOST_RESOURCES:
        yield f"  and {len(verdict.changed) - _MOST_RESOURCES} more"
    for one, more in together(verdict.refused):
        yield one_line(f"violation {one.rule.name}: {one.message}{more}{_where(one)} ({one.missing})")
    for policy in verdict.policies:
        word = "violation" if policy.level == "mandatory" else "warning"
        yield one_line(f"{word} {policy.policy} (policy pack {policy.pack}): {policy.message}")
    for one, more in together(verdict.advice):
        yield one_line(f"warning {one.rule.name}: {one.message}{more}{_where(one)}")
    for one, more in together(verdict.approved):
        yield one_line(f"approved {one.rule.name}: {one.message}{more} ({permitted_by(one)}{_ends_here(one)})")
    yield from (f"note: {note}" for note in verdict.notes)
    how = approving(verdict)
    yield from [one_line(how)] if how else []
    if entries(verdict):
        yield "or fill in reason and ticket here, and add it to the file of approvals:"
        yield from entries(verdict).splitlines()
    yield f"plan {plan.hash}"


def _ends_here(one: Finding) -> str:
    ends = end_here(one.approval.until) if one.approval else ""
    return f", here until {ends}" if ends else ""


def _where(one: Finding) -> str:
    return f" [{one.source.replace('#', ':')}]" if one.source else ""
