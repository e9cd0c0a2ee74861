"""The entries that a refusal shows, as somebody fills them in."""

from __future__ import annotations

import re


def filled_in(refusal: str) -> str:
    """The entries below a refusal, with reason and ticket."""
    pasted = refusal[refusal.index("[[approval]]") : refusal.index("In an emergency")]
    return re.sub('(reason|ticket) = ""', r'\1 = "a test"', pasted)
