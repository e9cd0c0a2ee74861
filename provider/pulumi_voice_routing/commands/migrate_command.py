"""``voice-routing migrate``: follow what a vendor has changed about an account."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import VoiceRoutingError
from .command import Command, Group
from .printing import answer, note, say
from .terminal import progress
from .writing import write

migrate = typer.Typer(cls=Group, no_args_is_help=True, help="Follow what a vendor has changed about an account.")


@migrate.callback()
def _migrations() -> None:
    """Follow what a vendor has changed about an account."""


@migrate.command("ringex", cls=Command)
def migrate_ringex(
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    program: Annotated[
        Path | None, typer.Option(help="Write the program that declares the moved rules to this new file.")
    ] = None,
    write_state: Annotated[
        bool,
        typer.Option("--write/--dry-run", help="Exchange the entries of the state, or only show all of it."),
    ] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answering rules of extensions with the newer call handling: exchange them in the program and the state.

    Run it without --write first: it shows what becomes of each resource, and the program that declares the moved rules.
    Put that in the place of the old declarations, then run it with --write. Nothing is written to the vendor.
    """
    from . import migration

    if program is not None and program.exists():
        raise VoiceRoutingError(f"{program} exists already; name another file")
    with progress("migrate") as told:
        told(1, 1, "the state")
        state = migration.MovedState.read(cwd, stack)
        steps = state.steps(told)
    new = [step.new for step in steps if step.new]
    text = migration.program_of(new) if new else ""
    if not json_:
        for step in steps:
            say(f"  {step.token} {step.name!r} -> {step.becomes}\n")
        none = "no answering rule of the stack is on an extension that was moved"
        say(f"{len(new)} to exchange\n" if steps else f"{none}\n")
    if new and program is not None:
        write(program, text)
        note(f"wrote {program}, which declares all {len(new)} of them")
    elif new and not write_state and not json_:
        say(f"{text}\n")
    if write_state and steps:
        with progress("migrate") as told:
            told(1, 2, "writing the state")
            state.exchange(steps)
            state.write(cwd, stack)
            told(2, 2, "pulumi preview")
            _require_no_change(stack, cwd)
        note("The stack's state knows the moved rules now, and `pulumi preview` wants to change nothing.")
    if json_:
        answer({"steps": [step.as_json() for step in steps], "program": text, "written": write_state and bool(steps)})


def _require_no_change(stack: str | None, cwd: Path) -> None:
    from . import migration

    try:
        left = migration.changes_left(stack, cwd)
    except VoiceRoutingError as error:
        raise VoiceRoutingError(f"the state is exchanged, and the program does not fit it yet: {error}") from None
    if left:
        raise VoiceRoutingError(f"the state is exchanged, and the program still declares something else: {left}")
