"""SIP addresses."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?:sips?:)?(?P<user>[0-9]+)@(?P<host>[^;:?@]+)", re.IGNORECASE)


def address(target: str) -> tuple[str, str] | None:
    """The number and the host of a SIP address; nothing for what is none, or has no number."""
    found = _ADDRESS.match(target.strip())
    return (found["user"], found["host"].lower()) if found else None
