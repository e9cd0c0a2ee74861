"""Where boxes go: in columns from left to right along the route of a call, with few crossings."""

from __future__ import annotations

from dataclasses import dataclass

from .graph import Graph, Node

WIDTH = 220
LINE = 18
GAP_ACROSS = 180
GAP_DOWN = 26
MARGIN = 20
_SWEEPS = 8


@dataclass(frozen=True)
class Box:
    """A node in its place, in pixels from the top left."""

    node: Node
    x: float
    y: float

    @property
    def height(self) -> float:
        """As high as its text."""
        return height_of(self.node)

    @property
    def middle(self) -> float:
        """Where arrows meet it."""
        return self.y + self.height / 2


def height_of(node: Node) -> float:
    """As high as a node's text."""
    return 20 + LINE * (1 + len(node.lines))


def boxes_of(graph: Graph) -> dict[str, Box]:
    """Every node in its place, by key."""
    columns = _columns(graph)
    _untangle(graph, columns)
    heights = [sum(height_of(node) + GAP_DOWN for node in column) - GAP_DOWN for column in columns]
    tallest = max(heights, default=0.0)
    found: dict[str, Box] = {}
    for place, (column, height) in enumerate(zip(columns, heights, strict=True)):
        y = MARGIN + (tallest - height) / 2
        for node in column:
            found[node.key] = Box(node, MARGIN + place * (WIDTH + GAP_ACROSS), y)
            y += height_of(node) + GAP_DOWN
    return found


def _columns(graph: Graph) -> list[list[Node]]:
    """Each node one column to the right of the last that leads to it; arrows that close a loop do not count."""
    onward: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    for edge in graph.edges:
        onward[edge.source].append(edge.target)
    order = _in_order(onward)
    place = {key: position for position, key in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for key in order:
        for target in onward[key]:
            if place[target] > place[key]:
                depth[target] = max(depth[target], depth[key] + 1)
    columns: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in graph.nodes:
        columns[depth[node.key]].append(node)
    return columns


def _in_order(onward: dict[str, list[str]]) -> list[str]:
    """The keys so that arrows lead onward, as far as they do not go round in a loop."""
    led_to = {target for targets in onward.values() for target in targets}
    done: list[str] = []
    seen: set[str] = set()
    for start in [*(key for key in onward if key not in led_to), *onward]:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(onward[start]))]
        while path:
            key, targets = path[-1]
            target = next((one for one in targets if one not in seen), None)
            if target is None:
                done.append(key)
                path.pop()
            else:
                seen.add(target)
                path.append((target, iter(onward[target])))
    return done[::-1]


def _untangle(graph: Graph, columns: list[list[Node]]) -> None:
    """Move each node towards the middle of what it is joined to, there and back a few times."""
    neighbours: dict[str, list[str]] = {node.key: [] for node in graph.nodes}
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            at = {node.key: place / len(one) for one in columns for place, node in enumerate(one)}
            middles = {
                node.key: sum(at[key] for key in near) / len(near) if (near := neighbours[node.key]) else at[node.key]
                for node in column
            }
            column.sort(key=lambda node: (middles[node.key], node.key))
