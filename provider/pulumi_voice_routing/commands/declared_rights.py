"""Whether whoever signs in may read the types that a program declares and the stack does not have yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..errors import Forbidden, Unauthorized, VoiceRoutingError
from ..plan.roles import roles_of
from ..registry import provider_for
from .compare.difference import single_type


def refusals(tokens: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The types that may be read, and why others may not be; a list of each is read, and nothing is written.

    A type whose lists are inside something that the account does not have yet is in neither.
    """
    may: list[str] = []
    not_: dict[str, str] = {}
    for token in dict.fromkeys(filter(None, map(_listed, tokens))):
        try:
            home = _home(token)
            if home is not None:
                next(iter(provider_for(token).ids(home)), None)
                may.append(token)
        except (Forbidden, Unauthorized) as error:
            not_[token] = str(error)
        except (VoiceRoutingError, NotImplementedError):
            continue  # nothing that a right would change, such as call handling of another generation
    return may, not_


def _listed(token: str) -> str:
    """The type itself, or the one that stands for what is in its list."""
    return single_type(token) if provider_for(token).listed_as else token


def _home(token: str) -> str | None:
    """The first place that may hold objects of a type; nothing when there is none."""
    inside = roles_of(token).inside
    homes: Callable[[], Iterable[str]] = provider_for(token).homes
    if inside is None:
        return next(iter(homes()), None)
    outer = _home(inside.mark.what)
    return None if outer is None else next(iter(provider_for(inside.mark.what).ids(outer)), None)


__all__ = ["refusals"]
