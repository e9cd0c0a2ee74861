"""What a plan takes over at the vendor, as it is now: for callers, adoption is an update of something that is live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import VoiceRoutingError
from ..lifecycle import meaning as means
from ..lifecycle.adoption import Adopting
from ..registry import provider_for
from ..telephony.number import digits_of
from .facts import UNKNOWN, Resource
from .holdings import answers, numbers_of, owner_of
from .limits import without_own_zeros
from .live import Looking
from .live_calls import calls_through
from .plan import Plan
from .roles import roles_of, tokens_of


@dataclass
class TakenOver:
    """What the vendor has of a plan's new resources, and what stands beside it."""

    before: list[Resource] = field(default_factory=list)
    """What the program takes over, under the names of the program."""
    beside: list[Resource] = field(default_factory=list)
    """What calls pass as well, and nobody changes."""

    @property
    def urns(self) -> frozenset[str]:
        """Those of the program's resources."""
        return frozenset(one.urn for one in self.before)


def looked_at(plan: Plan) -> bool:
    """Whether the vendor has something to tell of what the plan changes, beside who answers its numbers."""
    return any(one.begins_with_another or _given_back(one) or _told_whole(one.type) for one in plan.after)


def taken_over(plan: Plan) -> TakenOver:
    """What the vendor has now of everything that the plan takes over."""
    return _Taking(plan).all()


class _Taking:
    def __init__(self, plan: Plan) -> None:
        self._changing = [one for step in plan.steps if step.changes for one in (step.before, step.after) if one]
        self._new = [step.after for step in plan.steps if step.after is not None and step.before is None]
        self._saved = {(one.type, one.id) for one in plan.before}
        self._numbers = {digits_of(number) for one in (*plan.before, *plan.after) for number in numbers_of(one)}
        self._ids: dict[str, str] = {}
        """The vendor's ids of what is taken over, by URN."""

    def all(self) -> TakenOver:
        """Everything that there is."""
        for one in self._new:
            with suppress(VoiceRoutingError):  # what cannot be told is named by the gate
                id_ = self._existing(one)
                if id_ is not None:
                    self._ids[one.urn] = id_
        declared = {(one.type, self._ids.get(one.urn)): one for one in self._new if one.urn in self._ids}
        found = TakenOver()
        for key, live in self._live().items():
            if key in declared:
                one = declared[key]
                found.before.append(replace(without_own_zeros(live, one.props), urn=one.urn, name=one.name))
            elif answers(live.roles):
                found.before += self._assigned(live)
                if not self._numbers.issuperset(map(digits_of, numbers_of(live))):
                    found.beside.append(replace(live, protected=True))
            elif key not in self._saved:
                found.beside.append(live)
        return found

    def _live(self) -> dict[tuple[str, str | None], Resource]:
        found: dict[tuple[str, str | None], Resource] = {}
        looking = Looking()
        for one in self._new:
            id_ = self._ids.get(one.urn)
            there = looking.object(one.type, id_) if id_ is not None else None
            if there is not None:
                passed = calls_through(one.type, there.id, [there.props, _known(one.props)])
                found |= {(it.type, it.id): it for it in (there, *passed)}
        for one in self._changing:
            found |= {key: it for key, it in _beside(one).items() if key not in found}
        return found

    def _existing(self, one: Resource) -> str | None:
        """The id of what a resource takes over; nothing when it takes over nothing."""
        inside, props = one.roles.inside, _known(one.props)
        if inside is not None and one.at(inside) is UNKNOWN:
            above = [self._ids[urn] for urn in one.behind.get(inside.field, ()) if urn in self._ids]
            if len(above) != 1:
                return None
            props[inside.field] = above[0]
        if inside is not None and (one.roles.shares or one.roles.hourly_shares):  # the whole of its parent's
            parent = props.get(inside.field)
            return parent if isinstance(parent, str) and parent in self._ids.values() else None
        said = [one.at(place) for place in one.roles.places(means.Existing)]
        if not _given_back(one) and not any(it is True or isinstance(it, str) for it in said):
            return None
        provider = provider_for(one.type)
        return provider.existing(provider.declared(props)) if isinstance(provider, Adopting) else None

    def _assigned(self, live: Resource) -> Iterator[Resource]:
        """The program's new assignments of a number that leads where it is to lead already."""
        (number,), owner = numbers_of(live), owner_of(live)
        leads = live.at(owner)
        for one in self._new:
            to = owner_of(one) if answers(one.roles) else None
            if owner is None or to is None or digits_of(number) not in map(digits_of, numbers_of(one)):
                continue
            if leads in {one.at(to), *(self._ids.get(urn) for urn in one.behind.get(to.field, ()))}:
                yield replace(live, type=one.type, urn=one.urn, name=one.name, props=_of(one, number, to.field, leads))


def _given_back(one: Resource) -> bool:
    """Whether what it stands for is always there, so that making it takes it over."""
    return any(place.mark.given_back for place in one.roles.places(means.AtEnd))


def _told_whole(token: str) -> bool:
    """Whether lists tell all that an extension does with its calls, as they do of the newer call handling."""
    inside = roles_of(token).top(means.Inside)
    return inside is not None and inside.mark.what == "extension" and not provider_for(token).summaries


def _beside(one: Resource) -> dict[tuple[str, str | None], Resource]:
    """What an extension with the newer call handling has beside a rule of it."""
    place, found = one.role(means.Inside), Looking()
    if _told_whole(one.type) and isinstance(place, str):
        for token in filter(_told_whole, tokens_of(one.type.partition(":")[0])):
            with suppress(VoiceRoutingError):  # what cannot be told is left as the program has it
                provider = provider_for(token)
                for id_ in provider.ids(str(provider.meant({provider.parent: place})[provider.parent])):
                    found.object(token, id_)
    return {(one.type, one.id): one for one in found.found.values()}


def _of(one: Resource, number: str, owner: str, leads: Any) -> dict[str, Any]:
    """The arguments of an assignment, for one of its numbers."""
    place = one.roles.dialled
    dialled = {place.field: [number] if isinstance(one.at(place), list) else number} if place is not None else {}
    return {**one.props, owner: leads, **dialled}


def _known(props: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in props.items() if value is not UNKNOWN}
