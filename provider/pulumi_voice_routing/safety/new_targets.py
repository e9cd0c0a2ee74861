"""New targets to which no call may go, whether anybody calls what they are targets of or not.

Where calls of live numbers end is judged by whoever knows how they run. This is about what comes before that: a line
that is made with such a target today, and gets its number tomorrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.model import FieldFacts
from ..lifecycle.writes import Write
from ..permission.approvals import FORBIDDEN_TARGET, Approvals, Change
from ..permission.require import require_allowed_targets
from ..plan.roles import roles_of
from ..telephony.number import NotANumber, Number
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed

__all__ = ["require_allowed"]


def require_allowed(write: Write, approvals: Approvals) -> None:
    """Calls may go to every new target, or it is permitted. Raises :class:`Refused`."""
    model = write.provider.model
    was = set(_numbers(model, write.olds or {}))
    new = [number for number in dict.fromkeys(_numbers(model, write.args or {})) if number not in was]
    countries = allowed_countries() if new else None
    named, before = _named(write), ", ".join(sorted(was)) or "no target"
    why = {
        Change(FORBIDDEN_TARGET, named, before, number): "; ".join(reasons)
        for number in new
        if (reasons := list(why_number_not_allowed(number, countries)))
    }
    require_allowed_targets(f"{named} would send calls", why, approvals)


def _numbers(model: Mapping[str, FieldFacts], values: Mapping[str, Any]) -> Iterator[str]:
    """The telephone numbers among targets, in E.164."""
    for name, field in model.items():
        given = values.get(name)
        items: Iterable[Any] = given if isinstance(given, list) else [given]
        for item in items:
            if field.rows is not None and isinstance(item, Mapping):
                yield from _numbers(field.rows, item)
            elif isinstance(item, str) and item.startswith("+") and _is_target(field):
                try:
                    yield Number.parse(item)
                except NotANumber:
                    continue


def _is_target(field: FieldFacts) -> bool:
    return any(isinstance(mark, means.Target) and not mark.to for mark in field.meanings)


def _named(write: Write) -> str:
    """What it is about, as approvals call it."""
    noun = str(write.provider.noun)
    if write.id is not None:
        return f"{noun} {references.last(write.id)}"
    label = roles_of(write.provider.token).top(means.Label)
    called = (write.args or {}).get(label.field) if label is not None else None
    return f"{noun} {called!r}" if isinstance(called, str) else noun
