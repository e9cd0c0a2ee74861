"""What takes calls before a run and after it, and what would switch it off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from ..lifecycle import meaning as means
from ..lifecycle import references
from .facts import UNKNOWN, Facts, Resource, Thing, UnknownValue, noun_of
from .roles import Roles, roles_of


def begins_off(roles: Roles) -> bool:
    """Whether objects of a type take no calls until something switches them on."""
    return roles.begins_off


def shares(roles: Roles) -> bool:
    """Whether a type divides the calls of an object among others."""
    return roles.shares is not None


def hourly_shares(roles: Roles) -> bool:
    """Whether a type divides the calls of an object by the hour."""
    return roles.hourly_shares is not None


def switches(roles: Roles) -> bool:
    """Whether a type switches other objects on."""
    return roles.has(means.Switches)


class Liveness:
    """Which destinations and profiles are on, before a run and after it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @classmethod
    def of(cls, facts: Facts) -> Liveness:
        """The one for these facts: many rules ask, and what it works out is the same for all of them."""
        return facts.once(cls)

    @cached_property
    def before(self) -> set[Thing]:
        """What the state knows to be on."""
        state = self.facts.before
        if state is None:
            return set()
        on = {self.facts.thing(one) for one in state.that(begins_off) if one.switch() is True}
        return on.union(*(things for _, things in self._saved_activations))

    @cached_property
    def after(self) -> set[Thing]:
        """What is on when the run is through, as far as this stack decides it."""
        on = {self.facts.thing(one) for one in self.facts.that(begins_off) if one.switch() is True}
        on = on.union(*self._targets.values())
        # What is replaced ends as the old object, and is there again as the new one.
        return {one for one in on | self.before if one not in self.ends or (one in on and self._replaced(one))}

    @cached_property
    def ends(self) -> Mapping[Thing, str]:
        """What was on and would be switched off, and by what."""
        found = ((thing, next(self._why_off(thing), None)) for thing in sorted(self.before))
        return {thing: why for thing, why in found if why is not None}

    def targets(self, activation: Resource) -> set[Thing]:
        """What a declared activation switches on; what cannot be told is not in it."""
        found: set[Thing] = set()
        for name, switched in _switched(activation):
            for type_ in dict.fromkeys(type_ for type_, _ in switched):
                ids = [id_ for one, id_ in switched if one == type_ and id_ is not None]
                if not activation.certain(name):
                    ids += [UNKNOWN] * len(activation.behind.get(name, ()))
                links = self.facts.links(activation, name, ids, type_)
                found.update(thing for thing in links if thing is not UNKNOWN)
        return found

    def sets_of(self, profile: Thing) -> list[Resource]:
        """The declared sets of a profile's destinations."""
        return self._sets.get(profile, [])

    def uses(self, set_: Resource, destination: Thing) -> bool:
        """Whether a set sends calls to a destination; what cannot be told counts as yes."""
        links, place = self._links[set_.urn], set_.roles.shares
        behind = set_.behind.get(place.field) if place is not None else None
        if destination in links or (
            place and behind and destination.type == place.mark.to and destination.key in behind
        ):
            return True
        # An unknown id is no id of a resource that the program would have been seen to take it from.
        return UNKNOWN in links and (self.facts.declared_as(destination) is None or not behind)

    @cached_property
    def _links(self) -> dict[str, set[Thing | UnknownValue]]:
        found: dict[str, set[Thing | UnknownValue]] = {}
        for one in self.facts.that(shares):
            place = one.roles.shares
            if place is not None:
                untold = [] if one.certain(place.field) else [UNKNOWN]
                found[one.urn] = {*(link for _, link in self.facts.linked(one, place)), *untold}
        return found

    @cached_property
    def _sets(self) -> dict[Thing | UnknownValue, list[Resource]]:
        found: dict[Thing | UnknownValue, list[Resource]] = {}
        for one in self.facts.that(shares):
            divided = self.facts.parent(one)
            if divided is not None:
                found.setdefault(divided, []).append(one)
        return found

    @cached_property
    def _targets(self) -> dict[str, set[Thing]]:
        return {one.urn: self.targets(one) for one in self.facts.that(switches)}

    @cached_property
    def _saved_activations(self) -> list[tuple[Resource, set[Thing]]]:
        saved = self.facts.before.that(switches) if self.facts.before else []
        return [(one, set(self._saved_targets(one))) for one in saved]

    def _saved_targets(self, activation: Resource) -> Iterator[Thing]:
        for _, switched in _switched(activation):
            things = (self.facts.with_id(type_, id_) for type_, id_ in switched)
            yield from (thing for thing in things if thing is not UNKNOWN)

    def _why_off(self, thing: Thing) -> Iterator[str]:
        yield from self._why_off_by_activation(thing)
        yield from self._why_off_by_itself(thing)

    def _why_off_by_activation(self, thing: Thing) -> Iterator[str]:
        if self._kept_on(thing):
            return  # no resource switches off what another one keeps on
        for saved, things in self._saved_activations:
            if saved.kept or thing not in things:
                continue
            present = self.facts.successor(saved)
            if present is None:
                yield f"activation {saved.name!r} leaves the stack"
            elif thing not in self._targets[present.urn]:
                yield f"it is not among the targets of activation {present.name!r} any more"

    def _kept_on(self, thing: Thing) -> bool:
        """Whether an activation of the program switches it on, or it says so itself."""
        one = self.facts.declared_as(thing)
        return any(thing in things for things in self._targets.values()) or (one is not None and one.switch() is True)

    def _why_off_by_itself(self, thing: Thing) -> Iterator[str]:
        saved = self.facts.saved_as(thing)
        if saved is None or saved.kept:
            return
        present = self.facts.successor(saved)
        if present is None:
            yield _leaving(f"{noun_of(thing.type)} {saved.name!r}", self._namesake(saved))
        elif present.switch() is False:
            yield "it says active=False"
        elif present.switch() is UNKNOWN:
            yield "its active flag is not known yet"
        elif self._replaced(thing):
            yield "it would be replaced, because its group changes"

    def _replaced(self, thing: Thing) -> bool:
        saved, present = self.facts.saved_as(thing), self.facts.declared_as(thing)
        return saved is not None and present is not None and replaced(self.facts, saved, present)

    def _namesake(self, saved: Resource) -> Resource | None:
        parent, label = self.facts.saved_parent(saved), saved.role(means.Label)
        return next(
            (
                one
                for one in self.facts.of(saved.type)
                if one.role(means.Label) == label and self.facts.parent(one) == parent
            ),
            None,
        )


def switched_on(type_: str, props: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The types and ids of what a resource switches on, as far as they are known."""
    for _, switched in _switched(Resource(type_, "", "", props)):
        yield from ((one, id_) for one, id_ in switched if isinstance(id_, str))


def _switched(activation: Resource) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The fields that name what is switched on, each with all types that it may name, and the ids in it.

    A type of which nothing is named is there once, without an id.
    """
    roles = activation.roles
    for place in roles.places(means.Switches):
        types = {kind: type_ for kind, type_ in place.mark.kinds.items() if roles_of(type_).begins_off}
        kind = next(one for one in roles.places(means.Kind) if one.field == place.field)
        key = next(one for one in roles.places(means.Key) if one.field == place.field)
        rows = [(types.get(str(kind.of(row))), key.of(row)) for row in activation.rows(place.field)]
        yield place.field, [(type_, None) for type_ in types.values()] + [(type_, id_) for type_, id_ in rows if type_]


def replaced(facts: Facts, saved: Resource, present: Resource) -> bool:
    """Whether an object would end and another one be made in its place, because it lives in another group now."""
    place = saved.roles.inside
    if place is None or not saved.roles.fields[place.field].immutable:
        return False
    if references.same(present.at(place), saved.at(place)):
        return False
    return facts.parent(present) != facts.saved_parent(saved)


def _leaving(what: str, renamed: Resource | None) -> str:
    if renamed is None:
        return f"{what} leaves the stack"
    return f"{what} was renamed to {renamed.name!r} without an alias, and the end of the old one comes last"
