"""What the vendors have now of the calls that pass an object: who leads there, and where they go on to.

The cheapest question comes first: no number leads there, and nothing more is asked. Lists are those that the whole
process shares, so that many objects of one line cost what one of them costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from ..client.answers import part
from ..errors import Forbidden, NotFound, Unauthorized
from ..lifecycle import meaning as means
from ..lifecycle import references, writes
from ..lifecycle.adoption import ours
from ..ringcx import client
from ..ringcx.cloud_routing.views import DestinationView, ProfileDestinationsView, ProfileView
from ..ringcx.numbers.owner import PRODUCT_CODES, Live, Owner, lives
from ..ringcx.numbers.views import TrackingNumberView
from ..ringcx.shapes_numbers import PoolRecord
from ..telephony.number import digits_of
from .facts import Resource, plain
from .holdings import numbers_of, owner_of
from .live import Looking
from .liveness import switched_on
from .roles import roles_of

Props = Mapping[str, Any]

_FEW = 3
"""So many profiles are looked through; when there are more, a destination is asked who sends calls to it."""


class _Root(NamedTuple):
    """Where calls come in, or pass, on their way to an object."""

    kind: str
    id: str


def calls_through(token: str, id_: str | None, versions: Iterable[Props]) -> list[Resource]:
    """Everything that the calls of live numbers pass which pass the object; nothing when no number leads there.

    ``versions`` are its arguments as they are and as they are to be.
    """
    given = list(versions)
    roots = list(dict.fromkeys(root for props in given for root in _roots(token, id_, props)))
    roots = [root for root in roots if not ((root.kind, root.id) in ours and writes.is_new(root.kind, root.id))]
    return _Calls(token, given).of(roots) if roots else []


def _roots(token: str, id_: str | None, props: Props) -> Iterator[_Root]:
    """What leads calls to an object, as the meaning of its type's fields tells it."""
    roles = roles_of(token)
    inside = roles.top(means.Inside)
    parent = props.get(inside.field) if inside is not None else None
    if not isinstance(parent, str):
        parent = references.parent(id_) if id_ is not None else ""
    if roles.has(means.Switches):
        for switched, its_id in switched_on(token, props):
            yield from _roots(switched, its_id, {})
    elif roles.shares is not None or roles.hourly_shares is not None:
        owner = props.get(inside.field) if inside is not None else None
        yield _Root(ProfileView.token, owner if isinstance(owner, str) else id_ or "")
    elif roles.overrides is not None:
        at = props.get(inside.field) if inside is not None else None
        set_ = bool(roles.overrides.inner)
        yield _Root(DestinationView.token, at if isinstance(at, str) else id_ or "" if set_ else parent)
    elif inside is not None and inside.mark.what == TrackingNumberView.token:
        yield _Root(TrackingNumberView.token, parent)
    elif (token == TrackingNumberView.token or roles.begins_off) and id_ is not None:
        yield _Root(token, id_)


def _rows(value: Any) -> list[Props]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


class _Calls:
    """The search around one object."""

    def __init__(self, token: str, versions: list[Props]) -> None:
        self.looking = Looking(thorough=False)
        self.token, self.versions = token, versions

    def of(self, roots: Iterable[_Root]) -> list[Resource]:
        leading = False
        for root in roots:
            id_ = self._whole(root)
            if root.kind == TrackingNumberView.token:
                self.looking.tracking(id_)
                leading = True
                continue
            profiles = [id_] if root.kind == ProfileView.token else self._profiles_with(id_)
            for profile in profiles:
                leading |= self._profile(profile)
            if profiles and root.kind == DestinationView.token and roles_of(self.token).overrides is not None:
                self.looking.overrides(id_, self._called())
        if not leading:
            return []
        self._named()
        return list(self.looking.found.values())

    def _whole(self, root: _Root) -> str:
        """The id with its account."""
        steps = ("group", root.kind.partition(":")[2])
        return references.join(
            self.looking.api.account_id, *references.below(root.id, self.looking.api.account_id, steps)
        )

    def _called(self) -> set[str]:
        place = roles_of(self.token).overrides
        if place is None:
            return set()
        said = [value.value for props in self.versions for value in roles_of(self.token).values(props, means.Called)]
        return {digits_of(one) for one in said if isinstance(one, str)}

    def _profile(self, id_: str) -> bool:
        """Look at a profile, if numbers lead to it; whether they do."""
        led = numbers_leading_to(self.looking, id_)
        called, to_be = self._called(), _to_be_answered()
        # Without overrides, calls to all numbers of a profile end alike, unless the program gives some of them away.
        alike = {to_be.get(Live(one).digits): one for one in reversed(led)}
        for record in [*alike.values(), *(one for one in led if Live(one).digits in called)]:
            self.looking.answered(record, id_)
        if led:
            self.looking.profile(id_, ())
        return bool(led)

    def _profiles_with(self, destination: str) -> list[str]:
        """The profiles that send calls to a destination and that numbers lead to, as far as lists tell."""
        api = self.looking.api
        group, number = destination.split("/")[-2:]
        try:
            account = api.pool.account()
        except Forbidden:
            return []
        if account is not None:
            owners = {owner for record in account.values() if (owner := Live(record).owner) is not None}
            led = [owner for owner in owners if owner.product == "profile"]
            if len(led) <= _FEW:
                ids = [self.looking.profile_of(owner) for owner in sorted(led, key=lambda one: one.number)]
                return [id_ for id_ in ids if self._has(id_, number)]
        linked = api.list_profiles_of_destination(group, number)
        profiles = [part(one.get("cloudProfile")) for one in linked]
        numbers = {str(one[client.PROFILE_ID]) for one in profiles if one.get(client.PROFILE_ID) is not None}
        return [self.looking.profile_of(Owner("profile", one)) for one in sorted(numbers)]

    def _has(self, profile: str, destination: str) -> bool:
        try:
            assigned = self.looking.api.list_assigned(*profile.split("/")[-2:])
        except NotFound:
            return False
        return any(str(part(one.get("cloudDestination")).get(client.DESTINATION_ID)) == destination for one in assigned)

    def _named(self) -> None:
        """What the object names or is to name, which calls may not have come to before."""
        for value in (one for props in self.versions for one in roles_of(self.token).values(props, means.Target)):
            to, said = value.place.mark.to, value.value
            if not isinstance(said, str):
                continue
            if to == DestinationView.token and said.count("/") > 1:
                self.looking.destination(said, ())
            elif to == TrackingNumberView.token:
                self.looking.tracking(said)
            elif not to:
                self.looking.target(said)


def _to_be_answered() -> dict[str, str]:
    """Who is to answer numbers when the run is through, by their digits, as far as the program has declared it."""
    found = {}
    for one in writes.declared():
        said = Resource(one.token, "", one.urn, plain(one.args), one.id)
        if said.roles.has(means.Owner):
            owner = said.at(owner_of(said))
            found.update({digits_of(number): str(owner) for number in numbers_of(said)})
    return found


def numbers_leading_to(looking: Looking, profile: str) -> list[PoolRecord]:
    """The numbers that callers dial and that a profile answers, as lists tell; none for a user who may not see them."""
    owner = Owner("profile", references.last(profile))
    try:
        account = looking.api.pool.account()
        if account is None:
            criteria = {"product": PRODUCT_CODES[owner.product], "objectId": int(owner.number)}
            account = looking.api.pool.search(criteria)
    except Forbidden:
        return []
    found = (record for _, record in sorted(account.items()))
    return [record for record in found if (live := Live(record)).owner == owner and live.active]


def lines_with(numbers: Collection[str]) -> list[Resource]:
    """What calls to telephone numbers pass, if they are the account's own; a user who may not see numbers is not told.
    The account's numbers are read once for a run, unless they are many."""
    looking = Looking(thorough=False)
    if looking.cloud is not None:
        with suppress(Forbidden, Unauthorized):
            account = looking.cloud.pool.account()
            looking.targets([one for one in numbers if account is None or digits_of(one) in account])
    return list(looking.found.values())


def closely(before: Iterable[Resource]) -> list[Resource]:
    """The same objects with what is not asked for at first: overrides, and whether each number is still there."""
    there: dict[tuple[str, str | None], Resource] = {(one.type, one.id): one for one in before}
    looking = Looking()
    profiles = [str(id_) for type_, id_ in there if type_ == ProfileView.token]
    for profile in profiles:
        led = numbers_leading_to(looking, profile)
        now = lives(looking.api.pool.fresh([Live(one).digits for one in led]))
        for record in (
            now[digits].record for digits in now if now[digits].owner == Owner("profile", references.last(profile))
        ):
            looking.answered(record, profile)
        looking.profile(profile, list(now))
    gone = {key for key, one in there.items() if one.roles.has(means.Owner) and key not in looking.found}
    others = (one for key, one in there.items() if key not in looking.found and key not in gone)
    return [*others, *looking.found.values()]


def with_overrides(
    before: Iterable[Resource], destinations: Collection[str], coming: Collection[str] = ()
) -> list[Resource]:
    """The same objects with what some destinations do with calls to single numbers.

    ``coming`` are the digits of numbers that are about to lead there; then those that do already are of no concern.
    """
    looking = Looking(thorough=False)
    looking.found.update({(one.type, str(one.id)): one for one in before})
    sets = [one for one in looking.found.values() if one.type == ProfileDestinationsView.token]
    led = {
        Live(record).digits: (record, str(set_.id))
        for set_ in (() if coming else sets)
        for record in numbers_leading_to(looking, str(set_.id))
    }
    called = {*led, *coming, *(digits_of(number) for one in before for number in numbers_of(one))}
    told: set[str] = set()
    for destination in destinations:
        if _may_have_overrides(destination):
            told |= looking.overrides(destination, called)
    last = {references.last(one) for one in destinations}
    for set_ in sets:
        told |= looking.link_overrides(set_, last, called)
    for digits in told & led.keys():
        looking.answered(*led[digits])
    return list(looking.found.values())


def _may_have_overrides(destination: str) -> bool:
    """Whether anybody can have written any: not where this process has just made it, and the program says of none."""
    if not writes.is_new(DestinationView.token, destination):
        return True
    existing = [place.field for place in roles_of(DestinationView.token).places(means.Existing)]
    declared = writes.declared_objects(DestinationView.token, destination)
    cloned = any(one.args.get(name) for one in declared for name in existing)
    return cloned or any(roles_of(token).overrides is not None for token in writes.declared_types())


__all__ = ["calls_through", "closely", "lines_with", "numbers_leading_to", "with_overrides"]
