"""Parts of other cases put together by chance, always the same ones, with a digest of what is told of each.

``python -m tests.outcomes.recorded varied`` prints what is told in full, for a comparison of two versions of the code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from pulumi_voice_routing.errors import Forbidden
from pulumi_voice_routing.lifecycle import standing, writes
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.permission.approvals import Approval, Approvals, Change
from pulumi_voice_routing.plan.facts import Resource, plain
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import extension_rules
from pulumi_voice_routing.safety.after_write import After
from pulumi_voice_routing.safety.before_write import refuse, worse
from pulumi_voice_routing.safety.new_targets import require_allowed
from tests.call_flow.line import GROUP, LINE, NUMBER, OTHER, destination
from tests.outcomes.test_after_write import CASES, declares

from .about_after import after, by_chance, declared_in, writes_between
from .about_numbers import SALES, VENDORS, Vendor, override
from .about_numbers import told as numbers_told
from .about_permission import TODAY
from .about_worse import PAIRS
from .after_table import LATER, MORE, QUIET
from .cases import Cases, Here, Lines, here, words
from .world import Provider, World

Given = tuple[str, str | None, Mapping[str, Any] | None, Mapping[str, Any] | None]

BEFORE: list[Sequence[Resource]] = [*(case[0] for case in CASES), *(case[0] for case in MORE.values()), [*LINE, *SALES]]
DECLARED = [one for case in [*(it[2] for it in CASES), *(it[1] for it in MORE.values())] for one in case]
WRITES: list[Given] = [*(case[1] for case in CASES), *(one for case in MORE.values() for one in case[2])]
EXTRA = [QUIET, destination("vail", 2004, "+13035551004"), override(OTHER, "+19005550100", 2003)]
_DIGITS = 12


def _args(args: Mapping[str, Any] | None, chance: random.Random) -> Mapping[str, Any] | None:
    """The same with another value, or without one."""
    if not args or chance.random() < 0.6:
        return args
    name, how = chance.choice(sorted(args)), chance.random()
    if how < 0.25:
        return {key: value for key, value in args.items() if key != name}
    others = [said[name] for it in WRITES for said in it[2:] if isinstance(said, Mapping) and name in said]
    return {**args, name: LATER if how < 0.5 else chance.choice([*others, None, True, False, ""])}


def _parts(chance: random.Random, *, storms: float) -> tuple[list[Resource], list[Declared], list[Given]]:
    """What there is, what is declared beside, and what is written."""
    if chance.random() < storms:
        _, was, news = by_chance(chance.randrange(40))
        between = [(it.provider.token, it.id, it.olds, it.args) for it in writes_between(was, news)]
        if between:
            some = chance.sample(between, min(len(between), 2))
            said = declared_in(was, news)
            return was, chance.sample(said, chance.randint(0, len(said))), some
    there = list(chance.choice(BEFORE))
    if len(there) > 1 and chance.random() < 0.3:
        there.pop(chance.randrange(len(there)))
    said = [
        replace(one, args=_args(one.args, chance) or {}, urn=f"urn:{place}", stays=one.stays or chance.random() < 0.1)
        for place, one in enumerate(chance.sample(DECLARED, chance.randint(0, 3)))
    ]
    said += [declares(it.type, it.id, it.urn, **it.props) for it in there if chance.random() < 0.3]
    given = [
        (token, chance.choice([id_, id_, id_, None]), olds, _args(args, chance) if chance.random() < 0.9 else None)
        for token, id_, olds, args in chance.sample(WRITES, chance.choice([1, 1, 1, 2]))
    ]
    return there, said, given


def _urn(given: Given, said: Sequence[Declared], chance: random.Random) -> str:
    """That of a resource that is declared, where there is one: it is declared when it is written."""
    urns = [one.urn for one in said if one.token == given[0] and one.id == given[1]]
    return chance.choice([*urns, "urn:it"])


def _after(there: Here, chance: random.Random) -> Iterator[str]:
    before, said, given = _parts(chance, storms=0.3)
    sent = [
        Write(provider_for(one[0]), _urn(one, said, chance), *one[1:], frozenset(_loose(one[3], chance)))
        for one in given
    ]
    whole = After(before, [], []).resources
    yield from after(there, chance.choice([before, whole]), said, sent, *chance.sample(EXTRA, 2))


def _loose(args: Mapping[str, Any] | None, chance: random.Random) -> list[str]:
    return [name for name in args or {} if chance.random() < 0.3]


def _judged(there: Here, chance: random.Random) -> Iterator[str]:
    before, said, (given, *_) = _parts(chance, storms=0.1)
    world = World(
        there, before, closely=chance.sample(EXTRA, chance.choice([0, 0, 1])), overrides=[EXTRA[2], *_phones(before)]
    )
    world.state = chance.choice([None, before, [*before, *SALES], LINE])
    world.declares(*said)
    if chance.random() < 0.3:
        world.ending = [Write(provider_for(it.type), it.urn, it.id, it.props, None) for it in before[:2]]
    if chance.random() < 0.2:
        world.sharing = chance.sample(before, min(len(before), 2))
    world.before = {one.urn: plain(dict(one.args)) for one in said if chance.random() < 0.3}
    token, id_, olds, args = given
    existing = f"{GROUP}/2001" if chance.random() < 0.2 else None
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", chance.choice(["", "", "", "calls-unknown", "calls-unanswered"]))
    yield from world.judged(Write(Provider(token, existing), _urn(given, said, chance), id_, olds, args))


def _phones(before: Sequence[Resource]) -> list[Resource]:
    return [one for one in before if "phone_number" in one.props]


# Single questions


def _worse(there: Here, chance: random.Random) -> Iterator[str]:
    """What would be worse, and what approvals do that fit or nearly do."""
    before, _ = PAIRS[chance.choice(sorted(PAIRS))]
    _, now = PAIRS[chance.choice(sorted(PAIRS))]
    if chance.random() < 0.3:
        before, now = now, before
    found = worse(before, now, chance.choice([None, None, (), [("queue", "1000"), ("ivr", "7")]]))
    yield from (f"{words(change)} {calls.when}" for change, calls in found)
    given = [_nearly(change, chance) for change, _ in found if chance.random() < 0.6]
    off = chance.choice(["", "", "calls-unknown", "calls-unanswered,calls-end-nowhere", "release-active-dnis", "x"])
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", off)
    told = {name: chance.random() < 0.5 for name in ("tell", "meanwhile")}
    because = chance.choice(["", "it ends"])
    yield from there.tries(lambda: refuse(found, before, Approvals(given), because=because, **told))


_RULES = ("calls-unanswered", "calls-unknown", "forbidden-target", "calls-end-nowhere", "percent-totals", "dead-ends")


def _nearly(change: Change, chance: random.Random) -> Approval:
    rule = change.rule if chance.random() < 0.5 else chance.choice(_RULES)
    object_ = change.object if chance.random() < 0.7 else chance.choice(["profile 3001", "destination 2001", OTHER])
    same = chance.random() < 0.6
    from_, to = (change.from_, change.to) if same else ("answered", chance.choice(["nobody", "unknown"]))
    until = TODAY + timedelta(days=chance.choice([-1, 0, 1]))
    return Approval(rule, frozenset([object_]), from_, to, "r", "t", until)


def _targets(there: Here, chance: random.Random) -> Iterator[str]:
    """New targets, with approvals of some of them."""
    token, id_, olds, args = chance.choice(WRITES)
    new = chance.choice(["+19005550100", "+33142685300", "+447700900", "8000", "+13035551009", LATER])
    if args and chance.random() < 0.8:
        args = {name: _aimed(value, new) for name, value in args.items()}
    there.patch.setenv("VOICE_ROUTING_COUNTRY_CODES", chance.choice(["", "1", "1,33"]))
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", chance.choice(["", "", "", "forbidden-target"]))
    called = frozenset([chance.choice(["x", "destination 2001"])])
    given = [Approval("forbidden-target", called, "no target", str(new), "r", "t", TODAY)]
    write = Write(provider_for(token), "urn:it", id_, olds, args)
    yield from there.tries(require_allowed, write, Approvals(given if chance.random() < 0.3 else []))


def _aimed(value: Any, new: Any) -> Any:
    """The same with another number in the place of each."""
    if isinstance(value, list):
        return [_aimed(one, new) for one in value]
    if isinstance(value, Mapping):
        return {name: _aimed(one, new) for name, one in value.items()}
    return new if isinstance(value, str) and value.startswith("+") else value


def _coming(there: Here, chance: random.Random) -> Iterator[str]:
    """Numbers that come to a line, of which some is as in one case and some as in another."""
    one, other = (VENDORS[chance.choice(sorted(VENDORS))]() for _ in range(2))
    vendor = Vendor(one.line, [*other.overrides, *one.overrides][: chance.randint(0, 3)], one.error)
    numbers = chance.sample([NUMBER[1:], OTHER[1:], "13035550102", "13035550103"], chance.randint(1, 4))
    there.patch.setenv("VOICE_ROUTING_COUNTRY_CODES", chance.choice(["", "", "1", "33"]))
    yield from numbers_told(there, vendor, numbers)


_KINDS = ("AnsweringRule", "BuiltInAnsweringRule", "ForwardingNumber", "CallHandlingState", "CallHandlingStateRule")
_OF_EXTENSIONS = [f"ringex:{kind}" for kind in (*_KINDS, "InteractionRule")]


class Rules:
    """A provider that shows some objects, and not others."""

    def __init__(self, token: str, there: Mapping[str, Any]) -> None:
        self._real, self._there, self._token = provider_for(token), there, token

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def ids(self, extension: str) -> list[str]:
        if self._token not in self._there:
            raise Forbidden("ringex", "list", 403)
        return [f"{extension}/{number}" for number in self._there[self._token]]

    def look(self, id_: str, olds: Mapping[str, Any]) -> Mapping[str, Any] | None:
        shown = self._there.get(self._token, {}).get(id_.rpartition("/")[2])
        return None if shown is None else {"name": shown, "asked": len(olds["__managed"])}


def _extensions(there: Here, chance: random.Random) -> Iterator[str]:
    """What is looked at for a write to a rule."""
    shown = {
        token: {str(number): chance.choice(["shown", "shown", None]) for number in range(chance.randint(0, 2))}
        for token in _OF_EXTENSIONS
        if chance.random() < 0.7
    }
    there.patch.setattr(extension_rules, "provider_for", lambda token: Rules(token, shown))
    there.patch.setattr(standing, "before", lambda urn: {"name": "before"} if urn.endswith("1") else {})
    writes.forget()
    for place in range(chance.randint(0, 5)):
        urn, token = f"urn:{place}", chance.choice([*_OF_EXTENSIONS, "ringcx:Destination"])
        at = chance.choice(["1/101", "101", "1/102", LATER])
        writes.declares(urn, token, {"extension_id": at, "group_id": at, "name": f"n{place}"})
        if chance.random() < 0.5 and isinstance(at, str):
            writes.stands_for(urn, f"{at}/{chance.randint(0, 2)}")
    token, id_ = chance.choice(_OF_EXTENSIONS), chance.choice([None, "1/101/0", "1/101/1", "1/102/0"])
    args = {"extension_id": chance.choice(["1/101", "101"]), "name": "it"} if chance.random() < 0.8 else None
    write = Write(Rules(token, shown), chance.choice(["urn:it", "urn:0"]), id_, None, args)
    for asked in (extension_rules.known_rules, extension_rules.all_rules):
        yield from (f"{it.type} {it.id} {it.name} {it.urn} {words(it.props)}" for it in asked(write, id_))
    yield f"{extension_rules.extension_of(write, id_)} {[it.id for it in extension_rules.telephones('1/101')]}"


Tells = Callable[[Here, random.Random], Lines]


def in_full(tells: Tells, seed: str, count: int) -> Callable[[Here], Iterator[str]]:
    """What is told of so many."""

    def told(there: Here) -> Iterator[str]:
        for number in range(count):
            yield f"{seed}, {number}:"
            yield from tells(there, random.Random(f"{seed} {number}"))

    return told


def _digest(tells: Tells, seed: str, count: int) -> Callable[[Here], Lines]:
    def told(there: Here) -> Iterator[str]:
        lines = list(in_full(tells, seed, count)(there))
        yield f"{len(lines)} lines, {sha256(chr(10).join(lines).encode()).hexdigest()[:_DIGITS]}"

    return told


LONG = "more, "
"""How what is tried in the whole run only is called."""
_COUNTS: Mapping[Tells, tuple[int, int]] = {
    _after: (30, 60),
    _judged: (5, 12),
    _worse: (30, 100),
    _targets: (60, 200),
    _coming: (20, 80),
    _extensions: (60, 200),
}
_BLOCKS = (("", 2, 0), (LONG, 6, 1))
_VARIED = {
    f"{before}{tells.__name__.strip('_')}, {block}": (tells, counts[long])
    for before, blocks, long in _BLOCKS
    for tells, counts in _COUNTS.items()
    for block in range(blocks)
}
VARIED: Cases = {name: _digest(tells, name, count) for name, (tells, count) in _VARIED.items()}


def all_of_it() -> Iterator[str]:
    """What is told of all of them, in full."""
    for name, (tells, count) in _VARIED.items():
        with here() as there:
            yield from in_full(tells, name, count)(there)
