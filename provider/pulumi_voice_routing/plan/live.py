"""What the vendors have now of everything that a call to one number passes, as resources.

Only what the number needs is asked for. RingEX has no call that tells whose a number is, so that its extensions are not
looked into.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

from ..client.answers import part
from ..errors import NotFound, SettingsError, UnexpectedAnswer
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.model import FieldFacts
from ..lifecycle.provider import MANAGED
from ..lifecycle.view import View
from ..portsip import client as portsip
from ..portsip.views import NoAnswerView, RingGroupView
from ..registry import provider_for
from ..ringcx import client
from ..ringcx.client import RingCX, ringcx_client
from ..ringcx.client_numbers import RULE_ID, SCHEDULE_OVERRIDE_ID, TRACKING_GROUP_ID
from ..ringcx.cloud_routing.views import (
    AllocationHoursView,
    AssignedDestinationView,
    DestinationView,
    DnisOverrideView,
    ProfileDestinationsView,
    ProfileView,
)
from ..ringcx.numbers.owner import Live, Owner
from ..ringcx.numbers.views import (
    DnisAssignmentView,
    DnisView,
    TrackingNumberView,
    TrackingRoutingRuleView,
    TrackingScheduleOverrideView,
)
from ..ringcx.shapes import CloudRouteAssignedDestination
from ..ringcx.shapes_numbers import PoolRecord
from ..telephony.number import as_declared, digits_of
from ..telephony.sip import address
from .facts import LINK_ID, LINK_OVERRIDES, Resource, plain
from .roles import Mark, roles_of

Client = TypeVar("Client")


def live_resources(number: str) -> list[Resource]:
    """Everything that calls to a number pass, as far as the vendors tell."""
    looking = Looking()
    digits = digits_of(number)
    if looking.cloud is not None:
        looking.number(digits)
    if not looking.found and not number.startswith("+") and (looking.pbx is not None or looking.cloud is not None):
        looking.ring_groups(digits)
    if not looking.found and looking.cloud is None:
        ringcx_client()  # says what is not set
    return list(looking.found.values())


def _configured(client: Callable[[], Client]) -> Client | None:
    try:
        return client()
    except SettingsError:
        return None


def _wire(view: type[View], kind: Mark[means.Meaning]) -> str:
    """The vendor's name of the first argument that means something."""
    roles = roles_of(view.token)
    return next(str(roles.fields[place.field].wire) for place in roles.places(kind))


class _Set(NamedTuple):
    """The arguments of a profile's destinations."""

    inside: str
    field: str
    target: str
    row: Mapping[str, FieldFacts]


@cache
def _set() -> _Set:
    roles = roles_of(ProfileDestinationsView.token)
    (inside,), (target,) = roles.places(means.Inside), (one for one in roles.places(means.Target) if one.mark.to)
    return _Set(inside.field, target.field, target.inner, roles.fields[target.field].rows or {})


class Looking:
    """One search, which asks for nothing twice."""

    def __init__(self, *, thorough: bool = True) -> None:
        self.cloud = _configured(ringcx_client)
        self.pbx = _configured(portsip.portsip_client)
        """The vendors; nothing of one that is not configured takes part in a call, as far as this machine knows."""
        self.found: dict[tuple[str, str], Resource] = {}
        self.thorough = thorough
        """Whether overrides are asked for, and numbers anew; else what the shared lists tell has to do."""
        self._records: dict[str, PoolRecord | None] = {}
        self._numbers: set[str] = set()
        self._groups: set[str] = set()
        self._transfers: set[str] = set()

    @property
    def api(self) -> RingCX:
        """RingCX, where it is needed. Raises :class:`SettingsError`."""
        return self.cloud or ringcx_client()

    def number(self, digits: str) -> None:
        """A number and whatever answers it."""
        if digits in self._numbers:
            return
        self._numbers.add(digits)
        record = self._record(digits)
        if record is None:
            return
        id_ = references.join(self.api.account_id, digits)
        self._look(DnisView.token, id_)
        owner = Live(record).owner
        if owner is None:
            return
        if owner.product == "tracking number":
            self._tracking(owner.number, owner.group)
            return
        assignment = self._look(DnisAssignmentView.token, id_)
        if assignment is not None and owner.product == "profile":
            profile = self.profile_of(owner)
            self._keep(DnisAssignmentView.token, id_, {**assignment.props, owner_field(): profile})
            self.profile(profile, {digits})

    def profile_of(self, owner: Owner) -> str:
        """The id of a profile that answers numbers."""
        return references.join(self.api.account_id, self._group_of(owner), owner.number)

    def answered(self, record: PoolRecord, profile: str) -> None:
        """A number and the profile that answers it, as a list shows them."""
        live = Live(record)
        roles = roles_of(DnisAssignmentView.token)
        switch = roles.top(means.Switch)
        said = {switch.field: live.active} if switch is not None else {}
        props = {str(roles.key): as_declared(live.digits), owner_field(): profile, **said}
        self._keep(DnisAssignmentView.token, references.join(self.api.account_id, live.digits), props)

    def _record(self, digits: str) -> PoolRecord | None:
        if self.thorough:
            return self.api.pool.fresh([digits]).get(digits)
        self._ask_for([digits])
        return self._records[digits]

    def _ask_for(self, numbers: Iterable[str]) -> None:
        """Have the records of all these numbers at hand: from the whole account where that is read already, as there
        may be many thousands, else from one search."""
        new = [digits for digits in numbers if digits not in self._records]
        if new:
            account = self.api.pool.account_if_read()
            told = account if account is not None else self.api.pool.fresh(new)
            self._records.update({digits: told.get(digits) for digits in new})

    def ring_groups(self, number: str) -> None:
        """The ring group with a number, and those that it forwards to."""
        api = self.pbx or portsip.portsip_client()
        wire = _wire(RingGroupView, means.Extension)
        by_number = {str(one.get(wire)): str(one[portsip.ID]) for one in api.list_groups()}
        while number in by_number and number not in self._groups:
            self._groups.add(number)
            group = self._look(RingGroupView.token, references.join(api.tenant, by_number[number]))
            forward = RingGroupView(group).no_answer if group is not None else None
            number = str(forward.number) if isinstance(forward, NoAnswerView) else ""
        self.target(number)

    def profile(self, id_: str, numbers: Collection[str]) -> None:
        """A profile and all that its calls pass; ``numbers`` are the digits of those that are called."""
        self._look(ProfileView.token, id_)
        group, profile = id_.split("/")[-2:]
        assigned = self.api.list_assigned(group, profile)
        if any(one.get("allocationPercentHours") for one in assigned):
            self._hours(id_, group, profile)
        rows = [self._row(one, group, profile, references.parent(id_)) for one in assigned]
        self._keep(ProfileDestinationsView.token, id_, {_set().inside: id_, _set().field: rows})
        if not self.thorough:
            self._ask_for(self._dialled(rows))
        for row in map(AssignedDestinationView, rows):
            self.destination(str(row.destination), numbers)
            if row.override is True:
                self.target(str(row.target or ""))
            for called, target in row.said[LINK_OVERRIDES]:
                if digits_of(called) in numbers:
                    self.target(target)

    def _dialled(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
        """The digits of the numbers that destinations of a profile send calls to."""
        for row in map(AssignedDestinationView, rows):
            there = self._look(DestinationView.token, str(row.destination))
            for target in (row.target, DestinationView(there).target if there is not None else None):
                number = as_declared(str(target or ""))
                if number.startswith("+"):
                    yield digits_of(number)

    def _hours(self, id_: str, group: str, profile: str) -> None:
        """The shares of each hour."""
        if self.thorough:
            self._look(AllocationHoursView.token, id_)
            return
        provider, at = provider_for(AllocationHoursView.token), (group, profile)
        try:
            told = provider.seen(id_, {}, self.api.shared_hours(*at), provider.basis(at))
        except UnexpectedAnswer:  # destinations have come or gone since then
            told = provider.seen(id_, {}, self.api.export_hours(*at), provider.basis(at))
        self._keep(AllocationHoursView.token, id_, plain({_set().inside: id_, **told}))

    def _row(self, one: CloudRouteAssignedDestination, group: str, profile: str, parent: str) -> dict[str, Any]:
        """A destination of a profile; ``parent`` is the id that it lies under."""
        link = str(one[client.ASSIGNMENT_ID])
        elsewhere = self._below_link(group, profile, link) if self.thorough else []
        told = {name: one.get(field.wire) for name, field in _set().row.items() if field.wire}
        id_ = str(part(one.get("cloudDestination")).get(client.DESTINATION_ID))
        return {**told, _set().target: references.join(parent, id_), LINK_ID: link, LINK_OVERRIDES: elsewhere}

    def _below_link(self, group: str, profile: str, link: str) -> list[tuple[str, str]]:
        """Numbers, and where a profile sends their calls at one of its destinations."""
        called, to = _wire(DnisOverrideView, means.Called), _wire(DnisOverrideView, means.Target)
        ask = self.api.list_assigned_overrides if self.thorough else self.api.shared_assigned_overrides
        rows = ask(group, profile, link)
        return [(str(row.get(called)), str(row.get(to))) for row in rows]

    def destination(self, id_: str, numbers: Collection[str]) -> None:
        """A destination and what it leads to."""
        destination = self._look(DestinationView.token, id_)
        if destination is None:
            return
        self.target(str(DestinationView(destination).target or ""))
        if self.thorough:
            self.overrides(id_, numbers)

    def overrides(self, destination: str, numbers: Collection[str]) -> set[str]:
        """What a destination does with calls to some numbers, by their digits; those of them that have an override."""
        group, number = destination.split("/")[-2:]
        told = set()
        for one in self.api.list_overrides(group, number):
            digits = digits_of(str(one.get(_wire(DnisOverrideView, means.Called))))
            if digits in numbers:
                told.add(digits)
                id_ = references.join(destination, str(one[client.OVERRIDE_ID]))
                self.target(_target_of(self._look(DnisOverrideView.token, id_)))
        return told

    def link_overrides(self, set_: Resource, destinations: Collection[str], numbers: Collection[str]) -> set[str]:
        """What a profile does with calls to some numbers at some of its destinations, by the last parts of their ids;
        those of the numbers that have an override there."""
        told: set[str] = set()
        rows = []
        group, profile = str(set_.id).split("/")[-2:]
        for row in set_.rows(_set().field):
            link = row.get(LINK_ID)
            if link and references.last(str(row.get(_set().target))) in destinations:
                below = self._below_link(group, profile, link)
                told.update(digits for called, _ in below if (digits := digits_of(called)) in numbers)
                for called, target in below:
                    if digits_of(called) in numbers:
                        self.target(target)
                row = {**row, LINK_OVERRIDES: below}
            rows.append(row)
        self._keep(set_.type, str(set_.id), {**set_.props, _set().field: rows})
        return told

    def overridden(self, destination: str, numbers: Collection[str], profiles: Iterable[str]) -> Iterator[Resource]:
        """What happens to calls of some numbers at a destination: what it does itself, and what profiles do there."""
        self.overrides(destination, numbers)
        yield from [one for one in self.found.values() if one.type == DnisOverrideView.token]
        roles = roles_of(DnisOverrideView.token)
        inside, called, to = (roles.top(one) for one in (means.Inside, means.Called, means.Target))
        for id_ in sorted(profiles):
            group, profile = id_.split("/")[-2:]
            for link in self.api.list_assigned(group, profile):
                if str(part(link.get("cloudDestination")).get(client.DESTINATION_ID)) != references.last(destination):
                    continue
                for number, target in self._below_link(group, profile, str(link[client.ASSIGNMENT_ID])):
                    if digits_of(number) in numbers and inside and called and to:
                        props = {inside.field: destination, called.field: as_declared(number), to.field: target}
                        name = f"{id_}/{link[client.ASSIGNMENT_ID]}/{digits_of(number)}"
                        yield Resource(
                            DnisOverrideView.token, name, f"live:{DnisOverrideView.token}:{name}", props, name
                        )

    def targets(self, those: Iterable[str]) -> None:
        """What several targets lead to, with one search for all numbers; a short number is that of a ring group."""
        written = [as_declared(one) for one in those]
        if self.cloud is not None:
            self._ask_for([digits_of(one) for one in written if one.startswith("+")])
        for one in written:
            self.target(one)
            if one.isdecimal() and self.pbx is not None:
                self.ring_groups(one)

    def target(self, target: str) -> None:
        """What a target leads to, when that is something here."""
        found = address(target)
        if found is not None and self.pbx is not None and found[1] in self.pbx.tenant.lower().split("/"):
            self.ring_groups(found[0])
        if self.cloud is not None:
            number = as_declared(target)
            if number.startswith("+"):  # what is no telephone number leads to no other number
                self.number(digits_of(number))

    def tracking(self, id_: str) -> None:
        """A tracking number, by its id, with its rules."""
        self._tracking(references.last(id_), references.last(references.parent(id_)))

    def object(self, token: str, id_: str) -> Resource | None:
        """One object of any type; nothing when it is gone."""
        return self._look(token, id_)

    def _tracking(self, number: str, group: str) -> None:
        groups = [group] if group else [str(one[TRACKING_GROUP_ID]) for one in self.api.list_tracking_groups()]
        for home in groups:
            id_ = references.join(self.api.account_id, home, number)
            if self._look(TrackingNumberView.token, id_) is None:
                continue
            rules = [str(one[RULE_ID]) for one in self.api.list_routing_rules(home, number)]
            days = [str(one[SCHEDULE_OVERRIDE_ID]) for one in self.api.list_schedule_overrides(home, number)]
            for token, there in ((TrackingRoutingRuleView.token, rules), (TrackingScheduleOverrideView.token, days)):
                for one in there:
                    rule = self._look(token, references.join(id_, one))
                    self.target(_target_of(rule))
                    if rule is not None:
                        self._transferred(rule)
            return

    def _transferred(self, rule: Resource) -> None:
        """The tracking number that a rule leads calls to. A rule names it without the group that it lies in."""
        places = [place for place in rule.roles.places(means.Target) if place.mark.to == TrackingNumberView.token]
        for to in (str(rule.at(place) or "") for place in places):
            if to and to not in self._transfers:
                self._transfers.add(to)
                self._tracking(to, "")

    def _group_of(self, owner: Owner) -> str:
        return owner.group or next(self._groups_with(owner.number), "0")

    def _groups_with(self, profile: str) -> Iterator[str]:
        for group in self.api.list_groups_with_profiles():
            number = str(group[client.GROUP_ID])
            if any(str(one[client.PROFILE_ID]) == profile for one in self.api.list_profiles(number)):
                yield number

    def _look(self, token: str, id_: str) -> Resource | None:
        """An object as the vendor has it; nothing when it is gone."""
        if (token, id_) in self.found:
            return self.found[token, id_]
        provider = provider_for(token)
        try:
            outs = provider.look(id_, {MANAGED: sorted(provider.model)})  # what is empty or off is shown as well
        except NotFound:
            return None
        return None if outs is None else self._keep(token, id_, plain(outs))

    def _keep(self, token: str, id_: str, props: Mapping[str, Any]) -> Resource:
        one = Resource(token, id_, f"live:{token}:{id_}", dict(props), id_)
        self.found[token, id_] = one
        return one


def owner_field() -> str:
    """The argument by which an assignment names a profile."""
    return next(one.field for one in roles_of(DnisAssignmentView.token).places(means.Owner) if one.mark.type)


def _target_of(one: Resource | None) -> str:
    """Where an object sends calls, in words."""
    said = one.role(means.Target) if one is not None else None
    return str(said or "")
