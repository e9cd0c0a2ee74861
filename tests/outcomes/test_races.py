"""Somebody acts in the portal between two requests of a run: what can be told of it is not overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused, VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.portsip.client import PortSIP
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringex.client import RingEX
from tests.emulated import ADMIN, operations
from tests.numbers.resources import Managed

from .conftest import NUMBER, Live

OTHER = "13035550101"


def meanwhile(monkeypatch: pytest.MonkeyPatch, call: str, act: Callable[[], Any], of: type = RingCX) -> None:
    """Act in the portal right after the provider's first call of this name."""
    real = getattr(of, call)
    acted: list[str] = []

    def called(self: Any, *args: Any) -> Any:
        answer = real(self, *args)
        if not acted:
            acted.append(call)
            act()
        return answer

    monkeypatch.setattr(of, call, called)


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


GROUP = {"name": "Day", "extension_number": "8001", "strategy": "CYCLIC_HUNT", "members": [{"extension_number": "101"}]}
RULE = {"extension_id": "123456/100001", "name": "VIP", "callers": [{"caller_id": "+13035550170"}]}
DELETED: dict[str, tuple[type, str, str, dict[str, Any], dict[str, Any], str]] = {
    "an override": (
        RingCX,
        "_get",
        "ringcx:DnisOverride",
        {"dnis": f"+{NUMBER}", "target": "+13035551003"},
        {"target": "+13035551004"},
        f"{ADMIN}/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{{at}}/dnisOverrides/{{id}}",
    ),
    "an answering rule": (
        RingEX,
        "_get",
        "ringex:AnsweringRule",
        {**RULE, "action": "TakeMessagesOnly"},
        {"callers": [{"caller_id": "+13035550171"}]},
        "/restapi/v1.0/account/123456/extension/100001/answering-rule/{id}",
    ),
    "a ring group": (
        PortSIP,
        "_get",
        "portsip:RingGroup",
        GROUP,
        {"name": "Night"},
        "/api/ring_groups/{id}/destroy",
    ),
}


@pytest.mark.parametrize(("of", "read", "token", "args", "change", "path"), DELETED.values(), ids=DELETED)
def test_an_object_is_deleted_between_read_and_write(
    live: Live,
    monkeypatch: pytest.MonkeyPatch,
    of: type,
    read: str,
    token: str,
    args: dict[str, Any],
    change: dict[str, Any],
    path: str,
) -> None:
    """It is named, and not made anew."""
    given = {**args, "destination": live.id(live.denver)} if token == "ringcx:DnisOverride" else args
    one = Managed(token)
    one.up(**given)
    live.new_lists()
    at = path.format(at=live.denver, id=one.id.split("/")[-1])
    meanwhile(monkeypatch, read, lambda: live.portal.call("POST" if of is PortSIP else "DELETE", at), of)
    with pytest.raises(VoiceRoutingError) as why:
        one.up(**{**given, **change})
    assert "\n" not in str(why.value)
    assert "404" in str(why.value) or "is gone" in str(why.value)
    assert provider_for(token).look(one.id, {}) is None
