"""Write the recordings anew: ``python -m tests.outcomes.recorded``."""

from __future__ import annotations

import tests.conftest  # noqa: F401  # it loads all types

from .all import RECORDINGS
from .cases import recorded

for name in RECORDINGS:
    print(recorded(name))
