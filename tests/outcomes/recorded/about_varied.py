"""Parts of other cases put together by chance, always the same ones, with a digest of what is told of each.

``python -m tests.outcomes.recorded varied`` prints what is told in full, for a comparison of two versions of the code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.plan.facts import Resource, plain
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety.after_write import After
from tests.call_flow.line import GROUP, LINE, OTHER, destination
from tests.outcomes.test_after_write import CASES, declares

from .about_after import after, by_chance, declared_in, writes_between
from .about_numbers import SALES, override
from .after_table import LATER, MORE, QUIET
from .cases import Cases, Here, Lines, here
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
    others = [it[place][name] for it in WRITES for place in (2, 3) if name in (it[place] or {})]
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
    writes = [
        (token, chance.choice([id_, id_, id_, None]), olds, _args(args, chance) if chance.random() < 0.9 else None)
        for token, id_, olds, args in chance.sample(WRITES, chance.choice([1, 1, 1, 2]))
    ]
    return there, said, writes


def _urn(given: Given, said: Sequence[Declared], chance: random.Random) -> str:
    """That of a resource that is declared, where there is one: it is declared when it is written."""
    urns = [one.urn for one in said if one.token == given[0] and one.id == given[1]]
    return chance.choice([*urns, "urn:it"])


def _after(there: Here, chance: random.Random) -> Iterator[str]:
    before, said, given = _parts(chance, storms=0.3)
    writes = [
        Write(provider_for(one[0]), _urn(one, said, chance), *one[1:], frozenset(_loose(one[3], chance)))
        for one in given
    ]
    whole = After(before, [], []).resources
    yield from after(there, chance.choice([before, whole]), said, writes, *chance.sample(EXTRA, 2))


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
_COUNTS: Mapping[Tells, tuple[int, int]] = {_after: (30, 60), _judged: (5, 12)}
_BLOCKS = (("", 3, 0), (LONG, 10, 1))
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
