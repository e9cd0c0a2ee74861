"""Changes of the newer call handling, made by chance: whatever gets worse in some minute is refused, and nothing else.

What a call comes to at one minute is worked out from what the vendor shows, as :mod:`tests.call_flow.handlings` does.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings

from pulumi_voice_routing import ringex
from tests.call_flow import handlings
from tests.call_flow.handlings import CALLERS, DESKS, LOOP, MINUTES, OTHER, QUEUE, World
from tests.chance import TIMES
from tests.outcomes.layers import gate, pack
from tests.outcomes.table import ELSEWHERE, Case

from .test_storm import _KEPT, RULES, SEEDS

TYPES = (ringex.CallHandlingState, ringex.CallHandlingStateRule, ringex.InteractionRule)
"""Loaded here, so that their providers are known."""
OWN = ("unknown", "its own rules")
"""What an extension does by the rules for its hours, which answer as long as nobody touches them."""
CHANCES = {"voicemail": (1, 0), "number": (1, 0), "rings": (1, 0), "announcement": (0, 1), "loop": (0, 1)}


@pytest.fixture(autouse=True)
def every_possibility(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several things that may happen all are kept, and not that it is unknown which."""
    monkeypatch.setattr(
        handlings, "_one", lambda ends: next(iter(ends)) if len(ends) == 1 else ("any", frozenset(ends))
    )
    monkeypatch.setattr(handlings, "OWN", OWN)


def _changed(world: World, chance: random.Random) -> World:
    """The world with one thing of its first extension as another one has it."""
    after = copy.deepcopy(world)
    there, other = after.extensions["101"], handlings.world(chance.randrange(2**40)).extensions["101"]
    kind = chance.choice(["states", "rules", "custom"])
    mine, theirs = (getattr(one, kind) for one in (there, other))
    if kind == "custom":
        place = chance.randrange(len(mine) + 1)
        mine[place : place + 1] = theirs[:1]
    elif names := sorted({*mine, *theirs}):
        name = chance.choice(names)
        mine.pop(name, None)
        if name in theirs:
            mine[name] = theirs[name]
    return after


def _chances(end: Any) -> tuple[int, int, bool]:
    """Whether a call is answered for sure, whether it is lost for sure, and whether it may go round."""
    if end[0] == "any":
        each = [_chances(one) for one in end[1]]
        return min(one[0] for one in each), min(one[1] for one in each), any(one[2] for one in each)
    if end == OWN:
        return 1, 0, False
    answered, lost = CHANCES.get(end[0], (0, 0))
    round_ = end == LOOP
    if end[0] == "rings":
        lost = _circles(end[4])
        answered, round_ = 1 - lost, _chances(end[4])[2]
    return answered, lost, round_


def _circles(end: Any) -> int:
    """Whether a call that rings in vain goes round for sure, whatever rings on its way."""
    if end[0] == "any":
        return min(map(_circles, end[1]))
    return _circles(end[4]) if end[0] == "rings" else int(end == LOOP)


def _calls(world: World, after: World) -> Iterator[tuple[str, World]]:
    """Every sort of call that rules tell apart, and the extension that it comes to."""
    moments = {None, *(moment for one in (world, after) for moment in _moments(one))}
    to = [(extension, called) for extension in DESKS for called in (QUEUE, OTHER, *DESKS[extension])]
    told = all("work-hours" in one.extensions["101"].states for one in (world, after))
    for (extension, called), caller, moment, working in product(to, ("", *CALLERS), moments, {True, told}):
        yield extension, World({}, called, caller, moment, working)


def _moments(world: World) -> Iterator[Any]:
    import datetime

    for there in world.extensions.values():
        for holder in (*there.states.values(), *there.custom):
            for condition in holder["conditions"]:
                schedule = condition.get("schedule", {})
                named = [schedule.get("startDateTime"), schedule.get("endDateTime")]
                for trigger in schedule.get("triggers", ()):
                    if trigger["triggerType"] == "Range":
                        named += [one[name] for one in trigger["ranges"] for name in ("startDateTime", "endDateTime")]
                yield from (datetime.datetime.fromisoformat(one) for one in named if one)


def hurts(before: World, after: World) -> set[tuple[str, str]]:
    tables = dict([*handlings._weekly(before), *handlings._weekly(after)])
    opened = {name: [handlings._open_at(one, minute) for minute in range(MINUTES)] for name, one in tables.items()}
    alike = {hours: minute for minute, hours in enumerate(zip(*opened.values(), [True] * MINUTES, strict=True))}
    found = set()
    holder = handlings.holder
    for extension, call in _calls(before, after):
        for minute in alike.values():
            ends = []
            for world in (before, after):
                # Whose number it is does not change when a rule begins or ceases to name it.
                handlings.holder = lambda one, number: next(
                    filter(None, (holder(it, number) for it in (one, before, after))), None
                )
                here = World(world.extensions, call.called, call.caller, call.moment, call.working, opened)
                ends.append(_chances(handlings._one(handlings._answer(here, extension, call.called, minute, ()))))
            handlings.holder = holder
            (was, gone, round_), (is_, lost, goes_round) = ends
            if lost > gone:
                found.add((call.called, "fewer answered"))
            if is_ + lost < was + gone:
                found.add((call.called, "less certain"))
            if goes_round and not round_:
                found.add((call.called, "forbidden"))
    return found


def agree(seed: int) -> None:
    chance = random.Random(seed)
    before = handlings.world(chance.randrange(2**40))
    after = _changed(before, chance)
    hurt = hurts(before, after)
    case = Case(f"world {seed}", handlings.resources(before), handlings.resources(after))

    verdict, said = gate(case), pack(case)

    refused = {one.rule.name for one in verdict.refused}
    why = case.what, hurt, [one.message for one in verdict.refused]
    assert bool(refused & {*RULES.values()}) is bool(hurt), why
    assert refused == {*said} - {ELSEWHERE}, why


@pytest.mark.whole_run
@settings(_KEPT, max_examples=25 * TIMES)
@given(SEEDS)
@example(823)
@example(43481)
@example(200012)
@example(200049)
@example(200056)
@example(200062)
@example(300015)
@example(300038)
@example(300093)
def test_many_changes(seed: int) -> None:
    agree(seed)
