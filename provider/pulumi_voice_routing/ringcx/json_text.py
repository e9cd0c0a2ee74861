"""JSON that travels as text: the same whatever its spacing and the order of its keys."""

from __future__ import annotations

import json
from typing import Any


def parsed(text: Any) -> Any:
    """What the text says; the text itself when it is not JSON."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def same_json(one: Any, other: Any) -> bool:
    """Whether two texts say the same."""
    return bool(parsed(one) == parsed(other))
