"""Switching off what callers are sent to."""

from __future__ import annotations

from collections.abc import Iterable

from .facts import DESTINATION, PROFILE, Facts, Thing
from .liveness import Liveness
from .rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, unreadable


def switched_off(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Profiles that would go silent, and destinations that would, while an active profile sends calls to them."""
    yield from unreadable(facts, settings)
    live = Liveness(facts)
    retiring = set(settings.get("retiring") or ())
    for thing, why in live.ends.items():
        resource = facts.declared_as(thing)
        known = facts.resource(thing)
        called, name = facts.called(thing), known.called if known else thing.key
        if thing.type == PROFILE and not retiring & facts.names(thing):
            yield Violation(
                f"{called} takes calls and would be switched off ({why}): its callers would reach nobody; keep it on, "
                f'or say that it is meant with "retiring": ["{name}"] for this rule in the policy config.',
                resource,
            )
        if thing.type == DESTINATION:
            users = [facts.called(profile) for profile in _users(live, thing)]
            if users:
                yield Violation(
                    f"{called} would be switched off ({why}), while active {' and '.join(users)} would still send "
                    "calls to it: those callers would reach nobody; take it out of them first, or keep it on.",
                    resource,
                )


def _users(live: Liveness, destination: Thing) -> list[Thing]:
    profiles = sorted(thing for thing in live.after if thing.type == PROFILE)
    return [one for one in profiles if any(live.uses(set_, destination) for set_ in live.sets_of(one))]


DEACTIVATING_IN_USE = Rule(
    name="deactivating-in-use",
    title="What callers are sent to stays on.",
    triggers="Compared with the state: a profile that is active would be switched off, or a destination would while an "
    "active profile of the stack sends calls to it. Whichever way: `active=False`, dropped from an `Activation`, an "
    "`Activation`, profile or destination that leaves the stack, is replaced, or is renamed without an alias (the end "
    "of the old resource comes last and switches off what the new one has just switched on).",
    matters="Callers who were answered a minute ago reach nobody.",
    example="""ringcx.Activation("live", targets=[denver, support])  # was "go-live" before
# stopped: write opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="go-live")])""",
    unknowns="An unknown active flag, group or target counts as a change, and an unknown destination of a profile "
    "counts as one that it uses.",
    judge=switched_off,
    settings={
        "retiring": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names or ids of profiles that are meant to stop taking calls.",
        },
        **ALLOW_UNREADABLE_STATE,
    },
)
