"""The picture as Mermaid text, which code hosts draw in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import one_line
from .graph import Change, Edge, Graph, Node

_SHAPES = {
    "number": ("([", "])"),
    "profile": ("{{", "}}"),
    "destination": ("[", "]"),
    "rule": ("[/", "/]"),
    "group": ("[[", "]]"),
    "service": ("[(", ")]"),
    "end": ("(", ")"),
}
_COLOURS: dict[Change, str] = {"new": "#1a7f37", "changed": "#9a6700", "replaced": "#bc4c00", "gone": "#cf222e"}
_SPECIAL = re.compile(
    r"[#&<>\"`|\[\]{}()\\;*~]|(?<!\w)_|_(?!\w)|^[-+](?=\s)|(?<=^\d)\.|(?<=^\d\d)\.|(?<!\w)@(?=\w)|:(?=//)"
)
_LONG_WORD = re.compile(r"\S{30}(?=\S)")
"""Where a word may be broken, which would else make its box as wide as itself, and all others small."""
MOST_CHARACTERS, MOST_EDGES = 50_000, 500
"""What Mermaid draws, unless it is set up for more."""


def beyond(graph: Graph, text: str) -> str:
    """Why code hosts do not draw it; empty when they do."""
    if len(text) <= MOST_CHARACTERS and len(graph.edges) <= MOST_EDGES:
        return ""
    return (
        f"it has {len(text):,} characters and {len(graph.edges):,} arrows, and Mermaid draws no more than "
        f"{MOST_CHARACTERS:,} and {MOST_EDGES:,}: draw a part of it with --changed or --number, or an SVG"
    )


def mermaid(graph: Graph) -> str:
    """A flowchart from left to right."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart LR"
    names = {node.key: f"n{place}" for place, node in enumerate(graph.nodes, 1)}
    for node in graph.nodes:
        yield f"  {names[node.key]}{_box(node)}"
    for edge in graph.edges:
        yield f"  {names[edge.source]} {_arrow(edge)} {names[edge.target]}"
    said = [one for one in (graph.heading, *graph.notes) if one]
    if said:
        yield f'  note["{"<br/>".join(map(_plain, said))}"]'
        yield "  style note fill:none,stroke:none"
    off = [names[node.key] for node in graph.nodes if node.off]
    if off:
        yield "  classDef off stroke-dasharray:3 3"
        yield f"  class {','.join(off)} off"
    if graph.changes:
        yield "  subgraph key [Colours]"
        for place, (change, meaning) in enumerate(graph.meanings.items(), 1):
            yield f'    k{place}["{meaning}"]:::{change}'
        yield "  end"
    for change in graph.changes:
        colour = _COLOURS[change]
        yield f"  classDef {change} stroke:{colour},color:{colour},stroke-width:2px"
        boxes = [names[node.key] for node in graph.nodes if node.change == change]
        if boxes:
            yield f"  class {','.join(boxes)} {change}"
        arrows = [str(place) for place, edge in enumerate(graph.edges) if edge.change == change]
        if arrows:
            yield f"  linkStyle {','.join(arrows)} stroke:{colour}"


def _box(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    said = "<br/>".join(_plain(line) for line in (node.title, *node.lines))
    return f'{opening}"{said}"{closing}'


def _arrow(edge: Edge) -> str:
    line = "-.->" if edge.aside else "-->"
    return f'{line}|"{_plain(edge.label)}"|' if edge.label else line


def _plain(text: str) -> str:
    """Names are people's own: nothing in them is markup, or the beginning of a list."""
    broken = _LONG_WORD.sub("\\g<0>\u200b", one_line(text))
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", broken)
