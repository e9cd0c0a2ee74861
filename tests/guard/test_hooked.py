"""What a hook of the engine is about: one resource, or the rows of a fleet that something becomes of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing.lifecycle.fleet_resource import Fleet
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, ROWS, row_urn
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import PREFIX, Resource
from pulumi_voice_routing.registry import FLEET
from pulumi_voice_routing.safety import guard
from pulumi_voice_routing.safety.guarded_program import Declaration, GuardedProgram
from pulumi_voice_routing.safety.hooked import Hooked, hooked
from tests.call_flow.line import GROUP, one
from tests.loops import finished
from tests.tokens import DESTINATION

FLEET_ = one(DESTINATION + FLEET, "desks", "desks")
DENVER, AUSTIN = ({"group_id": GROUP, "name": name, "kind": "DID", "target": "+13035551001"} for name in ("D", "A"))
ID = f"{GROUP}/2001"


def urn(key: str, of: str = FLEET_.urn) -> str:
    return row_urn(of, key)


def asked(
    was: Mapping[str, Any] | None,
    now: Mapping[str, Any] | None,
    saved: Sequence[Resource] = (),
    declared: Mapping[str, Any] | None = None,
) -> list[Hooked]:
    args = pulumi.ResourceHookArgs(FLEET_.urn, "desks", "desks", PREFIX + FLEET_.type)
    olds = None if was is None else {ROWS: was, IDS: {key: f"{GROUP}/200{place}" for place, key in enumerate(was, 1)}}
    news = None if now is None else {ROWS: now}
    there = {
        urn(key): Declaration(Resource(DESTINATION, key, urn(key), given), given)
        for key, given in (declared or {}).items()
    }
    return hooked(FLEET_.type, args, olds, news, saved, there)


def test_a_resource_by_itself() -> None:
    args = pulumi.ResourceHookArgs("urn:it", ID, "denver", PREFIX + DESTINATION)
    was, now = {**DENVER, "name": "Old"}, DENVER
    old, new = Resource(DESTINATION, "denver", "urn:it", was, ID), Resource(DESTINATION, "denver", "urn:it", now, ID)
    assert hooked(DESTINATION, args, was, now, [], {}) == [Hooked(old, new, was, now)]
    assert hooked(DESTINATION, args, None, now, [], {}) == [Hooked(None, new, None, now)]
    assert hooked(DESTINATION, args, was, None, [], {}) == [Hooked(old, None, was, None)]


def test_a_row_is_a_resource_of_its_own() -> None:
    (found,) = asked({"denver": DENVER}, {"denver": {**DENVER, "target": "+13035551002"}})
    assert found.old is not None
    assert found.new is not None
    name = 'desks["denver"]'
    assert (found.old.type, found.old.name, found.old.urn, found.old.id) == (DESTINATION, name, urn("denver"), ID)
    assert (found.new.type, found.new.name, found.new.urn, found.new.id) == (DESTINATION, name, urn("denver"), ID)
    assert (found.old.get("target"), found.new.get("target")) == ("+13035551001", "+13035551002")
    assert found.was is not None
    assert found.was["target"] == "+13035551001"
    assert found.given == {**DENVER, "target": "+13035551002"}


def test_a_new_row() -> None:
    (found,) = asked({"denver": DENVER}, {"denver": DENVER, "austin": AUSTIN})
    assert found.new is not None
    assert (found.old, found.was, found.given, found.new.id) == (None, None, AUSTIN, None)
    assert found.new.urn == urn("austin")
    (found,) = asked(None, {"austin": AUSTIN})
    assert (found.old, found.given) == (None, AUSTIN)


@pytest.mark.parametrize("now", [{"austin": AUSTIN}, None])
def test_a_row_that_ends(now: Mapping[str, Any] | None) -> None:
    (found,) = asked({"denver": DENVER, **({"austin": AUSTIN} if now else {})}, now)
    assert found.old is not None
    assert (found.old.urn, found.old.id, found.new, found.given) == (urn("denver"), ID, None, None)
    assert found.was is not None
    assert found.was["name"] == "D"


def test_a_row_that_gives_up_an_argument_changes() -> None:
    assert asked({"denver": {**DENVER, "active": True}}, {"denver": {**DENVER, "active": True}}) == []
    (found,) = asked({"denver": {**DENVER, "active": True}}, {"denver": DENVER})
    assert found.given == DENVER


def test_an_old_copy_ends_with_the_rows_that_the_new_one_does_not_have() -> None:
    """What goes on in the new copy does not end, unless it becomes another object there."""
    was = {"denver": DENVER, "austin": AUSTIN}
    declared = {"denver": {**DENVER, "name": "Denver"}}
    assert [one.old.name for one in asked(was, None, declared=declared) if one.old] == ['desks["austin"]']
    moved = {"denver": {**DENVER, "group_id": "123456/1002"}}
    assert len(asked(was, None, declared=moved)) == 2


def test_a_new_copy_knows_the_old_rows_from_the_state() -> None:
    saved = [
        FLEET_,
        Resource(DESTINATION, "d", urn("denver"), DENVER, ID),
        Resource(DESTINATION, "x", urn("denver", FLEET_.urn + "-other"), AUSTIN, f"{GROUP}/2009"),
        Resource(DESTINATION, "alone", "urn:alone", AUSTIN, f"{GROUP}/2008"),
    ]
    (found,) = asked(None, {"denver": {**DENVER, "name": "Denver"}}, saved)
    assert found.old is not None
    assert (found.old.urn, found.old.id, found.old.get("name")) == (urn("denver"), ID, "D")
    assert asked(None, {"denver": DENVER}, saved) == []


def test_the_hook_judges_previews_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(pulumi, "ResourceHook", lambda *given: made.append(given))
    guard._Guard(Approvals(), tells=False)
    assert [(name, options[0].on_dry_run if options else None) for name, _, *options in made] == [
        ("number-safety", True),
        (guard.HOW_TO_END, None),
    ]


def test_the_ids_of_the_rows_of_a_fleet_are_learnt() -> None:
    class Desks(Fleet):
        def __init__(self) -> None:
            self.__dict__.update(urn=known(FLEET_.urn), id=known("fleet"), ids=known({"a": ID}))

    def known(value: Any) -> Any:
        return pulumi.Output.from_input(value)

    async def steps() -> dict[str, str]:
        program = GuardedProgram()
        await program.learns(Desks())
        return program.ids

    assert finished(steps()) == {row_urn(FLEET_.urn, "a"): ID}
