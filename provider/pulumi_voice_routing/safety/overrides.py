"""Overrides that replace-all would wipe."""

from __future__ import annotations

from collections.abc import Iterable

from ..lifecycle import references
from .facts import DESTINATION, DNIS_OVERRIDE, DNIS_OVERRIDES, UNKNOWN, Before, Facts, Resource
from .rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable


def wiped(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Replace-all that loses overrides, or that might."""
    for one in facts.of(DNIS_OVERRIDES):
        destination = one.get("destination")
        if one.get("replace_all") not in (True, UNKNOWN) or not isinstance(destination, str):
            continue  # a destination whose id is not known yet is about to be made, and has nothing to lose
        yield from unreadable(facts, settings, one)
        if facts.before is None:
            continue
        saved = facts.before.with_id(DESTINATION, destination)
        where = f"destination {saved.called!r} ({saved.id})" if saved else f"destination {destination}"
        named = f"destination {references.last(destination)}"
        lost = _numbers(facts.before, destination) - set(_kept(one))
        for number in sorted(lost):
            yield Violation(
                f"replace_all would wipe the override for {number} at {where}: its callers would be sent elsewhere; "
                "declare it here.",
                one,
                number,
                named,
                "no override",
            )
        if not lost and not _owned(facts.before, destination) and (saved or facts.preview):
            # During an update, an id that the state did not have is one that was made a moment ago.
            yield Violation(
                f"replace_all on {where} would wipe overrides that this stack does not know of: callers of those "
                "numbers would be sent elsewhere; look at them first, with replace_all left out.",
                one,
                named,
                "a list that is not known",
                "the declared list",
            )


def _kept(one: Resource) -> Iterable[str]:
    return (str(row.get("dnis")) for row in one.rows("overrides"))


def _numbers(state: Before, destination: str) -> set[str]:
    """The numbers that the state knows to have an override at a destination."""
    there = [one for one in state.of(DNIS_OVERRIDE, DNIS_OVERRIDES) if _at(one, destination)]
    rows = [row for one in there for row in (one.rows("overrides") if one.type == DNIS_OVERRIDES else [one.props])]
    return {str(row.get("dnis")) for row in rows}


def _owned(state: Before, destination: str) -> bool:
    """Whether the state holds the destination's whole list."""
    return any(one.get("replace_all") is True and _at(one, destination) for one in state.of(DNIS_OVERRIDES))


def _at(one: Resource, destination: str) -> bool:
    return references.same(one.get("destination"), destination)


OVERRIDE_WIPE = Rule(
    name="override-wipe",
    title="No override is wiped unsaid.",
    triggers="A `DnisOverrides` with `replace_all=True` would lose overrides that the state knows, or stands on a "
    "destination that exists already and whose whole list the state does not know.",
    matters="A wiped override sends the callers of that number back to where everybody goes.",
    example="""vip: ringcx.Override = {"dnis": "+13035550100", "target": "+13035551111"}
ringcx.DnisOverrides("vip", destination=denver, replace_all=True, overrides=[vip])
# stopped, when denver has an override for +13035550199 in the state; declare it here, or approve the wipe""",
    unknowns="Numbers that are not known yet count as lost overrides of every number in the state; a `replace_all` "
    "that is not known counts as true. A destination whose id is not known in the preview is about to be made, and has "
    "nothing to lose; if it turns out to exist, the rule judges it again during the update, before anything is sent.",
    words=Words(
        "the number that would lose its override; `destination 1002` when the list there is not known",
        "`destination 1002`; `a list that is not known`",
        "`no override`; `the declared list`",
    ),
    judge=wiped,
    types=frozenset({DNIS_OVERRIDES}),
    settings=ALLOW_UNREADABLE_STATE,
)
