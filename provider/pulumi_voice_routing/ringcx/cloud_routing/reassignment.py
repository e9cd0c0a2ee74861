"""How the destinations of a profile become others while callers go on being answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ... import say
from ...client.answers import is_off, is_on, part
from ...client.listings import Json
from ...errors import Refused, UnexpectedAnswer
from ...lifecycle import references, standing
from ...lifecycle.calls import At
from ...lifecycle.foreseen import foresee
from ...lifecycle.lost_answers import create_all_once
from ...lifecycle.model import Failure, Values, unknown
from ...lifecycle.owned_set import Entries
from ...lifecycle.portal_edits import Edit
from .. import client
from ..account import RingCXSet
from . import going_live
from .assigned_destinations import (
    LEAVING,
    Item,
    by_destination,
    destination_of,
    differ,
    has_share,
    is_as,
    new_link,
    overlaid,
    shown,
)
from .completeness import total_off_100
from .going_live import Shares
from .going_off import declared_off


class AssignedSet(RingCXSet):
    """The destinations of a profile."""

    calls = client.ASSIGNED_DESTINATIONS

    def problems(self, args: Values) -> Iterable[Failure]:
        items = args.get(self.entries)
        if not isinstance(items, list) or any(not isinstance(item, dict) for item in items):
            return
        yield from self.repeated(items, "destination", "is in the set twice")
        yield from self.repeated(items, "rank", "is the rank of two destinations")
        percents = [item.get("allocation_percent") for item in items]
        if all(percent is None for percent in percents) or unknown(percents):
            return
        for place, percent in enumerate(percents):
            if percent is None:
                yield Failure(f"destinations[{place}].allocation_percent", "is missing, while others have a share")
        off = total_off_100(percent for percent in percents if percent is not None)
        if off is not None:
            yield Failure("destinations", f"the shares make {off:g} percent, not 100")

    def clashes(self, args: Values) -> Iterable[Failure]:
        items = args.get(self.entries)
        off: dict[int, str] = {}
        for place, item in enumerate(items if isinstance(items, list) and not unknown(args.get(self.parent)) else []):
            known = isinstance(item, dict) and isinstance(item.get("destination"), str) and has_share(item)
            if known and (declared := declared_off("ringcx:Destination", item["destination"])):
                off[place] = standing.name(declared.urn)
        failures: list[Failure] = []
        if off:
            foresee(self.vendor, lambda: failures.extend(self._silenced(self.at(args[self.parent]), items or [], off)))
        return failures

    def _silenced(self, at: At, items: Entries, off: Mapping[int, str]) -> Iterator[Failure]:
        """The entries whose calls somebody takes by now, at destinations that this run is to switch off."""
        live = [one for one in self.api.list_profiles(at[0]) if str(one.get(client.PROFILE_ID)) == at[1]]
        if not live or live[0].get("isActive") is not True:
            return
        ids = {place: going_live.full_id(self.api, items[place]["destination"]) for place in off}
        active = going_live.active_among(self.api, ids.values())
        for place, name in off.items():
            if active.get(ids[place]):
                yield Failure(
                    f"{self.entries}[{place}].destination",
                    f"profile {at[1]} is active and sends calls there, and the resource {name!r} switches it off. Take "
                    "away its share in the same run, or active=False",
                )

    def canonical(self, args: Values) -> Values:
        items = args.get(self.entries)
        if not isinstance(items, list):
            return args
        ranked = [{"rank": place, **item} if isinstance(item, dict) else item for place, item in enumerate(items, 1)]
        return {**args, self.entries: ranked}

    def called(self, entry: Json) -> str:
        destination = part(entry.get("cloudDestination"))
        return f"{destination.get('destinationName', 'destination')!r} ({destination_of(entry)})"

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = by_destination(olds.get(self.entries) or [])
        order = {destination: place for place, destination in enumerate(managed)}
        return [
            shown(self.fields, one, managed.get(destination_of(one)), olds[self.parent])
            for one in sorted(live, key=lambda one: (order.get(destination_of(one), len(order)), one.get("rank") or 0))
        ]

    def alike(self, old: Entries, new: Entries) -> bool:
        return by_destination(old) == by_destination(new)

    def is_declared(self, entry: Json, wanted: Entries) -> bool:
        item = by_destination(wanted).get(destination_of(entry))
        if item is None:
            return False
        return is_as(self.fields, entry, item) or is_as(self.fields, entry, {**item, **LEAVING})

    def ours(self, olds: Values, live: list[Json]) -> list[Json]:
        known = by_destination(olds.get(self.entries) or [])
        return [one for one in live if destination_of(one) in known]

    # What would hurt callers, or people

    def may_make(self, at: At, live: list[Json], args: Values) -> None:
        if self._routes_calls(at, args[self.entries]):
            self._make_ready(at, live, args[self.entries])

    def last_look(self, at: At, olds: Values, args: Values) -> list[Json]:
        routes_calls = self._routes_calls(at, args[self.entries])
        live = self.there(at)
        self.refuse_foreign(at, live, olds, args)
        if routes_calls and self._make_ready(at, live, args[self.entries]):
            live = self.there(at)  # what people do between this and the write is not seen
            self.refuse_foreign(at, live, olds, args)
        return live

    def may_empty(self, at: At) -> None:
        if is_on(self.api.get_profile(*at).get("isActive")):
            raise Refused(
                f"profile {at[1]} is active, so it keeps its destinations: calls to it would reach nobody. "
                "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
            )

    def _routes_calls(self, at: At, wanted: Entries) -> bool:
        """Whether callers would lose by a mistake. Asks now for what is beside the set, which is read last."""
        if not going_live.is_live(self.api, *at):
            return False
        groups = {references.last(references.parent(item["destination"])) or at[0] for item in wanted}
        for group in sorted({at[0], *groups}):
            self.api.list_destinations(group)  # a shared list: who asks again gets this one
        return True

    def _make_ready(self, at: At, live: list[Json], wanted: Entries) -> bool:
        """Whoever gets calls of a live profile can take them before it gets a share; whether any had to be switched on.

        Raises :class:`Refused` when fewer calls would be answered than now.
        """
        self._refuse_lost_hours(at, live, wanted)
        before, after = self._shares(at, live, wanted)
        active = going_live.active_among(self.api, {*before, *after})
        waking = going_live.to_wake(active, before, after)
        self._refuse_silence(at, {**active, **dict.fromkeys(waking, True)}, wanted, live)
        going_live.refuse_fewer_answers(at[1], active, waking, [before], [after])
        self._warn_of_silent(at, {*waking, *(id_ for id_, on in active.items() if on)}, wanted)
        going_live.wake(self.api, at[1], waking)
        return bool(waking)

    def _shares(self, at: At, live: list[Json], wanted: Entries) -> tuple[Shares, Shares]:
        """The shares of the destinations as they are, and as they are to be; all alike where there are none."""
        named = {references.last(item["destination"]): item for item in wanted}
        ids = {number: going_live.full_id(self.api, item["destination"]) for number, item in named.items()}
        links = {destination_of(one): one.get("allocationPercent") for one in live}
        given = {number: item.get("allocation_percent", links.get(number)) for number, item in named.items()}
        shares = any(links.values()) or any(given.values())

        def weights(percents: Mapping[str, Any]) -> Shares:
            return {
                ids.get(number, references.join(self.account, at[0], number)): (percent or 0) if shares else 1
                for number, percent in percents.items()
            }

        return weights(links), weights(given)

    def _refuse_silence(self, at: At, answering: Mapping[str, bool], wanted: Entries, live: list[Json]) -> None:
        """A live profile keeps somebody who answers, if it has anybody.

        Raises :class:`Refused`.
        """
        on = {references.last(id_): active for id_, active in answering.items()}
        answers = any(on.get(references.last(item["destination"])) for item in wanted if has_share(item))
        shares = any(one.get("allocationPercent") for one in live)  # a profile of another routing type has none
        taking = [one for one in live if one.get("allocationPercent") or not shares]
        # One of a group that was not looked at counts as one that answers.
        answered = any(on.get(destination_of(one), True) for one in taking)
        if not answers and (answered or (live and not wanted)):
            raise Refused(
                f"profile {at[1]} is active, and calls to it would reach nobody: no destination that it would send "
                "calls to is active. Activate one first, or deactivate the profile (take it out of its Activation, or "
                "set active=False); nothing was changed."
            )

    def may_become(self, id_: str, olds: Values, news: Values) -> None:
        items = news.get(self.entries)
        if not isinstance(items, list) or unknown(news.get(self.parent)):
            return
        known = [one for one in items if isinstance(one, dict) and isinstance(one.get("destination"), str)]
        before = by_destination(olds.get(self.entries) or [])
        if len(known) == len(items) and by_destination(known).keys() == before.keys():
            return  # nobody comes, and nobody leaves
        at = self.at(news[self.parent])
        itself = [one for one in self.api.list_profiles(at[0]) if str(one.get(client.PROFILE_ID)) == at[1]]
        if not any(is_off(one.get("isActive")) for one in itself):
            self._refuse_lost_hours(at, self.there(at), known, new=[one for one in items if one not in known])

    def _refuse_lost_hours(self, at: At, live: list[Json], wanted: Entries, *, new: Sequence[Any] = ()) -> None:
        """Where each hour of the day has shares of its own, nobody leaves with some, and nobody comes with others.

        ``new`` are those that have no id yet. Raises :class:`Refused`.
        """
        by_hour = [one for one in live if re.search("[1-9]", str(one.get("allocationPercentHours") or ""))]
        staying = {references.last(one["destination"]) for one in wanted}
        lost = [self.called(one) for one in by_hour if destination_of(one) not in staying]
        if lost:
            raise Refused(
                f"profile {at[1]} is active, and {', '.join(lost)} has shares of its calls by the hour. Give it 0 in "
                "every hour of the AllocationHours first, in a run of its own, and take it out in the next; nothing "
                "was changed."
            )
        there = {destination_of(one) for one in live}
        come = [*(one for one in wanted if references.last(one["destination"]) not in there), *new]
        if by_hour and any(isinstance(one, dict) and one.get("allocation_percent") for one in come):
            raise Refused(
                f"profile {at[1]} is active and divides its calls by the hour. A new destination comes with "
                "allocation_percent=0 and gets its calls from the AllocationHours; nothing was changed."
            )

    def _warn_of_silent(self, at: At, answering: Collection[str], wanted: Entries) -> None:
        numbers = set(map(references.last, answering))
        for item in wanted:
            number = references.last(item["destination"])
            if number not in numbers and has_share(item):
                say.warn(
                    f"ringcx: profile {at[1]} is live and sends calls to destination {number}, which is not active. "
                    "Activate a destination before it gets a share (active=True)."
                )

    def refuse_foreign(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        self._refuse_strangers(at, live, olds, args)
        self.refuse_unseen(at, self.edits(at, live, olds, args))

    def _refuse_strangers(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        known = {*by_destination(olds.get(self.entries) or []), *by_destination(args[self.entries])}
        strangers = [self.called(one) for one in live if destination_of(one) not in known]
        if strangers:
            raise Refused(
                f"profile {at[1]} has destinations that this stack did not make: {', '.join(strangers)}. Run "
                "`pulumi refresh` to see them, then declare them or let `pulumi up` take them out; nothing was changed."
            )

    def edits(self, at: At, live: list[Json], olds: Values, args: Values) -> Iterator[Edit]:
        known, wanted = (by_destination(items) for items in (olds.get(self.entries) or [], args[self.entries]))
        there = {destination_of(one): one for one in live}
        for place, item in known.items():
            now, row = there.get(place), wanted.get(place)
            if now is None:
                if row is not None:
                    yield Edit(f"the share of destination {place}", "taken out", self._said(row))
            elif not any(is_as(self.fields, now, self._deciding(one)) for one in (item, row or LEAVING)):
                yield Edit(
                    f"what goes to {self.called(now)}",
                    self._said(shown(self.fields, now, row or item, references.join(self.account, *at))),
                    self._said(row or LEAVING),
                )

    def with_edits(self, live: list[Json], olds: Values, args: Values) -> Values:
        known, there = by_destination(olds.get(self.entries) or []), {destination_of(one): one for one in live}

        def meant(row: Item) -> Item:
            place = references.last(row["destination"])
            if place not in known or place not in there:
                return row
            now = shown(self.fields, there[place], row, args[self.parent])
            stays = {name for name in row.keys() - self._deciding(row).keys() if known[place].get(name) == row[name]}
            return {**row, **{name: now[name] for name in stays if name in now}}

        return {**args, self.entries: [meant(row) for row in args[self.entries]]}

    def _deciding(self, row: Item) -> Item:
        return {name: value for name, value in row.items() if self.fields[name].decides}

    def _said(self, row: Item) -> str:
        return ", ".join(f"{name} {row[name]}" for name in self.fields if name in row and name != "destination")

    # Steps

    def bring(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        """Bring the set to the wanted one, with the shares of an active profile at 100 percent all the time.

        New ones enter with no share, one call sets every final value, and those that go leave with no share. Whoever
        gets calls can take them by now.
        """
        wanted: Entries = args[self.entries]
        if not differ(self.fields, wanted, live):
            return
        there = {destination_of(one) for one in live}
        for item in wanted:
            if references.last(item["destination"]) not in there:
                self._assign(at, item)
        live = self.there(at)
        by_id = {destination_of(one): one for one in live}
        finals = [overlaid(self.fields, by_id[references.last(item["destination"])], item) for item in wanted]
        kept = {self.number(one) for one in finals}
        going = [one for one in live if self.number(one) not in kept]
        if differ(self.fields, wanted, live):
            without_share = [overlaid(self.fields, one, LEAVING) for one in going if one.get("allocationPercent")]
            group, profile = at
            self.api.update_assigned_batch(group, profile, finals + without_share)
        self.end_all(at, going)
        if not self.becomes(at, lambda now: not differ(self.fields, wanted, now)):
            raise UnexpectedAnswer(
                f"ringcx: profile {at[1]} does not have the shares that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )

    def _assign(self, at: At, item: Item) -> None:
        group, profile = at

        def missing(items: list[Item]) -> list[Item]:
            there = {destination_of(one) for one in self.there(at)}
            return [one for one in items if references.last(one["destination"]) not in there]

        create_all_once(
            [item],
            lambda _: self.api.create_assigned(group, profile, new_link(self.fields, item)),
            missing,
            said=lambda _: f"ringcx: looking whether destination {item['destination']} was assigned",
        )
