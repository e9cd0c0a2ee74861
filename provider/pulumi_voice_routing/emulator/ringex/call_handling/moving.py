"""The move of an extension to the newer call handling: its answering rules become state and interaction rules.

What has no counterpart is dropped: the apps of administrators, time-outs of mobiles, conditions on parts of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...problems import Problem
from ...routing import Family, World
from ...schema import Check, Record, flag, text
from ...store import Store
from ...vendors import RINGEX
from ..answering_rules import FIRST_GREETINGS
from ..answering_rules import RULE as ANSWERING_RULE
from ..extensions import EXTENSION, USER_TYPES
from ..forwarding_numbers import NUMBER
from ..greetings import GREETING
from . import call_flip
from .dispatching import TERMINATE, devices_of, ending, first_actions, greeting, ring_group
from .records import (
    AFTER,
    INTERACTION_RULE,
    STATE,
    STATE_RULE,
    WORK,
    add_rule,
    add_states,
    rule_of,
    set_work_hours,
)
from .schedules import OFFICE_HOURS, condition
from .shapes import ANNOUNCEMENT, DAYS, DESKTOP, MOBILE, PROMPTS, RINGING, TERMINATING, VOICEMAIL

_SECONDS_A_RING = 5
_MOVED = (STATE, STATE_RULE, INTERACTION_RULE, call_flip.FLIP_NUMBER)
_STATE_OF = {"BusinessHours": WORK, "AfterHours": AFTER}
_TYPE_OF = {"Sequentially": "RingInOrder", "Simultaneously": "RingAtOnce"}
_PROMPT_OF = {
    "Introductory": "PlayWelcomePromptAction",
    "ConnectingMessage": "PlayConnectingMessageAction",
    "ConnectingAudio": "PlayConnectingPromptAction",
}


def move(store: Store, extension: Record) -> None:
    """From the answering rules that are there. What an earlier move left is thrown away."""
    id_ = extension["extensionId"]
    for kind in _MOVED:
        for record in store.where(kind, "extensionId", id_):
            store.remove(kind, record)
    extension = store.replace(EXTENSION, extension | {"newCallHandling": True})
    add_states(store, extension)
    if extension["limitedHours"]:
        set_work_hours(store, extension, [condition(OFFICE_HOURS)])
    for rule in store.where(ANSWERING_RULE, "extensionId", id_):
        state = _STATE_OF.get(rule["type"])
        if state is None:
            add_rule(store, extension, _interaction(store, extension, rule))
        elif (present := rule_of(store, extension, state)) is not None:
            dispatching = _dispatching(store, extension, rule, may_end=state != WORK)
            store.replace(STATE_RULE, present | {"dispatching": dispatching})
    call_flip.add_system_numbers(store, extension)


# Rules


def _interaction(store: Store, extension: Record, rule: Record) -> Record:
    return {
        "displayName": rule["name"],
        "enabled": rule["enabled"],
        "conditions": list(_conditions(rule)),
        "dispatching": _dispatching(store, extension, rule, may_end=True),
    }


def _conditions(rule: Record) -> Iterator[Record]:
    callers = [{"phoneNumber": _plus(one["callerId"]), "name": one.get("name", "")} for one in rule.get("callers", ())]
    called = [_plus(one["phoneNumber"]) for one in rule.get("calledNumbers", ())]
    if callers or called:
        yield {"type": "Interaction", "from": callers, "to": called}
    schedule = rule.get("schedule", {})
    if schedule.get("weeklyRanges"):
        weekly = {day: [_window(one) for one in ranges] for day, ranges in schedule["weeklyRanges"].items()}
        yield condition({"triggerType": "Weekly", "ranges": {day: weekly[day] for day in DAYS if day in weekly}})
    if schedule.get("ranges"):
        ranges = [(_local(one["from"]), _local(one["to"])) for one in schedule["ranges"]]
        dates = [{"startDateTime": start, "endDateTime": end} for start, end in ranges]
        yield condition({"triggerType": "Range", "ranges": dates})
    if schedule.get("ref"):
        yield {"type": "State", "state": {"id": _STATE_OF[schedule["ref"]]}}


def _plus(number: str) -> str:
    return "+" + number.removeprefix("+")


def _window(one: Record) -> Record:
    end = "23:59:59" if one["to"] in ("00:00", "24:00") else f"{one['to']}:00"
    return {"startTime": f"{one['from']}:00", "endTime": end}


def _local(moment: str) -> str:
    return re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", "", moment)


def _dispatching(store: Store, extension: Record, rule: Record, *, may_end: bool) -> Record:
    """A rule that must ring and does not is one whose ring groups are all disabled."""
    rings = rule["callHandlingAction"] == "ForwardCalls"
    groups = list(_ring_groups(store, extension, rule, enabled=rings))
    actions = [*_first_actions(store, extension, rule), *groups, _ending(store, extension, rule, may_end=may_end)]
    ringing = _TYPE_OF[rule["forwarding"].get("ringingMode", "Sequentially")]
    return {"type": TERMINATE if may_end and not rings else ringing, "actions": actions}


def _first_actions(store: Store, extension: Record, rule: Record) -> Iterator[Record]:
    """A greeting that is not the one rules start with is played."""
    own = {_PROMPT_OF[one["type"]]: one for one in rule["greetings"] if one["type"] in _PROMPT_OF}
    for action in first_actions():
        held = own.get(action["type"])
        if held is not None:
            chosen = held.get("preset", {}).get("id") != FIRST_GREETINGS[held["type"]] or "custom" in held
            yield action | {"enabled": chosen, "greeting": _greeting(store, extension, held, PROMPTS[action["type"]])}
        elif action["type"] == "ScreeningAction" and rule["screening"] != "Off":
            yield action | {"enabled": True, "screening": rule["screening"]}
        else:
            yield action


def _greeting(store: Store, extension: Record, held: Record, preset: str) -> Record:
    custom = held.get("custom", {}).get("id", "")
    known = {one["id"] for one in store.where(GREETING, "extensionId", extension["extensionId"])}
    if custom and custom not in known:
        link = {"extensionId": extension["extensionId"]}
        store.add(GREETING, {**link, "id": custom, "type": held["type"], "contentType": "audio/mpeg"})
    return greeting(held.get("preset", {}).get("id", preset), custom)


def _ring_groups(store: Store, extension: Record, rule: Record, *, enabled: bool) -> Iterator[Record]:
    forwarding = rule["forwarding"]
    apps = enabled and forwarding.get("notifyMySoftPhones", True)
    duration = _SECONDS_A_RING * forwarding.get("softPhonesRingCount", 1)
    for app in (MOBILE, DESKTOP):
        yield ring_group({"type": app}, duration=duration, enabled=apps)
    numbers = {str(one["number"]): one for one in store.where(NUMBER, "extensionId", extension["extensionId"])}
    rung = set()
    for step in sorted(forwarding["rules"], key=lambda one: int(one["index"])):
        targets = [_target(numbers[id_]) for id_ in step["forwardingNumbers"] if id_ in numbers]
        rung |= {one["device"]["id"] for one in targets if "device" in one}
        kept = [target for target in targets if target]
        if kept:
            on = enabled and step["enabled"]
            yield ring_group(*kept, duration=_SECONDS_A_RING * step["ringCount"], enabled=on)
    for device in devices_of(store, extension):
        if device["id"] not in rung:
            yield ring_group({"type": "DeviceRingTarget", "device": {"id": device["id"]}}, enabled=False)


def _target(number: Record) -> Record:
    """Nothing for a number that is reached only when the network is down."""
    if number.get("device"):
        return {"type": "DeviceRingTarget", "device": {"id": number["device"]["id"]}}
    if number["type"] == "Outage":
        return {}
    reached = {"destination": {"phoneNumber": _plus(number["phoneNumber"])}}
    if number["type"] == "BusinessMobilePhone":
        return {"type": "ImsPhoneNumberRingTarget", **reached}
    return {"type": "PhoneNumberRingTarget", **reached, "name": number["label"]}


def _ending(store: Store, extension: Record, rule: Record, *, may_end: bool) -> Record:
    """The menu, with the prompts of the rule, and the target that the rule ends in."""
    held = {one["type"]: one for one in rule["greetings"]}
    prompts = {
        (VOICEMAIL, None): held.get("Voicemail"),
        (ANNOUNCEMENT, TERMINATING): held.get("Announcement"),
        (ANNOUNCEMENT, RINGING): held.get("Unavailable"),
    }
    action = ending()
    targets = []
    for target in action["targets"]:
        own = prompts[target["type"], target.get("dispatchingType")]
        preset = target["prompt"]["greeting"]["preset"]["id"]
        targets.append(target | ({"prompt": {"greeting": _greeting(store, extension, own, preset)}} if own else {}))
    recipient = str(rule["voicemail"].get("recipient", {}).get("id", extension["extensionId"]))
    if recipient != extension["extensionId"]:
        targets[0] |= {"extension": {"id": recipient}}
    acting, more = _acting(rule, TERMINATING if may_end else RINGING)
    at_once = rule["callHandlingAction"] != "ForwardCalls" and may_end
    which = "terminatingTargetType" if at_once else "ringingTargetType"
    return action | {"targets": [*targets, *more], which: acting}


def _acting(rule: Record, mode: str) -> tuple[str, list[Record]]:
    """The type of the target that takes the calls, and the target if it is none of the menu."""
    match rule["callHandlingAction"]:
        case "TransferToExtension":
            target = {"extension": {"id": rule["transfer"]["extension"]["id"]}, "dispatchingType": mode}
            return "ExtensionTerminatingTarget", [{"type": "ExtensionTerminatingTarget", **target}]
        case "UnconditionalForwarding":
            number = _plus(rule["unconditionalForwarding"]["phoneNumber"])
            target = {"destination": {"phoneNumber": number}, "dispatchingType": mode}
            return "PhoneNumberTerminatingTarget", [{"type": "PhoneNumberTerminatingTarget", **target}]
        case "PlayAnnouncementOnly":
            return ANNOUNCEMENT, []
        case "ForwardCalls" if not rule["voicemail"].get("enabled", True):
            return ANNOUNCEMENT, []
    return VOICEMAIL, []


# When it happens


def _finish(store: Store) -> None:
    """A state document may say that an extension was moved, and leave out some or all of its states."""
    for extension in store.all(EXTENSION):
        if extension["newCallHandling"] and extension["type"] in USER_TYPES:
            if any(store.where(kind, "extensionId", extension["extensionId"]) for kind in _MOVED):
                add_states(store, extension)
            else:
                move(store, extension)


def _control(world: World, sent: Any) -> Record:
    """`{"extensionId": "100001"}`, or `{"all": true}`; answers which were moved."""
    check = Check()
    body = check.object((text("extensionId"), flag("all")), sent, needs="create")
    check.done()
    extensions = [one for one in world.store.all(EXTENSION) if one["type"] in USER_TYPES]
    if not body.get("all"):
        extensions = [one for one in extensions if one["extensionId"] == body.get("extensionId")]
        if not extensions:
            raise Problem(400, f"extensionId: there is no user {body.get('extensionId')}")
    moved = [one for one in extensions if not one["newCallHandling"]]
    for extension in moved:
        move(world.store, extension)
    return {"moved": [one["extensionId"] for one in moved]}


FAMILY = Family(vendor=RINGEX, operations=(), finish=_finish, controls={"ringex/move": _control})
