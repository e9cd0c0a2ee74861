"""Numbers that are not in E.164."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...plan.facts import (
    ANSWERING_RULE,
    DESTINATION,
    DNIS,
    DNIS_ASSIGNMENT,
    DNIS_ASSIGNMENTS,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    DNIS_POOL,
    FORWARDING_NUMBER,
    PROFILE_DESTINATIONS,
    RING_GROUP,
    TRACKING_NUMBER,
    UNKNOWN,
    Facts,
    Resource,
    Thing,
    UnknownValue,
)
from ...telephony.number import e164
from ...telephony.outside_numbers import NUMBER_KINDS
from ..rule import Rule, Settings, Violation, Words


def not_e164(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that are written in another way, or are none."""
    for one in facts.declared:
        for path, value in (*_numbers(facts, one), *_plain_numbers(one)):
            why = _why_not(value)
            if why:
                yield Violation(
                    f"{path} of {one.name!r} is {value!r}, and {why}: callers would reach nobody or a stranger; write "
                    "it with + and country code, such as +13035551234.",
                    one,
                    f"{path} of {one.name!r}",
                    "a number in E.164",
                    value,
                )


def _numbers(facts: Facts, one: Resource) -> Iterator[tuple[str, Any]]:
    if one.type == DESTINATION and one.get("kind") in NUMBER_KINDS:
        yield "target", one.get("target")
    elif one.type == PROFILE_DESTINATIONS:
        rows = one.rows("destinations")
        links = facts.links(one, "destinations", [row.get("destination") for row in rows], DESTINATION)
        for place, (row, link) in enumerate(zip(rows, links, strict=True)):
            if row.get("kind") in NUMBER_KINDS or _takes_numbers(facts, link):
                yield f"destinations[{place}].target", row.get("target")
    elif one.type in (DNIS_OVERRIDE, DNIS_OVERRIDES):
        numbers = _takes_numbers(facts, facts.link(one, "destination", DESTINATION))
        single = one.type == DNIS_OVERRIDE
        rows = [dict(one.props)] if single else one.rows("overrides")
        for place, row in enumerate(rows):
            prefix = "" if single else f"overrides[{place}]."
            yield f"{prefix}dnis", row.get("dnis")
            if numbers:
                yield f"{prefix}target", row.get("target")


def _plain_numbers(one: Resource) -> Iterator[tuple[str, Any]]:
    """The fields that hold a number whatever else the program says."""
    if one.type in (DNIS, DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, DNIS_POOL, TRACKING_NUMBER):
        if one.get("internal") in (True, UNKNOWN):
            return
        yield "dnis", one.get("dnis")
        for place, row in enumerate(one.items("numbers")):
            pool = isinstance(row, dict)
            yield f"numbers[{place}]{'.dnis' if pool else ''}", row.get("dnis") if pool else row
    elif one.type == FORWARDING_NUMBER:
        yield "phone_number", one.get("phone_number")
    elif one.type == ANSWERING_RULE:
        for place, row in enumerate(one.rows("callers")):
            yield f"callers[{place}].caller_id", row.get("caller_id")
        for place, number in enumerate(one.items("called_numbers")):
            yield f"called_numbers[{place}]", number
    elif one.type == RING_GROUP and isinstance(one.get("no_answer"), dict):
        number = one.get("no_answer").get("number")
        if isinstance(number, str) and number.startswith("+"):
            yield "no_answer.number", number


def _takes_numbers(facts: Facts, destination: Thing | UnknownValue) -> bool:
    resource = None if destination is UNKNOWN else facts.resource(destination)
    return resource is not None and resource.get("kind") in NUMBER_KINDS


def _why_not(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        canonical = e164(value)
    except ValueError as error:
        return str(error).removeprefix(f"{value!r} ")
    return "" if canonical == value else f"is not in E.164, in which it might be {canonical}"


E164_NUMBERS = Rule(
    name="e164",
    title="Numbers are written in E.164.",
    triggers="One of these is not written as `+`, country code and digits: a number in the pool, in an assignment or "
    "of a tracking number (unless it sets `internal=True`); the target of a destination of kind `DID` or "
    "`IN_NETWORK_DID`, or a target that overrides it; the dialled number of an override; a forwarding number; a "
    "caller or called number of an answering rule; a ring group's outside number (one that starts with `+`).",
    matters="Without its country code a number is a different number, or none: callers reach the wrong person, or "
    "nobody.",
    example="""ringcx.DnisOverride("vip", destination=denver, dnis="+13035550100", target="303-555-1111")
# stopped, as denver is a DID; write target="+13035551111\"""",
    unknowns="The provider checks a number that is not known yet before it sends it. A target passes when the kind of "
    "its destination is not known.",
    words=Words("the field, as the message names it: `dnis of 'vip'`", "`a number in E.164`", "what is written there"),
    judge=not_e164,
)
