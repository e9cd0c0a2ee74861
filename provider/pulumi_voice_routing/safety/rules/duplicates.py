"""Two declarations of one thing at the vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import UNKNOWN, Facts, Resource, noun_of
from ...plan.holdings import numbers_of
from ...plan.liveness import Liveness
from ..rule import Rule, Settings, Violation, Words
from .overrides import overrides

_HURTS = "the one that is applied last decides where callers go, and the end of either takes it from both"


def twice(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What is declared a second time."""
    before: defaultdict[Hashable, list[Resource]] = defaultdict(list)
    for one in sorted(facts.declared, key=lambda one: one.urn):
        for key, what in _claims(facts, one):
            other = next((it for it in before[key] if not _differ(facts, it, one)), None)
            if other is not None:
                by = f"{one.name!r} twice" if other is one else f"{other.name!r} and {one.name!r}"
                yield Violation(
                    f"{what} is declared by {by}: {_HURTS}; keep one of them.",
                    one,
                    what,
                    f"declared by {other.name!r}",
                    f"declared by {by}",
                )
            before[key].append(one)
    yield from _wiping(facts)


def _differ(facts: Facts, one: Resource, other: Resource) -> bool:
    """Whether two resources of one name stand for two objects, as their ids say: vendors allow names to come twice."""
    ids = _id(facts, one), _id(facts, other)
    comparable = one.type == other.type or (_has_a_name(one) and _has_a_name(other))
    return one is not other and comparable and None not in ids and not references.same(*ids)


def _has_a_name(one: Resource) -> bool:
    """Whether its name tells it apart, so that its id is the object's own, and no list's or number's."""
    return one.roles.key is not None and one.roles.dialled is None and one.roles.overrides is None


def _id(facts: Facts, one: Resource) -> str | None:
    """The id of the object that a resource stands for, or takes over."""
    saved = facts.saved_as(facts.thing(one))
    if saved is not None and saved.id:
        return saved.id
    said = (one.at(place) for place in one.roles.places(means.Existing) if place.mark.itself)
    return next((id_ for id_ in said if isinstance(id_, str)), None)


def _claims(facts: Facts, one: Resource) -> Iterator[tuple[Hashable, str]]:
    """What a resource stands for, as a key and in words; what cannot be told is not claimed."""
    roles = one.roles
    if roles.dialled is not None:
        role = "owner" if roles.answers else "record"
        yield from (((role, number), f"the {role} of {number}") for number in numbers_of(one))
    elif roles.has(means.Switches):
        for thing in sorted(Liveness.of(facts).targets(one)):
            yield (means.Switches, thing), f"the {noun_of(one.type)} of {facts.called(thing)}"
    elif roles.overrides is not None:
        at = facts.parent(one)
        if at is not None and at is not UNKNOWN:
            for value in one.values(means.Called):
                if isinstance(value.value, str):
                    yield (means.Called, at, value.value), f"the override for {value.value} at {facts.called(at)}"
    elif roles.key is not None:
        yield from _by_key(facts, one, roles.key)
    else:
        whole = facts.parent(one)
        if whole is not None and whole is not UNKNOWN:
            yield (one.type, whole), f"the {noun_of(one.type)} of {facts.called(whole)}"


def _by_key(facts: Facts, one: Resource, key: str) -> Iterator[tuple[Hashable, str]]:
    """An object that its name or its number tells apart from the others of its parent."""
    said, mark = one.get(key), _mark_of(one, key)
    if not isinstance(said, str | int):
        return
    what = f"{mark.called or noun_of(one.type)} {said!r}" if isinstance(mark, means.Label) else None
    what = what or f"{mark.called or noun_of(one.type)} {said}"
    family, holder = mark.called or one.type, one.roles.top(means.Inside)
    if holder is None:
        yield (family, said), what
    elif ":" not in holder.mark.what:
        inside = one.at(holder)
        if isinstance(inside, str):
            number = references.last(inside)
            yield (family, number, said), f"{what} of {holder.mark.what} {number}"
    else:
        parent = facts.parent(one)
        if parent is not None and parent is not UNKNOWN:
            yield (family, parent, said), what if mark.called else f"{what} of {facts.called(parent)}"


def _mark_of(one: Resource, key: str) -> means.Key | means.Label:
    marks = one.roles.fields[key].meanings
    return next(mark for mark in marks if isinstance(mark, means.Key | means.Label))


def _wiping(facts: Facts) -> Iterator[Violation]:
    """Overrides that another resource would wipe, because it says that it has the whole list."""
    there = [(facts.parent(one), one) for one in facts.that(overrides)]
    for destination, whole in there:
        if destination is None or destination is UNKNOWN or whole.whole_list is not True:
            continue
        for _, other in ((place, one) for place, one in there if place == destination and one is not whole):
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
    unknowns="Two objects of one name that the vendor has are no duplicates: their ids tell them apart, in the state "
    "or as `adopt_id`. Links between resources that do not exist yet are followed through the program. If a name, "
    "number or parent is still unknown, the check is left to the provider, which refuses a second object of the same "
    "name.",
    words=Words(
        "what is declared twice, as the message says it: `destination 'Denver' of route group 'West'`, `the owner of "
        "+13035550100`; `the overrides of 'vip'` when another resource would wipe them",
        "`declared by 'denver'`",
        "`declared by 'denver' and 'again'`; `wiped by 'all'`",
    ),
    judge=twice,
    about=(means.Label, means.Key, means.Inside, means.Dialled, means.Switches),
)
