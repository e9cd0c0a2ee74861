"""What a hook of the engine is about: a resource, or the rows of a fleet that something becomes of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pulumi

from ..lifecycle.fleet_rows import ROWS, Kept, row_name, row_urn, unpacked
from ..plan.facts import Resource, plain
from ..plan.fleets import engine_urn, is_fleet, key_of, member_of
from ..registry import provider_for
from .guarded_program import Declaration

__all__ = ["Hooked", "hooked"]


class Hooked(NamedTuple):
    """What becomes of one resource."""

    old: Resource | None
    new: Resource | None
    """Nothing when it ends."""
    was: Mapping[str, Any] | None
    """The old outputs as they are."""
    given: Mapping[str, Any] | None
    """The new inputs as they are."""


def hooked(
    token: str,
    args: pulumi.ResourceHookArgs,
    was: Mapping[str, Any] | None,
    given: Mapping[str, Any] | None,
    saved: Sequence[Resource],
    declared: Mapping[str, Declaration],
) -> list[Hooked]:
    """What the hook is about; of a fleet only the rows that change or end.

    ``was`` and ``given`` are the old outputs and the new inputs, ``saved`` is what the state has. The new copy of a
    fleet comes without the old one's outputs, and the old copy ends with the rows that the new one does not have.
    """
    if not is_fleet(token):
        old = None if was is None else Resource(token, args.name, args.urn, plain(was), args.id)
        new = None if given is None else Resource(token, args.name, args.urn, plain(given), args.id)
        return [Hooked(old, new, was, given)]
    member = member_of(token)
    olds = unpacked(was) if was is not None else _saved(args.urn, saved)
    news = (given or {}).get(ROWS) or {}
    return [
        one
        for key in dict.fromkeys([*news, *olds])
        for one in _row(member, args, key, olds.get(key), news.get(key), declared)
    ]


def _row(
    member: str,
    args: pulumi.ResourceHookArgs,
    key: str,
    kept: Kept | None,
    row: Mapping[str, Any] | None,
    declared: Mapping[str, Declaration],
) -> Iterator[Hooked]:
    provider, urn, name = provider_for(member), row_urn(args.urn, key), row_name(args.name, key)
    old = None if kept is None else Resource(member, name, urn, plain(kept.outs), kept.id)
    if row is not None:
        same = kept is not None and not provider.changed(kept.outs, row)
        if same and kept is not None and not {one for one in kept.outs if one in provider.model} - row.keys():
            return
        new = Resource(member, name, urn, plain(row), kept.id if kept is not None else None)
        yield Hooked(old, new, kept.outs if kept is not None else None, row)
        return
    goes_on = declared.get(urn)
    if kept is not None and goes_on is not None:
        changed = provider.changed(kept.outs, goes_on.args)
        if not any(provider.model[one].immutable for one in changed):
            return
    if old is not None and kept is not None:
        yield Hooked(old, None, kept.outs, None)


def _saved(urn: str, saved: Sequence[Resource]) -> dict[str, Kept]:
    return {key_of(one.urn): Kept(str(one.id), dict(one.props)) for one in saved if _is_row_of(one, urn)}


def _is_row_of(one: Resource, urn: str) -> bool:
    return one.urn != urn and engine_urn(one.urn) == urn
