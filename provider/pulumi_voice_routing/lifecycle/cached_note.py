"""Notes in the cache folder, for another process on this machine. They are good for a day, and may be lost."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from ..settings import cache_folder

_GOOD_FOR_SECONDS = 24 * 3600


class CachedNote:
    """A file for its owner's eyes only."""

    def __init__(self, folder: str, *about: str) -> None:
        """``about`` tells it from the others in its part of the cache folder."""
        self._folder = folder
        self._name = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]

    def read(self) -> dict[str, Any] | None:
        """What it says; nothing where there is none, or an old one, or none that can be read."""
        try:
            said = json.loads(self._path().read_text(encoding="utf-8"))
            return dict(said) if time.time() - said["at"] < _GOOD_FOR_SECONDS else None
        except (OSError, SettingsError, ValueError, KeyError, TypeError):
            return None

    def write(self, said: Mapping[str, Any]) -> None:
        """Note it, as far as that can be done: that it cannot is no reason to leave a line as it is."""
        content = json.dumps({"at": time.time(), **said}, default=str)
        with contextlib.suppress(OSError, SettingsError):
            cache_folder()
            path = self._path()
            path.parent.mkdir(exist_ok=True, mode=0o700)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                file.write(content)

    def forget(self) -> None:
        """It has done its work."""
        with contextlib.suppress(OSError, SettingsError):
            self._path().unlink()

    def _path(self) -> Path:
        return cache_folder(made=False) / self._folder / f"{self._name}.json"


__all__ = ["CachedNote"]
