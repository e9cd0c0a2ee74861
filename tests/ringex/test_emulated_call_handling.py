"""The emulated newer call handling of RingEX. Every answer is judged by the vendor's contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx
import pytest

from pulumi_voice_routing.emulator import create_app
from tests.emulator.conftest import Api, api, client_of, contracts
from tests.ringex.test_emulator import code

__all__ = ["api", "contracts"]


@pytest.fixture
def loose() -> Iterator[Api]:
    """For requests and answers that vendors are seen with and the contract has not."""
    with client_of(create_app()) as client:
        yield Api(client)


Json = dict[str, Any]

USER = "/restapi/v2/accounts/~/extensions/100003"
CALLS = f"{USER}/comm-handling"
STATES, RULES = f"{CALLS}/states", f"{CALLS}/voice/state-rules"
INTERACTIONS, TARGETS = f"{CALLS}/voice/interaction-rules", f"{CALLS}/voice/forwarding-targets"
FLIPS = f"{USER}/call-flip-numbers"
OLD = "/restapi/v1.0/account/~/extension/100003"
NUMBER = "+13035550104"
"""The number of the moved extension."""
DEVICE = "700003"
OFFICE = {"triggerType": "Weekly", "ranges": {"monday": [{"startTime": "08:00:00", "endTime": "17:00:00"}]}}
ALWAYS = {"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}


def greeting(id_: str = "590080", **more: Any) -> Json:
    return {"effectiveGreetingType": "Preset", "preset": {"id": id_}, **more}


def rings(*targets: Json, **more: Any) -> Json:
    return {"type": "RingGroupAction", "enabled": True, "targets": list(targets), "duration": 20, **more}


MOBILE, DESKTOP = {"type": "AllMobileRingTarget"}, {"type": "AllDesktopRingTarget"}
DESK = {"type": "DeviceRingTarget", "device": {"id": DEVICE}}
VOICEMAIL = {"type": "VoiceMailTerminatingTarget", "prompt": {"greeting": greeting()}}
OUTSIDE = {"destination": {"phoneNumber": "+13035550177"}}
MODES = {"Ringing": "ringingTargetType", "Terminating": "terminatingTargetType"}


def ends(*targets: Json, **modes: str) -> Json:
    """The end of a dispatching; voicemail is in every menu, and acts where nothing else is said."""
    acting = dict.fromkeys(MODES.values(), VOICEMAIL["type"]) | modes
    return {"type": "TerminatingAction", "targets": [VOICEMAIL, *targets], **acting}


def dispatching(*actions: Json, type_: str = "RingInOrder", end: Json | None = None, **more: Any) -> Json:
    own = [rings(MOBILE), rings(DESKTOP), rings(DESK)]
    return {"type": type_, "actions": [*own, *actions, ends() if end is None else end], **more}


def rule(**changes: Any) -> Json:
    callers = [{"phoneNumber": "+13035550170", "name": "Main customer"}]
    conditions = [{"type": "Interaction", "from": callers, "to": []}]
    return {"displayName": "VIPs", "enabled": True, "conditions": conditions, "dispatching": dispatching()} | changes


def schedule(*triggers: Json) -> list[Json]:
    return [{"type": "Schedule", "schedule": {"triggers": list(triggers)}}]


def patch(api: Api, path: str, **body: Any) -> Any:
    return api.ok("PATCH", path, json=body)


def wrong(api: Api, method: str, path: str, body: Any) -> tuple[int, str, str | None]:
    return code(api.call(method, path, json=body))


def made(api: Api, **changes: Any) -> str:
    """A new interaction rule's path."""
    response = api.call("POST", INTERACTIONS, json=rule(**changes))
    assert response.status_code == 201, response.text
    return f"{INTERACTIONS}/{response.json()['id']}"


def groups(shown: Json) -> list[tuple[list[str], int, bool]]:
    """What rings: names, seconds, whether it is on."""
    return [
        ([one["name"] for one in action["targets"]], action["duration"], action["enabled"])
        for action in shown["dispatching"]["actions"]
        if action["type"] == "RingGroupAction"
    ]


def action(shown: Json, type_: str) -> Json:
    (found,) = (one for one in shown["dispatching"]["actions"] if one["type"] == type_)
    return dict(found)


class TestStates:
    def test_list_and_get(self, api: Api) -> None:
        listed = api.ok("GET", STATES)
        assert listed["paging"] == {
            "page": 1,
            "perPage": 100,
            "totalPages": 1,
            "totalElements": 5,
            "pageStart": 0,
            "pageEnd": 4,
        }
        by_id = {one["id"]: one for one in listed["records"]}
        assert {id_: one["enabled"] for id_, one in by_id.items()} == {
            "forward-all-calls": False,
            "dnd": False,
            "agent": True,
            "work-hours": True,
            "after-hours": True,
        }
        assert by_id["after-hours"]["conditions"] == []
        (reference,) = by_id["agent"]["conditions"]
        assert reference["state"]["conditions"] == by_id["work-hours"]["conditions"]
        assert api.ok("GET", f"{STATES}/dnd") == by_id["dnd"]
        assert [one["operation"] for one in api.journal()] == ["EV-01", "EV-02"]

    def test_pages(self, api: Api) -> None:
        page = api.ok("GET", STATES, params={"page": 2, "perPage": 2})
        assert (len(page["records"]), page["paging"]["totalPages"]) == (2, 3)
        assert code(api.call("GET", STATES, params={"page": 0})) == (400, "CMN-101", "page")

    def test_large_pages_are_cut(self, loose: Api) -> None:
        assert loose.ok("GET", STATES, params={"perPage": 5000})["paging"]["perPage"] == 1000

    def test_work_hours_around_the_clock_take_the_rule_of_after_hours_away(self, api: Api) -> None:
        patch(api, f"{RULES}/after-hours", dispatching=dispatching(type_="Terminate"))
        shown = patch(api, f"{STATES}/work-hours", conditions=schedule(ALWAYS))
        assert (shown["id"], shown["conditions"]) == ("work-hours", schedule(ALWAYS))
        assert code(api.call("GET", f"{RULES}/after-hours")) == (404, "CMN-102", "stateId")
        assert "after-hours" not in [one["id"] for one in api.ok("GET", STATES)["records"]]
        patch(api, f"{STATES}/work-hours", conditions=schedule(OFFICE))
        assert api.ok("GET", f"{RULES}/after-hours")["dispatching"]["type"] == "RingInOrder"

    def test_forward_all_calls(self, api: Api) -> None:
        ranges = [{"startDateTime": "2030-01-01T08:00:00", "endDateTime": "2030-01-02T08:00:00Z"}]
        given = schedule({"triggerType": "Range", "ranges": ranges})
        shown = patch(api, f"{STATES}/forward-all-calls", enabled=True, conditions=given)
        assert shown["enabled"] is True
        (kept,) = shown["conditions"][0]["schedule"]["triggers"][0]["ranges"]
        assert kept == {"startDateTime": "2030-01-01T08:00:00", "endDateTime": "2030-01-02T08:00:00"}
        assert patch(api, f"{STATES}/forward-all-calls", enabled=False)["conditions"] == shown["conditions"]

    def test_offsets_are_dropped_and_not_converted(self, loose: Api) -> None:
        ranges = [{"startDateTime": "2030-01-01T08:00:00.5+05:00", "endDateTime": "2030-01-02T08:00:00-05:00"}]
        shown = patch(
            loose, f"{STATES}/forward-all-calls", conditions=schedule({"triggerType": "Range", "ranges": ranges})
        )
        (kept,) = shown["conditions"][0]["schedule"]["triggers"][0]["ranges"]
        assert kept == {"startDateTime": "2030-01-01T08:00:00.5", "endDateTime": "2030-01-02T08:00:00"}

    def test_a_range_without_a_start_begins_now(self, api: Api) -> None:
        api.ok("POST", "/_emulator/clock", json={"now": "2029-05-01T10:00:00Z"})
        trigger = {"triggerType": "Range", "ranges": [{"endDateTime": "2030-01-01T00:00:00"}]}
        shown = patch(api, f"{STATES}/forward-all-calls", conditions=schedule(trigger))
        (kept,) = shown["conditions"][0]["schedule"]["triggers"][0]["ranges"]
        assert kept["startDateTime"].startswith("2029-05-01T10:00:")

    def test_dnd_and_presence_follow_one_another(self, api: Api) -> None:
        def presence() -> str:
            records = api.ok("GET", "/_emulator/state")["objects"]["RingExExtension"]
            return str(next(one["dndStatus"] for one in records if one["extensionId"] == "100003"))

        assert patch(api, f"{STATES}/dnd", enabled=True)["enabled"] is True
        assert presence() == "DoNotAcceptAnyCalls"
        sent = {"extensionId": "100003", "dndStatus": "TakeAllCalls"}
        assert api.ok("POST", "/_emulator/ringex/presence", json=sent) == sent
        assert api.ok("GET", f"{STATES}/dnd")["enabled"] is False
        patch(api, f"{STATES}/dnd", enabled=True)
        patch(api, f"{STATES}/dnd", enabled=False)
        assert presence() == "TakeAllCalls"

    def test_the_agent_has_hours_of_its_own_or_those_of_work(self, api: Api) -> None:
        assert patch(api, f"{STATES}/agent", conditions=schedule(OFFICE))["conditions"] == schedule(OFFICE)
        back = patch(api, f"{STATES}/agent", conditions=[{"type": "State", "state": {"id": "work-hours"}}])
        assert back["conditions"][0]["state"]["displayName"] == "Work Hours"

    def test_an_agent_is_in_a_queue(self, api: Api) -> None:
        api.ok("POST", "/_emulator/ringex/move", json={"extensionId": "100004"})
        path = "/restapi/v2/accounts/~/extensions/100004/comm-handling/states/agent"
        assert code(api.call("GET", path)) == (404, "CMN-102", "stateId")

    @pytest.mark.parametrize(
        ("state", "body", "where"),
        [
            ("work-hours", {"enabled": False}, "enabled"),
            ("work-hours", {"displayName": "x"}, "displayName"),
            ("work-hours", {"conditions": []}, "conditions"),
            ("work-hours", {"conditions": [*schedule(ALWAYS), *schedule(ALWAYS)]}, "conditions"),
            ("work-hours", {"conditions": [{"type": "Interaction"}]}, "conditions[0].type"),
            ("work-hours", {"conditions": schedule()}, "conditions[0].schedule.triggers"),
            ("work-hours", {"conditions": [{"type": "State", "state": {"id": "work-hours"}}]}, "conditions.type"),
            (
                "work-hours",
                {"conditions": schedule({"triggerType": "Range", "ranges": [{"endDateTime": "2030-01-01T00:00:00"}]})},
                "conditions.schedule.triggers.triggerType",
            ),
            (
                "work-hours",
                {"conditions": schedule(ALWAYS | {"startTime": "9:00:00"})},
                "conditions[0].schedule.triggers[0].startTime",
            ),
            ("work-hours", {"conditions": schedule(ALWAYS | {"endTime": "00:00:00"})}, "startTime"),
            ("forward-all-calls", {"conditions": schedule(OFFICE)}, "conditions.schedule.triggers.triggerType"),
            ("forward-all-calls", {"conditions": schedule(ALWAYS, ALWAYS)}, "conditions.schedule.triggers"),
            (
                "forward-all-calls",
                {
                    "conditions": schedule(
                        {
                            "triggerType": "Range",
                            "ranges": [{"startDateTime": "2030-01-02T00:00:00", "endDateTime": "2030-01-01T00:00:00"}],
                        }
                    )
                },
                "startDateTime",
            ),
            ("dnd", {"conditions": schedule(ALWAYS)}, "conditions"),
            ("agent", {"enabled": False}, "enabled"),
            ("agent", {"conditions": [{"type": "State", "state": {"id": "after-hours"}}]}, "conditions.type"),
        ],
    )
    def test_refuses(self, api: Api, state: str, body: Json, where: str) -> None:
        before = api.ok("GET", f"{STATES}/{state}")
        assert wrong(api, "PATCH", f"{STATES}/{state}", body) == (400, "CMN-101", where)
        assert api.ok("GET", f"{STATES}/{state}") == before

    @pytest.mark.parametrize("state", ["after-hours", "lunch"])
    def test_states_that_are_no_state_of_their_own(self, api: Api, state: str) -> None:
        assert code(api.call("GET", f"{STATES}/{state}")) == (404, "CMN-102", "stateId")
        assert wrong(api, "PATCH", f"{STATES}/{state}", {"enabled": True}) == (404, "CMN-102", "stateId")

    def test_seven_equal_days_may_come_back_as_one(self, api: Api) -> None:
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        window = {"startTime": "08:00:00", "endTime": "17:00:00"}
        weekly = {"triggerType": "Weekly", "ranges": {day: [window] for day in days}}
        assert patch(api, f"{STATES}/work-hours", conditions=schedule(weekly))["conditions"] == schedule(weekly)
        api.faults(switches={"daily_for_equal_days": True})
        shown = patch(api, f"{STATES}/work-hours", conditions=schedule(weekly))
        assert shown["conditions"] == schedule({"triggerType": "Daily", **window})


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


class TestInteractionRules:
    def test_life(self, api: Api) -> None:
        path = made(api)
        shown = api.ok("GET", path)
        assert shown["id"].isdigit()
        assert (shown["displayName"], shown["enabled"], shown["conditions"]) == ("VIPs", True, rule()["conditions"])
        assert groups(shown)[0] == (["My mobile apps"], 20, True)
        assert api.ok("GET", INTERACTIONS)["records"] == [shown]
        changed = patch(api, path, displayName="Best customers", enabled=False)
        assert changed == shown | {"displayName": "Best customers", "enabled": False}
        assert api.call("DELETE", path).status_code == 204
        for method in ("GET", "DELETE"):
            assert code(api.call(method, path)) == (404, "CMN-102", "ruleId")
        assert wrong(api, "PATCH", path, {"enabled": True}) == (404, "CMN-102", "ruleId")
        used = [one["operation"] for one in api.journal() if one["status"] < 300]
        assert used == ["EV-08", "EV-09", "EV-07", "EV-10", "EV-11"]

    def test_lists_choose(self, api: Api) -> None:
        numbers = rule()["conditions"]
        referring = made(api, conditions=[*numbers, {"type": "State", "state": {"id": "after-hours"}}])
        made(api, displayName="Off", enabled=False)

        def ids(**query: str) -> list[str]:
            return [one["displayName"] for one in api.ok("GET", INTERACTIONS, params=query)["records"]]

        assert ids() == ["VIPs", "Off"]
        assert ids(enabled="true") == ["VIPs"]
        assert ids(hasReference="true") == ["VIPs"]
        state = api.ok("GET", referring)["conditions"][1]["state"]
        assert (state["displayName"], state["enabled"]) == ("After Hours", True)

    def test_lists_may_leave_the_dispatching_out(self, loose: Api) -> None:
        made(loose)
        loose.faults(switches={"interaction_rules_by_reference": True})
        (listed,) = loose.ok("GET", INTERACTIONS)["records"]
        assert "dispatching" not in listed
        assert listed["dispatchingRef"] == {"ruleId": listed["id"]}

    def test_a_patch_may_not_be_applied(self, api: Api) -> None:
        path = made(api)
        api.faults(rules=[{"fault": "not_applied", "match": {"operation": "EV-10"}}])
        assert patch(api, path, enabled=False)["enabled"] is False
        assert api.ok("GET", path)["enabled"] is True

    def test_conditions(self, api: Api) -> None:
        window = {"startDateTime": "2030-01-01T00:00:00Z", "endDateTime": "2030-12-31T00:00:00", "triggers": [OFFICE]}
        conditions = [
            {"type": "Interaction", "from": [], "to": [NUMBER]},
            {"type": "Schedule", "schedule": window},
            {"type": "State", "state": {"id": "work-hours"}},
        ]
        shown = api.ok("GET", made(api, conditions=conditions))["conditions"]
        assert shown[1]["schedule"]["startDateTime"] == "2030-01-01T00:00:00"
        assert shown[2]["state"]["id"] == "work-hours"

    def test_queue_calls(self, api: Api) -> None:
        included = {"queueCallsIncluded": True}
        assert (
            api.ok("GET", made(api, dispatching=dispatching(callTypes=included)))["dispatching"]["callTypes"]
            == included
        )

    def test_names_may_be_there_twice(self, api: Api) -> None:
        assert made(api) != made(api)

    @pytest.mark.parametrize("name", ["displayName", "enabled", "conditions", "dispatching"])
    def test_create_needs(self, api: Api, name: str) -> None:
        body = {key: value for key, value in rule().items() if key != name}
        assert wrong(api, "POST", INTERACTIONS, body) == (400, "CMN-101", name)

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"displayName": " "}, (400, "CMN-101", "displayName")),
            ({"conditions": []}, (400, "CMN-101", "conditions")),
            ({"conditions": [{"type": "State", "state": {"id": "work-hours"}}]}, (400, "CMN-101", "conditions")),
            ({"conditions": [*rule()["conditions"], *rule()["conditions"]]}, (400, "CMN-101", "conditions")),
            ({"conditions": [{"type": "Interaction", "from": [], "to": []}]}, (400, "CMN-101", "conditions")),
            ({"conditions": [{"type": "Interaction", "from": []}]}, (400, "CMN-101", "conditions[0].to")),
            (
                {"conditions": [{"type": "Interaction", "from": [{"phoneNumber": "+13035550170"}], "to": []}]},
                (400, "CMN-101", "conditions.from.name"),
            ),
            (
                {"conditions": [{"type": "Interaction", "from": [{"phoneNumber": "30355", "name": "x"}], "to": []}]},
                (400, "CMN-101", "conditions[0].from[0].phoneNumber"),
            ),
            (
                {"conditions": [{"type": "Interaction", "from": [], "to": ["+13035550199"]}]},
                (400, "CMN-101", "conditions.to"),
            ),
            (
                {"conditions": [{"type": "Interaction", "from": [], "to": [{"phoneNumber": NUMBER}]}]},
                (400, "CMN-101", "conditions[0].to[0]"),
            ),
            ({"conditions": [{"type": "Schedule", "schedule": {}}]}, (400, "CMN-101", "schedule")),
            (
                {"conditions": [*rule()["conditions"], {"type": "State", "state": {"id": "dnd"}}]},
                (400, "CMN-101", "conditions[1].state.id"),
            ),
            ({"dispatching": {"type": "Terminate", "actions": [ends()]}}, (400, "CHF-211", "actions")),
            ({"dispatching": dispatching(type_="Custom")}, (400, "CMN-101", "type")),
            ({"id": "7"}, (400, "CMN-101", "id")),
        ],
    )
    def test_refuses(self, api: Api, changes: Json, error: tuple[int, str, str]) -> None:
        path = made(api)
        assert wrong(api, "POST", INTERACTIONS, rule(**changes)) == error
        assert wrong(api, "PATCH", path, changes) == error
        assert len(api.ok("GET", INTERACTIONS)["records"]) == 1


class TestForwardingTargets:
    APPS: ClassVar[Json] = {"type": "AllMobileRingTarget", "extension": {"id": "100004"}}
    PHONE: ClassVar[Json] = {"type": "PhoneNumberRingTarget", **OUTSIDE}

    def test_lists_what_rules_ring(self, api: Api) -> None:
        patch(api, f"{RULES}/work-hours", dispatching=dispatching(rings(self.PHONE | {"name": "Cell"}, self.APPS)))
        made(api, dispatching=dispatching(rings(self.PHONE)))
        records = api.ok("GET", TARGETS)["records"]
        types = [one["type"] for one in records]
        assert types == ["DeviceRingTarget", "PhoneNumberRingTarget", "CoworkerAppsRingTarget"]
        assert records[0]["device"]["phoneNumber"] == "+13035550113"
        others = api.ok("GET", TARGETS, params={"excludeOwnTargets": "true"})["records"]
        assert others == records[1:]
        assert code(api.call("GET", TARGETS, params={"excludeOwnTargets": "yes"}))[1] == "CMN-101"

    def test_removes_from_all_rules(self, api: Api) -> None:
        patch(api, f"{RULES}/work-hours", dispatching=dispatching(rings(self.PHONE), rings(self.APPS, self.PHONE)))
        path = made(api, dispatching=dispatching(rings(self.PHONE)))
        apps = {"type": "CoworkerAppsRingTarget", "extension": {"id": "100004"}}
        unknown = {"type": "CoworkerRingTarget", "extension": {"id": "100001"}}
        answer = api.ok("DELETE", TARGETS, json={"records": [self.PHONE, DESK, unknown]})["records"]
        assert [(one["bulkItemSuccessful"], one["bulkItem"]) for one in answer] == [
            (True, self.PHONE),
            (False, DESK),
            (False, unknown),
        ]
        assert [one["bulkItemErrors"][0]["errorCode"] for one in answer[1:]] == ["CMN-101", "CMN-102"]
        assert groups(api.ok("GET", f"{RULES}/work-hours"))[3:] == [(["Extension 100004 mobile apps"], 20, True)]
        assert len(groups(api.ok("GET", path))) == 3
        (last,) = api.ok("DELETE", TARGETS, json={"records": [apps]})["records"]
        assert last["bulkItemSuccessful"] is True
        assert len(groups(api.ok("GET", f"{RULES}/work-hours"))) == 3
        assert {one["operation"] for one in api.journal() if one["method"] == "DELETE"} == {"EV-13"}

    def test_refuses_what_is_no_target(self, api: Api) -> None:
        body = {"records": [MOBILE]}
        assert wrong(api, "DELETE", TARGETS, body) == (400, "CMN-101", "records[0].type")

    def test_who_rings_a_device(self, api: Api) -> None:
        api.ok("POST", "/_emulator/ringex/move", json={"extensionId": "100004"})
        other = "/restapi/v2/accounts/~/extensions/100004/comm-handling/voice/state-rules/work-hours"
        path = f"{TARGETS}/devices/{DEVICE}/extensions"
        assert api.ok("GET", path)["referencedExtensions"] == []
        borrowed = rings(DESK | {"extension": {"id": "100003"}})
        body = {"type": "RingInOrder", "actions": [rings(MOBILE), rings(DESKTOP), borrowed, ends()]}
        patch(api, other, dispatching=body)
        assert api.ok("GET", path)["referencedExtensions"] == [{"id": "100004"}]
        assert code(api.call("GET", f"{TARGETS}/devices/9/extensions")) == (404, "CMN-102", "deviceId")
        assert {one["operation"] for one in api.journal() if "devices" in one["path"]} == {"EV-14"}


class TestCallFlip:
    EXTERNAL: ClassVar[Json] = {"phoneNumber": "+13035550188", "type": "External", "label": "Home"}

    def test_the_list_is_replaced(self, api: Api) -> None:
        (system,) = api.ok("GET", FLIPS)["records"]
        assert (system["type"], system["phoneNumber"], system["flipNumber"]) == ("PhoneLine", "+13035550113", "1")
        sent = [system, self.EXTERNAL | {"flipNumber": "8"}, self.EXTERNAL | {"phoneNumber": "+13035550189"}]
        kept = api.ok("PUT", FLIPS, json={"records": sent})["records"]
        assert [(one["type"], one["flipNumber"]) for one in kept] == [
            ("PhoneLine", "1"),
            ("External", "8"),
            ("External", "2"),
        ]
        assert api.ok("GET", FLIPS)["records"] == kept
        changed = [system, kept[1] | {"label": "At home"}]
        assert api.ok("PUT", FLIPS, json={"records": changed})["records"] == changed
        assert {one["operation"] for one in api.journal()} == {"EV-15", "EV-16"}

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda system, new: [new], "records"),
            (lambda system, new: [system | {"label": "x"}, new], "records"),
            (lambda system, new: [system, *([new] * 10)], "records"),
            (lambda system, new: [system, new | {"flipNumber": "9"}], "records[1].flipNumber"),
            (lambda system, new: [system, new | {"flipNumber": "1"}], "records"),
            (lambda system, new: [system, new | {"type": "PhoneLine"}], "records.type"),
            (lambda system, new: [system, new | {"id": "7"}], "records.id"),
            (lambda system, new: [system, new | {"label": "x" * 61}], "records[1].label"),
            (lambda system, new: [system, new | {"phoneNumber": "3035550188"}], "records[1].phoneNumber"),
        ],
    )
    def test_refuses(self, api: Api, change: Any, where: str) -> None:
        before = api.ok("GET", FLIPS)
        body = {"records": change(before["records"][0], self.EXTERNAL)}
        assert wrong(api, "PUT", FLIPS, body) == (400, "CMN-101", where)
        assert api.ok("GET", FLIPS) == before


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


def test_all_calls_of_one_group_share_its_limit(api: Api) -> None:
    for _ in range(40):
        last = api.call("GET", f"{STATES}/dnd")
    assert (last.headers["x-rate-limit-group"], last.headers["x-rate-limit-remaining"]) == ("medium", "0")
    assert api.call("GET", RULES).status_code == 429
    assert api.call("GET", FLIPS).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/restapi/v2/accounts/~/extensions/999/comm-handling/states",
        "/restapi/v2/accounts/999/extensions/~/comm-handling/states",
    ],
)
def test_unknown_extensions(api: Api, path: str) -> None:
    assert code(api.call("GET", path))[:2] == (404, "CMN-102")
