"""What is wrong with settings that no question to a vendor needs, so that a run would find it half-way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from ..errors import SettingsError
from ..portsip.group_guard import QUOTA
from ..ringcx.pool_directory import chunks
from ..settings import CACHE_DIR, MAX_WAIT, TIMEOUT, cache_folder
from ..telephony.outside_numbers import allowed_countries


def wrong_settings() -> Iterator[str]:
    """Each that cannot be used, and why."""
    reads: tuple[Callable[[], object], ...] = (
        allowed_countries,
        lambda: chunks(list[str]()),
        QUOTA.number,
        TIMEOUT.number,
        MAX_WAIT.number,
        _place_for_notes,
    )
    for read in reads:
        try:
            read()
        except SettingsError as error:
            yield str(error)


def _place_for_notes() -> None:
    """Raises :class:`SettingsError` when nothing can be noted of what is under way."""
    folder = cache_folder(made=False).absolute()
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise SettingsError(f"{CACHE_DIR.variable}: nothing can be written into {there}")


__all__ = ["wrong_settings"]
