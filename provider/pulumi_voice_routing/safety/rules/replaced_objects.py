"""Objects that would end and be made again, and resources that take the place of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...permission.approvals import Change
from ...plan.callers import Callers
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ...plan.holdings import answers, end_of, holdings, numbers_of, records
from ...plan.liveness import Liveness
from ...plan.same_object import another, renamed
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable
from .going_silent import DEACTIVATING_IN_USE

RENAMED = "renamed-dnis"
"""The name under which older approvals permit that a number's resource gets another name."""


def replaced_or_renamed(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What takes calls and would be made again, and what other resources take over."""
    yield from unreadable(facts, settings)
    if facts.before is None:
        return
    yield from _replaced(facts)
    yield from _renamed_numbers(facts)
    for saved, one in renamed(facts):
        if saved.roles.carries and saved.roles.dialled is None:
            yield _advice(
                f"{noun_of(saved.type)} {saved.name!r} becomes {one.name!r} without an alias: to the engine that is a "
                "new resource and the end of an old one; it stands for the same object, which goes on; write "
                f"opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name={saved.name!r})])",
                one,
                facts.named(saved),
                "renamed",
            )


def _advice(message: str, one: Resource | None, object_: str, to: str) -> Violation:
    return Violation(f"{message}.", one, object_, "active", to, advice=True)


# Replacements, which only a plan tells


def _replaced(facts: Facts) -> Iterator[Violation]:
    saved = [one for one in facts.before.resources if one.urn in facts.replaced] if facts.before else []
    for one in saved:
        takes_calls, present = facts.once(_TakesCalls), facts.successor(one)
        there = list(takes_calls.numbers(one))
        for number, owner in there:
            yield _ends(number, present, number, owner)
        if there or not (one.roles.carries or takes_calls.holds(one)):
            continue
        called = f"{noun_of(one.type)} {one.called!r}"
        if present is not None and not another(facts, one, present):
            yield _advice(
                f"{called} would be replaced, though nothing about it has to be: it stands for the same object "
                "afterwards, which goes on; nobody's calls end elsewhere by that",
                present,
                facts.named(one),
                "replaced",
            )
        elif takes_calls.is_on(one):
            yield _ends(called, present, facts.named(one), "active")


def _ends(what: str, present: Resource | None, object_: str, was: str) -> Violation:
    return Violation(
        f"{what} takes calls and would be replaced: between its end and the new one nobody would answer; keep "
        "what makes it another one (in the reference: *replaces*), or make a new one first and move the calls.",
        present,
        object_,
        was,
        "replaced",
    )


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

    def numbers(self, one: Resource) -> Iterator[tuple[str, str]]:
        """The numbers of a resource that callers reach, with their owners."""
        yield from ((number, self._held[number]) for number in numbers_of(one) if number in self._held)

    def holds(self, one: Resource) -> bool:
        """Whether something that is on is inside of it."""
        return (one.type, one.id) in self._holders_in_use

    def is_on(self, one: Resource) -> bool:
        """Whether calls come to it."""
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
        return roles.has(means.Extension) or self.holds(one)

    def _holders(self) -> Iterator[tuple[str, str]]:
        """What contains an object that is on: its type and id."""
        for thing in self._live.before:
            saved = self._facts.saved_as(thing)
            holder = saved.roles.inside if saved is not None else None
            if saved is not None and saved.id and holder is not None:
                yield holder.mark.what, references.parent(saved.id)


# Numbers whose resource gets another name


def _renamed_numbers(facts: Facts) -> Iterator[Violation]:
    before = facts.before
    if before is None:
        return
    now = {number: one for one in facts.that(answers) for number in numbers_of(one)}
    recording = {number: one for one in facts.that(records) for number in numbers_of(one)}
    owners = {one.number: one.owner for one in holdings(facts, facts.declared)}
    for held in holdings(facts, before.resources):
        one = now.get(held.number)
        reached = not held.stranger and held.active is not False
        stays = owners.get(held.number) == held.owner  # else it is a move, which another rule tells
        if one and reached and stays and _leaves(facts, held.resource):
            yield _renamed_number(held.number, held.resource, one)
    for saved in before.that(records):
        said, leaves = end_of(saved)
        if _leaves(facts, saved) and leaves and said is not UNKNOWN:
            yield from (
                _renamed_number(number, saved, recording[number]) for number in numbers_of(saved) if number in recording
            )


def _leaves(facts: Facts, saved: Resource) -> bool:
    return not saved.kept and facts.successor(saved) is None


def _renamed_number(number: str, before: Resource, now: Resource) -> Violation:
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
        (frozenset({Change(RENAMED, number, was, becomes)}),),
    )


REPLACING_LIVE_OBJECTS = Rule(
    name="replacing-live-objects",
    title="Objects that take calls are not replaced, and numbers are renamed with an alias only.",
    triggers="The engine would replace the resource of a number that callers reach; or, because something differs that "
    "never changes (in the reference: *replaces*), a profile or destination that is on, a route group that holds one, "
    "an enabled answering rule, or a ring group. A policy does not see replacements; the gate does. Or a number that "
    "callers reach leaves the stack with one resource and comes back with another that has the same target, as it does "
    'after a rename without an alias; so does a record whose old resource has `on_delete="deactivate"` or '
    '`"delete"`. **Only told, and not refused:** that anything else that carries calls gets a new resource and goes '
    "on as the same object, after a replacement or a rename. Where callers would be left with nobody after the run, "
    "`calls-unanswered` or `calls-unknown` reports it instead.",
    matters="A replacement deletes one object and creates another. Whoever calls in between reaches nobody, and "
    "everything else that refers to the old object refers to nothing. After a rename, the old resource is deleted "
    "last; it leaves the number alone as long as nothing goes wrong on the way.",
    example="""ringcx.DnisAssignment("hotline", dnis="+13035550100", profile=support)  # was "support-line" before
# stopped: write opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="support-line")])""",
    unknowns="An active flag that is not known counts as on. A number that is not known yet counts as a new number. A "
    "target that is not known yet counts as a different one, which makes the change a move.",
    words=Words(
        "the number, or `profile 1001`",
        "its owner, or `active` for what is no number; for a rename the resource in the state: "
        "`dnis assignment 'support-line'`",
        "`replaced`; for a rename the resource in the program: `dnis assignment 'hotline'`",
    ),
    judge=replaced_or_renamed,
    about=(
        means.Called,
        means.Dialled,
        means.Extension,
        means.Hours,
        means.Share,
        means.Switch,
        means.Switches,
        means.Target,
    ),
    settings=ALLOW_UNREADABLE_STATE,
)
