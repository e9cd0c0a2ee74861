"""RingEX users with the newer call handling: states, state rules, interaction rules, and what goes with them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable
from typing import Any

from tests.second_server.answers import MOST_ROWS, UNKNOWN_FIELD
from tests.second_server.calls import GONE, Call, Reply, answers
from tests.second_server.ringex import E, missing
from tests.second_server.store import Record, Store

X = "/restapi/v2/accounts/{account}/extensions/{extension}"
C = f"{X}/comm-handling"
USERS, STATES, STATE_RULES, RULES, FLIP, GREETINGS = (
    "RingExExtension",
    "RingExState",
    "RingExStateRule",
    "RingExInteractionRule",
    "RingExFlipNumber",
    "RingExGreeting",
)
WORK, AFTER, AGENT, FORWARD, DND = "work-hours", "after-hours", "agent", "forward-all-calls", "dnd"
_CALLED = {
    WORK: "Work Hours",
    AFTER: "After Hours",
    AGENT: "Agent",
    FORWARD: "Forward all calls",
    DND: "Do not disturb",
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAILY = {"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}
_WEEKLY = {"triggerType": "Weekly", "ranges": {"tuesday": [{"startTime": "08:30:00", "endTime": "12:00:00"}]}}
_RINGS = ("RingGroupAction", "RingAlwaysGroupAction")
_OWN = ("AllMobileRingTarget", "AllDesktopRingTarget", "DeviceRingTarget")
_NAMED = ("PhoneNumberRingTarget", "PhoneNumberTerminatingTarget")

FIRST_OBJECTS: dict[str, list[Record]] = {
    USERS: [
        {"extensionId": "100003", "newCallHandling": True, "limitedHours": True, "inQueue": True, "devices": ["700003"]}
    ],
    **{kind: [] for kind in (STATES, STATE_RULES, RULES, FLIP, GREETINGS)},
}


# What a user has from the beginning


def complete(store: Store) -> None:
    """The states and rules of every user that was moved, as far as they are not there."""
    for user in store.all(USERS):
        if user.get("newCallHandling"):
            _complete(store, user)


def _complete(store: Store, user: Record) -> None:
    extension = user["extensionId"]
    hours = _WEEKLY if user.get("limitedHours") else _DAILY
    _add(store, STATES, extension, WORK, {"enabled": True, "conditions": [_schedule(hours)]})
    _add(store, STATES, extension, FORWARD, {"enabled": False, "conditions": [_schedule(_DAILY)]})
    _add(store, STATES, extension, DND, {"enabled": False, "conditions": [_schedule(_DAILY)]})
    _add(store, STATE_RULES, extension, WORK, {"dispatching": _kept(_rings(user))})
    for state in (FORWARD, DND):
        _add(store, STATE_RULES, extension, state, {"dispatching": _kept(_ends())})
    if user.get("inQueue"):
        like = [{"type": "State", "state": {"id": WORK}}]
        _add(store, STATES, extension, AGENT, {"enabled": True, "conditions": like})
        _add(store, STATE_RULES, extension, AGENT, {})
    _follow_hours(store, extension)


def _follow_hours(store: Store, extension: str) -> None:
    """Around the clock there is no time after hours, and no rule for it."""
    hours = _one(store, STATES, extension, WORK)
    rule = _one(store, STATE_RULES, extension, AFTER)
    always = hours is not None and hours["conditions"] == [_schedule(_DAILY)]
    if always and rule is not None:
        store.all(STATE_RULES).remove(rule)
    elif not always:
        user = store.find(USERS, "extensionId", extension) or {}
        _add(store, STATE_RULES, extension, AFTER, {"dispatching": _kept(_rings(user))})


def _add(store: Store, kind: str, extension: str, id_: str, fields: Record) -> None:
    if _one(store, kind, extension, id_) is None:
        key = f"{extension}/{id_}"
        store.all(kind).append({"key": key, "extensionId": extension, "id": id_, **copy.deepcopy(fields)})


def _one(store: Store, kind: str, extension: str, id_: str) -> Record | None:
    return store.find(kind, "key", f"{extension}/{id_}")


def _schedule(trigger: Record) -> Record:
    return {"type": "Schedule", "schedule": {"triggers": [trigger]}}


def _greeting(preset: str) -> Record:
    return {"effectiveGreetingType": "Preset", "preset": {"id": preset}}


def _voicemail() -> Record:
    return {"type": "VoiceMailTerminatingTarget", "prompt": {"greeting": _greeting("71001")}}


def _announcement(when: str) -> Record:
    return {
        "type": "PlayAnnouncementTerminatingTarget",
        "dispatchingType": when,
        "prompt": {"greeting": _greeting("71002")},
    }


def _ends() -> Record:
    targets = [_voicemail(), _announcement("Terminating")]
    acts = {"type": "TerminatingAction", "targets": targets, "terminatingTargetType": "VoiceMailTerminatingTarget"}
    return {"type": "Terminate", "actions": [acts]}


def _rings(user: Record) -> Record:
    """Mobile apps and devices together, and a desktop app that could ring all the time."""
    devices = [{"type": "DeviceRingTarget", "device": {"id": one}} for one in user.get("devices", ())]
    together = [{"type": "AllMobileRingTarget"}, *devices]
    voicemail = "VoiceMailTerminatingTarget"
    targets = [_voicemail(), *map(_announcement, ("Ringing", "Terminating"))]
    return {
        "type": "RingAtOnce",
        "actions": [
            {"type": "PlayConnectingMessageAction", "enabled": False, "greeting": _greeting("71003")},
            {"type": "PlayConnectingPromptAction", "enabled": False, "greeting": _greeting("71004")},
            {"type": "PlayWelcomePromptAction", "enabled": False, "greeting": _greeting("71005")},
            {
                "type": "ScreeningAction",
                "enabled": False,
                "screening": "UnknownCallerId",
                "screeningResult": "AskToAnswer",
            },
            {"type": "TerminatingAction", "targets": targets, "ringingTargetType": voicemail},
            {"type": "RingAlwaysGroupAction", "enabled": False, "targets": [{"type": "AllDesktopRingTarget"}]},
            {"type": "RingGroupAction", "enabled": True, "duration": 15, "targets": together},
        ],
    }


# Keeping


def _kept(body: Record) -> Record:
    """A dispatching as it was sent, but for fields that answers add. The order says nothing of what does not ring, and
    of what rings together."""
    kept: Record = _known(body)
    for action in kept["actions"]:
        for target in action.get("targets", ()):
            if target["type"] not in _NAMED:
                target.pop("name", None)
        if "targets" in action:
            action["targets"].sort(key=lambda one: json.dumps(one, sort_keys=True))
    rings = [one for one in kept["actions"] if one["type"] in _RINGS]
    others = sorted((one for one in kept["actions"] if one["type"] not in _RINGS), key=lambda one: str(one["type"]))
    return {**kept, "actions": [*others, *rings]}


def _known(value: Any) -> Any:
    if isinstance(value, list):
        return [_known(one) for one in value]
    if not isinstance(value, dict):
        return value
    known = {name: _known(one) for name, one in value.items() if name != UNKNOWN_FIELD and one is not None}
    if "monday" in known or "sunday" in known:
        known = {day: hours for day, hours in known.items() if hours}
    return {**known, "id": str(known["id"])} if "id" in known else known


# Showing


def _shown(call: Call, user: str, value: Any) -> Any:
    """Anything in the chosen ways, however deep."""
    if isinstance(value, list):
        return [_shown(call, user, one) for one in value]
    if not isinstance(value, dict):
        return value
    one = {name: _shown(call, user, inner) for name, inner in value.items()}
    if "plus_signs" in call.ways and isinstance(one.get("phoneNumber"), str):
        one["phoneNumber"] = one["phoneNumber"].removeprefix("+")
    if "ids_as_numbers" in call.ways and str(one.get("id", "")).isdigit():
        one["id"] = int(one["id"])
    if "type" in one and "extra_fields" in call.ways:
        one[UNKNOWN_FIELD] = {"kinds": ["a"]}
    return dict(reversed(one.items())) if "reordered" in call.ways else one


def _shown_dispatching(call: Call, extension: str, dispatching: Record) -> Record:
    shown = copy.deepcopy(dispatching)
    for action in shown["actions"]:
        action["targets"] = call.answers.ordered(
            [_shown_target(call, extension, one) for one in action.get("targets", ())]
        )
        if not action["targets"]:
            del action["targets"]
    if "nulls" in call.ways:
        shown["callTypes"] = shown.get("callTypes")
    if "reordered" in call.ways:
        shown["actions"] = [
            *(one for one in shown["actions"] if one["type"] in _RINGS),
            *(one for one in reversed(shown["actions"]) if one["type"] not in _RINGS),
        ]
    return shown


def _shown_target(call: Call, extension: str, target: Record) -> Record:
    target = {"name": f"A {target['type']}", **target}
    if target["type"] == "DeviceRingTarget":
        target["device"] = {"name": "Desk", "phoneNumber": "+13035550113", **target["device"]}
    if target["type"] == "IntegrationRingTarget":
        target["integration"] = {"phoneNumber": "+13035550114", **target["integration"]}
    if target["type"] in (*_OWN, "VoiceMailTerminatingTarget") and "sparse" not in call.ways:
        target.setdefault("extension", {"id": extension})
    if "nulls" in call.ways and "prompt" in target:
        target["prompt"]["greeting"].setdefault("custom", None)
    return target


def _shown_conditions(call: Call, extension: str, conditions: Iterable[Record]) -> list[Record]:
    shown = [copy.deepcopy(one) for one in conditions]
    for one in shown:
        if one["type"] == "State":
            one["state"] = _shown_state(call, extension, one["state"]["id"])
        if one["type"] == "Interaction":
            one |= {name: call.answers.ordered(one[name]) for name in ("from", "to")}
        for trigger in one.get("schedule", {}).get("triggers", ()):
            trigger.update(_otherwise(call, trigger))
    return call.answers.ordered(shown)


def _otherwise(call: Call, trigger: Record) -> Record:
    """The same hours in another form."""
    if "times_otherwise" not in call.ways:
        return trigger
    if trigger["triggerType"] == "Weekly":
        days = [trigger["ranges"].get(day) for day in _DAYS]
        if days[0] and len(days[0]) == 1 and all(one == days[0] for one in days):
            trigger.pop("ranges")
            return {"triggerType": "Daily", **days[0][0]}
        return {**trigger, "ranges": {day: trigger["ranges"].get(day, []) for day in _DAYS}}
    if trigger["triggerType"] == "Range":
        names = ("startDateTime", "endDateTime")
        ranges = [{name: re.sub("Z?$", ".000Z", one[name]) for name in names} for one in trigger["ranges"]]
        return {**trigger, "ranges": ranges}
    return trigger


def _shown_state(call: Call, extension: str, state: str) -> Record:
    one = _one(call.store, STATES, extension, state) or {"enabled": True, "conditions": []}
    conditions = []
    for condition in one["conditions"]:
        if condition["type"] == "State":
            of = condition["state"]["id"]
            inner = _one(call.store, STATES, extension, of) or {"conditions": []}
            referred = {"id": of, "displayName": _CALLED[of], "conditions": copy.deepcopy(inner["conditions"])}
            conditions.append({"type": "State", "state": referred})
        else:
            conditions += _shown_conditions(call, extension, [condition])
    return {"id": state, "displayName": _CALLED[state], "enabled": one["enabled"], "conditions": conditions}


def _shown_state_rule(call: Call, one: Record) -> Record:
    extension, state = one["extensionId"], one["id"]
    held = one.get("dispatching") or (_one(call.store, STATE_RULES, extension, WORK) or {})["dispatching"]
    dispatching = _shown_dispatching(call, extension, held)
    shown = {"id": state, "displayName": _CALLED[state], "dispatching": dispatching}
    shown["state"] = _shown_state(call, extension, state)
    if "dispatching" not in one:
        shown["dispatchingRef"] = {"ruleId": WORK}
    elif "nulls" in call.ways:
        shown["dispatchingRef"] = None
    return shown


def _shown_rule(call: Call, one: Record, *, in_list: bool = False) -> Record:
    extension = one["extensionId"]
    shown = {name: one[name] for name in ("id", "displayName", "enabled")}
    shown["conditions"] = _shown_conditions(call, extension, one["conditions"])
    if in_list and "summaries" in call.ways:
        return {**shown, "dispatchingRef": {"ruleId": one["id"]}}
    return {**shown, "dispatching": _shown_dispatching(call, extension, one["dispatching"])}


def _paged(call: Call, extension: str, rows: list[Record]) -> Reply:
    page, size = int(call.query.get("page", 1)), int(call.query.get("perPage", 100))
    records = [_shown(call, extension, one) for one in call.answers.page(call.answers.ordered(rows), page, size, 1)]
    size = min(size, MOST_ROWS) if "small_pages" in call.ways else size
    paging: Record = {"perPage": size}
    if "no_totals" not in call.ways:
        paging |= {"page": page, "totalPages": max(1, -(-len(rows) // size)), "totalElements": len(rows)}
    return Reply(200, {"records": records, "paging": paging})


def _written(call: Call, extension: str, shown: Record, status: int = 200) -> Reply:
    if "silent_writes" in call.ways:
        return Reply(status, empty=True)
    return Reply(status, {"id": shown["id"]} if "bare_writes" in call.ways else _shown(call, extension, shown))


def _user(call: Call, extension: str) -> str:
    user = call.store.find(USERS, "extensionId", extension)
    if user is None or not user.get("newCallHandling"):
        raise missing("extensionId")
    return extension


def _there(call: Call, kind: str, extension: str, id_: str, parameter: str) -> Record:
    one = _one(call.store, kind, _user(call, extension), id_)
    if one is None:
        raise missing(parameter)
    return one


# States


@answers("GET", f"{C}/states")
def list_states(call: Call, account: str, extension: str) -> Reply:
    listed = call.store.listed(STATES, "key", late=call.late)
    rows = [_shown_state(call, extension, one["id"]) for one in listed if one["extensionId"] == _user(call, extension)]
    return _paged(call, extension, rows)


@answers("GET", f"{C}/states/{{state}}")
def get_state(call: Call, account: str, extension: str, state: str) -> Reply:
    _there(call, STATES, extension, state, "stateId")
    return Reply(200, _shown(call, extension, _shown_state(call, extension, state)))


@answers("PATCH", f"{C}/states/{{state}}")
def update_state(call: Call, account: str, extension: str, state: str) -> Reply:
    one = _there(call, STATES, extension, state, "stateId")
    finish = call.store.writing(STATES, "key", one["key"])
    one.update({name: _known(call.record[name]) for name in ("enabled", "conditions") if name in call.record})
    finish()
    if state == WORK:
        _follow_hours(call.store, extension)
    return _written(call, extension, _shown_state(call, extension, state))


# State rules


@answers("GET", f"{C}/voice/state-rules")
def list_state_rules(call: Call, account: str, extension: str) -> Reply:
    listed = call.store.listed(STATE_RULES, "key", late=call.late)
    rows = [_shown_state_rule(call, one) for one in listed if one["extensionId"] == _user(call, extension)]
    return _paged(call, extension, rows)


@answers("GET", f"{C}/voice/state-rules/{{state}}")
def get_state_rule(call: Call, account: str, extension: str, state: str) -> Reply:
    one = _there(call, STATE_RULES, extension, state, "stateId")
    return Reply(200, _shown(call, extension, _shown_state_rule(call, one)))


@answers("PATCH", f"{C}/voice/state-rules/{{state}}")
def update_state_rule(call: Call, account: str, extension: str, state: str) -> Reply:
    one = _there(call, STATE_RULES, extension, state, "stateId")
    finish = call.store.writing(STATE_RULES, "key", one["key"])
    if "dispatching" in call.record:
        one["dispatching"] = _kept(call.record["dispatching"])
    finish()
    return _written(call, extension, _shown_state_rule(call, one))


# Interaction rules


@answers("GET", f"{C}/voice/interaction-rules")
def list_rules(call: Call, account: str, extension: str) -> Reply:
    listed = call.store.listed(RULES, "key", late=call.late)
    rows = [_shown_rule(call, one, in_list=True) for one in listed if one["extensionId"] == _user(call, extension)]
    return _paged(call, extension, rows)


@answers("POST", f"{C}/voice/interaction-rules")
def create_rule(call: Call, account: str, extension: str) -> Reply:
    id_ = str(call.store.new_id())
    key = f"{_user(call, extension)}/{id_}"
    finish = call.store.writing(RULES, "key", key)
    one = {"key": key, "extensionId": extension, "id": id_}
    call.store.all(RULES).append(one)
    _take(one, call.record)
    finish()
    return _written(call, extension, _shown_rule(call, one), 201)


@answers("GET", f"{C}/voice/interaction-rules/{{rule}}")
def get_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    one = _there(call, RULES, extension, rule, "ruleId")
    return Reply(200, _shown(call, extension, _shown_rule(call, one)))


@answers("PATCH", f"{C}/voice/interaction-rules/{{rule}}")
def update_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    one = _there(call, RULES, extension, rule, "ruleId")
    finish = call.store.writing(RULES, "key", one["key"])
    _take(one, call.record)
    finish()
    return _written(call, extension, _shown_rule(call, one))


@answers("DELETE", f"{C}/voice/interaction-rules/{{rule}}")
def delete_rule(call: Call, account: str, extension: str, rule: str) -> Reply:
    one = _there(call, RULES, extension, rule, "ruleId")
    finish = call.store.writing(RULES, "key", one["key"])
    call.store.all(RULES).remove(one)
    finish()
    return GONE


def _take(one: Record, body: Record) -> None:
    one.update({name: _known(body[name]) for name in ("displayName", "enabled", "conditions") if name in body})
    if "dispatching" in body:
        one["dispatching"] = _kept(body["dispatching"])


# Who rings whom, call flip and recordings


def _ring_targets(call: Call, extension: str) -> list[Record]:
    rules = [one for kind in (STATE_RULES, RULES) for one in call.store.all(kind) if one["extensionId"] == extension]
    actions = [action for one in rules for action in one.get("dispatching", {}).get("actions", ())]
    targets = [target for action in actions if action["type"] in _RINGS for target in action["targets"]]
    return [one for one in targets if one["type"] not in ("AllMobileRingTarget", "AllDesktopRingTarget")]


@answers("GET", f"{C}/voice/forwarding-targets")
def list_targets(call: Call, account: str, extension: str) -> Reply:
    return _paged(call, extension, _ring_targets(call, _user(call, extension)))


@answers("DELETE", f"{C}/voice/forwarding-targets")
def remove_targets(call: Call, account: str, extension: str) -> Reply:
    """It takes none out, and says so."""
    error = {"errorCode": "CMN-101", "message": "Not now"}
    failed = [
        {"bulkItemSuccessful": False, "bulkItemErrors": [error], "bulkItem": one} for one in call.record["records"]
    ]
    return Reply(200, {"records": failed})


@answers("GET", f"{C}/voice/forwarding-targets/devices/{{device}}/extensions")
def list_device_users(call: Call, account: str, extension: str, device: str) -> Reply:
    users = [one["extensionId"] for one in call.store.all(USERS) if one["extensionId"] != extension]
    rung = {user: [one.get("device", {}).get("id") for one in _ring_targets(call, user)] for user in users}
    return Reply(200, {"referencedExtensions": [{"id": user} for user in users if device in rung[user]]})


@answers("GET", f"{X}/call-flip-numbers")
def list_flip(call: Call, account: str, extension: str) -> Reply:
    rows = [one for one in call.store.all(FLIP) if one["extensionId"] == extension]
    return Reply(200, {"records": [{name: one[name] for name in one if name != "extensionId"} for one in rows]})


@answers("PUT", f"{X}/call-flip-numbers")
def replace_flip(call: Call, account: str, extension: str) -> Reply:
    others = [one for one in call.store.all(FLIP) if one["extensionId"] != extension]
    sent = [{"id": str(call.store.new_id()), **one, "extensionId": extension} for one in call.record.get("records", ())]
    call.store.objects[FLIP] = [*others, *sent]
    return list_flip(call, account, extension)


@answers("POST", f"{E}/greeting")
def create_greeting(call: Call, account: str, extension: str) -> Reply:
    one = {"id": str(call.store.new_id()), "type": "Introductory", "contentType": "audio/mpeg"}
    call.store.all(GREETINGS).append(one)
    return Reply(200, one)


@answers("GET", f"{E}/greeting/{{greeting}}")
def get_greeting(call: Call, account: str, extension: str, greeting: str) -> Reply:
    one = call.store.find(GREETINGS, "id", greeting)
    if one is None:
        raise missing("greetingId")
    return Reply(200, one)


@answers("GET", "/restapi/v1.0/dictionary/greeting")
def list_standard_greetings(call: Call) -> Reply:
    return Reply(200, {"records": [{"id": "71001", "name": "Plain", "type": "Voicemail"}], "paging": {"page": 1}})


@answers("GET", "/restapi/v1.0/dictionary/greeting/{greeting}")
def get_standard_greeting(call: Call, greeting: str) -> Reply:
    return Reply(200, {"id": greeting, "name": "Plain", "type": "Voicemail"})


__all__ = ["FIRST_OBJECTS", "complete"]
