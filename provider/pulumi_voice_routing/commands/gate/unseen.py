"""What the vendors do with calls that would come to something for the first time, and what no state tells: overrides
and rules that somebody made in the portal, or another stack; and what no argument of a resource has ever said."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from ...call_flow.extensions import UNTOLD_TELEPHONE
from ...call_flow.first_calls import first_called, first_ends, left_to_more, told_less
from ...call_flow.impact import Impact
from ...call_flow.routing import EXTENSION
from ...errors import Forbidden, NotFound, Unauthorized
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.writes import Write
from ...plan.facts import Resource
from ...plan.holdings import answers, numbers_of, owner_of
from ...plan.limits import without_own_zeros
from ...plan.live import Looking
from ...plan.plan import Plan
from ...plan.taken_over import TakenOver
from ...registry import provider_for
from ...ringcx.cloud_routing.views import DestinationView, ProfileView
from ...ringcx.numbers.views import TrackingNumberView
from ...safety.extension_rules import about_rules, all_rules
from ...telephony.number import digits_of

__all__ = ["with_unseen"]


def with_unseen(plan: Plan, owners: Mapping[str, str | None], known: TakenOver) -> TakenOver:
    """The same with that. Only what calls come to that did not come there before is asked for.

    Raises :class:`VoiceRoutingError` when the vendor does not say.
    """
    saved = {(one.type, str(one.id)) for one in (*plan.before, *known.before)}
    ours = {digits_of(number) for one in (*plan.before, *plan.after) for number in numbers_of(one)}
    asked: set[str] = set()
    found = _named(plan, saved)
    while True:
        there = {(one.type, str(one.id)) for one in known.beside} | saved
        new = {(one.type, str(one.id)): one for one in found}
        more = [_left_alone(one) for key, one in new.items() if key not in there and not _says_of(one, ours)]
        known = replace(known, beside=[*known.beside, *more])
        impact = Impact.of(plan.facts(owners, known.before, known.beside))
        places = {str(one.id) for one in first_called(impact) if one.id} | set(left_to_more(impact))
        vague = _as_they_are(plan, told_less(impact) - asked)
        ends = first_ends(impact) - asked
        if not places - asked and not vague and not ends:
            return known
        found = [one for place in sorted(places - asked) for one in _at(place, plan, impact)] + _behind(ends)
        asked |= places | ends | {one.urn for one in vague}
        known = replace(known, before=[*known.before, *vague])


def _says_of(one: Resource, ours: Collection[str]) -> bool:
    """Whether it says something of a number of which the program does, or the state."""
    return any(digits_of(number) in ours for number in numbers_of(one))


def _left_alone(one: Resource) -> Resource:
    """What this stack does not know has whatever protection it has."""
    return replace(one, protected=True) if answers(one.roles) else one


def _behind(ends: Collection[str]) -> list[Resource]:
    """What numbers and SIP addresses lead to at the vendors."""
    looking = Looking(thorough=False)
    with suppress(Forbidden, Unauthorized):  # who may not see numbers is not told what becomes of them
        looking.targets(sorted(ends))
    return list(looking.found.values())


def _named(plan: Plan, saved: Container[tuple[str, str]]) -> list[Resource]:
    """What arguments name by ids that the state does not know, and calls are to go to."""
    looking = Looking(thorough=False)
    changing = [step.after for step in plan.steps if step.changes and step.after is not None]
    named = {(value.place.mark.to, value.value) for one in changing for value in one.values(means.Target)}
    owners = [(owner.mark.type, one.at(owner)) for one in changing if (owner := owner_of(one)) is not None]
    for type_, id_ in sorted({*named, *owners}, key=str):
        if not isinstance(id_, str) or id_.count("/") < 2 or (type_, id_) in saved:
            continue
        with suppress(NotFound):  # nobody can tell where such calls go, and a rule says so
            if type_ == ProfileView.token:
                looking.profile(id_, ())
            elif type_ == DestinationView.token:
                looking.destination(id_, ())
            elif type_ == TrackingNumberView.token:
                looking.tracking(id_)
    return list(looking.found.values())


def _as_they_are(plan: Plan, urns: Collection[str]) -> list[Resource]:
    """Resources of the state that change or leave, with what the vendor has where no argument says anything."""
    olds = [step.before for step in plan.steps if step.changes and step.before is not None]
    found, looking = [], Looking(thorough=False)
    for one in olds:
        live = looking.object(one.type, one.id) if one.urn in urns and one.id else None
        if live is not None:
            shown = without_own_zeros(live, one.props)
            found.append(replace(one, props={**shown.props, **one.props}))
    return found


def _at(place: str, plan: Plan, impact: Impact) -> Iterator[Resource]:
    if place.startswith((EXTENSION, UNTOLD_TELEPHONE)):
        yield from _rules(place, plan)
        return
    looking, numbers = Looking(thorough=False), frozenset(impact.subjects)
    declared = {
        digits_of(str(one.number))
        for side in (impact.before, impact.after)
        for one in side.overrides(side.facts.with_id(DestinationView.token, place))
    }
    yield from looking.overridden(place, numbers - declared, _profiles_with(place, impact))


def _profiles_with(destination: str, impact: Impact) -> set[str]:
    """The ids of the profiles that send calls to a destination, as far as they are made already."""
    found = set()
    for side in (impact.before, impact.after):
        thing = side.facts.with_id(DestinationView.token, destination)
        for sets in side.sets.values():
            for one in sets:
                if one.id and one.roles.shares is not None and thing in side.rows(one, one.roles.shares)[0]:
                    found.add(one.id)
    return found


def _rules(place: str, plan: Plan) -> Iterator[Resource]:
    """Everything that extensions do with their calls: of one of them, or of all whose rules change."""
    extensions: set[str] = set()
    for step in plan.steps:
        one = step.before
        if one is None or not step.changes or not about_rules(one.type) or one.id is None:
            continue
        extension = references.parent(one.id)
        if extension in extensions or place not in (UNTOLD_TELEPHONE, f"{EXTENSION}{references.last(extension)}"):
            continue
        extensions.add(extension)
        yield from all_rules(Write(provider_for(one.type), one.urn, one.id, one.props, None), one.id)
