"""The routes through PortSIP ring groups."""

from __future__ import annotations

from typing import Any

from ..plan.facts import UNKNOWN, Resource
from ..plan.limits import doubtful
from ..portsip.group_facts import FORWARD, REPEAT, SKILLS, ordered
from ..portsip.views import MemberView, NoAnswerView, RingGroupView
from ..telephony.sip import address
from .onward import Onward
from .outcome import RINGS_AGAIN, End, unknown
from .route import (
    NOT_DECLARED,
    NOT_KNOWN_YET,
    Key,
    Rings,
    Route,
    Step,
    Stop,
    Undecided,
    Via,
    limited,
    nobody,
    not_known_yet,
)


def by_address(tracer: Onward, target: str, behind: frozenset[Key]) -> Route | None:
    """The route of a call to a SIP address, when that is the address of a ring group."""
    found = address(target)
    if found is None:
        return None
    number, host = found
    if host in tracer.routing.pbx_names and (number in tracer.routing.groups or number in tracer.routing.ended_groups):
        return Via(Step(f"dials {number}"), route(tracer, number, behind))
    group = tracer.routing.groups.get(number)
    if group is not None and group.id is None and not tracer.routing.pbx_names:
        reason = f"whether the address is that of the ring group is {NOT_KNOWN_YET}"
        return Undecided(reason, [route(tracer, number, behind), Stop(End("sip", target))])
    return None


def route(tracer: Onward, number: str, behind: frozenset[Key]) -> Route:
    """The route of a call to the number of a ring group."""
    if number not in tracer.routing.groups:
        return nobody("the ring group ends")
    return tracer.once(
        ("ring group", number), behind, lambda on: _rings(tracer, tracer.routing.groups[number], number, on)
    )


def _rings(tracer: Onward, group: Resource, number: str, behind: frozenset[Key]) -> Route:
    otherwise = _no_answer(tracer, group, number, behind)
    called = f"ring group {number} {group.called!r}"
    view = RingGroupView(group)
    if not view.members.certain or view.strategy is UNKNOWN:
        reason = f"who rings is {NOT_KNOWN_YET}"
        return Via(Step(called, group), Undecided(reason, [otherwise], more=True))
    members = [MemberView(one) for one in ordered([dict(one.said) for one in view.members], view.strategy)]
    if not members:
        return Via(Step(f"{called} has no members", group), otherwise)
    names = ", ".join(_member(one, str(view.strategy)) for one in members)
    what = f"ring group {number}, {view.strategy}: {names}"
    step = Step(f"{called} rings {names} ({view.strategy})", group)
    rings = Rings(step, End("ring group", what), otherwise)
    on = limited(rings, doubtful(group.roles, group.props), group, otherwise)
    if any(one.extension_number is not UNKNOWN for one in members):
        return on
    return Undecided(f"who rings is {NOT_KNOWN_YET}", [on], more=True, resource=group)


def _member(one: MemberView, strategy: str) -> str:
    skill = f" (skill {one.skill_level or 1})" if strategy.startswith(SKILLS) else ""
    number = "somebody who is not known yet" if one.extension_number is UNKNOWN else one.extension_number
    return f"{number}{skill}"


def _no_answer(tracer: Onward, group: Resource, number: str, behind: frozenset[Key]) -> Route:
    """What becomes of a call that no member takes."""
    said = RingGroupView(group).no_answer
    action = said.action if isinstance(said, NoAnswerView) else said
    if action is UNKNOWN:
        return not_known_yet()
    if action is None:
        return Stop(unknown(f"what happens to calls that no member takes is {NOT_DECLARED}"))
    if action == FORWARD and isinstance(said, NoAnswerView):
        return _forwarded(tracer, said.number, behind)
    if action == REPEAT:
        return Stop(End("loop", RINGS_AGAIN))
    if action == "HANGUP":
        return nobody("the call is ended")
    return Stop(End("voicemail", number))


def _forwarded(tracer: Onward, target: Any, behind: frozenset[Key]) -> Route:
    if not isinstance(target, str):
        return not_known_yet()
    if target in tracer.routing.groups or target in tracer.routing.ended_groups:
        return Via(Step(f"forwards to {target}"), route(tracer, target, behind))
    return Via(Step(f"forwards to {target}"), tracer.number(target, behind))
