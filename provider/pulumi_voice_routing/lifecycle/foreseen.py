"""What an up would refuse before it sends anything, asked in the preview too.

The engine asks about one resource at a time in a preview. So the network is touched for what is new, gets another name
or names something new, and for little else; one list serves all resources of a parent, and the create that follows
looks at the same one. A vendor that cannot be asked is asked once: then only the up can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .. import registry, say
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
from . import reaching, standing, writes
from .meaning import Inside, Switches
from .model import Model, Values

_CERTAIN = (Ambiguous, DeclarationError, Exists, Missing, NotFound, Refused)
"""What an up would end with."""

_WHOLE = 2
"""How many slashes an id has at least that says what the object is in."""

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
        say.info(f"{vendor}: whether the names of new resources are free was not looked at: {error}")


def require_there(fields: Model, args: Values, olds: Values) -> None:
    """What calls are to go to, or to use, is there. Raises :class:`Missing`.

    What a resource of the program stands for is there by the program's own words, and what was named before was there
    once: only other ids are looked up, in one list for each parent.
    """
    named = {id_ for _, id_ in _named(fields, olds)}
    for types, id_ in _named(fields, args):
        if id_ in named or id_.count("/") < _WHOLE or writes.is_declared(id_):
            continue
        kinds = [registry.provider_for(type_) for type_ in sorted(types)]
        if not any(kind.is_there(id_) for kind in kinds):
            raise Missing(
                f"{kinds[0].vendor}: there is no {' or '.join(kind.noun for kind in kinds)} {id_}. Name one that there "
                "is, or declare it; nothing was changed."
            )


def _named(fields: Model, values: Mapping[str, Any]) -> Iterator[tuple[frozenset[str], str]]:
    """The objects that arguments name beside what contains them: the types that each may be of, and its id."""
    for name, field in fields.items():
        given = values.get(name)
        items = given if isinstance(given, list) else [given]
        types = frozenset() if any(isinstance(mark, Inside) for mark in field.meanings) else field.stands_for
        yield from ((types, id_) for id_ in items if types and isinstance(id_, str))
        switched = [mark.kinds for mark in field.meanings if isinstance(mark, Switches)]
        for row in (one for one in items if isinstance(one, Mapping)):
            for kinds in switched:
                if row.get("kind") in kinds and isinstance(row.get("id"), str):
                    yield frozenset({kinds[row["kind"]]}), row["id"]
            yield from _named(field.rows, row) if field.rows is not None else ()


def given_up(claim: standing.Claim) -> bool:
    """Whether a resource that the run has come to by now stood for this before, and stands for something else now.

    Who needs what it gives up depends on it, so that the engine comes to it first.
    """
    forms = {claim, claim[1:] if claim[0] == standing.ONE else (standing.ONE, *claim)}
    return any(not forms & standing.declared(urn) for urn in standing.once_stood(forms, stood_for))


def stood_for(urn: str) -> set[standing.Claim]:
    """What the old copy of a resource stood for by the program's own words."""
    olds = standing.before(urn)
    if not olds:
        return set()
    type_ = urn.split("::")[2].rpartition("$")[2]  # those of the parents come first
    provider = registry.provider_for(type_.partition("/")[2])
    return set(provider.stands_for(provider.declared(olds)))


__all__ = ["foresee", "given_up", "require_there", "stood_for"]
