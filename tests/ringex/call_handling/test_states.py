"""The emulated states of RingEX: when each rule counts."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    ALWAYS,
    OFFICE,
    RULES,
    STATES,
    Json,
    dispatching,
    patch,
    schedule,
    wrong,
)
from tests.ringex.test_emulator import code


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
