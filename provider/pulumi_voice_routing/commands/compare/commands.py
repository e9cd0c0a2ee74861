"""``voice-routing compare`` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..printing import Format, as_written, report
from ..terminal import progress

_DIFFERENT, _ERROR = 2, 3


def compare(
    left: Annotated[str, typer.Argument(metavar="A", help="A stack, folder, file, `live` or `live:FILE` of settings.")],
    right: Annotated[str, typer.Argument(metavar="B", help="The same.")],
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program, for stacks.")] = Path(),
    format: Annotated[Format, typer.Option(help="Markdown is for issues.")] = Format.text,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show what two accounts, stacks, programs, previews or emulators do not have in common, by names and numbers.

    Exit code: 0 nothing, 2 something is different, 3 something could not be read. Nothing is written anywhere.
    """
    from .difference import difference
    from .report import as_json, as_markdown, as_text
    from .sides import side

    with progress("compare") as told:
        with as_written(left):
            here = side(left, cwd, told)
        with as_written(right):
            there = side(right, cwd, told)
        found = difference(here, there, told)
    report(found, Format.json if json_ else format, as_text, as_markdown, as_json)
    if found.errors or found.any:
        raise typer.Exit(_ERROR if found.errors else _DIFFERENT)
