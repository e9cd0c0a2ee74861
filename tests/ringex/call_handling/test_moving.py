"""Extensions of the emulated RingEX that are moved to the newer call handling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    ALWAYS,
    MODES,
    OUTSIDE,
    Json,
    action,
    groups,
    patch,
    schedule,
)
from tests.ringex.test_emulator import code


class TestMoving:
    OWN_RULES = "/restapi/v1.0/account/~/extension/~/answering-rule"
    OWN_NUMBERS = "/restapi/v1.0/account/~/extension/~/forwarding-number"
    OWN_CALLS = "/restapi/v2/accounts/~/extensions/~/comm-handling"

    def move(self, api: Api, **body: Any) -> Any:
        return api.ok("POST", "/_emulator/ringex/move", json=body or {"extensionId": "100001"})["moved"]

    def work(self, api: Api) -> Json:
        shown: Json = api.ok("GET", f"{self.OWN_CALLS}/voice/state-rules/work-hours")
        return shown

    def update(self, api: Api, id_: str = "business-hours-rule", **body: Any) -> None:
        api.ok("PUT", f"{self.OWN_RULES}/{id_}", json=body)

    def test_each_kind_has_its_own_calls(self, api: Api) -> None:
        for path in ("states", "voice/state-rules", "voice/interaction-rules", "voice/forwarding-targets"):
            assert code(api.call("GET", f"{self.OWN_CALLS}/{path}")) == (404, "CMN-102", None)
        assert code(api.call("GET", "/restapi/v2/accounts/~/extensions/~/call-flip-numbers")) == (404, "CMN-102", None)
        assert self.move(api) == ["100001"]
        assert self.move(api) == []
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/business-hours-rule", None),
            ("PUT", "/business-hours-rule", {}),
            ("DELETE", "/7", None),
            ("POST", "", {"type": "Custom", "callers": [{"callerId": "+13035550170"}]}),
        ):
            response = api.call(method, f"{self.OWN_RULES}{path}", **({} if body is None else {"json": body}))
            assert code(response) == (403, "CMN-468", None)
            assert "[NewCallHandlingAndForwarding]" in response.json()["message"]
        assert api.ok("GET", f"{self.OWN_CALLS}/states")["paging"]["totalElements"] == 4

    def test_all_at_once_and_none(self, api: Api) -> None:
        assert self.move(api, all=True) == ["100001", "100002", "100004"]
        for body in ({}, {"extensionId": "7"}, {"extensionId": "100005"}, {"all": 1}):
            assert api.refused("POST", "/_emulator/ringex/move", json=body) == 400

    def test_in_the_middle_of_a_run(self, api: Api) -> None:
        rule_ = {"fault": "control", "control": "ringex/move", "body": {"all": True}, "after": 1}
        api.faults(rules=[rule_ | {"match": {"operation": "EX-01"}}])
        assert api.call("GET", self.OWN_RULES).status_code == 200
        assert code(api.call("GET", self.OWN_RULES)) == (403, "CMN-468", None)
        assert api.refused("POST", "/_emulator/faults", json={"rules": [{"fault": "control", "control": "x"}]}) == 400

    def test_queues_stay_on_the_rules_of_old(self, api: Api) -> None:
        self.move(api, all=True)
        queue = "/restapi/v1.0/account/~/extension/100005/answering-rule"
        assert [one["id"] for one in api.ok("GET", queue)["records"]] == ["business-hours-rule"]
        states = "/restapi/v2/accounts/~/extensions/100005/comm-handling/states"
        assert code(api.call("GET", states)) == (404, "CMN-102", None)
        api.faults(switches={"queue_rules_blocked": True})
        assert code(api.call("GET", queue)) == (403, "CMN-468", None)

    def test_an_untouched_extension(self, api: Api) -> None:
        self.move(api, extensionId="100002")
        calls = "/restapi/v2/accounts/~/extensions/100002/comm-handling"
        assert [one["id"] for one in api.ok("GET", f"{calls}/voice/state-rules")["records"]] == [
            "forward-all-calls",
            "dnd",
            "work-hours",
        ]
        assert api.ok("GET", f"{calls}/states/work-hours")["conditions"] == schedule(ALWAYS)

    def test_a_rule_that_rings(self, api: Api) -> None:
        number = api.ok("POST", self.OWN_NUMBERS, json={"phoneNumber": "+13035550160", "label": "Shed"})["id"]
        steps = [
            {"index": 2, "ringCount": 3, "forwardingNumbers": [{"id": number}, {"id": "901"}]},
            {"index": 1, "ringCount": 2, "enabled": False, "forwardingNumbers": [{"id": number}]},
        ]
        forwarding = {"rules": steps, "ringingMode": "Simultaneously", "softPhonesRingCount": 4}
        self.update(api, forwarding=forwarding, screening="UnknownCallerId")
        self.move(api)
        shown = self.work(api)
        assert shown["dispatching"]["type"] == "RingAtOnce"
        assert groups(shown) == [
            (["My mobile apps"], 20, True),
            (["My desktop"], 20, True),
            (["Shed"], 10, False),
            (["Shed", "Desk phone"], 15, True),
        ]
        screening = action(shown, "ScreeningAction")
        assert (screening["enabled"], screening["screening"]) == (True, "UnknownCallerId")
        assert action(shown, "TerminatingAction")["ringingTargetType"] == "VoiceMailTerminatingTarget"

    @pytest.mark.parametrize(
        ("body", "type_", "more"),
        [
            ({"callHandlingAction": "TakeMessagesOnly"}, "VoiceMailTerminatingTarget", {}),
            ({"callHandlingAction": "PlayAnnouncementOnly"}, "PlayAnnouncementTerminatingTarget", {}),
            (
                {"callHandlingAction": "TransferToExtension", "transfer": {"extension": {"id": "100004"}}},
                "ExtensionTerminatingTarget",
                {"extension": {"id": "100004"}},
            ),
            (
                {
                    "callHandlingAction": "UnconditionalForwarding",
                    "unconditionalForwarding": {"phoneNumber": "13035550177"},
                },
                "PhoneNumberTerminatingTarget",
                OUTSIDE,
            ),
        ],
    )
    @pytest.mark.parametrize("built_in", ["business-hours-rule", "after-hours-rule"])
    def test_a_rule_that_ends_at_once(self, api: Api, body: Json, type_: str, more: Json, built_in: str) -> None:
        """Work hours can only ring: nothing rings then, and the target takes what nobody answers."""
        self.update(api, built_in, **body)
        self.move(api)
        state = built_in.removesuffix("-rule").replace("business", "work")
        shown = api.ok("GET", f"{self.OWN_CALLS}/voice/state-rules/{state}")
        ends_at_once = state == "after-hours"
        assert (shown["dispatching"]["type"] == "Terminate") is ends_at_once
        assert [enabled for _, _, enabled in groups(shown)] == [False, False, False]
        end = action(shown, "TerminatingAction")
        mode = "Terminating" if ends_at_once else "Ringing"
        assert end[MODES[mode]] == type_
        (target,) = (one for one in end["targets"] if one["type"] == type_ and one.get("dispatchingType", mode) == mode)
        assert {name: target[name] for name in more} == more

    def test_voicemail(self, api: Api) -> None:
        self.update(api, voicemail={"enabled": True, "recipient": {"id": 100004}})
        self.update(api, "after-hours-rule", voicemail={"enabled": False})
        self.move(api)
        assert action(self.work(api), "TerminatingAction")["targets"][0]["extension"] == {"id": "100004"}
        after = api.ok("GET", f"{self.OWN_CALLS}/voice/state-rules/after-hours")
        assert action(after, "TerminatingAction")["ringingTargetType"] == "PlayAnnouncementTerminatingTarget"

    def test_greetings(self, api: Api) -> None:
        custom = {"type": "Introductory", "custom": {"id": "77"}}
        self.update(api, greetings=[custom, {"type": "Voicemail", "preset": {"id": "65792"}}])
        self.move(api)
        welcome = action(self.work(api), "PlayWelcomePromptAction")
        assert (welcome["enabled"], welcome["greeting"]["custom"]) == (True, {"id": "77"})
        voicemail = action(self.work(api), "TerminatingAction")["targets"][0]
        assert voicemail["prompt"]["greeting"]["preset"] == {"id": "65792"}

    def test_what_came_from_a_rule_of_old_can_be_sent_back(self, loose: Api) -> None:
        self.update(loose, greetings=[{"type": "Introductory", "custom": {"id": "77"}}])
        self.move(loose)
        held = self.work(loose)["dispatching"]
        path = f"{self.OWN_CALLS}/voice/state-rules/work-hours"
        assert patch(loose, path, dispatching=held)["dispatching"] == held

    def test_custom_rules(self, api: Api) -> None:
        callers = [{"callerId": "+13035550170", "name": "Main customer"}]
        weekly = {"weeklyRanges": {"monday": [{"from": "08:00", "to": "00:00"}]}}
        fair = {"from": "2030-01-01T00:00:00.000Z", "to": "2030-01-02T00:00:00Z"}
        bodies: list[Json] = [
            {"name": "VIPs", "callers": callers, "calledNumbers": [{"phoneNumber": "+13035550101"}], "enabled": False},
            {"name": "Mondays", "schedule": weekly},
            {"name": "Fair", "schedule": {"ranges": [fair]}},
            {"name": "Nights", "callers": callers, "schedule": {"ref": "AfterHours"}},
        ]
        for body in bodies:
            api.ok("POST", self.OWN_RULES, json={"type": "Custom", **body})
        self.move(api)
        listed = api.ok("GET", f"{self.OWN_CALLS}/voice/interaction-rules")["records"]
        rules = {one["displayName"]: one for one in listed}
        assert list(rules) == ["VIPs", "Mondays", "Fair", "Nights"]
        assert rules["VIPs"]["enabled"] is False
        (numbers,) = rules["VIPs"]["conditions"]
        assert numbers["from"] == [{"phoneNumber": "+13035550170", "name": "Main customer"}]
        assert numbers["to"] == ["+13035550101"]
        (window,) = rules["Mondays"]["conditions"]
        ranges = window["schedule"]["triggers"][0]["ranges"]
        assert ranges == {"monday": [{"startTime": "08:00:00", "endTime": "23:59:59"}]}
        (dates,) = rules["Fair"]["conditions"][0]["schedule"]["triggers"][0]["ranges"]
        assert dates == {"startDateTime": "2030-01-01T00:00:00", "endDateTime": "2030-01-02T00:00:00"}
        assert rules["Nights"]["conditions"][1]["state"]["id"] == "after-hours"

    def test_what_has_no_counterpart_is_left_out(self, api: Api) -> None:
        steps = [{"index": 1, "forwardingNumbers": [{"id": "901"}]}]
        self.update(api, forwarding={"rules": steps, "mobileTimeout": True})
        self.move(api)
        flips = api.ok("GET", "/restapi/v2/accounts/~/extensions/~/call-flip-numbers")["records"]
        assert [(one["type"], one["label"]) for one in flips] == [
            ("PhoneLine", "Desk phone"),
            ("BusinessMobile", "Business mobile"),
        ]
        assert "mobileTimeout" not in json.dumps(self.work(api))

    def test_forwarding_numbers_still_answer(self, api: Api) -> None:
        self.move(api)
        assert len(api.ok("GET", self.OWN_NUMBERS)["records"]) == 2
