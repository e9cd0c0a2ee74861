"""``voice-routing drift`` on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .printing import Format, as_written, report
from .terminal import progress

_NONE, _DRIFT, _ERROR = 0, 2, 3


def drift(
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, instead of asking Pulumi.")
    ] = None,
    ignore: Annotated[
        Path | None, typer.Option(help="The file of what is meant to differ; default: drift.toml in the folder.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Look in the whole account for what the stack does not know.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Markdown is for issues.")] = Format.text,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show what was changed outside the program, whose calls that sends elsewhere, and what the stack does not know.

    Exit code: 0 no drift, 2 drift, 3 something could not be looked at. Nothing is written anywhere.
    """
    from ..plan.sources import exported, read_state
    from . import drift_ignores
    from .drift import drifted
    from .drift_report import as_json, as_markdown, as_text

    ignores = drift_ignores.read(ignore, cwd)
    with progress("drift") as told:
        told(1, 1, "the state")
        document = read_state(state) if state is not None else exported(cwd, stack)
        with as_written(state or "the state"):
            found = drifted(document, told, everything=everything)
    today = datetime.now(UTC).date()
    found.drifts = drift_ignores.without_meant(found.drifts, ignores, today)
    found.expired = drift_ignores.expired(ignores, today)
    report(found, Format.json if json_ else format, as_text, as_markdown, as_json)
    if found.errors or found.open:
        raise typer.Exit(_ERROR if found.errors else _DRIFT)
