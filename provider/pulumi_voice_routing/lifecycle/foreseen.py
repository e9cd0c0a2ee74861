"""What an up would refuse before it sends anything, asked in the preview too.

The engine asks about one resource at a time in a preview. So the network is touched for what is new or gets another
name, and for nothing else; one list serves all resources of a parent, and the create that follows looks at the same
one. A vendor that cannot be asked is asked once: then only the up can tell.
"""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from .. import registry
from ..errors import (
    Ambiguous,
    ApiError,
    DeclarationError,
    Exists,
    Missing,
    NotFound,
    Refused,
    VoiceRoutingError,
)
from . import reaching, standing

_CERTAIN = (Ambiguous, DeclarationError, Exists, Missing, NotFound, Refused)
"""What an up would end with."""

_silent: set[str] = set()
"""Vendors that could not be asked."""


def foresee(vendor: str, look: Callable[[], None]) -> None:
    """Raises what ``look`` raises, as far as an up would end with it."""
    if vendor in _silent or reaching.offline():
        return
    try:
        look()
    except _CERTAIN:
        raise
    except VoiceRoutingError as error:
        if not isinstance(error, ApiError):  # whoever answers, if only with a no, may answer the next question
            _silent.add(vendor)
        pulumi.log.info(f"{vendor}: whether the names of new resources are free was not looked at: {error}")


def given_up(claim: standing.Claim) -> bool:
    """Whether a resource that the run has come to by now stood for this before, and stands for something else now.

    Who needs what it gives up depends on it, so that the engine comes to it first.
    """
    forms = {claim, claim[1:] if claim[0] == standing.ONE else (standing.ONE, *claim)}
    return any(not forms & standing.declared(urn) and forms & stood_for(urn) for urn in standing.everybody())


def stood_for(urn: str) -> set[standing.Claim]:
    """What the old copy of a resource stood for by the program's own words."""
    olds = standing.before(urn)
    if not olds:
        return set()
    type_ = urn.split("::")[2].rpartition("$")[2]  # those of the parents come first
    provider = registry.provider_for(type_.partition("/")[2])
    return set(provider.stands_for(provider.declared(olds)))


__all__ = ["foresee", "given_up", "stood_for"]
