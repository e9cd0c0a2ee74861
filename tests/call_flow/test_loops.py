"""Which places calls can come back to, and how many are on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from pulumi_voice_routing.call_flow.loops import Loop, loop, loops
from pulumi_voice_routing.call_flow.route import Key

A, B, C, D = (("number", place) for place in "abcd")
PROFILE: Key = ("profile", "p", "")


def of(onward: Mapping[Key, Collection[Key]], start: Key = A) -> dict[Key, Loop]:
    found: dict[Key, Loop] = {}
    for keys in loops(start, onward, found):
        found |= dict.fromkeys(keys, loop(keys, onward, found))
    return found


@pytest.mark.parametrize(
    ("onward", "together", "depth"),
    [
        ({A: []}, {A}, 1),
        ({A: [A]}, {A}, 1),
        ({A: [B], B: []}, {A}, 2),
        ({A: [B, C], B: [], C: [D], D: []}, {A}, 3),
        ({A: [PROFILE], PROFILE: [B], B: []}, {A}, 2),
        ({A: [B], B: [A, C], C: [D], D: []}, {A, B}, 4),
        ({A: [PROFILE], PROFILE: [B], B: [A]}, {A, B}, 2),
        ({A: [B], B: [C], C: [B, D], D: [A]}, {A, B, C, D}, 4),
    ],
)
def test_what_leads_back_is_one_loop(onward: dict[Key, Collection[Key]], together: set[Key], depth: int) -> None:
    found = of(onward)
    assert found.keys() == onward.keys()
    assert (set(found[A].places), found[A].depth, found[A].tangled) == (together, depth, False)


@pytest.mark.parametrize(("most", "tangled"), [(12, False), (11, True)])
def test_as_many_ways_round_as_are_followed(most: int, tangled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi_voice_routing.call_flow.loops.MOST_ROUTES", most)
    assert of({A: [B, C], B: [A, C], C: [A, B]})[A].tangled is tangled


@pytest.mark.parametrize(("many", "tangled"), [(9, False), (10, True)])
def test_ways_round_that_are_too_many(many: int, tangled: bool) -> None:
    places: list[Key] = [("extension", str(place)) for place in range(many)]
    assert of(dict.fromkeys(places, places), places[0])[places[0]].tangled is tangled
