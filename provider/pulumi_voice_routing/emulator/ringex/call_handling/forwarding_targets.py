"""Forwarding targets: what any rule of an extension rings, and who rings a device (EV-12..14)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...problems import Problem, invalid
from ...routing import Call, Family, Operation
from ...schema import Record, many, text
from ...store import Store
from ...vendors import RINGEX
from ..extensions import EXTENSION, not_found
from .dispatching import devices_of, is_own
from .records import CALLS, PAGING, paged, rules_of, user_of
from .shapes import DESKTOP, FORWARDING_TARGETS, MOBILE


def _rung(store: Store, extension: Record) -> Iterator[Record]:
    """What the rules ring, as this call names it: a co-worker's apps are one target, own apps are none."""
    for _kind, rule in rules_of(store, extension):
        for action in rule["dispatching"]["actions"]:
            if action["type"].startswith("Ring"):
                yield from (one for target in action["targets"] if (one := _named(extension, target)))


def _named(extension: Record, target: Record) -> Record | None:
    if target["type"] in (MOBILE, DESKTOP):
        own = is_own(extension, target)
        return None if own else {"type": "CoworkerAppsRingTarget", "extension": target["extension"]}
    return None if target["type"] == "HotdeskRingTarget" else target


def _key(target: Record) -> str:
    """What tells one target from another: its type, and the ids and numbers in it."""
    parts = {
        "device": target.get("device", {}).get("id"),
        "extension": target.get("extension", {}).get("id"),
        "integration": target.get("integration", {}).get("type"),
        "destination": target.get("destination"),
    }
    return json.dumps([target["type"], parts], sort_keys=True)


def _list(call: Call) -> Record:
    extension = user_of(call)
    targets = {_key(target): target for target in _rung(call.store, extension)}
    own_left_out = call.query.get("excludeOwnTargets") == "true"
    return paged(
        call,
        [
            _shown(call.store, extension, target)
            for target in targets.values()
            if not (own_left_out and target["type"] == "DeviceRingTarget" and is_own(extension, target))
        ],
    )


def _shown(store: Store, extension: Record, target: Record) -> Record:
    named = {name: value for name, value in target.items() if name != "name"}
    if target["type"] != "DeviceRingTarget":
        return named
    holder = store.get(EXTENSION, target.get("extension", {}).get("id")) or extension
    device = next((one for one in devices_of(store, holder) if one["id"] == target["device"]["id"]), target["device"])
    return named | {"device": device, "name": device.get("name", "Device")}


def _remove(call: Call) -> Record:
    """Each target by itself: one that fails stops no other."""
    extension = user_of(call)
    targets = many("records", required=True, by="type", variants=FORWARDING_TARGETS)
    return {"records": [_removed(call.store, extension, target) for target in call.body((targets,))["records"]]}


def _removed(store: Store, extension: Record, target: Record) -> Record:
    try:
        _take_out(store, extension, target)
    except Problem as problem:
        error = {"errorCode": problem.code or "CMN-101", "message": problem.message}
        return {"bulkItemSuccessful": False, "bulkItemErrors": [error], "bulkItem": target}
    return {"bulkItemSuccessful": True, "bulkItem": target}


def _take_out(store: Store, extension: Record, target: Record) -> None:
    if target["type"] == "DeviceRingTarget" and is_own(extension, target):
        raise invalid("device.id", "an own device cannot be removed", target["device"]["id"])
    if _key(target) not in {_key(one) for one in _rung(store, extension)}:
        raise Problem(404, "No rule has this target", code="CMN-102")
    for kind, rule in list(rules_of(store, extension)):
        actions = [_without(extension, action, target) for action in rule["dispatching"]["actions"]]
        kept = [action for action in actions if action.get("targets", True)]
        store.replace(kind, rule | {"dispatching": rule["dispatching"] | {"actions": kept}})


def _without(extension: Record, action: Record, target: Record) -> Record:
    if not action["type"].startswith("Ring"):
        return action

    def is_it(one: Record) -> bool:
        named = _named(extension, one)
        return named is not None and _key(named) == _key(target)

    return action | {"targets": [one for one in action["targets"] if not is_it(one)]}


def _ringing(call: Call) -> Record:
    """The other extensions whose rules ring a device of this one."""
    extension = user_of(call)
    device = call.params["deviceId"]
    if device not in {one["id"] for one in devices_of(call.store, extension)}:
        raise not_found("deviceId", device)
    wanted = _key({"type": "DeviceRingTarget", "device": {"id": device}, "extension": {"id": extension["extensionId"]}})
    found = [
        {"id": other["extensionId"]}
        for other in call.store.all(EXTENSION)
        if wanted in {_key(target) for target in _rung(call.store, other)}
    ]
    return {"referencedExtensions": found}


_ALL = f"{CALLS}/voice/forwarding-targets"
_OWN = text("excludeOwnTargets", enum=("true", "false"))

FAMILY = Family(
    vendor=RINGEX,
    operations=(
        Operation("EV-12", "GET", _ALL, _list, group="Medium", query=(_OWN, *PAGING)),
        Operation("EV-13", "DELETE", _ALL, _remove, group="Medium", takes="json"),
        Operation("EV-14", "GET", f"{_ALL}/devices/{{deviceId}}/extensions", _ringing, group="Medium"),
    ),
)
