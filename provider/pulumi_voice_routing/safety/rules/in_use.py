"""Ending what something else still needs to do its work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from ...lifecycle import references
from ...plan.facts import (
    ANSWERING_RULE,
    AUTH_CONFIGS,
    BUILT_IN_RULE,
    FORWARDING_NUMBER,
    HTTP_SERVICE,
    PROFILE,
    RING_GROUP,
    UNKNOWN,
    Facts,
    Resource,
    listed,
    noun_of,
)
from ...plan.liveness import replaced
from ...portsip.group_facts import FORWARD
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

_FIXED: Mapping[str, Collection[str]] = {
    HTTP_SERVICE: ("kind",),
    FORWARDING_NUMBER: ("extension_id", "type"),
    RING_GROUP: ("extension_number",),
}
"""Fields of which another value means another object at the vendor, beside the group that holds it."""
WHOEVER_SIGNS_IN = "~"
_SERVICES = ("call_start_service", "call_connect_service", "call_end_service")


def in_use_elsewhere(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Services, auth configurations, forwarding numbers and ring groups that leave while something names them."""
    yield from unreadable(facts, settings)
    for saved in facts.before.of(HTTP_SERVICE, *AUTH_CONFIGS, FORWARDING_NUMBER, RING_GROUP) if facts.before else []:
        present = facts.successor(saved)
        if saved.kept if present is None else not _another(facts, saved, present):
            continue
        users = [one for one in facts.declared if _names(facts, one, saved)]
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


def _another(facts: Facts, saved: Resource, present: Resource) -> bool:
    """Whether what is declared is another object, and the saved one ends."""
    if saved.type == HTTP_SERVICE and replaced(facts, saved, present):
        return True
    return any(
        name in saved.props
        and present.get(name) != WHOEVER_SIGNS_IN
        and not references.same(present.get(name), saved.get(name))
        for name in _FIXED.get(saved.type, ())
    )


def _names(facts: Facts, user: Resource, saved: Resource) -> bool:
    wanted = saved.get("extension_number") if saved.type == RING_GROUP else saved.id
    return any(references.same(one, wanted) for one in _named_by(facts, user, saved.type))


def _named_by(facts: Facts, user: Resource, type_: str) -> Iterator[object]:
    """The ids of one type that a resource names after the run; what it does not say stays as the state has it."""
    before = facts.saved_as(facts.thing(user))

    def after(name: str) -> object:
        said = user.props.get(name, before.get(name) if before else None)
        return None if said is UNKNOWN else said

    if type_ == HTTP_SERVICE and user.type == PROFILE:
        yield from (after(name) for name in _SERVICES)
    elif type_ in AUTH_CONFIGS and user.type == HTTP_SERVICE:
        yield after("auth_config_id")
    elif type_ == FORWARDING_NUMBER and user.type in (ANSWERING_RULE, BUILT_IN_RULE):
        for step in listed(after("forward_to")):
            yield from listed(step.get("numbers")) if isinstance(step, dict) else ()
    elif type_ == RING_GROUP and user.type == RING_GROUP:
        no_answer = after("no_answer")
        if isinstance(no_answer, dict) and no_answer.get("action") == FORWARD:
            yield no_answer.get("number")


IN_USE_ELSEWHERE = Rule(
    name="in-use-elsewhere",
    title="Nothing is removed while something else uses it.",
    triggers="Compared with the state, one of these leaves the stack, or becomes a different object (another group, "
    "extension, kind, type or number), while something else still uses it: an HTTP service that a profile calls, an "
    "auth configuration that a service signs in with, a forwarding number that an answering rule rings, or a ring "
    "group that another ring group forwards to. A field that a resource leaves out is assumed to be as in the state.",
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
    settings=ALLOW_UNREADABLE_STATE,
)
