"""Two declarations of one thing at the vendor."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from ...lifecycle import references
from ...plan.facts import (
    ACTIVATION,
    ALLOCATION_HOURS,
    ANSWERING_RULE,
    AUTH_CONFIGS,
    BUILT_IN_RULE,
    DESTINATION,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    FORWARDING_NUMBER,
    GROUP,
    HTTP_SERVICE,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
    UNKNOWN,
    Facts,
    Resource,
    noun_of,
)
from ...plan.holdings import ANSWERED_BY, RECORDED_BY, numbers_of
from ...plan.liveness import Liveness
from ..rule import Rule, Settings, Violation, Words

_HURTS = "the one that is applied last decides where callers go, and the end of either takes it from both"


def twice(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What is declared a second time."""
    first: dict[Hashable, Resource] = {}
    for one in sorted(facts.declared, key=lambda one: one.urn):
        for key, what in (*_claims(facts, one), *_more_claims(one)):
            if key in first:
                other = first[key]
                by = f"{one.name!r} twice" if other is one else f"{other.name!r} and {one.name!r}"
                yield Violation(
                    f"{what} is declared by {by}: {_HURTS}; keep one of them.",
                    one,
                    what,
                    f"declared by {other.name!r}",
                    f"declared by {by}",
                )
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
        for thing in sorted(Liveness.of(facts).targets(one)):
            yield (ACTIVATION, thing), f"the activation of {facts.called(thing)}"


def _more_claims(one: Resource) -> Iterator[tuple[Hashable, str]]:
    """The same for numbers, services, answering rules and ring groups."""
    if one.type in ANSWERED_BY:
        yield from ((("owner", number), f"the owner of {number}") for number in numbers_of(one))
    elif one.type in RECORDED_BY:
        yield from ((("record", number), f"the record of {number}") for number in numbers_of(one))
    elif one.type == HTTP_SERVICE and _given(one, "group_id", "name"):
        yield (one.type, references.last(one.get("group_id")), one.called), f"http service {one.called!r}"
    elif one.type in AUTH_CONFIGS and _given(one, "name"):
        yield ("auth", one.called), f"auth configuration {one.called!r}"
    elif one.type == ANSWERING_RULE and _given(one, "extension_id", "name"):
        extension = references.last(one.get("extension_id"))
        yield (one.type, extension, one.called), f"answering rule {one.called!r} of extension {extension}"
    elif one.type == BUILT_IN_RULE and _given(one, "extension_id", "rule"):
        extension, rule = references.last(one.get("extension_id")), one.get("rule")
        yield (one.type, extension, rule), f"the rule {rule} of extension {extension}"
    elif one.type == FORWARDING_NUMBER and _given(one, "extension_id", "phone_number"):
        extension, number = references.last(one.get("extension_id")), one.get("phone_number")
        yield (one.type, extension, number), f"forwarding number {number} of extension {extension}"
    elif one.type == RING_GROUP and _given(one, "extension_number"):
        number = one.get("extension_number")
        yield (one.type, number), f"ring group {number}"


def _given(one: Resource, *names: str) -> bool:
    return all(isinstance(one.get(name), str) for name in names)


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
                f"the overrides of {other.name!r}",
                f"declared by {other.name!r}",
                f"wiped by {whole.name!r}",
            )


DUPLICATES = Rule(
    name="duplicates",
    title="Nothing is declared twice.",
    triggers="Two resources declare the same object: a route group; a destination or profile of one name in one "
    "parent; the destinations or the hours of one profile; an override for one number at one destination (in "
    "`DnisOverride` or `DnisOverrides`); the activation of one object; the record or the owner of one number (in any "
    "type that has numbers); an HTTP service; an auth configuration; an answering rule; a forwarding number; or a "
    "ring group. A `DnisOverrides` with `replace_all=True` beside other overrides of its destination counts as well.",
    matters="Whichever resource is applied last decides where callers go. When either one is removed, both lose the "
    "object.",
    example="""ringcx.DnisOverride("vip", destination=denver, dnis="+13035550100", target="+13035551111")
ringcx.DnisOverrides("all", destination=denver, overrides=[{"dnis": "+13035550100", "target": "+13035552222"}])
# stopped: two targets for one number; keep one of them""",
    unknowns="Links between resources that do not exist yet are followed through the program. If a name, number or "
    "parent is still unknown, the check is left to the provider, which refuses a second object of the same name.",
    words=Words(
        "what is declared twice, as the message says it: `destination 'Denver' of route group 'West'`, `the owner of "
        "+13035550100`; `the overrides of 'vip'` when another resource would wipe them",
        "`declared by 'denver'`",
        "`declared by 'denver' and 'again'`; `wiped by 'all'`",
    ),
    judge=twice,
)
