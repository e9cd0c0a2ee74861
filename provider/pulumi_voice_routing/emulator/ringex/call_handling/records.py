"""What an extension with the newer call handling holds: states, state rules, interaction rules.

The state `after-hours` is no record: it is there while the work hours leave hours over. Its rule is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...problems import Problem, invalid
from ...routing import Call
from ...schema import Record, flag, text, whole
from ...store import Kind, Store
from ..extensions import EXTENSION, USER_TYPES, extension_of, not_found
from .dispatching import default
from .schedules import ALWAYS, OFFICE_HOURS, condition, is_always
from .shapes import CALL_TYPES, DISPATCHING, RULE_CONDITIONS, STATE_CONDITIONS, STATE_NAMES

AFTER, WORK, AGENT, FORWARD, DND = "after-hours", "work-hours", "agent", "forward-all-calls", "dnd"
WRITABLE = tuple(state for state in STATE_NAMES if state != AFTER)
PATH = "/restapi/v2/accounts/{accountId}/extensions/{extensionId}"
CALLS = f"{PATH}/comm-handling"
_FIRST_RULE_ID = 400_133_463_000
_STORED_DISPATCHING = replace(DISPATCHING, fields=(*DISPATCHING.fields, CALL_TYPES))


def _complete_rule(_store: Store, rule: Record) -> Record:
    told = {name: value for name, value in rule.items() if value is not None}
    return {"id": str(_FIRST_RULE_ID + rule["number"]), **told}


STATE = Kind(
    name="RingExState",
    id_field="number",
    fields=(
        whole("number"),
        text("id", required=True, enum=WRITABLE),
        flag("enabled", default=True),
        replace(STATE_CONDITIONS, required=True),
    ),
    links={"extensionId": EXTENSION.name},
)
STATE_RULE = Kind(
    name="RingExStateRule",
    id_field="number",
    fields=(
        whole("number"),
        text("id", required=True, enum=tuple(STATE_NAMES)),
        replace(_STORED_DISPATCHING, required=False),
    ),
    links={"extensionId": EXTENSION.name},
    complete=lambda store, rule: _checked_rule(store, rule),
)
"""A rule without a dispatching borrows that of the work hours; only that of the agent may."""
INTERACTION_RULE = Kind(
    name="RingExInteractionRule",
    id_field="number",
    fields=(
        whole("number"),
        text("id"),
        text("displayName", required=True),
        flag("enabled", required=True),
        RULE_CONDITIONS,
        _STORED_DISPATCHING,
    ),
    links={"extensionId": EXTENSION.name},
    complete=_complete_rule,
)


def _checked_rule(_store: Store, rule: Record) -> Record:
    if rule.get("dispatching") is None:
        if rule["id"] != AGENT:
            raise invalid("dispatching", "is required")
        return {name: value for name, value in rule.items() if name != "dispatching"}
    return rule


# Whose they are


def user_of(call: Call) -> Record:
    """The path's extension, if it has the newer call handling."""
    extension = extension_of(call)
    if not extension["newCallHandling"] or extension["type"] not in USER_TYPES:
        raise Problem(404, "States not found", code="CMN-102")
    return extension


def state_of(store: Store, extension: Record, id: str) -> Record | None:
    """A state's record, if there is such a state now."""
    states = store.where(STATE, "extensionId", extension["extensionId"])
    return next((one for one in states if one["id"] == id), None)


def rule_of(store: Store, extension: Record, id: str) -> Record | None:
    """A state's rule, if there is such a state now."""
    rules = store.where(STATE_RULE, "extensionId", extension["extensionId"])
    return next((one for one in rules if one["id"] == id), None)


def rules_of(store: Store, extension: Record) -> Iterator[tuple[Kind, Record]]:
    """Every rule with a dispatching of its own."""
    for kind in (STATE_RULE, INTERACTION_RULE):
        for rule in store.where(kind, "extensionId", extension["extensionId"]):
            if "dispatching" in rule:
                yield kind, rule


def shown_state(store: Store, extension: Record, id: str) -> Record:
    """A state as it is answered; one that is referred to comes with its conditions."""
    state = state_of(store, extension, id) or {"enabled": True, "conditions": []}
    conditions = [
        {"type": "State", "state": _reference(store, extension, one["state"]["id"])} if one["type"] == "State" else one
        for one in state["conditions"]
    ]
    return {"id": id, "displayName": STATE_NAMES[id], "enabled": state["enabled"], "conditions": conditions}


def _reference(store: Store, extension: Record, id: str) -> Record:
    whole_state = shown_state(store, extension, id)
    return {name: whole_state[name] for name in ("id", "displayName", "conditions")}


# What the vendor makes and removes by itself


def set_work_hours(store: Store, extension: Record, conditions: list[Record]) -> None:
    """Keeps the schedule. Hours that are left over have a rule; with none left it is gone, whatever it said."""
    state = state_of(store, extension, WORK) or {}
    store.replace(STATE, state | {"conditions": conditions})
    after = rule_of(store, extension, AFTER)
    if is_always(conditions) and after is not None:
        store.remove(STATE_RULE, after)
    elif not is_always(conditions) and after is None:
        dispatching = default(store, extension, AFTER)
        store.add(STATE_RULE, {"extensionId": extension["extensionId"], "id": AFTER, "dispatching": dispatching})


def add_states(store: Store, extension: Record) -> None:
    """The states and rules that every user has, as far as they are not there yet."""
    off = extension["dndStatus"] == "DoNotAcceptAnyCalls"
    hours = OFFICE_HOURS if rule_of(store, extension, AFTER) else ALWAYS
    _add_state(store, extension, FORWARD, enabled=False, conditions=[condition(ALWAYS)])
    _add_state(store, extension, DND, enabled=off, conditions=[condition(ALWAYS)])
    _add_state(store, extension, WORK, enabled=True, conditions=[condition(hours)])
    if extension["inQueue"]:
        reference = [{"type": "State", "state": {"id": WORK}}]
        _add_state(store, extension, AGENT, enabled=True, conditions=reference)
    set_work_hours(store, extension, (state_of(store, extension, WORK) or {})["conditions"])


def _add_state(store: Store, extension: Record, id: str, *, enabled: bool, conditions: list[Record]) -> None:
    """A state and its rule; that of the agent borrows from the work hours."""
    link = {"extensionId": extension["extensionId"]}
    if state_of(store, extension, id) is None:
        store.add(STATE, {**link, "id": id, "enabled": enabled, "conditions": conditions})
    if rule_of(store, extension, id) is None:
        own = {} if id == AGENT else {"dispatching": default(store, extension, id)}
        store.add(STATE_RULE, {**link, "id": id, **own})


def add_rule(store: Store, extension: Record, rule: Record) -> Record:
    """A new interaction rule, with its id."""
    record = store.add(INTERACTION_RULE, {"extensionId": extension["extensionId"], **rule})
    return store.replace(INTERACTION_RULE, _complete_rule(store, record))


# Pages


def paged(call: Call, rows: list[Record]) -> Record:
    """One page; there are no links to other pages."""
    page, size = call.query["page"], min(call.query["perPage"], 1000)
    start = (page - 1) * size
    shown = rows[start : start + size]
    paging: Record = {"page": page, "perPage": size, "totalPages": -(-len(rows) // size), "totalElements": len(rows)}
    if shown:
        paging |= {"pageStart": start, "pageEnd": start + len(shown) - 1}
    return {"records": shown, "paging": paging}


PAGING = (whole("page", default=1, minimum=1, maximum=1000), whole("perPage", default=100, minimum=1))


def unknown_state(id: str) -> Problem:
    """404 for a state that is not there."""
    return not_found("stateId", id)
