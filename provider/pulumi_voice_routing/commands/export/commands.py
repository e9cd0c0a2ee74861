"""``voice-routing export``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ...client.heard import listen
from ...errors import VoiceRoutingError
from ..completion import types, vendors
from ..printing import answer, say
from ..terminal import progress
from . import report
from .account import Account, one_object, read
from .advice import advice
from .folder import differences, put, require_place
from .into_state import adopt, make_stack
from .names import plain_slug, slug
from .program import Program
from .proof import prove
from .wanted import Wanted

NOT_ALL_READ = 3
"""Exit code: something could not be read."""


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder for the program.")],
    vendor: Annotated[
        list[str] | None, typer.Option(help="Only this vendor; may be repeated.", autocompletion=vendors)
    ] = None,
    type_: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only this type, such as Destination; may be repeated.", autocompletion=types),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Only what is in this group, by name or id; may be repeated.")
    ] = None,
    number: Annotated[list[str] | None, typer.Option(help="Only this dialled number; may be repeated.")] = None,
    exclude: Annotated[
        list[str] | None, typer.Option(help="Not this type, or what has this name or id; * stands for anything.")
    ] = None,
    into_stack: Annotated[
        bool, typer.Option("--adopt", help="Enter the objects into the stack's state; nothing is sent to a vendor.")
    ] = False,
    proved: Annotated[
        bool,
        typer.Option("--prove", help="Adopt, preview, bring up and refresh it against what was read, and compare."),
    ] = False,
    portable: Annotated[
        bool,
        typer.Option("--portable", help="For another account: no ids and nothing adopted, all of it is made anew."),
    ] = False,
    stack: Annotated[
        str | None, typer.Option(help="The stack for --adopt, which is made if it is missing. Default: dev.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print report.json; lines go to standard error.")] = False,
) -> None:
    """Write the accounts of all configured vendors as a program. Nothing is written to a vendor.

    Exits with 3 when something could not be read; the rest is exported all the same.
    """
    if portable and (into_stack or proved):
        raise VoiceRoutingError("--portable is for another account: what is there is not adopted, and not compared")
    require_place(folder)
    if proved:
        listen()
    said = partial(say, stream=sys.stderr) if json_ else say  # lines are for people
    wanted = Wanted(vendor or (), type_ or (), group or (), number or (), exclude or ())
    with progress("export") as told:
        account = read(wanted, lambda line: said(f"  {line}\n"), told)
        told(1, 1, f"the program of {len(account.objects)} objects")
        program = Program(plain_slug(folder.resolve().name), account, portable=portable)
        wrong = advice(program)
        files = {
            **program.files(),
            "Pulumi.yaml": report.settings(program.name),
            "README.md": report.readme(program, wrong),
            "requirements.txt": "pulumi-voice-routing\n",
            ".gitignore": "__pycache__/\n.venv/\n",
            "report.json": report.as_json(account, wrong),
        }
    if folder.exists() and any(folder.iterdir()):
        other = differences(folder, files)
        if other:
            raise VoiceRoutingError(
                f"{folder} exists already, and is not what would be written: {', '.join(other[:5])} "
                f"{'differs' if len(other) == 1 else 'differ'}; name a new folder"
            )
    else:
        put(folder, files)
    said(
        "\n".join(
            [
                *report.lines(account),
                *(f"advice: {line}" for line in wrong),
                f"{folder}: {len(account.objects)} objects in {len(files)} files",
                "",
            ]
        )
    )
    if json_:
        say(files["report.json"])
    if proved:
        with progress("export") as told:
            proof = prove(program, files, told)
        if not proof.holds:
            said("\n".join([*proof.differences, *(f"asked beyond the reading: {one}" for one in proof.unheard), ""]))
            raise VoiceRoutingError("the proof fails: the program is not just what is there")
        said(f"proved: {len(account.objects)} objects adopted, previewed, brought up, refreshed: 0 changes, 0 writes\n")
    if into_stack:
        with progress("export") as told:
            told(1, 2, "the stack")
            make_stack(folder, stack or "dev")
            told(2, 2, "entering all of it into the state")
            new, known = adopt(program, folder, stack or "dev")
        said(f"{new} entered into the stack's state" + (f", {known} were there already" if known else "") + "\n")
        if new:
            said(f"in {folder}, `pulumi preview` plans nothing now\n")
    elif program.secrets:
        said("\n".join(["Set the secrets that no vendor shows:", *report.commands(program), ""]))
    if account.failures:
        raise typer.Exit(NOT_ALL_READ)


def import_(
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", help="Such as Destination, or ringcx:Destination.", autocompletion=types)
    ],
    name: Annotated[str, typer.Argument(help="What the program calls the resource.")],
    id_: Annotated[str, typer.Argument(metavar="ID", help="The object's id, such as 123456/1001/1002.")],
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the declaration of one live object, and enter it into the stack's state. Nothing is sent to a vendor."""
    with progress("import") as told:
        told(1, 2, type_)
        found = one_object(type_, name, id_)
        program = Program(slug(name), Account([found]))
        declared = program.declaration(found)
        if not json_:
            say(f"{declared}\n")
        told(2, 2, "the state")
        new, _ = adopt(program, cwd, stack)
    if json_:
        said = {"type": found.token, "name": found.name, "id": found.id, "declaration": declared}
        answer({**said, "entered": bool(new)})
        return
    say(f"# {'entered into' if new else 'known to'} the stack's state; put the lines above into the program\n")
