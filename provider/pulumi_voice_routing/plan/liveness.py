"""What takes calls before a run and after it, and what would switch it off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from ..lifecycle import references
from .facts import (
    ACTIVATION,
    DESTINATION,
    GROUP,
    HTTP_SERVICE,
    HTTP_SERVICE_GROUP,
    PROFILE,
    PROFILE_DESTINATIONS,
    UNKNOWN,
    Facts,
    Resource,
    Thing,
    UnknownValue,
    noun_of,
)

KINDS = {"destination": DESTINATION, "profile": PROFILE}
"""The types that an activation switches on, by its own words for them."""


class Liveness:
    """Which destinations and profiles are on, before a run and after it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    @classmethod
    def of(cls, facts: Facts) -> Liveness:
        """The one for these facts: many rules ask, and what it works out is the same for all of them."""
        return _liveness(facts)

    @cached_property
    def before(self) -> set[Thing]:
        """What the state knows to be on."""
        state = self.facts.before
        if state is None:
            return set()
        on = {self.facts.thing(one) for one in state.of(*KINDS.values()) if one.get("active") is True}
        return on.union(*(things for _, things in self._saved_activations))

    @cached_property
    def after(self) -> set[Thing]:
        """What is on when the run is through, as far as this stack decides it."""
        on = {self.facts.thing(one) for one in self.facts.of(*KINDS.values()) if one.get("active") is True}
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
        for kind, type_ in KINDS.items():
            ids = [row.get("id") for row in activation.rows("targets") if row.get("kind") == kind]
            if not activation.certain("targets"):
                ids += [UNKNOWN] * len(activation.behind.get("targets", ()))
            found.update(thing for thing in self.facts.links(activation, "targets", ids, type_) if thing is not UNKNOWN)
        return found

    def sets_of(self, profile: Thing) -> list[Resource]:
        """The declared sets of a profile's destinations."""
        return self._sets.get(profile, [])

    def uses(self, set_: Resource, destination: Thing) -> bool:
        """Whether a set sends calls to a destination; what cannot be told counts as yes."""
        links = self._links[set_.urn]
        if destination in links:
            return True
        # An unknown id is no id of a resource that the program would have been seen to take it from.
        return UNKNOWN in links and (self.facts.declared_as(destination) is None or not set_.behind.get("destinations"))

    @cached_property
    def _links(self) -> dict[str, set[Thing | UnknownValue]]:
        found: dict[str, set[Thing | UnknownValue]] = {}
        for one in self.facts.of(PROFILE_DESTINATIONS):
            ids = [row.get("destination") for row in one.rows("destinations")]
            untold = [] if one.certain("destinations") else [UNKNOWN]
            behind = (Thing(DESTINATION, urn) for urn in one.behind.get("destinations", ()))
            found[one.urn] = {*self.facts.links(one, "destinations", ids, DESTINATION), *untold, *behind}
        return found

    @cached_property
    def _sets(self) -> dict[Thing | UnknownValue, list[Resource]]:
        found: dict[Thing | UnknownValue, list[Resource]] = {}
        for one in self.facts.of(PROFILE_DESTINATIONS):
            found.setdefault(self.facts.link(one, "profile", PROFILE), []).append(one)
        return found

    @cached_property
    def _targets(self) -> dict[str, set[Thing]]:
        return {one.urn: self.targets(one) for one in self.facts.of(ACTIVATION)}

    @cached_property
    def _saved_activations(self) -> list[tuple[Resource, set[Thing]]]:
        saved = self.facts.before.of(ACTIVATION) if self.facts.before else []
        return [(one, set(self._saved_targets(one))) for one in saved]

    def _saved_targets(self, activation: Resource) -> Iterator[Thing]:
        for row in activation.rows("targets"):
            type_ = KINDS.get(str(row.get("kind")))
            thing = self.facts.with_id(type_, row.get("id")) if type_ else UNKNOWN
            if thing is not UNKNOWN:
                yield thing

    def _why_off(self, thing: Thing) -> Iterator[str]:
        yield from self._why_off_by_activation(thing)
        yield from self._why_off_by_itself(thing)

    def _why_off_by_activation(self, thing: Thing) -> Iterator[str]:
        for saved, things in self._saved_activations:
            if saved.kept or thing not in things:
                continue
            present = self.facts.successor(saved)
            if present is None:
                moved = next((one for one in self.facts.of(ACTIVATION) if thing in self._targets[one.urn]), None)
                yield _leaving(f"activation {saved.name!r}", moved)
            elif thing not in self._targets[present.urn]:
                yield self._dropped(thing, present)

    def _dropped(self, thing: Thing, by: Resource) -> str:
        dropped = f"it is not among the targets of activation {by.name!r} any more"
        taken = [one.name for one in self.facts.of(ACTIVATION) if thing in self._targets[one.urn]]
        if not taken:
            return dropped
        return f"{dropped}, which switches it off whatever {taken[0]!r} does: leave it with {by.name!r}"

    def _why_off_by_itself(self, thing: Thing) -> Iterator[str]:
        saved = self.facts.saved_as(thing)
        if saved is None or saved.kept:
            return
        present = self.facts.successor(saved)
        if present is None:
            yield _leaving(f"{noun_of(thing.type)} {saved.name!r}", self._namesake(saved))
        elif present.get("active") is False:
            yield "it says active=False"
        elif present.get("active") is UNKNOWN:
            yield "its active flag is not known yet"
        elif self._replaced(thing):
            yield "it would be replaced, because its group changes"

    def _replaced(self, thing: Thing) -> bool:
        saved, present = self.facts.saved_as(thing), self.facts.declared_as(thing)
        return saved is not None and present is not None and replaced(self.facts, saved, present)

    def _namesake(self, saved: Resource) -> Resource | None:
        group = self.facts.with_id(GROUP, saved.get("group_id"))
        return next(
            (
                one
                for one in self.facts.of(saved.type)
                if one.get("name") == saved.get("name") and self.facts.link(one, "group_id", GROUP) == group
            ),
            None,
        )


def replaced(facts: Facts, saved: Resource, present: Resource) -> bool:
    """Whether an object would end and another one be made in its place, because it lives in another group now."""
    if references.same(present.get("group_id"), saved.get("group_id")):
        return False
    group = HTTP_SERVICE_GROUP if saved.type == HTTP_SERVICE else GROUP
    return facts.link(present, "group_id", group) != facts.with_id(group, saved.get("group_id"))


@lru_cache(maxsize=1)
def _liveness(facts: Facts) -> Liveness:
    return Liveness(facts)


def _leaving(what: str, renamed: Resource | None) -> str:
    if renamed is None:
        return f"{what} leaves the stack"
    return f"{what} was renamed to {renamed.name!r} without an alias, and the end of the old one comes last"
