"""Switching on what cannot take calls."""

from __future__ import annotations

from collections.abc import Iterable

from ...lifecycle import meaning as means
from ...lifecycle.view import Listed
from ...plan.facts import UNKNOWN, Facts, Resource, Thing, UnknownValue, noun_of
from ...plan.liveness import Liveness, hourly_shares, shares
from ...ringcx.cloud_routing.completeness import DestinationFacts, why_incomplete_profile
from ...ringcx.cloud_routing.views import AssignedDestinationView, DestinationHoursView, ProfileView
from ..rule import Rule, Settings, Violation, Words


def incomplete(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Destinations and profiles of this stack that go live and cannot take calls.

    What takes calls already is judged by where these end.
    """
    return (one for one in live_and_incomplete(facts, settings) if one.from_ == "inactive")


def live_and_incomplete(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """The same with those that are on before the run: older approvals are for them as well."""
    live = Liveness.of(facts)
    for thing in sorted(live.after):
        one = facts.declared_as(thing)
        if one is None:  # declared elsewhere: the provider asks the vendor before it switches anything on
            continue
        for reason in (*_without_target(one), *_why_profile(live, thing, one)):
            yield Violation(
                f"{reason}, and would take calls after this run: callers would reach nobody; complete it, or keep it "
                "inactive until it is complete.",
                one,
                facts.in_approvals(thing),
                "active" if thing in live.before else "inactive",
                f"active, although {reason}",
            )


def _without_target(one: Resource) -> Iterable[str]:
    if one.roles.top(means.Target) is not None and not one.role(means.Target):
        yield f"{noun_of(one.type)} {one.called!r} has no target"


def _why_profile(live: Liveness, profile: Thing, one: Resource) -> Iterable[str]:
    if one.type != ProfileView.token:
        return
    facts = live.facts
    sets = live.sets_of(profile)
    if not sets:
        # A profile that starts from one that exists may have destinations that no program declares.
        may_have_others = one.begins_with_another or _may_have_a_set(facts)
        if _loses_its_set(facts, profile) or not may_have_others:
            yield from why_incomplete_profile(one.called, None, [])
        return
    view = ProfileView(one)
    hourly = any(facts.parent(table) == profile for table in facts.that(hourly_shares))
    by_hour = hourly or view.percent_alloc_type not in (None, "DAILY")
    for set_ in sets:
        place = set_.roles.shares
        if place is None or not set_.certain(place.field):
            continue
        idle = _idle(facts, profile)
        linked = [(link, AssignedDestinationView(row).allocation_percent) for row, link in facts.linked(set_, place)]
        rows = [(link, share) for link, share in linked if link not in idle or share not in (0, None)] or linked
        untold = any(share is UNKNOWN for _, share in rows) or view.routing_type is UNKNOWN
        routing = view.routing_type if not untold and isinstance(view.routing_type, str) else None
        if hourly and all(share is None for _, share in rows):
            routing = None  # the table tells the shares, and another rule adds them up
        destinations = [_destination(live, link, share) for link, share in rows]
        yield from why_incomplete_profile(one.called, routing, destinations, by_hour=by_hour)


def _idle(facts: Facts, profile: Thing) -> set[Thing | UnknownValue]:
    """The destinations that get no calls in any hour of the profile's table."""
    found: set[Thing | UnknownValue] = set()
    for table in facts.that(hourly_shares):
        place = table.roles.hourly_shares
        if place is not None and facts.parent(table) == profile and table.certain(place.field):
            hourly = {link: DestinationHoursView(row).percent for row, link in facts.linked(table, place)}
            found |= {link for link, hours in hourly.items() if link is not UNKNOWN and _zeros(hours)}
    return found


def _zeros(hours: Listed[float]) -> bool:
    return hours.certain and bool(hours) and not any(hours)


def _may_have_a_set(facts: Facts) -> bool:
    """Whether there is a set whose profile cannot be told, so that it might be any of this stack.

    In an update, an id that the state did not have may be that of a profile that was made a moment ago.
    """
    links = [link for one in facts.that(shares) if (link := facts.parent(one)) is not None]
    return any(link is UNKNOWN or (facts.declared_as(link) is None and not facts.preview) for link in links)


def _loses_its_set(facts: Facts, profile: Thing) -> bool:
    """Whether the state has a set of the profile that ends, though the program has none."""
    saved = facts.before.that(shares) if facts.before else []
    return any(facts.saved_parent(one) == profile and not (one.kept and facts.successor(one) is None) for one in saved)


def _destination(live: Liveness, link: Thing | UnknownValue, share: object) -> DestinationFacts:
    declared = live.facts.declared_as(link)
    percent = share if isinstance(share, int) else None
    if declared is None:  # whether it is active, the provider asks the vendor before it switches the profile on
        return DestinationFacts(active=True, percent=percent)
    # What was on and would be switched off is said by another rule, once and with the reason.
    return DestinationFacts(link in live.after or link in live.ends, percent, declared.called)


INCOMPLETE_ACTIVATION = Rule(
    name="incomplete-activation",
    title="What goes live can take calls.",
    triggers="A profile of this stack goes live, through an `Activation` or `active=True`, and has no destinations, "
    "has shares that do not add up to 100 percent, or gives a share of its calls to a destination that is neither "
    "active nor activated with it; or a destination goes live without a target. What takes calls already is covered "
    "by `calls-unanswered` and `calls-unknown`. Profiles and destinations that the stack knows only by their id are "
    "left to the provider, which asks the vendor before it switches anything on.",
    matters="Calls that a profile takes and cannot pass on are lost.",
    example="""shares = {denver: 70, austin: 30}
ringcx.ProfileDestinations(
    "split",
    profile=support,
    destinations=[{"destination": one, "allocation_percent": share} for one, share in shares.items()],
)
ringcx.Activation("go-live", targets=[denver, support])
# stopped: 30 percent of the callers would reach nobody; write targets=[denver, austin, support]""",
    unknowns="Links between resources that do not exist yet are followed through the program. A target, share or "
    "destination that is still unknown is left to the provider.",
    words=Words(
        "`profile 1001` or `destination 1002`; by name, such as `profile 'Support' of route group 'West'`, while it is "
        "not made yet",
        "`inactive`",
        "`active, although ` and what is missing, as the message says it",
    ),
    judge=incomplete,
    about=(means.Switch, means.Switches, means.Share, means.Target),
)
