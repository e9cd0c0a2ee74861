"""What is different, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ...errors import one_line
from ...markdown_text import LONGEST, escaped
from .. import impact_report
from .difference import Difference, Field, Key

_LONGEST_VALUE = 200
_ROOM_FOR_THE_REST = 4000


def as_text(found: Difference) -> str:
    """What only one side has, what is different in both, and whose calls that sends elsewhere."""
    parts = [
        _listed(f"only in {found.left}", found.only_left),
        _listed(f"only in {found.right}", found.only_right),
        "\n\n".join(
            "\n".join([f"{key} is different", *(f"  {_said(one)}" for one in fields)]) for key, fields in found.changed
        ),
        f"For callers, {found.left} before and {found.right} after:\n{impact_report.as_text(found.numbers)}"
        if found.numbers
        else "",
        "\n".join(f"error: {one}" for one in found.errors),
        headline(found),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def as_markdown(found: Difference) -> str:
    """The same for an issue or a pull request."""
    rows = [f"| {escaped(one_line(what))} | {escaped(one_line(how))} |" for what, how in _rows(found)]
    room, shown = LONGEST - _ROOM_FOR_THE_REST, list[str]()
    for row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        shown.append(row)
    parts = [f"**{escaped(headline(found))}**"]
    if shown:
        parts.append("\n".join(["| object | what is different |", "| --- | --- |", *shown]))
    if len(shown) < len(rows):
        parts.append(f"**{len(rows) - len(shown)} more rows are cut off here**; the text and JSON have all of them.")
    callers = impact_report.as_markdown(found.numbers)
    if callers and len(callers.encode()) < room:
        parts.append(callers)
    elif callers:
        parts.append(f"**The calls to {len(found.numbers)} numbers end elsewhere**; the text and JSON tell where.")
    parts += [f"- not read: {escaped(one_line(one))}" for one in found.errors]
    return "\n\n".join(parts) + "\n"


def as_json(found: Difference) -> dict[str, object]:
    """The same as plain values; ``compare.schema.json`` describes it."""
    return {
        "version": 1,
        "left": found.left,
        "right": found.right,
        "same": found.same,
        "only_left": [_key(one) for one in found.only_left],
        "only_right": [_key(one) for one in found.only_right],
        "different": [
            {**_key(key), "fields": [{"name": one.name, "left": one.left, "right": one.right} for one in fields]}
            for key, fields in found.changed
        ],
        "numbers": impact_report.as_json(found.numbers),
        "errors": found.errors,
    }


def headline(found: Difference) -> str:
    """How much there is of each kind, in one line."""
    if not found.any:
        return f"{found.left} and {found.right} are the same: {found.same} objects."
    counts = [
        (len(found.only_left), f"only in {found.left}"),
        (len(found.only_right), f"only in {found.right}"),
        (len(found.changed), "different"),
    ]
    counts += [(found.same, "the same")]
    return ", ".join(f"{count} {what}" for count, what in counts if count) + "."


def _rows(found: Difference) -> Iterator[tuple[str, str]]:
    yield from ((str(key), f"only in {found.left}") for key in found.only_left)
    yield from ((str(key), f"only in {found.right}") for key in found.only_right)
    for key, fields in found.changed:
        yield from ((str(key), _said(one)) for one in fields)


def _listed(title: str, keys: Sequence[Key]) -> str:
    return "\n".join([f"{title}:", *(f"  {key}" for key in keys)]) if keys else ""


def _said(one: Field) -> str:
    return one_line(f"{one.name}: {_value(one.left)}, and {_value(one.right)} there")


def _value(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _LONGEST_VALUE else f"{said[:_LONGEST_VALUE]}..."


def _key(key: Key) -> dict[str, object]:
    return {"type": key.type, "name": list(key.path)}


__all__ = ["as_json", "as_markdown", "as_text", "headline"]
