"""Everything that decides about the calls of an extension with the newer call handling."""

from __future__ import annotations

from collections.abc import Iterator

from ..lifecycle import references
from ..lifecycle.model import Values
from ..lifecycle.provider import MANAGED
from .call_handling_state import CallHandlingStateProvider
from .call_handling_state_rule import CallHandlingStateRuleProvider
from .interaction_rule import InteractionRuleProvider

_TYPES = (CallHandlingStateProvider, CallHandlingStateRuleProvider, InteractionRuleProvider)


def is_told_whole(token: str) -> bool:
    """Whether lists tell all that an extension has beside an object of this type."""
    return token in {one.token for one in _TYPES}


def whole_extension(token: str, extension: str) -> Iterator[tuple[str, str, Values]]:
    """Type, id and arguments of each, when ``token`` is one of these types; nothing otherwise.

    ``extension`` is written as in a program. One list of each kind serves the whole process (EV-01, EV-04, EV-07).
    """
    if not is_told_whole(token):
        return
    for type_ in _TYPES:
        provider = type_()
        at = provider.at(provider.meant({"extension_id": extension}))
        for row in provider.everything(at):
            there = references.join(provider.account, *at, provider.number(row))
            shown = provider.look(there, {MANAGED: sorted(provider.model)})
            if shown is not None:
                yield provider.token, there, shown


__all__ = ["is_told_whole", "whole_extension"]
