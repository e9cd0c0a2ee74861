"""Less in one picture: only what calls reach, numbers that are answered alike together, and several pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ...errors import some_of
from .graph import Edge, Graph, Node

MOST_OBJECTS = 50
"""How many boxes a picture has before it is parted."""
NOTHING = "No number, extension, profile or destination is part of this stack."
_MOST_NUMBERS = 3
_KINDS_IN_WORDS = {"queue": ("queue",), "ivr": ("IVR", "Visual IVR")}
_NOUNS = {"rule": "answering rule", "end": "number that rings"}


def reached(graph: Graph) -> Graph:
    """Only what calls can reach, and what changes; the rest is counted.

    Where no number is declared, profiles are where calls begin: numbers from elsewhere lead to them.
    """
    if not graph.nodes:
        return replace(graph, notes=(NOTHING,))
    there = graph.onward(_starts(graph)) | {node.key for node in graph.nodes if node.change}
    there |= {key for edge in graph.edges if edge.change for key in (edge.source, edge.target)}
    left = Counter(_NOUNS.get(node.kind, node.noun or node.kind) for node in graph.nodes if node.key not in there)
    said = ", ".join(f"{many} {noun}{'' if many == 1 else 's'}" for noun, many in sorted(left.items()))
    shown = graph.part(there)
    return replace(shown, notes=(*graph.notes, *([f"Reached by no call: {said}."] if said else [])))


def _starts(graph: Graph) -> set[str]:
    led_to = {edge.target for edge in graph.edges}
    for kinds in (("number",), ("profile",)):
        found = {node.key for node in graph.nodes if node.kind in kinds}
        if found:
            return found | {node.key for node in graph.nodes if node.kind in ("rule", "group")}
    return {node.key for node in graph.nodes if node.key not in led_to or node.kind in ("rule", "group")}


def grouped(graph: Graph) -> Graph:
    """With one box for all numbers that are answered alike, where there is more than one page of boxes."""
    if len(graph.nodes) <= MOST_OBJECTS:
        return graph
    onward: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        onward[edge.source].append(edge)
    alike: defaultdict[object, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        if node.kind == "number":
            ways = frozenset((one.target, one.label, one.change, one.basis) for one in onward[node.key])
            alike[ways, node.change, node.off, node.lines if len(node.numbers) < 2 else node.key].append(node)
    first = {node.key: _together(those) for those in alike.values() if len(those) > 1 for node in those[:1]}
    gone = {node.key for those in alike.values() for node in those[1:]}
    nodes = [first.get(node.key, node) for node in graph.nodes if node.key not in gone]
    return replace(graph, nodes=nodes, edges=[edge for edge in graph.edges if edge.source not in gone])


def _together(those: list[Node]) -> Node:
    titles = sorted(node.title for node in those)
    return replace(those[0], title=f"{len(those)} numbers", lines=(*those[0].lines, some_of(titles, _MOST_NUMBERS)))


def pages(graph: Graph) -> list[Graph]:
    """The picture in as many parts as keep each readable; what several parts lead to is in each of them."""
    if len(graph.nodes) <= MOST_OBJECTS:
        return [graph]
    starts = [node.key for node in graph.nodes if node.key in _starts(graph)]
    ways = [graph.onward({start}) for start in starts]
    rest = {node.key for node in graph.nodes}.difference(*ways)
    ways += [graph.onward({key}) for key in sorted(rest)]
    found: list[set[str]] = []
    for way in _neighbours(ways):
        if found and (way <= found[-1] or len(found[-1] | way) <= MOST_OBJECTS):
            found[-1] |= way
        else:
            found.append(set(way))
    return [
        replace(
            graph.part(keys, around=False),
            heading=f"Page {place} of {len(found)}",
            notes=graph.notes if place == len(found) else (),
        )
        for place, keys in enumerate(found, 1)
    ]


def _neighbours(ways: Iterable[set[str]]) -> list[set[str]]:
    """Those that lead to the same things beside each other, so that they come to the same page."""
    return sorted(ways, key=lambda way: (max(way), sorted(way, reverse=True)))


def named(graph: Graph, names: Mapping[tuple[str, str], str]) -> Graph:
    """With the names of queues and IVRs beside their ids."""
    words = {
        f"{word} {id_}": f"{name} ({word} {id_})"
        for (kind, id_), name in names.items()
        for word in _KINDS_IN_WORDS.get(kind, ())
    }

    def said(text: str) -> str:
        return words.get(text, text)

    nodes = [replace(one, title=said(one.title), lines=tuple(map(said, one.lines))) for one in graph.nodes]
    return replace(graph, nodes=nodes)
