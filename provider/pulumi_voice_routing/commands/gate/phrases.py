"""Sentences that all reports for people share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from ...errors import some_of
from ...permission.needed import NOT_KNOWN
from .verdict import Finding, Verdict

_DONE = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "same": "unchanged"}
_MOST_NAMED = 10


def headline(verdict: Verdict) -> str:
    """The verdict in a few words."""
    refused = len(verdict.refused) + sum(one.level == "mandatory" for one in verdict.policies)
    advice = len(verdict.advice) + sum(one.level != "mandatory" for one in verdict.policies)
    parts = [f"refused: {_many(refused, 'violation')}" if refused else "passed"]
    parts += [f"{_many(advice, 'warning')}"] if advice else []
    parts += [f"{len(verdict.approved)} approved"] if verdict.approved else []
    return ", ".join(parts)


def would_be(verdict: Verdict) -> str:
    """What would happen, in numbers."""
    counts = [f"{count} {_DONE.get(op, op)}" for op, count in verdict.counts.items()]
    elsewhere = verdict.plan_changes_elsewhere
    counts += [f"{elsewhere} changed in other packages, not judged"] if elsewhere else []
    return ", ".join(counts) or "nothing"


def together(findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """The findings to show, and what more there are of each kind: hundreds of numbers that move alike are one line."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for one in findings:
        said = one.message.replace(one.object, "") if one.object else one.message
        alike.setdefault((one.rule.name, one.level, one.from_, one.to, said, one.missing, one.approval), []).append(one)
    return [(first, _more([one.object for one in rest])) for first, *rest in alike.values()]


def approving(verdict: Verdict) -> str:
    """How to permit something that can be permitted; empty when there is nothing."""
    for one in verdict.refused:
        if one.rule.name != "reviewed-plan" and NOT_KNOWN not in (one.from_, one.to):
            return (
                f"To permit a change: voice-routing approve REPORT.json --rule {one.rule.name} --object "
                f"{shlex.quote(one.object)} --reason ... --ticket ... --until ..., where REPORT.json is this report "
                "with --format json."
            )
    return ""


def permitted_by(one: Finding) -> str:
    """The ticket and the last day of an approval."""
    return f"{one.approval.ticket}, until {one.approval.until}" if one.approval else ""


def _more(objects: list[str]) -> str:
    return f" The same for {some_of(objects, _MOST_NAMED)}." if objects else ""


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
