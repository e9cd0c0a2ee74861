"""What somebody changed at the vendor since the state's last look, and that no write undoes it unseen.

A write compares three values of each field: the state's last one, the program's, and the vendor's right before it. What
the vendor has is somebody's edit when it is neither of the other two.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import say
from ..errors import short_line
from ..masking import masked_data
from ..permission.approvals import OVERWRITE, Approvals, Change, broken_glass
from ..permission.wording import Unapproved

_LONGEST_VALUE = 160


@dataclass(frozen=True)
class Edit:
    """Something that decides who is called, and that a write would put back unseen."""

    what: str
    """The field, and the row when it is one of many."""
    there: Any
    """What the vendor has."""
    wanted: Any
    """What the program says."""

    def change(self, id_: str) -> Change:
        """What an approval of it names."""
        return Change(OVERWRITE, f"{id_} {self.what}", _said(self.there), _said(self.wanted))


def refuse_unseen(vendor: str, noun: str, id_: str, edits: Iterable[Edit]) -> None:
    """Raises :class:`Refused` when an edit would be undone that neither a refresh nor an approval has seen."""
    found = list(edits)
    if not found:
        return
    approvals = Approvals.here()
    refused = [edit for edit in found if not approvals.allow(edit.change(id_))]
    if not refused:
        tell = say.warn if OVERWRITE in broken_glass() else say.info
        tell(f"{vendor}: {_list(found)} of {noun} {id_}: what somebody changed is overwritten, as it is approved")
        return
    changes = [edit.change(id_) for edit in refused]
    others = f" (and {len(refused) - 1} more: {_list(refused[1:])})" if len(refused) > 1 else ""
    raise Unapproved(
        f"{vendor}: {_list(refused[:1])} of {noun} {id_} was changed by somebody since the last look, and this change "
        f"would undo that: {changes[0].from_} there, {changes[0].to} in the program{others}. Run `pulumi refresh` to "
        "see it, then declare it or let `pulumi up` put it back. Nothing was changed.",
        changes,
    )


def _list(edits: Iterable[Edit]) -> str:
    return ", ".join(edit.what for edit in edits)


def _said(value: Any) -> str:
    shown = masked_data(value)
    if shown in (None, "", []):
        return "nothing"
    return short_line(shown if isinstance(shown, str) else json.dumps(shown, default=str))[:_LONGEST_VALUE]


__all__ = ["OVERWRITE", "Edit", "refuse_unseen"]
