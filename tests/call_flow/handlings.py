"""Extensions with the newer call handling, made by chance, and a plain answer to what becomes of a call, minute by
minute.

Nothing of the package decides here. Extensions are written down as the vendor shows them (its states, state rules and
interaction rules), and one minute is looked at at a time. What the vendor does not say is taken as elsewhere here: the
last minute of a window is the one before its end, and a call never comes back to the number that it was rung from.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from pulumi_voice_routing.lifecycle.wire import get_at
from pulumi_voice_routing.plan.facts import PREFIX, Resource, plain
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringex import condition_form, dispatching_form

MINUTES = 7 * 24 * 60
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OUTSIDE = ("+13035550191", "+13035550192")
CALLERS = ("+13035550171", "+13035550172")
DESKS = {"101": ("+13035550181", "+13035550182"), "102": ("+13035550183",)}
"""The numbers of each extension; one is known to be its own when a rule names it."""
QUEUE, TRANSFER, OTHER = "queue", "transfer", "some other number"
"""How else calls come to an extension."""
UNKNOWN, LOOP, GOES_ON = ("unknown",), ("loop",), ("the queue goes on",)
OWN = UNKNOWN
"""What an extension does by a rule for its hours that the program does not declare; be it all that it has."""
Json: TypeAlias = dict[str, Any]
End: TypeAlias = tuple[Any, ...]
Said: TypeAlias = bool | None


@dataclass
class Extension:
    """What the vendor shows of it, as far as the program declares it."""

    states: dict[str, Json]
    rules: dict[str, Json]
    custom: list[Json]


@dataclass
class World:
    """Two extensions, and one kind of call to the first."""

    extensions: dict[str, Extension]
    called: str
    caller: str
    moment: datetime | None
    working: Said
    """Whether the call comes in the work hours of the first extension, when the program does not declare these."""
    tables: dict[str, list[bool]] = field(default_factory=dict)


# By chance


def _clock(minute: int) -> str:
    return "23:59:59" if minute == 1440 else f"{minute // 60:02}:{minute % 60:02}:00"


CLOCK = [_clock(minute) for minute in range(1440)]


def _windows(chance: random.Random, most: int = 2) -> list[Json]:
    edges = sorted(chance.sample(range(1441), 2 * chance.randint(1, most)))
    return [
        {"startTime": _clock(one), "endTime": _clock(two)} for one, two in zip(edges[::2], edges[1::2], strict=True)
    ]


def _triggers(chance: random.Random, *kinds: str) -> list[Json]:
    kind = chance.choice(kinds)
    if kind == "Daily":
        always = {"startTime": "00:00:00", "endTime": "23:59:59"}
        return [{"triggerType": "Daily", **(always if chance.random() < 0.3 else _windows(chance, 1)[0])}]
    if kind == "Weekly":
        days = [day for day in DAYS if chance.random() < 0.7] or ["friday"]
        return [{"triggerType": "Weekly", "ranges": {day: _windows(chance) for day in days}}]
    first = chance.randint(1, 15)
    ends = [f"2030-06-{day:02}T12:00:00" for day in (first, first + chance.randint(5, 15))]
    return [{"triggerType": "Range", "ranges": [{"startDateTime": ends[0], "endDateTime": ends[1]}]}]


def _scheduled(triggers: list[Json]) -> Json:
    return {"type": "Schedule", "schedule": {"triggers": triggers}}


_GREETING = {"greeting": {"effectiveGreetingType": "Preset", "preset": {"id": "1"}}}


def _terminating(chance: random.Random) -> Json:
    numbers = [*OUTSIDE, *OUTSIDE, *DESKS["101"], *DESKS["102"]]
    mailbox: Json = {"type": "VoiceMailTerminatingTarget", "prompt": _GREETING, "name": "Voicemail"}
    if chance.random() < 0.3:
        mailbox["extension"] = {"id": chance.choice(["101", "102", "103"])}
    menu = [mailbox]
    action: Json = {"type": "TerminatingAction"}
    for mode, which in (("Ringing", "ringingTargetType"), ("Terminating", "terminatingTargetType")):
        extension = chance.choice(["101", "102", "102", "900"])
        there = [
            {"type": "PlayAnnouncementTerminatingTarget", "prompt": _GREETING},
            {"type": "PhoneNumberTerminatingTarget", "destination": {"phoneNumber": chance.choice(numbers)}},
            {"type": "ExtensionTerminatingTarget", "extension": {"id": extension}},
        ]
        menu += [{**one, "dispatchingType": mode} for one in there]
        action[which] = chance.choice([one["type"] for one in (mailbox, *there)])
    chance.shuffle(menu)
    return {**action, "targets": menu}


def _dispatching(chance: random.Random, own: str, *types: str) -> Json:
    kind, end = chance.choice(types), _terminating(chance)
    apps = ["AllMobileRingTarget", "AllDesktopRingTarget"]
    always = [one for one in apps if chance.random() < 0.2]
    others = [
        {"type": "DeviceRingTarget", "device": {"id": "801"}},
        {"type": "CoworkerRingTarget", "extension": {"id": "103"}},
        *({"type": "PhoneNumberRingTarget", "destination": {"phoneNumber": one}} for one in (*OUTSIDE, *DESKS[own])),
    ]
    targets = [{"type": one} for one in apps if one not in always] + chance.sample(others, chance.randint(0, 3))
    chance.shuffle(targets)
    groups: list[list[Json]] = []
    for one in targets:
        if groups and chance.random() < 0.5:
            groups[-1].append(one)
        else:
            groups.append([one])
    actions: list[Json] = [
        {"type": "RingGroupAction", "enabled": chance.random() < 0.6, "targets": one, "duration": 20} for one in groups
    ]
    if always:
        ringing = [{"type": one} for one in always]
        actions.insert(0, {"type": "RingAlwaysGroupAction", "enabled": True, "targets": ringing})
    return {"type": kind, "actions": [end] if kind == "Terminate" else [*actions, end]}


_ALLOWED = {
    "forward-all-calls": ("Terminate",),
    "dnd": ("Terminate",),
    "agent": ("RingInOrder", "RingAtOnce"),
    "work-hours": ("RingInOrder", "RingAtOnce"),
    "after-hours": ("RingInOrder", "RingAtOnce", "Terminate"),
}


def _extension(chance: random.Random, own: str) -> Extension:
    states: dict[str, Json] = {}
    if own != "101" or chance.random() < 0.85:
        states["work-hours"] = {
            "enabled": True,
            "conditions": [_scheduled(_triggers(chance, "Weekly", "Weekly", "Daily"))],
        }
    if chance.random() < 0.4:
        conditions = [_scheduled(_triggers(chance, "Daily", "Range"))]
        states["forward-all-calls"] = {"enabled": chance.random() < 0.8, "conditions": conditions}
    if chance.random() < 0.4:
        states["dnd"] = {"enabled": chance.random() < 0.7, "conditions": []}
    for one in (states[name] for name in ("forward-all-calls", "dnd") if name in states):
        if chance.random() < 0.15:
            del one["enabled"]  # not managed by the program
    if chance.random() < 0.7:
        same: Json = {"type": "State", "state": {"id": "work-hours"}}
        condition = same if chance.random() < 0.6 else _scheduled(_triggers(chance, "Weekly", "Daily"))
        states["agent"] = {"enabled": True, "conditions": [condition]}
    rules = {
        state: {"dispatching": _dispatching(chance, own, *types)}
        for state, types in _ALLOWED.items()
        if chance.random() < (0.5 if state == "agent" else 0.95)
    }
    return Extension(states, rules, [_custom(chance, own) for _ in range(chance.randint(0, 6))])


def _custom(chance: random.Random, own: str) -> Json:
    which = chance.choice(["s", "c", "n", "n", "sc", "sn", "cn", "scn"])
    conditions: list[Json] = []
    if which != "s":
        callers = chance.sample(CALLERS, chance.randint(1, 2)) if "c" in which else []
        called = chance.sample(DESKS[own], chance.randint(1, len(DESKS[own]))) if "n" in which else []
        named = [{"phoneNumber": one, "name": one} for one in callers]
        conditions.append({"type": "Interaction", "from": named, "to": called})
        if chance.random() < 0.25:
            state = chance.choice(["work-hours", "after-hours"])
            conditions.append({"type": "State", "state": {"id": state, "displayName": "", "conditions": []}})
    if "s" in which:
        schedule: Json = {"triggers": _triggers(chance, "Daily", "Weekly", "Range")}
        if chance.random() < 0.2:
            schedule["startDateTime"] = "2030-06-03T00:00:00"
        if chance.random() < 0.2:
            schedule["endDateTime"] = "2030-06-25T00:00:00"
        conditions.append({"type": "Schedule", "schedule": schedule})
    dispatching = _dispatching(chance, own, "RingInOrder", "RingAtOnce", "Terminate")
    if chance.random() < 0.6:
        dispatching["callTypes"] = {"queueCallsIncluded": chance.random() < 0.7}
    return {"enabled": chance.random() < 0.85, "conditions": conditions, "dispatching": dispatching}


def world(seed: int) -> World:
    """One of them; the same for the same seed."""
    chance = random.Random(seed)
    moments = [None, *(datetime(2030, 6, day, 12) for day in (1, 5, 10, 15, 20, 28))]
    return World(
        {"101": _extension(chance, "101"), "102": _extension(chance, "102")},
        chance.choice([QUEUE, OTHER, OTHER, *DESKS["101"], *DESKS["101"]]),
        chance.choice(["", *CALLERS, *CALLERS]),
        chance.choice(moments),
        chance.choice([True, False, None]),
    )


# The plain answer


def answers(world: World) -> Iterator[End]:
    """What becomes of the call at each minute of the week. Minutes at which the same hours hold are worked out once."""
    world.tables = {name: [_open_at(one, minute) for minute in range(MINUTES)] for name, one in _weekly(world)}
    known: dict[tuple[bool, ...], End] = {}
    for minute, hours in enumerate(zip(*world.tables.values(), [True] * MINUTES, strict=True)):
        if hours not in known:
            known[hours] = _one(_answer(world, "101", world.called, minute, ()))
        yield known[hours]


def _weekly(world: World) -> Iterator[tuple[str, Json]]:
    for extension in world.extensions.values():
        for holder in (*extension.states.values(), *extension.custom):
            for condition in holder["conditions"]:
                for trigger in condition.get("schedule", {}).get("triggers", ()):
                    if trigger["triggerType"] != "Range":
                        yield repr(trigger), trigger


def _open_at(trigger: Json, minute: int) -> bool:
    day, clock = DAYS[minute // 1440], CLOCK[minute % 1440]
    windows = [trigger] if trigger["triggerType"] == "Daily" else trigger["ranges"].get(day, ())
    return any(one["startTime"] <= clock < one["endTime"] for one in windows)


def _in_schedule(world: World, schedule: Json, minute: int) -> bool:
    now = world.moment.isoformat() if world.moment is not None else ""
    if schedule.get("startDateTime") and not now >= schedule["startDateTime"]:
        return False
    if schedule.get("endDateTime") and now and not now < schedule["endDateTime"]:
        return False
    for trigger in schedule["triggers"]:
        if trigger["triggerType"] != "Range":
            return world.tables[repr(trigger)][minute]
        return any(one["startDateTime"] <= now < one["endDateTime"] for one in trigger["ranges"])
    return True


def _working(world: World, extension: str, minute: int) -> Said:
    state = world.extensions[extension].states.get("work-hours")
    if state is None:
        return world.working if extension == "101" else None
    return _in_schedule(world, state["conditions"][0]["schedule"], minute)


def _one(ends: set[End]) -> End:
    return next(iter(ends)) if len(ends) == 1 else UNKNOWN


def _answer(world: World, extension: str, called: str, minute: int, behind: tuple[Any, ...]) -> set[End]:
    """All that can become of it."""
    if extension not in world.extensions:
        return {OWN}
    if (extension, called) in behind:
        return {LOOP}
    behind = (*behind, (extension, called))
    there, ends = world.extensions[extension], set()
    for name in ("forward-all-calls", "dnd"):
        state = there.states.get(name)
        if state is None:
            continue
        enabled = state.get("enabled")
        inside = all(_in_schedule(world, one["schedule"], minute) for one in state["conditions"])
        if enabled is not False and inside:
            rule = there.rules.get(name)
            ends |= {GOES_ON} if called == QUEUE else _does(world, extension, rule, called, minute, behind)
            if enabled:
                return ends
    for priority in range(10, 3, -1):
        maybe = [(one, _matches(world, extension, one, called, minute)) for one in there.custom]
        here = [(one, said) for one, said in maybe if _priority(one) == priority and said is not False]
        for one, _ in here:
            ends.add(_one(_does(world, extension, one, called, minute, behind)))
        if any(said for _, said in here):
            return ends
    return ends | _usual(world, extension, called, minute, behind)


def _usual(world: World, extension: str, called: str, minute: int, behind: tuple[Any, ...]) -> set[End]:
    there, working = world.extensions[extension], _working(world, extension, minute)
    if called != QUEUE:
        states = {True: ["work-hours"], False: ["after-hours"], None: ["work-hours", "after-hours"]}[working]
        return {_one(_own(world, extension, there.rules.get(one), called, minute, behind)) for one in states}
    state = there.states.get("agent")
    condition = state["conditions"][0] if state is not None else {"type": ""}
    within: Said = True
    if condition["type"] == "State":
        within = working
    elif condition["type"] == "Schedule":
        within = _in_schedule(world, condition["schedule"], minute)
    borrowed = there.rules.get("work-hours") if condition["type"] == "State" else None
    rings = _one(_own(world, extension, there.rules.get("agent", borrowed), called, minute, behind))
    return {rings} if within else {UNKNOWN} if within is False else {rings, UNKNOWN}


def _priority(rule: Json) -> int:
    asks = {one["type"]: one for one in rule["conditions"]}
    who = asks.get("Interaction", {"from": [], "to": []})
    given = (bool(asks.get("Schedule")), bool(who["from"]), bool(who["to"]))
    table = {(1, 1, 1): 10, (0, 1, 1): 9, (1, 1, 0): 8, (1, 0, 1): 7, (0, 1, 0): 6, (0, 0, 1): 5, (1, 0, 0): 4}
    return table[given]


def _matches(world: World, extension: str, rule: Json, called: str, minute: int) -> Said:
    if not rule["enabled"]:
        return False
    if called == QUEUE and not rule["dispatching"].get("callTypes", {}).get("queueCallsIncluded"):
        return False
    sure: Said = True
    for one in rule["conditions"]:
        if one["type"] == "Schedule":
            if not _in_schedule(world, one["schedule"], minute):
                return False
        elif one["type"] == "State":
            working = _working(world, extension, minute)
            if working is None:
                sure = None
            elif working is not (one["state"]["id"] == "work-hours"):
                return False
        else:
            if one["from"] and world.caller not in [caller["phoneNumber"] for caller in one["from"]]:
                return False
            if one["to"] and called == TRANSFER:
                sure = None  # nobody tells which number was dialled
            elif one["to"] and called not in one["to"]:
                return False
    return sure


def _own(
    world: World, extension: str, rule: Json | None, called: str, minute: int, behind: tuple[Any, ...]
) -> set[End]:
    return {OWN} if rule is None else _does(world, extension, rule, called, minute, behind)


def _does(
    world: World, extension: str, rule: Json | None, called: str, minute: int, behind: tuple[Any, ...]
) -> set[End]:
    if rule is None:
        return {UNKNOWN}
    dispatching = rule["dispatching"]
    (end,) = [one for one in dispatching["actions"] if one["type"] == "TerminatingAction"]
    if dispatching["type"] == "Terminate":
        return _ends(world, extension, end, "Terminating", minute, behind)
    later = {GOES_ON} if called == QUEUE else _ends(world, extension, end, "Ringing", minute, behind)
    groups = [one["targets"] for one in dispatching["actions"] if one["type"] == "RingGroupAction" and one["enabled"]]
    always = [
        target["type"]
        for one in dispatching["actions"]
        if one["type"] == "RingAlwaysGroupAction" and one["enabled"]
        for target in one["targets"]
    ]
    rung = [[_name(one) for one in group if not _back(world, extension, one)] for group in groups]
    if dispatching["type"] == "RingAtOnce":
        rung = [[name for group in rung for name in group]]
    steps = tuple(tuple(sorted(one)) for one in rung if one)
    if not steps and not always:
        return {LOOP} if groups else later
    return {("rings", extension, tuple(sorted(always)), steps, _one(later))}


def _name(target: Json) -> tuple[str, str]:
    what = [target[name] for name in ("device", "extension", "destination") if name in target]
    return target["type"], str(next(iter(what[0].values()))) if what else ""


def _back(world: World, extension: str, target: Json) -> bool:
    """Whether calls would come back to the extension."""
    number = target.get("destination", {}).get("phoneNumber")
    return number is not None and holder(world, number) == extension


def holder(world: World, number: str) -> str | None:
    """Whose number it is, as far as rules tell."""
    for extension, there in world.extensions.items():
        if any(number in one.get("to", ()) for rule in there.custom for one in rule["conditions"]):
            return extension
    return None


def _ends(world: World, extension: str, action: Json, mode: str, minute: int, behind: tuple[Any, ...]) -> set[End]:
    type_ = action["ringingTargetType" if mode == "Ringing" else "terminatingTargetType"]
    (target,) = [one for one in action["targets"] if one["type"] == type_ and one.get("dispatchingType", mode) == mode]
    if type_ == "VoiceMailTerminatingTarget":
        return {("voicemail", target.get("extension", {}).get("id", extension))}
    if type_ == "PlayAnnouncementTerminatingTarget":
        return {("announcement", extension)}
    if type_ == "ExtensionTerminatingTarget":
        other = target["extension"]["id"]
        return {LOOP} if other == extension else _answer(world, other, TRANSFER, minute, behind)
    number = target["destination"]["phoneNumber"]
    whose = holder(world, number)
    return {("number", number)} if whose is None else _answer(world, whose, number, minute, behind)


# The same extensions as resources


def resources(world: World) -> list[Resource]:
    """The extensions as the state of a stack holds them, read as the package reads the vendor's answers."""
    return [one for number, there in world.extensions.items() for one in _resources(number, there)]


def _resources(number: str, there: Extension) -> Iterator[Resource]:
    for state, one in there.states.items():
        yield _read("ringex:CallHandlingState", f"1/{number}/{state}", one, extension_id=f"1/{number}", state=state)
    for state, one in there.rules.items():
        yield _read("ringex:CallHandlingStateRule", f"1/{number}/{state}", one, extension_id=f"1/{number}", state=state)
    for place, one in enumerate(there.custom):
        form = {
            **one,
            "conditions": condition_form.readable(one["conditions"]),
            "dispatching": dispatching_form.readable(one["dispatching"], number),
        }
        yield _read(
            "ringex:InteractionRule", f"1/{number}/{place}", form, extension_id=f"1/{number}", name=f"Rule {place}"
        )


def _read(type_: str, id_: str, live: Json, **given: str) -> Resource:
    provider: Any = provider_for(type_)
    form = provider.readable(live, given["extension_id"]) if hasattr(provider, "readable") else live
    values = {name: (one, get_at(form, one.wire)) for name, one in provider.model.items() if one.wire}
    props = {name: plain(provider.lenient(one, value)) for name, (one, value) in values.items() if value is not None}
    return Resource(type_, id_, f"urn:pulumi:dev::line::{PREFIX}{type_}::{id_}", {**props, **given}, id_)
