"""The emulated PortSIP PBX: the vendor's quirks and refusals. Every answer is judged by the vendor's contract."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Api, api, contracts
from tests.examples.portsip import DOMAIN, TRUNK

__all__ = ["api", "contracts"]

GROUPS = "/api/ring_groups"
GROUP = {"name": "Support", "extension_number": "8000", "ring_strategy": "CYCLIC_HUNT"}
CREDENTIALS = {"username": "admin", "password": "a-password", "domain": DOMAIN}
FORM = {"grant_type": "password", "scope": "all", "client_id": "public", **CREDENTIALS}


def code(response: httpx.Response) -> tuple[int, str, str | None]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error.get("detail", {}).get("field")


def group(api: Api, **changes: Any) -> str:
    """A new group's path."""
    made = api.ok("POST", GROUPS, json=GROUP | changes)
    assert set(made) == {"id"}
    return f"{GROUPS}/{made['id']}"


def test_a_new_group(api: Api) -> None:
    shown = api.ok("GET", group(api))
    assert (shown["ring_time"], shown["enable_paid"], shown["no_answer_forward_rule"]) == (20, True, None)
    (listed,) = api.ok("GET", GROUPS)["items"]
    assert set(listed) == {"id", "name", "extension_number", "ring_time", "ring_strategy"}


def test_newer_servers(api: Api) -> None:
    api.faults(switches={"portsip_version": "22.2"})
    night = {"action": "HANGUP"}
    shown = api.ok("GET", group(api, night_mode_forward_rule=night))
    assert (shown["enable_paid"], shown["night_mode_forward_rule"]["action"]) == (False, "HANGUP")
    assert api.ok("GET", GROUPS)["items"] == [shown]


def test_an_update_answers_nothing_and_puts_back_what_is_left_out(api: Api) -> None:
    path = group(api, ring_time=40)
    response = api.call("POST", path, json={"name": "Help", "ring_strategy": "CYCLIC_HUNT"})
    assert (response.status_code, response.content) == (200, b"")
    shown = api.ok("GET", path)
    assert (shown["name"], shown["ring_time"], shown["extension_number"]) == ("Help", 20, "8000")


def test_members_are_replaced_in_order(api: Api) -> None:
    path = group(api)
    items = [{"extension_number": "103", "skill_level": 9}, {"extension_number": "101"}]
    assert api.call("POST", f"{path}/agents", json={"items": items}).content == b""
    shown = api.ok("GET", f"{path}/agents")["items"]
    assert [(one["extension_number"], one["skill_level"]) for one in shown] == [("103", 9), ("101", 1)]
    assert api.ok("GET", f"{path}/agents/103")["display_name"] == "Extension 103"
    assert api.refused("GET", f"{path}/agents/102") == 404
    assert [one["extension_number"] for one in api.ok("GET", "/api/user/ring_groups")["items"]] == ["8000"]


def test_destroy(api: Api) -> None:
    path = group(api)
    assert api.call("POST", f"{path}/destroy").status_code == 204
    again = api.call("POST", f"{path}/destroy")
    assert (again.status_code, again.content) == (400, b"")
    assert code(api.call("GET", path)) == (404, "UNKNOWN", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"ring_strategy": "RING_ALL"}, "ring_strategy"),
        ({"extension_number": "12"}, "extension_number"),
        ({"extension_number": "101"}, "extension_number"),
        ({"ring_time": -1}, "ring_time"),
        ({"members": []}, "members"),
        ({"night_mode_forward_rule": {"action": "HANGUP"}}, "night_mode_forward_rule"),
        ({"no_answer_forward_rule": {"action": "FORWARD_TO_NUMBER"}}, "no_answer_forward_rule.number"),
        ({"outbound_caller_ids": [{"provider_id": "x", "caller_id": "1"}]}, "outbound_caller_ids.provider_id"),
    ],
)
def test_create_refuses(api: Api, changes: dict[str, Any], field: str) -> None:
    assert code(api.call("POST", GROUPS, json=GROUP | changes)) == (400, "VALIDATE_FAILED", field)


@pytest.mark.parametrize("name", ["name", "extension_number", "ring_strategy"])
def test_create_needs(api: Api, name: str) -> None:
    body = {key: value for key, value in GROUP.items() if key != name}
    assert code(api.call("POST", GROUPS, json=body)) == (400, "VALIDATE_FAILED", name)


def test_the_number_is_fixed_and_taken_once(api: Api) -> None:
    path = group(api)
    assert code(api.call("POST", path, json=GROUP))[2] == "extension_number"
    assert code(api.call("POST", GROUPS, json=GROUP))[2] == "extension_number"


def test_twenty_groups(api: Api) -> None:
    for n in range(20):
        group(api, extension_number=f"8{n:03}")
    assert code(api.call("POST", GROUPS, json=GROUP | {"extension_number": "9000"}))[:2] == (400, "VALIDATE_FAILED")


@pytest.mark.parametrize("items", [["777"], ["101", "101"]])
def test_members_that_are_refused_change_nothing(api: Api, items: list[str]) -> None:
    path = group(api)
    body = {"items": [{"extension_number": one} for one in items]}
    assert code(api.call("POST", f"{path}/agents", json=body))[2] == "items.extension_number"
    assert api.ok("GET", f"{path}/agents")["items"] == []


def test_lists(api: Api) -> None:
    for n in range(3):
        group(api, extension_number=f"800{n}", name=f"Group {n}")
    page = api.ok("GET", GROUPS, params={"skip": 1, "top": 1})
    assert (page["count"], [one["extension_number"] for one in page["items"]]) == (3, ["8001"])
    found = api.ok("GET", GROUPS, params={"filter": "extension_number eq '8002'"})
    assert [one["name"] for one in found["items"]] == ["Group 2"]
    assert api.ok("GET", GROUPS, params={"search": "group 1"})["count"] == 1
    assert api.ok("GET", GROUPS, params={"orderby": "name desc"})["items"][0]["name"] == "Group 2"
    for wrong in ({"top": 0}, {"top": 101}, {"skip": -1}, {"filter": "name ne 'x'"}):
        assert code(api.call("GET", GROUPS, params=wrong))[1] == "VALIDATE_FAILED"
    assert next(one["id"] for one in api.ok("GET", "/api/providers")["items"]) == TRUNK
    assert api.ok("GET", "/api/users")["count"] == 8


class TestSignIn:
    def works(self, api: Api, answer: Any) -> bool:
        headers = {"Authorization": f"Bearer {answer['access_token']}"}
        return api.call("GET", GROUPS, headers=headers).status_code == 200

    def test_by_form(self, api: Api) -> None:
        answer = api.ok("POST", "/api/login/oauth/token", data=FORM)
        assert (answer["expires_in"], answer["token_type"]) == (1800, "Bearer")
        assert self.works(api, answer)
        form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"], "client_id": "public"}
        assert self.works(api, api.ok("POST", "/api/login/oauth/token", data=form))
        assert code(api.call("POST", "/api/login/oauth/token", data=form)) == (400, "UNKNOWN", None)

    def test_by_json(self, api: Api) -> None:
        answer = api.ok("POST", "/api/auth/sign_in", json=CREDENTIALS)
        assert self.works(api, answer)
        body = {"refresh_token": answer["refresh_token"]}
        assert self.works(api, api.ok("POST", "/api/auth/refresh_token", json=body))
        assert code(api.call("POST", "/api/auth/refresh_token", json=body)) == (400, "UNKNOWN", None)

    def test_a_second_factor(self, api: Api) -> None:
        answer = api.ok("POST", "/api/auth/sign_in", json=CREDENTIALS | {"username": "otp-admin"})
        assert set(answer) == {"two_factor_enabled", "token"}

    @pytest.mark.parametrize("changes", [{"username": "bad-x"}, {"password": "bad-x"}, {"domain": "x.example.com"}])
    def test_refuses(self, api: Api, changes: dict[str, str]) -> None:
        for answer in (
            api.call("POST", "/api/auth/sign_in", json=CREDENTIALS | changes),
            api.call("POST", "/api/login/oauth/token", data=FORM | changes),
        ):
            assert code(answer) == (400, "UNAUTHORIZED", None)

    def test_tokens_end(self, api: Api) -> None:
        api.faults(switches={"portsip_token_seconds": 60})
        answer = api.ok("POST", "/api/auth/sign_in", json=CREDENTIALS)
        assert answer["expires_in"] == 60
        api.advance(61)
        assert not self.works(api, answer)

    def test_no_token(self, api: Api) -> None:
        assert code(api.call("GET", GROUPS, headers={"Authorization": "Bearer nobody"})) == (401, "UNAUTHORIZED", None)
