"""``voice-routing``: what is easier to type than to program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import __version__
from .commands.adoption import adopt
from .commands.call_flow import impact, trace
from .commands.command import Command, Group, ending
from .commands.compare.commands import compare
from .commands.conformance.commands import conformance
from .commands.diagram.commands import diagram
from .commands.doctor_command import doctor
from .commands.drift_command import drift
from .commands.export.commands import export, import_
from .commands.fleet_commands import fleet
from .commands.gate.commands import approve, gate
from .commands.migrate_command import migrate
from .commands.rehearsal.commands import rehearse
from .commands.view.commands import view
from .errors import VoiceRoutingError

app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Phone routing as code: tools beside `pulumi preview` and `pulumi up`.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"voice-routing {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say every step of what takes long.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")] = False,
) -> None:
    """Phone routing as code: tools beside `pulumi preview` and `pulumi up`."""
    from .commands.terminal import speak

    speak(quiet=quiet, verbose=verbose)


@app.command(cls=Command)
def emulate(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 0,
    state: Annotated[
        Path | None, typer.Option(help="Load the state from this file, and save it there at the end.")
    ] = None,
    seed: Annotated[Path | None, typer.Option(help="Start with the objects in this file.")] = None,
    latency: Annotated[float, typer.Option(help="Seconds that every answer takes.", min=0)] = 0.0,
    rate_limits: Annotated[bool, typer.Option(help="Refuse calls above the vendor's rate, as the vendor does.")] = True,
    like: Annotated[
        Path | None, typer.Option(help="Answer like the vendor that `voice-routing conformance` met.")
    ] = None,
    until_eof: Annotated[bool, typer.Option("--until-eof", help="End when standard input ends.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Say as JSON where it listens.")] = False,
) -> None:
    """Run the vendors' APIs on this machine, for trying things out. Ends with Ctrl-C."""
    try:
        from .emulator import StateError, serve
    except ImportError:
        raise VoiceRoutingError(
            "the emulator needs more packages; run: pip install 'pulumi-voice-routing[emulator]'"
        ) from None
    try:
        serve(
            port,
            state,
            seed,
            latency_seconds=latency,
            rate_limits=rate_limits,
            like_file=like,
            until_eof=until_eof,
            as_json=json_,
        )
    except StateError as error:
        raise VoiceRoutingError(f"emulate: {error}") from None
    except OSError as error:
        raise VoiceRoutingError(f"emulate: {error.filename or f'port {port}'}: {error.strerror or error}") from None


app.add_typer(migrate, name="migrate")
app.add_typer(fleet, name="fleet")
app.command(cls=ending(1))(doctor)
app.command(cls=Command)(adopt)
app.command(cls=Command)(export)
app.command("import", cls=Command)(import_)
app.command(cls=ending(3))(conformance)
app.command(cls=Command)(diagram)
app.command(cls=ending(3))(drift)
app.command(cls=ending(3))(compare)
app.command(cls=ending(3))(gate)
app.command(cls=Command)(approve)
app.command(cls=ending(3))(rehearse)
app.command(cls=Command)(trace)
app.command(cls=Command)(impact)
app.command(cls=Command)(view)


def main() -> None:
    """Run a command; every failure is one line."""
    try:
        app()
    except VoiceRoutingError as error:
        from .masking import masked

        sys.exit(f"error: {masked(str(error))}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:  # of a help that cannot be printed
        sys.exit(f"error: {error.strerror or error}")


if __name__ == "__main__":
    main()
