"""Whether a write would hurt callers, for whoever is about to send it.

Providers stand on a lower floor and import nothing of this. They load it by its name when a write may change where
calls end, as the engine's requests load providers.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime

from .. import say
from ..call_flow.impact import Impact
from ..call_flow.judgement import CallChange, judged
from ..call_flow.routing import EXTENSION, Routing, subject_of
from ..errors import one_line, some_of
from ..lifecycle import references
from ..permission.approvals import BREAK_GLASS, FORBIDDEN_TARGET, RELEASE, Approvals, Change, broken_glass
from ..permission.wording import Unapproved
from ..plan.facts import Resource, noun_of
from ..telephony.outside_numbers import allowed_countries

__all__ = ["RULES_OF_VERDICTS", "is_asked_about", "refuse", "require_answers", "worse", "worse_of"]

_MOST_SHOWN = 3
RULES_OF_VERDICTS = {
    "fewer answered": "calls-unanswered",
    "less certain": "calls-unknown",
    "forbidden": "forbidden-target",
}
ENDS_NOWHERE = "calls-end-nowhere"
"""The name under which older approvals permit that a number is not answered."""


def worse(
    before: Iterable[Resource],
    after: Iterable[Resource],
    known: Container[tuple[str, str]] | None = None,
    ended: Iterable[Resource] = (),
) -> list[tuple[Change, CallChange]]:
    """What would become worse for callers, with the change that an approval has to name.

    Both sides are resources as a state or a vendor holds them, with ids: what there is, and what there would be. A
    number that is given up is not looked at, since its own permission is asked for. ``known`` are the queues and IVRs
    that exist for sure; nothing when all that are named count as such. ``ended`` is what takes no calls any more.
    """
    return worse_of(Impact(Routing.of_state(before), Routing.of_state(after, ended)), known)


def worse_of(impact: Impact, known: Container[tuple[str, str]] | None = None) -> list[tuple[Change, CallChange]]:
    """The same of two routings that were compared already."""
    found = []
    for change in judged(impact, allowed_countries(), known):
        rule = next((rule for verdict, rule in RULES_OF_VERDICTS.items() if verdict in change.verdicts), None)
        if rule is not None and not change.let_go and _goes_on(impact, change):
            from_, to = one_line(str(change.before)), one_line(str(change.after))
            found.append((Change(rule, change.who, from_, to), change))
    return found


def _goes_on(impact: Impact, change: CallChange) -> bool:
    """Whether the number is still there after the write."""
    return subject_of(change.number) in impact.after.subjects


def is_asked_about(calls: CallChange) -> bool:
    """Whether callers can lose by it. Nobody has called what is new, and numbers that come have permissions of their
    own; so of that, only a ring group is asked whether it sends calls where none may go."""
    return not calls.new or (bool(calls.forbidden) and not calls.number.startswith(("+", EXTENSION)))


def require_answers(before: Iterable[Resource], after: Iterable[Resource], approvals: Approvals | None = None) -> None:
    """Every harm is approved, or its rule switched off in an emergency. Raises :class:`Refused`, with all of them."""
    there = list(before)
    refuse(worse(there, after), there, approvals)


def refuse(
    found: Sequence[tuple[Change, CallChange]],
    before: Iterable[Resource],
    approvals: Approvals | None = None,
    *,
    tell: bool = False,
    meanwhile: bool = False,
    because: str = "",
) -> None:
    """The same for what was found already; ``tell`` says whether the user is told what is permitted, ``meanwhile`` that
    it would hold until the rest of the run is done, and ``because`` what the program does for that to come."""
    if not found:
        return
    given = Approvals.here() if approvals is None else approvals
    known = _known_as(before)
    refused = [(change, calls) for change, calls in found if not _permitted(change, calls, given, known)]
    if refused:
        changes = [change for change, _ in refused]
        line = _line(refused, given, meanwhile=meanwhile)
        raise Unapproved(f"{because}: {line}" if because else line, changes)
    for change, calls in found if tell else ():
        off = sorted(broken_glass() & _permitting(change)) if given.covering(change) is None else []
        because = f", because {BREAK_GLASS.variable}={','.join(off)} is set; unset it" if off else ""
        say.warn(f"permitted: calls to {change.object} would be worse off ({calls.when}: {change.to}){because}")


def _line(refused: Sequence[tuple[Change, CallChange]], approvals: Approvals, *, meanwhile: bool) -> str:
    change, calls = refused[0]
    more = [one for one in dict.fromkeys(other.object for other, _ in refused) if one != change.object]
    also = f" The same holds for {some_of(more, _MOST_SHOWN)}." if more else ""
    until = " until the rest of this run is done" if meanwhile else ""
    instead = " Change this in a run of its own, after the rest." if meanwhile else ""
    where = " or ".join(map(str, calls.strange))
    strange = f" Nobody can tell whether {where} exists: nothing in the state leads there." if where else ""
    return (
        f"calls to {change.object} would be worse off{until} ({calls.when}: {change.to}; before: {change.from_}): "
        f"{change.rule}, {approvals.why_not(change)}.{strange}{also}{instead} Nothing was changed."
    )


def _permitted(change: Change, calls: CallChange, approvals: Approvals, known: frozenset[str]) -> bool:
    """Whether an approval says so: of where the calls end, or of what is behind that, under the name of its rule."""
    permitting = _permitting(change) - {change.rule}
    older = Change(ENDS_NOWHERE, calls.number, "answered", "nobody")
    if approvals.allow(change) or (change.rule == RULES_OF_VERDICTS["fewer answered"] and approvals.allow(older)):
        return True
    if broken_glass() & permitting:
        return True
    today = datetime.now(UTC).date()
    return any(
        entry.rule in permitting
        and not entry.expired(today)
        and (calls.number in entry.objects or known & entry.objects)
        for entry in approvals.entries
    )


def _permitting(change: Change) -> frozenset[str]:
    """The rules whose permission is one for this. No other one leads calls to where none may go."""
    if change.rule == FORBIDDEN_TARGET:
        return frozenset({change.rule})
    from .rules import FORMER  # slow to import, and needed for what hurts only

    return frozenset({change.rule, RELEASE, *(rule.name for rule in FORMER)})


def _known_as(resources: Iterable[Resource]) -> frozenset[str]:
    """How approvals call objects that calls pass: ``profile 1001``."""
    return frozenset(f"{noun_of(one.type)} {references.last(one.id)}" for one in resources if one.id)
