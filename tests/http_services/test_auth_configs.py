"""What is peculiar to auth configurations: rotation in place, ids that the caller chooses, and who still uses one."""

from __future__ import annotations

import pytest

from pulumi_voice_routing import ringcx
from tests.emulated import Emulated, operations
from tests.examples.http_services import auth_config
from tests.stacks import Program, Stack

WRITES = {"POST", "PATCH", "PUT", "DELETE"}


def keys(**first: str) -> Program:
    """Two keys, and a service that signs in with the first."""

    def program() -> None:
        one = ringcx.ApiKeyAuth("one", name="One", api_key=first.get("api_key", "first key"), **_without_key(first))
        ringcx.BasicAuth("two", name="Two", username="crm", password="second key")
        ringcx.HttpService(
            "crm", group_id="123456/1000", name="CRM", kind="HTTP", url="https://crm.example.com", auth_config_id=one
        )

    return program


def _without_key(args: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in args.items() if name != "api_key"}


def held(emulator: Emulated, name: str) -> dict[str, str]:
    (one,) = (one for one in emulator.records("ExternalAuthConfig") if one["providerName"] == name)
    return one


def test_a_rotation_is_one_patch_of_one_configuration(stack: Stack, emulator: Emulated) -> None:
    stack.up(keys(description="for the CRM"), quiet=False)
    one, two, service = held(emulator, "One"), held(emulator, "Two"), emulator.records("RemoteHttpService")

    with emulator.recording() as calls:
        run = stack.up(keys(description="for the CRM", api_key="another key"))

    assert run.changes == {"one": "update"}
    (patch,) = (call for call in calls if call["method"] in WRITES)
    assert patch["operation"] == "HTb-08"
    assert patch["request"] == {"providerName": "One", "apiKey": "***"}
    now = held(emulator, "One")
    assert now["updatedTime"] > one["updatedTime"]
    assert now == {**one, "apiKey": "another key", "updatedTime": now["updatedTime"]}
    assert held(emulator, "Two") == two
    assert emulator.records("RemoteHttpService") == service


def test_a_trigger_sends_the_same_secret_again(stack: Stack, emulator: Emulated) -> None:
    stack.up(keys(rotation_trigger="1"), quiet=False)
    emulator.change_record("ExternalAuthConfig", "providerName", "One", apiKey="changed by hand")

    run = stack.up(keys(rotation_trigger="2"))

    assert run.changes == {"one": "update"}
    assert held(emulator, "One")["apiKey"] == "first key"


def test_a_rotation_that_the_vendor_does_not_date_is_done_again(stack: Stack, emulator: Emulated) -> None:
    stack.up(keys(), quiet=False)
    # It says yes twice, and does nothing.
    emulator.faults({"match": {"operation": "HTb-08"}, "fault": "status", "code": 200, "body": {}, "times": 2})

    assert "update time" in stack.fails(keys(api_key="another key")).error

    assert held(emulator, "One")["apiKey"] == "first key"
    stack.up(keys(api_key="another key"))
    assert held(emulator, "One")["apiKey"] == "another key"


def test_a_clock_of_whole_seconds_is_waited_for(stack: Stack, emulator: Emulated) -> None:
    stack.up(keys(), quiet=False)
    emulator.faults({"match": {"operation": "HTb-08"}, "fault": "status", "code": 200, "body": {}})

    stack.up(keys(api_key="another key"))

    assert held(emulator, "One")["apiKey"] == "another key"


@pytest.mark.parametrize("fault", ["lost_answer", "truncate", "reset"])
def test_a_create_without_an_answer_is_found_by_its_id(fault: str, stack: Stack, emulator: Emulated) -> None:
    creates = ["HT-19", "HT-20", "HT-21", "HTb-06", "HTb-07"]
    emulator.faults(*({"match": {"operation": one}, "fault": fault} for one in creates))

    def program() -> None:
        ringcx.ApiKeyAuth("key", name="Key", api_key="secret")
        ringcx.BasicAuth("basic", name="Basic", username="crm", password="secret")
        ringcx.OAuthAuth(
            "oauth",
            name="OAuth",
            client_id="crm",
            secret="secret",
            token_url="https://crm.example.com",
            grant_type="CLIENT_CREDENTIALS",
        )
        ringcx.JwtAuth(
            "jwt", name="JWT", algorithm="HS256", payload="{}", add_token_to="REQUEST_HEADER", secret="secret"
        )
        ringcx.CustomAuth("custom", name="Custom", function_id="sign")

    with emulator.recording() as calls:
        stack.up(program)

    assert {call["operation"] for call in calls if call["fault"] == fault} == set(creates)
    names = [one["providerName"] for one in emulator.records("ExternalAuthConfig")]
    assert sorted(names) == ["Basic", "Custom", "JWT", "Key", "OAuth"]


def test_a_create_that_cannot_be_looked_up_is_found_by_the_next_run(stack: Stack, emulator: Emulated) -> None:
    emulator.faults(
        {"match": {"operation": "HT-19"}, "fault": "lost_answer"},
        {"match": {"operation": "HT-17"}, "fault": "status", "code": 500, "times": 20},
    )

    def program() -> None:
        ringcx.ApiKeyAuth("key", name="Key", api_key="secret")

    assert "HT-19" in stack.fails(program).error
    made = held(emulator, "Key")["authConfigId"]
    emulator.clear()

    stack.up(program)

    assert held(emulator, "Key")["authConfigId"] == made
    assert stack.state()["key"]["id"] == f"123456/{made}"


def test_a_twin_is_an_error_that_names_it(stack: Stack, emulator: Emulated) -> None:
    basic = {"providerName": "Key", "authType": "BASIC", "username": "u", "password": "p"}
    twin = auth_config(emulator, "basic", basic)

    def program(**more: bool) -> Program:
        return lambda: (ringcx.BasicAuth("key", name="Key", username="u", password="p", **more), None)[1]

    error = stack.fails(program()).error

    assert f"123456/{twin}" in error
    assert "adopt=True" in error
    assert len(emulator.records("ExternalAuthConfig")) == 1
    stack.up(program(adopt=True))
    assert len(emulator.records("ExternalAuthConfig")) == 1


def test_a_twin_of_another_kind_is_not_taken_over(stack: Stack, emulator: Emulated) -> None:
    auth_config(emulator, "basic", {"providerName": "Key", "authType": "BASIC", "username": "u", "password": "p"})

    error = stack.fails(lambda: (ringcx.ApiKeyAuth("key", name="Key", api_key="key", adopt=True), None)[1]).error

    assert "BASIC" in error
    assert [one["authType"] for one in emulator.records("ExternalAuthConfig")] == ["BASIC"]


def test_it_stays_while_an_active_service_signs_in_with_it(stack: Stack, emulator: Emulated) -> None:
    def program() -> None:
        ringcx.ApiKeyAuth("key", name="Key", api_key="secret")

    stack.up(program, quiet=False)
    auth = held(emulator, "Key")["authConfigId"]
    service = emulator.http_service("CRM", authConfigId=auth)
    switch = f"/httpServiceGroups/1000/httpServices/{service}/setIsActive"
    emulator.api("PUT", switch, {"isActive": True})

    with emulator.recording() as calls:
        error = stack.destroy_fails().error

    assert f"'CRM' ({service})" in error
    assert operations(calls, writes=True) == []

    emulator.api("PUT", switch, {"isActive": False})
    run = stack.destroy()

    assert any("'CRM'" in line for line in run.said)
    assert emulator.records("ExternalAuthConfig") == []


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (
            lambda: ringcx.OAuthAuth(
                "oauth",
                name="OAuth",
                client_id="crm",
                secret="secret",
                token_url="https://crm.example.com",
                grant_type="PASSWORD",
                username="crm",
            ),
            "PASSWORD needs password",
        ),
        (
            lambda: ringcx.JwtAuth("jwt", name="JWT", algorithm="HS256", payload="{}", add_token_to="REQUEST_HEADER"),
            "give secret or private_key",
        ),
        (
            lambda: ringcx.JwtAuth(
                "jwt", name="JWT", algorithm="HS256", payload="{}", add_token_to="QUERY_PARAM", secret="secret"
            ),
            "query_param_name",
        ),
    ],
)
def test_what_a_kind_needs_is_said_at_the_users_line(program: Program, said: str, stack: Stack) -> None:
    run = stack.preview_fails(lambda: (program(), None)[1])

    assert said in run.console
