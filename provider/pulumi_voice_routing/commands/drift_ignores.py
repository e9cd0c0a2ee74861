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
from ..toml_entries import entries_in, last_day, with_zone
from .drift import Drift

DEFAULT = "drift.toml"
_TEXTS = ("object", "argument", "reason")


@dataclass(frozen=True)
class Ignore:
    """One entry of the file."""

    where: str
    """Its file and place."""
    object: str
    argument: str
    reason: str
    until: date

    def __str__(self) -> str:
        return f"{self.reason} (until {with_zone(self.until)})"

    def is_about(self, drift: Drift) -> bool:
        """Whether it names the object, or an argument of it."""
        return any(fnmatchcase(one, self.object) for one in (drift.label, drift.id, f"{drift.token} {drift.label}"))


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
    return Ignore(where, entry["object"], entry.get("argument", ""), entry["reason"], last_day(where, entry))


def without_meant(drifts: Iterable[Drift], ignores: Iterable[Ignore], today: date) -> list[Drift]:
    """The drifts, with the reasons at those that are meant to be."""
    in_force = [one for one in ignores if today <= one.until]
    return [replace(drift, ignored=_why_meant(drift, in_force)) for drift in drifts]


def _why_meant(drift: Drift, ignores: Iterable[Ignore]) -> str:
    """Why a drift is meant to be, if that is said of the object as a whole or of each argument of it."""
    about = [one for one in ignores if one.is_about(drift)]
    whole = next((one for one in about if not one.argument), None)
    if whole is not None:
        return str(whole)
    found = [next((one for one in about if one.argument == argument.name), None) for argument in drift.arguments]
    return "; ".join(dict.fromkeys(map(str, found))) if all(found) else ""


def expired(ignores: Iterable[Ignore], today: date) -> list[str]:
    """The entries whose last day has passed, one line each."""
    return [
        f"{one.where}, {' '.join(filter(None, (one.object, one.argument)))}: expired on {with_zone(one.until)} "
        f"({one.reason}). Give it another day, or take it out."
        for one in ignores
        if one.until < today
    ]


__all__ = ["DEFAULT", "Ignore", "expired", "read", "without_meant"]
