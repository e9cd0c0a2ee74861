"""Shares by hour that a program gives as a file, whose rows are for the vendor's assignments of destinations.

Which assignment is for which destination, the state and the vendor tell. Where neither does, a column that holds just
the names of the destinations does. Else any row may be for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..errors import VoiceRoutingError
from ..lifecycle import references
from ..plan.facts import LINK_ID, Resource, Thing
from ..ringcx.cloud_routing.hours_table import LINKS, HoursTable, keys_of
from ..ringcx.cloud_routing.views import AllocationHoursView
from .routing import Routing

Shares = list[int]


class HoursFile(NamedTuple):
    """What a file says."""

    by_destination: Mapping[Thing, Shares]
    """The 24 shares of each destination; empty when it cannot be told whose a row is."""
    rows: Sequence[Shares]
    """The shares of all rows."""


def hours_file(routing: Routing, table: Resource, set_: Resource, things: Sequence[Thing | None]) -> HoursFile | None:
    """What the file of a profile's hours says of the destinations in its set; nothing when it cannot be read."""
    text = AllocationHoursView(table).file
    if not isinstance(text, str):
        return None
    known = [thing for thing in things if thing is not None]
    for keys in (_by_link(routing, table, set_, things), _by_name(routing, known)):
        try:
            shares = HoursTable.read(text, keys).shares()
        except VoiceRoutingError:  # another column holds what tells the rows apart
            continue
        return HoursFile({keys[key]: row for key, row in shares.items()}, list(shares.values()))
    for column in keys_of(text):
        try:
            return HoursFile({}, list(HoursTable.read(text, column).shares().values()))
        except VoiceRoutingError:
            continue
    return None


def _by_link(routing: Routing, table: Resource, set_: Resource, things: Sequence[Thing | None]) -> dict[str, Thing]:
    """The destinations by the vendor's ids of their assignments."""
    place = set_.roles.shares
    rows = set_.rows(place.field) if place is not None else []
    live = {str(row[LINK_ID]): thing for row, thing in zip(rows, things, strict=True) if thing and LINK_ID in row}
    if live:
        return live
    saved = routing.facts.saved_as(routing.facts.thing(table))
    links = table.get(LINKS) or (saved.get(LINKS) if saved is not None else None)
    if not isinstance(links, dict):
        return {}
    by_number = {references.last(routing.id_of(thing)): thing for thing in things if thing is not None}
    return {key: by_number[str(number)] for key, number in links.items() if str(number) in by_number}


def _by_name(routing: Routing, things: Sequence[Thing]) -> dict[str, Thing]:
    named = {one.called: thing for thing in things if (one := routing.facts.resource(thing)) is not None}
    return named if len(named) == len(things) else {}
