"""The destinations of a profile, as one set: which, in what order, with what share of the calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Any, ClassVar, Required

import pulumi
from pulumi import Input
from pydantic import Field
from typing_extensions import TypedDict, Unpack

from ..client.listings import Json
from ..client.waits import pause
from ..errors import DeclarationError, Exists, NotFound, OutcomeUnknown, Refused, UnexpectedAnswer
from ..lifecycle import references
from ..lifecycle.fields import CreateOnly, Immutable, Percent, Reference, Text, Wire
from ..lifecycle.intents import Intent
from ..lifecycle.model import Failure, FieldFacts, Values, model_of, unknown
from ..lifecycle.provider import MANAGED, Lifecycle, Partly
from ..lifecycle.resource import Resource
from ..safety.completeness import total_off_100
from . import client
from .client import RingCX, ringcx_client
from .destination import Destination, DestinationKind, number_or_as_is
from .profile import Profile
from .set_notes import forget_refused

Rank = Annotated[int, Field(ge=0)]


class AssignedDestination(TypedDict, total=False):
    """One destination of a profile ("assigned destination")."""

    destination: Required[Destination | Input[Reference]]
    """The destination, or its id."""
    rank: Annotated[Input[Rank], Wire("rank")]
    """Its place in the order, the lowest first. Default: its place in the list, from 1."""
    allocation_percent: Annotated[Input[Percent], Wire("allocationPercent")]
    """Its share of the calls, 0 to 100; all shares of a profile make 100. Vendor: ``allocationPercent``."""
    kind: Annotated[Input[DestinationKind], Wire("destinationType")]
    """How the vendor treats the link. Default: ``STANDARD``. Vendor: ``destinationType``."""
    ring_duration: Annotated[Input[int], Wire("ringDuration")]
    """How long it rings for calls of this profile. The vendor does not name the unit. Vendor: ``ringDuration``."""
    override: Annotated[Input[bool], Wire("overrideFlag")]
    """Whether the settings here win over the destination's own. Vendor: ``overrideFlag``."""
    target: Annotated[Input[Text], Wire("routeDestination")]
    """Where its calls go instead, with ``override``. Vendor: ``routeDestination``."""
    outbound_caller_id: Annotated[Input[Text], Wire("outboundCallerId")]
    """The number shown to the destination. Vendor: ``outboundCallerId``."""
    force_acd_queue: Annotated[Input[bool], Wire("forceAcdQueue")]
    """Vendor: ``forceAcdQueue``; what it means is not documented."""


class ProfileDestinationsArgs(TypedDict, total=False):
    """The whole set of a profile's destinations."""

    profile: Required[Annotated[Profile | Input[Reference], Immutable()]]
    """The profile, or its id; another profile means another set."""
    destinations: Required[Input[Sequence[AssignedDestination]]]
    """Every destination that the profile has; those that are not here are taken out of it."""
    adopt: Annotated[Input[bool], CreateOnly()]
    """Adopt the destinations that the profile has already, and bring them to this set. Default: false."""


Items = list[dict[str, Any]]

_SERVER_FIELDS = frozenset({"permissions", "cloudProfile", "cloudDestination"})
_TRIES = 3
_LEAVING = {"allocation_percent": 0}
"""What is left of a destination that a run was about to take out when it was cut off."""


class ProfileDestinationsProvider(Lifecycle):
    token = "ringcx:ProfileDestinations"  # noqa: S105
    args = ProfileDestinationsArgs
    noun = "destinations of a profile"
    path: ClassVar[tuple[str, ...]] = ("group", "profile")

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

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
        yield from _repeated(items, "destination", "is in the set twice")
        yield from _repeated(items, "rank", "is the rank of two destinations")
        percents = [item.get("allocation_percent") for item in items]
        if all(percent is None for percent in percents) or unknown(percents):
            return
        for place, percent in enumerate(percents):
            if percent is None:
                yield Failure(f"destinations[{place}].allocation_percent", "is missing, while others have a share")
        off = total_off_100(percent for percent in percents if percent is not None)
        if off is not None:
            yield Failure("destinations", f"the shares make {off:g} percent, not 100")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "profile":
            return references.same(old, new)
        if field.name == "destinations" and isinstance(old, list) and isinstance(new, list):
            return _by_destination(old) == _by_destination(new)
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        group, profile = self._at(args)
        live = self.api.list_assigned(group, profile)
        intent = Intent(self.token, (self.api.account_id, group, profile))
        strangers = [one for one in live if not _claimed(intent, one, args["destinations"])]
        if strangers and not args.get("adopt"):
            names = ", ".join(_name(one) for one in live)
            raise Exists(
                f"profile {profile} has destinations already: {names}. Say adopt=True to take them over and bring them "
                "to this set; nothing was changed."
            )
        answering = self._answering(group, profile, args["destinations"])
        self._refuse_silence(profile, answering, args["destinations"], live)
        intent.before = [str(one[client.ASSIGNMENT_ID]) for one in strangers]
        intent.note()
        id_ = references.join(self.api.account_id, group, profile)
        with self._kept(id_, group, profile, args, intent):
            self._reconcile(group, profile, args["destinations"], live)
        return id_, self.outputs(args, {})

    def adoptable(self, args: Values) -> str | None:
        group, profile = self._at(args)
        live = self.api.list_assigned(group, profile)
        return f"a profile {profile} with destinations: {', '.join(map(_name, live))}" if live else None

    def look(self, id_: str, olds: Values) -> Values | None:
        group, profile = references.below(id_, self.api.account_id, self.path)
        try:
            live = self.api.list_assigned(group, profile)
        except NotFound:
            return None
        if not live:
            return None
        return self._outs({"profile": id_, **olds}, live)

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        group, profile = references.below(id_, self.api.account_id, self.path)
        Intent(self.token, (self.api.account_id, group, profile)).forget()
        with self._kept(id_, group, profile, args):
            if "destinations" in self.changed(olds, args):
                answering = self._answering(group, profile, args["destinations"])
                # The last look before the write: what people do in between is not seen.
                live = self.api.list_assigned(group, profile)
                self._refuse_silence(profile, answering, args["destinations"], live)
                self._refuse_strangers(profile, live, olds, args)
                self._refuse_unseen(profile, live, olds, args)
                self._reconcile(group, profile, args["destinations"], live)
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        group, profile = references.below(id_, self.api.account_id, self.path)
        Intent(self.token, (self.api.account_id, group, profile)).forget()
        try:
            live = self.api.list_assigned(group, profile)
            ours = set(_by_destination(olds.get("destinations") or []))
            going = [one for one in live if _destination(one) in ours]
            if going and self.api.get_profile(group, profile).get("isActive"):
                raise Refused(
                    f"profile {profile} is active, so it keeps its destinations: its callers would reach nobody. "
                    "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
                )
            self._delete(group, profile, going)
            if len(going) < len(live):
                names = ", ".join(_name(one) for one in live if one not in going)
                pulumi.log.warn(f"ringcx: profile {profile} keeps destinations that this stack did not make: {names}.")
        except NotFound:
            return

    # Steps

    def _at(self, args: Values) -> tuple[str, str]:
        group, profile = references.below(args["profile"], self.api.account_id, self.path)
        return group, profile

    def _reconcile(self, group: str, profile: str, wanted: Items, live: list[Json]) -> None:
        """Bring the set to the wanted one, with the shares of an active profile at 100 percent all the time.

        New ones enter with no share, one call sets every final value, and those that go leave with no share.
        """
        there = {_destination(one): one for one in live}
        if not _drifted(wanted, live):
            return
        for item in wanted:
            if references.last(item["destination"]) not in there:
                self._assign(group, profile, item)
        live = self.api.list_assigned(group, profile)
        there = {_destination(one): one for one in live}
        finals = [_overlaid(there[references.last(item["destination"])], item) for item in wanted]
        kept = {str(one[client.ASSIGNMENT_ID]) for one in finals}
        going = [one for one in live if str(one[client.ASSIGNMENT_ID]) not in kept]
        if _drifted(wanted, live):
            without_share = [_overlaid(one, {"allocation_percent": 0}) for one in going if one.get("allocationPercent")]
            self.api.update_assigned_batch(group, profile, finals + without_share)
        self._delete(group, profile, going)
        if _drifted(wanted, self.api.list_assigned(group, profile)):
            raise UnexpectedAnswer(
                f"ringcx: profile {profile} does not have the shares that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )

    def _delete(self, group: str, profile: str, going: Iterable[Json]) -> None:
        for one in going:
            with suppress(NotFound):
                self.api.delete_assigned(group, profile, str(one[client.ASSIGNMENT_ID]))

    def _answering(self, group: str, profile: str, wanted: Items) -> dict[str, bool] | None:
        """Which destinations are active, by number; nothing when the profile is not, so that no caller loses by it."""
        if self.api.get_profile(group, profile).get("isActive") is False:
            return None
        groups = {references.last(references.parent(item["destination"])) or group for item in wanted}
        there = [one for each in sorted({group, *groups}) for one in self.api.list_destinations(each)]
        return {str(one.get(client.DESTINATION_ID)): bool(one.get("isActive")) for one in there}

    def _refuse_silence(
        self, profile: str, answering: Mapping[str, bool] | None, wanted: Items, live: list[Json]
    ) -> None:
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
                f"profile {profile} is active, and its callers would reach nobody: no destination that it would send "
                "calls to is active. Activate one first, or deactivate the profile (take it out of its Activation, or "
                "set active=False); nothing was changed."
            )
        for item in wanted:
            number = references.last(item["destination"])
            if not answering.get(number) and _has_share(item):
                pulumi.log.warn(
                    f"ringcx: profile {profile} is live and sends calls to destination {number}, which is not active. "
                    "Activate a destination before it gets a share (active=True)."
                )

    def _assign(self, group: str, profile: str, item: Mapping[str, Any]) -> None:
        body = {"destinationType": "STANDARD", **_body(item)}
        body["cloudDestination"] = {client.DESTINATION_ID: int(references.last(item["destination"]))}
        if "allocation_percent" in item:
            body["allocationPercent"] = 0
        for tries_left in reversed(range(_TRIES)):
            try:
                self.api.create_assigned(group, profile, body)
                return
            except OutcomeUnknown:
                pause(1, f"ringcx: looking whether destination {item['destination']} was assigned")
                live = self.api.list_assigned(group, profile)
                if references.last(item["destination"]) in {_destination(one) for one in live}:
                    return
                if not tries_left:
                    raise

    def _refuse_strangers(self, profile: str, live: list[Json], olds: Values, args: Values) -> None:
        known = {*_by_destination(olds.get("destinations") or []), *_by_destination(args["destinations"])}
        strangers = [_name(one) for one in live if _destination(one) not in known]
        if strangers:
            raise Refused(
                f"profile {profile} has destinations that this stack did not make: {', '.join(strangers)}. Run "
                "`pulumi refresh` to see them, then declare them or let `pulumi up` take them out; nothing was changed."
            )

    def _refuse_unseen(self, profile: str, live: list[Json], olds: Values, args: Values) -> None:
        known, wanted = (_by_destination(items) for items in (olds.get("destinations") or [], args["destinations"]))
        changed = [
            _name(one)
            for one in live
            if _destination(one) in known
            and not _is_as(one, known[_destination(one)])
            and not _is_as(one, wanted.get(_destination(one), _LEAVING))
        ]
        if changed:
            raise Refused(
                f"profile {profile}: what goes to {', '.join(changed)} was changed by somebody since the last look, "
                "and this change would undo that. Run `pulumi refresh` to see it, then declare it or let `pulumi up` "
                "take it out; nothing was changed."
            )

    def _outs(self, olds: Values, live: list[Json]) -> Values:
        """The set as the vendor has it, in the program's order, with the fields that the program gave."""
        managed = _by_destination(olds.get("destinations") or [])
        order = {destination: place for place, destination in enumerate(managed)}
        shown = [
            _shown(one, managed.get(_destination(one)), olds["profile"])
            for one in sorted(live, key=lambda one: (order.get(_destination(one), len(order)), one.get("rank") or 0))
        ]
        return self.refreshed({MANAGED: ["destinations", "profile"], **olds}, {"destinations": shown})

    @contextmanager
    def _kept(self, id_: str, group: str, profile: str, args: Values, intent: Intent | None = None) -> Iterator[None]:
        try:
            yield
        except (Refused, DeclarationError):
            raise
        except BaseException as error:
            try:
                live = self.api.list_assigned(group, profile)
            except Exception:
                raise error from None  # the next run compares with the vendor before it writes
            if not live:
                if intent is not None:
                    forget_refused(intent, error)
                raise
            raise Partly(id_, self._outs({MANAGED: sorted(args), **args}, live), error) from error


class ProfileDestinations(Resource, module="ringcx", name="ProfileDestinations"):
    """All destinations of one profile, in order, with their shares of the calls ("assigned destinations").

    It owns the whole set: new ones enter with no share, one call sets all final values at once, those that are no
    longer declared leave last, and an active profile is never off 100 percent in between. A destination that somebody
    else added since the last refresh stops the change. Calls: CR-14 to CR-16 and CRb-21 (``assignedDestinations``).

    Refuses: shares of a percent profile that do not make 100, to overwrite what was edited in the portal since the last
    refresh, and whatever would leave an active profile with nobody who answers.
    """

    lifecycle = ProfileDestinationsProvider
    profile: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[ProfileDestinationsArgs]
    ) -> None:
        super().__init__(resource_name, args, opts)


def _repeated(items: Items, name: str, said: str) -> Iterable[Failure]:
    seen: set[Any] = set()
    for place, item in enumerate(items):
        value = item.get(name)
        if value is None or unknown(value):
            continue
        if value in seen:
            yield Failure(f"destinations[{place}].{name}", f"{value} {said}")
        seen.add(value)


def _destination(live: Json) -> str:
    return str((live.get("cloudDestination") or {}).get(client.DESTINATION_ID))


def _name(live: Json) -> str:
    destination = live.get("cloudDestination") or {}
    return f"{destination.get('destinationName', 'destination')!r} ({_destination(live)})"


def _by_destination(items: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {references.last(str(item["destination"])): {**item, "destination": ""} for item in items}


def _body(item: Mapping[str, Any]) -> Json:
    fields = model_of(AssignedDestination)
    return {wire: item[name] for name, field in fields.items() if (wire := field.wire) is not None and name in item}


def _overlaid(live: Json, item: Mapping[str, Any]) -> Json:
    whole = {name: value for name, value in live.items() if name not in _SERVER_FIELDS}
    return {**whole, "cloudDestination": {client.DESTINATION_ID: int(_destination(live))}, **_body(item)}


def _drifted(wanted: Items, live: list[Json]) -> bool:
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


def _claimed(intent: Intent, live: Json, wanted: Items) -> bool:
    """Whether a run that was cut off has made it: as it is declared, or still without its share."""
    item = _by_destination(wanted).get(_destination(live))
    if item is None or not intent.claims(str(live[client.ASSIGNMENT_ID])):
        return False
    return _is_as(live, item) or _is_as(live, {**item, **_LEAVING})


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
