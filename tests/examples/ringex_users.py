"""RingEX: states, state rules and interaction rules of users with the newer call handling."""

from __future__ import annotations

from typing import Any

from tests.emulated import ACCOUNT, Emulated, Json
from tests.examples import Example, Instance, Values, number, ref

DESK, OTHER, THIRD = "100003", "100006", "100007"
"""Users that were moved: with a desk phone and a call queue; with limited hours; and one more."""
HOURS = {"monday": [{"from": "09:00", "to": "17:00"}], "saturday": [{"from": "10:00", "to": "24:00"}]}
MOBILE, DESKTOP = {"type": "AllMobileRingTarget"}, {"type": "AllDesktopRingTarget"}
VOICEMAIL = {"type": "VoiceMailTerminatingTarget"}


def api(portal: Emulated, method: str, extension: str, path: str, body: Any = None) -> Any:
    """One call of the newer call handling, as the portal would make it."""
    root = f"/restapi/v2/accounts/{ACCOUNT}/extensions/{extension}/comm-handling"
    return portal.call(method, f"{root}/{path}", body)


def with_users(portal: Emulated) -> None:
    """Two more users that were moved, beside the one with a desk phone."""
    state = portal.state()
    state["objects"]["RingExExtension"] += [
        {"extensionId": OTHER, "newCallHandling": True, "limitedHours": True, "phoneNumbers": ["+13035550116"]},
        {"extensionId": THIRD, "newCallHandling": True, "limitedHours": True, "phoneNumbers": ["+13035550117"]},
    ]
    portal.put_state(state)


def as_sent(dispatching: Json) -> Json:
    """A dispatching as it was read, without what answers add to its targets."""
    actions = [
        {**action, "targets": [_as_sent(one) for one in action["targets"]]} if "targets" in action else action
        for action in dispatching["actions"]
    ]
    return {**dispatching, "actions": actions}


def _as_sent(target: Json) -> Json:
    named = target["type"] in ("PhoneNumberRingTarget", "PhoneNumberTerminatingTarget")
    body = {name: value for name, value in target.items() if named or name != "name"}
    return {**body, "device": {"id": body["device"]["id"]}} if "device" in body else body


def _clock(time: str) -> str:
    return "23:59:59" if time == "24:00" else f"{time}:00"


def _windows(hours: list[Values]) -> list[Json]:
    return [{"startTime": _clock(one["from"]), "endTime": _clock(one["to"])} for one in hours]


def _schedule(schedule: Values) -> Json:
    if "daily" in schedule:
        (window,) = _windows([schedule["daily"]])
        trigger: Json = {"triggerType": "Daily", **window}
    elif "weekly" in schedule:
        weekly = {day: _windows(hours) for day, hours in schedule["weekly"].items()}
        trigger = {"triggerType": "Weekly", "ranges": weekly}
    else:
        ranges = [{"startDateTime": one["from"], "endDateTime": one["to"]} for one in schedule["ranges"]]
        trigger = {"triggerType": "Range", "ranges": ranges}
    names = {"starts": "startDateTime", "ends": "endDateTime"}
    return {"triggers": [trigger], **{wire: schedule[name] for name, wire in names.items() if name in schedule}}


def _target(one: Values) -> Json:
    """A target by what it names."""
    places = {"extension_id": "extension", "device_id": "device", "phone_number": "phone", "integration": "system"}
    named = {wire: number(one[name]) for name, wire in places.items() if name in one}
    recordings = {name: one[name] for name in ("preset_id", "custom_id") if name in one}
    return {"type": one["type"], **named, **recordings}


def _held_target(one: Json) -> Json:
    greeting = one.get("prompt", {}).get("greeting", {})
    word = {"Preset": "preset", "Custom": "custom"}.get(greeting.get("effectiveGreetingType"))
    held = {
        "type": one["type"],
        "extension": one.get("extension", {}).get("id"),
        "device": one.get("device", {}).get("id"),
        "phone": one.get("destination", {}).get("phoneNumber"),
        "system": one.get("integration", {}).get("type"),
        f"{word}_id": greeting[word]["id"] if word else None,
    }
    return {name: value for name, value in held.items() if value is not None}


_PROMPTS = {
    "welcome": "PlayWelcomePromptAction",
    "connecting_message": "PlayConnectingMessageAction",
    "connecting_audio": "PlayConnectingPromptAction",
}


def _wire_of_dispatching(args: Values) -> Json:
    body: Json = {"type": args["dispatching"]} if "dispatching" in args else {}
    if "ring_groups" in args:
        body["rings"] = [
            {
                "targets": sorted((_target(one) for one in group["targets"]), key=str),
                "duration": group.get("duration_seconds", 20),
                "enabled": group.get("enabled", True),
            }
            for group in args["ring_groups"]
        ]
        if args["dispatching"] == "RingAtOnce":
            body["rings"] = sorted(body["rings"], key=str)
    if "always_ring" in args:
        body["always"] = args["always_ring"]
    for name in ("no_answer_target", "immediate_target"):
        if name in args:
            body[name] = _target(args[name])
    for name in _PROMPTS:
        if name in args:
            body[name] = {"enabled": True, **args[name]}
    if "screening" in args:
        body["screening"] = args["screening"]
    if "screening_result" in args:
        body["screening_result"] = args["screening_result"]
    return {**body, "queue_calls": args["queue_calls"]} if "queue_calls" in args else body


def held_dispatching(dispatching: Json) -> Json:
    """What a dispatching does, without what the vendor wants in it and does nothing."""
    by_type: dict[str, list[Json]] = {}
    for action in dispatching["actions"]:
        by_type.setdefault(action["type"], []).append(action)
    groups = [
        {
            "targets": sorted((_held_target(one) for one in action["targets"]), key=str),
            "duration": action["duration"],
            "enabled": action["enabled"],
        }
        for action in by_type.get("RingGroupAction", [])
    ]
    own = {"AllMobileRingTarget", "AllDesktopRingTarget", "DeviceRingTarget"}
    rings = [one for one in groups if one["enabled"] or not {target["type"] for target in one["targets"]} <= own]
    held: Json = {
        "type": dispatching["type"],
        "rings": sorted(rings, key=str) if dispatching["type"] == "RingAtOnce" else rings,
        "always": [one["type"] for action in by_type.get("RingAlwaysGroupAction", []) for one in action["targets"]],
        "queue_calls": dispatching.get("callTypes", {}).get("queueCallsIncluded"),
    }
    (ending,) = by_type["TerminatingAction"]
    modes = {
        "no_answer_target": ("ringingTargetType", "Ringing"),
        "immediate_target": ("terminatingTargetType", "Terminating"),
    }
    for name, (which, mode) in modes.items():
        acting = [
            one
            for one in ending["targets"]
            if one["type"] == ending.get(which) and one.get("dispatchingType", mode) == mode
        ]
        held[name] = _held_target(acting[0]) if acting else None
    for name, type_ in _PROMPTS.items():
        for action in by_type.get(type_, []):
            told = _held_target({"type": "", "prompt": action})
            held[name] = {"enabled": action["enabled"], **{key: one for key, one in told.items() if key != "type"}}
    for action in by_type.get("ScreeningAction", []):
        held["screening"] = action["screening"] if action["enabled"] else "Off"
        held["screening_result"] = action["screeningResult"]
    return held


class OfState(Example):
    """What is there already is never made and never ends: it is over when it is as it was at first."""

    id_field, key = "id", ("extensionId", "id")

    _first: Json

    def remember(self, portal: Emulated) -> None:
        with_users(portal)
        self._first = {f"{one['extensionId']}/{one['id']}": one for one in portal.records(self.kind)}

    def record(self, portal: Emulated, id_: str) -> Json | None:
        return next(
            (one for one in portal.records(self.kind) if (one["extensionId"], one["id"]) == tuple(id_.split("/")[1:])),
            None,
        )

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        there = self.record(portal, id_) or {}
        first = {name: value for name, value in self._first[id_.partition("/")[2]].items() if name != "number"}
        return {**there, **first} == there


class CallHandlingStateExample(OfState):
    token = "ringex:CallHandlingState"
    kind = "RingExState"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        self.remember(portal)
        christmas = {"from": "2030-12-24T00:00:00", "to": "2030-12-27T00:00:00"}
        return {
            "made": Instance(
                {"extension_id": ref("100003"), "state": "agent", "schedule": {"weekly": HOURS}},
                {"schedule": {"daily": {"from": "08:00", "to": "20:00"}}, "on_delete": "restore"},
                existing=ref(DESK, "agent"),
            ),
            "hours": Instance(
                {"extension_id": OTHER, "state": "work-hours", "schedule": {"weekly": HOURS}},
                {"schedule": {"daily": {"from": "09:00", "to": "18:00"}}},
                {"extension_id": ref(THIRD)},
                existing=ref(OTHER, "work-hours"),
            ),
            "forwards": Instance(
                {"extension_id": ref(DESK), "state": "forward-all-calls", "schedule": {"ranges": [christmas]}},
                {"enabled": True, "schedule": {"daily": {"from": "00:00", "to": "06:00"}}},
                existing=ref(DESK, "forward-all-calls"),
            ),
            "disturbs": Instance(
                {"extension_id": ref(OTHER), "state": "dnd", "enabled": True},
                {"enabled": False},
                {"state": "forward-all-calls"},
                existing=ref(OTHER, "dnd"),
            ),
        }

    def wire(self, args: Values) -> Json:
        body: Json = {"enabled": args["enabled"]} if "enabled" in args else {}
        if "schedule" in args:
            body["conditions"] = [{"type": "Schedule", "schedule": _schedule(args["schedule"])}]
        return body

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return self.record(portal, id_)

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        hours = {"daily": {"from": "10:00", "to": "12:00"}}
        body = {"conditions": [{"type": "Schedule", "schedule": _schedule(hours)}]}
        api(portal, "PATCH", DESK, "states/agent", body)
        return {"schedule": hours}

    def remove(self, portal: Emulated, id_: str) -> None:
        """Out of the call queue, the user has no state of an agent."""
        self._in_queue(portal, now=False)

    def prepare_again(self, portal: Emulated, id_: str) -> None:
        self._in_queue(portal, now=True)

    def _in_queue(self, portal: Emulated, *, now: bool) -> None:
        state = portal.state()
        for extension in state["objects"]["RingExExtension"]:
            if extension["extensionId"] == DESK:
                extension["inQueue"] = now
        for kind in ("RingExState", "RingExStateRule"):
            records = state["objects"][kind]
            state["objects"][kind] = [one for one in records if (one["extensionId"], one["id"]) != (DESK, "agent")]
        portal.put_state(state)


class CallHandlingStateRuleExample(OfState):
    token = "ringex:CallHandlingStateRule"
    kind = "RingExStateRule"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        self.remember(portal)
        outside = {"type": "PhoneNumberRingTarget", "phone_number": "+13035550160", "name": "Home"}
        return {
            "made": Instance(
                {
                    "extension_id": ref(OTHER),
                    "state": "after-hours",
                    "dispatching": "RingInOrder",
                    "ring_groups": [{"targets": [MOBILE, outside]}, {"targets": [DESKTOP], "duration_seconds": 10}],
                },
                {
                    "dispatching": "RingAtOnce",
                    "ring_groups": [
                        {"targets": [{"type": "CoworkerRingTarget", "extension_id": ref("100002")}]},
                        {"targets": [outside], "enabled": False},
                        {"targets": [MOBILE], "duration_seconds": 30},
                    ],
                    "always_ring": ["AllDesktopRingTarget"],
                    "no_answer_target": {"type": "ExtensionTerminatingTarget", "extension_id": ref("100005")},
                    "welcome": {"preset_id": "66301"},
                    "connecting_message": {"enabled": True},
                    "connecting_audio": {"enabled": True, "preset_id": "66310"},
                    "screening": "Always",
                    "screening_result": "PlayCallerNameOnly",
                    "on_delete": "restore",
                },
                existing=ref(OTHER, "after-hours"),
            ),
            "agent": Instance(
                {
                    "extension_id": DESK,
                    "state": "agent",
                    "dispatching": "RingAtOnce",
                    "ring_groups": [{"targets": [{"type": "DeviceRingTarget", "device_id": "700003"}]}],
                },
                {"ring_groups": [{"targets": [MOBILE]}, {"targets": [DESKTOP]}]},
                existing=ref(DESK, "agent"),
            ),
            "ends": Instance(
                {
                    "extension_id": ref(DESK),
                    "state": "forward-all-calls",
                    "dispatching": "Terminate",
                    "immediate_target": {"type": "PhoneNumberTerminatingTarget", "phone_number": "+13035550180"},
                },
                {"immediate_target": {**VOICEMAIL, "extension_id": ref("100002"), "preset_id": "65792"}},
                {"extension_id": ref(THIRD), "state": "dnd"},
                existing=ref(DESK, "forward-all-calls"),
            ),
        }

    def wire(self, args: Values) -> Json:
        return _wire_of_dispatching(args)

    def held(self, portal: Emulated, id_: str) -> Json | None:
        there = self.record(portal, id_)
        return None if there is None or "dispatching" not in there else held_dispatching(there["dispatching"])

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        rule = api(portal, "GET", OTHER, "voice/state-rules/after-hours")
        actions = [
            {**one, "enabled": False} if one["type"] == "ScreeningAction" else one
            for one in rule["dispatching"]["actions"]
            if not any(target["type"] == "CoworkerRingTarget" for target in one.get("targets", ()))
        ]
        body = {"dispatching": as_sent({**rule["dispatching"], "actions": actions})}
        api(portal, "PATCH", OTHER, "voice/state-rules/after-hours", body)
        groups = [one for one in args["ring_groups"] if one["targets"][0]["type"] != "CoworkerRingTarget"]
        return {"ring_groups": groups, "screening": "Off"}

    def remove(self, portal: Emulated, id_: str) -> None:
        """Opened around the clock, an extension has no rule for after hours."""
        self._open(portal, {"daily": {"from": "00:00", "to": "24:00"}})

    def prepare_again(self, portal: Emulated, id_: str) -> None:
        """The vendor makes a new rule for after hours, whatever the old one was."""
        self._open(portal, {"weekly": HOURS})
        self._first[f"{OTHER}/after-hours"] = self.record(portal, id_) or {}

    def _open(self, portal: Emulated, schedule: Values) -> None:
        body = {"conditions": [{"type": "Schedule", "schedule": _schedule(schedule)}]}
        api(portal, "PATCH", OTHER, "states/work-hours", body)


def interaction_rule(portal: Emulated, name: str) -> str:
    """A new interaction rule's id; it is for one caller, and rings as the work hours do."""
    like = api(portal, "GET", DESK, "voice/state-rules/work-hours")["dispatching"]
    body = {
        "displayName": name,
        "enabled": True,
        "conditions": [{"type": "Interaction", "from": [{"phoneNumber": "+13035550150", "name": "Ann"}], "to": []}],
        "dispatching": as_sent(like),
    }
    return str(api(portal, "POST", DESK, "voice/interaction-rules", body)["id"])


class InteractionRuleExample(Example):
    token = "ringex:InteractionRule"
    kind, id_field, key = "RingExInteractionRule", "id", ("extensionId", "displayName")
    creates = "EV-08"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        with_users(portal)
        here = ref(DESK)
        outside = {"type": "PhoneNumberRingTarget", "phone_number": "+13035550160", "name": "Home"}
        desk = {"type": "DeviceRingTarget", "device_id": "700003"}
        return {
            "made": Instance(
                {
                    "extension_id": here,
                    "name": "VIPs",
                    "callers": [{"caller_id": "+1 303 555 0170", "name": "Zoe"}, {"caller_id": "13035550169"}],
                    "dispatching": "RingInOrder",
                    "ring_groups": [{"targets": [outside, desk]}],
                    "no_answer_target": VOICEMAIL,
                },
                {
                    "name": "Very important",
                    "enabled": True,
                    "callers": [{"caller_id": "+13035550171"}, {"caller_id": "+13035550168", "name": "Adam"}],
                    "called_numbers": ["+13035550104"],
                    "schedule": {
                        "weekly": HOURS,
                        "starts": "2030-01-01T00:00:00",
                        "ends": "2030-12-31T00:00:00",
                    },
                    "dispatching": "RingAtOnce",
                    "ring_groups": [{"targets": [MOBILE, outside], "duration_seconds": 25}],
                    "always_ring": ["AllDesktopRingTarget"],
                    "no_answer_target": {"type": "PlayAnnouncementTerminatingTarget", "preset_id": "66816"},
                    "welcome": {"preset_id": "66301"},
                    "connecting_message": {"enabled": False},
                    "connecting_audio": {"enabled": True},
                    "screening": "UnknownCallerId",
                    "screening_result": "AskToAnswer",
                    "queue_calls": True,
                },
            ),
            "ends": Instance(
                {
                    "extension_id": DESK,
                    "name": "To the team",
                    "called_numbers": ["+13035550104"],
                    "state": "work-hours",
                    "dispatching": "Terminate",
                    "immediate_target": {"type": "ExtensionTerminatingTarget", "extension_id": ref("100005")},
                },
                {"state": "after-hours", "immediate_target": VOICEMAIL},
            ),
            "moves": Instance(
                {
                    "extension_id": ref(OTHER),
                    "name": "Christmas",
                    "schedule": {"ranges": [{"from": "2030-12-24T00:00:00", "to": "2030-12-27T00:00:00"}]},
                },
                {"enabled": False},
                {"extension_id": ref(THIRD)},
            ),
            "adopted": Instance(
                {"extension_id": here, "name": "Sales", "callers": [{"caller_id": "+13035550151"}], "adopt": True},
                {"enabled": False},
                existing=ref(DESK, interaction_rule(portal, "Sales")),
            ),
            "named": Instance(
                {
                    "extension_id": here,
                    "name": "Billing",
                    "callers": [{"caller_id": "+13035550150", "name": "Ann"}],
                    "adopt_id": (id_ := ref(DESK, interaction_rule(portal, "Biling"))),
                },
                {"screening": "NoCallerId"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        body = {
            wire: args[name] for name, wire in {"name": "displayName", "enabled": "enabled"}.items() if name in args
        }
        if "callers" in args:
            plus = [(one, "+" + "".join(filter(str.isdigit, one["caller_id"]))) for one in args["callers"]]
            body["from"] = [{"phoneNumber": said, "name": one.get("name", said)} for one, said in plus]
        if "called_numbers" in args:
            body["to"] = args["called_numbers"]
        if "schedule" in args:
            body["schedule"] = _schedule(args["schedule"])
        if "state" in args:
            body["state"] = args["state"]
        return {**body, "does": _wire_of_dispatching(args)}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        there = portal.record(self.kind, self.id_field, number(id_))
        if there is None:
            return None
        held = {name: there[name] for name in ("displayName", "enabled")}
        for one in there["conditions"]:
            if one["type"] == "Interaction":
                held |= {"from": one["from"], "to": one["to"]}
            elif one["type"] == "Schedule":
                held["schedule"] = one["schedule"]
            else:
                held["state"] = one["state"]["id"]
        return {**held, "does": held_dispatching(there["dispatching"])}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"voice/interaction-rules/{number(id_)}"
        callers = [{"phoneNumber": "+13035550199", "name": ""}]
        rule = api(portal, "GET", DESK, path)
        others = [one for one in rule["conditions"] if one["type"] != "Interaction"]
        changed = {"type": "Interaction", "from": callers, "to": args["called_numbers"]}
        api(portal, "PATCH", DESK, path, {"enabled": False, "conditions": [changed, *others]})
        return {"enabled": False, "callers": [{"caller_id": "+13035550199"}]}

    def remove(self, portal: Emulated, id_: str) -> None:
        api(portal, "DELETE", DESK, f"voice/interaction-rules/{number(id_)}")
