"""The path of one call, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..call_flow.outcome import percent
from ..call_flow.route import Line
from ..call_flow.trace import Trace
from ..errors import one_line
from ..plan.facts import Resource
from .impact_report import outcome_as_json


def as_text(trace: Trace) -> str:
    """The path as a tree, and where it ends."""
    return "\n".join([*_tree(trace.lines), one_line(f"=> {trace.outcome}")])


def as_json(trace: Trace) -> dict[str, object]:
    """The path as plain values."""
    return {"fate": outcome_as_json(trace.outcome), "path": [_plain(line) for line in trace.lines]}


def _tree(lines: Sequence[Line], indent: str = "") -> Iterator[str]:
    """A step that leads to one other stands above it, and branches stand below each other."""
    for place, line in enumerate(lines):
        fork = len(lines) > 1
        last = place == len(lines) - 1
        branch = ("└─ " if last else "├─ ") if fork else ""
        yield f"{indent}{branch}{_odds(line)}{one_line(line.what)}{_behind(line.resource)}"
        yield from _tree(line.lines, indent + (("   " if last else "│  ") if fork else "") + ("" if fork else "  "))


def _odds(line: Line) -> str:
    if line.open:
        return "? "
    return f"{percent(line.odds)} " if line.odds is not None else ""


def _behind(resource: Resource | None) -> str:
    return f"  [{resource.type} {one_line(resource.name)}]" if resource is not None else ""


def _plain(line: Line) -> dict[str, object]:
    plain: dict[str, object] = {"what": line.what}
    if line.resource is not None:
        plain["resource"] = {"type": line.resource.type, "name": line.resource.name, "urn": line.resource.urn}
    if line.odds is not None:
        plain |= {"odds": str(line.odds), "percent": float(line.odds * 100)}
    if line.open:
        plain["odds"] = None
    if line.end is not None:
        plain["end"] = line.end.kind
    return {**plain, "next": [_plain(one) for one in line.lines]} if line.lines else plain
