"""``voice-routing rehearse`` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..printing import Format, as_written, report
from ..terminal import progress

FOUND, NOT_REHEARSED = 1, 3
"""Exit codes; 0 is a change of which callers notice nothing in between."""


def rehearse(
    what: Annotated[
        Path, typer.Argument(metavar="WHAT", help="The program's folder, or what `pulumi preview --json` printed.")
    ] = Path(),
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[
        Path, typer.Option(help="The folder of the Pulumi program, for the state of the stack of a preview.")
    ] = Path(),
    stops: Annotated[
        int, typer.Option(help="At how many requests the run is stopped, to see what is left.", min=0)
    ] = 12,
    parallel: Annotated[int | None, typer.Option(help="How many resources the engine works on at once.", min=1)] = None,
    format: Annotated[Format, typer.Option(help="Markdown is for pull requests.")] = Format.text,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Carry a change out on the emulator, with the live account in it, and look at callers after every request.

    The vendors are only read. Exit code: 0 callers notice nothing in between, 1 they do, or the run does not come to
    its end, 3 it could not be rehearsed, or not with the whole account.
    """
    from .engine import program_of
    from .from_preview import program_of_preview
    from .rehearse import rehearsed
    from .report import as_json, as_markdown, as_text

    with as_written(what), progress("rehearsal") as told:
        options = ("--parallel", str(parallel)) if parallel else ()
        told(0, 0, "the program")
        if what.is_file():
            with program_of_preview(what, cwd, stack) as program:
                found = rehearsed(program, told, stops=stops, options=options)
        else:
            found = rehearsed(program_of(what, stack), told, stops=stops, options=options)
    report(found, Format.json if json_ else format, as_text, as_markdown, as_json)
    if not found.clean:
        raise typer.Exit(FOUND)
    if found.left_out:
        raise typer.Exit(NOT_REHEARSED)
