"""What happens to a call: the content that a dispatching must have, what the server adds, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...problems import invalid
from ...schema import Record
from ...store import Store
from ..extensions import EXTENSION, not_found, refused
from ..forwarding_numbers import NUMBER
from ..greetings import GREETING
from .shapes import ANNOUNCEMENT, DESKTOP, MOBILE, PROMPTS, RINGING, TERMINATING, VOICEMAIL

RING = ("RingAtOnce", "RingInOrder")
TERMINATE = "Terminate"
TYPES = {
    "forward-all-calls": (TERMINATE,),
    "dnd": (TERMINATE,),
    "agent": RING,
    "work-hours": RING,
    "after-hours": (*RING, TERMINATE),
    "interaction": (*RING, TERMINATE),
}
"""The types of dispatching that each state, and an interaction rule, can have."""
_SWITCHES = ("forward-all-calls", "dnd")
"""States whose rules ring nothing."""
_OWN_APPS = {MOBILE: ("CHF-211", "mobile"), DESKTOP: ("CHF-212", "desktop")}


# Devices


def devices_of(store: Store, extension: Record) -> list[Record]:
    """An extension's desk phones: those of its record, and those that its forwarding numbers ring."""
    devices = {one["id"]: one for one in extension["devices"]}
    for number in store.where(NUMBER, "extensionId", extension["extensionId"]):
        if number.get("device") and number["type"] == "PhoneLine":
            known = {"id": number["device"]["id"], "name": number["label"], "phoneNumber": number.get("phoneNumber")}
            devices.setdefault(known["id"], {name: value for name, value in known.items() if value})
    return list(devices.values())


# Defaults


def greeting(preset: str, custom: str = "") -> Record:
    """A greeting of the vendor's, or of the user's own."""
    if custom:
        return {"effectiveGreetingType": "Custom", "preset": {"id": preset}, "custom": {"id": custom}}
    return {"effectiveGreetingType": "Preset", "preset": {"id": preset}}


def first_actions() -> list[Record]:
    """What comes before the ringing. All of it starts disabled."""
    return [
        *({"type": name, "enabled": False, "greeting": greeting(preset)} for name, preset in PROMPTS.items()),
        {
            "type": "ScreeningAction",
            "enabled": False,
            "screening": "NoCallerId",
            "screeningResult": "AskToAnswer",
        },
    ]


def ring_group(*targets: Record, duration: int = 20, enabled: bool = True) -> Record:
    """Targets that ring together."""
    return {
        "type": "RingGroupAction",
        "enabled": enabled,
        "targets": list(targets),
        "duration": duration,
        "customStartOffset": 0,
    }


def ending(acting: str = VOICEMAIL) -> Record:
    """The menu of a new rule; `acting` takes the call in either case."""
    return {
        "type": "TerminatingAction",
        "targets": [
            {"type": VOICEMAIL, "prompt": {"greeting": greeting("590080")}},
            {"type": ANNOUNCEMENT, "dispatchingType": TERMINATING, "prompt": {"greeting": greeting("66560")}},
            {"type": ANNOUNCEMENT, "dispatchingType": RINGING, "prompt": {"greeting": greeting("66816")}},
        ],
        "ringingTargetType": acting,
        "terminatingTargetType": acting,
    }


def default(store: Store, extension: Record, state: str) -> Record:
    """The dispatching that a state rule starts with."""
    if state in _SWITCHES:
        return {"type": TERMINATE, "actions": [ending()]}
    targets: list[Record] = [{"type": MOBILE}, {"type": DESKTOP}]
    targets += [{"type": "DeviceRingTarget", "device": {"id": one["id"]}} for one in devices_of(store, extension)]
    rings = [ring_group(target) for target in targets]
    return {"type": "RingInOrder", "actions": [*first_actions(), *rings, ending()]}


# Checks


def completed(store: Store, extension: Record, state: str, body: Record) -> Record:
    """The dispatching of a request as it is kept, or the vendor's refusal."""
    _check_type(state, body["type"])
    actions = [_with_defaults(action) for action in body["actions"]]
    for one in _greetings(actions):
        _check_greeting(store, extension, one)
    for target in _targets(actions):
        _check_target(store, extension, target)
    _check_ending(state, body["type"], actions)
    if state in _SWITCHES:
        if len(actions) != 1:
            raise invalid("actions", f"the rule of {state} has one TerminatingAction, and nothing else")
        return body | {"actions": actions}
    _check_once(actions)
    _check_own(store, extension, actions)
    order = [one["type"] for one in first_actions()]
    first = {one["type"]: one for one in (*first_actions(), *(one for one in actions if one["type"] in order))}
    rings = [one for one in actions if one["type"].startswith("Ring")]
    endings = [one for one in actions if one["type"] == "TerminatingAction"]
    return body | {"actions": [*first.values(), *rings, *endings]}


def _with_defaults(action: Record) -> Record:
    missing: dict[str, Record] = {
        "ScreeningAction": {"screeningResult": "AskToAnswer"},
        "RingGroupAction": {"customStartOffset": 0},
    }
    return missing.get(action["type"], {}) | action


def _check_type(state: str, type_: str) -> None:
    if type_ not in TYPES[state]:
        raise invalid("type", f"must be one of {', '.join(TYPES[state])}", type_)


def _greetings(actions: list[Record]) -> Iterator[Record]:
    for action in actions:
        for holder in (action, *(target.get("prompt", {}) for target in action.get("targets", ()))):
            if "greeting" in holder:
                yield holder["greeting"]


def _check_greeting(store: Store, extension: Record, one: Record) -> None:
    source = one.get("effectiveGreetingType")
    if source not in ("Preset", "Custom"):
        raise refused("CMN-414", "Parameter [effectiveGreetingType] is wrong", "effectiveGreetingType")
    if source == "Custom":
        known = {str(own["id"]) for own in store.where(GREETING, "extensionId", extension["extensionId"])}
        if one.get("custom", {}).get("id") not in known:
            raise invalid("custom.id", "is no greeting of this extension", one.get("custom"))


def _targets(actions: list[Record]) -> Iterator[Record]:
    for action in actions:
        yield from action.get("targets", ())


def _check_target(store: Store, extension: Record, target: Record) -> None:
    own = extension["extensionId"]
    named = target.get("extension", {}).get("id")
    if named is not None and store.get(EXTENSION, named) is None:
        raise not_found("extensionId", named)
    if named == own and target["type"] in ("CoworkerRingTarget", "ExtensionTerminatingTarget"):
        raise invalid("extension.id", "is the extension itself", named)
    if target["type"] == "DeviceRingTarget":
        holder = store.get(EXTENSION, named or own) or {}
        if target["device"]["id"] not in {one["id"] for one in devices_of(store, holder)}:
            raise not_found("deviceId", target["device"]["id"])


def _check_ending(state: str, type_: str, actions: list[Record]) -> None:
    endings = [one for one in actions if one["type"] == "TerminatingAction"]
    if len(endings) != 1:
        raise invalid("actions", "must have one TerminatingAction")
    (action,) = endings
    entries = [(one["type"], one.get("dispatchingType", "")) for one in action["targets"]]
    if (VOICEMAIL, "") not in entries:
        raise invalid("actions", f"must have a terminating action with {VOICEMAIL}")
    if len(set(entries)) < len(entries):
        raise invalid("targets", "two entries have the same type and dispatchingType")
    modes = {"ringingTargetType": RINGING, "terminatingTargetType": TERMINATING}
    for name, mode in modes.items():
        if name in action and not {(action[name], mode), (action[name], "")} & set(entries):
            raise invalid(name, f"names no target for {mode}", action[name])
    for name in modes if state == "after-hours" else _acting(state, type_):
        if name not in action:
            raise invalid(name, "is required")


def _acting(state: str, type_: str) -> tuple[str, ...]:
    """Which target type must be there: what an agent does not answer goes on in the queue."""
    if type_ == TERMINATE:
        return ("terminatingTargetType",)
    return () if state == "agent" else ("ringingTargetType",)


def _check_once(actions: list[Record]) -> None:
    single = [one["type"] for one in actions if not one["type"].startswith("Ring")]
    for name in single:
        if single.count(name) > 1:
            raise invalid("actions", f"{name} is there twice")


def is_own(extension: Record, target: Record) -> bool:
    """Whether an app or a device is the extension's own."""
    own: str = extension["extensionId"]
    return bool(target.get("extension", {}).get("id", own) == own)


def _check_own(store: Store, extension: Record, actions: list[Record]) -> None:
    """The user's own apps and devices must be there, each of them once."""
    rings = [one for action in actions if action["type"].startswith("Ring") for one in action["targets"]]
    own = [one for one in rings if is_own(extension, one)]
    for type_, (code, app) in _OWN_APPS.items():
        times = sum(one["type"] == type_ for one in own)
        if times != 1:
            raise refused(code, f"The user's {app} apps must be there once, and are there {times} times", "actions")
    there = [one["device"]["id"] for one in own if one["type"] == "DeviceRingTarget"]
    for device in devices_of(store, extension):
        if device["id"] not in there:
            raise refused("CMN-100", f"The user's device {device['id']} is missing", "actions")
        if there.count(device["id"]) > 1:
            raise invalid("actions", f"the device {device['id']} is there twice")


# Answers


def shown(store: Store, extension: Record, dispatching: Record) -> Record:
    """With the names that the vendor adds to every target."""
    actions = [
        action | {"targets": [_shown_target(store, extension, one) for one in action["targets"]]}
        if "targets" in action
        else action
        for action in dispatching["actions"]
    ]
    return dispatching | {"actions": actions}


def _shown_target(store: Store, extension: Record, target: Record) -> Record:
    named = store.get(EXTENSION, target.get("extension", {}).get("id")) or {}
    phone = target.get("destination", {}).get("phoneNumber")
    names: dict[str, Callable[[], str]] = {
        MOBILE: lambda: f"{named['name']} mobile apps" if named else "My mobile apps",
        DESKTOP: lambda: f"{named['name']} desktop" if named else "My desktop",
        VOICEMAIL: lambda: f"Voicemail of {named['name']}" if named else "Voicemail",
        ANNOUNCEMENT: lambda: "Announcement",
        "IntegrationRingTarget": lambda: str(target["integration"]["type"]),
    }
    if target["type"] == "DeviceRingTarget":
        devices = devices_of(store, named or extension)
        device = next((one for one in devices if one["id"] == target["device"]["id"]), target["device"])
        return {"name": device.get("name", "Device"), **target, "device": device}
    if target["type"] == "HotdeskRingTarget":
        desk = {"id": f"9{extension['extensionId']}", "name": "Hot desk"}
        return {"name": desk["name"], **target, "device": desk}
    name = names.get(target["type"], lambda: str(named.get("name") or phone))()
    return {"name": name, **target}
