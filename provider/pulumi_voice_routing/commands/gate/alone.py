"""``voice-routing gate`` without what the other commands import, so that it answers at once."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from ..command import ending
from .commands import gate


def main(arguments: Sequence[str]) -> int:
    """Judge, and return the exit code."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(cls=ending(3))(gate)
    try:
        app(list(arguments), prog_name="voice-routing gate")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0
