"""Numbers whose resource gets another name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...lifecycle import meaning as means
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ...plan.holdings import answers, end_of, holdings, numbers_of, records
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable


def renamed(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that leave the stack with one resource and come back with another one."""
    yield from unreadable(facts, settings)
    if facts.before is None:
        return
    now = {number: one for one in facts.that(answers) for number in numbers_of(one)}
    recording = {number: one for one in facts.that(records) for number in numbers_of(one)}
    owners = {one.number: one.owner for one in holdings(facts, facts.declared)}
    for held in holdings(facts, facts.before.resources):
        one = now.get(held.number)
        reached = not held.stranger and held.active is not False
        stays = owners.get(held.number) == held.owner  # else it is a move, which another rule tells
        if one and reached and stays and _ends(facts, held.resource):
            yield _violation(held.number, held.resource, one)
    for saved in facts.before.that(records):
        said, leaves = end_of(saved)
        if _ends(facts, saved) and leaves and said is not UNKNOWN:
            yield from (_violation(number, saved, recording[number]) for number in _in(saved, recording))


def _in(saved: Resource, now: dict[str, Resource]) -> Iterator[str]:
    return (number for number in numbers_of(saved) if number in now)


def _ends(facts: Facts, saved: Resource) -> bool:
    return not saved.kept and facts.successor(saved) is None


def _violation(number: str, before: Resource, now: Resource) -> Violation:
    was, becomes = (f"{noun_of(one.type)} {one.name!r}" for one in (before, now))
    same = before.type == now.type
    return Violation(
        f"{number} goes from {was} to {becomes} without an alias: to the engine that is a new resource and the end of "
        "an old one, which would release the number if anything else changed on the way; "
        + (
            f"write opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name={before.name!r})])."
            if same
            else f"take {before.name!r} out with retain_on_delete=True, in an up of its own."
        ),
        now,
        number,
        was,
        becomes,
    )


RENAMED_DNIS = Rule(
    name="renamed-dnis",
    title="A number's resource is renamed only with an alias.",
    triggers="Compared with the state, a number that callers reach leaves the stack with one resource and comes back "
    "with another that has the same target, as it does after a rename without an alias. The same goes for a record "
    'whose old resource has `on_delete="deactivate"` or `"delete"`.',
    matters="The old resource is deleted last. It leaves the number alone as long as nothing goes wrong on the way; "
    "with an alias nothing is deleted at all.",
    example="""ringcx.DnisAssignment("hotline", dnis="+13035550100", profile=support)  # was "support-line" before
# stopped: write opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="support-line")])""",
    unknowns="A number that is not known yet counts as a new number. A target that is not known yet counts as a "
    "different one, which makes the change a move.",
    words=Words(
        "the number: `+13035550100`",
        "the resource in the state: `dnis assignment 'support-line'`",
        "the resource in the program: `dnis assignment 'hotline'`",
    ),
    judge=renamed,
    about=(means.Dialled,),
    settings=ALLOW_UNREADABLE_STATE,
)
