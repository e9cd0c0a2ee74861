"""Numbers that the engine would end without a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...lifecycle import meaning as means
from ...permission.approvals import Change
from ...permission.needed import RELEASE
from ...plan.facts import UNKNOWN, Before, Facts, Resource
from ...plan.holdings import Holding, answers, hides_numbers, holdings, left_with, together
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable


def unprotected(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Active numbers of the state whose resource is declared without protection."""
    yield from unreadable(facts, settings)
    if facts.before is None:
        return
    for was, now in _goes_on(facts, facts.before):
        if was.active is not False and now.active is not False and not now.resource.protected:
            owner = was.owner if now.owner is UNKNOWN else now.owner
            yield Violation(
                f"{was.number} takes calls, and {now.resource.name!r} is not protected: `pulumi destroy` or a line "
                "taken out of the program would end it for its callers; call pulumi_voice_routing.guard() at the "
                "top of the program, or give the resource protect=True.",
                now.resource,
                was.number,
                "active",
                "unprotected",
                () if owner is UNKNOWN else (_released(was.number, owner, now.resource),),
            )


def _released(number: str, owner: str, by: Resource) -> frozenset[Change]:
    return frozenset({Change(RELEASE, number, owner, left_with(by))})


def _goes_on(facts: Facts, before: Before) -> Iterator[tuple[Holding, Holding]]:
    """The numbers of the state that the program has as well, and those that the state hides, by their resource."""
    saved = {one.number: one for one in holdings(facts, before.resources) if one.active is not False}
    yield from ((saved[now.number], now) for now in holdings(facts, facts.declared) if now.number in saved)
    for one in before.that(answers):
        present = facts.successor(one)
        if hides_numbers(one) and present is not None:
            yield together(one), together(present)


UNPROTECTED_NUMBER = Rule(
    name="unprotected-number",
    title="Numbers that callers dial are protected.",
    triggers="A resource without `protect` declares a number active that the state already knows as active. Numbers "
    "that are new in this run are not checked. An approval of `release-active-dnis` from the number's owner to nobody "
    "(for a tracking number, to `inactive`) lifts the rule, because a number has to lose its protection before it can "
    "be released.",
    matters="Policies never see `pulumi destroy`. The engine's own protection stops it, whoever runs it.",
    example="""ringcx.DnisAssignment("hotline", dnis="+13035550100", profile=support)
# stopped: call pulumi_voice_routing.guard() first, or write opts=pulumi.ResourceOptions(protect=True)""",
    unknowns="Whether a resource is protected is always known. An active flag that is not known yet counts as active.",
    words=Words("the number: `+13035550100`", "`active`", "`unprotected`"),
    judge=unprotected,
    about=(means.Dialled,),
    one_by_one=answers,
    settings=ALLOW_UNREADABLE_STATE,
)
