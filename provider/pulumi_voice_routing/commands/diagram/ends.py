"""What the boxes of rules and ring groups say of who takes a call in the end, where that is no box of its own."""

from __future__ import annotations

from ...plan.facts import Resource
from ...portsip.views import NoAnswerView, RingGroupView
from ...ringex.views import CallHandlingView

_GROUPS = {"FORWARD_TO_VOICEMAIL": "then voicemail"}
_RULES = {"TakeMessagesOnly": "voicemail", "PlayAnnouncementOnly": "announcement"}


def of_group(one: Resource) -> str:
    """What becomes of a call that nobody in a ring group takes."""
    then = RingGroupView(one).no_answer
    return _GROUPS.get(str(then.action), "") if isinstance(then, NoAnswerView) else ""


def of_rule(one: Resource) -> str:
    """Who takes the calls of an answering rule that rings nobody, or that nobody takes."""
    rule = CallHandlingView(one)
    return "then voicemail" if rule.voicemail_enabled is True else _RULES.get(str(rule.action), "")


__all__ = ["of_group", "of_rule"]
