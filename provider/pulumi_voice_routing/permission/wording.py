"""How a refusal says what would permit it: entries on lines of their own, ready to be pasted, and the last way out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from ..errors import Refused, SettingsError, short_line
from ..settings import keep
from .approvals import APPROVALS_FILE, BREAK_GLASS, Change

_A_MONTH = timedelta(days=30)
TO_ALLOW = "To allow it, "
"""How the lines below a refusal begin."""
_MOST_SHOWN = 3


class Entry(NamedTuple):
    """What an approval names."""

    rule: str
    objects: Sequence[str]
    from_: str
    to: str


class Way(NamedTuple):
    """What changes have in common that go from one thing to another."""

    rule: str
    from_: str
    to: str


class Unapproved(Refused):
    """A change that approvals would permit, which are below the line, ready to be pasted."""

    def __init__(self, line: str, changes: Iterable[Change]) -> None:
        super().__init__(line)
        self.changes = tuple(changes)

    @cached_property
    def below(self) -> str:  # type: ignore[override]  # worked out once, when it is told
        return ways_out(self.changes)


def by_way(changes: Iterable[Change]) -> list[tuple[Way, list[Change]]]:
    """The changes that one approval can name together."""

    def way(change: Change) -> Way:
        return Way(change.rule, change.from_, change.to)

    return [(key, list(those)) for key, those in groupby(sorted(changes, key=way), key=way)]


def approvals_file() -> str:
    """Where approvals are."""
    return APPROVALS_FILE.get() or "approvals.toml"


def ways_out(refused: Collection[Change]) -> str:
    """The lines below a refusal: what permits it, and how to go on without that in an emergency. There are none when
    nothing is refused."""
    if not refused:
        return ""
    return f"{to_allow(refused)}\n{in_an_emergency({change.rule for change in refused})}"


def to_allow(refused: Collection[Change]) -> str:
    """The entries that permit changes, below a line that says what to do with them.

    More of them than anybody reads, or longer ones, are written into a file.
    """
    ways = by_way(refused)
    entries = [
        to_complete(Entry(way.rule, [change.object for change in those], way.from_, way.to)) for way, those in ways
    ]
    pasted = "\n".join(entries)
    if len(refused) > _MOST_SHOWN or any(short_line(line) != line for line in pasted.splitlines()):
        return f"{TO_ALLOW}add the entries in {_written(entries)} to {approvals_file()}."
    return f"{TO_ALLOW}fill in reason and ticket, and add to {approvals_file()}:\n\n{pasted}"


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


def _written(entries: Iterable[str]) -> str:
    """A file with the entries, for a user to complete: whoever permits it says why and until when."""
    try:
        return str(keep("approvals-needed", ".toml", "\n".join(entries)))
    except SettingsError as error:
        return f"a file that could not be written ({error})"


def _quoted(text: str) -> str:
    """A string of TOML, which JSON writes alike but for one letter."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


__all__ = [
    "TO_ALLOW",
    "Entry",
    "Unapproved",
    "Way",
    "approvals_file",
    "by_way",
    "in_an_emergency",
    "to_allow",
    "to_complete",
    "toml",
    "ways_out",
]
