"""What decides about calls, found quickly: the resources of a stack by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from ..lifecycle import references
from ..plan.facts import (
    ALLOCATION_HOURS,
    ANSWERING_RULE,
    BUILT_IN_RULE,
    DESTINATION,
    DNIS,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    DNIS_POOL,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
    TRACKING_NUMBER,
    TRACKING_ROUTING_RULE,
    UNKNOWN,
    Before,
    Facts,
    Resource,
    Thing,
    UnknownValue,
)
from ..plan.holdings import ANSWERED_BY, numbers_of
from ..plan.liveness import Liveness
from .signed_in_extension import with_extensions

SCHEDULE_OVERRIDE = "ringcx:TrackingScheduleOverride"
LINK_OVERRIDES = "__overrides"
"""Where a live row of a profile's destinations keeps the overrides that the vendor holds below it."""
EXTENSION = "extension "
"""Before the number of an extension, where a number that callers dial can stand as well."""


def digits_of(number: str) -> str:
    """A number as it is compared: its digits."""
    return "".join(filter(str.isdigit, number))


def subject_of(called: str) -> str:
    """What a call is for, as it is compared: a number's digits, or ``extension 101``."""
    given = called.strip()
    if given.lower().startswith(EXTENSION):
        return EXTENSION + given[len(EXTENSION) :].strip()
    return digits_of(given)


class World:
    """Everything that stands when a run is through."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.liveness = Liveness.of(facts)
        saved = facts.before.resources if facts.before else []
        self.leaving = [one for one in saved if facts.successor(one) is None]
        """What the state has and the program does not declare any more."""
        self.resources = [*with_extensions(facts), *(one for one in self.leaving if one.kept)]
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for one in self.resources:
            self._by_type[one.type].append(one)

    @classmethod
    def of_state(cls, resources: Iterable[Resource]) -> World:
        """What a state holds, with nothing to change."""
        there = list(resources)
        return cls(Facts(there, Before(there)))

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types."""
        return [one for type_ in types for one in self._by_type[type_]]

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
        taken_over = one is not None and any(one.get(name) for name in ("adopt", "adopt_id", "clone_of"))
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
        said = one.get("active") if one is not None else None
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
        behind = [Thing(type_, urn) for urn in sorted(one.behind.get(name, ()))] if missing else []
        free = [thing for thing in behind if thing not in found and self.facts.declared_as(thing) is not None]
        if len(free) == len(missing) == 1:
            found[missing[0]] = free[0]
            return found, []
        return found, free if len(free) == len(missing) else []

    def link(self, one: Resource, name: str, type_: str) -> Thing | UnknownValue:
        """The object that a property names."""
        return self.linked(one, name, [one.get(name)], type_)[0][0]

    # Numbers

    @cached_property
    def answered_by(self) -> dict[str, list[Resource]]:
        """Who answers each number, by its digits."""
        return _claims(self.of(*ANSWERED_BY))

    @cached_property
    def released(self) -> frozenset[str]:
        """The numbers that somebody answered before, and nobody answers any more."""
        before = self.facts.before
        was = _claims(before.of(*ANSWERED_BY)) if before else {}
        return frozenset(was.keys() - self.answered_by.keys())

    @cached_property
    def records(self) -> dict[str, tuple[Any, Resource]]:
        """Whether each number's record is in use, and the resource that says so; nothing where it does not say."""
        found: dict[str, tuple[Any, Resource]] = {}
        for one in self.of(DNIS, DNIS_POOL):
            found.update((digits_of(str(row["dnis"])), (row.get("active"), one)) for row in _rows(one))
        return found

    @cached_property
    def extensions_of(self) -> dict[str, list[str]]:
        """The RingEX extension that each number belongs to, as far as rules tell; several when they disagree."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for extension, rules in self.custom_rules.items():
            for number in (number for one in rules for number in texts(one, "called_numbers")):
                found[digits_of(number)].add(extension)
        return {digits: sorted(extensions) for digits, extensions in found.items()}

    @cached_property
    def groups(self) -> dict[str, Resource]:
        """PortSIP ring groups by their number."""
        return {str(one.get("extension_number")): one for one in self.of(RING_GROUP)}

    @cached_property
    def ended_groups(self) -> frozenset[str]:
        """The numbers of ring groups that end."""
        before = self.facts.before.of(RING_GROUP) if self.facts.before else []
        return frozenset(str(one.get("extension_number")) for one in before) - self.groups.keys()

    @cached_property
    def pbx_names(self) -> frozenset[str]:
        """The hosts and tenants of the PortSIP servers that the ring groups are on, as far as ids tell."""
        saved = self.facts.before.of(RING_GROUP) if self.facts.before else []
        ids = [one.id for one in (*self.of(RING_GROUP), *saved) if one.id]
        return frozenset(name.lower() for id_ in ids for name in id_.split("/")[:-1])

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Everything that callers can dial here, by digits."""
        return frozenset(
            {*self.answered_by, *self.released, *self.records, *self.extensions_of, *self.groups, *self.ended_groups}
        )

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The numbers, and the extensions that have rules: calls come to these by numbers that no rule names."""
        return self.numbers | {f"{EXTENSION}{one}" for one in (*self.custom_rules, *self.built_in_rules)}

    def let_go(self, digits: str) -> bool:
        """Whether the number itself is released or switched off, whatever is behind it."""
        active, _ = self.records.get(digits, (None, None))
        claims = self.answered_by.get(digits, [])
        off = any(one.get("active") is False for one in claims)
        return active is False or off or digits in self.released or digits in self.ended_groups

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
            if one.type in (*ANSWERED_BY, DNIS)
            for number in numbers_of(one)
        }
        others = [digits for digits in (*self.records, *self.extensions_of) if digits not in written]
        return {**{digits: f"+{digits}" for digits in others}, **written}

    # Plans

    @cached_property
    def sets(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """The sets of destinations, by profile."""
        return self._by_link(PROFILE_DESTINATIONS, "profile", PROFILE)

    @cached_property
    def ended_sets(self) -> set[Thing | UnknownValue]:
        """The profiles whose set of destinations ends."""
        gone = (one for one in self.leaving if one.type == PROFILE_DESTINATIONS and not one.kept)
        return {self.facts.link(one, "profile", PROFILE) for one in gone}

    @cached_property
    def hours(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """The shares by hour, by profile. Those that leave the stack stay, unless they say otherwise."""
        found = self._by_link(ALLOCATION_HOURS, "profile", PROFILE)
        for one in self.leaving:
            if one.type == ALLOCATION_HOURS and not one.kept:
                found.setdefault(self.facts.link(one, "profile", PROFILE), []).append(one)
        return found

    def overrides(self, destination: Thing) -> list[tuple[dict[str, Any] | None, Resource]]:
        """The DNIS overrides of a destination; nothing for those that are not known yet."""
        return self._overrides.get(destination, [])

    @cached_property
    def overridden(self) -> frozenset[str] | None:
        """The numbers that have an override somewhere, by digits; nothing when that is not known yet."""
        rows = [row for found in self._overrides.values() for row, _ in found]
        links = (row for one in self.of(PROFILE_DESTINATIONS) for row in one.rows("destinations"))
        rows += [row for link in links for row in link.get(LINK_OVERRIDES, ())]
        numbers = [row.get("dnis") if row is not None else UNKNOWN for row in rows]
        if UNKNOWN in numbers:
            return None
        return frozenset(digits_of(str(number)) for number in numbers)

    @cached_property
    def _overrides(self) -> dict[Thing | UnknownValue, list[tuple[dict[str, Any] | None, Resource]]]:
        found: dict[Thing | UnknownValue, list[tuple[dict[str, Any] | None, Resource]]] = {}
        for one in self.of(DNIS_OVERRIDE, DNIS_OVERRIDES):
            rows: list[dict[str, Any] | None] = [{name: one.get(name) for name in ("dnis", "target")}]
            if one.type == DNIS_OVERRIDES:
                rows = [*one.rows("overrides"), *([] if one.certain("overrides") else [None])]
            at = self.link(one, "destination", DESTINATION)
            found.setdefault(at, []).extend((row, one) for row in rows)
        return found

    @cached_property
    def tracking_rules(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """Routing rules, by tracking number."""
        return self._by_link(TRACKING_ROUTING_RULE, "tracking_number", TRACKING_NUMBER)

    @cached_property
    def schedule_overrides(self) -> dict[Thing | UnknownValue, list[Resource]]:
        """Schedule overrides, by tracking number."""
        return self._by_link(SCHEDULE_OVERRIDE, "tracking_number", TRACKING_NUMBER)

    # Extensions

    @cached_property
    def custom_rules(self) -> dict[str, list[Resource]]:
        """Custom answering rules, by extension."""
        return _by_extension(self.of(ANSWERING_RULE))

    @cached_property
    def built_in_rules(self) -> dict[str, list[Resource]]:
        """Built-in answering rules, by extension. One that leaves the stack is forgotten when it says so."""
        gone = [one for one in self.leaving if one.type == BUILT_IN_RULE and not one.kept]
        forgotten = [one for one in gone if one.get("on_delete") == "forget"]
        return _by_extension([*self.of(BUILT_IN_RULE), *forgotten])

    def _by_link(self, type_: str, name: str, to: str) -> dict[Thing | UnknownValue, list[Resource]]:
        found: dict[Thing | UnknownValue, list[Resource]] = {}
        for one in self.of(type_):
            found.setdefault(self.link(one, name, to), []).append(one)
        return found


def texts(one: Resource, name: str) -> list[str]:
    """The texts in a list property, without those that are not known."""
    return [item for item in one.items(name) if isinstance(item, str)]


def _claims(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        for number in numbers_of(one):
            found[digits_of(number)].append(one)
    return dict(found)


def _rows(one: Resource) -> Iterator[dict[str, Any]]:
    if one.type == DNIS:
        rows: list[dict[str, Any]] = [{"dnis": one.get("dnis"), "active": one.get("active")}]
    elif isinstance(one.get("file"), str):
        from ..ringcx.numbers.pool_fields import (
            read_rows,  # late: few stacks have a file, and its fields take time to load
        )

        try:
            rows = read_rows(one.get("file"))
        except ValueError:  # the provider says so before anything is sent
            rows = []
    else:
        rows = one.rows("numbers")
    yield from (row for row in rows if isinstance(row.get("dnis"), str))


def _by_extension(rules: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in sorted(rules, key=lambda rule: rule.urn):
        extension = one.get("extension_id")
        if isinstance(extension, str):
            found[references.last(extension)].append(one)
    return dict(found)
