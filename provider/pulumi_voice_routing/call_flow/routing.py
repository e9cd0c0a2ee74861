"""What decides about calls, found quickly: the resources of a stack by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..plan.facts import LINK_OVERRIDES, UNKNOWN, Before, Facts, Resource, Thing, UnknownValue
from ..plan.given_back import given_back, kept
from ..plan.holdings import answers, file_rows, numbers_of, records
from ..plan.liveness import Liveness, hourly_shares, shares
from ..plan.roles import Place, Roles, roles_of
from ..portsip.views import RingGroupView
from ..ringcx.numbers.views import TrackingRoutingRuleView, TrackingScheduleOverrideView
from ..ringex.views import (
    AnsweringRuleView,
    BuiltInAnsweringRuleView,
    CallHandlingStateRuleView,
    CallHandlingStateView,
    InteractionRuleView,
)
from ..telephony.number import digits_of
from .signed_in_extension import with_extensions

EXTENSION = "extension "
"""Before the number of an extension, where a number that callers dial can stand as well."""

IN_QUEUES = " in call queues"
"""After it, where calls are meant that call queues bring to the extension."""


def subject_of(called: str) -> str:
    """What a call is for, as it is compared: a number's digits, or ``extension 101``."""
    given = called.strip()
    if given.lower().startswith(EXTENSION):
        return EXTENSION + given[len(EXTENSION) :].strip()
    return digits_of(given)


class NumberTarget(NamedTuple):
    """Another target for calls to one number."""

    number: Any
    """Not known for one, or for all, that are not known yet."""
    target: Any
    resource: Resource


T = TypeVar("T")


class Routing:
    """Everything that stands when a run is through."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._made: dict[Hashable, Any] = {}
        self.liveness = Liveness.of(facts)
        saved = facts.before.resources if facts.before else []
        self.leaving = [one for one in saved if facts.successor(one) is None]
        """What the state has and the program does not declare any more."""
        self.resources = [*with_extensions(facts), *(one for one in self.leaving if one.kept)]
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for one in self.resources:
            self._by_type[one.type].append(one)

    @classmethod
    def of_state(cls, resources: Iterable[Resource], ended: Iterable[Resource] = ()) -> Routing:
        """What a state holds, with nothing to change. What has no id yet is new, and as vendors make it; ``ended`` is
        what has been there, if somebody may still call it."""
        there = list(resources)
        return cls(Facts(there, Before([*(one for one in there if one.id), *ended])))

    def beside(self, other: Routing) -> Routing:
        """The same, with the numbers that rules of the other one name: a change does not change whose these are."""
        more = {digits: found for digits, found in other.extensions_of.items() if digits not in self.extensions_of}
        if not more:
            return self
        known = Routing(self.facts)
        known.extensions_of = {**self.extensions_of, **more}
        return known

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is worked out from a resource, whatever the call."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types."""
        return [one for type_ in types for one in self._by_type[type_]]

    def that(self, meets: Callable[[Roles], object]) -> list[Resource]:
        """The resources of types that mean something."""
        return [one for type_, there in self._by_type.items() if meets(roles_of(type_)) for one in there]

    def standing(self, thing: Thing) -> Resource | None:
        """The resource that stands for an object."""
        declared = self.facts.declared_as(thing)
        if declared is not None:
            return declared
        saved = self.facts.saved_as(thing)
        return saved if saved is not None and saved.kept else None

    def leaves(self, one: Resource) -> bool:
        """Whether a resource leaves the stack."""
        return any(one is other for other in self.leaving)

    def ends(self, thing: Thing) -> bool:
        """Whether the object leaves the stack, and is switched off or deleted by that."""
        return self.standing(thing) is None and self.facts.saved_as(thing) is not None

    def fresh(self, thing: Thing) -> bool:
        """Whether the run makes the object, so that it is nothing but what is declared."""
        one = self.facts.declared_as(thing)
        taken_over = one is not None and one.begins_with_another
        return one is not None and one.id is None and self.facts.saved_as(thing) is None and not taken_over

    def id_of(self, thing: Thing) -> str:
        """The vendor's id of an object; empty when it has none yet."""
        there = [one for one in (self.facts.declared_as(thing), self.facts.saved_as(thing)) if one is not None]
        return next((one.id for one in there if one.id), "" if there else thing.key)

    def active(self, thing: Thing) -> bool | None:
        """Whether a destination or profile takes calls; nothing when that is not declared."""
        if thing in self.liveness.after:
            return True
        if thing in self.liveness.ends or self.ends(thing):
            return False
        one = self.standing(thing)
        said = one.switch() if one is not None else None
        if isinstance(said, bool):
            return said
        return False if said is None and self.fresh(thing) else None

    def linked(
        self, one: Resource, name: str, ids: Sequence[Any], type_: str
    ) -> tuple[list[Thing | UnknownValue], list[Thing]]:
        """The objects that ids in a property name, and those that the ids stand for that are not known yet.

        The second list is empty when it cannot be told which objects these are.
        """
        found = [self.facts.with_id(type_, id_) for id_ in ids]
        missing = [place for place, thing in enumerate(found) if thing is UNKNOWN]
        behind = [Thing(type_, urn) for urn in sorted(one.behind.get(name, ()))]
        there = {one.urn for one in self.of(type_)}
        free = [thing for thing in behind if thing not in found and thing.key in there]
        if len(free) == len(missing) == 1:
            found[missing[0]] = free[0]
            return found, []
        return found, free if len(free) == len(missing) else []

    def link(self, one: Resource, name: str, type_: str) -> Thing | UnknownValue:
        """The object that a property names."""
        return self.linked(one, name, [one.get(name)], type_)[0][0]

    def rows(self, one: Resource, place: Place[means.Target]) -> tuple[list[Thing | UnknownValue], list[Thing]]:
        """The objects that the rows of a set name, as :meth:`linked` tells them."""
        return self.linked(one, place.field, [place.of(row) for row in one.rows(place.field)], place.mark.to)

    def parent(self, one: Resource) -> Thing | UnknownValue | None:
        """The object that a resource is inside of; nothing when it is inside of none."""
        place = one.roles.inside
        return None if place is None else self.link(one, place.field, place.mark.what)

    # Numbers

    @cached_property
    def answered_by(self) -> dict[str, list[Resource]]:
        """Who answers each number, by its digits."""
        return _claims(self.that(answers))

    @cached_property
    def released(self) -> frozenset[str]:
        """The numbers that somebody answered before, and nobody answers any more."""
        before = self.facts.before
        was = _claims(before.that(answers)) if before else {}
        return frozenset(was.keys() - self.answered_by.keys())

    @cached_property
    def records(self) -> dict[str, tuple[Any, Resource]]:
        """Whether each number's record is in use, and the resource that says so; nothing where it does not say."""
        return {digits_of(number): (active, one) for one in self.that(records) for number, active in _recorded(one)}

    @cached_property
    def extensions_of(self) -> dict[str, list[str]]:
        """The RingEX extension that each number belongs to, as far as rules tell; several when they disagree.

        A number that no rule names any more belongs to the extension whose rule named it before.
        """
        saved = self.facts.before
        rules = (_by_extension(saved.of(view.token)) if saved else {} for view in _NAME_NUMBERS)
        before = _numbers_of_extensions(*rules)
        now = _numbers_of_extensions(self.custom_rules, self.interaction_rules)
        return {digits: sorted(extensions) for digits, extensions in {**before, **now}.items()}

    @cached_property
    def groups(self) -> dict[str, Resource]:
        """PortSIP ring groups by their number."""
        return {str(RingGroupView(one).extension_number): one for one in self.of(RingGroupView.token)}

    @cached_property
    def inbound(self) -> dict[str, str]:
        """The ring group's number behind each outside number that inbound rules lead to one, by its digits.

        A number of a group that ends is led to it still.
        """
        there = [*self._saved_groups, *self.of(RingGroupView.token)]
        return {
            digits_of(number): str(RingGroupView(one).extension_number)
            for one in there
            for number in RingGroupView(one).inbound_numbers
        }

    @cached_property
    def ended_groups(self) -> frozenset[str]:
        """The numbers of ring groups that end."""
        return frozenset(str(RingGroupView(one).extension_number) for one in self._saved_groups) - self.groups.keys()

    @cached_property
    def pbx_names(self) -> frozenset[str]:
        """The hosts and tenants of the PortSIP servers that the ring groups are on, as far as ids tell."""
        ids = [one.id for one in (*self.groups.values(), *self._saved_groups) if one.id]
        return frozenset(name.lower() for id_ in ids for name in id_.split("/")[:-1])

    @property
    def _saved_groups(self) -> list[Resource]:
        return self.facts.before.of(RingGroupView.token) if self.facts.before else []

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Everything that callers can dial here, by digits."""
        return frozenset(
            {
                *self.answered_by,
                *self.released,
                *self.records,
                *self.extensions_of,
                *self.inbound,
                *self.groups,
                *self.ended_groups,
            }
        )

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The numbers, and the extensions that have rules: calls come to these by numbers that no rule names."""
        ruled = (*self.custom_rules, *self.built_in_rules, *self.newer_call_handling)
        in_queues = {f"{EXTENSION}{one}{IN_QUEUES}" for one in self._in_queues}
        return self.numbers | in_queues | {f"{EXTENSION}{one}" for one in ruled}

    def let_go(self, digits: str) -> bool:
        """Whether the number itself is released or switched off, whatever is behind it."""
        active, _ = self.records.get(digits, (None, None))
        claims = self.answered_by.get(digits, [])
        off = any(one.switch() is False for one in claims)
        return active is False or off or digits in self.released

    def shown(self, digits: str) -> str:
        """A number as the program writes it, or an extension."""
        if digits.startswith(EXTENSION):
            return digits
        return self._as_written.get(digits, digits if digits in self.groups or digits in self.ended_groups else "")

    @cached_property
    def _as_written(self) -> dict[str, str]:
        saved = self.facts.before.resources if self.facts.before else []
        written = {
            digits_of(number): number
            for one in (*saved, *self.resources)
            if one.roles.dialled is not None and not one.roles.dialled.inner
            for number in numbers_of(one)
        }
        others = [digits for digits in (*self.records, *self.extensions_of, *self.inbound) if digits not in written]
        return {**{digits: f"+{digits}" for digits in others}, **written}

    # What divides calls

    @cached_property
    def sets(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """The sets of destinations, by profile."""
        return self._by_parent(self.that(shares))

    @cached_property
    def ended_sets(self) -> set[Thing | UnknownValue]:
        """The profiles whose set of destinations ends."""
        gone = [one for one in self.leaving if one.roles.shares is not None and not one.kept]
        return {parent for one in gone if (parent := self.facts.parent(one)) is not None}

    @cached_property
    def hours(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """The shares by hour, by profile. Those that leave stay, unless they say otherwise or others come."""
        found = self._by_parent(self.that(hourly_shares))
        declared = set(found)
        for one in self.leaving:
            parent = self.facts.parent(one) if one.roles.hourly_shares is not None and not one.kept else None
            if parent is not None and parent not in declared:
                found.setdefault(parent, []).append(one)
        return found

    def overrides(self, at: Thing | UnknownValue) -> list[NumberTarget]:
        """What sends calls of single numbers elsewhere than the object sends all others."""
        return self._overrides.get(at, [])

    @cached_property
    def overridden(self) -> frozenset[str] | None:
        """The numbers that have an override somewhere, by digits; nothing when that is not known yet."""
        numbers = [one.number for found in self._overrides.values() for one in found]
        for one in self.that(shares):
            rows = one.rows(one.roles.shares.field) if one.roles.shares is not None else []
            numbers += [number for row in rows for number, _ in row.get(LINK_OVERRIDES, ())]
        if UNKNOWN in numbers:
            return None
        return frozenset(digits_of(str(number)) for number in numbers)

    @cached_property
    def _overrides(self) -> dict[Thing | UnknownValue, list[NumberTarget]]:
        found: defaultdict[Thing | UnknownValue, list[NumberTarget]] = defaultdict(list)
        for one in self.that(lambda roles: roles.overrides):
            at = self.parent(one)
            if at is not None:
                found[at] += _overrides_in(one)
        return dict(found)

    @cached_property
    def tracking_rules(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """Routing rules, by tracking number."""
        return self._by_parent(self.of(TrackingRoutingRuleView.token))

    @cached_property
    def schedule_overrides(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """Schedule overrides, by tracking number."""
        return self._by_parent(self.of(TrackingScheduleOverrideView.token))

    # Extensions

    @cached_property
    def custom_rules(self) -> dict[str, list[Resource]]:
        """Custom answering rules, by extension."""
        return _by_extension(self.of(AnsweringRuleView.token))

    @cached_property
    def built_in_rules(self) -> dict[str, list[Resource]]:
        """Built-in answering rules, by extension."""
        return _by_extension(self._given_back(BuiltInAnsweringRuleView.token))

    @cached_property
    def states(self) -> dict[str, dict[str, Resource]]:
        """The states of the newer call handling, by extension and state."""
        return _by_state(self._given_back(CallHandlingStateView.token))

    @cached_property
    def state_rules(self) -> dict[str, dict[str, Resource]]:
        """The rules of these states, by extension and state."""
        return _by_state(self._given_back(CallHandlingStateRuleView.token))

    @cached_property
    def interaction_rules(self) -> dict[str, list[Resource]]:
        """Interaction rules, by extension."""
        return _by_extension(self.of(InteractionRuleView.token))

    @cached_property
    def newer_call_handling(self) -> frozenset[str]:
        """The extensions with the newer call handling, as far as what is declared tells."""
        return frozenset({*self.states, *self.state_rules, *self.interaction_rules})

    @cached_property
    def _in_queues(self) -> set[str]:
        """The extensions of which something is declared that is for calls of call queues."""
        agents = {
            extension for by in (self.states, self.state_rules) for extension, one in by.items() if "agent" in one
        }
        rules = self.interaction_rules.items()
        return agents | {at for at, them in rules if any(InteractionRuleView(one).queue_calls for one in them)}

    def rules_of(self, extension: str) -> list[Resource]:
        """Whatever decides about calls of an extension."""
        by_state = [*self.states.get(extension, {}).values(), *self.state_rules.get(extension, {}).values()]
        custom = [*self.custom_rules.get(extension, ()), *self.interaction_rules.get(extension, ())]
        return [*self.built_in_rules.get(extension, ()), *by_state, *custom]

    def _given_back(self, token: str) -> list[Resource]:
        """What extensions have anyway. What leaves the stack is as it will be when it is given back."""
        gone = [one for one in self.leaving if one.type == token and not one.kept]
        return [*self.of(token), *map(given_back, filter(_stays_known, gone))]

    def _by_parent(self, parts: Iterable[Resource]) -> dict[Thing | UnknownValue, list[Resource]]:
        found: dict[Thing | UnknownValue, list[Resource]] = {}
        for one in parts:
            parent = self.parent(one)
            if parent is not None:
                found.setdefault(parent, []).append(one)
        return found


def _stays_known(gone: Resource) -> bool:
    """Whether the state tells what a built-in rule will do when it has left the stack."""
    return BuiltInAnsweringRuleView(gone).on_delete == "forget" or bool(kept(gone))


_NAME_NUMBERS: tuple[type[AnsweringRuleView | InteractionRuleView], ...] = (AnsweringRuleView, InteractionRuleView)


def _numbers_of_extensions(*rules: Mapping[str, Iterable[Resource]]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for view, by_extension in zip(_NAME_NUMBERS, rules, strict=True):
        for extension, them in by_extension.items():
            for one in them:
                for number in view(one).called_numbers:
                    found[digits_of(number)].add(extension)
    return found


def _claims(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        for number in numbers_of(one):
            found[digits_of(number)].append(one)
    return dict(found)


def _recorded(one: Resource) -> Iterator[tuple[str, Any]]:
    """The numbers of a record, and whether it says itself that they are in use."""
    place, switch = one.roles.dialled, next(iter(one.roles.places(means.Switch)), None)
    if place is None or switch is None:
        return
    rows = [one.props, *file_rows(one)] if not place.inner else [*one.rows(place.field), *file_rows(one)]
    for row in rows:
        if isinstance(place.of(row), str):
            yield place.of(row), switch.of(row)


def _overrides_in(one: Resource) -> Iterator[NumberTarget]:
    place, target = one.roles.overrides, next(iter(one.roles.places(means.Target)), None)
    if place is None or target is None:
        return
    for row in one.rows(place.field) if place.inner else [one.props]:
        yield NumberTarget(place.of(row), target.of(row), one)
    if place.inner and not one.certain(place.field):
        yield NumberTarget(UNKNOWN, UNKNOWN, one)


def _by_extension(rules: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in sorted(rules, key=lambda rule: rule.urn):
        extension = AnsweringRuleView(one).extension_id
        if isinstance(extension, str):
            found[references.last(extension)].append(one)
    return dict(found)


def _by_state(them: Iterable[Resource]) -> dict[str, dict[str, Resource]]:
    return {
        extension: {str(CallHandlingStateView(one).state): one for one in there}
        for extension, there in _by_extension(them).items()
    }
