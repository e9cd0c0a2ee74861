"""``voice-routing fleet``: single resources become rows of a fleet, and rows single resources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import VoiceRoutingError
from .command import Command, Group
from .completion import types
from .printing import answer, note, say
from .terminal import progress

if TYPE_CHECKING:
    from .fleet_state import FleetState

fleet = typer.Typer(
    cls=Group, no_args_is_help=True, help="Make single resources the rows of a fleet, or the other way round."
)

Stack = Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")]
Cwd = Annotated[Path, typer.Option(help="The folder of the Pulumi program.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Write = Annotated[bool, typer.Option("--write/--dry-run", help="Change the stack's state, or only show what would be.")]


@fleet.command(cls=Command)
def gather(
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", help="Such as Destination, or ringcx:Destination.", autocompletion=types)
    ],
    name: Annotated[str, typer.Argument(help="The name of the new fleet.")],
    only: Annotated[str, typer.Option(help="Those whose names fit, such as 'desk-*'.")] = "*",
    stack: Stack = None,
    cwd: Cwd = Path(),
    write_state: Write = False,
    json_: Json = False,
) -> None:
    """Make the single resources of a type the rows of a fleet; their names become its keys.

    Run it without --write first: it shows the table and the declaration. Put them in the place of the old declarations,
    then run it with --write. The objects stay as they are, and nothing is written to the vendor.
    """
    from .export.wanted import token_named
    from .fleet_text import declaration, fleet_text

    token = token_named(type_)
    state = _state(cwd, stack, write_state=write_state)
    with progress("fleet"):
        rows = state.gather(token, name, only)
    written = fleet_text(token, rows)
    declared = declaration(token, name, f"{name}.csv", written)
    if not json_:
        say(f"{len(rows)} become rows of {name!r}\n\n{name}.csv:\n{written.table}\n{declared}\n")
    _end(state, cwd, stack, write_state=write_state)
    if json_:
        said = {"fleet": name, "type": token, "keys": list(rows), "table": written.table, "declaration": declared}
        answer({**said, "written": write_state})


@fleet.command(cls=Command)
def spread(
    name: Annotated[str, typer.Argument(help="The name of the fleet.")],
    stack: Stack = None,
    cwd: Cwd = Path(),
    write_state: Write = False,
    json_: Json = False,
) -> None:
    """Make the rows of a fleet single resources, named by their keys. Nothing is written to the vendor."""
    state = _state(cwd, stack, write_state=write_state)
    with progress("fleet"):
        urns = state.spread(name)
    if not json_:
        for key, urn in urns.items():
            say(f"  {name}[{key!r}] -> {urn.rpartition('::')[2]}\n")
    _end(state, cwd, stack, write_state=write_state)
    if json_:
        answer({"fleet": name, "resources": urns, "written": write_state})


_WRITES = ("the state", "writing the state", "pulumi preview")


def _state(cwd: Path, stack: str | None, *, write_state: bool) -> FleetState:
    from .fleet_state import FleetState

    with progress("fleet") as told:
        told(1, len(_WRITES) if write_state else 1, _WRITES[0])
        return FleetState.read(cwd, stack)


def _end(state: FleetState, cwd: Path, stack: str | None, *, write_state: bool) -> None:
    from .migration import changes_left

    if not write_state:
        return
    with progress("fleet") as told:
        told(2, len(_WRITES), _WRITES[1])
        state.write(cwd, stack)
        told(3, len(_WRITES), _WRITES[2])
        left = changes_left(stack, cwd)
    if left:
        raise VoiceRoutingError(f"the state is changed, and the program declares something else: {left}")
    note("The stack's state is changed, and `pulumi preview` wants to change nothing.")
