"""What the vendors would have after a write and after all else that is declared: each object that differs, in full."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pulumi_voice_routing.errors import NotFound
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Resource
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import after_write
from pulumi_voice_routing.safety.after_write import After, in_groups
from tests.call_flow.line import (
    GROUP,
    LINE,
    NUMBER,
)
from tests.outcomes.test_after_write import CASES
from tests.storm.changes import CHANGES, as_resources, changed, line
from tests.tokens import (
    ALLOCATION_HOURS,
    DESTINATION,
    DNIS_ASSIGNMENT,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
)

from .after_table import LATER, MORE
from .cases import Cases, Here, Lines, words

Key = tuple[str, str | None]


def differs(before: Iterable[Resource], after: Iterable[Resource]) -> Iterator[str]:
    """What is another object, what comes and what goes; of one that stays, the arguments that differ."""
    olds, news = ({(it.type, it.id): it for it in side} for side in (before, after))
    for key, old in olds.items():
        if key not in news:
            yield f"- {named(old)}"
    for key, it in news.items():
        was = olds.get(key)
        if was is None:
            called = f"{it.name!r}" if it.name != it.id else "by its id"
            yield f"+ {named(it)} called {called}: {_said(it.props)}"
        elif was != it:
            fields = {
                name: it.props.get(name, "(none)")
                for name in {**was.props, **it.props}
                if was.get(name) != it.get(name)
            }
            gone = [name for name in was.props if name not in it.props]
            told = f"~ {named(it)}: {_said(fields)}" + (f", without {', '.join(gone)}" if gone else "")
            yield told + ("" if (was.name, was.urn) == (it.name, it.urn) else f" was {named(was)}")
    if [key for key in olds if key in news] != [key for key in news if key in olds]:
        yield "in another order"


def named(it: Resource) -> str:
    """What it is; of what a state has, by its name, and of what the vendor shows alone, by its whole URN."""
    start, _, name = it.urn.rpartition("::")
    return f"{it.type} {it.id} ({name if start.endswith(PREFIX + it.type) else it.urn})"


def _said(props: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {words(value)}" for name, value in props.items())


class NoVendor:
    """A vendor that has some objects beside those that calls pass."""

    def __init__(self, *there: Resource) -> None:
        self._there = {(it.type, it.id): it for it in there}
        self.asked: list[Any] = []

    def __call__(self, *, thorough: bool = True) -> NoVendor:
        self.asked.append(f"thorough={thorough}")
        return self

    def object(self, type_: str, id_: str) -> Resource | None:
        self.asked.append((type_, id_))
        if id_.endswith("2009"):
            raise NotFound("ringcx", "get", 404)
        return self._there.get((type_, id_))


def after(
    there: Here, before: Sequence[Resource], declared: Sequence[Declared], writes: Sequence[Write], *extra: Resource
) -> Iterator[str]:
    """Both with all else that is declared, and by itself where that is not the same."""
    vendor = NoVendor(*extra)
    there.patch.setattr(after_write, "Looking", vendor)
    alone = list(differs(before, After(before, declared, writes, others=False).resources))
    vendor.asked.clear()
    found = After(before, declared, writes)
    told = list(differs(before, found.resources))
    yield from told or ["nothing differs"]
    if alone != told:
        yield "by itself:"
        yield from (f"  {it}" for it in alone or ["nothing differs"])
    if found.moved:
        yield f"moved: {words(sorted(found.moved.items(), key=str))}"
    if vendor.asked != ["thorough=False"]:
        yield f"asked: {words(vendor.asked[1:])}"


def _known_cases(there: Here) -> Iterator[str]:
    for place, (before, (token, id_, olds, args), declared, _) in enumerate(CASES):
        whole = After(before, [], []).resources
        yield f"{place}. {token} {id_}:"
        write = Write(provider_for(token), "urn:it", id_, olds, args)
        yield from (f"  {it}" for it in after(there, whole, declared, [write]))


def writes_between(before: Sequence[Resource], news: Sequence[Resource]) -> Iterator[Write]:
    """A write for each resource that differs, comes or goes."""
    olds = {it.urn: it for it in before}
    now = {it.urn: it for it in news}
    for urn in {**olds, **now}:
        old, new = olds.get(urn), now.get(urn)
        if old is None or new is None or old.props != new.props:
            there = new or old
            assert there is not None
            yield Write(
                provider_for(there.type),
                urn,
                old.id if old else None,
                dict(old.props) if old else None,
                dict(new.props) if new else None,
            )


def of(write: Write) -> str:
    """What a write is, by the name of its resource."""
    what = "end of " if write.args is None else "update of " if write.olds is not None else "create of "
    return what + write.urn.rpartition("::")[2]


def declared_in(before: Sequence[Resource], news: Sequence[Resource]) -> list[Declared]:
    """All that the program says, with the ids of what is there."""
    ids = {it.urn: it.id for it in before}
    return [Declared(it.type, it.urn, dict(it.props), ids.get(it.urn)) for it in news]


def by_chance(seed: int) -> tuple[list[str], list[Resource], list[Resource]]:
    """A line before and after changes of some kinds."""
    before = now = line(seed)
    chosen = random.Random(seed).sample(sorted(CHANGES), 3)
    for place, change in enumerate(chosen):
        now = changed(now, change, seed + place)
    return chosen, as_resources(before), as_resources(now)


def _storm(*seeds: int) -> Callable[[Here], Lines]:
    def told(there: Here) -> Iterator[str]:
        for seed in seeds:
            chosen, before, news = by_chance(seed)
            whole = After(before, [], []).resources
            for write in list(writes_between(before, news))[:2]:
                yield f"line {seed}, {', '.join(chosen)}: {of(write)}"
                found = list(after(there, whole, declared_in(before, news), [write]))
                yield from (f"  {it}" for it in found)

    return told


def _more(name: str) -> Callable[[Here], Lines]:
    before, declared, writes, extra = MORE[name]
    given = [Write(provider_for(token), f"urn:it{place or ''}", *rest) for place, (token, *rest) in enumerate(writes)]
    return lambda there: after(there, before, declared, given, *extra)


def _loose(there: Here) -> Iterator[str]:
    """What is not known counts as such where nothing that the run is to make is meant."""
    number = LINE[-1]
    args = {"dnis": NUMBER, "profile": LATER, "active": LATER}
    for token, at, said in (
        (DNIS_ASSIGNMENT, number.id, args),
        (DESTINATION, f"{GROUP}/2001", {"target": LATER, "name": LATER, "active": LATER}),
        (PROFILE_DESTINATIONS, f"{GROUP}/3001", {"destinations": [{"destination": LATER, "allocation_percent": 100}]}),
        (
            PROFILE_DESTINATIONS,
            f"{GROUP}/3001",
            {"destinations": [{"destination": "2002", "allocation_percent": LATER}, LATER]},
        ),
        (ALLOCATION_HOURS, None, {"profile": LATER, "hours": []}),
    ):
        for loose in (set(), *({name} for name in said)):
            yield f"{token}, loose {sorted(loose)}:"
            write = Write(provider_for(token), "urn:it", at, {}, said, frozenset(loose))
            yield from (f"  {it}" for it in after(there, LINE, [], [write]))


def _knows(there: Here) -> Iterator[str]:
    found = After(LINE, [], [])
    for type_ in (PROFILE, DESTINATION, ""):
        for id_ in (f"{GROUP}/3001", "3001", f"{GROUP}/2001", "3002", None):
            yield f"{type_} {id_}: {found.knows((type_, id_))}"


def _groups(there: Here) -> Iterator[str]:
    asked: list[str] = []

    class Groups:
        def __init__(self, *, thorough: bool = True) -> None:
            asked.append(f"thorough={thorough}")
            self.found = {"8000": LINE[0]}

        def ring_groups(self, number: str) -> None:
            asked.append(number)

    there.patch.setattr(after_write, "Looking", Groups)
    forward = {"action": "FORWARD_TO_NUMBER", "number": "8001"}
    given: list[list[dict[str, Any]]] = [
        [],
        [{"extension_number": "8000"}],
        [
            {"extension_number": "8000", "no_answer": forward},
            {"extension_number": "8002", "no_answer": {**forward, "number": "8003"}},
        ],
        [{"extension_number": UNKNOWN, "no_answer": {**forward, "number": UNKNOWN}}, {"no_answer": UNKNOWN}, {}],
    ]
    for versions in given:
        found = in_groups(RING_GROUP, versions)
        yield f"{words(versions)}: {[it.name for it in found]}, asked {asked}"
        asked.clear()
    yield f"of another type: {[it.name for it in in_groups(PROFILE, [{'extension_number': '8000'}])]}, asked {asked}"


AFTER: Cases = {
    "cases of the test": _known_cases,
    **{name: _more(name) for name in MORE},
    "what is not known": _loose,
    "whose calls are known": _knows,
    "ring groups": _groups,
    **{f"by chance, {first}": _storm(*range(first, first + 6)) for first in (100,)},
}
