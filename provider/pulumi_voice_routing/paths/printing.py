"""How the commands print, and what they say about files that cannot be right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ..errors import DeclarationError, VoiceRoutingError, one_line


def say(text: str, *, newline: bool = True) -> None:
    """Print. What the screen has no character for is a question mark."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    typer.echo(text.encode(encoding, errors="replace").decode(encoding), nl=newline)


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
