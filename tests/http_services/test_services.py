"""What is peculiar to HTTP services and their inputs."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.emulated import Emulated, operations
from tests.examples.http_services import auth_config, input_, inputs_path
from tests.stacks import Program, Stack, by_name

GROUP = "123456/1000"
PATH = "/httpServiceGroups/1000/httpServices"


def crm(**more: Any) -> ringcx.HttpService:
    """A service in the default group."""
    args: Any = {"group_id": GROUP, "name": "CRM", "kind": "HTTP", "url": "https://crm.example.com/callers", **more}
    return ringcx.HttpService("crm", **args)


def only(**more: Any) -> Program:
    return lambda: (crm(**more), None)[1]


def record(emulator: Emulated) -> Any:
    (one,) = emulator.records("RemoteHttpService")
    return one


def change(emulator: Emulated, **fields: Any) -> None:
    """Change the service in ways that no call can."""
    emulator.change_record("RemoteHttpService", "serviceDescription", "CRM", **fields)


def config(emulator: Emulated) -> Any:
    return json.loads(record(emulator)["httpServiceConfig"])


# The request


def test_spacing_order_and_what_the_vendor_adds_are_no_drift(stack: Stack, emulator: Emulated) -> None:
    program = only(
        method="POST", headers=[{"name": "b", "value": "1"}, {"name": "a", "value": "2"}], json_body='{"a":1,"b":2}'
    )
    stack.up(program)
    parts = config(emulator)
    parts["json_data"] = '{\n  "b": 2,\n  "a": 1\n}'
    parts["headers"] = [{"value": value, "name": name} for name, value in parts["headers"].items()]
    spaced = json.dumps(dict(reversed(parts.items())) | {"timeout": 30, "retries": None}, indent=4)
    change(emulator, httpServiceConfig=spaced, returntype="JSON")

    with emulator.recording() as calls:
        stack.up(program)

    assert operations(calls, writes=True) == []


FORMS: dict[str, Any] = {
    "a map": {"Accept": "text/plain", "X-Line": "1"},
    "a list": [{"name": "Accept", "value": "text/plain"}, {"name": "X-Line", "value": "1"}],
}


@pytest.mark.parametrize("form", FORMS)
def test_headers_are_written_by_name(stack: Stack, emulator: Emulated, form: str) -> None:
    stack.up(only(headers=FORMS[form]))
    assert config(emulator)["headers"] == FORMS["a map"]

    stack.up(only(headers=FORMS[form][1:] if isinstance(FORMS[form], list) else {"X-Line": "1"}))
    assert config(emulator)["headers"] == {"X-Line": "1"}


@pytest.mark.parametrize("form", FORMS)
def test_headers_that_somebody_changed_are_shown_as_the_program_gives_them(
    stack: Stack, emulator: Emulated, form: str
) -> None:
    stack.up(only(headers=FORMS[form]))
    change(emulator, httpServiceConfig=json.dumps({**config(emulator), "headers": {"Accept": "text/html"}}))

    seen = by_name(stack.refresh(), "crm")

    shown = {"Accept": "text/html"} if form == "a map" else [{"name": "Accept", "value": "text/html"}]
    assert seen.changed == {"headers": (FORMS[form], shown)}


def test_headers_that_a_map_cannot_hold_are_a_list(stack: Stack, emulator: Emulated) -> None:
    twice = [{"name": "Accept", "value": "text/plain"}, {"name": "Accept", "value": "text/html"}]
    stack.up(only(headers=twice))
    assert config(emulator)["headers"] == twice


def test_a_list_of_the_vendors_own_stays_one_until_it_changes(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(headers=FORMS["a map"]))
    change(emulator, httpServiceConfig=json.dumps({**config(emulator), "headers": FORMS["a list"]}))

    stack.up(only(headers=FORMS["a map"], method="PUT"))
    assert config(emulator)["headers"] == FORMS["a list"]


def test_a_change_keeps_what_the_program_does_not_declare(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(method="POST"), quiet=False)
    parts = {**config(emulator), "timeout": 30}
    change(emulator, httpServiceConfig=json.dumps(parts), returntype="JSON")

    stack.up(only(method="PUT"))

    assert config(emulator) == {"url": "https://crm.example.com/callers", "method": "PUT", "timeout": 30}
    assert record(emulator)["returntype"] == "JSON"


def test_a_change_leaves_the_switch_alone(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(), quiet=False)
    emulator.api("PUT", f"{PATH}/{record(emulator)['serviceId']}/setIsActive", {"isActive": True})
    emulator.faults({"match": {"operation": "HT-09"}, "fault": "flip_is_active"})

    stack.up(only(method="PUT"))

    assert record(emulator)["isEnabled"] is True


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"url": None}, "HTTP needs url"),
        ({"kind": "SOAP", "url": None}, "SOAP needs soap_endpoint"),
        ({"soap_action": "urn:a"}, "soap_action: is not for a service of kind HTTP"),
        ({"kind": "SOAP", "soap_endpoint": "https://a.example"}, "url: is not for a service of kind SOAP"),
        ({"url": "crm.example.com"}, "https://"),
        ({"method": "FETCH"}, "method"),
        ({"urll": "https://a.example"}, "did you mean url?"),
    ],
)
def test_a_wrong_request_is_said_at_the_users_line(args: Any, said: str, stack: Stack) -> None:
    assert said in stack.preview_fails(only(**args)).console


# Creation


@pytest.mark.parametrize("fault", ["lost_answer", "truncate", "reset", "created_201"])
def test_a_fault_in_the_first_call_of_every_write_leaves_no_trace(fault: str, stack: Stack, emulator: Emulated) -> None:
    writes = ["HT-02", "HT-07", "HT-10", "HT-13", *(["HT-11"] if fault != "created_201" else [])]
    emulator.faults(*({"match": {"operation": one}, "fault": fault} for one in writes))

    def program() -> None:
        group = ringcx.HttpServiceGroup("group", name="CRM")
        service = crm(group_id=group.id)
        inputs = ringcx.HttpServiceInputs("inputs", service=service, inputs=[{"name": "ani"}, {"name": "dnis"}])
        crm_copy = {"group_id": group.id, "name": "Copy", "kind": "HTTP", "url": "https://b.example.com"}
        copy = ringcx.HttpService("copy", clone_of=service, **crm_copy)  # type: ignore[arg-type]
        ringcx.Activation("live", targets=[service], opts=pulumi.ResourceOptions(depends_on=[inputs, copy]))

    with emulator.recording() as calls:
        stack.up(program, quiet=False)

    assert {call["operation"] for call in calls if call["fault"] == fault} == set(writes)
    assert sorted(one["groupName"] for one in emulator.records("RemoteHttpServiceGroup")) == ["CRM", "Default"]
    assert {one["serviceDescription"]: one["isEnabled"] for one in emulator.records("RemoteHttpService")} == {
        "CRM": True,
        "Copy": False,
    }
    stack.is_quiet(program)


def test_a_twin_is_an_error_that_names_it(stack: Stack, emulator: Emulated) -> None:
    twin = emulator.http_service("CRM")

    error = stack.fails(only()).error

    assert f"{GROUP}/{twin}" in error
    assert "adopt=True" in error
    assert len(emulator.records("RemoteHttpService")) == 1


def test_a_clone_starts_inactive_with_the_declared_fields_over_it(stack: Stack, emulator: Emulated) -> None:
    source = emulator.http_service("Source", returntype="XML")
    emulator.api("PUT", f"{PATH}/{source}/setIsActive", {"isActive": True})

    stack.up(only(clone_of=f"{GROUP}/{source}"))

    copy = next(one for one in emulator.records("RemoteHttpService") if one["serviceDescription"] == "CRM")
    assert copy["isEnabled"] is False
    assert copy["returntype"] == "XML"
    assert json.loads(copy["httpServiceConfig"])["url"] == "https://crm.example.com/callers"


# Inputs


def inputs(*names: str) -> Program:
    def program() -> None:
        ringcx.HttpServiceInputs("inputs", service=crm(), inputs=[{"name": name} for name in names])

    return program


def in_order(emulator: Emulated) -> list[str]:
    rows = emulator.records("RemoteHttpServiceInput")
    return [one["name"] for one in sorted(rows, key=lambda one: int(one["rank"]))]


def test_the_order_is_kept(stack: Stack, emulator: Emulated) -> None:
    names = [f"input-{number}" for number in range(12)]
    stack.up(inputs(*names))
    assert in_order(emulator) == names

    stack.up(inputs(*reversed(names)))
    assert in_order(emulator) == names[::-1]


def test_only_what_differs_is_made_anew(stack: Stack, emulator: Emulated) -> None:
    stack.up(inputs("ani", "dnis", "old"), quiet=False)
    before = {one["name"]: one["inputId"] for one in emulator.records("RemoteHttpServiceInput")}

    with emulator.recording() as calls:
        stack.up(inputs("ani", "dnis", "new"))

    assert operations(calls, writes=True) == ["HT-15", "HT-13"]
    after = {one["name"]: one["inputId"] for one in emulator.records("RemoteHttpServiceInput")}
    assert {name: after[name] for name in ("ani", "dnis")} == {name: before[name] for name in ("ani", "dnis")}
    assert in_order(emulator) == ["ani", "dnis", "new"]


def test_a_change_that_stops_half_way_is_finished_by_the_next_run(stack: Stack, emulator: Emulated) -> None:
    stack.up(inputs("ani", "dnis"), quiet=False)
    emulator.faults({"match": {"operation": "HT-13"}, "fault": "status", "code": 400})

    assert "HT-13" in stack.fails(inputs("ani", "language", "dnis")).error
    assert in_order(emulator) == ["ani"]

    stack.up(inputs("ani", "language", "dnis"))
    assert in_order(emulator) == ["ani", "language", "dnis"]


def test_inputs_that_are_there_already_are_an_error_that_names_them(stack: Stack, emulator: Emulated) -> None:
    service = f"{GROUP}/{emulator.http_service('CRM')}"
    input_(emulator, service, "ani", "", 0)

    error = stack.fails(
        lambda: (ringcx.HttpServiceInputs("inputs", service=service, inputs=[{"name": "dnis"}]), None)[1]
    ).error

    assert "ani" in error
    assert "adopt=True" in error
    assert [one["name"] for one in emulator.api("GET", inputs_path(service))] == ["ani"]


def test_an_active_service_keeps_its_inputs(stack: Stack, emulator: Emulated) -> None:
    stack.up(inputs("ani"), quiet=False)
    switch = f"{PATH}/{record(emulator)['serviceId']}/setIsActive"
    emulator.api("PUT", switch, {"isActive": True})

    assert "is active, so it keeps its inputs" in stack.fails(only()).error
    assert in_order(emulator) == ["ani"]

    emulator.api("PUT", switch, {"isActive": False})
    stack.up(only(), quiet=False)
    assert in_order(emulator) == []


# Activation


def test_a_service_without_the_inputs_it_declares_is_not_activated(stack: Stack, emulator: Emulated) -> None:
    def program(*names: str) -> Program:
        def declare() -> None:
            service = crm(enable_mappings=True)
            needs: list[pulumi.Resource] = []
            if names:
                needs.append(
                    ringcx.HttpServiceInputs("inputs", service=service, inputs=[{"name": one} for one in names])
                )
            ringcx.Activation("live", targets=[service], opts=pulumi.ResourceOptions(depends_on=needs))

        return declare

    assert "maps inputs, and has none" in stack.fails(program()).error
    assert record(emulator)["isEnabled"] is False

    stack.up(program("ani"))
    assert record(emulator)["isEnabled"] is True


def test_a_soap_service_needs_each_input_that_its_request_names(stack: Stack, emulator: Emulated) -> None:
    args = {"kind": "SOAP", "url": None, "soap_endpoint": "https://a.example.com", "soap_inputs": [{"name": "ani"}]}

    assert "no input 'ani'" in stack.fails(only(**args, active=True)).error

    input_(emulator, f"{GROUP}/{record(emulator)['serviceId']}", "ani", "", 0)
    stack.up(only(**args, active=True))
    assert record(emulator)["isEnabled"] is True


@pytest.mark.parametrize("url", ["http://localhost:8080/a", "https://10.0.0.7/a", "https://crm.internal"])
def test_an_address_out_of_reach_is_warned_of(url: str, stack: Stack, emulator: Emulated) -> None:
    run = stack.up(only(url=url, active=True), quiet=False)

    assert any("looks out of reach" in line for line in run.said)
    assert record(emulator)["isEnabled"] is True


def test_services_go_on_first_and_off_last(stack: Stack, emulator: Emulated) -> None:
    def program() -> None:
        service = crm()
        agents = ringcx.Destination("agents", group_id=GROUP, name="Agents", kind="DID", target="+13035551234")
        line = ringcx.Profile(
            "line", group_id=GROUP, name="Line", routing_type="ROUND_ROBIN", call_start_service=service
        )
        set_ = ringcx.ProfileDestinations("set", profile=line, destinations=[{"destination": agents}])
        ringcx.Activation("live", targets=[line, agents, service], opts=pulumi.ResourceOptions(depends_on=[set_]))

    with emulator.recording() as calls:
        stack.up(program)
    assert [one for one in operations(calls) if one in ("HT-11", "CR-08", "CR-13")] == ["HT-11", "CR-08", "CR-13"]

    with emulator.recording() as calls:
        stack.destroy()
    assert [one for one in operations(calls) if one in ("HT-11", "CR-08", "CR-13")] == ["CR-13", "CR-08", "HT-11"]


# What still calls a service


@pytest.mark.parametrize("field", ["callStartSoapService", "callConnSoapService", "callEndSoapService"])
def test_a_service_stays_on_while_an_active_profile_calls_it(field: str, stack: Stack, emulator: Emulated) -> None:
    stack.up(only(active=True), quiet=False)
    profile = emulator.profile(
        "Support", routingType="ROUND_ROBIN", **{field: {"serviceId": record(emulator)["serviceId"]}}
    )
    switch = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}/setIsActive"
    emulator.api("PUT", switch, {"isActive": True})

    with emulator.recording() as calls:
        assert f"profile 'Support' ({GROUP}/{profile})" in stack.fails(only(active=False)).error
        assert f"profile 'Support' ({GROUP}/{profile})" in stack.destroy_fails().error
    assert operations(calls, writes=True) == []

    emulator.api("PUT", switch, {"isActive": False})
    stack.destroy()
    assert record(emulator)["isEnabled"] is False


def test_a_service_stays_while_a_tracking_number_calls_it(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(active=True), quiet=False)
    state = emulator.state()
    number = {
        "tracId": 7,
        "tracGroupId": 1000,
        "dnis": "13035550101",
        "active": True,
        "postCallSoapService": {"serviceId": record(emulator)["serviceId"]},
    }
    state["objects"]["TracNumber"].append(number)
    emulator.put_state(state)

    assert "tracking number 13035550101 (7)" in stack.destroy_fails().error
    assert record(emulator)["isEnabled"] is True


def test_nothing_is_deleted_for_good_while_an_inactive_profile_names_it(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(on_delete="delete"), quiet=False)
    emulator.profile("Support", callEndSoapService={"serviceId": record(emulator)["serviceId"]})

    assert "profile 'Support'" in stack.destroy_fails().error
    assert len(emulator.records("RemoteHttpService")) == 1


def test_the_vendors_refusal_to_delete_is_final(stack: Stack, emulator: Emulated) -> None:
    stack.up(only(on_delete="delete"), quiet=False)
    change(emulator, usedByIvr=True)

    with emulator.recording() as calls:
        error = stack.destroy_fails().error

    assert "HTb-05" in error
    assert "409" in error
    assert operations(calls, writes=True) == ["HTb-05"]


# Look-ups

LOOK_UPS = """
import dataclasses
import pulumi
from pulumi_voice_routing import ringcx

SERVICE = "123456/1000/1001"
(group,) = ringcx.get_http_service_groups()
assert group == ringcx.get_http_service_group(name="Default") == ringcx.get_http_service_group(id="1000")
(service,) = ringcx.get_http_services()
assert service == ringcx.get_http_service("123456/1000", name="CRM") == ringcx.get_http_service(id=SERVICE)
inputs = ringcx.get_http_service_inputs(SERVICE)
ani = inputs[0]
assert ani == ringcx.get_http_service_input(SERVICE, id=ani.id) == ringcx.get_http_service_input(SERVICE, name="ani")
(auth,) = ringcx.get_auth_configs()
assert auth == ringcx.get_auth_config(name="Key") == ringcx.get_auth_config(id=auth.id)
for name, found in {"group": group, "service": service, "ani": ani, "dnis": inputs[1], "auth": auth}.items():
    pulumi.export(name, dataclasses.asdict(found))
"""
LOOKING_FOR_NOBODY = """
ringcx.get_auth_config(name="Nobody")
"""


def test_look_ups(stack: Stack, emulator: Emulated) -> None:
    auth = auth_config(emulator, "apiKey", {"providerName": "Key", "authType": "APIKEY", "apiKey": "canary-key"})
    service = f"{GROUP}/{emulator.http_service('CRM', authConfigId=auth)}"
    input_(emulator, service, "dnis", "none", 1)
    input_(emulator, service, "ani", "", 0)
    stack.write_program(LOOK_UPS)

    stack.cli("up", "--yes", "--skip-preview")

    found = json.loads(stack.cli("stack", "output", "--json"))
    assert found["group"] == {"id": GROUP, "name": "Default", "is_default": True, "permissions": []}
    assert found["service"] == {
        "id": service,
        "name": "CRM",
        "kind": "HTTP",
        "url": "https://crm.example.com/old",
        "active": False,
        "auth_config_id": f"123456/{auth}",
        "permissions": [],
    }
    assert {name: found["dnis"][name] for name in ("name", "value", "rank")} == {
        "name": "dnis",
        "value": "none",
        "rank": 1,
    }
    assert {name: found["auth"][name] for name in ("id", "name", "auth_type")} == {
        "id": f"123456/{auth}",
        "name": "Key",
        "auth_type": "APIKEY",
    }
    assert "canary" not in str(found)

    stack.write_program(LOOK_UPS + LOOKING_FOR_NOBODY)
    assert "no auth configuration has the name 'Nobody'. There are: 'Key'" in stack.start("preview").communicate()[0]
