"""What the engine says went wrong, each error in one line."""

from __future__ import annotations

import json
import re
from pathlib import Path

from ..errors import one_line

STYLE = re.compile(r"<\{%.*?%\}>")
"""Colours, as the engine writes them down."""
LAST_WORDS = frozenset({"preview failed", "update failed"})
"""What the engine says after every other error, and alone when a policy stops it."""
_TRACEBACK = "Traceback (most recent call last):"
_PLACE = re.compile(r'^\s+File "([^"<]+)", line (\d+)', re.MULTILINE)
_NOT_THE_USERS = re.compile(r"site-packages|[/\\]lib[/\\]python3|pulumi-language-python")


def reason(message: str) -> str:
    """Why it failed. The first line says it; of a traceback it is the last one, with the line of the program."""
    text = STYLE.sub("", message).strip()
    if _TRACEBACK not in text:
        return one_line(text.partition("\n")[0]).removeprefix("error: ")
    *_, last = [line for line in text.splitlines() if line[:1].strip()]
    own = [place for place in _PLACE.findall(text) if not _NOT_THE_USERS.search(place[0])]
    return one_line(last) + (f" ({Path(own[-1][0]).name}, line {own[-1][1]})" if own else "")


def reason_in(printed: str) -> str:
    """The first reason in the document that a command printed; empty when there is none."""
    try:
        said = json.loads(printed)["diagnostics"]
        reasons = [reason(str(one["message"])) for one in said if one.get("severity") == "error"]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return ""
    return next((one for one in reasons if one and one not in LAST_WORDS), "")


__all__ = ["LAST_WORDS", "STYLE", "reason", "reason_in"]
