"""The newer call handling: every operation of the client, which kind an extension has, and what declarations mean."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pulumi_voice_routing import ringex
from pulumi_voice_routing.errors import DeclarationError, Forbidden, Refused
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringex.client import RingEX, ringex_client
from pulumi_voice_routing.ringex.dispatching_form import alike, laid_over, readable
from tests.emulated import Emulated, operations
from tests.examples import ref
from tests.examples.ringex_users import DESK, MOBILE, OTHER, VOICEMAIL, as_sent, interaction_rule, with_users

from .conftest import RingExVendor
from .test_client import refusal
from .test_lookups import portal

__all__ = ["portal"]

OUTSIDE = {"type": "PhoneNumberRingTarget", "phone_number": "+13035550160"}


def test_every_operation(portal: Emulated) -> None:
    with_users(portal)
    api = ringex_client()
    with portal.recording() as calls:
        assert [one["id"] for one in api.list_states(DESK)][:2] == ["forward-all-calls", "dnd"]
        assert api.get_state(DESK, "dnd")["enabled"] is False
        assert api.update_state(DESK, "dnd", {"enabled": True})["enabled"] is True
        assert {one["id"] for one in api.list_state_rules(DESK)} >= {"work-hours", "agent"}
        like = as_sent(api.get_state_rule(DESK, "work-hours")["dispatching"])
        assert api.update_state_rule(DESK, "work-hours", {"dispatching": like})["id"] == "work-hours"
        assert api.list_interaction_rules(DESK) == []
        conditions = [{"type": "Interaction", "from": [], "to": ["+13035550104"]}]
        body = {"displayName": "VIPs", "enabled": True, "conditions": conditions, "dispatching": like}
        made = api.create_interaction_rule(DESK, body)
        assert made is not None
        assert api.update_interaction_rule(DESK, made["id"], {"enabled": False})["enabled"] is False
        assert api.get_interaction_rule(DESK, made["id"])["displayName"] == "VIPs"
        api.delete_interaction_rule(DESK, made["id"])
        assert [one["type"] for one in api.list_forwarding_targets(DESK)] == ["DeviceRingTarget"]
        assert api.list_forwarding_targets(DESK, without_own=True) == []
        device = {"type": "DeviceRingTarget", "device": {"id": "700003"}}
        assert [one["bulkItemSuccessful"] for one in api.remove_forwarding_targets(DESK, [device])] == [False]
        assert api.list_device_users(DESK, "700003") == []
        flips = api.list_call_flip_numbers(DESK)
        assert api.replace_call_flip_numbers(DESK, flips) == flips
        assert api.has_new_call_handling(DESK)
        assert {one["type"] for one in api.list_standard_greetings()} >= {"Voicemail"}
        assert api.get_standard_greeting("66048")["type"] == "Introductory"
        own = api.create_greeting(DESK, "Introductory", "hello.mp3", b"sound")
        assert api.get_greeting(DESK, own["id"])["type"] == "Introductory"
        put_on = {"stateId": "work-hours"}
        assert api.create_greeting(DESK, "Introductory", "hello.wav", b"sound", put_on=put_on)["id"] != own["id"]
    assert set(operations(calls)) - {"EXb-02"} == {f"EV-{number:02}" for number in range(1, 22)}


class TestWhichKind:
    def test_both_are_told(self, portal: Emulated) -> None:
        assert ringex.call_handling(ref(DESK)) == "new"
        assert ringex.call_handling() == "classic"

    @pytest.mark.parametrize("way", ["absent", "foreign_absent", "no_parameter"])
    def test_however_the_vendor_answers(self, portal: Emulated, way: str) -> None:
        portal.faults(ringex_features=way)
        assert ringex.call_handling(ref(DESK)) == "new"
        assert ringex.call_handling(ref("100002")) == "classic"

    def test_an_answer_that_it_was_moved_is_remembered(self, api: RingEX, vendor: RingExVendor) -> None:
        params = [{"name": "isNewBackendAvailable", "value": "false"}]
        vendor.on("GET", "/features", httpx.Response(200, json={"records": [{"params": params}]}))
        vendor.on("PUT", "/answering-rule/7", refusal(403, "CMN-468", "Feature is not available"))
        with pytest.raises(Forbidden, match="`voice-routing migrate ringex`"):
            api.update_rule("100001", "7", {"enabled": False})
        assert api.has_new_call_handling("100001")
        with pytest.raises(DeclarationError, match="voice-routing migrate ringex"):
            api.update_rule("100001", "8", {"enabled": False})
        assert vendor.seen("PUT", "/answering-rule/8") == []


class TestLookups:
    def test_what_rules_ring_and_what_they_play(self, portal: Emulated) -> None:
        interaction_rule(portal, "VIPs")
        (device,) = ringex.get_forwarding_targets(ref(DESK))
        assert (device.type, device.device_id) == ("DeviceRingTarget", "700003")
        assert ringex.get_device_users(ref(DESK), "700003") == []
        assert {one.id for one in ringex.get_standard_greetings("Voicemail")} == {"590080", "65792"}


RULE = {"extension_id": DESK, "state": "work-hours"}
RINGS = {**RULE, "dispatching": "RingInOrder"}
VIPS = {"extension_id": DESK, "name": "VIPs", "callers": [{"caller_id": "+13035550170"}]}
STATE = {"extension_id": DESK, "state": "work-hours"}
OVERLAPPING = [{"from": "11:00", "to": "13:00"}, {"from": "09:00", "to": "12:00"}]
MANY = [{"from": f"{hour:02}:00", "to": f"{hour:02}:30"} for hour in range(21)]
CHRISTMAS = {"from": "2030-12-24T00:00:00", "to": "2030-12-27T00:00:00"}


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        ("CallHandlingStateRule", {**RULE, "ring_groups": [{"targets": [MOBILE]}]}, "dispatching is missing"),
        ("CallHandlingStateRule", {**RULE, "dispatching": "Terminate", "immediate_target": VOICEMAIL}, "can be Ring"),
        ("CallHandlingStateRule", {**RINGS, "immediate_target": VOICEMAIL}, "counts only with Terminate"),
        ("CallHandlingStateRule", {**RINGS, "ring_groups": [{"targets": []}]}, "rings nothing"),
        ("CallHandlingStateRule", {**RINGS, "ring_groups": [{"targets": [MOBILE, MOBILE]}]}, "rings already"),
        ("CallHandlingStateRule", {**RULE, "state": "dnd", "screening": "Off"}, "rings nothing"),
        ("CallHandlingStateRule", {**RULE, "state": "agent", "no_answer_target": VOICEMAIL}, "goes on in the queue"),
        ("CallHandlingStateRule", {**RULE, "welcome": {"preset_id": "1", "custom_id": "2"}}, "give either"),
        ("InteractionRule", {"extension_id": DESK, "name": "VIPs"}, "needs a condition"),
        (
            "InteractionRule",
            {"extension_id": DESK, "name": "VIPs", "state": "work-hours"},
            "the vendor takes it beside",
        ),
        ("InteractionRule", {**VIPS, "schedule": {}}, "says nothing"),
        ("InteractionRule", {**VIPS, "schedule": {"ranges": [{**CHRISTMAS, "to": "2030-12-27T00:00:00Z"}]}}, "zone"),
        ("InteractionRule", {**VIPS, "schedule": {"starts": CHRISTMAS["to"], "ends": CHRISTMAS["from"]}}, "not after"),
        ("CallHandlingStateRule", {**RINGS, "always_ring": ["AllMobileRingTarget"] * 2}, "is there twice"),
        (
            "CallHandlingStateRule",
            {**RINGS, "ring_groups": [{"targets": [{"type": "CoworkerRingTarget", "extension_id": DESK}]}]},
            "is the extension itself",
        ),
        (
            "CallHandlingStateRule",
            {**RINGS, "no_answer_target": {"type": "ExtensionTerminatingTarget", "extension_id": ref(DESK)}},
            "is the extension itself",
        ),
        ("CallHandlingState", {**STATE, "schedule": {"weekly": {"monday": OVERLAPPING}}}, "before the hours from"),
        ("CallHandlingState", {**STATE, "schedule": {"weekly": {"monday": MANY}}}, "21 stretches"),
        ("CallHandlingState", {**STATE, "enabled": True}, "always on"),
        ("CallHandlingState", {**STATE, "schedule": {"ranges": [CHRISTMAS]}}, "takes daily or weekly"),
        ("CallHandlingState", {**STATE, "state": "dnd", "schedule": {"weekly": {}}}, "sets the hours"),
        (
            "CallHandlingState",
            {**STATE, "state": "forward-all-calls", "schedule": {"ranges": [CHRISTMAS, CHRISTMAS]}},
            "one period at a time",
        ),
        (
            "CallHandlingState",
            {**STATE, "schedule": {"weekly": {"monday": [{"from": "18:00", "to": "06:00"}]}}},
            "goes over midnight",
        ),
        ("CallHandlingState", {**STATE, "schedule": {"daily": {"from": "18:00", "to": "06:00"}}}, "write weekly, with"),
        ("CallHandlingState", {**STATE, "state": "forward-all-calls", "schedule": {"ranges": []}}, "holds no period"),
        ("InteractionRule", {**VIPS, "schedule": {"ranges": []}}, "holds no period"),
        ("InteractionRule", {**VIPS, "schedule": {"weekly": {}}}, "holds no hours"),
        ("InteractionRule", {**VIPS, "schedule": {"weekly": {"monday": []}}}, "holds no hours"),
    ],
)
def test_what_cannot_be_is_said_before_a_run(kind: str, args: dict[str, Any], said: str) -> None:
    _, failures = provider_for(f"ringex:{kind}").checked(args)
    assert [one for one in failures if said in one.reason], failures


def group(*targets: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"targets": list(targets), **more}


class TestMeaning:
    def test_targets_of_a_group_ring_together_and_groups_in_order(self) -> None:
        one, other = group(MOBILE, OUTSIDE), group({"type": "HotdeskRingTarget"}, duration_seconds=20)
        assert alike("ring_groups", [one, other], [group({**OUTSIDE, "name": "Home"}, MOBILE), other])
        assert not alike("ring_groups", [one, other], [other, one])

    def test_what_the_vendor_wants_and_does_not_ring_is_no_drift(self) -> None:
        there = [group(OUTSIDE), group({"type": "DeviceRingTarget", "device_id": "7"}, enabled=False)]
        assert alike("ring_groups", there, [group(OUTSIDE)])
        assert not alike("ring_groups", [group(OUTSIDE), group(OUTSIDE, enabled=False)], [group(OUTSIDE)])

    def test_all_at_once_has_no_order(self) -> None:
        provider = provider_for("ringex:InteractionRule")
        first, second = group(OUTSIDE), group(MOBILE, duration_seconds=30)
        forms = [
            provider.checked({**VIPS, "dispatching": "RingAtOnce", "ring_groups": groups})[0]["ring_groups"]
            for groups in ([first, second], [second, first])
        ]
        assert forms[0] == forms[1]

    def test_the_same_hours_of_seven_days_are_those_of_every_day(self) -> None:
        provider = provider_for("ringex:CallHandlingState")
        field, hours = provider.model["schedule"], {"from": "09:00", "to": "24:00"}
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        weekly = {"weekly": {day: [hours] for day in days}}
        assert provider.means_same(field, {"daily": hours}, weekly)
        del weekly["weekly"]["sunday"]
        assert not provider.means_same(field, {"daily": hours}, weekly)

    def test_what_is_not_declared_is_sent_back_as_it_was(self, portal: Emulated) -> None:
        there = ringex_client().get_state_rule(DESK, "work-hours")["dispatching"]
        team = {"type": "ExtensionTerminatingTarget", "extension_id": "7"}
        changed = laid_over(there, {"no_answer_target": team}, DESK)
        before, after = readable(there, DESK), readable(changed, DESK)
        assert after.pop("noAnswer") == team
        assert {name: value for name, value in before.items() if name != "noAnswer"} == after
        assert {"type": "VoiceMailTerminatingTarget", "prompt": there["actions"][-1]["targets"][0]["prompt"]} in (
            changed["actions"][-1]["targets"]
        )


def test_no_rule_rings_a_number_that_nobody_may_call(portal: Emulated) -> None:
    provider = provider_for("ringex:CallHandlingStateRule")
    premium = {"type": "PhoneNumberRingTarget", "phone_number": "+19005550100"}
    with_users(portal)
    args = {
        "extension_id": ref(OTHER),
        "state": "work-hours",
        "dispatching": "RingInOrder",
        "ring_groups": [group(premium)],
    }
    with portal.recording() as calls, pytest.raises(Refused, match="premium-rate"):
        provider.make(args)
    assert operations(calls, writes=True) == []
