"""What the emergency variable switches off, in the words of every report."""

from __future__ import annotations

from collections.abc import Iterator

from ..permission.approvals import BREAK_GLASS, broken_glass
from .layers import GUARD_ASKS, PROVIDER_ALONE, PROVIDER_ASKS
from .rules import FORMER_NAMES

__all__ = ["emergency", "in_vain", "switched_off"]

_KEPT = PROVIDER_ASKS | PROVIDER_ALONE | GUARD_ASKS | FORMER_NAMES
"""What it can switch off."""


def switched_off() -> list[str]:
    """The rules that it switches off."""
    return sorted(broken_glass() & _KEPT)


def in_vain() -> str:
    """What is to be said of words in it that are no such rules; empty when there are none."""
    strange = sorted(broken_glass() - _KEPT)
    which = "is no rule" if len(strange) == 1 else "are no rules"
    return f"{BREAK_GLASS.variable} names {', '.join(strange)}, which {which} that it switches off" if strange else ""


def emergency(besides: str) -> Iterator[str]:
    """A line for what it switches off, of which ``besides`` is said as well, and one for what it names in vain."""
    if off := switched_off():
        kept = f"in the run itself, provider and guard() will not keep {', '.join(off)}"
        yield f"{BREAK_GLASS.variable} is set: {kept}; {besides}"
    if said := in_vain():
        yield said
