"""Switching off what callers are sent to."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import some_of
from ...lifecycle import meaning as means
from ...plan.callers import Callers
from ...plan.facts import Facts, Thing
from ...plan.holdings import holdings
from ...plan.liveness import Liveness
from ...plan.roles import roles_of
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

_MOST_SHOWN = 3


def switched_off(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Profiles that would go silent, and destinations that would, while an active profile sends calls to them."""
    yield from unreadable(facts, settings)
    live = Liveness.of(facts)
    leading = _numbers_by_owner(facts)
    for thing, why in live.ends.items():
        resource, called, object_ = facts.declared_as(thing), facts.called(thing), facts.in_approvals(thing)
        if roles_of(thing.type).top(means.Target) is None:
            if not Callers.of(facts).has(thing):
                continue  # nobody calls it, so that it may be retired
            numbers = leading.get(object_, [])
            yield Violation(
                f"{called} takes calls{_led_by(numbers)} and would be switched off ({why}): its callers would reach "
                f"nobody; {'give those numbers to somebody else first' if numbers else 'keep it on'}.",
                resource,
                object_,
                "active",
                "inactive",
            )
        else:
            users = [facts.called(profile) for profile in _users(live, thing)]
            if users:
                yield Violation(
                    f"{called} would be switched off ({why}), while active {' and '.join(users)} would still send "
                    "calls to it: those callers would reach nobody; take it out of them first, or keep it on.",
                    resource,
                    object_,
                    "active",
                    "inactive",
                )


def _numbers_by_owner(facts: Facts) -> dict[str, list[str]]:
    """The numbers that callers dial after the run, by who answers them."""
    found: dict[str, list[str]] = {}
    for one in holdings(facts, facts.declared):
        if isinstance(one.owner, str) and one.active is not False:
            found.setdefault(one.owner, []).append(one.number)
    return found


def _led_by(numbers: list[str]) -> str:
    return f" of {some_of(numbers, _MOST_SHOWN)}" if numbers else ""


def _users(live: Liveness, destination: Thing) -> list[Thing]:
    """What is on and divides its calls among others, the destination included."""
    return [one for one in sorted(live.after) if any(live.uses(set_, destination) for set_ in live.sets_of(one))]


DEACTIVATING_IN_USE = Rule(
    name="deactivating-in-use",
    title="Profiles and destinations in use stay on.",
    triggers="Compared with the state, an active profile to which numbers lead would be switched off, "
    "or a destination would be switched off while an active profile of the stack sends calls to it. It "
    "does not matter how: by `active=False`; by "
    "leaving an `Activation`, even for another one; or because the activation, profile or destination leaves the "
    "stack, is replaced, or is renamed without an alias (the old resource is deleted last, and switches off what the "
    "new one has just switched on). The message names the numbers that still lead to the profile.",
    matters="Callers who were answered a minute ago reach nobody.",
    example="""ringcx.Activation("live", targets=[denver, support])  # was "go-live" before
# stopped: write opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="go-live")])""",
    unknowns="An active flag, group or target that is not known yet counts as changed. If it is not known which "
    "destination a profile uses, it counts as using this one.",
    words=Words("`profile 1001` or `destination 1002`", "`active`", "`inactive`"),
    judge=switched_off,
    about=(means.Switch, means.Switches, means.Share),
    settings=ALLOW_UNREADABLE_STATE,
)
