"""RingCX tracking numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import ACCOUNT, Api

TN = "/voice/api/v1/admin/utilities/tnManager"
GROUP = f"{ACCOUNT}/tracGroups/1000"
NUMBERS = f"{GROUP}/tracNumbers"
ONE, TWO = "13035550001", "13035550002"


@pytest.fixture(autouse=True)
def pool(api: Api) -> None:
    api.ok("POST", f"{TN}/dnisPool", json=[{"dnis": dnis, "reservedAccountId": "123456"} for dnis in (ONE, TWO)])


def number(api: Api, dnis: str = ONE, **changes: Any) -> str:
    return f"{NUMBERS}/{api.ok('POST', NUMBERS, json={'dnis': dnis} | changes)['tracId']}"


class TestGroups:
    def test_are_adopted_not_made(self, api: Api) -> None:
        assert api.call("POST", f"{ACCOUNT}/tracGroups", json={"groupName": "x"}).status_code == 501
        assert api.ok("PUT", GROUP, json={"groupName": "Radio"}) == api.ok("GET", GROUP)
        assert api.invalid("PUT", GROUP, json={"groupName": "Radio", "isDefault": False}) == {"isDefault"}

    def test_with_numbers(self, api: Api) -> None:
        number(api)
        (group,) = api.ok("GET", f"{ACCOUNT}/tracGroups/withChildren?includePermissions=true")
        assert [each["dnis"] for each in group["tracNumbers"]] == [ONE]
        assert "READ" in group["permissions"]

    def test_removal(self, api: Api) -> None:
        assert api.refused("DELETE", GROUP) == 409
        state = api.ok("GET", "/_emulator/state")
        group = {"accountId": "123456", "tracGroupId": 1001, "groupName": "Other", "isDefault": False}
        state["objects"]["TracGroup"].append(group)
        api.ok("PUT", "/_emulator/state", json=state)
        other = f"{ACCOUNT}/tracGroups/1001"
        api.ok("POST", f"{other}/tracNumbers", json={"dnis": ONE})
        assert api.refused("DELETE", other) == 409
        state["objects"]["TracNumber"] = []
        api.ok("PUT", "/_emulator/state", json=state)
        assert api.ok("DELETE", other) is True


class TestNumbers:
    def test_owns_its_dnis(self, api: Api) -> None:
        made = api.ok("GET", number(api, dnisDescription="Radio"))
        assert (made["tracGroupId"], made["dnis"], made["active"], made["accountId"]) == (1000, ONE, True, "123456")
        owner = api.ok("GET", f"{TN}/assignedDnis/{ONE}")
        assert (owner["tracNumber"]["tracId"], owner["dnisDescription"]) == (made["tracId"], "Radio")
        assert api.ok("GET", NUMBERS) == [made]
        assert api.refused("PUT", f"{TN}/assignedDnis/gates/1000", json=[{"dnis": ONE, "isActive": True}]) == 409

    def test_update_reaches_the_assignment(self, api: Api) -> None:
        path = number(api, dnisDescription="Radio")
        changed = api.ok("PUT", path, json={"dnis": ONE, "active": False})
        owner = api.ok("GET", f"{TN}/assignedDnis/{ONE}")
        assert (changed["active"], owner["isActive"], "dnisDescription" in owner) == (False, False, False)

    def test_update_leaves_an_assignment_that_is_gone(self, api: Api) -> None:
        path = number(api)
        api.ok("DELETE", f"{TN}/assignedDnis/{ONE}")
        api.ok("PUT", f"{TN}/assignedDnis/gates/1000", json=[{"dnis": ONE, "isActive": True}])
        api.ok("PUT", path, json={"active": False})
        assert api.ok("GET", f"{TN}/assignedDnis/{ONE}")["isActive"] is True

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({}, 400),
            ({"dnis": "+" + ONE}, 400),
            ({"dnis": ONE, "openType": "ALWAYS"}, 400),
            ({"dnis": ONE, "recordCall": True}, 400),
            ({"dnis": "13035559999"}, 404),
            ({"dnis": TWO}, 409),
        ],
    )
    def test_refuses(self, api: Api, body: dict[str, Any], status: int) -> None:
        number(api, TWO)
        assert api.refused("POST", NUMBERS, json=body) == status

    def test_keeps_its_dnis_and_cannot_be_deleted(self, api: Api) -> None:
        path = number(api)
        assert api.invalid("PUT", path, json={"dnis": TWO}) == {"dnis"}
        assert api.refused("DELETE", path) == 405


class TestRoutingRules:
    def test_life(self, api: Api) -> None:
        rules = f"{number(api)}/routingRules"
        rule = f"{rules}/{api.ok('POST', rules, json={'ruleType': 'STANDARD', 'destination': '1'})['ruleId']}"
        assert api.ok("PUT", rule, json={"ruleType": "GATE_XFER", "xferGateId": 1000})["xferGateId"] == 1000
        assert api.ok("GET", rules) == [api.ok("GET", rule)]
        assert api.ok("DELETE", rule) is True
        assert api.refused("GET", rule) == 404

    @pytest.mark.parametrize(
        ("rule_type", "needed"),
        [("STANDARD", "destination"), ("GATE_XFER", "xferGateId"), ("TRAC_XFER", "xferTracId")],
    )
    def test_needs_its_target(self, api: Api, rule_type: str, needed: str) -> None:
        assert api.invalid("POST", f"{number(api)}/routingRules", json={"ruleType": rule_type}) == {needed}


def test_schedule_overrides(api: Api) -> None:
    overrides = f"{number(api)}/scheduleOverrides"
    made = api.ok("POST", overrides, json={"overrideLabel": "Holiday"})
    one = f"{overrides}/{made['scheduleOverrideId']}"
    assert api.ok("PUT", one, json={"overrideLabel": "Holiday", "overrideSched": "x"})["overrideSched"] == "x"
    assert api.ok("GET", overrides) == [api.ok("GET", one)]
    assert api.ok("DELETE", one) is True
    assert api.invalid("POST", overrides, json={}) == {"overrideLabel"}
