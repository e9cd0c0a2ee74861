"""Paths and bodies of the newer call handling, as the vendor's reference has them."""

from __future__ import annotations

from typing import Any

from tests.emulator.conftest import Api
from tests.ringex.test_emulator import code

Json = dict[str, Any]

USER = "/restapi/v2/accounts/~/extensions/100003"
CALLS = f"{USER}/comm-handling"
STATES, RULES = f"{CALLS}/states", f"{CALLS}/voice/state-rules"
INTERACTIONS, TARGETS = f"{CALLS}/voice/interaction-rules", f"{CALLS}/voice/forwarding-targets"
FLIPS = f"{USER}/call-flip-numbers"
OLD = "/restapi/v1.0/account/~/extension/100003"
NUMBER = "+13035550104"
"""The number of the moved extension."""
DEVICE = "700003"
OFFICE = {"triggerType": "Weekly", "ranges": {"monday": [{"startTime": "08:00:00", "endTime": "17:00:00"}]}}
ALWAYS = {"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}


def greeting(id_: str = "590080", **more: Any) -> Json:
    return {"effectiveGreetingType": "Preset", "preset": {"id": id_}, **more}


def rings(*targets: Json, **more: Any) -> Json:
    return {"type": "RingGroupAction", "enabled": True, "targets": list(targets), "duration": 20, **more}


MOBILE, DESKTOP = {"type": "AllMobileRingTarget"}, {"type": "AllDesktopRingTarget"}
DESK = {"type": "DeviceRingTarget", "device": {"id": DEVICE}}
VOICEMAIL = {"type": "VoiceMailTerminatingTarget", "prompt": {"greeting": greeting()}}
OUTSIDE = {"destination": {"phoneNumber": "+13035550177"}}
MODES = {"Ringing": "ringingTargetType", "Terminating": "terminatingTargetType"}


def ends(*targets: Json, **modes: str) -> Json:
    """The end of a dispatching; voicemail is in every menu, and acts where nothing else is said."""
    acting = dict.fromkeys(MODES.values(), VOICEMAIL["type"]) | modes
    return {"type": "TerminatingAction", "targets": [VOICEMAIL, *targets], **acting}


def dispatching(*actions: Json, type_: str = "RingInOrder", end: Json | None = None, **more: Any) -> Json:
    own = [rings(MOBILE), rings(DESKTOP), rings(DESK)]
    return {"type": type_, "actions": [*own, *actions, ends() if end is None else end], **more}


def rule(**changes: Any) -> Json:
    callers = [{"phoneNumber": "+13035550170", "name": "Main customer"}]
    conditions = [{"type": "Interaction", "from": callers, "to": []}]
    return {"displayName": "VIPs", "enabled": True, "conditions": conditions, "dispatching": dispatching()} | changes


def schedule(*triggers: Json) -> list[Json]:
    return [{"type": "Schedule", "schedule": {"triggers": list(triggers)}}]


def patch(api: Api, path: str, **body: Any) -> Any:
    return api.ok("PATCH", path, json=body)


def wrong(api: Api, method: str, path: str, body: Any) -> tuple[int, str, str | None]:
    return code(api.call(method, path, json=body))


def made(api: Api, **changes: Any) -> str:
    """A new interaction rule's path."""
    response = api.call("POST", INTERACTIONS, json=rule(**changes))
    assert response.status_code == 201, response.text
    return f"{INTERACTIONS}/{response.json()['id']}"


def groups(shown: Json) -> list[tuple[list[str], int, bool]]:
    """What rings: names, seconds, whether it is on."""
    return [
        ([one["name"] for one in action["targets"]], action["duration"], action["enabled"])
        for action in shown["dispatching"]["actions"]
        if action["type"] == "RingGroupAction"
    ]


def action(shown: Json, type_: str) -> Json:
    (found,) = (one for one in shown["dispatching"]["actions"] if one["type"] == type_)
    return dict(found)
