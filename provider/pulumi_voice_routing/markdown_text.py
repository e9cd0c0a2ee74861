"""Text that anybody may have written, inside of Markdown: no tag, table cell, link or mention comes out of it."""

from __future__ import annotations

import re

from .errors import one_line

LONGEST = 65_000
"""In bytes. GitHub takes comments of up to 65,536 characters."""

_SPECIAL = re.compile(r"[&<>|`*_~\[\]\\!#$]")
_MENTION = re.compile(r"@(?=[A-Za-z0-9])")
_LINK = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)")


def escaped(text: str) -> str:
    """Text that stays text in Markdown, also in a table."""
    safe = _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", one_line(text))
    safe = _LINK.sub(lambda found: f"&#{ord(found[0])};", safe)
    return _MENTION.sub("@\u2060", safe)
