"""What the emulated RingEX tells of its features, and its greetings."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    OLD,
    RULES,
    action,
    dispatching,
    made,
    patch,
)
from tests.ringex.test_emulator import code


class TestFeatures:
    FEATURE = "NewCallHandlingAndForwarding"

    def told(self, api: Api, extension: str = "100003", **query: Any) -> Any:
        path = f"/restapi/v1.0/account/~/extension/{extension}/features"
        return api.ok("GET", path, params={"featureId": self.FEATURE, **query})

    def test_told(self, api: Api) -> None:
        (record,) = self.told(api)["records"]
        assert record["params"] == [{"name": "isNewBackendAvailable", "value": "true"}]
        assert self.told(api, "~")["records"][0]["params"][0]["value"] == "false"
        other = "CoworkerLineAndAppsForwarding"
        both = self.told(api, featureId=[self.FEATURE, other, "Unheard"], availableOnly="true")
        assert [one["id"] for one in both["records"]] == [self.FEATURE, other]
        assert {one["operation"] for one in api.journal()} == {"EV-17"}

    def test_ways_to_leave_it_open(self, api: Api) -> None:
        api.faults(switches={"ringex_features": "foreign_absent"})
        assert self.told(api)["records"] == []
        assert self.told(api, "~")["records"] != []
        api.faults(switches={"ringex_features": "absent"})
        assert self.told(api, "~")["records"] == []
        api.faults(switches={"ringex_features": "no_parameter"})
        assert self.told(api)["records"] == [{"id": self.FEATURE, "available": True}]

    def test_a_record_by_itself(self, loose: Api) -> None:
        loose.faults(switches={"ringex_features": "unwrapped"})
        assert self.told(loose)["params"][0]["value"] == "true"


class TestGreetings:
    SOUND = ("hello.mp3", b"sound", "audio/mpeg")
    DICTIONARY = "/restapi/v1.0/dictionary/greeting"

    def create(self, api: Api, apply: str = "true", path: str = OLD, **parts: str) -> httpx.Response:
        return api.call("POST", f"{path}/greeting?apply={apply}", data=parts, files={"binary": self.SOUND})

    def test_the_vendors_own(self, api: Api) -> None:
        voicemails = api.ok("GET", self.DICTIONARY, params={"type": "Voicemail"})["records"]
        assert {one["id"] for one in voicemails} == {"590080", "65792"}
        assert api.ok("GET", f"{self.DICTIONARY}/66048")["type"] == "Introductory"
        assert code(api.call("GET", f"{self.DICTIONARY}/7")) == (404, "CMN-102", "greetingId")
        first = api.ok("GET", self.DICTIONARY, params={"perPage": 2, "usageType": "UserExtensionAnsweringRule"})
        assert len(first["records"]) == 2
        assert "nextPage" in first["navigation"]
        assert [one["operation"] for one in api.journal()] == ["EV-18", "EV-19", "EV-19", "EV-18"]

    @pytest.mark.parametrize(
        ("type_", "state", "found"),
        [
            ("Introductory", "work-hours", "PlayWelcomePromptAction"),
            ("ConnectingMessage", "after-hours", "PlayConnectingMessageAction"),
            ("ConnectingAudio", "work-hours", "PlayConnectingPromptAction"),
            ("Voicemail", "do-not-disturb", "TerminatingAction"),
            ("Announcement", "forward-all-calls", "TerminatingAction"),
        ],
    )
    def test_is_put_on_a_rule(self, api: Api, type_: str, state: str, found: str) -> None:
        made = self.create(api, type=type_, stateId=state)
        assert made.status_code == 200, made.text
        id_ = made.json()["id"]
        shown = api.ok("GET", f"{OLD}/greeting/{id_}")
        assert (shown["type"], shown["contentType"]) == (type_, "audio/mpeg")
        held = api.ok("GET", f"{RULES}/{state.replace('do-not-disturb', 'dnd')}")
        assert f'"custom": {{"id": "{id_}"}}' in json.dumps(action(held, found))

    def test_is_put_on_an_interaction_rule(self, api: Api) -> None:
        path = made(api)
        done = self.create(api, type="Introductory", interactionRuleId=path.rsplit("/", 1)[1])
        assert action(api.ok("GET", path), "PlayWelcomePromptAction")["greeting"]["custom"] == {"id": done.json()["id"]}

    def test_is_kept_for_later(self, api: Api) -> None:
        id_ = self.create(api, "false", type="Introductory").json()["id"]
        held = {"effectiveGreetingType": "Custom", "preset": {"id": "66048"}, "custom": {"id": id_}}
        welcome = {"type": "PlayWelcomePromptAction", "enabled": True, "greeting": held}
        shown = patch(api, f"{RULES}/work-hours", dispatching=dispatching(welcome))
        assert action(shown, "PlayWelcomePromptAction")["greeting"] == held
        assert {one["operation"] for one in api.journal() if one["path"].endswith("greeting")} == {"EV-20"}

    def test_parts_may_be_mixed(self, api: Api) -> None:
        told = json.dumps({"type": "Introductory", "stateId": "work-hours", "answeringRule": {"id": "x"}}).encode()
        parts = [(b"application/json", b"", told), (b"audio/wav", b'; filename="hello.wav"', b"sound")]
        body = b"".join(
            b"--cut\r\nContent-Type: %s\r\nContent-Disposition: attachment%s\r\n\r\n%s\r\n" % part for part in parts
        )
        headers = {"Content-Type": "multipart/mixed; boundary=cut"}
        done = api.ok("POST", f"{OLD}/greeting", content=body + b"--cut--\r\n", headers=headers)
        assert done["contentType"] == "audio/wav"
        held = action(api.ok("GET", f"{RULES}/work-hours"), "PlayWelcomePromptAction")
        assert held["greeting"]["custom"] == {"id": done["id"]}

    def test_on_an_extension_of_old(self, api: Api) -> None:
        old = "/restapi/v1.0/account/~/extension/~"
        done = self.create(api, path=old, type="Introductory", answeringRuleId="business-hours-rule")
        greetings = api.ok("GET", f"{old}/answering-rule/business-hours-rule")["greetings"]
        assert {"type": "Introductory", "custom": {"id": done.json()["id"]}} in greetings
        unknown = self.create(api, path=old, type="Introductory", answeringRuleId="7")
        assert code(unknown) == (404, "CMN-102", "answeringRuleId")

    @pytest.mark.parametrize(
        ("parts", "error"),
        [
            ({"type": "Introductory"}, (400, "CMN-101", "stateId")),
            ({"type": "Introductory", "stateId": "dnd"}, (400, "CMN-101", "stateId")),
            ({"type": "Introductory", "stateId": "do-not-disturb"}, (400, "CMN-101", "type")),
            ({"type": "Introductory", "stateId": "agent"}, (400, "CMN-101", "stateId")),
            ({"type": "HoldMusic", "stateId": "work-hours"}, (400, "CMN-101", "type")),
            ({"type": "Hello", "stateId": "work-hours"}, (400, "CMN-101", "type")),
            ({"type": "Introductory", "interactionRuleId": "7"}, (404, "CMN-102", "interactionRuleId")),
            ({"type": "Introductory", "stateId": "work-hours", "colour": "red"}, (400, "CMN-101", "colour")),
        ],
    )
    def test_refuses(self, api: Api, parts: dict[str, str], error: tuple[int, str, str]) -> None:
        assert code(self.create(api, **parts)) == error
        assert api.ok("GET", "/_emulator/state")["objects"]["RingExGreeting"] == []

    def test_needs_a_sound(self, api: Api) -> None:
        path = f"{OLD}/greeting"
        parts = {"type": "Introductory", "stateId": "work-hours"}
        text = {"binary": ("hello.txt", b"hello", "text/plain")}
        assert code(api.call("POST", path, data=parts, files=text)) == (400, "CMN-101", "binary")
        assert code(api.call("GET", f"{path}/7")) == (404, "CMN-102", "greetingId")
