"""Rules on what the engine would do: only a plan tells replacements and ends, so that only the gate judges them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...permission.needed import NOBODY
from ...plan.callers import Callers
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ...plan.holdings import holdings, numbers_of
from ...plan.liveness import Liveness
from ...plan.plan import Plan, Step
from ..rule import Rule, Settings, Violation, Words
from .going_silent import DEACTIVATING_IN_USE

__all__ = ["plan_rules", "reviewed_plan"]

TAKES_CALLS: tuple[type[means.Meaning], ...] = (means.Dialled, means.Extension, means.Switch)
"""What can take calls, or hold what does."""


def replaced(plan: Plan, facts: Facts, settings: Settings) -> Iterator[Violation]:
    """What takes calls, and would end and be made again."""
    steps = [step for step in plan.steps if step.replaces]
    takes_calls = _TakesCalls(facts) if steps else _nothing
    for step in steps:
        for what, object_, was in takes_calls(step):
            yield Violation(
                f"{what} takes calls and would be replaced: between its end and the new one nobody would answer; keep "
                "what makes it another one (in the reference: *replaces*), or make a new one first and move the calls.",
                step.after,
                object_,
                was,
                "replaced",
            )


def deleted(plan: Plan, facts: Facts, settings: Settings) -> Iterator[Violation]:
    """What people dial, and would leave the stack and the vendor. What is behind it is judged by where calls end."""
    for step in plan.steps:
        one = step.before
        if step.op == "delete" and one is not None and not one.kept and one.roles.has(means.Extension):
            yield Violation(
                f"{noun_of(one.type)} {one.called!r} takes calls and would be deleted: its callers would reach nobody; "
                "give its calls to somebody else first, or take it out of the program with retain_on_delete=True.",
                one,
                facts.named(one),
                "active",
                "deleted",
            )


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


def _nothing(step: Step) -> Iterator[tuple[str, str, str]]:
    return iter(())


class _TakesCalls:
    """Whether an object takes calls now, as far as the state and the vendor tell."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._live = Liveness.of(facts)
        before = facts.before.resources if facts.before else []
        self._held = {
            one.number: one.owner if isinstance(one.owner, str) else "active"
            for one in holdings(facts, before)
            if one.active is not False and not one.stranger
        }
        self._silenced = {one.object for one in DEACTIVATING_IN_USE.judge(facts, {})}
        self._holders_in_use = set(self._holders())

    def __call__(self, step: Step) -> Iterator[tuple[str, str, str]]:
        """What takes calls in a step, how approvals name it, and what it is now."""
        one = step.before
        if one is None:
            return
        for number in numbers_of(one):
            if number in self._held:
                yield number, number, self._held[number]
        if self._is_on(one):
            object_ = self._facts.named(one)
            yield f"{noun_of(one.type)} {one.called!r}", object_, "active"

    def _is_on(self, one: Resource) -> bool:
        roles = one.roles
        if roles.begins_off:
            # What leaves callers with nobody is told by another rule, in the same words for every way it comes about.
            thing = self._facts.thing(one)
            called = thing in self._live.before and Callers.of(self._facts).has(thing)
            return called and self._facts.named(one) not in self._silenced
        if roles.dialled is not None or any(place.mark.given_back for place in roles.places(means.AtEnd)):
            return False  # numbers are told one by one, and what is given back does not end
        switch = roles.top(means.Switch)
        if switch is not None and switch.mark.of == "calls":
            return one.switch() is not False
        return roles.has(means.Extension) or (one.type, one.id) in self._holders_in_use

    def _holders(self) -> Iterator[tuple[str, str]]:
        """What contains an object that is on: its type and id."""
        for thing in self._live.before:
            saved = self._facts.saved_as(thing)
            holder = saved.roles.inside if saved is not None else None
            if saved is not None and saved.id and holder is not None:
                yield holder.mark.what, references.parent(saved.id)


def plan_rules(plan: Plan) -> tuple[Rule, ...]:
    """The rules on what the engine would do in a plan, in the order in which they are documented."""
    return (
        Rule(
            name="replacing-live-objects",
            title="Objects that take calls are not replaced.",
            triggers="The engine would replace, for any reason, the resource of a number that callers reach, a "
            "profile or destination that is on, a route group that holds one, an enabled answering rule, or a ring "
            "group. Where callers would be left with nobody after the run, `calls-unanswered` or `calls-unknown` "
            "reports it instead.",
            matters="A replacement deletes one object and creates another. Whoever calls in between reaches nobody, "
            "and everything else that refers to the old object refers to nothing.",
            example="""ringcx.Destination("denver", group_id=other.id, name="Denver", kind="DID", target="+13035550100")
# stopped, when Denver is on in another group; make a new destination there, and let the profile use that""",
            unknowns="An active flag that is not known counts as on.",
            words=Words("the number, or `profile 1001`", "its owner; `active` for what is no number", "`replaced`"),
            judge=partial(replaced, plan),
            about=TAKES_CALLS,
        ),
        Rule(
            name="deleting-live-objects",
            title="What people dial is not deleted.",
            triggers="The engine would delete a ring group. Not with `retain_on_delete`. Numbers are covered by "
            "`release-active-dnis`. Deletes of what is behind a number are judged by where its calls end: "
            "`calls-unanswered`, `calls-unknown`.",
            matters="Whoever dials its number reaches nobody.",
            example="""# portsip.RingGroup("sales", ...) was taken out of the program
# stopped; send its calls elsewhere first, or approve the end""",
            unknowns="Whether a resource is deleted is always known.",
            words=Words("`ring group 17`", "`active`", "`deleted`"),
            judge=partial(deleted, plan),
            about=(means.Extension,),
        ),
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
