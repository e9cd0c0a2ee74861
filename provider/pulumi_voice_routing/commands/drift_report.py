"""Drift for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from ..errors import one_line, some_of
from ..markdown_text import LONGEST, escaped
from . import impact_report
from .drift import CHANGED, MISSING, UNMANAGED, Argument, Drift, Found
from .export.account import Account, found_of
from .export.account import Found as Exported
from .export.program import Program

_LONGEST_VALUE = 200
_MOST_ITEMS = 5


@dataclass(frozen=True)
class Line:
    """A drift in words."""

    what: str
    details: tuple[str, ...]


def as_text(found: Found) -> str:
    """Every drift, the most harmful first, what it means for callers, and how much the stack manages."""
    parts = ["\n".join([line.what, *(f"  {detail}" for detail in line.details)]) for line in map(_line, found.open)]
    if found.numbers and sum(bool(one.calls) for one in found.open) != 1:
        parts.append(f"All together, for callers:\n{impact_report.as_text(found.numbers)}")
    if code := _code(found):
        parts.append(f"To declare what the stack does not know, with adopt_id or `voice-routing adopt`:\n\n{code}")
    parts += [f"error: {one}" for one in found.errors]
    ignored = [one for one in found.drifts if one.ignored]
    if ignored:
        parts.append("\n".join(f"ignored: {_named(one)}: {one.ignored}" for one in ignored))
    if found.expired:
        parts.append("\n".join(f"warning: {one}" for one in found.expired))
    parts.append(coverage(found))
    return "\n\n".join(parts) + "\n"


def as_markdown(found: Found) -> str:
    """The same for an issue or a pull request."""
    parts = [f"**{headline(found)}**"]
    rows = [f"| {escaped(line.what)} | {'<br>'.join(map(escaped, line.details))} |" for line in map(_line, found.open)]
    room = LONGEST
    shown: list[str] = []
    for row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        shown.append(row)
    if shown:
        parts.append("\n".join(["| object | what is different |", "| --- | --- |", *shown]))
    if len(shown) < len(rows):
        parts.append(f"**{len(rows) - len(shown)} more rows are cut off here**; the text and JSON have all of them.")
    if found.errors:
        parts.append("\n".join(f"- not looked at: {escaped(one)}" for one in found.errors))
    if found.expired:
        parts.append("\n".join(f"- {escaped(one)}" for one in found.expired))
    code = _code(found)
    if code and len(code) < room:
        parts.append(
            f"<details><summary>What the stack does not know, as code</summary>\n\n```python\n{code}```\n\n</details>"
        )
    parts.append(coverage(found))
    return "\n\n".join(parts) + "\n"


def as_json(found: Found) -> dict[str, object]:
    """The same as plain values."""
    return {
        "version": 1,
        "coverage": round(found.coverage, 2),
        "looked": dict(sorted(found.looked.items())),
        "errors": found.errors,
        "expired": found.expired,
        "drifts": [
            {
                "kind": one.kind,
                "type": one.token,
                "id": one.id,
                "name": one.label,
                "urn": one.urn,
                "arguments": [{"name": arg.name, "known": arg.known, "there": arg.there} for arg in one.arguments],
                "ignored": one.ignored,
                "calls": [
                    {
                        "number": call.number,
                        "calls": call.calls,
                        "when": call.when,
                        "before": impact_report.outcome_as_json(call.before),
                        "after": impact_report.outcome_as_json(call.after),
                        "verdicts": sorted(call.verdicts),
                    }
                    for call in one.calls
                ],
            }
            for one in found.drifts
        ],
        "numbers": impact_report.as_json(found.numbers),
    }


def headline(found: Found) -> str:
    """How much there is of each kind, in a few words."""
    counts = [(kind, sum(one.kind == kind for one in found.open)) for kind in (CHANGED, MISSING, UNMANAGED)]
    said = [f"{count} {kind}" for kind, count in counts if count]
    said += [f"{len(found.errors)} not looked at"] if found.errors else []
    return f"Drift: {', '.join(said)}" if said else "No drift"


def coverage(found: Found) -> str:
    """How much of what is there the stack manages."""
    return f"{found.coverage:.0f} % of the objects in the stack's places are managed by it."


def _line(drift: Drift) -> Line:
    said = {
        CHANGED: "was changed outside the program",
        MISSING: "is gone from the vendor",
        UNMANAGED: "is not managed by this stack",
    }[drift.kind]
    details = [*map(_argument, drift.arguments), *_callers(drift)]
    return Line(one_line(f"{_named(drift)} {said}"), tuple(map(one_line, details)))


def _named(drift: Drift) -> str:
    return f"{drift.token} {drift.label!r} ({drift.id})"


def _argument(argument: Argument) -> str:
    known, there = argument.known, argument.there
    if isinstance(known, list) and isinstance(there, list):
        gone = [_value(one) for one in known if one not in there]
        new = [_value(one) for one in there if one not in known]
        said = [f"without {some_of(gone, _MOST_ITEMS)}"] if gone else []
        said += [f"with {some_of(new, _MOST_ITEMS)}"] if new else []
        return f"{argument.name}: {' and '.join(said) or 'in another order'}"
    return f"{argument.name}: {_value(known)} became {_value(there)}"


def _value(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _LONGEST_VALUE else f"{said[:_LONGEST_VALUE]}..."


def _callers(drift: Drift) -> Iterator[str]:
    """What it does to callers, numbers with the same change together."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for change in drift.calls:
        told.setdefault((change.when, str(change.before), str(change.after)), []).append(change.who)
    for (when, before, after), who in told.items():
        yield f"calls to {some_of(list(dict.fromkeys(who)))}, {when}: {after}; before: {before}"


def _code(found: Found) -> str:
    there: list[Exported] = []
    for one in found.open:
        if one.kind == UNMANAGED:
            with suppress(ValueError):  # it is named all the same, and nothing can declare it
                there.append(found_of(one.token, one.id, dict(one.outputs)))
    return Program("unmanaged", Account(there), one_file=True).text("What the stack does not know.") if there else ""


__all__ = ["as_json", "as_markdown", "as_text", "coverage", "headline"]
