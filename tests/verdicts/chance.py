"""Changes made by chance, always the same ones."""

from __future__ import annotations

import random

from tests.storm.changes import CHANGES, as_resources, changed, line

from .saying import Case

_SEEDS = (1, 2, 3, 7, 14)
"""Of lines that are soon looked at."""


def chance() -> list[Case]:
    """Three changes of a line at once, in several lines."""
    order = sorted(CHANGES)
    found = []
    for seed in _SEEDS:
        chosen = random.Random(seed).sample(order, 3)
        before = after = line(seed)
        for place, change in enumerate(chosen):
            after = changed(after, change, seed + place)
        found.append(Case(f"{seed}: {', '.join(chosen)}", as_resources(before), as_resources(after), in_the_run=False))
    return found
