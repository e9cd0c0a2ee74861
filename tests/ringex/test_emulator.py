"""The emulated RingEX: the vendor's quirks, limits and refusals. Every answer is judged by the vendor's contract."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Api, api, contracts

__all__ = ["api", "contracts"]

E = "/restapi/v1.0/account/~/extension/~"
REAL = "/restapi/v1.0/account/123456/extension/100001"
RULES, NUMBERS = f"{E}/answering-rule", f"{E}/forwarding-number"
RULE = {"type": "Custom", "name": "VIPs", "callers": [{"callerId": "+13035550170"}]}
NUMBER = {"phoneNumber": "+13035550160", "type": "Other", "label": "Shed"}


def code(response: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and parameter; the top level repeats the first error."""
    body = response.json()
    first = body["errors"][0]
    assert {name: body[name] for name in first} == first
    return response.status_code, first["errorCode"], first.get("parameterName")


def number(api: Api, **changes: Any) -> str:
    return str(api.ok("POST", NUMBERS, json=NUMBER | changes)["id"])


def steps(*ids: str, **more: Any) -> dict[str, Any]:
    return {"rules": [{"index": n, "forwardingNumbers": [{"id": id_}], **more} for n, id_ in enumerate(ids, 1)]}


class TestRules:
    def test_built_in_rules(self, api: Api) -> None:
        listed = api.ok("GET", RULES)
        assert [one["id"] for one in listed["records"]] == ["business-hours-rule", "after-hours-rule"]
        assert listed["uri"].endswith(f"{REAL}/answering-rule")
        assert "callHandlingAction" not in listed["records"][0]
        rule = api.ok("GET", f"{RULES}/business-hours-rule")
        assert rule["schedule"] == {"ref": "BusinessHours"}
        assert {one["type"] for one in rule["greetings"]} >= {"Voicemail", "Introductory"}

    def test_an_extension_that_is_always_open_has_no_after_hours_rule(self, api: Api) -> None:
        response = api.call("GET", "/restapi/v1.0/account/~/extension/100002/answering-rule/after-hours-rule")
        assert code(response) == (404, "CMN-102", "ruleId")

    def test_numbers_come_back_without_plus_and_in_another_order(self, api: Api) -> None:
        callers = [{"callerId": "+13035550179", "name": "Zoe"}, {"callerId": "+13035550170"}]
        called = [{"phoneNumber": "+13035550102"}, {"phoneNumber": "+13035550101"}]
        made = api.ok("POST", RULES, json=RULE | {"callers": callers, "calledNumbers": called})
        assert made["callers"] == [{"callerId": "13035550170"}, {"callerId": "13035550179", "name": "Zoe"}]
        assert [one["phoneNumber"] for one in made["calledNumbers"]] == ["13035550101", "13035550102"]
        assert made["id"].isdigit()

    def test_an_update_merges_by_key_and_blocks_one_level_down(self, api: Api) -> None:
        id_ = number(api)
        made = api.ok("POST", RULES, json=RULE | {"forwarding": steps(id_)})
        changed = api.ok("PUT", f"{RULES}/{made['id']}", json={"forwarding": {"ringingMode": "Simultaneously"}})
        assert changed["forwarding"]["ringingMode"] == "Simultaneously"
        (step,) = changed["forwarding"]["rules"]
        assert (step["ringCount"], step["forwardingNumbers"][0]["phoneNumber"]) == (4, "+13035550160")
        assert changed["callers"] == made["callers"]
        changed = api.ok("PUT", f"{RULES}/{made['id']}", json={"forwarding": {"rules": []}})
        assert changed["forwarding"]["rules"] == []

    def test_entries_that_are_switched_off_are_shown_on_demand(self, api: Api) -> None:
        made = api.ok("POST", RULES, json=RULE | {"forwarding": steps(number(api), enabled=False)})
        path = f"{RULES}/{made['id']}"
        assert api.ok("GET", path)["forwarding"]["rules"] == []
        (step,) = api.ok("GET", path, params={"showInactiveNumbers": "true"})["forwarding"]["rules"]
        assert step["enabled"] is False

    def test_deleting_a_number_drops_it_from_rules_without_a_word(self, api: Api) -> None:
        id_ = number(api)
        made = api.ok("POST", RULES, json=RULE | {"forwarding": steps(id_, "901")})
        assert api.call("DELETE", f"{NUMBERS}/{id_}").status_code == 204
        rules = api.ok("GET", f"{RULES}/{made['id']}")["forwarding"]["rules"]
        assert [step["forwardingNumbers"][0]["id"] for step in rules] == ["901"]

    @pytest.mark.parametrize(
        ("method", "path", "body", "expected"),
        [
            ("POST", RULES, {"type": "Custom", "name": "x"}, (400, "CMN-101", "callers")),
            ("POST", RULES, RULE | {"type": "BusinessHours"}, (400, "CMN-101", "type")),
            ("POST", RULES, RULE | {"forwarding": steps("1")}, (404, "CMN-102", "forwardingNumberId")),
            ("POST", RULES, RULE | {"forwarding": steps("902")}, (400, "CMN-101", "forwardingNumberId")),
            ("POST", RULES, RULE | {"forwarding": steps("901", "901", index=1)}, (400, "CMN-406", "index")),
            ("POST", RULES, RULE | {"forwarding": {"rules": [{"index": 1}]}}, (400, "CMN-101", None)),
            ("POST", RULES, RULE | {"calledNumbers": [{"phoneNumber": "+13035550199"}]}, (400, "CMN-101", None)),
            ("POST", RULES, RULE | {"colour": "red"}, (400, "CMN-101", "colour")),
            ("PUT", f"{RULES}/business-hours-rule", {"callers": []}, (400, "CMN-101", "callers")),
            ("PUT", f"{RULES}/business-hours-rule", {"id": "other"}, (400, "CMN-108", "id")),
            ("DELETE", f"{RULES}/business-hours-rule", None, (400, "CMN-101", "ruleId")),
            ("DELETE", f"{RULES}/1", None, (404, "CMN-102", "ruleId")),
            ("GET", "/restapi/v1.0/account/9/extension/~/answering-rule", None, (404, "CMN-102", "accountId")),
            ("GET", "/restapi/v1.0/account/~/extension/9/answering-rule", None, (404, "CMN-102", "extensionId")),
            ("GET", "/restapi/v1.0/account/~/extension/100003/answering-rule", None, (403, "CMN-468", None)),
        ],
    )
    def test_refuses(self, api: Api, method: str, path: str, body: Any, expected: tuple[int, str, str | None]) -> None:
        status, said, parameter = code(api.call(method, path, **({"json": body} if body is not None else {})))
        assert (status, said) == expected[:2]
        assert expected[2] in (None, parameter)


class TestNumbers:
    def test_what_the_server_makes_of_a_number(self, api: Api) -> None:
        made = api.ok("POST", NUMBERS, json={"phoneNumber": "+13035550160", "label": "Work"})
        assert (made["type"], made["label"], made["flipNumber"]) == ("Work", "Work", "3")
        assert made["uri"].endswith(f"{REAL}/forwarding-number/{made['id']}")
        changed = api.ok("PUT", f"{NUMBERS}/{made['id']}", json={"flipNumber": "9"})
        assert changed == made | {"flipNumber": "9"}
        assert api.call("DELETE", f"{NUMBERS}/{made['id']}").status_code == 204
        assert api.refused("GET", f"{NUMBERS}/{made['id']}") == 404

    def test_several_at_once(self, api: Api) -> None:
        ids = [number(api, phoneNumber=f"+1303555016{n}", label=f"Shed {n}") for n in range(2)]
        body = {"records": [{"forwardingNumberId": id_} for id_ in ids]}
        assert api.call("DELETE", NUMBERS, json=body).status_code == 204
        assert [one["id"] for one in api.ok("GET", NUMBERS)["records"]] == ["901", "902"]

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ({"type": "Other", "label": "x"}, (400, "FPN-111", "phoneNumber")),
            (NUMBER | {"label": " "}, (400, "FPN-116", "label")),
            (NUMBER | {"phoneNumber": "+13035550103"}, (400, "FPN-105", "phoneNumber")),
            (NUMBER | {"flipNumber": 1}, (400, "FPN-106", "flipNumber")),
            (NUMBER | {"device": {"id": "1"}}, (400, "FPN-109", "device")),
            ({"type": "PhoneLine", "device": {"id": "1"}}, (404, "FPN-113", "device")),
            (NUMBER | {"phoneNumber": "3035550160"}, (400, "CMN-101", "phoneNumber")),
        ],
    )
    def test_create_refuses(self, api: Api, body: Any, expected: tuple[int, str, str]) -> None:
        assert code(api.call("POST", NUMBERS, json=body)) == expected

    def test_limits(self, api: Api) -> None:
        for n in range(7):
            number(api, phoneNumber=f"+1303555016{n}", label=f"Shed {n}")
        assert code(api.call("POST", NUMBERS, json=NUMBER | {"label": "one more"}))[1] == "FPN-104"
        number(api, type="Home", phoneNumber="+13035550180")
        assert code(api.call("POST", NUMBERS, json=NUMBER | {"type": "Mobile"}))[1] == "FPN-103"

    def test_one_number_of_most_types(self, api: Api) -> None:
        number(api, type="Home")
        assert code(api.call("POST", NUMBERS, json=NUMBER | {"type": "Home"})) == (400, "FPN-119", "type")

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ({"type": "Home"}, "FPN-125"),
            ({"label": "Barn"}, "FPN-102"),
            ({"flipNumber": "1"}, "FPN-106"),
            ({"phoneNumber": "+13035550101"}, "FPN-105"),
        ],
    )
    def test_update_refuses(self, api: Api, body: Any, said: str) -> None:
        number(api, phoneNumber="+13035550161", label="Barn")
        assert code(api.call("PUT", f"{NUMBERS}/{number(api)}", json=body))[1] == said

    def test_the_label_of_other_types_is_fixed(self, api: Api) -> None:
        id_ = number(api, type="Home", label="Home")
        assert code(api.call("PUT", f"{NUMBERS}/{id_}", json={"label": "House"}))[1] == "FPN-122"

    @pytest.mark.parametrize("id_", ["901", "902"])
    def test_devices_cannot_be_deleted(self, api: Api, id_: str) -> None:
        assert code(api.call("DELETE", f"{NUMBERS}/{id_}"))[:2] == (403, "FPN-107")


class TestPages:
    def test_pages(self, api: Api) -> None:
        for n in range(5):
            api.ok("POST", RULES, json=RULE | {"name": f"Rule {n}"})
        first = api.ok("GET", RULES, params={"page": "1", "perPage": "3"})
        assert first["paging"] == {
            "page": 1, "perPage": 3, "totalPages": 3, "totalElements": 7, "pageStart": 0, "pageEnd": 2
        }  # fmt: skip
        assert set(first["navigation"]) == {"firstPage", "nextPage", "lastPage"}
        last = api.ok("GET", RULES, params={"page": "3", "perPage": "3"})
        assert (len(last["records"]), set(last["navigation"])) == (1, {"firstPage", "previousPage", "lastPage"})
        custom = api.ok("GET", RULES, params={"type": "Custom", "view": "Simple", "enabledOnly": "true"})
        assert len(custom["records"]) == 5

    def test_sizes(self, api: Api) -> None:
        assert api.ok("GET", RULES, params={"perPage": "5000"})["paging"]["perPage"] == 1000
        assert set(api.ok("GET", RULES, params={"perPage": "0"})) == {"uri", "records"}
        for size in ("-1", "many"):
            assert code(api.call("GET", RULES, params={"perPage": size})) == (400, "CMN-101", "perPage")


class TestRates:
    def test_groups_have_limits_of_their_own_and_calls_in_a_penalty_start_it_anew(self, api: Api) -> None:
        def read() -> httpx.Response:
            return api.call("GET", f"{RULES}/business-hours-rule")

        assert read().headers["x-rate-limit-group"] == "light"
        assert [read().status_code for _ in range(50)] == [200] * 49 + [429]
        assert api.call("GET", RULES).status_code == 200
        api.advance(50)
        late = read()
        assert (late.status_code, late.headers["retry-after"]) == (429, "60")
        api.advance(50)
        assert read().status_code == 429
        api.advance(61)
        assert read().status_code == 200


def test_features_tell_upgraded_extensions(api: Api) -> None:
    def answer(extension: str) -> Any:
        path = f"/restapi/v1.0/account/~/extension/{extension}/features"
        return api.ok("GET", path, params={"featureId": "NewCallHandlingAndForwarding"})["records"][0]["params"]

    assert answer("~") == [{"name": "isNewBackendAvailable", "value": "false"}]
    assert answer("100003") == [{"name": "isNewBackendAvailable", "value": "true"}]
