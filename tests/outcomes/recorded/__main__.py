"""Write the recordings anew: ``python -m tests.outcomes.recorded``.

With ``varied`` it prints what the digests are of.
"""

from __future__ import annotations

import sys

import tests.conftest  # noqa: F401  # it loads all types

from .about_varied import all_of_it
from .all import RECORDINGS
from .cases import recorded

for line in all_of_it() if "varied" in sys.argv else map(recorded, RECORDINGS):
    print(line)
