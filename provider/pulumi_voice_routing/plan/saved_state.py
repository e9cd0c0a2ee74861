"""What the state of the stack that runs has, as the engine says to a provider while it writes."""

from __future__ import annotations

from functools import cache

from .facts import Resource, saved_resources
from .pulumi_cli import EngineError, exported


def saved(urn: str) -> list[Resource]:
    """The resources of the stack that a resource is in, as its state was when this process first asked.

    Raises :class:`EngineError`.
    """
    return list(_saved(urn.removeprefix("urn:pulumi:").partition("::")[0]))


@cache
def _saved(stack: str) -> tuple[Resource, ...]:
    try:
        return tuple(saved_resources(exported(stack)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EngineError(str(error)) from None


__all__ = ["saved"]
