"""Interaction rules: what happens to the calls of some callers, to some numbers, at some times (EV-07..11)."""

from __future__ import annotations

import re
from dataclasses import replace

from ...problems import invalid
from ...routing import Call, Family, Operation
from ...schema import Field, Record, flag, text
from ...vendors import RINGEX, Reply
from ..extensions import not_found
from .dispatching import completed, shown
from .records import CALLS, INTERACTION_RULE, PAGING, add_rule, paged, shown_state, user_of
from .schedules import kept
from .shapes import CALL_TYPES, DISPATCHING, RULE_CONDITIONS
from .telling import told_rules

_DISPATCHING = replace(DISPATCHING, fields=(*DISPATCHING.fields, CALL_TYPES))
_FIELDS: tuple[Field, ...] = (
    text("displayName", required=True),
    flag("enabled", required=True),
    RULE_CONDITIONS,
    _DISPATCHING,
)


def _shown(call: Call, extension: Record, rule: Record) -> Record:
    conditions = [
        {"type": "State", "state": shown_state(call.store, extension, one["state"]["id"])}
        if one["type"] == "State"
        else one
        for one in rule["conditions"]
    ]
    return {
        **{name: rule[name] for name in ("id", "displayName", "enabled")},
        "conditions": conditions,
        "dispatching": shown(call.store, extension, rule["dispatching"]),
    }


def _rules(call: Call, extension: Record) -> list[Record]:
    return call.store.where(INTERACTION_RULE, "extensionId", extension["extensionId"])


def _rule(call: Call, extension: Record) -> Record:
    for rule in _rules(call, extension):
        if rule["id"] == call.params["ruleId"]:
            return rule
    raise not_found("ruleId", call.params["ruleId"])


def _list(call: Call) -> Record:
    extension = user_of(call)
    rules = [
        rule
        for rule in _rules(call, extension)
        if (rule["enabled"] or not call.query["enabled"])
        and (not call.query["hasReference"] or any(one["type"] == "State" for one in rule["conditions"]))
    ]
    answers = [_shown(call, extension, rule) for rule in rules]
    if call.world.switches.interaction_rules_by_reference:
        for answer in answers:
            del answer["dispatching"]
            answer["dispatchingRef"] = {"ruleId": answer["id"]}
    return paged(call, answers)


def _get(call: Call) -> Record:
    extension = user_of(call)
    return _shown(call, extension, _rule(call, extension))


def _create(call: Call) -> Reply:
    extension = user_of(call)
    rule = add_rule(call.store, extension, _kept(call, extension, call.body(_FIELDS)))
    return Reply(201, _shown(call, extension, rule))


def _update(call: Call) -> Record:
    extension = user_of(call)
    rule = _rule(call, extension)
    body = _kept(call, extension, call.body(_FIELDS, needs="nothing"))
    return _shown(call, extension, call.store.replace(INTERACTION_RULE, rule | body))


def _delete(call: Call) -> Reply:
    call.store.remove(INTERACTION_RULE, _rule(call, user_of(call)))
    return Reply(204)


def _kept(call: Call, extension: Record, body: Record) -> Record:
    if "conditions" in body:
        body = body | {"conditions": _conditions(call, extension, body["conditions"])}
    if "dispatching" in body:
        body = body | {"dispatching": completed(call.store, extension, "interaction", body["dispatching"])}
    return body


def _conditions(call: Call, extension: Record, conditions: list[Record]) -> list[Record]:
    """All of them must match, and there is one of each type at most."""
    types = [one["type"] for one in conditions]
    if len(set(types)) < len(types):
        raise invalid("conditions", "there is one condition of each type at most", types)
    if "State" in types and "Interaction" not in types:
        raise invalid("conditions", "a state stands together with a caller or a called number", types)
    own = {re.sub(r"\D", "", number) for number in extension["phoneNumbers"]}
    result = []
    for one in conditions:
        if one["type"] == "Interaction":
            if not one["from"] and not one["to"]:
                raise invalid("conditions", "names no caller and no called number")
            for number in one["to"]:
                if not number.startswith("+") or number[1:] not in own:
                    raise invalid("conditions.to", "is no number of this extension", number)
            if any("name" not in caller for caller in one["from"]):
                raise invalid("conditions.from.name", "is required")
            result.append(one)
        else:
            result.append(one | {"schedule": kept(call, one["schedule"])} if one["type"] == "Schedule" else one)
    return result


_ALL = f"{CALLS}/voice/interaction-rules"
_ONE = f"{_ALL}/{{ruleId}}"
_FILTERS = (flag("enabled", default=False), flag("hasReference", default=False))

FAMILY = Family(
    vendor=RINGEX,
    tells={"EV-07": told_rules, "EV-09": told_rules},
    kinds=(INTERACTION_RULE,),
    operations=(
        Operation("EV-07", "GET", _ALL, _list, group="Medium", query=(*_FILTERS, *PAGING)),
        Operation("EV-08", "POST", _ALL, _create, group="Medium", takes="json"),
        Operation("EV-09", "GET", _ONE, _get, group="Medium"),
        Operation("EV-10", "PATCH", _ONE, _update, group="Medium", takes="json"),
        Operation("EV-11", "DELETE", _ONE, _delete, group="Medium"),
    ),
)
