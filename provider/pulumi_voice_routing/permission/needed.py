"""Who may give a number to another owner, or take it from everybody: pure questions over what is known of it.

An owner is named as in an approval: ``profile 1001``, ``queue 1000``; :data:`NOBODY` when no one answers the number,
:data:`INACTIVE` when its owner stays and callers do not reach it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .approvals import REASSIGN as REASSIGN
from .approvals import RELEASE as RELEASE
from .approvals import TAKE_FOREIGN as TAKE_FOREIGN
from .approvals import Change

NOBODY = "nobody"
INACTIVE = "inactive"
HIDDEN = "an owner that the state does not show"
"""An owner that the program gives as a secret."""
NOT_KNOWN = "not known yet"
"""An owner that is still to be made. No approval covers it, because none can name it."""


@dataclass(frozen=True)
class NumberFacts:
    """A number before a change."""

    number: str
    """As users write it: ``+13035550100``."""
    known: str
    """The owner that the stack knows of."""
    live: str
    """The owner at the vendor, right now."""
    active: bool
    """Whether callers reach that owner."""


def needed_permission(number: NumberFacts, to: str) -> Change | None:
    """The permission without which the number must not go ``to`` another owner, to nobody or to inactive.

    None is needed when nobody loses a call by it: the number has no owner, it stays where it is, or callers do not
    reach the owner that the stack knows. An owner that the stack does not know is somebody else's, active or not.
    """
    if number.live in (NOBODY, to):
        return None
    if number.live != number.known:
        return Change(TAKE_FOREIGN, number.number, number.live, to)
    if not number.active:
        return None
    return Change(RELEASE if to in (NOBODY, INACTIVE) else REASSIGN, number.number, number.live, to)
