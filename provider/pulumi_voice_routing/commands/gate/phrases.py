"""Sentences that all reports for people share."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from ...call_flow.judgement import CallChange
from ...errors import some_of
from ...permission.needed import NOT_KNOWN
from ...toml_entries import with_zone
from .entry import Entry, toml
from .verdict import Finding, Verdict

_DONE = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "same": "unchanged"}
_MOST_NAMED = 10
_MOST_IN_A_SENTENCE = 3
_MOST_ENTRIES, _MOST_OBJECTS = 5, 20
_A_MONTH = timedelta(days=30)


def headline(verdict: Verdict) -> str:
    """The verdict in a few words."""
    refused = len(verdict.refused) + sum(one.level == "mandatory" for one in verdict.policies)
    advice = len(verdict.advice) + sum(one.level != "mandatory" for one in verdict.policies)
    parts = [f"refused: {_many(refused, 'violation')}" if refused else "passed"]
    parts += [f"{_many(advice, 'warning')}"] if advice else []
    parts += [f"{len(verdict.approved)} approved"] if verdict.approved else []
    parts += [f"{_many(verdict.off, 'rule')} switched off"] if verdict.off else []
    return ", ".join(parts)


def callers(verdict: Verdict) -> str:
    """What happens to callers, in one sentence; empty when nothing does."""
    found: dict[str, list[str]] = {}
    told: dict[str, int] = {}
    for change in verdict.calls:
        rank = next(place for place, (holds, _) in enumerate(_FATES) if holds(change))
        told[change.number] = min(rank, told.get(change.number, rank))
    for number, rank in told.items():
        found.setdefault(_FATES[rank][1], []).append(number)
    order = [words for _, words in _FATES if words in found]
    said = "; ".join(f"calls to {some_of(found[words], _MOST_IN_A_SENTENCE)} {words}" for words in order)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


_FATES: Sequence[tuple[Callable[[CallChange], bool], str]] = (
    (lambda change: change.let_go, "would not be answered any more, because the number is given up"),
    (lambda change: "fewer answered" in change.verdicts, "would be answered less often than now"),
    (lambda change: bool(change.forbidden), "would go where no call may go"),
    (lambda change: "less certain" in change.verdicts, "may not be answered, which could not be told any more"),
    (lambda change: not change.new, "would end elsewhere than now"),
    (lambda change: True, "would be answered from now on, as far as this stack knows"),
)
"""What can be said of calls, the worst first."""


def entries(verdict: Verdict) -> str:
    """Entries for the file of approvals that permit what is refused, as TOML; reason and ticket are left to whoever
    permits it."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in verdict.refused:
        if one.object and one.rule.name != "reviewed-plan" and NOT_KNOWN not in (one.from_, one.to):
            there = found.setdefault((one.rule.name, one.from_, one.to), [])
            there += [one.object] if one.object not in there else []
    if not 0 < len(found) <= _MOST_ENTRIES or any(len(objects) > _MOST_OBJECTS for objects in found.values()):
        return ""
    until = datetime.now(UTC).date() + _A_MONTH
    return "\n".join(
        toml(Entry(rule, tuple(objects), from_, to), "", "", until) for (rule, from_, to), objects in found.items()
    )


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
    return f"{one.approval.ticket}, until {with_zone(one.approval.until)}" if one.approval else ""


def _more(objects: list[str]) -> str:
    return f" The same for {some_of(objects, _MOST_NAMED)}." if objects else ""


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
