"""Rules on outcomes: where calls would end, whatever resource it is that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from ...call_flow.impact import Impact
from ...call_flow.judgement import CallChange, Verdict, is_circle, judged, newly_forbidden
from ...call_flow.routing import EXTENSION, IN_QUEUES, subject_of
from ...errors import one_line
from ...lifecycle import meaning as means
from ...permission.approvals import Change
from ...plan.facts import Facts, Resource, noun_of
from ...plan.liveness import Liveness
from ...plan.number_changes import number_changes
from ...plan.queues import in_use
from ...plan.same_object import goes_on_with_an_alias
from ...plan.targets import readings
from ...portsip.views import RingGroupView
from ...telephony.number import NotANumber, Number
from ...telephony.outside_numbers import CountriesOfRule, allowed_countries, why_number_not_allowed
from ..rule import ALLOW_UNREADABLE_STATE, Rule, Settings, Violation, Words, unreadable
from .dead_ends import DEAD_ENDS, SHADOWED_RULES
from .going_live import INCOMPLETE_ACTIVATION, incomplete, live_and_incomplete
from .going_silent import DEACTIVATING_IN_USE
from .overrides import OVERRIDE_WIPE
from .shares import PERCENT_TOTALS

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

SAID_BEFORE: tuple[Rule, ...] = (DEACTIVATING_IN_USE, PERCENT_TOTALS, OVERRIDE_WIPE, DEAD_ENDS, SHADOWED_RULES)
"""Rules of earlier versions on what is behind an outcome. They are looked at for approvals alone: whoever approved all
that they find about a call approved where it ends."""
ENDS_NOWHERE, CRITICAL = "calls-end-nowhere", "critical-number-unanswered"
"""The names under which older approvals permit that a number is not answered."""
DELETED = "deleting-live-objects"
"""The name under which they permit that a ring group ends."""


class Outcomes:
    """What a run does to callers, worked out once for all rules."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.impact = Impact.of(facts)
        self.changes: Sequence[CallChange] = list(judged(self.impact, known=in_use(facts)))

    @classmethod
    def of(cls, facts: Facts) -> Outcomes:
        """Those of these facts."""
        return facts.once(cls)

    @property
    def harmful(self) -> Iterator[CallChange]:
        """The changes of numbers that stay in use; another rule is for those that are given up."""
        return (change for change in self.changes if not change.let_go)

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """The new owners of numbers that get another one, which is told by the rules on owners."""
        return {one.change.object: one.change.to for one in number_changes(self.facts)}

    def named_by_its_move(self, change: CallChange) -> bool:
        """Whether who approves that the number gets another owner names the queue that may not exist."""
        owner = self.moved.get(change.number, "")
        return change.only_strange and all(owner.endswith(f" {end.what}") for end in change.strange)

    def group_deleted(self, change: CallChange) -> Iterator[frozenset[Change]]:
        """What older approvals of the end of a ring group say, when that is why nobody answers its number."""
        before = self.facts.before
        for one in before.of(RingGroupView.token) if before else ():
            if change.number in self.impact.after.ended_groups and one.role(means.Extension) == change.number:
                yield frozenset({Change(DELETED, self.facts.named(one), "active", "deleted")})

    def violation(
        self, change: CallChange, message: str, *lifted_by: frozenset[Change], words: tuple[str, str] | None = None
    ) -> Violation:
        """A violation about a change; ``words`` are what an approval has to name, the outcomes by default."""
        from_, to = words or (one_line(str(change.before)), one_line(str(change.after)))
        behind = self._said_before(change) if change.verdicts != {"elsewhere"} else frozenset()
        alias = goes_on_with_an_alias(self.facts, lambda saved: saved.urn in self._passed(change))
        return Violation(
            f"{message}; `voice-routing trace` shows their path.{alias}",
            self._by(change),
            change.who,
            from_,
            to,
            (*lifted_by, *([behind] if behind else [])),
        )

    def _by(self, change: CallChange) -> Resource | None:
        """The resource to look at: what answers the number, or of an extension the rule that decides about the calls;
        one that changes before one that does not."""
        after, subject = self.impact.after, subject_of(change.number)
        extension = subject.removeprefix(EXTENSION).removesuffix(IN_QUEUES)
        there = after.rules_of(extension) if subject.startswith(EXTENSION) else after.answered_by.get(subject, [])
        if len(there) > 1:
            passed = self._passed(change)
            there = sorted(there, key=lambda one: (one.urn not in passed, not self._changes(one)))
        return next(iter(there), None)

    def _changes(self, one: Resource) -> bool:
        """Whether a resource is new, or says something else than the state has."""
        saved = self.facts.saved_as(self.facts.thing(one))
        if saved is None or self.facts.unchanged(one):
            return saved is None
        return any(saved.get(name) != value for name, value in one.props.items())

    def _passed(self, change: CallChange) -> frozenset[str]:
        return self.impact.passed(change.number, change.call, change.intervals[0][0])

    def _said_before(self, change: CallChange) -> frozenset[Change]:
        """What other rules say of the resources that decide about these calls."""
        passed = self._passed(change)
        return frozenset(
            one for one, urns in self.facts.once(_otherwise) if urns & passed or one.object == change.number
        )


def _otherwise(facts: Facts) -> list[tuple[Change, frozenset[str]]]:
    """What those rules find, each with the URNs that it is about."""
    ends = {facts.in_approvals(thing): facts.saved_as(thing) for thing in Liveness.of(facts).ends}
    found = []
    for rule in (*SAID_BEFORE, replace(INCOMPLETE_ACTIVATION, judge=live_and_incomplete)):
        for one in rule.judge(facts, {}):
            about = [one.resource, ends.get(one.object) if rule is DEACTIVATING_IN_USE else None]
            urns = {it.urn for it in about if it is not None}
            urns |= {parent.urn for it in about if it is not None and (parent := _parent(facts, it)) is not None}
            found.append((Change(rule.name, one.object, one.from_, one.to), frozenset(urns)))
    return found


def _parent(facts: Facts, one: Resource) -> Resource | None:
    return facts.declared_as(thing) if (thing := facts.parent(one)) is not None else None


_ANSWERED_THERE: frozenset[Verdict] = frozenset({"elsewhere", "fewer answered in the end"})
"""What rings counts as an answer, whoever it is that does not pick it up in the end."""


def _from_to(change: CallChange) -> str:
    before, after = str(change.before), str(change.after)
    if before == after:  # of an end that is unknown the words tell why, and not what decides in truth
        before = "the same, decided by something else"
    return f"{change.when}: {after}; before: {before}"


def elsewhere(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers whose calls would end elsewhere, and are answered there."""
    yield from unreadable(facts, settings)
    outcomes = Outcomes.of(facts)
    for change in outcomes.harmful:
        if change.verdicts <= _ANSWERED_THERE and not change.new and change.number not in outcomes.moved:
            yield outcomes.violation(
                change, f"calls to {change.who} would end elsewhere ({_from_to(change)}); look whether that is meant"
            )


def unanswered(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Calls that would be answered less often than now, and what goes live and has nowhere to send calls."""
    yield from unreadable(facts, settings)
    outcomes = Outcomes.of(facts)
    listed = {subject_of(number) for number in settings.get("critical") or ()}
    for change in outcomes.changes:
        critical = subject_of(change.number) in listed
        if "fewer answered" in change.verdicts and not change.let_go:
            yield outcomes.violation(
                change,
                f"fewer calls to {change.who} would be answered ({_from_to(change)}); give them somebody who takes "
                "them, or have it approved",
                frozenset({Change(ENDS_NOWHERE, change.number, "answered", "nobody")}),
                *outcomes.group_deleted(change),
            )
        elif critical and change.verdicts & _WHY.keys() and not outcomes.named_by_its_move(change):
            to, why = next(_WHY[verdict] for verdict in _WHY if verdict in change.verdicts)
            yield outcomes.violation(
                change,
                f"calls to {change.who} are critical, and {why} ({_from_to(change)}); give them somebody who takes "
                "them, or have it approved",
                frozenset({Change(CRITICAL, change.number, "answered", to)}),
            )
    for one in incomplete(facts, settings):
        before = Change(INCOMPLETE_ACTIVATION.name, one.object, one.from_, one.to)
        yield replace(one, lifted_by=(frozenset({before}),))


_WHY: Mapping[Verdict, tuple[str, str]] = {
    "fewer answered in the end": ("nobody", "would be more likely to find nobody who takes them"),
    "less certain": ("unknown", "whether somebody would take them could not be told any more"),
}
"""What must not happen to a number that must be answered, as older approvals name it, and in words."""


def untold(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Numbers that stay in use, and of whose calls less would be known than now."""
    yield from unreadable(facts, settings)
    outcomes = Outcomes.of(facts)
    for change in outcomes.harmful:
        where = " or ".join(map(str, change.strange))
        if "less certain" not in change.verdicts or outcomes.named_by_its_move(change):
            continue
        if change.only_strange:
            yield outcomes.violation(
                change,
                f"nobody can tell whether {where} exists, to which calls to {change.who} would go "
                f"({_from_to(change)}): nothing in the state leads there; look whether it is meant, and approve it",
            )
        else:
            also = f", and nobody can tell whether {where} exists" if change.strange else ""
            yield outcomes.violation(
                change,
                f"whether calls to {change.who} are answered could not be told any more ({_from_to(change)}){also}; "
                "write it in a way that can be told, or have it approved",
            )


def forbidden(facts: Facts, settings: Settings) -> Iterable[Violation]:
    """Calls and targets that would go where no call may go."""
    listed = settings.get("countries")
    countries = CountriesOfRule.listed(listed) if listed else allowed_countries()
    outcomes = Outcomes.of(facts)
    told: set[str] = set()
    for change in outcomes.harmful:
        new = list(newly_forbidden(change.before, change.after, countries))
        told.update(new)
        if change.verdicts & {"fewer answered", "less certain"}:
            new = [why for why in new if not is_circle(why)]  # which is told by the rules on answers
        if new:
            yield outcomes.violation(
                change,
                f"calls to {change.who} would go where no call may go: {'; '.join(new)} ({_from_to(change)}); send "
                "them elsewhere",
            )
    for one, before, target in _new_targets(facts):
        new = [why for why in _why_not(target, countries) if why not in told]
        if new:
            yield Violation(
                f"{noun_of(one.type)} {one.called!r} would send calls where no call may go: {'; '.join(new)}; give it "
                "another target.",
                one,
                facts.named(one),
                before,
                target,
            )


def _new_targets(facts: Facts) -> Iterator[tuple[Resource, str, str]]:
    """The numbers that resources send calls to and did not send them to before; in E.164, when they are any."""
    for one in facts.declared:
        saved = facts.saved_as(facts.thing(one))
        was = {number for _, number in _numbers(facts, saved)} if saved is not None else set()
        for _, number in _numbers(facts, one):
            if number not in was:
                yield one, ", ".join(sorted(was)) or "no target", number


def _numbers(facts: Facts, one: Resource) -> Iterator[tuple[str, str]]:
    for value, reads in readings(facts, one):
        if reads in ("number", "dialled") and isinstance(value.value, str):
            try:
                yield value.where, Number.parse(value.value)
            except NotANumber:
                if reads == "number" or value.value.startswith("+"):  # else it is an extension
                    yield value.where, value.value


def _why_not(target: str, countries: frozenset[int] | None) -> Iterable[str]:
    try:
        return why_number_not_allowed(Number.parse(target), countries)
    except NotANumber as error:
        return [str(error)]


_NUMBER = "`+13035550100`, or `extension 101`; with the calls when only some change: `+13035550100 from +13035550170`"
_OUTCOMES = Words(
    _NUMBER,
    "where its calls end now, as the message says it: `70 % number +13035551001; 30 % queue 1000`",
    "where they would end, in the same words",
)


CALLS_ELSEWHERE = Rule(
    name="calls-go-elsewhere",
    level="advisory",
    title="Whoever calls a number reaches whom they reach now.",
    triggers="In some hour, calls to a number would end elsewhere than now, or in other shares, and are answered "
    "there. A number that is new in this run is not checked, and one that gets another owner is covered by "
    "`reassign-active-dnis`.",
    matters="One wrong digit sends callers to a stranger, and everything looks fine.",
    example="""ringcx.Destination("denver", group_id=group.id, name="Denver", kind="DID", target="+13035551003")
# a warning, when the state has +13035551001: the message names the numbers and their shares""",
    unknowns="An end that is unknown for the same reason as before is no change.",
    words=_OUTCOMES,
    judge=elsewhere,
    about=DECIDE,
    settings=ALLOW_UNREADABLE_STATE,
)

CALLS_UNANSWERED = Rule(
    name="calls-unanswered",
    title="No change leaves callers with nobody.",
    triggers="A number stays in use, and in some hour fewer of its calls would be answered than now. A call is "
    "answered by a person, a queue, a menu or voicemail, and not by an announcement, a hang-up or a circle of numbers, "
    "extensions and ring groups. What rings counts as an answer, even if nobody may pick it up. RingEX extensions with "
    "answering rules are judged like numbers, in their opening hours and outside them; so are tracking numbers. "
    "A ring group that ends leaves its callers with nobody as well. So every number that is answered today counts as "
    "critical, without a list. The numbers in the list `critical` are held to more: their calls must not be more "
    "likely than now to find nobody after a phone has rung in vain, it must stay known where they end, and their "
    "release needs an approval of this rule, too. The release of any other number is covered by `release-active-dnis` "
    "alone. **Also:** a profile of this stack goes live, through an `Activation` or `active=True`, and "
    "has no destinations, has shares that do not add up to 100 percent, or gives a share of its calls to a destination "
    "that is neither active nor activated with it; or a destination goes live without a target.",
    matters="Each change may be right by itself, while all of them together leave the caller with nobody.",
    example="""ringcx.DnisAssignment("denver", dnis="+13035550100", profile=support)
# stopped, when the last active destination of `support` leaves it; `voice-routing impact` shows the hours""",
    unknowns="An outcome that is unknown or undocumented is covered by `calls-unknown`. Links between resources that "
    "do not exist yet are followed through the program; what goes live with a target, share or destination that is "
    "still unknown is left to the provider.",
    words=Words(
        f"{_NUMBER}; for what goes live `profile 1001` or `destination 1002`, or by name, such as `profile 'Support' "
        "of route group 'West'`, while it is not made yet",
        "where its calls end now, as the message says it: `70 % number +13035551001; 30 % queue 1000`; for what goes "
        "live `inactive`",
        "where they would end, in the same words; for what goes live `active, although ` and what is missing",
    ),
    settings={
        "critical": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Numbers that must be answered whatever happens, in E.164, or ring groups' numbers, or "
            "`extension 101`. All others must be answered as often as now.",
        },
        **ALLOW_UNREADABLE_STATE,
    },
    judge=unanswered,
    about=DECIDE,
)

CALLS_UNKNOWN = Rule(
    name="calls-unknown",
    title="Where calls end stays known.",
    triggers="A number stays in use, and in some hour it could be told of fewer of its calls than now that they are "
    "answered. That is so when a destination in use is switched off while others stay on, when a share goes to a "
    "destination that the stack does not declare, when shares do not make 100 percent, when something rings for no "
    "time or takes no calls (`ring_duration=0`, `ring_time_seconds=0`, `max_concurrent=0`), when a target, such a "
    "limit, or who gets a share is known only during the run, or when the new setting does something that the vendor "
    "does not document. It is also so when calls would go to a queue or an IVR to which nothing in the state leads yet "
    "(nor at the vendor, when the gate asks with `--live`): nobody can tell whether it exists.",
    matters="What nobody can tell before the run, callers find out.",
    example="""ringcx.Profile("support", group_id=group.id, name="Support", routing_type="PRIORITY")
# stopped, when it was PERCENT_ALLOCATION: how a profile of that type chooses is not documented""",
    unknowns="They are what the rule is about. Several destinations that are still to be made, or the own rules of an "
    "extension, are no reason: somebody takes the calls in any case.",
    words=_OUTCOMES,
    judge=untold,
    about=DECIDE,
    settings=ALLOW_UNREADABLE_STATE,
)

FORBIDDEN_TARGET = Rule(
    name="forbidden-target",
    title="Calls go to no number that they must not go to.",
    triggers="Calls would go to a premium-rate number, to a number in a country that is not allowed, or to what should "
    "be a telephone number and is none, and did not before: as the target of a destination, override, tracking rule, "
    "answering rule, forwarding number or ring group, or as the number in a SIP address. Or they would go round in a "
    "circle and did not before, though nobody took them before either; where somebody did, `calls-unanswered` or "
    "`calls-unknown` reports the circle.",
    matters="Callers are sent abroad or to a paid line, and somebody pays for every minute.",
    example="""ringcx.DnisOverride("vip", destination=denver, dnis="+13035550100", target="+19005550100")
# stopped: a premium-rate number""",
    unknowns="A target that is not known yet is covered by `calls-unknown`, when a number leads to it.",
    words=Words(
        f"{_NUMBER}; `destination 1002` when no number leads to it",
        "where its calls end now; the target before, or `no target`",
        "where they would end; the new target",
    ),
    judge=forbidden,
    about=(*DECIDE, means.Called),
    settings={
        "countries": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[+]?[0-9]+$"},
            "default": [],
            "description": "Country codes that calls may be sent to. Default: those in VOICE_ROUTING_COUNTRY_CODES.",
        },
    },
)

OUTCOME_RULES: tuple[Rule, ...] = (
    CALLS_ELSEWHERE,
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    FORBIDDEN_TARGET,
)
