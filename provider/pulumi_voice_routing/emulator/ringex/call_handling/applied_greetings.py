"""Creating a greeting, which also puts it on a rule (EV-20)."""

from __future__ import annotations

from ...problems import Problem, invalid
from ...routing import Call, Family, Operation
from ...schema import Record
from ...store import Kind
from ...vendors import RINGEX
from ..answering_rules import put_greeting
from ..extensions import extension_of, not_found
from ..greetings import APPLY, GREETINGS, create
from .dispatching import greeting as greeting_of
from .records import INTERACTION_RULE, STATE_RULE, rule_of, unknown_state
from .shapes import ANNOUNCEMENT, TERMINATING, VOICEMAIL

_STATES = {
    "after-hours": "after-hours",
    "work-hours": "work-hours",
    "do-not-disturb": "dnd",
    "forward-all-calls": "forward-all-calls",
    "agent": "agent",
}
_ACTIONS = {
    "Introductory": "PlayWelcomePromptAction",
    "ConnectingMessage": "PlayConnectingMessageAction",
    "ConnectingAudio": "PlayConnectingPromptAction",
}
_TARGETS = {"Voicemail": (VOICEMAIL, None), "Announcement": (ANNOUNCEMENT, TERMINATING)}


def _create(call: Call) -> Record:
    """All, or nothing: a greeting that fits on no rule is not kept."""
    before = call.store.copy()
    try:
        made = create(call)
        if call.query["apply"]:
            _apply(call, made)
    except Problem:
        call.store.become(before)
        raise
    return made


def _apply(call: Call, made: Record) -> None:
    extension = extension_of(call)
    parts = call.form("type", "binary", "text", "stateId", "interactionRuleId", "answeringRuleId", "answeringRule")
    if not extension["newCallHandling"]:
        put_greeting(call, str(parts.get("answeringRuleId") or parts.get("answeringRule", "")), made)
        return
    kind, rule = _rule(call, extension, parts.get("stateId"), parts.get("interactionRuleId"))
    dispatching = rule.get("dispatching")
    if dispatching is None:
        raise invalid("stateId", "the rule borrows its dispatching", parts.get("stateId"))
    actions, changed = _with_greeting(dispatching["actions"], made)
    if not changed:
        raise invalid("type", "this rule plays no greeting of the type", made["type"])
    call.store.replace(kind, rule | {"dispatching": dispatching | {"actions": actions}})


def _rule(call: Call, extension: Record, state: object, rule_id: object) -> tuple[Kind, Record]:
    if isinstance(rule_id, str):
        for rule in call.store.where(INTERACTION_RULE, "extensionId", extension["extensionId"]):
            if rule["id"] == rule_id:
                return INTERACTION_RULE, rule
        raise not_found("interactionRuleId", rule_id)
    if not isinstance(state, str) or state not in _STATES:
        raise invalid("stateId", f"must be one of {', '.join(_STATES)}, or an interactionRuleId must be there", state)
    rule = rule_of(call.store, extension, _STATES[state]) or {}
    if not rule:
        raise unknown_state(state)
    return STATE_RULE, rule


def _with_greeting(actions: list[Record], made: Record) -> tuple[list[Record], bool]:
    result, changed = [], False
    for action in actions:
        if action["type"] == _ACTIONS.get(made["type"]):
            action = action | {"enabled": True, "greeting": _custom(action["greeting"], made)}
            changed = True
        if action["type"] == "TerminatingAction" and made["type"] in _TARGETS:
            targets = [_with_prompt(target, made) for target in action["targets"]]
            changed = targets != action["targets"]
            action = action | {"targets": targets}
        result.append(action)
    return result, changed


def _with_prompt(target: Record, made: Record) -> Record:
    if (target["type"], target.get("dispatchingType")) != _TARGETS[made["type"]]:
        return target
    return target | {"prompt": {"greeting": _custom(target["prompt"]["greeting"], made)}}


def _custom(present: Record, made: Record) -> Record:
    return greeting_of(present["preset"]["id"], made["id"])


FAMILY = Family(
    vendor=RINGEX,
    operations=(Operation("EV-20", "POST", GREETINGS, _create, group="Heavy", query=APPLY, takes="form"),),
)
