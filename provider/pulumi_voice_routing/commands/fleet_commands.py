"""``voice-routing fleet``: single resources become rows of a fleet, and rows single resources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import VoiceRoutingError

if TYPE_CHECKING:
    from .fleet_state import FleetState

fleet = typer.Typer(no_args_is_help=True, help="Make single resources the rows of a fleet, or the other way round.")

Stack = Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")]
Cwd = Annotated[Path, typer.Option(help="The folder of the Pulumi program.")]
Write = Annotated[bool, typer.Option("--write/--dry-run", help="Change the stack's state, or only show what would be.")]


@fleet.command()
def gather(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="The type, such as ringcx:Destination.")],
    name: Annotated[str, typer.Argument(help="The name of the new fleet.")],
    only: Annotated[str, typer.Option(help="Those whose names fit, such as 'desk-*'.")] = "*",
    stack: Stack = None,
    cwd: Cwd = Path(),
    write_state: Write = False,
) -> None:
    """Make the single resources of a type the rows of a fleet; their names become its keys.

    Run it without --write first: it shows the table and the declaration. Put them in the place of the old declarations,
    then run it with --write. The objects stay as they are, and nothing is written to the vendor.
    """
    from .fleet_state import FleetState
    from .fleet_text import declaration, fleet_text

    state = FleetState.read(cwd, stack)
    rows = state.gather(type_, name, only)
    written = fleet_text(type_, rows)
    typer.echo(f"{len(rows)} become rows of {name!r}\n\n{name}.csv:\n{written.table}")
    typer.echo(declaration(type_, name, f"{name}.csv", written))
    _end(state, cwd, stack, write_state=write_state)


@fleet.command()
def spread(
    name: Annotated[str, typer.Argument(help="The name of the fleet.")],
    stack: Stack = None,
    cwd: Cwd = Path(),
    write_state: Write = False,
) -> None:
    """Make the rows of a fleet single resources, named by their keys. Nothing is written to the vendor."""
    from .fleet_state import FleetState

    state = FleetState.read(cwd, stack)
    for key, urn in state.spread(name).items():
        typer.echo(f"  {name}[{key!r}] -> {urn.rpartition('::')[2]}")
    _end(state, cwd, stack, write_state=write_state)


def _end(state: FleetState, cwd: Path, stack: str | None, *, write_state: bool) -> None:
    from .migration import changes_left

    if not write_state:
        return
    state.write(cwd, stack)
    left = changes_left(stack, cwd)
    if left:
        raise VoiceRoutingError(f"the state is changed, and the program declares something else: {left}")
    typer.echo("The stack's state is changed, and `pulumi preview` wants to change nothing.")
