"""``voice-routing conformance`` on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

PROBLEM, NOT_MET = 1, 3
"""Exit codes; 0 is a vendor that answers as this package expects."""


def conformance(
    vendor: Annotated[list[str] | None, typer.Option(help="Only this vendor; may be repeated.")] = None,
    number: Annotated[
        list[str] | None,
        typer.Option(help="A number that may be given to objects that nobody reaches; may be repeated."),
    ] = None,
    extension: Annotated[str, typer.Option(help="A free PortSIP extension number, for a ring group.")] = "",
    active_flag: Annotated[
        bool,
        typer.Option("--active-flag", help="Also let one destination, to which nothing leads, be on for a moment."),
    ] = False,
    file: Annotated[Path, typer.Option(help="Where the answers go.")] = Path("conformance.json"),
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Show what earlier runs have left; with --yes, remove it.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Meet the vendors with an account for trying things out: what they answer where no document says it.

    Only inactive objects are made, with a mark in their names, and removed again. Exit code: 0 all is as this package
    expects, 1 something is not, 3 a vendor could not be met.
    """
    from ...errors import SettingsError, VoiceRoutingError
    from ...masking import masked
    from ...settings import cache_folder
    from ..printing import say
    from ..stand_in import VENDORS
    from ..writing import write
    from .meeting import as_json, as_text, met, who
    from .specimens import MARK, SPECIMENS, Subjects

    try:
        unknown = [one for one in vendor or () if one not in VENDORS]
        if unknown:
            raise SettingsError(f"there is no vendor {', '.join(unknown)}; there are {', '.join(VENDORS)}")
        if file.is_dir() or not file.absolute().parent.is_dir():
            raise SettingsError(f"{file} cannot be written: name a file in a folder that is there")
        numbers = [_number(one) for one in number or ()]
        cache_folder()
        met_with: dict[str, str] = {}
        for one in vendor or VENDORS:
            try:
                met_with[one] = who(one)
            except SettingsError:
                if vendor:
                    raise
        if not met_with:
            raise SettingsError("no vendor has settings; see `voice-routing doctor`")
        if sweep:
            raise typer.Exit(_swept(list(met_with), MARK, remove=yes))
        for one, account in met_with.items():
            types = ", ".join(specimen.token.partition(":")[2] for specimen in SPECIMENS[one])
            say(f"{one}, {account}: objects with {MARK} in their names ({types})\n", sys.stderr)
        say("They are inactive, and removed again where the vendor can. No other object is changed.\n", sys.stderr)
        if not yes and not (sys.stdin.isatty() and typer.confirm("Go on?", err=True)):
            raise SettingsError("nothing was done; with --yes nobody is asked")
        meetings = []
        for one in met_with:
            subjects = Subjects(MARK, numbers, extension)
            meetings.append(met(one, subjects, lambda line: say(f"  {line}\n", sys.stderr), active_flag=active_flag))
    except VoiceRoutingError as error:
        say(f"error: {masked(str(error))}\n", sys.stderr)
        raise typer.Exit(NOT_MET) from None
    write(file, json.dumps(as_json(meetings), indent=2) + "\n")
    say(masked(as_text(meetings)))
    say(f"{file}: everything, without secrets and numbers; for an issue, and for `voice-routing emulate --like`\n")
    if any(one.problems or one.unexpected for one in meetings):
        raise typer.Exit(PROBLEM)


def _number(said: str) -> str:
    from ...errors import SettingsError
    from ...telephony.number import NotANumber, Number

    try:
        return Number.parse(said)
    except NotANumber as error:
        raise SettingsError(f"--number: {error}") from None


def _swept(vendors: list[str], mark: str, *, remove: bool) -> int:
    from ..printing import say
    from .sweep import leftovers, removed

    those = leftovers(vendors, mark)
    if not remove:
        for one in those:
            say(f"  {one.token} {one.id} {one.label!r}\n")
        say(f"{len(those)} objects are left; --sweep --yes removes what can be removed\n")
        return 0
    stayed = 0
    for one, why in removed(those):
        stayed += bool(why)
        say(f"  {one.token} {one.id} {one.label!r}: {why or 'removed'}\n")
    say(f"{len(those) - stayed} removed, {stayed} left\n")
    return 0


__all__ = ["conformance"]
