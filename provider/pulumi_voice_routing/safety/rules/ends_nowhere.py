"""Rules on outcomes: where calls would end, whatever resource it is that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from ...call_flow.impact import Impact, NumberImpact, OutcomeChange
from ...call_flow.outcome import RINGS_AGAIN, End, Outcome, lost
from ...call_flow.routing import EXTENSION, Routing, subject_of
from ...lifecycle import meaning as means
from ...plan.facts import Facts, Resource
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable

DECIDE = (
    means.Dialled,
    means.Extension,
    means.Owner,
    means.Target,
    means.Share,
    means.Switch,
    means.Switches,
    means.Hours,
)
"""What decides where calls end."""


def end_nowhere(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that stay in use, and whose calls would end where nobody takes them."""
    yield from unreadable(facts, settings)
    after, impacts = _judged(facts)
    for one in impacts:
        if not after.let_go(subject_of(one.number)):
            worse = [change for change in one.changes if _in_nothing(change.after) > _in_nothing(change.before)]
            yield from _violation(after, one, worse, "nobody", "would end where nobody takes them")


def critical_unanswered(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that must be answered, and would not be, or of which that could not be told any more."""
    listed = {subject_of(number) for number in settings.get("critical") or ()}
    if not listed:
        return
    yield from unreadable(facts, settings)
    after, impacts = _judged(facts)
    for one in impacts:
        if subject_of(one.number) in listed:
            worse = [change for change in one.changes if _unanswered(change.after) > _unanswered(change.before)]
            yield from _violation(after, one, worse, "nobody", "are critical, and would end where nobody takes them")
            untold = [change for change in one.changes if change not in worse and _less_certain(change)]
            why = "are critical, and whether somebody would take them could not be told any more"
            yield from _violation(after, one, untold, "unknown", why)


def _in_nothing(outcome: Outcome) -> Fraction:
    """A call that has rung may end with nobody, but not go round for ever."""
    return lost(outcome, lambda end: end.kind in ("unanswered", "loop"), _goes_round)


def _unanswered(outcome: Outcome) -> Fraction:
    return lost(outcome, lambda end: end.nowhere, lambda end: _goes_round(end) if end.kind == "loop" else end.nowhere)


def _goes_round(end: End) -> bool:
    return end.kind == "loop" and end.what != RINGS_AGAIN


def _less_certain(change: OutcomeChange) -> bool:
    return change.after.share("unknown") > change.before.share("unknown")


def _judged(facts: Facts) -> tuple[Routing, Sequence[NumberImpact]]:
    """Both rules are about the same changes, which are worked out once."""
    return facts.once(_worked_out)


def _worked_out(facts: Facts) -> tuple[Routing, Sequence[NumberImpact]]:
    impact = Impact.of(facts)
    return impact.after, list(impact.numbers())


def _violation(
    after: Routing, one: NumberImpact, changes: Sequence[OutcomeChange], to: str, why: str
) -> Iterator[Violation]:
    if not changes:
        return
    first = changes[0]
    which = f" {one.calls}" if one.calls else ""
    more = f", and in {len(changes) - 1} other ways" if len(changes) > 1 else ""
    yield Violation(
        f"calls{which} to {one.number} {why} ({first.when}: {first.after}; before: {first.before}{more}); "
        "`voice-routing trace` shows their path.",
        _by(after, subject_of(one.number)),
        one.number,
        "answered",
        to,
    )


def _by(after: Routing, subject: str) -> Resource | None:
    """The resource to look at: what answers the number, or a rule of the extension."""
    extension = subject.removeprefix(EXTENSION)
    rules = [*after.built_in_rules.get(extension, ()), *after.custom_rules.get(extension, ())]
    there = rules if subject.startswith(EXTENSION) else after.answered_by.get(subject, [])
    return there[0] if there else None


ENDS_NOWHERE = Rule(
    name="calls-end-nowhere",
    title="No change leaves callers with nobody.",
    triggers="A number stays in use, and in some hour its calls would be more likely to reach nobody than they are "
    "now. Calls reach nobody at a profile that is off, at a profile without a destination that takes calls, and in a "
    "loop of numbers, extensions and ring groups, even if a phone rings on the way. RingEX extensions with answering "
    "rules are judged like numbers. Releasing the number itself is covered by `release-active-dnis`.",
    matters="Each change may be right by itself, while all of them together leave the caller with nobody.",
    example="""ringcx.DnisAssignment("denver", dnis="+13035550100", profile=support)
# stopped, when the last active destination of `support` leaves it; `voice-routing impact` shows the hours""",
    unknowns="An outcome that is unknown or undocumented does not count as nobody.",
    words=Words("the number: `+13035550100`, or `extension 101`", "`answered`", "`nobody`"),
    judge=end_nowhere,
    about=DECIDE,
    settings=ALLOW_UNREADABLE_STATE,
)

CRITICAL_UNANSWERED = Rule(
    name="critical-number-unanswered",
    title="Critical numbers are answered.",
    triggers="In some hour, calls to a number that is listed as critical would be more likely than now to reach "
    "nobody or an announcement, either at once or after a phone has rung that nobody picked up; or it can no longer "
    "be told where they end.",
    matters="Some numbers must be answered whatever is rebuilt behind them.",
    example="""ringcx.AllocationHours("hours", profile=support, hours=[...])
# stopped, when +13035550100 is critical and the table sends its night calls to a destination that is off""",
    unknowns="An unknown outcome counts as nobody.",
    words=Words(
        "the number: `+13035550100`, or `extension 101`", "`answered`", "`nobody`, or `unknown` when it cannot be told"
    ),
    judge=critical_unanswered,
    about=DECIDE,
    settings={
        "critical": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Numbers that must be answered, in E.164, or ring groups' numbers, or `extension 101`.",
        },
        **ALLOW_UNREADABLE_STATE,
    },
)

OUTCOME_RULES: tuple[Rule, ...] = (ENDS_NOWHERE, CRITICAL_UNANSWERED)
