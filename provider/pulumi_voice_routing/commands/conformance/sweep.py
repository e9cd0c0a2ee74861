"""What earlier meetings have left, by the mark in its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import one_line
from ...lifecycle import meaning as means
from ...registry import provider_for
from ..export.account import Found, read
from ..export.wanted import Wanted
from ..stand_in import forget_clients
from ..terminal import Told, nothing
from .lives import begin_anew, is_there
from .specimens import SPECIMENS


@dataclass
class Leftover:
    """An object with the mark in its name."""

    token: str
    id: str
    label: str
    seen: dict[str, Any]


def leftovers(vendors: Sequence[str], mark: str, told: Told = nothing) -> list[Leftover]:
    """All of them, those that lie in others first."""
    forget_clients()
    types = [specimen.token for vendor in vendors for specimen in SPECIMENS[vendor]]
    account = read(Wanted(vendors=vendors, types=types), told=told)
    marked = [one for one in account.objects if mark in _label(one)]
    order = {token: place for place, token in enumerate(types)}
    marked.sort(key=lambda one: -order[one.token])
    return [Leftover(one.token, one.id, _label(one), dict(one.seen)) for one in marked]


def removed(those: Sequence[Leftover], told: Told = nothing) -> Iterator[tuple[Leftover, str]]:
    """End each; with the reason why it is there still, where it is."""
    for place, one in enumerate(those):
        told(place, len(those), f"removing {one.token}")
        provider = provider_for(one.token)
        why = ""
        begin_anew()
        try:
            provider.delete(one.id, one.seen)
            if is_there(one.token, one.id):
                why = "it stays, inactive: the vendor has no call that removes it"
        except Exception as error:  # the provider's own errors are of no common kind: the engine is to print them
            why = one_line(str(error))
        yield one, why


def _label(one: Found) -> str:
    """What it is called; of what has no name, such as a blocked number, the text that people read."""
    if one.roles.top(means.Label) is not None:
        return one.label
    texts = (one.args.get(place.field) for place in one.roles.places(means.FreeText) if not place.inner)
    return next((str(text) for text in texts if text), "")


__all__ = ["Leftover", "leftovers", "removed"]
