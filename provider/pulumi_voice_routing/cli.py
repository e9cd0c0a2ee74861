"""``voice-routing``: what is easier to type than to program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import __version__
from .commands.adoption import adopt
from .commands.call_flow import impact, trace
from .commands.compare.commands import compare
from .commands.conformance.commands import conformance
from .commands.diagram.commands import diagram
from .commands.drift_command import drift
from .commands.export.commands import export, import_
from .commands.fleet_commands import fleet
from .commands.gate.commands import GateCommand, approve, gate
from .commands.rehearsal.commands import rehearse
from .commands.view.commands import view
from .commands.writing import write
from .errors import VoiceRoutingError

app = typer.Typer(
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


@app.command()
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
) -> None:
    """Run the vendors' APIs on this machine, for trying things out. Ends with Ctrl-C."""
    try:
        from .emulator import StateError, serve
    except ImportError:
        raise VoiceRoutingError(
            "the emulator needs more packages; run: pip install 'pulumi-voice-routing[emulator]'"
        ) from None
    try:
        serve(port, state, seed, latency_seconds=latency, rate_limits=rate_limits, like_file=like, until_eof=until_eof)
    except StateError as error:
        raise VoiceRoutingError(f"emulate: {error}") from None
    except OSError as error:
        raise VoiceRoutingError(f"emulate: {error.filename or f'port {port}'}: {error.strerror or error}") from None


@app.command()
def doctor(
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look whether a run can work: versions, sign-ins, accounts, rights, approvals, protection. Only reads.

    Exit code: 0 all is well, 2 there are warnings, 1 a run cannot work.
    """
    import json

    from .commands.doctor import as_json, as_text, examined
    from .commands.printing import say
    from .masking import masked

    findings = []
    for finding in examined(cwd, stack):
        findings.append(finding)
        if not json_:
            say(f"{masked(as_text(finding))}\n")
    if json_:
        say(f"{masked(json.dumps(as_json(findings), indent=2))}\n")
    levels = {finding.level for finding in findings}
    if levels - {"ok"}:
        raise typer.Exit(1 if "error" in levels else 2)


migrate = typer.Typer(no_args_is_help=True, help="Follow what a vendor has changed about an account.")
app.add_typer(migrate, name="migrate")


@migrate.callback()
def _migrations() -> None:
    """Follow what a vendor has changed about an account."""


@migrate.command("ringex")
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
) -> None:
    """Answering rules of extensions with the newer call handling: exchange them in the program and the state.

    Run it without --write first: it shows what becomes of each resource, and the program that declares the moved rules.
    Put that in the place of the old declarations, then run it with --write. Nothing is written to the vendor.
    """
    from .commands import migration

    if program is not None and program.exists():
        raise VoiceRoutingError(f"{program} exists already; name another file")
    state = migration.MovedState.read(cwd, stack)
    steps = state.steps()
    for step in steps:
        typer.echo(f"  {step.token} {step.name!r} -> {step.becomes}")
    new = [step.new for step in steps if step.new]
    typer.echo(
        f"{len(new)} to exchange" if steps else "no answering rule of the stack is on an extension that was moved"
    )
    if new and program is not None:
        write(program, migration.program_of(new))
        typer.echo(f"wrote {program}, which declares all {len(new)} of them")
    elif new and not write_state:
        typer.echo(migration.program_of(new))
    if not write_state or not steps:
        return
    state.exchange(steps)
    state.write(cwd, stack)
    try:
        left = migration.changes_left(stack, cwd)
    except VoiceRoutingError as error:
        raise VoiceRoutingError(f"the state is exchanged, and the program does not fit it yet: {error}") from None
    if left:
        raise VoiceRoutingError(f"the state is exchanged, and the program still declares something else: {left}")
    typer.echo("The stack's state knows the moved rules now, and `pulumi preview` wants to change nothing.")


app.add_typer(fleet, name="fleet")
app.command()(adopt)
app.command()(export)
app.command("import")(import_)
app.command()(conformance)
app.command()(diagram)
app.command()(drift)
app.command()(compare)
app.command(cls=GateCommand)(gate)
app.command()(approve)
app.command()(rehearse)
app.command()(trace)
app.command()(impact)
app.command()(view)


def main() -> None:
    """Run a command; every failure is one line."""
    try:
        app()
    except VoiceRoutingError as error:
        from .masking import masked

        sys.exit(f"error: {masked(str(error))}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
