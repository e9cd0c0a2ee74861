"""What is meant to differ from the program, and until when somebody has said so.

A TOML file in the repository of the program, ``drift.toml`` beside it unless ``--ignore`` names another one::

    [[ignore]]
    object = "support"                 # a resource's name, or an object's id; * stands for anything
    argument = "description"           # leave out for the object as a whole
    reason = "the shift leads write it by hand"
    until = 2026-12-31
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from ..toml_entries import entries_in, last_day
from .drift import Drift

DEFAULT = "drift.toml"
_TEXTS = ("object", "argument", "reason")


@dataclass(frozen=True)
class Ignore:
    """One entry of the file."""

    object: str
    argument: str
    reason: str
    until: date

    def covers(self, drift: Drift) -> bool:
        """Whether all of a drift is meant by it."""
        if not any(fnmatchcase(one, self.object) for one in (drift.label, drift.id, f"{drift.token} {drift.label}")):
            return False
        return not self.argument or {one.name for one in drift.arguments} == {self.argument}


def read(named: Path | None, folder: Path) -> list[Ignore]:
    """The entries of a file; none when no file is named and there is none. Raises :class:`SettingsError`."""
    path = folder / (named or DEFAULT)
    if named is None and not path.exists():
        return []
    return [_ignore(where, entry) for where, entry in entries_in(path, "ignore", "drift")]


def _ignore(where: str, entry: Mapping[str, Any]) -> Ignore:
    if set(entry) - {*_TEXTS, "until"}:
        raise SettingsError(f"{where}: an entry has object, argument, reason and until")
    missing = [name for name in ("object", "reason") if not str(entry.get(name) or "").strip()]
    if missing or not all(isinstance(entry.get(name, ""), str) for name in _TEXTS):
        raise SettingsError(f"{where}: {', '.join(missing or _TEXTS)} must be given, as text")
    return Ignore(entry["object"], entry.get("argument", ""), entry["reason"], last_day(where, entry))


def without_meant(drifts: Iterable[Drift], ignores: Iterable[Ignore], today: date) -> list[Drift]:
    """The drifts, with the reason at those that are meant to be."""
    in_force = [one for one in ignores if today <= one.until]
    return [
        replace(drift, ignored=next((f"{one.reason} (until {one.until})" for one in in_force if one.covers(drift)), ""))
        for drift in drifts
    ]


__all__ = ["DEFAULT", "Ignore", "read", "without_meant"]
