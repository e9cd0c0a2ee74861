"""``voice-routing adopt``: route groups and all that is in them, into the state of a stack that has a program.

It is an export of these types alone, into one file or none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import VoiceRoutingError
from ..plan.facts import PREFIX
from ..plan.roles import roles_of, tokens_of
from .export.account import Account, Found, read
from .export.commands import NOT_ALL_READ
from .export.into_state import adopt as enter
from .export.into_state import name_as_known
from .export.program import Program
from .export.wanted import Wanted
from .printing import answer, note, say
from .stack_state import StackState
from .terminal import progress
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
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Adopt RingCX route groups, with all that is in them, into a stack's state. Nothing is written to the vendor.

    The next `pulumi preview` shows how they differ from what the program declares. For whole accounts, with numbers and
    the other vendors, see `voice-routing export --adopt`. Exits with 3 when something could not be read.
    """
    if program is not None and program.exists():
        raise VoiceRoutingError(f"{program} exists already; name another file")
    with progress("adopt") as told:
        account = read(wanted(group or ()), told=told)
        told(1, 1, "the state")
        state = StackState.read(cwd, stack)
        new = name_as_known(account.objects, state)
    if program is not None:
        _refuse_rows(account, state)
    known = len(account.objects) - len(new)
    if not json_:
        for one in new:
            say(f"  {one.token:<28} {one.id:<24} {one.label or one.name}\n")
        say(f"{len(new)} to adopt" + (f", {known} in the state already" if known else "") + "\n")
        for line in _not_adopted(account):
            say(f"{line}\n")
    if not dry_run:
        adopted = Program("adopted", account, one_file=True)
        if program is not None:
            write(program, adopted.text("Adopted from the live account by `voice-routing adopt`."))
            note(f"wrote {program}, which declares all {len(account.objects)} of them")
        if new:
            with progress("adopt") as told:
                told(1, 1, f"writing {len(new)} objects into the state")
                enter(adopted, cwd, stack)
            note("The stack's state knows them now. `pulumi preview` shows how they differ from the program.")
    if json_:
        answer({"objects": list(_rows(account, new)), **_left_out(account), "written": bool(new) and not dry_run})
    if account.failures:
        raise typer.Exit(NOT_ALL_READ)


def _refuse_rows(account: Account, state: StackState) -> None:
    """A program that declares objects one by one would take them out of their fleets."""
    rows = state.rows()
    if row := next((one for one in account.objects if (f"{PREFIX}{one.token}", one.id) in rows), None):
        raise VoiceRoutingError(
            f"the stack's state has {row.token} {row.id} as {row.name}, a row of a fleet, which --program would "
            "declare as a resource of its own. Leave --program out, or run `voice-routing fleet spread` first"
        )


def wanted(groups: tuple[str, ...] | list[str]) -> Wanted:
    """These route groups; all that were made, without the one that every account has, when none is named."""
    vendor = ROOT.partition(":")[0]
    types = [token for token in tokens_of(vendor) if _is_in(token)]
    return Wanted(vendors=[vendor], types=types, groups=groups, only_made=not groups)


def _is_in(token: str) -> bool:
    inside = roles_of(token).inside
    return token == ROOT or (inside is not None and inside.mark.what != token and _is_in(inside.mark.what))


def _rows(account: Account, new: Sequence[Found]) -> Iterator[dict[str, Any]]:
    """Every object as plain values, with whether the state had it before."""
    for one in account.objects:
        yield {"type": one.token, "name": one.name, "id": one.id, "label": one.label, "known": one not in new}


def _left_out(account: Account) -> dict[str, list[str]]:
    """What is not among them."""
    left_out = [f"{token} {why}" for token, count in sorted(account.counts.items()) for why in count.left_out]
    return {"left_out": left_out, "failures": account.failures}


def _not_adopted(account: Account) -> Iterator[str]:
    said = _left_out(account)
    yield from (f"left out: {one}" for one in said["left_out"])
    yield from (f"cannot be read: {one}" for one in said["failures"])


__all__ = ["adopt", "wanted"]
