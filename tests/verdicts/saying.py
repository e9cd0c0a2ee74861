"""What every layer says of a change, written down in full: rules, gate, pack and ``guard()``.

Each finding has a number. Where a layer repeats what a finding says, its number stands for that.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from string import ascii_lowercase
from typing import Any

import pulumi
import pulumi_policy
import pytest
from pulumi.runtime import mocks

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import Finding, judged
from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, ROWS
from pulumi_voice_routing.permission.approvals import Approval, Approvals, Change
from pulumi_voice_routing.permission.needed import NOT_KNOWN
from pulumi_voice_routing.permission.wording import to_allow
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.plan.fleets import engine_urn, key_of, member_of
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.plan.roles import roles_of
from pulumi_voice_routing.plan.rows import rows_in
from pulumi_voice_routing.registry import FLEET
from pulumi_voice_routing.safety import guard as guards
from pulumi_voice_routing.safety import guarded_program
from pulumi_voice_routing.safety.judgement import Judgement, judge
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.rule import Rule
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED, FORBIDDEN_TARGET, FORMER, RULES
from pulumi_voice_routing.safety.rules.going_live import INCOMPLETE_ACTIVATION
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules
from pulumi_voice_routing.safety.run import Run
from tests.loops import finished

TODAY, LAST, LONG_AGO = date(2026, 6, 1), date(9999, 12, 31), date(2020, 1, 1)
_SHORT = 30
_BEHIND: tuple[Rule, ...] = (*FORMER, INCOMPLETE_ACTIVATION)
"""Rules that refuse nothing by themselves, and are looked at for older approvals."""


@dataclass(frozen=True)
class Case:
    """A change of a stack, and what else is known of it."""

    what: str
    before: Sequence[Resource]
    after: Sequence[Resource]
    replaced: Sequence[str] = ()
    """The names of resources that the engine would end and make again."""
    live: Mapping[str, str | None] | None = None
    """Who answers numbers at the vendor, where it was asked."""
    countries: str = ""
    unreadable: str = ""
    secret: bool = False
    """Whether it is about secrets that a plan hides, and a policy does not: the pack is not asked."""
    in_the_run: bool = True
    """Whether the pack is asked as in a run without a preview, too: most rules say the same then."""


def told(change: Case) -> str:
    """All that is said of it."""
    with surroundings(change.countries) as patch:
        return "\n".join(_lines(change, patch))


@contextmanager
def surroundings(countries: str) -> Iterator[pytest.MonkeyPatch]:
    """No settings but the countries to which calls may go, and no engine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("VOICE_ROUTING_BREAK_GLASS", "VOICE_ROUTING_COUNTRY_CODES", "VOICE_ROUTING_APPROVALS"):
            patch.delenv(name, raising=False)
        if countries:
            patch.setenv("VOICE_ROUTING_COUNTRY_CODES", countries)
        patch.setattr(guards, "_PAUSE", 0.0)
        patch.setattr(pulumi, "ResourceHook", lambda *_: None)  # the hooks are asked here, and not by an engine
        yield patch


def _lines(change: Case, patch: pytest.MonkeyPatch) -> Iterator[str]:
    plan = _plan(change)
    facts = plan.facts(change.live)
    facts.unreadable = change.unreadable
    patch.setattr(Plan, "facts", lambda *_: facts)  # worked out once for rules and gate
    behind = _behind(facts)
    rules = (*RULES, *plan_rules(plan))
    found = _Found([one for rule in rules for one in judge(rule, facts, {}, Approvals(), TODAY)], behind)
    yield from found.lines()
    yield from (
        f"{letter}. {of} | {_words(it)}" for letter, (it, of) in zip(ascii_lowercase, behind.items(), strict=False)
    )
    yield from _with_settings(facts, found)
    yield from _approved(facts, found)
    yield from _gate(plan, change, found)
    yield from _pack(change, found)
    yield from _guard(change, found, patch)


class _Found:
    """What the rules find, each with a number."""

    def __init__(self, all_of_it: Sequence[Judgement], behind: Mapping[Change, str]) -> None:
        self.all = all_of_it
        self._letters = dict(zip(behind, ascii_lowercase, strict=False))
        short: dict[str, str] = {}
        for place, one in enumerate(all_of_it, 1):
            change = one.change
            short.setdefault(one.violation.message, f"{{{place}}}")
            for words, name in ((change.object, "object"), (change.from_, "from"), (change.to, "to")):
                if _telling(words):
                    short.setdefault(words, f"{{{place}: {name}}}")
        self._short = sorted(short.items(), key=lambda pair: (-len(pair[0]), pair))

    def shortened(self, text: str) -> str:
        """With numbers for what a finding says."""
        for said, number in self._short:
            text = text.replace(said, number)
        return text

    def lines(self) -> Iterator[str]:
        for place, one in enumerate(self.all, 1):
            yield from self._finding(place, one)

    def _finding(self, place: int, one: Judgement) -> Iterator[str]:
        said, change = one.violation, one.change
        yield f"{place}. {one.rule.name}{', told only' if said.advice else ''}: {_of(said.resource)}"
        if change.object and max(map(len, (change.from_, change.to))) < _SHORT:
            yield f"   {change.object}: {change.from_} -> {change.to}"
        elif change.object:
            yield from (f"   {change.object}", f"   from | {change.from_}", f"   to | {change.to}")
        if one.missing != "it is not approved":
            yield f"   {one.missing or 'no approval helps'}"
        yield f"   | {_shortened(said.message, change)}"
        for group in said.lifted_by:
            yield f"   or: {self.together(group)}"

    def together(self, group: Iterable[Change]) -> str:
        """Changes of other names, whose approvals take one along."""
        return " and ".join(self._letters.get(one) or _words(one) for one in sorted(group, key=_words))

    def places(self, some: Iterable[Judgement]) -> str:
        ids = [id(one) for one in self.all]
        return ", ".join(str(ids.index(id(one)) + 1) for one in some) or "none"

    def place_of(self, finding: Finding) -> str:
        """The number of what the gate tells."""
        key = (finding.rule.name, finding.object, finding.from_, finding.to, finding.urn, finding.message)
        for place, one in enumerate(self.all, 1):
            urn = one.violation.resource.urn if one.violation.resource else ""
            if key == (one.rule.name, one.change.object, one.change.from_, one.change.to, urn, one.violation.message):
                return str(place)
        return f"something else, {' | '.join(key)}"


def _shortened(message: str, change: Change) -> str:
    """Without what it repeats."""
    words = {change.to: "{to}", change.from_: "{from}", change.object: "{object}"}
    for text in sorted(filter(_telling, words), key=lambda text: (-len(text), text)):
        message = message.replace(text, words[text])
    return message


def _telling(words: str) -> bool:
    """Whether words are told from others wherever they stand."""
    return len(words) > 3 and not words.isalpha()


def _of(resource: Resource | None) -> str:
    return "no resource" if resource is None else f"{resource.type} {resource.urn.rpartition('::')[2]}"


def _words(change: Change) -> str:
    return f"{change.rule} {change.object}: {change.from_} -> {change.to}"


def _behind(facts: Facts) -> dict[Change, str]:
    """What rules say that refuse nothing by themselves, and of which resource."""
    return {
        Change(rule.name, one.object, one.from_, one.to): _of(one.resource)
        for rule in _BEHIND
        for one in rule.judge(facts, {})
    }


def _with_settings(facts: Facts, found: _Found) -> Iterator[str]:
    """What is found besides when every number is critical, and when calls may go to one country only."""
    numbers = sorted({number for one in facts.declared for number in _numbers(one)})
    for name, rule, settings in (
        ("critical", CALLS_UNANSWERED, {"critical": numbers}),
        ("country 1", FORBIDDEN_TARGET, {"countries": ["+1"]}),
    ):
        plain = [one.violation for one in found.all if one.rule is rule]
        for one in judge(rule, facts, settings, Approvals(), TODAY):
            if one.violation not in plain:
                change, said = one.change, one.violation.message.partition(" (")[0]
                words = found.shortened(f"{change.object}: {change.from_} -> {change.to}")
                yield f"{name}: {words} | {_shortened(said, change)}"
                yield from (f"   or: {found.together(group)}" for group in one.violation.lifted_by)
    if facts.unreadable:
        blind = {"allowUnreadableState": True}
        left = [one.rule.name for rule in RULES for one in judge(rule, facts, blind, Approvals(), TODAY)]
        yield f"allowed not to see the state: {', '.join(left) or 'nothing'}"


def _numbers(one: Resource) -> Iterator[str]:
    said = (one.get("dnis"), one.get("extension_number"), *one.items("numbers"))
    yield from (it for it in said if isinstance(it, str))
    if isinstance(at := one.get("extension_id"), str):
        yield f"extension {at.rpartition('/')[2]}"


def _approved(facts: Facts, found: _Found) -> Iterator[str]:
    """What approvals of each finding do, in force and expired, and those of other names."""
    rules = {one.rule.name: one.rule for one in found.all}.values()

    def again(approvals: Iterable[Approval]) -> list[Judgement]:
        given = Approvals(approvals)
        return [one for rule in rules for one in judge(rule, facts, {}, given, TODAY)]

    entries = [_entry(one.change) for one in found.all if one.change.object]
    left = [place for place, one in enumerate(again(entries), 1) if one.approval is None]
    if left:
        yield f"cannot be approved: {', '.join(map(str, left))}"
    late = {one.missing for one in again(replace(entry, until=LONG_AGO) for entry in entries) if one.change.object}
    if late - {f"its approval expired on {LONG_AGO} (UTC)", "what is not known yet cannot be approved"}:
        yield f"approved once: {', '.join(sorted(late))}"
    older = [
        _entry(it) for one in found.all for group in one.violation.lifted_by[-1:] for it in sorted(group, key=_words)
    ]
    if older:
        lifted = [place for place, one in enumerate(again(older), 1) if one.approval]
        yield f"by older approvals: {', '.join(map(str, lifted))}"


def _entry(change: Change, until: date = LAST) -> Approval:
    return Approval(change.rule, frozenset([change.object]), change.from_, change.to, "it is meant", "OPS-1", until)


def _plan(change: Case) -> Plan:
    rows = [row for one in change.after for row in rows_in(one)]
    known_as = {alias: one.urn for one in rows for alias in one.aliases}
    before = {known_as.get(one.urn, one.urn): one for one in change.before}
    after = {one.urn: one for one in rows}
    steps = [
        Step(urn, _ops(change, before.get(urn), after.get(urn)), before.get(urn), after.get(urn))
        for urn in before | after
    ]
    return Plan(steps=steps, urn=steps[0].urn if steps else "::")


def _ops(change: Case, before: Resource | None, after: Resource | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ("create",) if before is None else ("delete",)
    if after.name in change.replaced:
        return ("replace",)
    return ("same",) if before.props == after.props else ("update",)


def _gate(plan: Plan, change: Case, found: _Found) -> Iterator[str]:
    if change.unreadable:
        return  # the gate is given the state
    verdict = judged(plan, levels=Levels(), approvals=Approvals(), live=change.live, today=TODAY)
    for does, some in (("refuses", verdict.refused), ("warns", verdict.advice)):
        if some:
            yield f"gate {does}: {', '.join(map(found.place_of, some))}"
    for note in verdict.notes:
        yield f"gate notes | {found.shortened(note)}"


# The pack


def _pack(change: Case, found: _Found) -> Iterator[str]:
    """What the pack says; nothing here where it says just what the rules found, or that all of it is approved."""
    expected = list(_joined([str(place) for place, _ in enumerate(found.all, 1)]))
    if change.secret:
        return
    first: dict[str, list[str]] = {}
    for when, preview in (("pack", True), ("pack in the run", False))[: 1 + change.in_the_run]:
        run = Run(before=Before(change.before), preview=preview, unreadable=change.unreadable)
        for also, entries in (("", []), (", approved", [_entry(one.change) for one in found.all if one.change.object])):
            run.approvals, run.findings, run.advice = Approvals(entries), [], []
            lines = list(_joined([_line(found, *said) for said in pack_says(run, change.after)]))
            if lines != first.setdefault(also, expected):
                yield from (f"{when}{also}: {line}" for line in lines)
            first[also] = lines


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Findings that follow each other in one line."""
    for plain, some in groupby(lines, str.isdecimal):
        if plain:
            yield ", ".join(some)
        else:
            yield from some
    if not lines:
        yield "nothing"


def _line(found: _Found, policy: str, message: str, urn: str | None) -> str:
    """What a policy says; the number of a finding where it says just that."""
    for place, one in enumerate(found.all, 1):
        change, resource = one.change, one.violation.resource
        there = engine_urn(resource.urn) if resource is not None else None
        row = f"{resource.name}: " if resource is not None and resource.urn != there else ""
        words = f" ({change.rule}: {one.missing})" if change.object else ""
        if change.object and NOT_KNOWN not in (change.from_, change.to):
            words += f"\n{_steady(to_allow([change]))}"
        if (policy, message, urn) == (one.rule.name, f"{row}{one.violation.message}{words}", there):
            return str(place)
        words = f"{change.object} from {change.from_} to {change.to} ({change.rule}; it is meant)."
        if (policy, message, urn) == ("approvals", f"approved by OPS-1 until {LAST} (UTC): {words}", None):
            return str(place)
    at = f" ({urn.rpartition('::')[2]})" if urn else ""
    first, _, below = message.partition("\n")
    entries = " + entries in a file" if _FILE in below else f" + {below.count('[[approval]]')} entries" if below else ""
    return f"{policy}{at} | {found.shortened(first)}{entries}"


_FILE = "entries in FILE"


def _steady(message: str) -> str:
    """A message without the day of today, and the name of a file that was made for it."""
    return re.sub(r"entries in \S+", _FILE, re.sub(r"until = \S+", "until = A DAY", message))


def pack_says(run: Run, resources: Sequence[Resource]) -> list[tuple[str, str, str | None]]:
    """Policy, message and URN, as the engine asks: one resource after another, and then all of them."""
    said: list[tuple[str, str, str | None]] = []
    policies = pack_policies(run=run)
    for one in resources:
        args = pulumi_policy.ResourceValidationArgs(
            PREFIX + one.type, one.props, one.urn, one.name, _options(one), None, {}
        )
        for policy in policies:
            if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
                policy.validate(args, lambda message, urn=None, name=policy.name: said.append((name, message, urn)))
    whole = pulumi_policy.StackValidationArgs([_for_policies(one) for one in resources], {})
    for policy in policies:
        if isinstance(policy, pulumi_policy.StackValidationPolicy):
            policy.validate(whole, lambda message, urn=None, name=policy.name: said.append((name, message, urn)))
    return [(policy, _steady(message), urn) for policy, message, urn in said]


def _options(one: Resource) -> Any:
    none = pulumi_policy.PolicyCustomTimeouts(0, 0, 0)
    return pulumi_policy.PolicyResourceOptions(one.protected, [], None, sorted(one.aliases), none, [], None)


def _for_policies(one: Resource) -> Any:
    behind = {name: [_Named(urn) for urn in sorted(urns)] for name, urns in one.behind.items()}
    return pulumi_policy.PolicyResource(
        PREFIX + one.type, one.props, one.urn, one.name, _options(one), None, None, [], behind
    )


@dataclass
class _Named:
    """As the engine names what a property is made of."""

    urn: str


# guard()


class _Mocks(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def _guard(change: Case, found: _Found, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """What ``guard()`` says before each write, and at the end of the program."""
    yield from (f"guard {found.shortened(line)}" for line in guard_says(change, patch))


def guard_says(
    change: Case, patch: pytest.MonkeyPatch, approvals: Sequence[Approval] = (), *, preview: bool = True
) -> list[str]:
    """The same as it is said."""
    lines: list[str] = []
    patch.setattr(guarded_program, "_exported", lambda: None if change.unreadable else list(change.before))
    for level in ("info", "warn"):
        patch.setattr(f"pulumi_voice_routing.say.{level}", lambda line: lines.append(f"tells | {_first(line)}"))

    async def all_of_it() -> None:
        mocks.set_mocks(_Mocks(), project="line", stack="dev", preview=preview)
        await _guarded(change, lines, Approvals(approvals))

    finished(all_of_it())
    return lines


async def _guarded(change: Case, lines: list[str], approvals: Approvals) -> None:
    one = guards._Guard(approvals, tells=False)
    saved = _by_urn(change.before)
    olds = {
        new.urn: next((saved[urn] for urn in (new.urn, *sorted(new.aliases)) if urn in saved), None)
        for new in change.after
    }
    for new in change.after:
        opts = pulumi.ResourceOptions(aliases=sorted(new.aliases))
        props = {name: _given(value) for name, value in new.props.items()}
        done = await one.transform(pulumi.ResourceTransformArgs(True, PREFIX + new.type, new.name, props, opts))
        old = olds[new.urn]
        if done is not None and done.opts.protect is not bool(new.protected) and old != new:
            lines.append(f"{'protects' if done.opts.protect else 'does not protect'} {new.name}")
    ends = []
    for new in change.after:
        old = olds[new.urn]
        if new.name in change.replaced:  # a new copy, and then the end of the old one
            await _changes(one, None, new, lines)
            ends += [old]
        elif old is None or old.props != new.props:
            await _changes(one, old, new, lines)
    stay = {urn for new in change.after for urn in (new.urn, *new.aliases)}
    ends += [there for urn, there in saved.items() if urn not in stay]
    try:
        one.judge_what_leaves()
    except pulumi.RunError as error:
        said = _first(error).removeprefix("guard: ").removesuffix(" Nothing was changed.")  # which all of these say
        lines.append(f"at the end | {said}")
    for old in ends:
        if old is not None and roles_of(member_of(old.type)).dialled is not None and not old.kept:
            await _changes(one, old, None, lines)


def _by_urn(state: Iterable[Resource]) -> dict[str, Resource]:
    """As the engine keeps it: the rows of a fleet in one."""
    found: dict[str, Resource] = {}
    for one in state:
        urn = engine_urn(one.urn)
        if urn == one.urn:
            found[urn] = one
            continue
        fleet = found.setdefault(
            urn, Resource(one.type + FLEET, urn.rpartition("::")[2], urn, {ROWS: {}, IDS: {}}, "fleet")
        )
        fleet.props[ROWS][key_of(one.urn)] = one.props
        fleet.props[IDS][key_of(one.urn)] = one.id
    return found


async def _changes(one: Any, old: Resource | None, new: Resource | None, lines: list[str]) -> None:
    is_ = new or old
    assert is_ is not None
    args = pulumi.ResourceHookArgs(
        is_.urn,
        (old.id if old is not None else "") or "",
        is_.name,
        PREFIX + is_.type,
        new_inputs=None if new is None else {name: _given(value) for name, value in new.props.items()},
        old_outputs=None if old is None else dict(old.props),
    )
    try:
        await one.judge(args)
    except Refused as refused:
        lines.append(f"before {'the end of ' if new is None else ''}{is_.name} | {_first(refused)}")


def _first(error: Exception | str) -> str:
    """Without the lines on what can be done, which name a day from now."""
    first, *others = str(error).splitlines()
    assert not others or others[0].startswith("To allow it, "), others
    return first


def _given(value: Any) -> Any:
    """A value as a program gives it: what is not known yet is an output."""
    if isinstance(value, Mapping):
        return {name: _given(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_given(inner) for inner in value]
    return pulumi.Output(set(), _never(None), _never(False), _never(False)) if value is UNKNOWN else value


def _never(value: Any) -> asyncio.Future[Any]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future
