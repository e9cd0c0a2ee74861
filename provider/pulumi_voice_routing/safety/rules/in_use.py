"""Ending what something else still needs to do its work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import Facts, Resource, noun_of
from ...plan.roles import Value
from ...plan.same_object import another, renamed
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable


def in_use_elsewhere(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Services, auth configurations, forwarding numbers and ring groups that leave while something names them."""
    yield from unreadable(facts, settings)
    needed = {type_ for one in facts.declared for place in one.roles.places(means.Needs) for type_ in place.mark.types}
    for saved in facts.before.resources if facts.before and needed else []:
        whole, present = _whole(facts, saved, needed), facts.successor(saved)
        if whole is None or (saved.kept if present is None else not another(facts, saved, present)):
            continue
        if any(before is saved for before, _ in renamed(facts)):
            continue  # another resource stands for it, so that it goes on
        users = [one for one in facts.declared if _names(facts, one, whole)]
        if users:
            named = f"{noun_of(saved.type)} {references.last(saved.id or saved.urn)}"
            by = " and ".join(sorted(facts.named(one) for one in users))
            ends = "leaves the stack" if present is None else "is replaced"
            yield Violation(
                f"{noun_of(saved.type)} {saved.called!r} {ends}, and {by} would still need it: their "
                "calls would go without it; give them another one first, or keep it.",
                present,
                named,
                f"used by {by}",
                "ended",
            )


def _whole(facts: Facts, saved: Resource, needed: Collection[str]) -> Resource | None:
    """What others may need of a saved resource: itself, or what it is a part of, as the inputs are of a service."""
    if saved.type in needed:
        return saved
    inside = saved.roles.inside
    if inside is None or inside.mark.what not in needed or facts.before is None:
        return None
    whole = facts.before.with_id(inside.mark.what, str(saved.at(inside)))
    return whole if whole is not None and facts.successor(whole) is not None else None


def _names(facts: Facts, user: Resource, saved: Resource) -> bool:
    return any(
        references.same(value.value, saved.role(means.Extension) if value.place.mark.by_extension else saved.id)
        for value in _needed_by(facts, user)
        if saved.type in value.place.mark.types
    )


def _needed_by(facts: Facts, user: Resource) -> Iterator[Value[means.Needs]]:
    """The objects that a resource names after the run; what it does not say stays as the state has it."""
    before = facts.saved_as(facts.thing(user))
    props = {**(before.props if before is not None else {}), **user.props}
    for value in user.roles.values(props, means.Needs):
        only = value.place.mark.only
        if isinstance(value.value, str) and (only is None or value.beside.get(only[0]) == only[1]):
            yield value


IN_USE_ELSEWHERE = Rule(
    name="in-use-elsewhere",
    title="Nothing is removed while something else uses it.",
    triggers="Compared with the state, one of these leaves the stack, or becomes a different object (another group, "
    "extension, kind, type or number), while something else still uses it: an HTTP service that a profile calls, the "
    "inputs of such a service, an auth configuration that a service signs in with, a forwarding number that an "
    "answering rule rings, or a ring group that another ring group forwards to. A field that a resource leaves out is "
    "assumed to be as in the state. What another resource stands for, as after a rename, goes on.",
    matters="Calls go on without the data that was looked up for them, or to a phone that no longer exists.",
    example="""ringcx.Profile("support", group_id=group.id, name="Support", call_start_service="123456/100/500", **rest)
# stopped, when the state has that service and the program does not; name another one, or keep it""",
    unknowns="A service or number that is not known yet counts as a new one, not as the one that leaves. A group, "
    "extension, kind, type or number that is not known yet counts as changed.",
    words=Words(
        "`http service 500`, `api key auth` and its id, `forwarding number 300`, `ring group 8000`",
        "`used by profile 1001`",
        "`ended`",
    ),
    judge=in_use_elsewhere,
    about=(means.Needs,),
    settings=ALLOW_UNREADABLE_STATE,
)
