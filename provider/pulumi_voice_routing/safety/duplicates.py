"""Two declarations of one thing at the vendor."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from .facts import (
    ACTIVATION,
    ALLOCATION_HOURS,
    DESTINATION,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    GROUP,
    PROFILE,
    PROFILE_DESTINATIONS,
    UNKNOWN,
    Facts,
    Resource,
    noun_of,
)
from .liveness import Liveness
from .rule import Rule, Settings, Violation

_HURTS = "the one that is applied last decides where callers go, and the end of either takes it from both"


def twice(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What is declared a second time."""
    first: dict[Hashable, Resource] = {}
    for one in sorted(facts.declared, key=lambda one: one.urn):
        for key, what in _claims(facts, one):
            if key in first:
                other = first[key]
                by = f"{one.name!r} twice" if other is one else f"{other.name!r} and {one.name!r}"
                yield Violation(f"{what} is declared by {by}: {_HURTS}; keep one of them.", one)
            first.setdefault(key, one)
    yield from _wiping(facts)


def _claims(facts: Facts, one: Resource) -> Iterator[tuple[Hashable, str]]:
    """What a resource stands for, as a key and in words; what cannot be told is not claimed."""
    if one.type == GROUP and isinstance(one.get("name"), str):
        yield (GROUP, one.called), f"route group {one.called!r}"
    elif one.type in (DESTINATION, PROFILE) and isinstance(one.get("name"), str):
        group = facts.link(one, "group_id", GROUP)
        if group is not UNKNOWN:
            what = f"{noun_of(one.type)} {one.called!r} of {facts.called(group)}"
            yield (one.type, group, one.called), what
    elif one.type in (PROFILE_DESTINATIONS, ALLOCATION_HOURS):
        profile = facts.link(one, "profile", PROFILE)
        if profile is not UNKNOWN:
            yield (one.type, profile), f"the {noun_of(one.type)} of {facts.called(profile)}"
    elif one.type in (DNIS_OVERRIDE, DNIS_OVERRIDES):
        destination = facts.link(one, "destination", DESTINATION)
        if destination is UNKNOWN:
            return
        for dnis in _numbers(one):
            yield (DNIS_OVERRIDE, destination, dnis), f"the override for {dnis} at {facts.called(destination)}"
    elif one.type == ACTIVATION:
        for thing in sorted(Liveness(facts).targets(one)):
            yield (ACTIVATION, thing), f"the activation of {facts.called(thing)}"


def _numbers(one: Resource) -> list[str]:
    rows = [one.props] if one.type == DNIS_OVERRIDE else one.rows("overrides")
    return [row["dnis"] for row in rows if isinstance(row.get("dnis"), str)]


def _wiping(facts: Facts) -> Iterator[Violation]:
    """Overrides that another resource would wipe, because it says that it has the whole list."""
    overrides = [(facts.link(one, "destination", DESTINATION), one) for one in facts.of(DNIS_OVERRIDE, DNIS_OVERRIDES)]
    for destination, whole in overrides:
        if destination is UNKNOWN or whole.get("replace_all") is not True:
            continue
        for _, other in ((place, one) for place, one in overrides if place == destination and one is not whole):
            yield Violation(
                f"{whole.name!r} has replace_all=True and would wipe the overrides of {other.name!r} at "
                f"{facts.called(destination)}: callers of those numbers would be sent elsewhere; declare all of them "
                f"in {whole.name!r}, or leave replace_all out.",
                whole,
            )


DUPLICATES = Rule(
    name="duplicates",
    title="Nothing is declared twice.",
    triggers="Two resources declare one object: a route group, destination or profile with one name in one parent, the "
    "destinations or the hours of one profile, an override for one number at one destination (across `DnisOverride` "
    "and `DnisOverrides`), or the activation of one object. Also a `DnisOverrides` with `replace_all=True` beside "
    "other overrides of its destination.",
    matters="The one that is applied last decides where callers go, and when either is removed both lose it.",
    example="""ringcx.DnisOverride("vip", destination=denver, dnis="+13035550100", target="+13035551111")
ringcx.DnisOverrides("all", destination=denver, overrides=[{"dnis": "+13035550100", "target": "+13035552222"}])
# stopped: two targets for one number; keep one of them""",
    unknowns="Links between resources that are still to be created are followed through the program. A name, number or "
    "parent that is not known even so is left to the provider, which refuses a second object of one name.",
    judge=twice,
)
