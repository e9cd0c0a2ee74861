"""A note on this machine that a create is under way, so that a run that is cut off finds its own object again.

The engine writes an object's id to the state only after the provider has answered. When the provider, the engine or
the machine dies in between, the vendor has an object that the state does not know, and a name that already exists is
an error unless the program says ``adopt=True``. The note tells the next run that the object is its own.

Notes live in the cache folder. Losing them loses nothing but this convenience: the next run then stops with the id
of the object and the way to take it over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from ..settings import CACHE_DIR, cache_folder
from . import plugin

_UNANSWERED_FOR_SECONDS = 24 * 3600


@dataclass
class Intent:
    """What was about to be created: by token, and by what tells such objects apart."""

    token: str
    key: tuple[str, ...]
    before: list[str] = field(default_factory=list)
    """Ids of objects with that key that were there already and so are not ours."""
    id: str = ""
    """The vendor's id, once it answered."""

    def note(self) -> None:
        """Write it down, before the vendor is asked. Raises :class:`SettingsError` when it cannot be written."""
        self._write(os.O_TRUNC)

    def answered(self, id_: str) -> None:
        """The vendor said yes; until the state knows as well, the note stays."""
        self.id = id_
        with contextlib.suppress(SettingsError):  # the id must not be lost for want of a note
            self._write(os.O_APPEND)

    def forget(self) -> None:
        """The state knows of it, or it never came to be."""
        with contextlib.suppress(OSError, SettingsError):
            self._path().unlink()

    def claims(self, id_: str) -> bool:
        """Whether the object with this id was made by an earlier run that was cut off."""
        try:
            *_, last, _cut_off = self._path().read_text(encoding="utf-8").split("\n")
            noted: dict[str, Any] = json.loads(last)
            if noted["urn"] != plugin.urn():
                return False  # another resource's object, perhaps another stack's
            if noted["id"]:
                return bool(noted["id"] == id_)
            return id_ not in noted["before"] and time.time() - noted["at"] < _UNANSWERED_FOR_SECONDS
        except (OSError, SettingsError, ValueError, KeyError, TypeError):
            return False

    def _write(self, how: int) -> None:
        content = {
            "token": self.token,
            "key": self.key,
            "urn": plugin.urn(),
            "before": self.before,
            "id": self.id,
            "at": time.time(),
        }
        # One write each, which a kill does not cut; a file of its own that is renamed would take three times as long.
        line = (json.dumps(content) + "\n").encode()
        path = self._path()
        try:
            try:
                file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
            except FileNotFoundError:  # looking each time would take as long as writing
                (cache_folder() / path.parent.name).mkdir(exist_ok=True, mode=0o700)
                file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        except OSError as error:
            raise SettingsError(f"{path.parent} cannot be written ({error}). Set {CACHE_DIR.variable}") from None

    def _path(self) -> Path:
        name = hashlib.sha256(json.dumps([self.token, *self.key]).encode()).hexdigest()[:32]
        return cache_folder(made=False) / "intents" / f"{name}.json"
