"""The emulated interaction rules of RingEX."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    INTERACTIONS,
    NUMBER,
    OFFICE,
    Json,
    dispatching,
    ends,
    groups,
    made,
    patch,
    rule,
    wrong,
)
from tests.ringex.test_emulator import code


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
