"""Python as a formatter leaves it: lines of 88 characters, double quotes, a comma after the last of many lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ...python_text import quoted

WIDTH = 88
_STEP = "    "


@dataclass(frozen=True)
class Raw:
    """An expression as it is."""

    text: str
    remark: str = ""
    """What a comment beside it says."""


@dataclass(frozen=True)
class Call:
    """A call with its arguments, by name or in order."""

    what: str
    first: Sequence[Code]
    named: Mapping[str, Code] = field(default_factory=dict)


Code: TypeAlias = "Raw | Call | list[Code] | dict[str, Code]"


def width(text: str) -> int:
    """The columns that a text takes, as a formatter counts them: letters of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(one) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def written(code: Code, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """The code of an expression; ``before`` and ``after`` characters share its first and its last line."""
    flat = _flat(code)
    if flat is not None and indent + before + width(flat) + after <= WIDTH:
        return flat
    pad, end = " " * indent + _STEP, " " * indent
    inner = indent + len(_STEP)
    if isinstance(code, Call) and not code.named:  # all arguments on a line of their own, if they fit there
        together = [_flat(one) for one in code.first]
        line = ", ".join(one for one in together if one is not None)
        if None not in together and inner + width(line) <= WIDTH:
            return f"{code.what}(\n{pad}{line}\n{end})"
    if isinstance(code, Raw):
        return code.text
    if isinstance(code, Call):
        parts = [("", one) for one in code.first] + [(f"{name}=", one) for name, one in code.named.items()]
        opening, closing = f"{code.what}(", ")"
    elif isinstance(code, dict):
        parts = [(f"{quoted(name)}: ", one) for name, one in code.items()]
        opening, closing = "{", "}"
    else:
        parts = [("", one) for one in code]
        opening, closing = "[", "]"
    lines = [f"{pad}{name}{written(one, inner, width(name), 1)},{_remark(one)}" for name, one in parts]
    return "\n".join([opening, *lines, f"{end}{closing}"])


def assigned(start: str, code: Code, indent: int = 0) -> str:
    """An expression with what it is assigned to in front."""
    return f"{start}{written(code, indent, before=width(start))}"


def _remark(code: Code) -> str:
    return f"  # {code.remark}" if isinstance(code, Raw) and code.remark else ""


def _flat(code: Code) -> str | None:
    """All of it on one line; nothing where a comment or an argument with a name needs a line of its own."""
    if isinstance(code, Raw):
        return code.text
    items: Iterable[tuple[str, Code]]
    if isinstance(code, Call):
        if code.named:
            return None
        items = [("", one) for one in code.first]
        form = f"{code.what}(...)"
    elif isinstance(code, dict):
        items, form = [(f"{quoted(name)}: ", one) for name, one in code.items()], "{...}"
    else:
        items, form = [("", one) for one in code], "[...]"
    parts = []
    for name, one in items:
        flat = _flat(one)
        if flat is None or _remark(one):
            return None
        parts.append(name + flat)
    opening, closing = form.split("...")
    return f"{opening}{', '.join(parts)}{closing}"


def imported(module: str, names: Iterable[str]) -> str:
    """A line that imports names, or several."""
    ordered = sorted(names)
    line = f"from {module} import {', '.join(ordered)}"
    if width(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"{_STEP}{name}," for name in ordered), ")"])
