"""What a shell offers for words that are none of the files, which it knows itself."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from ..registry import PRODUCTS


def vendors(incomplete: str) -> list[str]:
    """The vendors that begin so."""
    return [name for name in PRODUCTS if name.startswith(incomplete)]


def types(incomplete: str) -> list[str]:
    """The types that begin so, by name; by token where somebody has begun one. None of them is loaded."""
    named = ":" in incomplete
    found = (token if named else token.partition(":")[2] for token in _tokens())
    return sorted({name for name in found if name.lower().startswith(incomplete.lower())})


def _tokens() -> Iterator[str]:
    for vendor in PRODUCTS:
        names = importlib.import_module(f"..{vendor}", __package__).__all__
        yield from (f"{vendor}:{name}" for name in names if f"{name}Args" in names)


__all__ = ["types", "vendors"]
