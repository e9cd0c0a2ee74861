"""The ways through PortSIP ring groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..plan.facts import UNKNOWN, Resource
from ..portsip.group_facts import FORWARD, REPEAT, SKILLS, ordered
from .outcome import RINGS_AGAIN, End, unknown
from .route import NOT_DECLARED, NOT_KNOWN_YET, Key, Rings, Step, Stop, Undecided, Via, Way, nobody, not_known_yet

if TYPE_CHECKING:
    from .tracer import Walker

_ADDRESS = re.compile(r"(?:sips?:)?(?P<user>[0-9]+)@(?P<host>[^;:?@]+)", re.IGNORECASE)


def address(target: str) -> tuple[str, str] | None:
    """The number and the host of a SIP address; nothing for what is none, or has no number."""
    found = _ADDRESS.match(target.strip())
    return (found["user"], found["host"].lower()) if found else None


def by_address(walk: Walker, target: str, behind: frozenset[Key]) -> Way | None:
    """The way of a call to a SIP address, when that is the address of a ring group."""
    found = address(target)
    if found is None:
        return None
    number, host = found
    if host in walk.world.pbx_names and (number in walk.world.groups or number in walk.world.ended_groups):
        return Via(Step(f"dials {number}"), way(walk, number, behind))
    group = walk.world.groups.get(number)
    if group is not None and group.id is None and not walk.world.pbx_names:
        reason = f"whether the address is that of the ring group is {NOT_KNOWN_YET}"
        return Undecided(reason, [way(walk, number, behind), Stop(End("sip", target))])
    return None


def way(walk: Walker, number: str, behind: frozenset[Key]) -> Way:
    """The way of a call to the number of a ring group."""
    if number not in walk.world.groups:
        return nobody("the ring group ends")
    return walk.once(("ring group", number), behind, lambda on: _rings(walk, walk.world.groups[number], number, on))


def _rings(walk: Walker, group: Resource, number: str, behind: frozenset[Key]) -> Way:
    place = ("ring group", number)
    otherwise = _no_answer(walk, group, number, behind)
    called = f"ring group {number} {group.called!r}"
    if not group.certain("members") or group.get("strategy") is UNKNOWN:
        reason = f"who rings is {NOT_KNOWN_YET}"
        return Via(Step(called, group), Undecided(reason, [otherwise], more=True), place)
    members = ordered(group.rows("members"), group.get("strategy"))
    if not members:
        return Via(Step(f"{called} has no members", group), otherwise, place)
    names = ", ".join(_member(one, str(group.get("strategy"))) for one in members)
    what = f"ring group {number}, {group.get('strategy')}: {names}"
    step = Step(f"{called} rings {names} ({group.get('strategy')})", group)
    return Rings(step, End("ring group", what), otherwise, place)


def _member(one: dict[str, Any], strategy: str) -> str:
    skill = f" (skill {one.get('skill_level') or 1})" if strategy.startswith(SKILLS) else ""
    return f"{one.get('extension_number')}{skill}"


def _no_answer(walk: Walker, group: Resource, number: str, behind: frozenset[Key]) -> Way:
    """What becomes of a call that no member takes."""
    said = group.get("no_answer")
    action = said.get("action") if isinstance(said, dict) else said
    if action is UNKNOWN:
        return not_known_yet()
    if action is None:
        return Stop(unknown(f"what happens to calls that no member takes is {NOT_DECLARED}"))
    if action == FORWARD:
        return _forwarded(walk, said.get("number"), behind)
    if action == REPEAT:
        return Stop(End("loop", RINGS_AGAIN))
    if action == "HANGUP":
        return nobody("the call is ended")
    return Stop(End("voicemail", number))


def _forwarded(walk: Walker, target: Any, behind: frozenset[Key]) -> Way:
    if not isinstance(target, str):
        return not_known_yet()
    if target in walk.world.groups or target in walk.world.ended_groups:
        return Via(Step(f"forwards to {target}"), way(walk, target, behind))
    return Via(Step(f"forwards to {target}"), walk.number(target, behind))
