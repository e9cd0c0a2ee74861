"""The page as one file: values, style and scripts in it, and nothing that is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from importlib.resources import files

from ..drawing.engine import libraries, palette, scene_script, scene_style
from .ways import Plain

_HERE = files(__name__.rpartition(".")[0]) / "page"
_SCRIPTS = ("data.js", "list.js", "week.js", "drawing.js", "main.js")
_NOTHING_ELSE = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def page(values: Plain, masked: Callable[[str], str], *, watched: bool = False) -> str:
    """The whole file, whose values hold no secrets after ``masked``.

    ``watched`` makes it load itself anew when the server has something newer.
    """
    scripts = [*_SCRIPTS, *(["reload.js"] if watched else [])]
    own = "\n".join(_read(name) for name in scripts)
    parts = {
        "policy": _NOTHING_ELSE + ("; connect-src 'self'" if watched else ""),
        "title": escape(masked(f"{values['title']} - Where calls go")),
        "style": _style(),
        "data": _embedded(values, masked),
        "script": f'{_without_maps(libraries())}\n{scene_script()}\n(() => {{\n"use strict";\n{own}\n}})();',
    }
    return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], _read("page.html"))


def _embedded(values: Plain, masked: Callable[[str], str]) -> str:
    """Values as they can stand in a page: nothing in a name ends the element that they are in."""
    return masked(json.dumps(values, ensure_ascii=False, separators=(",", ":"))).replace("<", "\\u003c")


def _style() -> str:
    style = f"{_read('page.css')}\n{scene_style()}"
    for mode, colours in palette().items():
        said = "; ".join(f"--{name}: {value}" for name, value in colours.items())
        style = style.replace(f"{{ {{{mode}}} }}", f"{{ {said} }}")
    return style


def _without_maps(script: str) -> str:
    """Without the lines that send browsers for the sources."""
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL"))


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
