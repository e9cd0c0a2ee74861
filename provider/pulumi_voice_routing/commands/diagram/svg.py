"""The picture as SVG, in the layout of the page that ``voice-routing view`` makes."""

from __future__ import annotations

from ...errors import one_line
from ...registry import PRODUCTS
from ..drawing import engine
from .graph import Graph, Node


def svg(graph: Graph, title: str = "Where calls go") -> str:
    """A picture that stands by itself; the same graph is the same text."""
    return engine.svg(scene(graph), one_line(title))


def scene(graph: Graph) -> dict[str, object]:
    """The boxes and arrows as plain values, with short keys: those of the graph are long."""
    keys = {node.key: f"n{place}" for place, node in enumerate(graph.nodes)}
    return {
        "heading": one_line(graph.heading),
        "notes": [one_line(note) for note in graph.notes],
        "nodes": [_box(node, keys[node.key]) for node in graph.nodes],
        "edges": [
            {
                "source": keys[edge.source],
                "target": keys[edge.target],
                "label": one_line(edge.label),
                "change": edge.change,
                "aside": edge.aside,
            }
            for edge in graph.edges
        ],
    }


def _box(node: Node, key: str) -> dict[str, object]:
    vendor = node.vendor if node.kind != "end" else ""
    return {
        "key": key,
        "kind": node.kind,
        "vendor": vendor,
        "label": f"{PRODUCTS.get(vendor, '')} {node.noun}".strip() if node.noun else "",
        "title": one_line(node.title),
        "lines": [one_line(line) for line in node.lines],
        "change": node.change,
        "off": node.off,
    }
