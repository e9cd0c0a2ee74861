"""SIP addresses."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?:sips?:)?(?P<user>[0-9]+)@(?P<host>[^;:?@]+)", re.IGNORECASE)
_OUTSIDE = re.compile(r"(?:sips?:)?(?P<number>\+[0-9]+)@", re.IGNORECASE)


def address(target: str) -> tuple[str, str] | None:
    """The number and the host of a SIP address; nothing for what is none, or has no number."""
    found = _ADDRESS.match(target.strip())
    return (found["user"], found["host"].lower()) if found else None


def outside_number(target: str) -> str:
    """The telephone number, with its plus sign, that a SIP address has a carrier call; empty when there is none."""
    found = _OUTSIDE.match(target.strip())
    return found["number"] if found else ""
