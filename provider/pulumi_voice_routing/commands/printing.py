"""How the commands print, and what they say about files that cannot be right."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from ..errors import DeclarationError, VoiceRoutingError, one_line


def say(text: str, stream: TextIO | None = None) -> None:
    """Print all of the text now, in UTF-8 wherever it goes. Raises :class:`OSError` when it cannot be printed."""
    out: TextIO = stream or sys.stdout
    try:
        out.flush()
        out.buffer.write(text.encode(errors="backslashreplace"))
        out.buffer.flush()
    except OSError:
        with suppress(OSError):  # what is left would be tried again at the very end, and change the exit code
            os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        raise


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
