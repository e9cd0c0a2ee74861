"""Runs the layout of the page outside of a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_VENDORED = ("d3-path.min.js", "d3-shape.min.js", "dagre.min.js")
_HERE = files(__name__.rpartition(".")[0])
_COPIES = "globalThis.structuredClone ??= (value) => JSON.parse(JSON.stringify(value));"
"""What browsers have, and the interpreter does not."""


def libraries() -> str:
    """The layout engine and the drawing library, as a script."""
    return "\n".join((_HERE / "vendored" / name).read_text(encoding="utf-8").strip() for name in _VENDORED)


def scene_script() -> str:
    """What lays out and draws."""
    return (_HERE / "scene.js").read_text(encoding="utf-8")


def scene_style() -> str:
    """The looks of a picture; its colours are variables."""
    return (_HERE / "scene.css").read_text(encoding="utf-8")


@cache
def palette() -> Mapping[str, Mapping[str, str]]:
    """The colours by their names, for the light and the dark mode."""
    found: dict[str, dict[str, str]] = json.loads((_HERE / "palette.json").read_text(encoding="utf-8"))
    return found


@cache
def _context() -> Any:
    import quickjs

    context = quickjs.Context()
    context.eval(f"{_COPIES}\n{libraries()}\n{scene_script()}")
    return context


@cache
def _own_style() -> str:
    """The style for a picture that stands by itself: not every viewer knows variables."""
    style = scene_style().strip()
    light, dark = (_coloured(style, palette()[mode]) for mode in ("light", "dark"))
    only_colours = "\n".join(line for line in dark.splitlines() if "#" in line)
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{only_colours}\n}}"


def _coloured(style: str, colours: Mapping[str, str]) -> str:
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: colours[found[1]], style)


def svg(graph: Mapping[str, Any], title: str) -> str:
    """A picture that stands by itself; the same graph is the same text."""
    drawn: str = _asked("asSvg(graph, options)", graph, {"title": title, "style": _own_style()})
    return drawn


def laid_out(graph: Mapping[str, Any]) -> dict[str, Any]:
    """Where boxes, arrows and labels are, in pixels."""
    found: dict[str, Any] = _asked("laidOut(graph)", graph, {})
    return found


def _asked(call: str, graph: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
    """What a function of the scene returns. It comes as JSON: the interpreter hands over no text put together."""
    given = json.dumps({"graph": graph, "options": options})
    return json.loads(_context().eval(f"(({{graph, options}}) => JSON.stringify(voiceRoutingScene.{call}))({given})"))
