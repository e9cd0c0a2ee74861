"""Answering rules and ring groups whose callers would reach nobody, or go round in a circle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...plan.facts import UNKNOWN, Facts, Resource
from ...portsip.group_facts import RingGroupFacts, why_forwarding_loop, why_nobody
from ...portsip.views import NoAnswerView, RingGroupView
from ...ringex.rule_facts import FORWARD, RuleFacts, overlaps, why_loop, why_silent
from ...ringex.views import AnsweringRuleView, BuiltInAnsweringRuleView, ScheduleView
from ..rule import Rule, Settings, Violation, Words

_RULES = (AnsweringRuleView.token, BuiltInAnsweringRuleView.token)


def dead_ends(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What leaves callers with nobody."""
    for one in facts.of(*_RULES):
        rule = answering_facts(one)
        for why in (*why_silent(rule), *why_loop(rule, _extension(one))):
            yield Violation(f"{why}.", one, f"answering rule {rule.name!r} of {one.name!r}", "answered", why)
    groups = {group.extension_number: (one, group) for one, group in _ring_groups(facts)}
    for one, group in groups.values():
        for why in [] if _meant(one, "no_members") else why_nobody(group):
            message = f'{why}; give it members, or say allow=["no_members"] if it is meant.'
            yield Violation(message, one, _called(group), "answered", why)
        for why in why_forwarding_loop(group, lambda number: groups[number][1] if number in groups else None):
            message = f"{why}: they reach nobody, for ever; let one of the groups end in voicemail."
            yield Violation(message, one, _called(group), "answered", why)


def shadowed(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Two enabled custom rules of one extension that are for the same calls."""
    rules = sorted(filter(_certain, facts.of(AnsweringRuleView.token)), key=lambda one: one.urn)
    for place, one in enumerate(rules):
        for other in rules[place + 1 :]:
            if _same_extension(one, other) and overlaps(answering_facts(one), answering_facts(other)):
                extension = _extension(one)
                yield Violation(
                    f"answering rules {one.called!r} and {other.called!r} are for the same calls, and which of them "
                    "wins cannot be set: give them conditions that differ, or disable one (enabled=False).",
                    other,
                    f"answering rules {one.called!r} and {other.called!r} of extension {extension}",
                    "different calls",
                    "the same calls",
                )


def _called(group: RingGroupFacts) -> str:
    return f"ring group {group.extension_number}"


def answering_facts(one: Resource) -> RuleFacts:
    """What a declared rule says of itself; what it leaves out, and what is not known yet, speaks for it."""
    rule, custom, built_in = AnsweringRuleView(one), AnsweringRuleView(one), BuiltInAnsweringRuleView(one)
    schedule = custom.schedule
    return RuleFacts(
        id="",
        name=_text(built_in.rule) or one.called,
        enabled=rule.enabled is not False,
        action=FORWARD if rule.action is None else str(rule.action),
        rings=[("a number",) for step in rule.forward_to if step.enabled is not False],
        soft_phones=rule.notify_soft_phones is not False or (rule.forward_to.given and not rule.forward_to.certain),
        voicemail=rule.voicemail_enabled is not False,
        transfer_to=_number(rule.transfer_to),
        callers=frozenset(str(caller.caller_id) for caller in custom.callers),
        called_numbers=frozenset(custom.called_numbers),
        schedule=json.dumps(dict(schedule.said), sort_keys=True, default=str)
        if isinstance(schedule, ScheduleView) and schedule.said
        else "",
    )


def _certain(one: Resource) -> bool:
    said = [value.value for kind in (means.Caller, means.Called, means.Hours) for value in one.values(kind)]
    return not any(map(_unknown, said)) and not any(
        one.at(place) is UNKNOWN for place in one.roles.places(means.Entries)
    )


def _unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unknown(item) for item in value.values())
    return value is UNKNOWN or (isinstance(value, list) and any(_unknown(item) for item in value))


def _same_extension(one: Resource, other: Resource) -> bool:
    extension = _extension(one)
    return bool(extension) and extension == _extension(other)


def _extension(one: Resource) -> str:
    return _number(one.role(means.Inside))


def _number(value: Any) -> str:
    return references.last(value) if isinstance(value, str) else ""


def _ring_groups(facts: Facts) -> Iterator[tuple[Resource, RingGroupFacts]]:
    for one in facts.of(RingGroupView.token):
        group = RingGroupView(one)
        said = group.no_answer if isinstance(group.no_answer, NoAnswerView) else NoAnswerView({})
        members = [str(member.extension_number) for member in group.members]
        yield (
            one,
            RingGroupFacts(
                name=one.called,
                extension_number=str(group.extension_number),
                members=members if members or group.members.certain else None,
                no_answer=_text(said.action),
                forwards_to=_text(said.number),
            ),
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _meant(one: Resource, what: str) -> bool:
    allowed = RingGroupView(one).allow
    return what in allowed.items or (allowed.given and not allowed.certain)


DEAD_ENDS = Rule(
    name="dead-ends",
    title="Answering rules and ring groups reach somebody.",
    triggers="An enabled answering rule forwards calls and has no forwarding step, no soft phone and no voicemail; an "
    "answering rule transfers calls to its own extension; a ring group has no members; or ring groups forward to each "
    "other in a loop.",
    matters="Callers hear ringing or silence, and nobody ever answers.",
    example="""ringex.BuiltInAnsweringRule(
    "hours",
    extension_id="~",
    rule="business-hours",
    action="ForwardCalls",
    forward_to=[],
    notify_soft_phones=False,
    voicemail_enabled=False,
)
# stopped: give it a number, soft phones or voicemail, or say enabled=False""",
    unknowns="A value that is not known yet, or that the rule leaves as the vendor has it, is assumed to be fine. The "
    "provider checks the whole rule or group before it writes.",
    words=Words(
        "`answering rule 'business-hours' of 'front-desk'` (its name and the resource's), or `ring group 8000`",
        "`answered`",
        "why nobody answers, as the message says it",
    ),
    judge=dead_ends,
    about=(means.Target, means.Entries),
)

SHADOWED_RULES = Rule(
    name="shadowed-answering-rules",
    title="No answering rule hides another.",
    triggers="Two enabled custom answering rules of one extension match the same calls: the same callers, the same "
    "called numbers and overlapping hours. Hours overlap when two weekly schedules or two single periods share a "
    "minute, or when both rules use the same hours of the extension. A condition that is left out matches every call.",
    matters="The first rule in the extension's list takes the call, and the other never does. The vendor's API has no "
    "call that sets the order.",
    example="""ringex.AnsweringRule("vip", extension_id="~", name="VIP", callers=[{"caller_id": "+13035550170"}])
ringex.AnsweringRule("owner", extension_id="~", name="Owner", callers=[{"caller_id": "+13035550170"}])
# stopped: one caller, two rules; put the caller into one of them""",
    unknowns="A rule with a condition that is not known yet passes; the provider warns when it creates one. Weekly "
    "schedules, single periods and the extension's own hours are not compared with each other.",
    words=Words("`answering rules 'VIP' and 'Owner' of extension 102`", "`different calls`", "`the same calls`"),
    judge=shadowed,
    about=(means.Called, means.Caller, means.Hours),
)
