"""The picture as Mermaid text, which code hosts draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

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
    """Names are people's own: nothing in them is markup."""
    return "".join(f"#{ord(char)};" if char in '#&<>"`|[]{}()\\;' else char for char in text if char.isprintable())
