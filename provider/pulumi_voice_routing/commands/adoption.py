"""``voice-routing adopt``: route groups and all that is in them, into the state of a stack that has a program.

It is an export of these types alone, into one file or none.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import VoiceRoutingError
from ..plan.roles import roles_of, tokens_of
from .export.account import Account, read
from .export.commands import NOT_ALL_READ
from .export.into_state import adopt as enter
from .export.into_state import name_as_known
from .export.program import Program
from .export.wanted import Wanted
from .printing import say
from .stack_state import StackState
from .writing import write

ROOT = "ringcx:RouteGroup"
"""What is adopted, with everything in it."""


def adopt(
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    group: Annotated[
        list[str] | None, typer.Option(help="Only this route group, by name or id; may be repeated.")
    ] = None,
    program: Annotated[
        Path | None, typer.Option(help="Write a program that declares them to this new file, such as adopted.py.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Show what would be adopted, and write nothing.")] = False,
) -> None:
    """Adopt RingCX route groups, with all that is in them, into a stack's state. Nothing is written to the vendor.

    The next `pulumi preview` shows how they differ from what the program declares. For whole accounts, with numbers and
    the other vendors, see `voice-routing export --adopt`. Exits with 3 when something could not be read.
    """
    if program is not None and program.exists():
        raise VoiceRoutingError(f"{program} exists already; name another file")
    account = read(wanted(group or ()), lambda line: None)
    new = name_as_known(account.objects, StackState.read(cwd, stack))
    for one in new:
        say(f"  {one.token:<28} {one.id:<24} {one.label or one.name}\n")
    known = len(account.objects) - len(new)
    say(f"{len(new)} to adopt" + (f", {known} in the state already" if known else "") + "\n")
    _tell(account)
    if not dry_run:
        adopted = Program("adopted", account, one_file=True)
        if program is not None:
            write(program, adopted.text("Adopted from the live account by `voice-routing adopt`."))
            say(f"wrote {program}, which declares all {len(account.objects)} of them\n")
        if new:
            enter(adopted, cwd, stack)
            say("The stack's state knows them now. `pulumi preview` shows how they differ from the program.\n")
    if account.failures:
        raise typer.Exit(NOT_ALL_READ)


def wanted(groups: tuple[str, ...] | list[str]) -> Wanted:
    """These route groups; all that were made, without the one that every account has, when none is named."""
    vendor = ROOT.partition(":")[0]
    types = [token for token in tokens_of(vendor) if _is_in(token)]
    return Wanted(vendors=[vendor], types=types, groups=groups, only_made=not groups)


def _is_in(token: str) -> bool:
    inside = roles_of(token).inside
    return token == ROOT or (inside is not None and inside.mark.what != token and _is_in(inside.mark.what))


def _tell(account: Account) -> None:
    """Say what is not among them."""
    for token, count in sorted(account.counts.items()):
        for why in count.left_out:
            say(f"left out: {token} {why}\n")
    for failure in account.failures:
        say(f"cannot be read: {failure}\n")


__all__ = ["adopt", "wanted"]
