"""Text as a formatter of Python leaves it."""

from __future__ import annotations


def quoted(text: str) -> str:
    """A text in double quotes, unless it holds more of them than of the others."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{_escaped(text, quote)}{quote}"


def _escaped(text: str, quote: str) -> str:
    # With both quotes in it, repr() takes single ones and puts a backslash before those inside.
    body = repr(text + "'\"")[1:-4].replace("\\'", "'")
    return body.replace(quote, f"\\{quote}")
