"""Numbers that would go to somebody else, or to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ...lifecycle import meaning as means
from ...permission.needed import HIDDEN, INACTIVE, NOT_KNOWN, REASSIGN, RELEASE, TAKE_FOREIGN
from ...plan.facts import Facts, Resource
from ...plan.holdings import answers
from ...plan.number_changes import NumberChange, number_changes
from ...plan.same_object import goes_on_with_an_alias
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

_OWNERS = "`profile 1001`, `queue 1000`, `Visual IVR 1000` or `tracking number 1003`, with the vendor's own number"
_NUMBER = "the number: `+13035550100`; `the numbers of 'team'` for those that the state keeps as a secret"
_HIDDEN = f"`{HIDDEN}`, because it is a secret"
_ONE_AFTER_THE_OTHER = (
    "make the new owner in one up and move the number in the next, so that an approval can name the owner"
)


def _judge(rule: str, say: Callable[[NumberChange], str], facts: Facts, settings: Settings) -> Iterable[Violation]:
    yield from unreadable(facts, settings)
    for one in number_changes(facts):
        if one.change.rule == rule:
            change = one.change
            alias = goes_on_with_an_alias(facts, partial(_is, facts, change.from_))
            yield Violation(say(one) + alias, one.resource, change.object, change.from_, change.to)


def _is(facts: Facts, named: str, saved: Resource) -> bool:
    return facts.named(saved) == named


def _moved(one: NumberChange) -> str:
    change = one.change
    if change.to == NOT_KNOWN:
        return (
            f"{change.object} would go from {change.from_} to an owner that is not known yet: its callers would reach "
            f"somebody else; {_ONE_AFTER_THE_OTHER}."
        )
    return (
        f"{change.object} would go from {change.from_} to {change.to}: its callers would reach somebody else; leave it "
        "where it is, or have the move approved."
    )


def _released(one: NumberChange) -> str:
    change = one.change
    what = f"{change.from_} would not get its calls any more" if change.to == INACTIVE else "nobody would answer it"
    return (
        f"{change.object} of {change.from_} would be {'inactive' if change.to == INACTIVE else 'released'} "
        f"({one.how}): {what}, and its callers would reach nobody; keep it, or have the release approved."
    )


def _taken(one: NumberChange) -> str:
    change = one.change
    what_to_do = (
        _ONE_AFTER_THE_OTHER
        if change.to == NOT_KNOWN
        else "write an alias if the resource was renamed, else have it approved"
    )
    return (
        f"{change.object} is answered by {change.from_}, which its resource does not know as the owner, and would go "
        f"to {change.to}: somebody else's callers would be taken; {what_to_do}."
    )


REASSIGN_ACTIVE_DNIS = Rule(
    name=REASSIGN,
    title="A number that callers dial keeps its owner.",
    triggers="Compared with the state, a `DnisAssignment` or `DnisAssignments` gives a number that callers reach to "
    "another profile, queue or Visual IVR. The rule compares numbers, not resource names.",
    matters="From one second to the next, whoever dials the number reaches somebody else.",
    example="""ringcx.DnisAssignment("hotline", dnis="+13035550100", profile=new_plan)
# stopped, when the state has the number with another profile; approve the move""",
    unknowns="A target that is not known yet counts as a different one, and cannot be approved: create it in one "
    "`up`, and move the number in the next. A number that is not known yet counts as a new number. A target that the "
    "program gives as a secret cannot be compared: the gate takes it for a different one if the engine changes its "
    "resource; the pack takes it for the same one as long as it is given in the same argument.",
    words=Words(_NUMBER, f"its owner: {_OWNERS}; {_HIDDEN}", "its new owner"),
    judge=partial(_judge, REASSIGN, _moved),
    about=(means.Dialled,),
    one_by_one=answers,
    whole=True,
    settings=ALLOW_UNREADABLE_STATE,
)

RELEASE_ACTIVE_DNIS = Rule(
    name=RELEASE,
    title="A number that callers dial stays answered.",
    triggers="Compared with the state, a number that callers reach leaves the stack (with its resource, or out of a "
    "list), gets `active=False` in its assignment, tracking number or record, or loses its record through "
    '`on_delete="deactivate"` or `"delete"`. The rule does not trigger with `retain_on_delete`, or when another '
    "resource of the program holds the number.",
    matters="Whoever dials the number hears that it is not in service.",
    example="""ringcx.DnisAssignments("support-numbers", numbers=["+13035550100"], profile=support)
# stopped, when the list in the state has +13035550101 as well; keep it in the list, or approve the release""",
    unknowns="An active flag that is not known yet counts as `False`. A number that is not known yet counts as a new "
    "number, so that the numbers in the state count as released. So do the numbers of a list that the program gives "
    "as a secret, unless the engine leaves the list alone: nobody can tell which of them stay.",
    words=Words(_NUMBER, f"its owner: {_OWNERS}; {_HIDDEN}", "`nobody`; `inactive` when the owner stays"),
    judge=partial(_judge, RELEASE, _released),
    about=(means.Dialled,),
    one_by_one=lambda roles: roles.dialled,
    whole=True,
    settings=ALLOW_UNREADABLE_STATE,
)

TAKE_FOREIGN_DNIS = Rule(
    name=TAKE_FOREIGN,
    title="No number is taken from another owner.",
    triggers="A resource gives a number to an owner while somebody else answers it, and the resource does not know "
    "them as the owner. That is another resource of the state (after a move from one list to another, or a rename "
    "together with a new target) or, in the gate with `--live`, whoever has the number at the vendor.",
    matters="The number belongs to another team or product, and its callers would end up here.",
    example="""ringcx.DnisAssignments("sales", numbers=["+13035550100"], profile=sales)
# stopped, when the state has the number in "support-numbers"; approve it, and let that list depend on this one""",
    unknowns="A target that is not known yet counts as a different one, and cannot be approved before it exists. "
    "Without `--live`, a number that is nowhere in the state is assumed to be free; the provider asks the vendor.",
    words=Words("the number: `+13035550100`", f"whoever answers it: {_OWNERS}", "its new owner"),
    judge=partial(_judge, TAKE_FOREIGN, _taken),
    about=(means.Dialled,),
    one_by_one=answers,
    whole=True,
    settings=ALLOW_UNREADABLE_STATE,
)
