"""What ring groups promise beyond the nine cases, on the real engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import portsip
from pulumi_voice_routing.lifecycle.model import model_of
from pulumi_voice_routing.portsip.fields import Strategy
from tests.conftest import NewStack
from tests.emulated import Emulated, Json, operations
from tests.examples import number
from tests.examples.portsip import TRUNK, group_ref, ring_group, stored_group
from tests.stacks import Program, Stack


def members(*numbers: str) -> list[dict[str, Any]]:
    return [{"extension_number": one} for one in numbers]


def a_group(**args: Any) -> Program:
    declared = {
        "name": "Support",
        "extension_number": "8000",
        "strategy": "RING_SIMULTANEOUSLY",
        "members": members("101", "102"),
        "allow": ["release"],
        **args,
    }

    def program() -> None:
        pulumi.export("id", portsip.RingGroup("group", **declared).id)

    return program


def held(portal: Emulated, id_: str) -> Json:
    group = stored_group(portal, id_)
    assert group is not None
    return group


def test_all_strategies(emulator: Emulated, stack: Stack) -> None:
    strategies = Strategy.__args__  # type: ignore[attr-defined]
    assert len(strategies) == 8

    def program() -> None:
        for place, strategy in enumerate(strategies):
            portsip.RingGroup(
                strategy,
                name=strategy,
                extension_number=f"90{place}",
                strategy=strategy,
                members=members("103", "101", "102"),
                allow=["paging", "release"],
            )

    stack.up(program)
    groups = {one["ring_strategy"]: one for one in emulator.records("PortSipRingGroup")}
    assert set(groups) == set(strategies)
    for strategy, group in groups.items():
        order = [one["extension_number"] for one in group["members"]]
        assert order == (["103", "101", "102"] if "PRIORITIZED" in strategy else ["101", "102", "103"])
    stack.destroy()
    assert emulator.records("PortSipRingGroup") == []


def test_order_counts_with_the_prioritized_strategies_alone(emulator: Emulated, stack: Stack) -> None:
    stack.up(a_group())
    with emulator.recording() as calls:
        stack.up(a_group(members=members("102", "101")))
    assert operations(calls, writes=True) == []
    first = a_group(strategy="PRIORITIZED_HUNT", members=members("102", "101"))
    id_ = stack.up(first).outputs["id"]
    stack.up(a_group(strategy="PRIORITIZED_HUNT", members=members("101", "102")))
    assert [one["extension_number"] for one in held(emulator, id_)["members"]] == ["101", "102"]


def test_an_update_of_the_group_leaves_its_members_alone_and_the_other_way_round(
    emulator: Emulated, stack: Stack
) -> None:
    stack.up(a_group())
    with emulator.recording() as calls:
        stack.up(a_group(name="Help"))
    assert operations(calls, writes=True) == ["RG-04"]
    with emulator.recording() as calls:
        stack.up(a_group(name="Help", members=members("103")))
    assert operations(calls, writes=True) == ["RGb-03"]


def test_members_added_by_people_stop_a_change_until_they_were_seen(emulator: Emulated, stack: Stack) -> None:
    id_ = stack.up(a_group()).outputs["id"]
    theirs = members("101", "102", "108")
    emulator.call("POST", f"/api/ring_groups/{number(id_)}/agents", {"items": theirs})
    before = emulator.state()

    run = stack.fails(a_group(name="Help"))

    assert f"members of ring group {id_} was changed by somebody since the last look" in run.error
    assert emulator.state() == before
    assert stack.refresh().changes == {"group": "update"}
    stack.up(a_group(name="Help", members=theirs))
    assert [one["extension_number"] for one in held(emulator, id_)["members"]] == ["101", "102", "108"]


def test_a_group_whose_members_failed_is_finished_by_the_next_run(emulator: Emulated, stack: Stack) -> None:
    emulator.faults({"match": {"operation": "RGb-03"}, "fault": "status", "code": 400, "body": {"errors": []}})
    with emulator.recording() as calls:
        stack.fails(a_group())
        id_ = stack.state()["group"]["id"]
        stack.up(a_group())
    assert operations(calls).count("RG-02") == 1
    assert [one["extension_number"] for one in held(emulator, id_)["members"]] == ["101", "102"]


def test_a_lost_answer_does_not_make_a_second_group(emulator: Emulated, stack: Stack) -> None:
    emulator.faults({"match": {"operation": "RG-02"}, "fault": "lost_answer"})
    with emulator.recording() as calls:
        id_ = stack.up(a_group()).outputs["id"]
    assert operations(calls).count("RG-02") == 1
    assert held(emulator, id_)["name"] == "Support"


@pytest.mark.parametrize("version", ["22.1", "22.2"])
def test_versions_make_the_same_group(emulator: Emulated, stack: Stack, version: str) -> None:
    emulator.faults(portsip_version=version)
    id_ = stack.up(a_group()).outputs["id"]
    made = held(emulator, id_)
    assert (made["enable_paid"], made["enable_prid"]) == (True, True)


def test_fields_of_newer_servers_survive_an_update(emulator: Emulated, stack: Stack) -> None:
    emulator.faults(portsip_version="22.2")
    id_ = stack.up(a_group(outbound_caller_ids=[{"provider_id": TRUNK, "caller_id": "1"}])).outputs["id"]
    night = {"action": "FORWARD_TO_NUMBER", "number": "104"}
    emulator.change_record("PortSipRingGroup", "id", number(id_), night_mode_forward_rule=night, enable_prid=False)
    stack.up(a_group(name="Help", outbound_caller_ids=[{"provider_id": TRUNK, "caller_id": "1"}]))
    group = held(emulator, id_)
    assert group["name"] == "Help"
    assert group["night_mode_forward_rule"] == night
    assert group["enable_prid"] is False


def test_no_answer_is_replaced_as_a_whole(emulator: Emulated, stack: Stack) -> None:
    id_ = stack.up(a_group(no_answer={"action": "FORWARD_TO_NUMBER", "number": "104"})).outputs["id"]
    stack.up(a_group(no_answer={"action": "HANGUP"}))
    assert held(emulator, id_)["no_answer_forward_rule"] == {"action": "HANGUP"}


class TestGuards:
    def test_a_group_keeps_its_number_until_it_may_go(self, emulator: Emulated, stack: Stack) -> None:
        stack.up(a_group(allow=[]))
        before = emulator.state()
        assert 'let it hold allow=["release"]' in stack.destroy_fails().error
        for renumbered in (a_group(allow=[], extension_number="8001"), a_group(extension_number="8001")):
            assert "ring group 8000" in stack.preview_fails(renumbered).error
        assert emulator.state() == before
        stack.up(a_group())
        stack.up(a_group(extension_number="8001"))
        assert [one["extension_number"] for one in emulator.records("PortSipRingGroup")] == ["8001"]
        stack.destroy()

    def test_a_group_that_others_forward_to_stays(self, emulator: Emulated, stack: Stack) -> None:
        stack.up(a_group())
        rule = {"action": "FORWARD_TO_NUMBER", "number": "8000"}
        other = ring_group(emulator, "8001", "103", no_answer_forward_rule=rule)
        run = stack.destroy_fails()
        assert "are forwarded to its number by 'Group 8001' (8001)" in run.error
        emulator.call("POST", f"/api/ring_groups/{other}/destroy")
        stack.destroy()

    def test_a_circle_of_groups_is_refused(self, emulator: Emulated, stack: Stack) -> None:
        back = {"action": "FORWARD_TO_NUMBER", "number": "8000"}
        on = {"action": "FORWARD_TO_NUMBER", "number": "8002"}
        ring_group(emulator, "8001", "103", no_answer_forward_rule=on)
        ring_group(emulator, "8002", "104", no_answer_forward_rule=back)
        run = stack.fails(a_group(no_answer={"action": "FORWARD_TO_NUMBER", "number": "8001"}))
        assert "a loop (calls come back to where they were)" in run.error
        assert stored_group(emulator, "8000") is None

    def test_members_that_do_not_exist_are_found_before_the_group_is_made(
        self, emulator: Emulated, stack: Stack
    ) -> None:
        with emulator.recording() as calls:
            run = stack.fails(a_group(members=members("101", "777", "778")))
        assert "members that are no extensions of the tenant: 777, 778" in run.error
        assert operations(calls, writes=True) == []

    def test_the_quota_is_looked_at_first(self, emulator: Emulated, new_stack: NewStack) -> None:
        ring_group(emulator, "8001", "103")
        with emulator.recording() as calls:
            run = new_stack(PORTSIP_RING_GROUP_QUOTA="1").fails(a_group())
        assert "the tenant has 1 ring groups, and 1 is the most" in run.error
        assert operations(calls, writes=True) == []

    def test_a_number_that_a_group_has_is_not_taken_twice(self, emulator: Emulated, stack: Stack) -> None:
        id_ = group_ref(emulator, ring_group(emulator, "8000", "103"))
        assert f"'8000' exists already, with the id {id_}" in stack.fails(a_group()).error

    def test_another_tenant_is_noticed(self, emulator: Emulated, new_stack: NewStack) -> None:
        sign_in = {"PORTSIP_ACCESS_TOKEN": "", "PORTSIP_USERNAME": "admin", "PORTSIP_PASSWORD": "long-password"}
        run = new_stack(PORTSIP_DOMAIN="other.example.com", **sign_in).fails(a_group())
        assert "400 UNAUTHORIZED - user name, password or domain is wrong" in run.error
        assert "PORTSIP_DOMAIN" in run.error

    def test_outside_numbers_need_a_country_that_is_allowed(self, emulator: Emulated, new_stack: NewStack) -> None:
        program = a_group(no_answer={"action": "FORWARD_TO_NUMBER", "number": "+353209100100"})
        said = new_stack().preview_fails
        allowed = a_group(
            no_answer={"action": "FORWARD_TO_NUMBER", "number": "+353209100100"}, allow=["outside_number", "release"]
        )
        assert "is outside the telephone system" in "\n".join(said(program).lines)
        new_stack().up(allowed)

    def test_what_cannot_be_is_told_at_once(self, emulator: Emulated, stack: Stack) -> None:
        program = a_group(
            strategy="PAGING_INTERCOM",
            members=[{"extension_number": "101", "skill_level": 5}, {"extension_number": "101"}],
            no_answer={"action": "FORWARD_TO_NUMBER", "number": "8000"},
        )
        said = "\n".join(stack.preview_fails(program).lines)
        for problem in (
            "strategy: PAGING_INTERCOM makes every member's telephone answer by itself",
            "members[0].skill_level: counts only with a strategy that starts with SKILL_BASED_ROUTING_",
            "members[1].extension_number: 101 is there twice",
            "no_answer.number: calls would come back to 8000 itself",
        ):
            assert problem in said

    def test_a_group_without_members(self, emulator: Emulated, stack: Stack) -> None:
        lonely = {"members": [], "no_answer": {"action": "REPEAT"}}
        said = "\n".join(stack.preview_fails(a_group(**lonely)).lines)
        assert "ring group 'Support' has no members, so that nothing rings for its callers" in said
        assert "repeats a ring without members for ever" in said
        stack.up(a_group(members=[], allow=["no_members", "release"]))


def test_numbers_are_text(emulator: Emulated, stack: Stack) -> None:
    id_ = stack.up(a_group(extension_number="0800")).outputs["id"]
    assert held(emulator, id_)["extension_number"] == "0800"
    fields = model_of(portsip.RingGroupArgs)
    assert fields["extension_number"].canonical(8000.0) == "8000"


def test_what_others_manage_can_be_looked_at(emulator: Emulated, stack: Stack) -> None:
    id_ = group_ref(emulator, ring_group(emulator, "8000", "103"))

    def program() -> None:
        pulumi.export("seen", portsip.RingGroup.get("seen", id=id_).extension_number)

    assert stack.up(program).outputs["seen"] == "8000"
    stack.destroy()
    assert held(emulator, id_)["name"] == "Group 8000"
