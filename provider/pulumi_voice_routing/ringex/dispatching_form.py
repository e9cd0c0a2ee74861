"""What happens to a call in the newer call handling, in the vendor's form and in ours.

The vendor wants more in every dispatching than a program says: the user's own apps and desk phones, a voicemail target,
a recording behind every prompt. All of that is taken over from what is there, and none of it is drift. What a PATCH
leaves out would be reset, so that a dispatching is always sent as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..client.answers import part, parts, without_nulls
from ..client.listings import Json
from ..errors import DeclarationError
from ..lifecycle import references
from .fields import number_there

Values = dict[str, Any]

RING_GROUP, RING_ALWAYS, TERMINATING, SCREENING = (
    "RingGroupAction",
    "RingAlwaysGroupAction",
    "TerminatingAction",
    "ScreeningAction",
)
VOICEMAIL, ANNOUNCEMENT = "VoiceMailTerminatingTarget", "PlayAnnouncementTerminatingTarget"
APPS = ("AllMobileRingTarget", "AllDesktopRingTarget")
PROMPTS: Mapping[str, str] = {
    "welcome": "PlayWelcomePromptAction",
    "connecting_message": "PlayConnectingMessageAction",
    "connecting_audio": "PlayConnectingPromptAction",
}
ENDS: Mapping[str, tuple[str, str]] = {
    "no_answer_target": ("ringingTargetType", "Ringing"),
    "immediate_target": ("terminatingTargetType", "Terminating"),
}
"""The vendor's field that says which target acts, and the word in the target."""
DEFAULT_SECONDS = 20
TO_OTHERS = ("CoworkerRingTarget", "ExtensionTerminatingTarget")
"""Targets that name another extension, and never the user's own."""
_OWN = (*APPS, "DeviceRingTarget", VOICEMAIL)
"""Targets that are the user's own where they name no extension."""
_NAMED = ("PhoneNumberRingTarget", "PhoneNumberTerminatingTarget", "CloudConnectorRingTarget")


# From the vendor


def dispatching_of(rule: Mapping[str, Any]) -> Json:
    """What a rule does with calls; some rules borrow it from another one."""
    return part(without_nulls(rule.get("dispatching") or part(rule.get("dispatchingRef")).get("dispatching")))


def readable(dispatching: Json, extension: str) -> Values:
    """The vendor's dispatching with the names that ``Wire`` markers give; ``extension`` is whose rule it is."""
    actions = parts(dispatching.get("actions"))
    form: Values = {"type": dispatching.get("type")}
    groups = [_group(one, extension) for one in _of(actions, RING_GROUP)]
    form["ringGroups"] = [one for one in groups if not _fills_in(one)]
    form["alwaysRing"] = [
        str(one.get("type"))
        for action in _of(actions, RING_ALWAYS)
        if action.get("enabled") is not False
        for one in parts(action.get("targets"))
    ]
    for name, type_ in PROMPTS.items():
        for action in _of(actions, type_):
            form[_wire(name)] = {"enabled": action.get("enabled") is not False, **_recording(action)}
    for action in _of(actions, SCREENING):
        form["screening"] = action.get("screening") if action.get("enabled") is not False else "Off"
        form["screeningResult"] = action.get("screeningResult")
    for action in _of(actions, TERMINATING):
        for wire, (which, mode) in zip(("noAnswer", "immediate"), ENDS.values(), strict=True):
            form[wire] = _acting(action, which, mode, extension)
    if "callTypes" in dispatching:
        form["queueCalls"] = part(dispatching["callTypes"]).get("queueCallsIncluded")
    return {name: value for name, value in form.items() if value is not None}


def without_own_extension(value: Any, extension: Any) -> Any:
    """Targets that are the user's own name no extension, even where a program names it."""
    if isinstance(value, (list, tuple)):
        return [without_own_extension(one, extension) for one in value]
    if not isinstance(value, dict):
        return value
    own = value.get("type") in _OWN and references.same(value.get("extension_id"), extension)
    return {
        name: without_own_extension(one, extension)
        for name, one in value.items()
        if not (own and name == "extension_id")
    }


def in_any_order(groups: Iterable[Values]) -> list[Values]:
    """Ring groups that all ring at once, in one order whatever they were written in."""
    return sorted(groups, key=lambda one: json.dumps(_meaning_of_group(one)))


def alike(name: str, there: Any, wanted: Any) -> bool | None:
    """Whether what is there means what is wanted; nothing when the field is none of these."""
    if there is None or wanted is None:
        return None
    if name == "ring_groups":
        return _meaning_of_groups(there) == _meaning_of_groups(wanted)
    if name == "always_ring":
        return set(there) == set(wanted)
    if name in ENDS:
        return key_of(there) == key_of(wanted) and _same_recording(there, wanted)
    if name in PROMPTS:
        return bool(there.get("enabled", True) == wanted.get("enabled", True)) and _same_recording(there, wanted)
    return None


def _of(actions: Iterable[Json], type_: str) -> list[Json]:
    return [one for one in actions if one.get("type") == type_]


def _wire(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(one.capitalize() for one in others)


def _group(action: Json, extension: str) -> Values:
    group: Values = {"targets": [_target(one, extension) for one in parts(action.get("targets"))]}
    if action.get("duration") not in (None, DEFAULT_SECONDS):
        group["duration_seconds"] = action["duration"]
    if action.get("enabled") is False:
        group["enabled"] = False
    return group


def _target(one: Json, extension: str) -> Values:
    target: Values = {"type": one.get("type")}
    named = part(one.get("extension") or one.get("mailbox")).get("id")
    if named is not None and str(named) != extension:
        target["extension_id"] = str(named)
    if one.get("type") == "DeviceRingTarget":
        target["device_id"] = str(part(one.get("device")).get("id"))
    if "phoneNumber" in part(one.get("destination")):
        target["phone_number"] = number_there(one["destination"]["phoneNumber"])
    if one.get("type") == "IntegrationRingTarget":
        target["integration"] = part(one.get("integration")).get("type")
    if one.get("type") in _NAMED and one.get("name"):
        target["name"] = one["name"]
    return target


def _recording(holder: Json) -> Values:
    greeting = part(holder.get("greeting"))
    for word, ours, theirs in (("Custom", "custom_id", "custom"), ("Preset", "preset_id", "preset")):
        if greeting.get("effectiveGreetingType") == word and part(greeting.get(theirs)).get("id") is not None:
            return {ours: str(greeting[theirs]["id"])}
    return {}


def _acting(action: Json, which: str, mode: str, extension: str) -> Values | None:
    for one in parts(action.get("targets")):
        if one.get("type") == action.get(which) and one.get("dispatchingType") in (None, mode):
            return {**_target(one, extension), **_recording(part(one.get("prompt")))}
    return None


# What it means


def _is_own(target: Values) -> bool:
    """Whether it is an app or a device that the vendor wants in every rule of its user."""
    return target.get("type") in (*APPS, "DeviceRingTarget") and not target.get("extension_id")


def _fills_in(group: Values) -> bool:
    """Whether a group is there because the vendor wants it: it holds own apps and devices, and does not ring."""
    return group.get("enabled") is False and all(_is_own(one) for one in group["targets"])


def key_of(target: Values) -> list[str]:
    """What tells a target from others: its type, and what it names."""
    return [
        str(target.get("type")),
        references.last(str(target.get("extension_id", ""))),
        str(target.get("device_id", "")),
        str(number_there(target["phone_number"])) if target.get("phone_number") else "",
        str(target.get("integration", "")),
    ]


def _meaning_of_group(group: Values) -> list[Any]:
    seconds, on = int(group.get("duration_seconds", DEFAULT_SECONDS)), group.get("enabled", True)
    return [seconds, on, sorted(key_of(one) for one in group["targets"])]


def _meaning_of_groups(groups: Iterable[Values]) -> list[Any]:
    return [_meaning_of_group(one) for one in groups if not _fills_in(one)]


def _same_recording(there: Values, wanted: Values) -> bool:
    """A recording that the program does not name is the vendor's to choose."""
    if "custom_id" in wanted:
        return bool(there.get("custom_id") == wanted["custom_id"])
    return "preset_id" not in wanted or bool(there.get("preset_id") == wanted["preset_id"])


# To the vendor


def laid_over(dispatching: Json, wanted: Values, extension: str) -> Json:
    """The whole dispatching with the wanted arguments laid over what is there, as it is sent."""
    actions = [_sendable_action(one, extension) for one in parts(dispatching.get("actions"))]
    first = [one for one in actions if one["type"] not in (RING_GROUP, RING_ALWAYS, TERMINATING)]
    for name, type_ in PROMPTS.items():
        if name in wanted:
            first = _with_prompt(first, type_, wanted[name])
    if wanted.keys() & {"screening", "screening_result"}:
        first = _with_screening(first, wanted)
    whole: Json = {
        "type": wanted.get("dispatching", dispatching.get("type")),
        "actions": [*first, *_rings(actions, wanted, extension), *_ending(actions, wanted, extension)],
    }
    if "queue_calls" in wanted:
        whole["callTypes"] = {"queueCallsIncluded": wanted["queue_calls"]}
    elif "callTypes" in dispatching:
        whole["callTypes"] = dispatching["callTypes"]
    return whole


def with_both_ends(dispatching: Json) -> Json:
    """Says where a call goes in either case, as some rules must: into voicemail where nobody has said anything."""
    return {
        **dispatching,
        "actions": [
            {**dict.fromkeys((which for which, _ in ENDS.values()), VOICEMAIL), **one}
            if one.get("type") == TERMINATING
            else one
            for one in parts(dispatching.get("actions"))
        ],
    }


def why_nowhere(dispatching: Json) -> str:
    """Why callers might have nowhere to go; empty when they have. The vendor wants voicemail in every rule, and a
    target that acts must be there."""
    for action in _of(parts(dispatching.get("actions")), TERMINATING):
        there = [(one.get("type"), one.get("dispatchingType")) for one in parts(action.get("targets"))]
        if (VOICEMAIL, None) not in there:
            return "it would have no voicemail, which the vendor wants in every rule"
        for which, mode in ENDS.values():
            acting = action.get(which)
            if acting is not None and not {(acting, None), (acting, mode)} & {*there}:
                return f"its {which} would be {acting}, of which it has none"
    return ""


def sendable(dispatching: Json, extension: str) -> Json:
    """A dispatching as it was read, in the form in which it can be sent back."""
    return laid_over(dispatching, {}, extension)


def _sendable_action(action: Json, extension: str) -> Json:
    if "targets" not in action:
        return dict(action)
    return {**action, "targets": [_sendable_target(one, extension) for one in parts(action["targets"])]}


def _sendable_target(one: Json, extension: str) -> Json:
    """Without the names and numbers that answers add."""
    target = {name: value for name, value in one.items() if name != "name" or one.get("type") in _NAMED}
    if "mailbox" in target:
        target["extension"] = target.pop("mailbox")
    if one.get("type") == "HotdeskRingTarget":
        return {"type": one["type"]}
    for name, field in (("device", "id"), ("extension", "id"), ("integration", "type")):
        if isinstance(target.get(name), dict):
            target[name] = {field: target[name].get(field)}
    if str(part(target.get("extension")).get("id")) == extension and one.get("type") in _OWN:
        del target["extension"]  # with an extension, it would be a co-worker's
    return target


def _sent_target(target: Values) -> Json:
    body: Json = {"type": target["type"]}
    if "extension_id" in target:
        body["extension"] = {"id": references.last(target["extension_id"])}
    if "device_id" in target:
        body["device"] = {"id": target["device_id"]}
    if "phone_number" in target:
        body["destination"] = {"phoneNumber": str(target["phone_number"])}
    if "integration" in target:
        body["integration"] = {"type": target["integration"]}
    return {**body, "name": target["name"]} if "name" in target else body


def _rings(actions: Sequence[Json], wanted: Values, extension: str) -> list[Json]:
    """What rings; own apps and devices that are wanted nowhere go into groups that do not."""
    groups, always = _of(actions, RING_GROUP), _of(actions, RING_ALWAYS)
    own = [
        one for action in (*groups, *always) for one in parts(action.get("targets")) if _is_own(_target(one, extension))
    ]
    if "always_ring" in wanted:
        apps = [{"type": app} for app in wanted["always_ring"]]
        always = [{"type": RING_ALWAYS, "enabled": True, "targets": apps}] if apps else []
    if "ring_groups" in wanted:
        groups = [_sent_group(one) for one in wanted["ring_groups"]]
        always = _without(always, groups, extension) if "always_ring" not in wanted else always
    groups = _without(groups, always, extension)
    placed = _keys((*groups, *always), extension)
    missing = [one for one in own if key_of(_target(one, extension)) not in placed]
    return [*always, *groups, *(_sent_group({"enabled": False}, [one]) for one in missing)]


def _keys(actions: Iterable[Json], extension: str) -> list[list[str]]:
    return [key_of(_target(one, extension)) for action in actions for one in parts(action.get("targets"))]


def _without(actions: Iterable[Json], others: Iterable[Json], extension: str) -> list[Json]:
    """Actions without the targets that others hold: an own app is in one place only."""
    taken = _keys(others, extension)
    left = [
        {**one, "targets": [target for target in one["targets"] if key_of(_target(target, extension)) not in taken]}
        for one in actions
    ]
    return [one for one in left if one["targets"]]


def _sent_group(group: Values, targets: list[Json] | None = None) -> Json:
    return {
        "type": RING_GROUP,
        "enabled": group.get("enabled", True),
        "targets": [_sent_target(one) for one in group["targets"]] if targets is None else targets,
        "duration": int(group.get("duration_seconds", DEFAULT_SECONDS)),
    }


def _ending(actions: Sequence[Json], wanted: Values, extension: str) -> list[Json]:
    endings = _of(actions, TERMINATING) or [{"type": TERMINATING, "targets": []}]
    action = dict(endings[0])
    for name, (which, mode) in ENDS.items():
        if name in wanted:
            action = _with_end(action, which, mode, wanted[name])
    return [action]


def _with_end(action: Json, which: str, mode: str, wanted: Values) -> Json:
    type_ = wanted["type"]
    mode_of = {} if type_ == VOICEMAIL else {"dispatchingType": mode}
    there = [one for one in action["targets"] if one.get("type") == type_]
    present = [one for one in there if one.get("dispatchingType") in (None, mode)]
    target = {**_sent_target({k: v for k, v in wanted.items() if k not in ("preset_id", "custom_id")}), **mode_of}
    if type_ in (VOICEMAIL, ANNOUNCEMENT):
        known = [part(one.get("prompt")) for one in (*present, *there)]
        target["prompt"] = {"greeting": _sent_recording(wanted, part(known[0].get("greeting")) if known else {})}
    others = [one for one in action["targets"] if one not in present]
    return {**action, "targets": [*others, target], which: type_}


def _sent_recording(wanted: Values, there: Json) -> Json:
    """The vendor wants one of its own recordings even beside one of the user's."""
    preset = wanted.get("preset_id") or part(there.get("preset")).get("id")
    if preset is None:
        raise DeclarationError("ringex: preset_id is missing: the rule has no recording yet that could stay.")
    if "custom_id" in wanted:
        custom = {"custom": {"id": wanted["custom_id"]}}
        return {"effectiveGreetingType": "Custom", "preset": {"id": preset}, **custom}
    stays = "preset_id" not in wanted and bool(there)
    return there if stays else {"effectiveGreetingType": "Preset", "preset": {"id": preset}}


def _with_prompt(first: Sequence[Json], type_: str, wanted: Values) -> list[Json]:
    there: Json = next((part(one.get("greeting")) for one in _of(first, type_)), {})
    action = {"type": type_, "enabled": wanted.get("enabled", True), "greeting": _sent_recording(wanted, there)}
    return _replaced(first, action)


def _with_screening(first: Sequence[Json], wanted: Values) -> list[Json]:
    start = {"type": SCREENING, "enabled": False, "screening": "NoCallerId", "screeningResult": "AskToAnswer"}
    action = {**start, **next(iter(_of(first, SCREENING)), {})}
    word = wanted.get("screening")
    if word is not None:
        action["enabled"] = word != "Off"
        action["screening"] = action["screening"] if word == "Off" else word
    if "screening_result" in wanted:
        action["screeningResult"] = wanted["screening_result"]
    return _replaced(first, action)


def _replaced(actions: Sequence[Json], action: Json) -> list[Json]:
    if not _of(actions, action["type"]):
        return [*actions, action]
    return [action if one["type"] == action["type"] else one for one in actions]
