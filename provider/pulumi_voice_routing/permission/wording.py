"""How a refusal says what would permit it: entries on lines of their own, ready to be pasted, and the last way out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from .approvals import APPROVALS_FILE, BREAK_GLASS

_A_MONTH = timedelta(days=30)


class Entry(NamedTuple):
    """What an approval names."""

    rule: str
    objects: Sequence[str]
    from_: str
    to: str


def approvals_file() -> str:
    """Where approvals are."""
    return APPROVALS_FILE.get() or "approvals.toml"


def ways_out(entries: Iterable[Entry], rules: Iterable[str]) -> str:
    """The lines below a refusal: the entries that permit it, and how to go on without them in an emergency."""
    pasted = "\n".join(map(to_complete, entries))
    return (
        f"To allow it, fill in reason and ticket, and add to {approvals_file()}:\n\n{pasted}\n{in_an_emergency(rules)}"
    )


def in_an_emergency(rules: Iterable[str]) -> str:
    """How to go on without an approval."""
    return f"In an emergency set {BREAK_GLASS.variable}={','.join(sorted(set(rules)))}."


def to_complete(entry: Entry) -> str:
    """An entry of which whoever permits it says why."""
    return toml(entry, "", "", datetime.now(UTC).date() + _A_MONTH)


def toml(entry: Entry, reason: str, ticket: str, until: date) -> str:
    """An entry as it is written."""
    return (
        "[[approval]]\n"
        f"rule = {_quoted(entry.rule)}\n"
        f"objects = [{', '.join(map(_quoted, entry.objects))}]\n"
        f"from = {_quoted(entry.from_)}\n"
        f"to = {_quoted(entry.to)}\n"
        f"reason = {_quoted(reason)}\n"
        f"ticket = {_quoted(ticket)}\n"
        f"until = {until.isoformat()}\n"
    )


def _quoted(text: str) -> str:
    """A string of TOML, which JSON writes alike but for one letter."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


__all__ = ["Entry", "approvals_file", "in_an_emergency", "to_complete", "toml", "ways_out"]
