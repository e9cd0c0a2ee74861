"""A change as people read it in a pull request: what it does to callers, a drawing of it, and details folded away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..call_flow.impact import NumberImpact, OutcomeChange
from ..errors import one_line
from ..markdown_text import escaped
from ..plan.plan import Plan
from .diagram.graph import graph_of
from .diagram.mermaid import MOST_EDGES, mermaid
from .naming import Names, spoken

_MOST_SENTENCES, _MOST_NUMBERS = 30, 3
_LONGEST_DRAWING, _LONGEST_SENTENCE = 12_000, 1_000
_ROOM_FOR_THE_END = 400


def sentences(impacts: Sequence[NumberImpact], names: Names) -> list[str]:
    """One sentence for each number that changes; those that change alike share it."""
    alike: dict[tuple[str, tuple[OutcomeChange, ...]], list[str]] = {}
    for one in impacts:
        alike.setdefault((one.calls, one.changes), []).append(spoken(one.number))
    said = [_sentence(numbers, calls, changes, names) for (calls, changes), numbers in alike.items()]
    if len(said) <= _MOST_SENTENCES:
        return said
    return [*said[:_MOST_SENTENCES], f"- and {len(said) - _MOST_SENTENCES} more changes for callers, in the details"]


def _sentence(numbers: Sequence[str], calls: str, changes: Iterable[OutcomeChange], names: Names) -> str:
    more = f" and {len(numbers) - _MOST_NUMBERS} more" if len(numbers) > _MOST_NUMBERS else ""
    who = ", ".join(map(escaped, numbers[:_MOST_NUMBERS])) + more
    which = f", calls {escaped(calls)}" if calls else ""
    what = "; ".join(f"{one.when}: {names.outcome(one.before)} becomes {names.outcome(one.after)}" for one in changes)
    said = escaped(one_line(what)[:_LONGEST_SENTENCE])
    return f"- {who}{which}, {said}"


def drawing(plan: Plan) -> list[str]:
    """What changes, as Mermaid that code hosts draw; nothing where it would be too much for one drawing."""
    graph = graph_of(plan).only_changed()
    if not graph.nodes or not graph.changes:
        return []
    text = mermaid(graph)
    if len(text.encode()) > _LONGEST_DRAWING or len(graph.edges) > MOST_EDGES:
        return ["", "What changes is too much for one drawing; `voice-routing view` shows it."]
    return ["", "```mermaid", *text.splitlines(), "```"]


def fitting(lines: Sequence[str], room: int, elsewhere: str) -> list[str]:
    """The lines that so many bytes have room for. What they begin they end; and where the others are is said."""
    left = room
    for place, line in enumerate(lines):
        left -= size_of([line])
        if left < (0 if place == len(lines) - 1 else _ROOM_FOR_THE_END):
            kept = list(lines[:place])
            if sum(one.startswith("```") for one in kept) % 2:  # half a drawing is none
                del kept[max(at for at, one in enumerate(kept) if one.startswith("```")) :]
            kept += ["</details>"] * (sum(one.startswith("<details>") for one in kept) - kept.count("</details>"))
            cut = len(lines) - place
            return [*kept, "", f"**{cut} more lines are cut off here**; {elsewhere} has all of them."]
    return list(lines)


def size_of(lines: Sequence[str]) -> int:
    """The bytes that lines take."""
    return sum(len(line.encode(errors="backslashreplace")) + 1 for line in lines)


def folded(title: str, lines: Sequence[str]) -> list[str]:
    """Lines that are seen when somebody asks for them."""
    if not lines:
        return []
    return ["", f"<details><summary>{escaped(title)}</summary>", "", *lines, "", "</details>"]
