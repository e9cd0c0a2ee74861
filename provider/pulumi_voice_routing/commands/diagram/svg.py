"""The picture as SVG, drawn without anything but this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from ...errors import one_line
from .graph import Edge, Graph
from .layout import GAP_ACROSS, LINE, MARGIN, WIDTH, Box, boxes_of

_STYLE = """\
    rect { fill: #ffffff; stroke: #33475b; stroke-width: 1.5; rx: 6px }
    .number { fill: #f3eefb }
    .profile { fill: #e8f1fb }
    .destination { fill: #eaf6ec }
    .rule { fill: #e6f5f5 }
    .group { fill: #e6f5f5 }
    .service { fill: #f1f3f5 }
    .end { fill: #fdf3e1 }
    path { fill: none; stroke: #33475b; stroke-width: 1.5; marker-end: url(#arrow) }
    .aside { stroke-dasharray: 5 4 }
    .off { opacity: 0.55; stroke-dasharray: 3 3 }
    .new { stroke: #1a7f37; stroke-width: 2.5 }
    .changed { stroke: #9a6700; stroke-width: 2.5 }
    .replaced { stroke: #bc4c00; stroke-width: 2.5 }
    .gone { stroke: #cf222e; stroke-width: 2.5; stroke-dasharray: 2 4 }
    text { fill: #1b2733; text-anchor: middle }
    .small { font-size: 12px; fill: #44566a }
    .label { font-size: 12px; paint-order: stroke; stroke: #ffffff; stroke-width: 5px }
    .background { fill: #ffffff; stroke: none }
    .key { text-anchor: start }"""
_ARROW = """\
    <marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10"
        markerUnits="userSpaceOnUse" orient="auto">
      <path d="M0,0 L10,5 L0,10 z" style="fill: #33475b; stroke: none; marker-end: none"/>
    </marker>"""
_MOST_LETTERS = 30
_KEY_HEIGHT = 34
_KEY_WIDTH = 130


def svg(graph: Graph, title: str = "Where calls go") -> str:
    """A picture that stands by itself; the same graph is the same text."""
    return "\n".join(_lines(graph, title)) + "\n"


def _lines(graph: Graph, title: str) -> Iterator[str]:
    boxes = boxes_of(graph)
    width = max((box.x for box in boxes.values()), default=0) + WIDTH + MARGIN
    width = max(width, MARGIN + len(graph.changes) * _KEY_WIDTH)
    height = max((box.y + box.height for box in boxes.values()), default=0) + MARGIN
    key = _KEY_HEIGHT if graph.changes else 0
    size = f"0 0 {width:g} {height + key:g}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="Helvetica, Arial, sans-serif" '
        'font-size="14" role="img" aria-labelledby="title">'
    )
    yield f'  <title id="title">{_text(title)}</title>'
    yield f"  <style>\n{_STYLE}\n  </style>"
    yield f"  <defs>\n{_ARROW}\n  </defs>"
    yield f'  <rect class="background" width="{width:g}" height="{height + key:g}"/>'
    for edge in graph.edges:
        yield from _arrow(edge, boxes[edge.source], boxes[edge.target])
    for box in boxes.values():
        yield from _box(box)
    for edge, x, y in _labels(graph, boxes):
        yield f'  <text class="label" x="{x:.1f}" y="{y + 4:.1f}">{_text(_short(edge.label))}</text>'
    for place, (change, meaning) in enumerate(graph.meanings.items()):
        x = MARGIN + place * _KEY_WIDTH
        yield f'  <rect class="{change}" x="{x}" y="{height:g}" width="26" height="16"/>'
        yield f'  <text class="small key" x="{x + 34}" y="{height + 13:g}">{meaning}</text>'
    yield "</svg>"


def _box(box: Box) -> Iterator[str]:
    classes = " ".join(filter(None, (box.node.kind, box.node.change, "off" if box.node.off else "")))
    centre = box.x + WIDTH / 2
    yield f'  <rect class="{classes}" x="{box.x:g}" y="{box.y:g}" width="{WIDTH}" height="{box.height:g}"/>'
    yield f'  <text x="{centre:g}" y="{box.y + 23:g}">{_text(_short(box.node.title))}</text>'
    for place, line in enumerate(box.node.lines, 1):
        y = box.y + 23 + place * LINE
        yield f'  <text class="small" x="{centre:g}" y="{y:g}">{_text(_short(line))}</text>'


def _arrow(edge: Edge, source: Box, target: Box) -> Iterator[str]:
    classes = " ".join(filter(None, ("aside" if edge.aside else "", edge.change)))
    start, end = source.x + WIDTH, target.x
    bend = GAP_ACROSS / 2
    said = f' class="{classes}"' if classes else ""
    yield (
        f'  <path{said} d="M{start:g},{source.middle:g} C{start + bend:g},{source.middle:g} '
        f'{end - bend:g},{target.middle:g} {end:g},{target.middle:g}"/>'
    )


def _labels(graph: Graph, boxes: Mapping[str, Box]) -> Iterator[tuple[Edge, float, float]]:
    """Labels and where they stand: those of arrows that meet at one box at different places, so that each is read."""
    meeting: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        if edge.label:
            meeting.setdefault(edge.target, []).append(edge)
    for target, edges in meeting.items():
        end = boxes[target]
        edges.sort(key=lambda edge: -abs(boxes[edge.source].middle - end.middle))
        for place, edge in enumerate(edges, 1):
            yield edge, *_point(boxes[edge.source], end, place / (len(edges) + 1))


def _point(source: Box, target: Box, part: float) -> tuple[float, float]:
    """A point of the arrow between two boxes, from its start (0) to its end (1)."""
    start, end, bend = source.x + WIDTH, target.x, GAP_ACROSS / 2
    near, far = (1 - part) ** 3, part**3
    early, late = 3 * part * (1 - part) ** 2, 3 * part**2 * (1 - part)
    x = near * start + early * (start + bend) + late * (end - bend) + far * end
    return x, (near + early) * source.middle + (late + far) * target.middle


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)
