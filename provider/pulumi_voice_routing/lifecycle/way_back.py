"""What was there before this stack changed it first, when the copy of the resource that knew of it ends.

A replaced or renamed resource goes on under its new copy, which was made before the old one ends and whose state knows
only what the stack itself had made of the object. So the old copy leaves a note on this machine. The next update of the
new copy takes it into the state; a refresh must not, since it would show a change where nothing has changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path

from ..errors import SettingsError
from ..settings import CACHE_DIR, cache_folder


def leave(token: str, id_: str, values: str) -> Path:
    """Note what the object with this id was like; an older note knows better.

    Raises :class:`SettingsError` when it cannot be written.
    """
    path = _path(token, id_)
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileExistsError):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(file, "w", encoding="utf-8", newline="") as note:
                note.write(values)
    except OSError as error:
        raise SettingsError(f"{path.parent} cannot be written ({error}). Set {CACHE_DIR.variable}") from None
    return path


def left(token: str, id_: str) -> str:
    """What the object was like, as an earlier copy of the resource knew it; empty when there is no note."""
    try:
        with open(_path(token, id_), encoding="utf-8", newline="") as note:
            return note.read()
    except (OSError, SettingsError, ValueError):
        return ""


def forget(token: str, id_: str) -> None:
    """It is as it was before."""
    with contextlib.suppress(OSError, SettingsError):
        _path(token, id_).unlink()


def _path(token: str, id_: str) -> Path:
    name = hashlib.sha256(json.dumps([token, id_]).encode()).hexdigest()[:32]
    return cache_folder() / "way-back" / f"{name}.txt"
