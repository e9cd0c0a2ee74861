"""Answering rules and ring groups whose callers would reach nobody, or go round in a circle."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...lifecycle import references
from ...plan.facts import ANSWERING_RULE, BUILT_IN_RULE, RING_GROUP, UNKNOWN, Facts, Resource
from ...portsip.group_facts import RingGroupFacts, why_circle, why_nobody
from ...ringex.rule_facts import FORWARD, RuleFacts, overlaps, why_loop, why_silent
from ..rule import Rule, Settings, Violation, Words


def dead_ends(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """What leaves callers with nobody."""
    for one in facts.of(ANSWERING_RULE, BUILT_IN_RULE):
        rule = answering_facts(one)
        for why in (*why_silent(rule), *why_loop(rule, _number(one.get("extension_id")))):
            yield Violation(f"{why}.", one, f"answering rule {rule.name!r} of {one.name!r}", "answered", why)
    groups = {group.extension_number: (one, group) for one, group in _ring_groups(facts)}
    for one, group in groups.values():
        for why in [] if _meant(one, "no_members") else why_nobody(group):
            message = f'{why}; give it members, or say allow=["no_members"] if it is meant.'
            yield Violation(message, one, _called(group), "answered", why)
        for why in why_circle(group, lambda number: groups[number][1] if number in groups else None):
            message = f"{why}: they reach nobody, for ever; let one of the groups end in voicemail."
            yield Violation(message, one, _called(group), "answered", why)


def shadowed(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Two enabled custom rules of one extension that are for the same calls."""
    rules = sorted(filter(_certain, facts.of(ANSWERING_RULE)), key=lambda one: one.urn)
    for place, one in enumerate(rules):
        for other in rules[place + 1 :]:
            if _same_extension(one, other) and overlaps(answering_facts(one), answering_facts(other)):
                extension = _number(one.get("extension_id"))
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
    not_known_yet = "forward_to" in one.props and not one.certain("forward_to")
    return RuleFacts(
        id="",
        name=str(one.get("rule") or one.called),
        enabled=one.get("enabled") is not False,
        action=str(one.get("action") or FORWARD),
        rings=[("a number",) for step in one.rows("forward_to") if step.get("enabled") is not False],
        soft_phones=one.get("notify_soft_phones") is not False or not_known_yet,
        voicemail=one.get("voicemail_enabled") is not False,
        transfer_to=_number(one.get("transfer_to")),
        callers=frozenset(str(row.get("caller_id")) for row in one.rows("callers")),
        called_numbers=frozenset(str(number) for number in one.items("called_numbers")),
        schedule=json.dumps(one.get("schedule"), sort_keys=True, default=str) if one.get("schedule") else "",
    )


def _certain(one: Resource) -> bool:
    return not any(_unknown(one.get(name)) for name in ("callers", "called_numbers", "schedule"))


def _unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_unknown(item) for item in value.values())
    return value is UNKNOWN or (isinstance(value, list) and any(_unknown(item) for item in value))


def _same_extension(one: Resource, other: Resource) -> bool:
    extension = _number(one.get("extension_id"))
    return bool(extension) and extension == _number(other.get("extension_id"))


def _number(value: Any) -> str:
    return references.last(value) if isinstance(value, str) else ""


def _ring_groups(facts: Facts) -> Iterator[tuple[Resource, RingGroupFacts]]:
    for one in facts.of(RING_GROUP):
        no_answer = one.get("no_answer")
        said = no_answer if isinstance(no_answer, dict) else {}
        members = [str(row.get("extension_number")) for row in one.rows("members")]
        yield (
            one,
            RingGroupFacts(
                name=one.called,
                extension_number=str(one.get("extension_number")),
                members=members if members or one.certain("members") else None,
                no_answer=_text(said.get("action")),
                forwards_to=_text(said.get("number")),
            ),
        )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _meant(one: Resource, what: str) -> bool:
    allowed = one.get("allow")
    return allowed is UNKNOWN or (isinstance(allowed, list) and (what in allowed or UNKNOWN in allowed))


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
)
