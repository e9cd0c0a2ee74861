"""What the emergency variable switches off, in the words of every report."""

from __future__ import annotations

from collections.abc import Iterator

from ..permission.approvals import BREAK_GLASS, broken_glass
from .layers import GUARD_ASKS, PROVIDER_ALONE, PROVIDER_ASKS
from .rules import FORMER_NAMES

__all__ = ["emergency"]

_KEPT = PROVIDER_ASKS | PROVIDER_ALONE | GUARD_ASKS | FORMER_NAMES
"""What it can switch off."""


def emergency(besides: str = "") -> Iterator[str]:
    """A line for what it switches off, and one for what it names in vain; ``besides`` is said of the first."""
    named = broken_glass()
    if off := sorted(named & _KEPT):
        also = f"; {besides}" if besides else ""
        kept = f"in the run itself, provider and guard() will not keep {', '.join(off)}"
        yield f"{BREAK_GLASS.variable} is set: {kept}{also}"
    if strange := sorted(named - _KEPT):
        which = "is no rule" if len(strange) == 1 else "are no rules"
        yield f"{BREAK_GLASS.variable} names {', '.join(strange)}, which {which} that it switches off"
