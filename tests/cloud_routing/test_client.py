"""What the client asks for that no resource needs."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.ringcx import client
from tests.emulated import Emulated


@pytest.fixture
def api(emulator: Emulated, emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> client.RingCX:
    for variable, value in emulator_env.items():
        monkeypatch.setenv(variable, value)
    return client.ringcx_client()


def test_groups_come_with_their_destinations(api: client.RingCX, emulator: Emulated) -> None:
    group = emulator.group("Denver")
    desk = emulator.destination("Desk", group)

    found = {str(one["cloudGroupId"]): one["cloudRouteDestinations"] for one in api.list_groups_with_destinations()}

    assert [str(one["cloudDestinationId"]) for one in found[group]] == [desk]


def test_one_link_of_a_profile_is_read_and_written(api: client.RingCX, emulator: Emulated) -> None:
    profile, desk = emulator.profile("Support"), emulator.destination("Desk")
    link = emulator.assign(profile, desk, 100, 1)

    there = api.get_assigned("1000", profile, link)
    assert (there["allocationPercent"], str(there["cloudDestination"]["cloudDestinationId"])) == (100, desk)
    api.update_assigned("1000", profile, link, {**there, "rank": 2})

    assert [one["rank"] for one in emulator.assigned(profile)] == [2]
