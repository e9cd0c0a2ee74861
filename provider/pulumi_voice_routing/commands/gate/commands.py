"""``voice-routing gate`` and ``voice-routing approve``, as commands of the tool."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ...errors import VoiceRoutingError
from ..printing import say
from .command_line import VIOLATION, run, tell, today

AS_GIVEN = {"ignore_unknown_options": True, "allow_extra_args": True}
"""For a command that reads its options itself."""


def gate(context: typer.Context) -> None:
    """Judge what a preview would do to callers. Exit code 0: passes, 1: a violation, 2: would change, 3: an error."""
    raise typer.Exit(run(context.args))


def approve(
    report: Annotated[Path, typer.Argument(help="What `voice-routing gate --format json` printed.")],
    rule: Annotated[str, typer.Option(help="The rule that found the change.")],
    reason: Annotated[str, typer.Option(help="Why the change is meant.")],
    ticket: Annotated[str, typer.Option(help="Where it was decided.")],
    until: Annotated[
        datetime, typer.Option(help="The last day, in UTC, within 90 days from now.", formats=["%Y-%m-%d"])
    ],
    object: Annotated[
        list[str] | None, typer.Option(help="What it found it about, such as +13035550100; may be repeated.")
    ] = None,
    all_objects: Annotated[bool, typer.Option("--all", help="Everything that the rule found.")] = False,
    file: Annotated[
        Path | None, typer.Option(help="The file of approvals; by default approvals.toml in this folder.")
    ] = None,
) -> None:
    """Permit changes that the gate refused: write them into the file of approvals, exactly as they were found."""
    from ...permission.approvals import APPROVALS_FILE
    from .approving import add, entries, objects_of, read_report

    try:
        path = file or Path(APPROVALS_FILE.get() or "approvals.toml")
        if bool(object) == all_objects:
            raise VoiceRoutingError("approve: name what is permitted with --object, or say --all")
        found = read_report(report)
        new = entries(found, rule, object or objects_of(found, rule))
        text = add(path, new, reason=reason, ticket=ticket, until=until.date(), today=today())
        say(f"{text}\nis added to {path}.\n")
    except Exception as error:
        tell(error)
        raise typer.Exit(VIOLATION) from None
