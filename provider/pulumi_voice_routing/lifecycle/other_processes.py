"""What the new copy of a fleet goes on with, noted for the process that ends the old copy.

Mostly that is the same process. Where the program gives a fleet another provider, the engine has a process for each:
then the one that is to end the old copy has seen nothing of the program, and would end every row.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from . import plugin
from .cached_note import CachedNote


def tell(urn: str, ids: Mapping[str, str]) -> None:
    """The new copy of a fleet has these objects, by the URNs of its rows."""
    if _engine():
        _note(urn).write({"ids": dict(ids)})


def told(urn: str) -> dict[str, str]:
    """What a process of this run has told of a fleet, this one or another. It is told once."""
    if not _engine():
        return {}
    said = _note(urn).read() or {}
    _note(urn).forget()
    ids = said.get("ids")
    return dict(ids) if isinstance(ids, dict) else {}


def _engine() -> str:
    """The address of the engine, which all its processes are told, and which it has for one run."""
    return sys.argv[1] if plugin.in_plugin() and len(sys.argv) > 1 else ""


def _note(urn: str) -> CachedNote:
    return CachedNote("copies", _engine(), urn)


__all__ = ["tell", "told"]
