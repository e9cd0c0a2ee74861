"""Files of entries with a last day, kept beside a program: what is approved, and what is meant to differ."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .errors import SettingsError
from .text_files import read_text

__all__ = ["entries_in", "last_day", "with_zone"]


def entries_in(path: Path, table: str, what: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Each ``[[table]]`` of a file, with its place for messages; nothing else may be in the file.

    Raises :class:`SettingsError`, which begins with ``what``.
    """
    try:
        document = tomllib.loads(re.sub(r"\r\n?", "\n", read_text(path)))
    except (OSError, RecursionError, ValueError) as error:
        raise SettingsError(f"{what}: {path} cannot be read: {error}") from None
    entries = document.get(table, [])
    tables = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    if set(document) - {table} or not tables:
        raise SettingsError(f"{what}: {path} may hold [[{table}]] entries only")
    return [(f"{what}: {path}, entry {place}", entry) for place, entry in enumerate(entries, 1)]


def last_day(where: str, entry: Mapping[str, Any]) -> date:
    """The day that ``until`` says. Raises :class:`SettingsError` for anything else, a time of a day included."""
    until = entry.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise SettingsError(f"{where}: until must be a day without a time, such as 2026-12-31")
    return until


def with_zone(day: date) -> str:
    """A last day for people, who may read it where the clock differs: all of them are days of UTC."""
    return f"{day} (UTC)"
