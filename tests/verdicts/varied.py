"""Variants of all other cases, made by chance and always the same: what each rule says of them, as a digest.

A digest tells that something is said otherwise, and not what. ``python -m tests.verdicts.varied`` prints all of it in
full: compare what it prints before and after a change of the code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from itertools import groupby
from typing import Any

import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import judged
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.plan.rows import rows_in
from pulumi_voice_routing.safety.judgement import Judgement, judge, unused
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED, FORBIDDEN_TARGET, RULES
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules, reviewed_plan
from pulumi_voice_routing.safety.run import Run

from . import saying
from .saying import TODAY, Case

_SIDES = ("before", "after")
_DIGITS = 8
_YESTERDAY, _LAST = TODAY - timedelta(days=1), date(9999, 12, 31)
_OFF = ("release-active-dnis", "calls-unanswered", "calls-unknown", "forbidden-target", "percent-totals", "duplicates")
_OWNERS = ("profile 3001", "profile 3002", "queue 1000", "Visual IVR 7", "tracking number 1003", None)
_ODD: tuple[Any, ...] = (
    UNKNOWN,
    None,
    "",
    True,
    False,
    0,
    1,
    100,
    "700",
    "+13035550100",
    "+13035550101",
    "123456/1001",
)
"""What any field may say instead; some of it by mistake."""


@dataclass
class Pool:
    """The cases that are varied, and what their fields say."""

    cases: Sequence[Case]

    def __post_init__(self) -> None:
        self.said: dict[str, list[Any]] = {}
        for one in self.cases:
            for there in (*one.before, *one.after):
                for name, value in there.props.items():
                    self.said.setdefault(name, []).append(value)


def variant(pool: Pool, chance: random.Random) -> Case:
    """One of the cases, or the beginning of one and the end of another, with a few differences."""
    one = chance.choice(pool.cases)
    other = chance.choice(pool.cases) if chance.random() < 0.35 else one
    sides = {"before": list(one.before), "after": list(other.after)}
    if chance.random() < 0.1:
        sides = {"before": sides["after"], "after": sides["before"]}
    for _ in range(chance.randint(0, 3)):
        there = sides[chance.choice(_SIDES)]
        if there:
            chance.choice(_EDITS)(there, pool, chance)
    rows = [row for it in sides["before"] for row in rows_in(it)]
    before = [it if it.id is not None else replace(it, id=f"id-of-{it.name}") for it in _once(rows)]
    after = [replace(it, id=None) for it in _once(sides["after"])]
    names = [it.name for it in after]
    replaced = chance.sample(names, min(len(names), 2)) if chance.random() < 0.2 else other.replaced
    return replace(other, before=before, after=after, replaced=replaced, live=_live(before, chance))


def _once(some: Iterable[Resource]) -> list[Resource]:
    """Each URN is there once."""
    return list({one.urn: one for one in some}.values())


def _live(before: Iterable[Resource], chance: random.Random) -> Mapping[str, str | None] | None:
    """Who answers numbers at the vendor."""
    if chance.random() < 0.6:
        return None
    numbers = sorted({number for one in before for number in saying._numbers(one)})
    return {number: chance.choice(_OWNERS) for number in numbers if chance.random() < 0.7}


Edit = Callable[[list[Resource], Pool, random.Random], None]


def _with(there: list[Resource], at: int, **props: Any) -> None:
    there[at] = replace(there[at], props={**there[at].props, **props})


def _leave(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    there.pop(chance.randrange(len(there)))


def _double(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    one = chance.choice(there)
    id_ = one.id if chance.random() < 0.5 else f"{one.id}9"
    there.insert(chance.randint(0, len(there)), replace(one, name=f"{one.name}-2", urn=f"{one.urn}-2", id=id_))


def _rename(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    at = chance.randrange(len(there))
    one = there[at]
    aliases = frozenset([one.urn]) if chance.random() < 0.5 else one.aliases
    there[at] = replace(one, name=f"new-{one.name}", urn=f"{one.urn}-new", aliases=aliases)


def _field(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    at = chance.randrange(len(there))
    names = list(there[at].roles.fields)
    said = [name for name in names if name in there[at].props]
    name = chance.choice(said or names) if chance.random() < 0.8 else chance.choice(names)
    if chance.random() < 0.25:
        props = {key: value for key, value in there[at].props.items() if key != name}
        there[at] = replace(there[at], props=props)
    else:
        _with(there, at, **{name: _value(name, pool, chance, there[at].props.get(name))})


def _value(name: str, pool: Pool, chance: random.Random, was: Any) -> Any:
    how = chance.random()
    if how < 0.3:
        return UNKNOWN
    if how < 0.7 and name in pool.said:
        return chance.choice(pool.said[name])
    alike = [one for one in _ODD if isinstance(one, type(was)) or one is None]
    return was if isinstance(was, list | dict) else chance.choice(alike or _ODD)


def _row(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    places = [
        (at, name) for at, one in enumerate(there) for name, value in one.props.items() if isinstance(value, list)
    ]
    if not places:
        return
    at, name = chance.choice(places)
    rows = list(there[at].props[name])
    place = chance.randint(0, len(rows))
    how = chance.random()
    if place == len(rows) or how < 0.1:
        others = [row for said in pool.said.get(name, ()) if isinstance(said, list) for row in said]
        rows.insert(place, chance.choice([*others, UNKNOWN]))
    elif how < 0.3:
        rows.pop(place)
    elif how < 0.4:
        rows[place] = UNKNOWN
    elif isinstance(rows[place], Mapping) and rows[place]:
        inner = chance.choice(list(rows[place]))
        others = [row[inner] for row in _rows_of(pool, name) if inner in row]
        rows[place] = {**rows[place], inner: chance.choice([*others, UNKNOWN, None])}
    else:
        rows = rows[::-1]
    _with(there, at, **{name: rows})


def _rows_of(pool: Pool, name: str) -> Iterator[Mapping[str, Any]]:
    for said in pool.said.get(name, ()):
        yield from (row for row in (said if isinstance(said, list) else ()) if isinstance(row, Mapping))


def _state(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    at = chance.randrange(len(there))
    one = there[at]
    what = chance.choice(["kept", "protected", "id"])
    if what == "id":
        there[at] = replace(one, id=chance.choice([it.id for it in there]))
    else:
        there[at] = replace(one, **{what: not getattr(one, what)})


def _behind(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    """A link that only the program tells."""
    at = chance.randrange(len(there))
    if not there[at].props:
        return
    name = chance.choice(list(there[at].props))
    some = frozenset(one.urn for one in chance.sample(there, min(len(there), chance.choice([1, 1, 2]))))
    there[at] = replace(there[at], behind={**there[at].behind, name: some})
    if not isinstance(there[at].props[name], list):
        _with(there, at, **{name: UNKNOWN})


def _order(there: list[Resource], pool: Pool, chance: random.Random) -> None:
    chance.shuffle(there)


_EDITS: tuple[Edit, ...] = (_leave, _double, _rename, _field, _field, _field, _row, _row, _state, _behind, _order)


# What is said of them


def _facts(case: Case, chance: random.Random) -> tuple[Facts, Any]:
    """As the gate has it, or as the pack has it: a part of the stack, or all of it."""
    plan = saying._plan(case)
    how = chance.random()
    if how < 0.6:
        return plan.facts(case.live), plan
    before = Before(case.before) if how < 0.95 else None
    unreadable = "it is no JSON" if before is None and how < 0.98 else ""
    after = case.after if how < 0.8 else [chance.choice(case.after)] if case.after else []
    return Facts(after, before, unreadable=unreadable, preview=chance.random() < 0.5, whole=how < 0.8), plan


def _says(rules: Iterable[Any], facts: Facts, settings: Mapping[str, Any], given: Approvals) -> Iterator[Judgement]:
    for rule in rules:
        yield from judge(rule, facts, settings, given, TODAY)


def _entries(found: Sequence[Judgement], chance: random.Random) -> Iterator[Approval]:
    """Approvals that fit, and others that nearly do."""
    for one in found:
        groups = one.violation.lifted_by
        some = sorted(chance.choice(groups), key=saying._words) if groups and chance.random() < 0.6 else [one.change]
        some = some if chance.random() < 0.7 else some[:1]
        for change in some:
            if change.object:
                yield _nearly(saying._entry(change, chance.choice([_YESTERDAY, TODAY, _LAST])), chance)


def _nearly(entry: Approval, chance: random.Random) -> Approval:
    differs = chance.choice(["", "", "", "", "rule", "objects", "from_", "to"])
    if differs == "objects":
        return replace(entry, objects=frozenset([chance.choice(["+13035550100", "profile 3001"])]))
    return replace(entry, **{differs: "something else"}) if differs else entry


def _line(one: Judgement) -> str:
    said, change = one.violation, one.change
    lifted = "; ".join(" and ".join(sorted(map(saying._words, group))) for group in said.lifted_by)
    given = [one.approval, *one.together_with] if one.approval else []
    by = ", ".join(f"{it.rule} until {it.until}" for it in given) or one.missing
    words = (saying._words(change), said.resource.urn if said.resource else "", by, said.advice, said.message, lifted)
    return " | ".join(map(str, words))


def judgements(case: Case, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What each rule says, with approvals and settings."""
    facts, plan = _facts(case, chance)
    rules = [*saying._BEHIND, *RULES, *plan_rules(plan), reviewed_plan(plan, str(plan.hash))]
    if chance.random() < 0.2:
        rules.append(reviewed_plan(plan, chance.choice(["", f"{plan.hash.state}-0", f"0-{plan.hash.changes}", "0-0"])))
    found = list(_says(rules, facts, {}, Approvals()))
    yield from ((one.rule.name, _line(one)) for one in found)
    given = Approvals(_entries(found, chance))
    again = list(_says({one.rule.name: one.rule for one in found}.values(), facts, {}, given))
    yield from (("approved", _line(one)) for one in again)
    yield from (("approved", line) for line in unused(given, again, TODAY, unseen=("duplicates",)))
    numbers = sorted({number for one in facts.declared for number in saying._numbers(one)})
    settings = {
        "critical": [number for number in numbers if chance.random() < 0.7],
        "countries": chance.choice([["+1"], ["1", "+33"], []]),
        "allowUnreadableState": chance.random() < 0.5,
    }
    yield from (("settings", _line(one)) for one in _says((CALLS_UNANSWERED, FORBIDDEN_TARGET), facts, settings, given))


def gate_and_pack(case: Case, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What both say, with approvals."""
    facts, plan = _facts(case, chance)
    given = Approvals(_entries(list(_says(RULES, facts, {}, Approvals())), chance))
    verdict = judged(plan, levels=Levels(), approvals=given, live=case.live, today=TODAY)
    for does, some in (("refuses", verdict.refused), ("warns", verdict.advice)):
        yield from (("gate", f"{does}: {one.rule.name} {one.object} {one.urn}") for one in some)
    yield from (("gate", note) for note in verdict.notes)
    run = Run(before=Before(case.before), preview=chance.random() < 0.7)
    run.approvals = Approvals(replace(one, until=_LAST) for one in given.entries)
    yield from (("pack", " | ".join(map(str, said))) for said in saying.pack_says(run, case.after))


def guarded(case: Case, chance: random.Random) -> Iterator[tuple[str, str]]:
    """What ``guard()`` says, with approvals or in an emergency."""
    found = list(_says(RULES, saying._plan(case).facts(), {}, Approvals()))
    given = [] if chance.random() < 0.4 else list(_entries(found, chance))
    with pytest.MonkeyPatch.context() as patch:
        if found and chance.random() < 0.15:
            off = {chance.choice(found).rule.name, chance.choice(_OFF)}
            patch.setenv("VOICE_ROUTING_BREAK_GLASS", ",".join(sorted(off)))
        for line in saying.guard_says(case, patch, given, preview=chance.random() < 0.7):
            yield "guard", line


Says = Callable[[Case, random.Random], Iterable[tuple[str, str]]]


def lines(pool: Pool, seed: str, count: int, says: Says) -> Iterator[tuple[str, str]]:
    """What is said of so many variants."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        case = variant(pool, chance)
        with saying.surroundings(case.countries):
            yield from ((of, f"{number}: {line}") for of, line in says(case, chance))


def digests(pool: Pool, seed: str, count: int, says: Says) -> str:
    """How often each of them says something, and a digest of it."""
    said = sorted(lines(pool, seed, count, says), key=lambda pair: pair[0])
    found = []
    for of, some in groupby(said, lambda pair: pair[0]):
        texts = [text for _, text in some]
        found.append(f"{of}: {len(texts)}, {sha256(chr(10).join(texts).encode()).hexdigest()[:_DIGITS]}")
    return "\n".join(found)


_QUICK: Mapping[Says, int] = {judgements: 30, gate_and_pack: 8, guarded: 6}
_WHOLE: Mapping[Says, int] = {judgements: 60, gate_and_pack: 16, guarded: 12}
_BLOCKS = 3
_MORE = "more of "
"""How what is tried in the whole run only is called."""


def recordings(cases: Mapping[str, Sequence[Case]]) -> dict[str, Callable[[], str]]:
    """What is recorded of variants of these cases."""
    found: dict[str, Callable[[], str]] = {}
    for name, some in cases.items():
        pool = Pool(some)
        for says in _QUICK:
            called = f"{name}, {says.__name__}"
            found[called] = partial(digests, pool, called, _QUICK[says], says)
            for block in range(1, _BLOCKS + 1):
                more = f"{_MORE}{called}, {block}"
                found[more] = partial(digests, pool, more, _WHOLE[says], says)
    return found


def is_long(what: str) -> bool:
    """Whether it is for the whole run only."""
    return what.startswith(_MORE)


if __name__ == "__main__":
    from .recorded import sections

    for what, making in sections()["varied"].items():
        pool, seed, count, says = making.args  # type: ignore[attr-defined]
        for of, line in lines(pool, seed, count, says):
            print(what, of, line, sep=" | ")
