"""The rule of the time after the work hours, which the vendor deletes with that time: it is not lost unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import say
from ..client.listings import Json
from ..permission.approvals import LOSE_AFTER_HOURS, Approvals, Change
from ..permission.wording import Unapproved
from . import dispatching_form
from .client import RingEX

AFTER, WORK = "after-hours", "work-hours"


def after_hours(api: RingEX, extension: str) -> Json | None:
    """What the rule does, in the form in which it can be sent back; nothing when there is none, or when it does the
    same as that of the work hours, as new rules do."""
    rules = {str(one.get("id")): one for one in api.list_state_rules(extension)}
    does = {state: dispatching_form.dispatching_of(rules[state]) for state in (AFTER, WORK) if state in rules}
    form = {state: dispatching_form.readable(one, extension) for state, one in does.items()}
    if AFTER not in form or form[AFTER] == form.get(WORK):
        return None
    return dispatching_form.sendable(does[AFTER], extension)


def whole_rule(rule: Mapping[str, Any]) -> Json:
    """What a state's rule does, as it can be sent: that for after hours says in any case where a call goes that nobody
    answers, and where every call goes."""
    there = dispatching_form.dispatching_of(rule)
    return dispatching_form.with_both_ends(there) if rule.get("id") == AFTER else there


def refuse_to_lose(api: RingEX, extension: str) -> None:
    """Raises :class:`Refused` when work hours around the clock would delete a rule, and nobody has approved that."""
    if after_hours(api, extension) is not None:
        change = Change(LOSE_AFTER_HOURS, f"extension {extension}", "a rule for after hours", "no rule")
        if not Approvals.here().allow(change):
            raise Unapproved(
                f"{api.vendor}: extension {extension} would be open around the clock, and the vendor deletes its "
                "after-hours rule then, which does something else than that of the work hours. Nothing was changed.",
                [change],
            )
    say.warn(
        f"{api.vendor}: extension {extension} is open around the clock from now on, and the vendor deletes its "
        "after-hours rule, whatever it said"
    )


def put_back(api: RingEX, extension: str, dispatching: Json) -> None:
    """After the hours are limited again, so that the vendor has made a new rule."""
    api.update_state_rule(extension, AFTER, {"dispatching": dispatching})


__all__ = ["after_hours", "put_back", "refuse_to_lose", "whole_rule"]
