"""State rules: what happens to a call in each state (EV-04..06)."""

from __future__ import annotations

from ...routing import Call, Family, Operation
from ...schema import Record
from ...vendors import RINGEX
from .dispatching import completed, shown
from .records import CALLS, PAGING, STATE_RULE, WORK, paged, rule_of, shown_state, unknown_state, user_of
from .shapes import DISPATCHING, STATE_NAMES
from .telling import told_state_rules


def _shown(call: Call, extension: Record, rule: Record) -> Record:
    """A rule that borrows the dispatching of the work hours shows it, and says whose it is."""
    own = rule.get("dispatching")
    held = own or (rule_of(call.store, extension, WORK) or {})["dispatching"]
    dispatching = shown(call.store, extension, held)
    answer = {
        "id": rule["id"],
        "displayName": STATE_NAMES[rule["id"]],
        "dispatching": dispatching,
        "state": shown_state(call.store, extension, rule["id"]),
    }
    return answer if own else answer | {"dispatchingRef": {"ruleId": WORK, "dispatching": dispatching}}


def _list(call: Call) -> Record:
    extension = user_of(call)
    rules = [rule for id in STATE_NAMES if (rule := rule_of(call.store, extension, id))]
    return paged(call, [_shown(call, extension, rule) for rule in rules])


def _rule(call: Call, extension: Record) -> Record:
    rule = rule_of(call.store, extension, call.params["stateId"])
    if rule is None:
        raise unknown_state(call.params["stateId"])
    return rule


def _get(call: Call) -> Record:
    extension = user_of(call)
    return _shown(call, extension, _rule(call, extension))


def _update(call: Call) -> Record:
    extension = user_of(call)
    rule = _rule(call, extension)
    body = call.body((DISPATCHING,), needs="nothing")
    if "dispatching" in body:
        dispatching = completed(call.store, extension, rule["id"], body["dispatching"])
        rule = call.store.replace(STATE_RULE, rule | {"dispatching": dispatching})
    return _shown(call, extension, rule)


_ALL = f"{CALLS}/voice/state-rules"
_ONE = f"{_ALL}/{{stateId}}"

FAMILY = Family(
    vendor=RINGEX,
    tells={"EV-04": told_state_rules, "EV-05": told_state_rules},
    kinds=(STATE_RULE,),
    operations=(
        Operation("EV-04", "GET", _ALL, _list, group="Medium", query=PAGING),
        Operation("EV-05", "GET", _ONE, _get, group="Medium"),
        Operation("EV-06", "PATCH", _ONE, _update, group="Medium", takes="json"),
    ),
)
