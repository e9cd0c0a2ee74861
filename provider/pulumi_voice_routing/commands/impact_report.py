"""Whose calls would end elsewhere, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from ..call_flow.impact import NumberImpact, OutcomeChange
from ..call_flow.outcome import Outcome
from ..errors import one_line, some_of
from ..markdown_text import LONGEST, escaped

_HEAD = ("| calls to | when | before | after |", "| --- | --- | --- | --- |")
_ROOM_FOR_THE_REST = 400


def as_text(impacts: Sequence[NumberImpact], most: int = 5) -> str:
    """Every group of numbers with the same outcome, and when it changes from what to what."""
    if not impacts:
        return "Nobody's calls end elsewhere."
    return "\n\n".join("\n".join(_text(numbers, one, most)) for one, numbers in _grouped(impacts))


def as_markdown(impacts: Sequence[NumberImpact], most: int = 5) -> str:
    """The same as a table, for a pull request; empty when nothing changes for callers."""

    rows = [
        f"| {' | '.join(escaped(one_line(cell)) for cell in cells)} |"
        for one, numbers in _grouped(impacts)
        for change in one.changes
        for cells in [(some_of(numbers, most) + _which(one), change.when, str(change.before), str(change.after))]
    ]
    ends = accumulate(len(row.encode()) + 1 for row in rows)
    fitting = [row for row, end in zip(rows, ends, strict=True) if end <= LONGEST - _ROOM_FOR_THE_REST]
    left = len(rows) - len(fitting)
    more = ["", f"**{left} more rows are cut off here**; the impact as JSON or text has all of them."] if left else []
    return "\n".join([*_HEAD, *fitting, *more]) if rows else ""


def as_json(impacts: Iterable[NumberImpact]) -> list[dict[str, object]]:
    """The same as plain values: odds as fractions, times in words and as minutes of the week."""
    return [
        {
            "number": one.number,
            "calls": one.calls,
            "changes": [
                {
                    "when": change.when,
                    "minutes": [list(interval) for interval in change.intervals],
                    "before": outcome_as_json(change.before),
                    "after": outcome_as_json(change.after),
                }
                for change in one.changes
            ],
        }
        for one in impacts
    ]


def outcome_as_json(outcome: Outcome) -> list[dict[str, object]]:
    """The ends of an outcome, the most probable first."""
    return [
        {
            "end": end.kind,
            "what": end.note or end.what,
            "odds": str(odds),
            "percent": float(odds * 100),
            **({"otherwise": outcome_as_json(end.otherwise)} if end.otherwise is not None else {}),
        }
        for end, odds in outcome.odds.items()
    ]


def _grouped(impacts: Iterable[NumberImpact]) -> Iterator[tuple[NumberImpact, list[str]]]:
    """The numbers that change alike, together."""
    found: dict[tuple[str, tuple[OutcomeChange, ...]], list[NumberImpact]] = {}
    for one in impacts:
        found.setdefault((one.calls, one.changes), []).append(one)
    for those in found.values():
        yield those[0], [one.number for one in those]


def _text(numbers: Sequence[str], one: NumberImpact, most: int) -> Iterator[str]:
    yield one_line(f"{some_of(numbers, most)}{_which(one)}")
    for change in one.changes:
        yield f"  {change.when}"
        yield f"    before: {one_line(str(change.before))}"
        yield f"    after:  {one_line(str(change.after))}"
    if not one.changes:
        yield "  as before"


def _which(one: NumberImpact) -> str:
    return f", calls {one.calls}" if one.calls else ""
