"""Rules on a plan and what it was made from, so that only the gate judges them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...lifecycle import meaning as means
from ...permission.needed import NOBODY
from ...plan.facts import UNKNOWN, Facts
from ...plan.holdings import holdings
from ...plan.plan import Plan
from ..rule import Rule, Settings, Violation, Words

__all__ = ["plan_rules", "reviewed_plan"]


def moved(plan: Plan, facts: Facts, settings: Settings) -> Iterator[Violation]:
    """Numbers that somebody else answers at the vendor than in the state."""
    if facts.before is None:
        return
    for held in holdings(facts, facts.before.resources):
        if held.stranger or held.owner is UNKNOWN or held.number not in facts.live:
            continue
        live = facts.live[held.number] or NOBODY
        if live != held.owner:
            yield Violation(
                f"{held.number} belongs to {live} at the vendor and to {held.owner} in the state: the state moved, so "
                "that the plan is not about what callers have now; run `pulumi refresh`, then preview again.",
                facts.successor(held.resource) or held.resource,
                held.number,
                held.owner,
                live,
            )


def another(plan: Plan, expected: str, facts: Facts, settings: Settings) -> Iterator[Violation]:
    """A plan that is not the one that was reviewed."""
    found = plan.hash
    state, _, changes = expected.partition("-")
    if str(found) == expected:
        return
    if not changes:
        why = "what was reviewed is no plan hash, which has two parts"
    elif state != found.state and changes != found.changes:
        why = "the state has moved since the review, and other things would be done"
    elif state != found.state:
        why = "the state has moved since the review, though the same things would be done"
    else:
        why = "other things would be done than those that were reviewed"
    yield Violation(
        f"this is not the plan that was reviewed: {why}; review this one.", None, "plan", expected, str(found)
    )


def plan_rules(plan: Plan) -> tuple[Rule, ...]:
    """The rules on a plan, in the order in which they are documented."""
    return (
        Rule(
            name="state-moved",
            title="Numbers still have the owners that the state knows.",
            triggers="With `--live`: at the vendor, a number has another owner than in the state, or none.",
            matters="The plan was made from facts that are no longer true: what looks like no change may take a "
            "number back.",
            example="""# +13035550100 was given to queue 1000 in the portal
# stopped: run `pulumi refresh`, and decide who is to have it""",
            unknowns="An owner that the state does not know is not compared.",
            words=Words("the number: `+13035550100`", "its owner in the state", "its owner at the vendor"),
            judge=partial(moved, plan),
            about=(means.Dialled,),
        ),
    )


def reviewed_plan(plan: Plan, expected: str) -> Rule:
    """The rule that a plan is the one that was reviewed, known by the text of its :class:`PlanHash`."""
    return Rule(
        name="reviewed-plan",
        title="Only the reviewed plan is carried out.",
        triggers="With `--expect`: the state, or what would be done, differs from the plan with this hash.",
        matters="Callers would get a change that nobody has reviewed.",
        example="""# somebody ran `pulumi up` between the review and the merge
# stopped: review the new plan""",
        unknowns="Values that are not known yet are compared as unknown. Secrets are not compared: no preview shows "
        "them.",
        words=Words("`plan`", "the hash that was reviewed", "the hash of this plan"),
        judge=partial(another, plan, expected),
    )
