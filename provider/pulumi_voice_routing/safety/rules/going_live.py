"""Switching on what cannot take calls."""

from __future__ import annotations

from collections.abc import Iterable

from ...plan.facts import (
    ALLOCATION_HOURS,
    DESTINATION,
    PROFILE,
    PROFILE_DESTINATIONS,
    UNKNOWN,
    Facts,
    Resource,
    Thing,
    UnknownValue,
)
from ...plan.liveness import Liveness
from ...ringcx.cloud_routing.completeness import DestinationFacts, why_incomplete_destination, why_incomplete_profile
from ..rule import Rule, Settings, Violation, Words

_MAY_HAVE_OTHERS = ("adopt", "adopt_id", "clone_of")
"""A profile that starts from one that exists may have destinations that no program declares."""


def incomplete(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Destinations and profiles of this stack that are on after the run and cannot take calls."""
    live = Liveness.of(facts)
    for thing in sorted(live.after):
        one = facts.declared_as(thing)
        if one is None:  # declared elsewhere: the provider asks the vendor before it switches anything on
            continue
        why = _why_destination(facts, one) if thing.type == DESTINATION else _why_profile(live, thing, one)
        for reason in why:
            yield Violation(
                f"{reason}, and would take calls after this run: callers would reach nobody; complete it, or keep it "
                "inactive until it is complete.",
                one,
                facts.in_approvals(thing),
                "active" if thing in live.before else "inactive",
                f"active, although {reason}",
            )


def _why_destination(facts: Facts, one: Resource) -> Iterable[str]:
    if one.get("target") is not UNKNOWN:
        yield from why_incomplete_destination(DestinationFacts(one.called, one.get("target"), active=True))


def _why_profile(live: Liveness, profile: Thing, one: Resource) -> Iterable[str]:
    facts = live.facts
    sets = live.sets_of(profile)
    if not sets:
        may_have_others = any(one.get(name) for name in _MAY_HAVE_OTHERS) or _may_have_a_set(facts)
        if _loses_its_set(facts, profile) or not may_have_others:
            yield from why_incomplete_profile(one.called, None, [])
        return
    by_hour = one.get("percent_alloc_type") not in (None, "DAILY") or any(
        facts.link(table, "profile", PROFILE) == profile for table in facts.of(ALLOCATION_HOURS)
    )
    for set_ in sets:
        if not set_.certain("destinations"):
            continue
        rows = set_.rows("destinations")
        links = facts.links(set_, "destinations", [row.get("destination") for row in rows], DESTINATION)
        shares = [row.get("allocation_percent") for row in rows]
        routing = None if UNKNOWN in shares or one.get("routing_type") is UNKNOWN else one.get("routing_type")
        destinations = [_destination(live, link, share) for link, share in zip(links, shares, strict=True)]
        yield from why_incomplete_profile(one.called, routing, destinations, by_hour=by_hour)


def _may_have_a_set(facts: Facts) -> bool:
    """Whether there is a set whose profile cannot be told, so that it might be any of this stack.

    In an update, an id that the state did not have may be that of a profile that was made a moment ago.
    """
    links = [facts.link(one, "profile", PROFILE) for one in facts.of(PROFILE_DESTINATIONS)]
    return any(link is UNKNOWN or (facts.declared_as(link) is None and not facts.preview) for link in links)


def _loses_its_set(facts: Facts, profile: Thing) -> bool:
    """Whether the state has a set of the profile that ends, though the program has none."""
    saved = facts.before.of(PROFILE_DESTINATIONS) if facts.before else []
    return any(
        facts.with_id(PROFILE, one.get("profile")) == profile and not (one.kept and facts.successor(one) is None)
        for one in saved
    )


def _destination(live: Liveness, link: Thing | UnknownValue, share: object) -> DestinationFacts:
    declared = live.facts.declared_as(link)
    percent = share if isinstance(share, int) else None
    if link is UNKNOWN or declared is None:
        # Whether it is active, the provider asks the vendor before it switches the profile on.
        return DestinationFacts("?", "?", active=True, percent=percent)
    # What was on and would be switched off is said by another rule, once and with the reason.
    return DestinationFacts(declared.called, "?", active=link in live.after or link in live.ends, percent=percent)


INCOMPLETE_ACTIVATION = Rule(
    name="incomplete-activation",
    title="Active profiles and destinations can take calls.",
    triggers="A profile of this stack is active, through an `Activation` or `active=True`, and has no destinations, "
    "has shares that do not add up to 100 percent, or gives a share of its calls to a destination that is neither "
    "active nor activated with it; or an active destination has no target. Profiles and destinations that the stack "
    "knows only by their id are left to the provider, which asks the vendor before it switches anything on.",
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
        "`active` or `inactive`",
        "`active, although ` and what is missing, as the message says it",
    ),
    judge=incomplete,
)
