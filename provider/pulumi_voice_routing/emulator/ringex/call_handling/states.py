"""States: when each rule counts (EV-01..03), and the presence that follows `dnd`."""

from __future__ import annotations

from typing import Any

from ...problems import Problem, invalid
from ...routing import Call, Family, Operation, World
from ...schema import Check, Record, flag, text
from ...store import Store
from ...vendors import RINGEX
from ..extensions import DND as DND_STATUSES
from ..extensions import EXTENSION
from .records import (
    AFTER,
    AGENT,
    CALLS,
    DND,
    FORWARD,
    PAGING,
    STATE,
    WORK,
    WRITABLE,
    paged,
    rule_of,
    set_work_hours,
    shown_state,
    state_of,
    unknown_state,
    user_of,
)
from .schedules import kept
from .shapes import STATE_CONDITIONS, STATE_NAMES
from .telling import told_states

_TRIGGERS = {FORWARD: ("Daily", "Range"), AGENT: ("Weekly", "Daily"), WORK: ("Daily", "Weekly")}
"""The triggers of each state whose conditions can be written."""


def _list(call: Call) -> Record:
    extension = user_of(call)
    ids = [id for id in STATE_NAMES if id != AFTER and state_of(call.store, extension, id)]
    if rule_of(call.store, extension, AFTER):
        ids.append(AFTER)
    return paged(call, [shown_state(call.store, extension, id) for id in ids])


def _state(call: Call, extension: Record) -> Record:
    id = call.params["stateId"]
    state = state_of(call.store, extension, id) if id in WRITABLE else None
    if state is None:
        raise unknown_state(id)
    return state


def _get(call: Call) -> Record:
    extension = user_of(call)
    return shown_state(call.store, extension, _state(call, extension)["id"])


def _update(call: Call) -> Record:
    extension = user_of(call)
    state = _state(call, extension)
    id = state["id"]
    body = call.body((flag("enabled"), STATE_CONDITIONS))
    if "enabled" in body and id not in (FORWARD, DND) and not body["enabled"]:
        raise invalid("enabled", f"the state {id} cannot be switched off", body["enabled"])
    if "conditions" in body:
        body["conditions"] = [_kept(call, id, body["conditions"][0])]
    if id == WORK:
        set_work_hours(call.store, extension, (state | body)["conditions"])
    else:
        call.store.replace(STATE, state | body)
    if id == DND and "enabled" in body:
        _set_presence(call.store, extension, "DoNotAcceptAnyCalls" if body["enabled"] else "TakeAllCalls")
    return shown_state(call.store, extension, id)


def _kept(call: Call, id: str, condition: Record) -> Record:
    if id not in _TRIGGERS:
        raise invalid("conditions", f"the conditions of {id} cannot be written")
    if condition["type"] == "State":
        if id != AGENT or condition["state"]["id"] != WORK:
            raise invalid("conditions.type", "only agent refers to a state, and only to work-hours", "State")
        return condition
    triggers = condition["schedule"]["triggers"]
    for trigger in triggers:
        if trigger["triggerType"] not in _TRIGGERS[id]:
            must = f"must be one of {', '.join(_TRIGGERS[id])}"
            raise invalid("conditions.schedule.triggers.triggerType", must, trigger["triggerType"])
    if id == FORWARD and len(triggers) > 1:
        raise invalid("conditions.schedule.triggers", "forward-all-calls has one trigger at a time", len(triggers))
    return condition | {"schedule": kept(call, condition["schedule"])}


def _set_presence(store: Store, extension: Record, status: str) -> None:
    store.replace(EXTENSION, extension | {"dndStatus": status})


def _presence(world: World, sent: Any) -> Record:
    """The user changes the presence in an app, and the state follows: `{"extensionId": ..., "dndStatus": ...}`."""
    check = Check()
    fields = (text("extensionId", required=True), text("dndStatus", required=True, enum=DND_STATUSES))
    body = check.object(fields, sent, needs="create")
    check.done()
    extension = world.store.get(EXTENSION, body["extensionId"])
    if extension is None:
        raise Problem(400, f"extensionId: there is no extension {body['extensionId']}")
    _set_presence(world.store, extension, body["dndStatus"])
    state = state_of(world.store, extension, DND)
    if state is not None:
        world.store.replace(STATE, state | {"enabled": body["dndStatus"] == "DoNotAcceptAnyCalls"})
    return body


_ONE = f"{CALLS}/states/{{stateId}}"

FAMILY = Family(
    vendor=RINGEX,
    tells={"EV-01": told_states, "EV-02": told_states},
    kinds=(STATE,),
    operations=(
        Operation("EV-01", "GET", f"{CALLS}/states", _list, group="Medium", query=PAGING),
        Operation("EV-02", "GET", _ONE, _get, group="Medium"),
        Operation("EV-03", "PATCH", _ONE, _update, group="Medium", takes="json"),
    ),
    controls={"ringex/presence": _presence},
)
