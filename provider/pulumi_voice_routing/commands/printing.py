"""How the commands print, and what they say about files that cannot be right."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any, TextIO, TypeVar

from ..errors import DeclarationError, VoiceRoutingError, one_line, short_line
from ..masking import masked
from .terminal import fitted, make_way, quiet, to_a_program

Found = TypeVar("Found")


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    markdown = "markdown"
    json = "json"


def say(text: str, stream: TextIO | None = None) -> None:
    """Print all of the text now, in UTF-8 wherever it goes. Raises :class:`OSError` when it cannot be printed."""
    out: TextIO | None = stream or sys.stdout
    if out is None:
        raise OSError(errno.EBADF, "it cannot be printed: standard output is closed")
    make_way()
    try:
        out.flush()
        out.buffer.write(text.encode(errors="backslashreplace"))
        out.buffer.flush()
    except OSError as error:
        with suppress(OSError):  # what is left would be tried again at the very end, and change the exit code
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        raise OSError(error.errno, f"it cannot be printed: {error.strerror}") from None


def report(
    found: Found,
    form: Format,
    as_text: Callable[[Found], str],
    as_markdown: Callable[[Found], str],
    as_json: Callable[[Found], Any],
) -> None:
    """Print what was found in the form that was asked for, without secrets."""
    if form is Format.json:
        answer(as_json(found))
        return
    said = as_markdown(found) if form is Format.markdown else as_text(found)
    say(masked(said) if form is not Format.text else fitted(masked(said)))


def answer(document: Any) -> None:
    """Print the one document that ``--json`` asks for, without secrets."""
    say(masked(json.dumps(document, indent=2, ensure_ascii=False, default=str)) + "\n")


def note(line: str) -> None:
    """Say what was done besides the result, unless nobody wants to know."""
    if not (quiet() or to_a_program()):
        say(f"{masked(line)}\n")


def tell(error: Exception) -> None:
    """Say in one line on standard error why nothing was done."""
    what = str(error) if isinstance(error, VoiceRoutingError) else f"{type(error).__name__}: {error}"
    with suppress(OSError):
        say(f"error: {masked(short_line(what))}\n", sys.stderr)


@contextmanager
def as_written(where: object) -> Iterator[None]:
    """What a state or a preview holds in another form than the engine writes is one line, whatever it breaks."""
    try:
        yield
    except VoiceRoutingError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        why = one_line(f"{type(error).__name__}: {error}")[:200]
        raise DeclarationError(f"{where} holds something that this package does not write ({why})") from error
