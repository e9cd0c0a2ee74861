"""Who stands for what, without an engine."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.lifecycle import standing

OLD, NEW = (f"urn:pulumi:dev::lines::ringcx:Thing::{name}" for name in ("old", "new"))
SWITCH, NUMBER = ("on", "destination", "1001"), ("record", "13035550100")
OBJECT = ("ringcx:Thing", "1/7")


@pytest.fixture(autouse=True)
def a_new_process() -> None:
    """Nothing is declared."""
    standing.forget()


def test_what_is_declared_is_held_until_it_is_declared_otherwise() -> None:
    standing.declare(NEW, [SWITCH, NUMBER], {})
    assert standing.holders(SWITCH) == standing.holders(NUMBER) == [NEW]

    standing.declare(NEW, [NUMBER], {})
    assert standing.holders(SWITCH) == []
    assert standing.holders(NUMBER) == [NEW]


def test_the_first_one_comes_first() -> None:
    standing.declare(OLD, [NUMBER], {})
    standing.declare(NEW, [NUMBER], {})
    assert standing.holders(NUMBER) == [OLD, NEW]


def test_the_old_inputs_outlast_the_second_check_of_a_replacement() -> None:
    standing.declare(NEW, [], {"name": "Denver"})
    standing.declare(NEW, [], {})
    assert standing.before(NEW) == {"name": "Denver"}
    assert standing.before(OLD) == {}


def test_only_what_is_declared_holds_an_object() -> None:
    standing.hold(OLD, [OBJECT])
    assert standing.holders(OBJECT) == []

    standing.declare(OLD, [], {})
    standing.hold(OLD, [OBJECT])
    assert standing.holders(OBJECT) == [OLD]


def test_a_new_object_takes_the_place_of_the_old_one() -> None:
    standing.declare(NEW, [SWITCH], {})
    standing.hold(NEW, [OBJECT, SWITCH])
    standing.hold(NEW, [], instead=True)
    assert standing.holders(OBJECT) == []
    assert standing.holders(SWITCH) == [NEW]
