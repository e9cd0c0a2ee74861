"""What part of the calls goes somewhere, and when, as pictures say it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from ..call_flow.outcome import percent
from ..call_flow.week import Week, in_words

_MOST_SHARES = 3


def shares_in_words(odds: Week[Fraction]) -> tuple[str | None, str]:
    """In short, and in full where that is longer; nothing where no call goes there."""
    found: dict[Fraction, list[tuple[int, int]]] = {}
    for start, end, share in odds.spans:
        if share:
            found.setdefault(share, []).append((start, end))
    if not found:
        return None, ""
    if odds.constant:
        return ("" if odds.values[0] == 1 else percent(odds.values[0])), ""
    if list(found) == [1]:
        return in_words(found[Fraction(1)]), ""
    parts = [f"{percent(share)} {in_words(when)}" for share, when in sorted(found.items(), reverse=True)]
    if len(parts) <= _MOST_SHARES:
        return "; ".join(parts), ""
    return f"{percent(min(found))} to {percent(max(found))} by the hour", "; ".join(parts)


def hours_in_words(shares: Any) -> str:
    """The same of the 24 hours of a day; empty where that cannot be told."""
    if not isinstance(shares, Sequence) or isinstance(shares, str) or len(shares) != 24:
        return ""
    if not all(isinstance(share, int | float) and 0 <= share <= 100 for share in shares):
        return ""
    said, _ = shares_in_words(Week.by_hour([Fraction(str(share)) / 100 for share in shares]))
    return "no calls" if said is None else said or "100 %"


__all__ = ["hours_in_words", "shares_in_words"]
