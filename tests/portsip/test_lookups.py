"""Look-ups of PortSIP, against the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import portsip
from pulumi_voice_routing.portsip import client
from tests.emulated import TOKEN, Emulated
from tests.examples.portsip import TRUNK, group_ref, ring_group


@pytest.fixture(autouse=True)
def portal(ready_token: None, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    monkeypatch.setenv("PORTSIP_BASE_URL", emulator.url)
    monkeypatch.setenv("PORTSIP_ACCESS_TOKEN", TOKEN)
    made: dict[Any, Any] = {}
    monkeypatch.setattr(client, "_clients", made)
    yield emulator
    for one in made.values():
        one.close()


def test_groups(portal: Emulated) -> None:
    ids = [ring_group(portal, number, "103", "101") for number in ("8000", "8001")]
    groups = portsip.get_ring_groups()
    first = portsip.RingGroupInfo(group_ref(portal, ids[0]), "Group 8000", "8000")
    assert groups[0] == first
    assert len(groups) == 2
    assert list(portsip.get_my_ring_groups()) == list(groups)
    for found in (
        portsip.get_ring_group(extension_number="8000"),
        portsip.get_ring_group(name="Group 8000"),
        portsip.get_ring_group(id=first.id),
        portsip.get_ring_group(id=ids[0]),
    ):
        assert found == first


def test_members(portal: Emulated) -> None:
    id_ = ring_group(portal, "8000", "103", "101")
    first, second = portsip.get_ring_group_members(group_ref(portal, id_))
    assert (first.extension_number, second.extension_number) == ("103", "101")
    assert portsip.get_ring_group_member(id_, "103") == portsip.RingGroupMemberInfo("103", "Extension 103", 1)


def test_what_groups_refer_to() -> None:
    assert portsip.get_trunk(name="Main") == portsip.TrunkInfo(TRUNK, "Main")
    assert [one.name for one in portsip.get_trunks()] == ["Main", "Backup"]
    assert [one.extension_number for one in portsip.get_extensions()] == [str(n) for n in range(101, 109)]


def test_none_and_two_list_the_candidates(portal: Emulated) -> None:
    for number in ("8000", "8001"):
        ring_group(portal, number, name="Twin")
    with pytest.raises(pulumi.RunError, match="portsip: no ring group has the extension number '8002'"):
        portsip.get_ring_group(extension_number="8002")
    with pytest.raises(pulumi.RunError, match="more than one ring group has the name 'Twin'"):
        portsip.get_ring_group(name="Twin")
    with pytest.raises(pulumi.RunError, match="belongs to another tenant"):
        portsip.get_ring_group_members("pbx.example.com/other/NzAw")
