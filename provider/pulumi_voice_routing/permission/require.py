"""Asking for permission right before a write that would change who answers callers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .. import say
from ..errors import some_of
from .approvals import BREAK_GLASS, FORBIDDEN_TARGET, UNNAMED, Approvals, Change, broken_glass
from .needed import TAKE_FOREIGN
from .wording import Unapproved, Way, by_way

_MOST_SHOWN = 3


def require_permission(changes: Collection[Change], approvals: Approvals | None = None, *, tell: bool = True) -> None:
    """Every change is approved, or its rule switched off in an emergency. Raises :class:`Refused`, with all of them.

    Without ``approvals`` they are read anew. ``tell`` says whether the user is told what is permitted.
    """
    if not changes:
        return
    approvals = Approvals.here() if approvals is None else approvals
    refused = [change for change in changes if not approvals.allow(change)]
    if refused:
        raise Unapproved(_line(refused, approvals), refused)
    for way, those in by_way(changes) if tell else ():
        if way.rule in broken_glass():
            say.warn(f"ringcx: {BREAK_GLASS.variable}={way.rule} is set: {_said(way, those)}. Unset it.")
        else:
            say.info(f"ringcx: approved: {_said(way, those)}")


def require_allowed_targets(led: str, why: Mapping[Change, str], approvals: Approvals) -> None:
    """Calls may be led to each of these targets in spite of the reason against it. Raises :class:`Refused`.

    ``led`` says who would lead them there.
    """
    if why and FORBIDDEN_TARGET in broken_glass():
        told = "; ".join(dict.fromkeys(why.values()))
        say.warn(f"{BREAK_GLASS.variable}={FORBIDDEN_TARGET} is set: {led} where no call may go: {told}. Unset it.")
        return
    refused = [change for change in why if not approvals.allow_target(change)]
    if refused:
        reasons = "; ".join(dict.fromkeys(why[change] for change in refused))
        raise Unapproved(
            f"{led} where no call may go: {reasons}: {refused[0].rule}, {approvals.why_not(refused[0])}. "
            "Nothing was changed.",
            refused,
        )


def _line(refused: list[Change], approvals: Approvals) -> str:
    said = "; ".join(
        f"{_said(way, those)} ({way.rule}: {approvals.why_not(those[0])}{_whose(way)})"
        for way, those in by_way(refused)
    )
    return f"{_counted(refused)} would change hands: {said}. Nothing was changed."


def _counted(refused: list[Change]) -> str:
    """How many numbers they are about: one may go to another owner and be switched off as well."""
    numbers = {change.object for change in refused}
    if any(one.startswith(UNNAMED) for one in numbers):
        return "numbers"
    return "1 number" if len(numbers) == 1 else f"{len(numbers)} numbers"


def _said(way: Way, those: list[Change]) -> str:
    numbers = some_of([change.object for change in those], _MOST_SHOWN)
    return f"{numbers} from {way.from_} to {way.to}"


def _whose(way: Way) -> str:
    return f"; this stack does not know {way.from_} as the owner" if way.rule == TAKE_FOREIGN else ""
