"""``voice-routing compare`` on the command line."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_DIFFERENT, _ERROR = 2, 3


class Format(StrEnum):
    """How a comparison is written."""

    text = "text"
    markdown = "markdown"
    json = "json"


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
    from ...errors import VoiceRoutingError
    from ...masking import masked
    from ..printing import as_written, say
    from .difference import difference
    from .report import as_json, as_markdown, as_text
    from .sides import side

    def tell(line: str) -> None:
        if sys.stderr.isatty():
            say(f"  {line}\n", sys.stderr)

    try:
        with as_written(left):
            here = side(left, cwd, tell)
        with as_written(right):
            there = side(right, cwd, tell)
        found = difference(here, there)
    except VoiceRoutingError as error:
        say(f"error: {masked(str(error))}\n", sys.stderr)
        raise typer.Exit(_ERROR) from None
    if json_ or format is Format.json:
        said = json.dumps(as_json(found), indent=2, default=str) + "\n"
    else:
        said = as_markdown(found) if format is Format.markdown else as_text(found)
    say(masked(said))
    if found.errors or found.any:
        raise typer.Exit(_ERROR if found.errors else _DIFFERENT)
