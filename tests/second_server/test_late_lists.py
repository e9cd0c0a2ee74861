"""PortSIP lists that still show a group for a moment after it was destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.second_server.lives import Resource, World
from tests.second_server.portsip import GROUPS


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(frozenset({"lag"}), tmp_path)


def group(world: World, number: str) -> Resource:
    made = Resource(world, "portsip:RingGroup")
    args = {"name": f"Group {number}", "extension_number": number, "strategy": "RING_SIMULTANEOUSLY"}
    made.create({**args, "members": [{"extension_number": "101"}], "allow": ["release"]})
    return made


def test_groups_are_destroyed_one_right_after_the_other(world: World) -> None:
    first, second = group(world, "8800"), group(world, "8801")

    def destroy() -> None:
        for one in (first, second, first):
            one.provider.delete(one.there.id, one.there.outs)

    world.run(destroy)

    assert not {"Group 8800", "Group 8801"} & {one["name"] for one in world.portal.records(GROUPS)}


def test_a_group_forwards_to_the_number_of_one_that_was_just_destroyed(world: World) -> None:
    first, second = group(world, "8800"), group(world, "8801")
    args = {**second.there.inputs, "no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8800"}}

    def destroy_and_forward() -> None:
        first.provider.delete(first.there.id, first.there.outs)
        second.provider.update(second.there.id, second.there.outs, second.checked(args))

    world.run(destroy_and_forward)

    rules = {one["name"]: one["no_answer_forward_rule"] for one in world.portal.records(GROUPS)}
    assert rules["Group 8801"]["number"] == "8800"
