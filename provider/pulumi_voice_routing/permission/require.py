"""Asking for permission right before a write that would change who answers callers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import NamedTuple

import pulumi

from ..errors import Refused, SettingsError, some_of
from ..settings import keep
from .approvals import BREAK_GLASS, Approvals, Change, broken_glass
from .needed import TAKE_FOREIGN
from .wording import Entry, approvals_file, in_an_emergency, to_complete, ways_out

_MOST_SHOWN = 3


def require_permission(changes: Collection[Change], approvals: Approvals | None = None, *, tell: bool = True) -> None:
    """Every change is approved, or its rule switched off in an emergency. Raises :class:`Refused`, with all of them.

    Without ``approvals`` they are read anew. ``tell`` says whether the user is told what is permitted.
    """
    if not changes:
        return
    approvals = Approvals.here() if approvals is None else approvals
    refused = [change for change in changes if not approvals.allow(change)]
    if refused:
        raise Refused(_line(refused, approvals), _below(refused))
    for way, those in _ways(changes) if tell else ():
        if way.rule in broken_glass():
            pulumi.log.warn(f"ringcx: {BREAK_GLASS.variable}={way.rule} is set: {_said(way, those)}. Unset it.")
        else:
            pulumi.log.info(f"ringcx: approved: {_said(way, those)}")


class _Way(NamedTuple):
    """What numbers have in common that go from one owner to another."""

    rule: str
    from_: str
    to: str


def _ways(changes: Iterable[Change]) -> list[tuple[_Way, list[Change]]]:
    def way(change: Change) -> _Way:
        return _Way(change.rule, change.from_, change.to)

    return [(key, list(those)) for key, those in groupby(sorted(changes, key=way), key=way)]


def _line(refused: list[Change], approvals: Approvals) -> str:
    ways = _ways(refused)
    said = "; ".join(
        f"{_said(way, those)} ({way.rule}: {approvals.why_not(those[0])}{_whose(way)})" for way, those in ways
    )
    numbers = "1 number" if len(refused) == 1 else f"{len(refused)} numbers"
    return f"{numbers} would change hands: {said}. Nothing was changed."


def _below(refused: list[Change]) -> str:
    ways = _ways(refused)
    rules = {way.rule for way, _ in ways}
    entries = [Entry(way.rule, [change.object for change in those], way.from_, way.to) for way, those in ways]
    if len(refused) > _MOST_SHOWN:
        return f"To allow it, add the entries in {_written(entries)} to {approvals_file()}.\n{in_an_emergency(rules)}"
    return ways_out(entries, rules)


def _said(way: _Way, those: list[Change]) -> str:
    numbers = some_of([change.object for change in those], _MOST_SHOWN)
    return f"{numbers} from {way.from_} to {way.to}"


def _whose(way: _Way) -> str:
    return f"; this stack does not know {way.from_} as the owner" if way.rule == TAKE_FOREIGN else ""


def _written(entries: list[Entry]) -> str:
    """A file with the entries, for a user to complete: whoever permits it says why and until when."""
    try:
        return str(keep("approvals-needed", ".toml", "\n".join(map(to_complete, entries))))
    except SettingsError as error:
        return f"a file that could not be written ({error})"
