"""The verdict for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from .document import type_of
from .verdict import Finding, Verdict
from .words import approving, headline, permitted_by, together, would_be

_MOST_RESOURCES = 50
_RED, _YELLOW, _GREEN, _PLAIN = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[0m"


def text(verdict: Verdict, *, colour: bool = False) -> str:
    """The verdict, one line for each thing."""
    return "\n".join(_lines(verdict, colour)) + "\n"


def _lines(verdict: Verdict, colour: bool) -> Iterator[str]:
    def painted(word: str, paint: str) -> str:
        return f"{paint}{word}{_PLAIN}" if colour else word

    plan = verdict.plan
    yield painted(headline(verdict), _GREEN if verdict.passes else _RED)
    yield f"stack {plan.stack} of {plan.project}: {would_be(verdict)}"
    for step in verdict.changed[:_MOST_RESOURCES]:
        yield f"  {step.op:<8} {type_of(step.urn)} {step.urn.rpartition('::')[2]}"
    if len(verdict.changed) > _MOST_RESOURCES:
        yield f"  and {len(verdict.changed) - _MOST_RESOURCES} more"
    for one, more in together(verdict.refused):
        yield f"{painted('violation', _RED)} {one.rule.name}: {one.message}{more}{_where(one)} ({one.missing})"
    for policy in verdict.policies:
        word = painted("violation", _RED) if policy.level == "mandatory" else painted("warning", _YELLOW)
        yield f"{word} {policy.policy} (policy pack {policy.pack}): {policy.message}"
    for one, more in together(verdict.advice):
        yield f"{painted('warning', _YELLOW)} {one.rule.name}: {one.message}{more}{_where(one)}"
    for one, more in together(verdict.approved):
        yield f"{painted('approved', _GREEN)} {one.rule.name}: {one.message}{more} ({permitted_by(one)})"
    yield from (f"note: {note}" for note in verdict.notes)
    how = approving(verdict)
    yield from [how] if how else []
    yield f"plan {plan.hash}"


def _where(one: Finding) -> str:
    return f" [{one.source.replace('#', ':')}]" if one.source else ""
