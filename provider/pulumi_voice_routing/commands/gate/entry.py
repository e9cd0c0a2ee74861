"""An entry of the file of approvals, as it is written."""

from __future__ import annotations

import json
from datetime import date
from typing import NamedTuple


class Entry(NamedTuple):
    """What is to be written."""

    rule: str
    objects: tuple[str, ...]
    from_: str
    to: str


def toml(entry: Entry, reason: str, ticket: str, until: date) -> str:
    """An entry as it is written."""
    objects = ", ".join(map(_quoted, entry.objects))
    return (
        "[[approval]]\n"
        f"rule = {_quoted(entry.rule)}\n"
        f"objects = [{objects}]\n"
        f"from = {_quoted(entry.from_)}\n"
        f"to = {_quoted(entry.to)}\n"
        f"reason = {_quoted(reason)}\n"
        f"ticket = {_quoted(ticket)}\n"
        f"until = {until.isoformat()}\n"
    )


def _quoted(text: str) -> str:
    """A string of TOML, which JSON writes alike but for one letter."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
