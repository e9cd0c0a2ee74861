"""Where calls end, and with what odds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "number",
    "sip",
    "queue",
    "ivr",
    "extension",
    "ring group",
    "voicemail",
    "announcement",
    "unanswered",
    "loop",
    "unknown",
]
"""How a call can end. Up to ``voicemail`` somebody or something takes it."""

NOWHERE = frozenset({"announcement", "unanswered", "loop"})
"""Ends at which nobody takes the call."""
RINGS_AGAIN = "the same members ring again"
"""Why a call is in a loop in which somebody can still take it, when there are members."""


@dataclass(frozen=True)
class End:
    """How a call ends. Names are no part of it, so that a rename is no change."""

    kind: Kind
    what: str = ""
    """What takes the call, as the vendor knows it: a number, a queue's id; for other ends why."""
    otherwise: Outcome | None = None
    """What happens when it rings and nobody takes it, where that is known."""
    basis: Hashable = None
    """For unknown ends: what decides in truth. Another basis may be another end."""
    note: str = field(default="", compare=False)
    """The same with the names that people know."""
    options: tuple[Outcome, ...] = field(default=(), compare=False)
    """For unknown ends: what it can be, where that is known; the basis tells them as well."""
    complete: bool = field(default=True, compare=False)
    """Whether it can be nothing else than one of the options."""

    rings: tuple[str, ...] = field(default=(), compare=False)
    """The telephone numbers that ring there; the words tell them as well."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.what, self.otherwise, self.basis))

    @property
    def nowhere(self) -> bool:
        """Whether nobody takes the call."""
        return self.kind in NOWHERE

    def __str__(self) -> str:
        said = self.note or self.what
        words = {
            "number": f"number {said}",
            "queue": f"queue {said}",
            "ivr": f"IVR {said}",
            "voicemail": f"voicemail of {said}",
            "announcement": f"an announcement ({said})",
            "unanswered": f"nobody ({said})",
            "loop": f"a loop ({said})",
            "unknown": f"unknown ({said})",
        }.get(self.kind, said)
        return words if self.otherwise is None else f"{words}, and if nobody takes it: {self.otherwise}"


@dataclass(frozen=True)
class Outcome:
    """The ends that a call can have, with their odds. The odds make 1."""

    shares: frozenset[tuple[End, Fraction]]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self.shares)  # once: ends hold outcomes in turn, and fractions are slow to hash

    @classmethod
    def of(cls, end: End) -> Outcome:
        """A certain end."""
        return cls(frozenset({(end, Fraction(1))}))

    @classmethod
    def mixed(cls, parts: Iterable[tuple[Fraction, Outcome]]) -> Outcome:
        """Several outcomes, each with its odds, which make 1."""
        there = [(share, outcome) for share, outcome in parts if share]
        if len(there) == 1:
            return there[0][1]
        odds: dict[End, Fraction] = {}
        for share, outcome in there:
            for end, inner in outcome.shares:
                odds[end] = odds.get(end, Fraction(0)) + share * inner
        return cls(frozenset(odds.items()))

    @cached_property
    def odds(self) -> Mapping[End, Fraction]:
        """By end, the most probable first."""
        return dict(sorted(self.shares, key=lambda item: (-item[1], str(item[0]))))

    def share(self, *kinds: Kind) -> Fraction:
        """The odds of ends of these kinds."""
        return sum((odds for end, odds in self.shares if end.kind in kinds), Fraction(0))

    def __str__(self) -> str:
        return self._said

    @cached_property
    def _said(self) -> str:
        if len(self.odds) == 1:
            return str(next(iter(self.odds)))
        return "; ".join(f"{percent(odds)} {end}" for end, odds in self.odds.items())


def percent(odds: Fraction) -> str:
    """Odds for people: exact where two digits will do."""
    hundred = odds * 100
    shown = f"{float(hundred):.2f}".rstrip("0").rstrip(".")
    return f"{shown if Fraction(shown) == hundred else f'about {shown}'} %"


def unknown(reason: str, basis: Hashable = None, note: str = "") -> End:
    """An end that nobody documents or declares. ``reason`` holds no names; ``note`` may."""
    return End("unknown", reason, basis=basis, note=note)


def certain_part(options: Iterable[Outcome], end: End) -> Outcome:
    """What holds whichever option is the true one: the least odds of each end, and ``end`` for the rest."""
    possible = list(options)
    if len(set(possible)) == 1:
        return possible[0]
    outcomes = [dict(outcome.shares) for outcome in possible]
    none = Fraction(0)
    least = {one: min(odds.get(one, none) for odds in outcomes) for one in outcomes[0]}
    rest = 1 - sum(least.values(), none)
    if rest:
        end = replace(end, options=tuple(_without(odds, least, rest) for odds in outcomes))
    return Outcome.mixed([*((odds, Outcome.of(one)) for one, odds in least.items()), (rest, Outcome.of(end))])


def _without(option: Mapping[End, Fraction], least: Mapping[End, Fraction], rest: Fraction) -> Outcome:
    """What is left of an option when the part is taken away that all have in common."""
    left = {end: (odds - least.get(end, 0)) / rest for end, odds in option.items()}
    return Outcome(frozenset((end, odds) for end, odds in left.items() if odds))
