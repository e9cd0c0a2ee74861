"""The emulated state rules of RingEX, and what a dispatching must hold."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    DESK,
    DESKTOP,
    DEVICE,
    MOBILE,
    MODES,
    OUTSIDE,
    RULES,
    STATES,
    VOICEMAIL,
    Json,
    action,
    dispatching,
    ends,
    greeting,
    groups,
    patch,
    rings,
    wrong,
)
from tests.ringex.test_emulator import code


class TestStateRules:
    def test_list_and_get(self, api: Api) -> None:
        rules = {one["id"]: one for one in api.ok("GET", RULES)["records"]}
        assert list(rules) == ["forward-all-calls", "dnd", "agent", "work-hours", "after-hours"]
        work = rules["work-hours"]
        assert groups(work) == [(["My mobile apps"], 5, True), (["My desktop"], 5, True), (["Desk phone"], 20, False)]
        assert work["state"] == api.ok("GET", f"{STATES}/work-hours")
        assert rules["agent"]["dispatchingRef"] == {"ruleId": "work-hours", "dispatching": work["dispatching"]}
        assert "dispatchingRef" not in work
        assert [one["type"] for one in rules["dnd"]["dispatching"]["actions"]] == ["TerminatingAction"]
        assert api.ok("GET", f"{RULES}/work-hours") == work
        assert [one["operation"] for one in api.journal()] == ["EV-04", "EV-02", "EV-05"]

    def test_an_update_replaces_the_whole_dispatching(self, api: Api) -> None:
        welcome = {"type": "PlayWelcomePromptAction", "enabled": True, "greeting": greeting("66048")}
        cell = {"type": "PhoneNumberRingTarget", "name": "Cell", **OUTSIDE}
        shown = patch(api, f"{RULES}/work-hours", dispatching=dispatching(welcome, rings(cell)))
        assert groups(shown)[-1] == (["Cell"], 20, True)
        assert action(shown, "PlayWelcomePromptAction")["enabled"] is True
        again = patch(api, f"{RULES}/work-hours", dispatching=dispatching())
        assert action(again, "PlayWelcomePromptAction")["enabled"] is False
        assert action(again, "ScreeningAction")["screeningResult"] == "AskToAnswer"
        assert len(groups(again)) == 3
        assert [one["name"] for one in action(again, "TerminatingAction")["targets"]] == ["Voicemail"]

    def test_an_update_without_a_dispatching_changes_nothing(self, api: Api) -> None:
        assert patch(api, f"{RULES}/work-hours") == api.ok("GET", f"{RULES}/work-hours")

    def test_the_agent_gets_a_dispatching_of_its_own(self, api: Api) -> None:
        shown = patch(api, f"{RULES}/agent", dispatching=dispatching(type_="RingAtOnce"))
        assert "dispatchingRef" not in shown
        assert shown["dispatching"]["type"] == "RingAtOnce"

    @pytest.mark.parametrize(
        ("target", "name"),
        [
            ({"type": "PhoneNumberRingTarget", **OUTSIDE}, "+13035550177"),
            ({"type": "CoworkerRingTarget", "extension": {"id": "100004"}}, "Extension 100004"),
            ({"type": "AllMobileRingTarget", "extension": {"id": "100004"}}, "Extension 100004 mobile apps"),
            ({"type": "AllDesktopRingTarget", "extension": {"id": "100004"}}, "Extension 100004 desktop"),
            ({"type": "DeviceRingTarget", "device": {"id": "700001"}, "extension": {"id": "100001"}}, "Desk phone"),
            ({"type": "HotdeskRingTarget"}, "Hot desk"),
            ({"type": "ImsPhoneNumberRingTarget", **OUTSIDE}, "+13035550177"),
            ({"type": "FmcPhoneNumberRingTarget", **OUTSIDE}, "+13035550177"),
            ({"type": "IntegrationRingTarget", "integration": {"type": "FmcLite"}}, "FmcLite"),
            ({"type": "CloudConnectorRingTarget", "destination": {"integrationId": "7"}, "name": "Cloud"}, "Cloud"),
        ],
    )
    def test_ring_targets(self, api: Api, target: Json, name: str) -> None:
        assert groups(patch(api, f"{RULES}/work-hours", dispatching=dispatching(rings(target))))[-1][0] == [name]

    @pytest.mark.parametrize(
        ("target", "name"),
        [
            ({"type": "PlayAnnouncementTerminatingTarget", "prompt": {"greeting": greeting("66816")}}, "Announcement"),
            ({"type": "ExtensionTerminatingTarget", "extension": {"id": "100005"}}, "Sales"),
            ({"type": "PhoneNumberTerminatingTarget", **OUTSIDE}, "+13035550177"),
            (
                {"type": "CloudConnectorTerminatingTarget", "destination": {"integrationId": "7"}, "name": "Cloud"},
                "Cloud",
            ),
        ],
    )
    @pytest.mark.parametrize("mode", MODES)
    def test_terminating_targets(self, api: Api, target: Json, name: str, mode: str) -> None:
        type_ = "Terminate" if mode == "Terminating" else "RingInOrder"
        end = ends(target | {"dispatchingType": mode}, **{MODES[mode]: target["type"]})
        shown = patch(api, f"{RULES}/after-hours", dispatching=dispatching(type_=type_, end=end))
        assert action(shown, "TerminatingAction")["targets"][1]["name"] == name
        assert action(shown, "TerminatingAction")[MODES[mode]] == target["type"]

    def test_a_mailbox_of_somebody_else(self, api: Api) -> None:
        other = VOICEMAIL | {"extension": {"id": "100004"}}
        end = {"type": "TerminatingAction", "targets": [other], "terminatingTargetType": other["type"]}
        shown = patch(api, f"{RULES}/dnd", dispatching={"type": "Terminate", "actions": [end]})
        assert action(shown, "TerminatingAction")["targets"][0]["name"] == "Voicemail of Extension 100004"

    def test_what_only_answers_say_is_ignored(self, loose: Api) -> None:
        shown = loose.ok("GET", f"{RULES}/work-hours")
        assert patch(loose, f"{RULES}/work-hours", dispatching=shown["dispatching"]) == shown

    def test_apps_that_always_ring(self, api: Api) -> None:
        always = {"type": "RingAlwaysGroupAction", "enabled": True, "targets": [MOBILE, DESKTOP]}
        body = {"type": "RingInOrder", "actions": [always, rings(DESK), ends()]}
        shown = patch(api, f"{RULES}/work-hours", dispatching=body)
        names = [one["name"] for one in action(shown, "RingAlwaysGroupAction")["targets"]]
        assert names == ["My mobile apps", "My desktop"]

    @pytest.mark.parametrize(
        ("state", "types"),
        [
            ("forward-all-calls", {"Terminate"}),
            ("dnd", {"Terminate"}),
            ("agent", {"RingAtOnce", "RingInOrder"}),
            ("work-hours", {"RingAtOnce", "RingInOrder"}),
            ("after-hours", {"RingAtOnce", "RingInOrder", "Terminate"}),
        ],
    )
    def test_the_types_of_each_state(self, api: Api, state: str, types: set[str]) -> None:
        taken = set()
        for type_ in ("RingAtOnce", "RingInOrder", "Terminate", "Custom"):
            body = dispatching(type_=type_)
            if state in ("forward-all-calls", "dnd"):
                body["actions"] = body["actions"][-1:]
            response = api.call("PATCH", f"{RULES}/{state}", json={"dispatching": body})
            if response.status_code == 200:
                taken.add(type_)
            else:
                assert code(response) == (400, "CMN-101", "type")
        assert taken == types

    def test_a_switch_rings_nothing(self, api: Api) -> None:
        body = {"dispatching": dispatching(type_="Terminate")}
        assert wrong(api, "PATCH", f"{RULES}/dnd", body) == (400, "CMN-101", "actions")

    @pytest.mark.parametrize(
        ("actions", "error"),
        [
            ([rings(MOBILE), rings(DESKTOP), rings(DESK)], (400, "CMN-101", "actions")),
            ([rings(MOBILE), rings(DESKTOP), rings(DESK), ends(), ends()], (400, "CMN-101", "actions")),
            ([rings(DESKTOP), rings(DESK), ends()], (400, "CHF-211", "actions")),
            ([rings(MOBILE), rings(DESK), ends()], (400, "CHF-212", "actions")),
            ([rings(MOBILE), rings(MOBILE), rings(DESKTOP), rings(DESK), ends()], (400, "CHF-211", "actions")),
            (
                [
                    {"type": "RingAlwaysGroupAction", "enabled": True, "targets": [DESKTOP]},
                    rings(MOBILE),
                    rings(DESKTOP),
                    rings(DESK),
                    ends(),
                ],
                (400, "CHF-212", "actions"),
            ),
            ([rings(MOBILE), rings(DESKTOP), ends()], (400, "CMN-100", "actions")),
            ([rings(MOBILE), rings(DESKTOP), rings(DESK, DESK), ends()], (400, "CMN-101", "actions")),
            ([], (400, "CMN-101", "dispatching.actions")),
        ],
    )
    def test_what_must_be_there(self, api: Api, actions: list[Json], error: tuple[int, str, str]) -> None:
        body = {"dispatching": {"type": "RingInOrder", "actions": actions}}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == error

    def test_every_rule_has_voicemail(self, api: Api) -> None:
        target = {"type": "PhoneNumberTerminatingTarget", **OUTSIDE, "dispatchingType": "Ringing"}
        end = {"type": "TerminatingAction", "targets": [target], "ringingTargetType": target["type"]}
        response = api.call("PATCH", f"{RULES}/work-hours", json={"dispatching": dispatching(end=end)})
        assert code(response) == (400, "CMN-101", "actions")
        assert "VoiceMailTerminatingTarget" in response.json()["message"]

    @pytest.mark.parametrize(
        ("end", "where"),
        [
            (ends(ringingTargetType="ExtensionTerminatingTarget"), "ringingTargetType"),
            (ends(ringingTargetType="CoworkerRingTarget"), "dispatching.actions[3].ringingTargetType"),
            (
                ends(
                    {"type": "PhoneNumberTerminatingTarget", **OUTSIDE, "dispatchingType": "Terminating"},
                    ringingTargetType="PhoneNumberTerminatingTarget",
                ),
                "ringingTargetType",
            ),
            (ends(VOICEMAIL), "targets"),
            ({"type": "TerminatingAction", "targets": [VOICEMAIL]}, "ringingTargetType"),
            ({"type": "TerminatingAction", "targets": []}, "dispatching.actions[3].targets"),
            (
                ends({"type": "PhoneNumberTerminatingTarget", **OUTSIDE}),
                "dispatching.actions[3].targets[1].dispatchingType",
            ),
            (ends({"type": "Hangup"}), "dispatching.actions[3].targets[1].type"),
        ],
    )
    def test_how_a_rule_must_end(self, api: Api, end: Json, where: str) -> None:
        body = {"dispatching": dispatching(end=end)}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-101", where)

    def test_after_hours_say_what_acts_in_both_cases(self, api: Api) -> None:
        end = {"type": "TerminatingAction", "targets": [VOICEMAIL], "terminatingTargetType": VOICEMAIL["type"]}
        body = {"dispatching": dispatching(type_="Terminate", end=end)}
        assert wrong(api, "PATCH", f"{RULES}/after-hours", body) == (400, "CMN-101", "ringingTargetType")

    def test_what_an_agent_does_not_answer_goes_on(self, api: Api) -> None:
        end = {"type": "TerminatingAction", "targets": [VOICEMAIL]}
        patch(api, f"{RULES}/agent", dispatching=dispatching(end=end))

    @pytest.mark.parametrize(
        ("target", "error"),
        [
            ({"type": "CoworkerRingTarget", "extension": {"id": "999"}}, (404, "CMN-102", "extensionId")),
            ({"type": "CoworkerRingTarget", "extension": {"id": "100003"}}, (400, "CMN-101", "extension.id")),
            ({"type": "DeviceRingTarget", "device": {"id": "9"}}, (404, "CMN-102", "deviceId")),
            (
                {"type": "DeviceRingTarget", "device": {"id": DEVICE}, "extension": {"id": "100004"}},
                (404, "CMN-102", "deviceId"),
            ),
            ({"type": "PhoneNumberRingTarget", "destination": {"phoneNumber": "13035550177"}}, (400, "CMN-101", None)),
            ({"type": "CloudConnectorRingTarget", "destination": {"integrationId": "7"}}, (400, "CMN-101", None)),
            ({"type": "IntegrationRingTarget", "integration": {"type": "MsTeamDirectRouting"}}, (400, "CMN-101", None)),
            ({"type": "VoiceMailTerminatingTarget"}, (400, "CMN-101", None)),
            ({"type": "HotdeskRingTarget", "colour": "red"}, (400, "CMN-101", None)),
        ],
    )
    def test_refuses_targets(self, api: Api, target: Json, error: tuple[int, str, str | None]) -> None:
        status, number, where = wrong(api, "PATCH", f"{RULES}/work-hours", {"dispatching": dispatching(rings(target))})
        assert (status, number) == error[:2]
        assert where == error[2] or str(where).startswith("dispatching.actions[3].targets[0].")

    def test_no_transfer_to_the_extension_itself(self, api: Api) -> None:
        target = {"type": "ExtensionTerminatingTarget", "extension": {"id": "100003"}, "dispatchingType": "Ringing"}
        body = {"dispatching": dispatching(end=ends(target))}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-101", "extension.id")

    @pytest.mark.parametrize("value", [None, "Default"])
    def test_a_greeting_says_whose_it_is(self, api: Api, value: str | None) -> None:
        held = {"preset": {"id": "66048"}} | ({} if value is None else {"effectiveGreetingType": value})
        body = {"dispatching": dispatching({"type": "PlayWelcomePromptAction", "enabled": True, "greeting": held})}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-414", "effectiveGreetingType")

    def test_a_custom_greeting_is_one_of_the_extension(self, api: Api) -> None:
        held = {"effectiveGreetingType": "Custom", "preset": {"id": "66048"}, "custom": {"id": "7"}}
        body = {"dispatching": dispatching({"type": "PlayWelcomePromptAction", "enabled": True, "greeting": held})}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-101", "custom.id")

    def test_nothing_is_there_twice(self, api: Api) -> None:
        screening = {"type": "ScreeningAction", "enabled": True, "screening": "Always"}
        patch(api, f"{RULES}/work-hours", dispatching=dispatching(screening))
        body = {"dispatching": dispatching(screening, screening)}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-101", "actions")

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"duration": 0}, "duration"),
            ({"duration": "20"}, "duration"),
            ({"enabled": None}, "enabled"),
            ({"targets": []}, "targets"),
            ({"index": 1}, "index"),
        ],
    )
    def test_refuses_ring_groups(self, api: Api, changes: Json, where: str) -> None:
        body = {"dispatching": dispatching(rings(MOBILE | {"extension": {"id": "100004"}}, **changes))}
        found = wrong(api, "PATCH", f"{RULES}/work-hours", body)
        assert found == (400, "CMN-101", f"dispatching.actions[3].{where}")

    def test_call_types_belong_to_interaction_rules(self, api: Api) -> None:
        body = {"dispatching": dispatching(callTypes={"queueCallsIncluded": True})}
        assert wrong(api, "PATCH", f"{RULES}/work-hours", body) == (400, "CMN-101", "dispatching.callTypes")
