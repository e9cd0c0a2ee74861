"""Somebody acts in the portal between two requests of a run: what can be told of it is not overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused, VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.client import RingCX
from tests.emulated import operations

from .conftest import NUMBER, Live

OTHER = "13035550101"


def meanwhile(monkeypatch: pytest.MonkeyPatch, call: str, act: Callable[[], Any]) -> None:
    """Act in the portal right after the provider's first call of this name."""
    real = getattr(RingCX, call)
    acted: list[str] = []

    def called(self: RingCX, *args: Any) -> Any:
        answer = real(self, *args)
        if not acted:
            acted.append(call)
            act()
        return answer

    monkeypatch.setattr(RingCX, call, called)


@pytest.fixture
def alone(live: Live) -> Live:
    """Nobody calls the profile yet, and there is a number that somebody may give to it."""
    live.portal.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{NUMBER}")
    live.account.pool([OTHER])
    live.portal.forget_journal()
    return live


def profile(live: Live) -> tuple[Any, str, dict[str, Any]]:
    given = {"group_id": "123456/1000", "name": "Support", "routing_type": "PERCENT_ALLOCATION"}
    return provider_for("ringcx:Profile"), live.id(live.profile), given


def is_on(live: Live) -> bool:
    record = live.portal.record("CloudRouteProfile", "cloudProfileId", live.profile)
    return record is not None and record["isActive"] is True


@pytest.mark.parametrize("how", ["update", "delete"])
def test_a_number_arrives_while_its_profile_is_switched_off(
    alone: Live, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    provider, id_, given = profile(alone)
    meanwhile(monkeypatch, "_switched", lambda: alone.account.give([OTHER], f"profile {alone.profile}"))
    ways: dict[str, Callable[[], Any]] = {
        "update": lambda: provider.update(id_, given, {**given, "active": False}),
        "delete": lambda: provider.delete(id_, given),
    }
    with pytest.raises((Refused, Partly), match=f"numbers that callers dial: .{OTHER}. It is on again"):
        ways[how]()
    assert is_on(alone)


def test_the_same_for_an_activation(alone: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    targets = [{"kind": "profile", "id": alone.id(alone.profile)}]
    meanwhile(monkeypatch, "_switched", lambda: alone.account.give([OTHER], f"profile {alone.profile}"))
    with pytest.raises(Refused, match="It is on again"):
        provider_for("ringcx:Activation").delete("0" * 32, {"targets": targets})
    assert is_on(alone)


def test_a_profile_begins_to_use_a_destination_while_it_is_switched_off(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = live.portal.destination("Desk", active=True, routeDestination="+13035551009")
    meanwhile(monkeypatch, "_switched", lambda: live.portal.assign(live.profile, desk, 0, rank=3))
    given = {"group_id": "123456/1000", "name": "Desk", "kind": "DID", "target": "+13035551009"}
    with pytest.raises(Refused, match=r"send calls to it: 'Support' \(.*\). It is on again"):
        provider_for("ringcx:Destination").delete(live.id(desk), given)
    record = live.portal.record("CloudRouteDestination", "cloudDestinationId", desk)
    assert record is not None
    assert record["isActive"] is True


def test_the_owner_changes_while_the_new_one_is_looked_at(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
    other = live.account.profile("Other")
    number = live.adopted("ringcx:DnisAssignment", dnis=f"+{NUMBER}", profile=live.id(live.profile))
    meanwhile(monkeypatch, "get_profile", lambda: live.account.move([NUMBER], "queue 1000"))
    with pytest.raises(VoiceRoutingError, match=r"from profile 1001 to queue 1000 while profile .* was checked"):
        number.up(dnis=f"+{NUMBER}", profile=other)
    assert live.account.owners()[NUMBER] == "queue 1000"
    assert "NM-09" not in operations(live.portal.journal(), writes=True)
