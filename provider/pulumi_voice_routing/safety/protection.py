"""Numbers that the engine would end without a word."""

from __future__ import annotations

from collections.abc import Iterable

from .approvals import Change
from .facts import DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, TRACKING_NUMBER, UNKNOWN, Facts
from .holdings import Holding, holdings
from .ownership import INACTIVE, NOBODY, RELEASE
from .rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable


def unprotected(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Active numbers of the state whose resource is declared without protection."""
    yield from unreadable(facts, settings)
    if facts.before is None:
        return
    before = {one.number: one for one in holdings(facts, facts.before.resources) if one.active is not False}
    for one in holdings(facts, facts.declared):
        if one.number in before and one.active is not False and not one.resource.protected:
            owner = before[one.number].owner if one.owner is UNKNOWN else one.owner
            yield Violation(
                f"{one.number} takes calls, and {one.resource.name!r} is not protected: `pulumi destroy` or a line "
                "taken out of the program would end it for its callers; call pulumi_voice_routing.guard() at the "
                "top of the program, or give the resource protect=True.",
                one.resource,
                one.number,
                "active",
                "unprotected",
                None if owner is UNKNOWN else end_of(one, owner),
            )


def end_of(held: Holding, owner: str) -> Change:
    """What an approval names that lets a number go with its resource."""
    return Change(RELEASE, held.number, owner, INACTIVE if held.resource.type == TRACKING_NUMBER else NOBODY)


UNPROTECTED_NUMBER = Rule(
    name="unprotected-number",
    title="Numbers that callers dial are protected.",
    triggers="A number that the state knows as active is declared active by a resource without `protect`. A number "
    "that is new in this run is not looked at, and an approval of `release-active-dnis` from its owner to nobody (or, for "
    "a tracking number, to `inactive`) lifts the rule: what may be released has to be unprotected first.",
    matters="Policies never see `pulumi destroy`. The engine's own protection stops it, whoever runs it.",
    example="""ringcx.DnisAssignment("hotline", dnis="+13035550100", profile=support)
# stopped: call pulumi_voice_routing.guard() first, or write opts=pulumi.ResourceOptions(protect=True)""",
    unknowns="Whether a resource is protected is always known. An active flag that is not known yet counts as active.",
    words=Words("the number: `+13035550100`", "`active`", "`unprotected`"),
    judge=unprotected,
    types=frozenset({DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, TRACKING_NUMBER}),
    settings=ALLOW_UNREADABLE_STATE,
)
