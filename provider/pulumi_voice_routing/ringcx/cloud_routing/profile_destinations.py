"""The destinations of a profile, as one set: which, in what order, with what share of the calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Required, Unpack

import pulumi
from pulumi import Input, Output
from pydantic import Field
from typing_extensions import TypedDict

from ...client.answers import part
from ...client.listings import Json
from ...client.pacing import pause
from ...errors import Exists, NotFound, OutcomeUnknown, Refused, UnexpectedAnswer
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.create_notes import Intent
from ...lifecycle.fields import CreateOnly, Immutable, Percent, Reference, Text, Wire
from ...lifecycle.model import Failure, Values, model_of, unknown
from ...lifecycle.resource import Options, Resource
from .. import client
from ..whole_set import At, Entries, WholeSet
from .completeness import total_off_100
from .destination import READS, Destination, DestinationKind, number_or_as_is
from .profile import Profile

Rank = Annotated[int, Field(ge=0)]


class AssignedDestination(TypedDict, total=False):
    """One destination of a profile ("assigned destination")."""

    destination: Required[Annotated[Destination | Input[Reference], means.Target("ringcx:Destination")]]
    """The destination, or its id."""
    rank: Annotated[Input[Rank], Wire("rank"), means.Order()]
    """Its place in the order, the lowest first. Default: its place in the list, from 1."""
    allocation_percent: Annotated[Input[Percent], Wire("allocationPercent"), means.Share()]
    """Its share of the calls, 0 to 100; all shares of a profile make 100. Vendor: ``allocationPercent``."""
    kind: Annotated[Input[DestinationKind], Wire("destinationType"), means.Kind()]
    """How the vendor treats the link. Default: ``STANDARD``. Vendor: ``destinationType``."""
    ring_duration: Annotated[Input[int], Wire("ringDuration"), means.Decides()]
    """How long it rings for calls of this profile. The vendor does not name the unit. Vendor: ``ringDuration``."""
    override: Annotated[Input[bool], Wire("overrideFlag"), means.Decides()]
    """Whether the settings here win over the destination's own. Vendor: ``overrideFlag``."""
    target: Annotated[Input[Text], Wire("routeDestination"), means.Target(by="kind", reads=READS)]
    """Where its calls go instead, with ``override``. Vendor: ``routeDestination``."""
    outbound_caller_id: Annotated[Input[Text], Wire("outboundCallerId"), means.Aside()]
    """The number shown to the destination. Vendor: ``outboundCallerId``."""
    force_acd_queue: Annotated[Input[bool], Wire("forceAcdQueue"), means.Decides()]
    """Vendor: ``forceAcdQueue``; what it means is not documented."""


class ProfileDestinationsArgs(TypedDict, total=False):
    """The whole set of a profile's destinations."""

    profile: Required[Annotated[Profile | Input[Reference], Immutable(), means.Inside("ringcx:Profile")]]
    """The profile, or its id; another profile means another set."""
    destinations: Required[Annotated[Input[Sequence[AssignedDestination]], means.Entries()]]
    """Every destination that the profile has; those that are not here are taken out of it."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt the destinations that the profile has already, and bring them to this set. Default: false."""


_SERVER_FIELDS = frozenset({"permissions", "cloudProfile", "cloudDestination"})
_TRIES = 3
_LEAVING = {"allocation_percent": 0}
"""What is left of a destination that a run was about to take out when it was cut off."""


class ProfileDestinationsProvider(WholeSet):
    token = "ringcx:ProfileDestinations"  # noqa: S105
    args = ProfileDestinationsArgs
    noun = "destinations of a profile"
    owner = "profile"
    path = ("group", "profile")
    entries = "destinations"
    entry_id = client.ASSIGNMENT_ID

    def there(self, at: At) -> list[Json]:
        return self.api.list_assigned(*at)

    def end(self, at: At, number: str) -> None:
        self.api.delete_assigned(*at, number)

    def called(self, entry: Json) -> str:
        destination = part(entry.get("cloudDestination"))
        return f"{destination.get('destinationName', 'destination')!r} ({_destination(entry)})"

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = _by_destination(olds.get("destinations") or [])
        order = {destination: place for place, destination in enumerate(managed)}
        return [
            _shown(one, managed.get(_destination(one)), olds["profile"])
            for one in sorted(live, key=lambda one: (order.get(_destination(one), len(order)), one.get("rank") or 0))
        ]

    def alike(self, old: Entries, new: Entries) -> bool:
        return _by_destination(old) == _by_destination(new)

    def canonical(self, args: Values) -> Values:
        items = args.get("destinations")
        if not isinstance(items, list):
            return args
        ranked = [{"rank": place, **item} if isinstance(item, dict) else item for place, item in enumerate(items, 1)]
        return {**args, "destinations": ranked}

    def problems(self, args: Values) -> Iterable[Failure]:
        items = args.get("destinations")
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

    def make(self, args: Values) -> tuple[str, Values]:
        at = self.at(args["profile"])
        live, wanted, intent = self.there(at), args["destinations"], self.intent(at)
        strangers = [one for one in live if not self._claimed(intent, one, wanted)]
        if strangers and not args.get("adopt"):
            names = ", ".join(map(self.called, live))
            raise Exists(
                f"profile {at[1]} has destinations already: {names}. Say adopt=True to take them over and bring them "
                "to this set; nothing was changed."
            )
        self._refuse_silence(at, self._answering(at, wanted), wanted, live)
        with self.kept(at, args, self.noted(at, strangers)):
            self._reconcile(at, wanted, live)
        return self.id_at(at), self.outputs(args, {})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at, wanted = self.at(id_), args["destinations"]
        self.intent(at).forget()
        if "destinations" in self.changed(olds, args):
            answering = self._answering(at, wanted)
            # The last look before the write: what people do in between is not seen.
            live = self.there(at)
            self._refuse_silence(at, answering, wanted, live)
            self._refuse_strangers(at, live, olds, args)
            self._refuse_unseen(at, live, olds, args)
            with self.kept(at, args):
                self._reconcile(at, wanted, live)
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        at = self.at(id_)
        self.intent(at).forget()
        try:
            live = self.there(at)
            ours = set(_by_destination(olds.get("destinations") or []))
            going = [one for one in live if _destination(one) in ours]
            if going and self.api.get_profile(*at).get("isActive"):
                raise Refused(
                    f"profile {at[1]} is active, so it keeps its destinations: its callers would reach nobody. "
                    "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
                )
            self.end_all(at, going)
            if len(going) < len(live):
                names = ", ".join(self.called(one) for one in live if one not in going)
                pulumi.log.warn(f"ringcx: profile {at[1]} keeps destinations that this stack did not make: {names}.")
        except NotFound:
            return

    # Steps

    def _reconcile(self, at: At, wanted: Entries, live: list[Json]) -> None:
        """Bring the set to the wanted one, with the shares of an active profile at 100 percent all the time.

        New ones enter with no share, one call sets every final value, and those that go leave with no share.
        """
        there = {_destination(one): one for one in live}
        if not _drifted(wanted, live):
            return
        for item in wanted:
            if references.last(item["destination"]) not in there:
                self._assign(at, item)
        live = self.there(at)
        there = {_destination(one): one for one in live}
        finals = [_overlaid(there[references.last(item["destination"])], item) for item in wanted]
        kept = {self.number(one) for one in finals}
        going = [one for one in live if self.number(one) not in kept]
        if _drifted(wanted, live):
            without_share = [_overlaid(one, {"allocation_percent": 0}) for one in going if one.get("allocationPercent")]
            self.api.update_assigned_batch(*at, finals + without_share)
        self.end_all(at, going)
        if _drifted(wanted, self.there(at)):
            raise UnexpectedAnswer(
                f"ringcx: profile {at[1]} does not have the shares that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )

    def _answering(self, at: At, wanted: Entries) -> dict[str, bool] | None:
        """Which destinations are active, by number; nothing when the profile is not, so that no caller loses by it."""
        if self.api.get_profile(*at).get("isActive") is False:
            return None
        groups = {references.last(references.parent(item["destination"])) or at[0] for item in wanted}
        there = [one for each in sorted({at[0], *groups}) for one in self.api.list_destinations(each)]
        return {str(one.get(client.DESTINATION_ID)): bool(one.get("isActive")) for one in there}

    def _refuse_silence(self, at: At, answering: Mapping[str, bool] | None, wanted: Entries, live: list[Json]) -> None:
        """A live profile keeps somebody who answers, if it has anybody; warns of who does not.

        Raises :class:`Refused`.
        """
        if answering is None:
            return
        answers = any(answering.get(references.last(item["destination"])) for item in wanted if _has_share(item))
        shares = any(one.get("allocationPercent") for one in live)  # a profile of another routing type has none
        taking = [one for one in live if one.get("allocationPercent") or not shares]
        # One of a group that was not looked at counts as one that answers.
        answered = any(answering.get(_destination(one), True) for one in taking)
        if not answers and (answered or (live and not wanted)):
            raise Refused(
                f"profile {at[1]} is active, and its callers would reach nobody: no destination that it would send "
                "calls to is active. Activate one first, or deactivate the profile (take it out of its Activation, or "
                "set active=False); nothing was changed."
            )
        for item in wanted:
            number = references.last(item["destination"])
            if not answering.get(number) and _has_share(item):
                pulumi.log.warn(
                    f"ringcx: profile {at[1]} is live and sends calls to destination {number}, which is not active. "
                    "Activate a destination before it gets a share (active=True)."
                )

    def _assign(self, at: At, item: Mapping[str, Any]) -> None:
        body = {"destinationType": "STANDARD", **_body(item)}
        body["cloudDestination"] = {client.DESTINATION_ID: int(references.last(item["destination"]))}
        if "allocation_percent" in item:
            body["allocationPercent"] = 0
        for tries_left in reversed(range(_TRIES)):
            try:
                self.api.create_assigned(*at, body)
                return
            except OutcomeUnknown:
                pause(1, f"ringcx: looking whether destination {item['destination']} was assigned")
                live = self.there(at)
                if references.last(item["destination"]) in {_destination(one) for one in live}:
                    return
                if not tries_left:
                    raise

    def _refuse_strangers(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        known = {*_by_destination(olds.get("destinations") or []), *_by_destination(args["destinations"])}
        strangers = [self.called(one) for one in live if _destination(one) not in known]
        if strangers:
            raise Refused(
                f"profile {at[1]} has destinations that this stack did not make: {', '.join(strangers)}. Run "
                "`pulumi refresh` to see them, then declare them or let `pulumi up` take them out; nothing was changed."
            )

    def _refuse_unseen(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        known, wanted = (_by_destination(items) for items in (olds.get("destinations") or [], args["destinations"]))
        changed = [
            self.called(one)
            for one in live
            if _destination(one) in known
            and not _is_as(one, known[_destination(one)])
            and not _is_as(one, wanted.get(_destination(one), _LEAVING))
        ]
        if changed:
            raise Refused(
                f"profile {at[1]}: what goes to {', '.join(changed)} was changed by somebody since the last look, "
                "and this change would undo that. Run `pulumi refresh` to see it, then declare it or let `pulumi up` "
                "take it out; nothing was changed."
            )

    def _claimed(self, intent: Intent, live: Json, wanted: Entries) -> bool:
        """Whether a run that was cut off has made it: as it is declared, or still without its share."""
        item = _by_destination(wanted).get(_destination(live))
        if item is None or not intent.claims(self.number(live)):
            return False
        return _is_as(live, item) or _is_as(live, {**item, **_LEAVING})


class ProfileDestinations(Resource, lifecycle=ProfileDestinationsProvider):
    """All destinations of one profile, in order, with their shares of the calls ("assigned destinations").

    It owns the whole set: new ones enter with no share, one call sets all final values at once, those that are no
    longer declared leave last, and an active profile is never off 100 percent in between. A destination that somebody
    else added since the last refresh stops the change. Calls: CR-14 to CR-16 and CRb-21 (``assignedDestinations``).

    Refuses: shares of a percent profile that do not make 100, to overwrite what was edited in the portal since the last
    refresh, and whatever would leave an active profile with nobody who answers.
    """

    profile: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ProfileDestinationsArgs]) -> None:
        self._declare(resource_name, args, opts)


def _destination(live: Json) -> str:
    return str(part(live.get("cloudDestination")).get(client.DESTINATION_ID))


def _by_destination(items: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {references.last(str(item["destination"])): {**item, "destination": ""} for item in items}


def _body(item: Mapping[str, Any]) -> Json:
    fields = model_of(AssignedDestination)
    return {wire: item[name] for name, field in fields.items() if (wire := field.wire) is not None and name in item}


def _overlaid(live: Json, item: Mapping[str, Any]) -> Json:
    whole = {name: value for name, value in live.items() if name not in _SERVER_FIELDS}
    return {**whole, "cloudDestination": {client.DESTINATION_ID: int(_destination(live))}, **_body(item)}


def _drifted(wanted: Entries, live: list[Json]) -> bool:
    there = {_destination(one): one for one in live}
    if set(there) != {references.last(item["destination"]) for item in wanted}:
        return True
    return not all(_is_as(there[references.last(item["destination"])], item) for item in wanted)


def _is_as(live: Json, item: Mapping[str, Any]) -> bool:
    return all(_alike(live.get(wire), value) for wire, value in _body(item).items())


def _alike(there: Any, wanted: Any) -> bool:
    """Whether the vendor shows what is wanted: it may leave out what is empty, and write numbers without a plus."""
    if isinstance(there, str) and isinstance(wanted, str):
        return number_or_as_is(there) == number_or_as_is(wanted)
    return bool((there or "") == (wanted or ""))


def _has_share(item: Mapping[str, Any]) -> bool:
    return item.get("allocation_percent") != 0


def _shown(live: Json, managed: Mapping[str, Any] | None, profile: str) -> dict[str, Any]:
    account_and_group = references.parent(profile)
    item: dict[str, Any] = {"destination": f"{account_and_group}/{_destination(live)}"}
    for name, field in model_of(AssignedDestination).items():
        if field.wire is None:
            continue
        value = live.get(field.wire)
        given = name in managed if managed is not None else name in ("rank", "allocation_percent")
        if given and managed is not None and _alike(value, managed[name]):
            item[name] = managed[name]  # in the form in which the program wrote it
        elif given and value is not None:
            item[name] = value
    return item
