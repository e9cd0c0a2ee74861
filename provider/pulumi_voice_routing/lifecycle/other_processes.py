"""What the new copy of a fleet goes on with, noted for the process that ends the old copy.

Mostly that is the same process. Where the program gives a fleet another provider, the engine has a process for each:
then the one that is to end the old copy has seen nothing of the program, and would end every row.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from ..errors import SettingsError
from ..settings import cache_folder
from . import plugin

_GOOD_FOR_SECONDS = 24 * 3600


def tell(urn: str, ids: Mapping[str, str]) -> None:
    """The new copy of a fleet has these objects, by the URNs of its rows."""
    if not _engine():
        return
    with contextlib.suppress(OSError, SettingsError):
        path = _path(urn)
        cache_folder()
        path.parent.mkdir(exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump({"at": time.time(), "ids": dict(ids)}, file)


def told(urn: str) -> dict[str, str]:
    """What a process of this run has told of a fleet, this one or another. It is told once."""
    if not _engine():
        return {}
    try:
        path = _path(urn)
        said = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return dict(said["ids"]) if time.time() - said["at"] < _GOOD_FOR_SECONDS else {}
    except (OSError, SettingsError, ValueError, KeyError, TypeError):
        return {}


def _engine() -> str:
    """The address of the engine, which all its processes are told, and which it has for one run."""
    return sys.argv[1] if plugin.in_plugin() and len(sys.argv) > 1 else ""


def _path(urn: str) -> Path:
    name = hashlib.sha256(json.dumps([_engine(), urn]).encode()).hexdigest()[:32]
    return cache_folder(made=False) / "copies" / f"{name}.json"


__all__ = ["tell", "told"]
