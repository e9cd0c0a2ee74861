"""``voice-routing conformance`` on the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..completion import vendors
from ..terminal import progress, quiet

PROBLEM = 1
"""Exit code: something is otherwise than this package expects; 3 when a vendor could not be met."""


def conformance(
    vendor: Annotated[
        list[str] | None, typer.Option(help="Only this vendor; may be repeated.", autocompletion=vendors)
    ] = None,
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
    json_: Annotated[
        bool, typer.Option("--json", help="Print the answers as JSON, or with --sweep the objects.")
    ] = False,
) -> None:
    """Meet the vendors with an account for trying things out: what they answer where no document says it.

    Only inactive objects are made, with a mark in their names, and removed again. Exit code: 0 all is as this package
    expects, 1 something is not, 3 a vendor could not be met.
    """
    from ...errors import SettingsError
    from ...masking import masked
    from ...settings import cache_folder
    from ..printing import answer, note, say
    from ..stand_in import VENDORS
    from ..writing import write
    from .meeting import as_json, as_text, met, who
    from .specimens import MARK, SPECIMENS, Subjects

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
        _sweep(list(met_with), MARK, remove=yes, json_=json_)
        return
    if not (yes and (json_ or quiet())):  # whoever is asked has to know what about
        for one, account in met_with.items():
            types = ", ".join(specimen.token.partition(":")[2] for specimen in SPECIMENS[one])
            say(f"{one}, {account}: objects with {MARK} in their names ({types})\n", sys.stderr)
        say("They are inactive, and removed again where the vendor can. No other object is changed.\n", sys.stderr)
    if not yes and not (sys.stdin.isatty() and typer.confirm("Go on?", err=True)):
        raise SettingsError("nothing was done; with --yes nobody is asked")
    with progress("conformance") as told:
        meetings = [met(one, Subjects(MARK, numbers, extension), told, active_flag=active_flag) for one in met_with]
    found = as_json(meetings)
    write(file, json.dumps(found, indent=2) + "\n")
    if json_:
        answer(found)
    else:
        say(masked(as_text(meetings)))
        note(f"{file}: everything, without secrets and numbers; for an issue, and for `voice-routing emulate --like`")
    if any(one.problems or one.unexpected for one in meetings):
        raise typer.Exit(PROBLEM)


def _number(said: str) -> str:
    from ...errors import SettingsError
    from ...telephony.number import NotANumber, Number

    try:
        return Number.parse(said)
    except NotANumber as error:
        raise SettingsError(f"--number: {error}") from None


def _sweep(vendors: list[str], mark: str, *, remove: bool, json_: bool) -> None:
    from ..printing import answer, say
    from .sweep import leftovers, removed

    with progress("conformance") as told:
        those = leftovers(vendors, mark, told)
        ends = {id(one): why for one, why in removed(those, told)} if remove else {}
    stayed = [one for one in those if ends.get(id(one), "it was not to be removed")]
    if json_:
        objects = [{"type": one.token, "id": one.id, "label": one.label, "left": one in stayed} for one in those]
        answer({"objects": objects, "removed": len(those) - len(stayed), "left": len(stayed)})
        return
    for one in those:
        end = f": {ends[id(one)] or 'removed'}" if remove else ""
        say(f"  {one.token} {one.id} {one.label!r}{end}\n")
    if remove:
        say(f"{len(those) - len(stayed)} removed, {len(stayed)} left\n")
    else:
        say(f"{len(those)} objects are left; --sweep --yes removes what can be removed\n")


__all__ = ["conformance"]
