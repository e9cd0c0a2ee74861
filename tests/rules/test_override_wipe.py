"""Overrides of a number would be lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import OVERRIDE_WIPE
from tests.rules.plans import (
    LINE,
    NUMBER,
    OTHER,
    THIRD,
    approval,
    but,
    found,
    id_of,
    judged,
    override,
    overrides,
    renamed,
    saved,
    violations,
)

VIPS = overrides("vips", id_of("denver"), NUMBER, OTHER)
VIP = override("vip", id_of("austin"), THIRD)


def test_override_wipe_fails_if_the_state_has_overrides_that_would_be_lost() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, OTHER, replace_all=True))
    (message,) = found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], before)
    assert message.startswith(
        f"replace_all would wipe the override for {OTHER} at destination 'Denver' ({id_of('denver')})"
    )


def test_override_wipe_fails_if_it_would_lose_an_override_of_another_resource() -> None:
    before = but(LINE, override("vip", id_of("denver"), OTHER))
    assert OTHER in found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], before)[0]


def test_override_wipe_fails_if_the_whole_list_of_the_destination_is_not_known() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER))
    now = overrides("all", id_of("denver"), NUMBER, replace_all=True)
    assert "does not know of" in found(OVERRIDE_WIPE, [now], before)[0]
    assert "does not know of" in found(OVERRIDE_WIPE, [now], [])[0]


def test_override_wipe_fails_if_what_is_kept_or_whether_all_is_replaced_is_not_known() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, replace_all=True))
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), UNKNOWN, replace_all=True)], before) != []
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), OTHER, replace_all=UNKNOWN)], before) != []


def test_override_wipe_passes_if_each_lost_override_is_approved() -> None:
    now = [overrides("all", id_of("denver"), NUMBER, replace_all=True)]
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, OTHER, THIRD))
    given = approval(OVERRIDE_WIPE, OTHER, "destination 2001", "no override")
    permitted = {one.change.object: one.approval for one in judged(OVERRIDE_WIPE, now, before, given)}
    assert permitted == {OTHER: given, THIRD: None}

    unknown_list = but(LINE, overrides("all", id_of("denver"), NUMBER))
    given = approval(OVERRIDE_WIPE, "destination 2001", "a list that is not known", "the declared list")
    (one,) = judged(OVERRIDE_WIPE, now, unknown_list, given)
    assert one.approval is given


def test_override_wipe_passes_if_nothing_is_lost() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, replace_all=True))
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, OTHER, replace_all=True)], before) == []
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, OTHER)], before) == []


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        pytest.param([VIP], {NUMBER, OTHER}, id="a list leaves"),
        pytest.param([VIPS], {THIRD}, id="one leaves"),
        pytest.param([VIP, overrides("vips", id_of("denver"), NUMBER)], {OTHER}, id="a row leaves"),
        pytest.param([VIP, overrides("vips", id_of("denver"), NUMBER, UNKNOWN)], {OTHER}, id="a row is not known"),
        pytest.param([VIP, renamed(VIPS, "vips", overrides=UNKNOWN)], {NUMBER, OTHER}, id="no row is known"),
        pytest.param([VIP, renamed(VIPS, "vips", destination=id_of("austin"))], {NUMBER, OTHER}, id="another place"),
        pytest.param([VIPS, override("vip", id_of("austin"), NUMBER)], {THIRD}, id="another number"),
        pytest.param([VIPS, renamed(VIP, "rest", adopt=True)], {THIRD}, id="taken over without an alias"),
        pytest.param(
            [VIPS, overrides("rest", id_of("austin"), THIRD, replace_all=True)], {THIRD}, id="replaced without an alias"
        ),
    ],
)
def test_override_wipe_fails_if_an_override_ends(now: list[Resource], lost: set[str]) -> None:
    before = but(LINE, VIPS, VIP)
    stopped = [one for one in violations(OVERRIDE_WIPE, but(LINE, *now), before) if one.to == "no override"]
    assert {one.object for one in stopped} == lost
    given = [approval(OVERRIDE_WIPE, one.object, one.from_, "no override") for one in stopped]
    assert {one.from_ for one in stopped} == {f"destination {2002 if THIRD in lost else 2001}"}
    judged_again = judged(OVERRIDE_WIPE, but(LINE, *now), before, *given)
    assert all(one.approval for one in judged_again if one.change.to == "no override")


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([renamed(VIPS, "rest", alias=True), VIP], id="renamed with an alias"),
        pytest.param([renamed(VIPS, "rest"), VIP], id="renamed without one, which the provider refuses"),
        pytest.param(
            [overrides("vips", id_of("denver"), NUMBER), override("b", id_of("denver"), OTHER), VIP], id="a row goes on"
        ),
        pytest.param([renamed(VIPS, "vips", destination="2001"), VIP], id="a bare id"),
        pytest.param([renamed(VIPS, "vips", description="x"), VIP], id="unchanged"),
    ],
)
def test_override_wipe_passes_if_every_override_goes_on(now: list[Resource]) -> None:
    assert found(OVERRIDE_WIPE, but(LINE, *now), but(LINE, VIPS, VIP)) == []


def test_override_wipe_passes_if_it_is_kept_or_the_destination_leaves_as_well() -> None:
    kept = [saved(one, kept=one.name == "vips") for one in but(LINE, VIPS)]
    assert found(OVERRIDE_WIPE, LINE, kept) == []
    assert found(OVERRIDE_WIPE, but(LINE, without=["denver"]), but(LINE, VIPS)) == []
    destination_kept = [saved(one, kept=one.name == "denver") for one in but(LINE, VIPS)]
    assert len(found(OVERRIDE_WIPE, but(LINE, without=["denver"]), destination_kept)) == 2


def test_override_wipe_tells_secret_numbers_by_their_resource() -> None:
    hidden = renamed(VIPS, "vips", overrides=[{"dnis": UNKNOWN, "target": "x"}])
    single = replace(renamed(VIP, "vip", dnis=UNKNOWN, destination=UNKNOWN), id=f"{id_of('austin')}/7")
    before = but(LINE, hidden, single)
    gone = ["the numbers of 'vips'", "the numbers of 'vip'"]
    assert [one.object for one in violations(OVERRIDE_WIPE, LINE, before)] == gone
    assert [one.from_ for one in violations(OVERRIDE_WIPE, LINE, before)] == ["destination 2001", "destination 2002"]
    now = but(LINE, overrides("vips", id_of("denver"), NUMBER), VIP)
    assert found(OVERRIDE_WIPE, now, before) == []
    assert found(OVERRIDE_WIPE, now, before, changed=[]) == []
    assert [one.object for one in violations(OVERRIDE_WIPE, now, before, changed=[VIPS.urn])] == gone[:1]


def test_override_wipe_tells_of_one_resource_alone_only_what_it_wipes_itself() -> None:
    before = but(LINE, VIPS)
    row = overrides("vips", id_of("denver"), NUMBER)
    assert found(OVERRIDE_WIPE, [row], before, whole=False) == []
    assert found(OVERRIDE_WIPE, [overrides("vips", id_of("denver"), NUMBER, replace_all=True)], before, whole=False)


def test_override_wipe_passes_if_the_destination_is_new() -> None:
    assert found(OVERRIDE_WIPE, [overrides("all", UNKNOWN, NUMBER, replace_all=True)], []) == []
    made_a_moment_ago = overrides("all", id_of("denver"), NUMBER, replace_all=True)
    assert found(OVERRIDE_WIPE, [made_a_moment_ago], [], preview=False) == []


def test_override_wipe_fails_closed_if_the_state_cannot_be_read() -> None:
    now = [overrides("all", id_of("denver"), NUMBER, replace_all=True)]
    assert "cannot be read" in found(OVERRIDE_WIPE, now, None, unreadable="locked")[0]
    assert found(OVERRIDE_WIPE, now, None, unreadable="locked", allowUnreadableState=True) == []
    assert found(OVERRIDE_WIPE, now, None) == []
