"""What the state of the stack that runs has, as the engine says to a provider while it writes."""

from __future__ import annotations

from functools import cache

from .facts import Resource, saved_resources
from .pulumi_cli import EngineError, exported


def saved(urn: str, *, leaving: bool = False, again: bool = False) -> list[Resource]:
    """The resources of the stack that a resource is in, as its state was when this process first asked, or is now when
    it asks ``again``; with ``leaving`` the old copies among them that are still to end.

    Raises :class:`EngineError`.
    """
    if again:
        _saved.cache_clear()
    return list(_saved(urn.removeprefix("urn:pulumi:").partition("::")[0])[leaving])


@cache
def _saved(stack: str) -> tuple[tuple[Resource, ...], ...]:
    try:
        state = exported(stack)
        return tuple(tuple(saved_resources(state, leaving=leaving)) for leaving in (False, True))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EngineError(str(error)) from None


__all__ = ["saved"]
