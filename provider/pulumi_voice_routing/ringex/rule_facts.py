"""Whether an answering rule leaves its callers with somebody, and whether something else still needs a number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FORWARD = "ForwardCalls"
TRANSFER = "TransferToExtension"
MOST_NUMBERS = 10
MOST_LABELS = 7
ONE_OF_EACH = ("Home", "Mobile", "Work")


@dataclass(frozen=True)
class RuleFacts:
    """What matters of an answering rule."""

    id: str
    name: str
    enabled: bool = True
    action: str = FORWARD
    rings: Sequence[tuple[str, ...]] = ()
    """The forwarding numbers of each step that is tried."""
    idle: Sequence[tuple[str, ...]] = ()
    """The forwarding numbers of each step that is switched off."""
    soft_phones: bool = True
    voicemail: bool = True
    transfer_to: str = ""
    callers: frozenset[str] = field(default_factory=frozenset)
    """Numbers that it is for; all callers when empty."""
    called_numbers: frozenset[str] = field(default_factory=frozenset)
    """Dialled numbers that it is for; all when empty."""
    schedule: str = ""
    """The hours that it is for, as the JSON of a schedule; always when empty."""


def why_silent(rule: RuleFacts) -> Iterable[str]:
    """Why callers of an enabled rule would reach nobody; nothing when they reach somebody."""
    if not rule.enabled or rule.action != FORWARD:
        return
    if not any(rule.rings) and not rule.soft_phones and not rule.voicemail:
        yield (
            f"answering rule {rule.name!r} forwards calls to nothing: no number, no soft phone and no voicemail is "
            "left. Give it one, or disable it (enabled=False)"
        )


def why_loop(rule: RuleFacts, extension: str) -> Iterable[str]:
    """Why its calls would come back to the rule; nothing when they do not."""
    if rule.action == TRANSFER and rule.transfer_to == extension:
        yield f"answering rule {rule.name!r} transfers calls of extension {extension} to that same extension"


def why_number_used(phone_number: str, number: str, rules: Iterable[RuleFacts]) -> Iterable[str]:
    """Why a forwarding number has to stay; nothing when no rule names it, disabled rules and entries included."""
    users = [rule for rule in rules if any(number in step for step in (*rule.rings, *rule.idle))]
    if users:
        names = ", ".join(f"{rule.name!r} ({rule.id})" for rule in users)
        yield f"forwarding number {phone_number} ({number}) stays: answering rules name it: {names}. Take it out first"


def why_numbers_full(type_: str, there: Sequence[str]) -> Iterable[str]:
    """Why an extension with numbers of these types cannot hold one more; nothing when it can."""
    if len(there) >= MOST_NUMBERS:
        yield f"the extension has {len(there)} forwarding numbers, and {MOST_NUMBERS} is the most"
    elif type_ in ONE_OF_EACH and type_ in there:
        yield f"the extension has a number of type {type_} already, and one is the most: adopt it, or use type Other"
    elif type_ == "Other" and there.count("Other") >= MOST_LABELS:
        yield f"the extension has {MOST_LABELS} numbers of type Other, which is the most"


def overlaps(one: RuleFacts, other: RuleFacts) -> bool:
    """Whether some call meets the conditions of both enabled rules, so that their order alone decides.

    Hours by the week, single periods and the extension's own hours are taken to be apart from each other.
    """
    return (
        one.enabled
        and other.enabled
        and _meet(one.callers, other.callers)
        and _meet(one.called_numbers, other.called_numbers)
        and _share_hours(one.schedule, other.schedule)
    )


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _share_hours(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    try:
        ours, theirs = list(_stretches(one)), list(_stretches(other))
        return any(
            counted == also and begin < other_end and other_begin < end
            for counted, begin, end in ours
            for also, other_begin, other_end in theirs
        )
    except (AttributeError, KeyError, TypeError, ValueError):  # a vendor's form that is not known
        return False


def _stretches(schedule: str) -> Iterator[tuple[str, Any, Any]]:
    """What the time is counted in (a day of the week, or dates with or without a zone), begin and end."""
    said = json.loads(schedule)
    for day, hours in (said.get("weekly") or {}).items():
        yield from ((day, one["from"], one["to"]) for one in hours)
    for one in said.get("ranges") or []:
        begin, end = (datetime.fromisoformat(one[name]) for name in ("from", "to"))
        yield "local dates" if begin.tzinfo is None else "dates", begin, end
