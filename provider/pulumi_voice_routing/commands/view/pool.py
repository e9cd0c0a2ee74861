"""Values that many numbers share, written down once and told by their place."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import Any


class Pool:
    """A list without repetitions."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Hashable, int] = {}

    def place(self, value: Any) -> int:
        """Where a value is, which is added when it is new."""
        key = json.dumps(value, sort_keys=True)
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]
