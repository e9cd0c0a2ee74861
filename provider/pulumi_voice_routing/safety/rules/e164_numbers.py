"""Numbers that are not in E.164."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...lifecycle import meaning as means
from ...plan.facts import UNKNOWN, Facts, Resource
from ...plan.targets import readings
from ...telephony.number import NotANumber, Number
from ..rule import Rule, Settings, Violation, Words


def not_e164(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that are written in another way, or are none."""
    for one in facts.declared:
        for path, value in _numbers(facts, one):
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
    """What is a number in E.164, and where it stands."""
    if one.role(means.Internal) not in (True, UNKNOWN):
        yield from ((value.where, value.value) for value in one.values(means.Dialled))
    yield from ((value.where, value.value) for kind in (means.Called, means.Caller) for value in one.values(kind))
    for value, reads in readings(facts, one):
        outside = reads == "dialled" and isinstance(value.value, str) and value.value.startswith("+")
        if reads == "number" or outside:
            yield value.where, value.value


def _why_not(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    try:
        canonical = Number.parse(value)
    except NotANumber as error:
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
    about=(means.Dialled, means.Called, means.Caller, means.Target),
)
