"""State documents: each kind of record is completed or refused when it is loaded, and every call can serve it then."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.emulator.routing import Operation
from pulumi_voice_routing.emulator.store import Kind
from tests.emulator.conftest import Api
from tests.recorded.recording import Recording, recordings

Json = dict[str, Any]

UUID = "0a1b2c3d-0000-4000-8000-000000000001"
CONFIG = json.dumps({"url": "https://crm.example.com/look-up"})

MOVED = {"extensionId": "100002", "newCallHandling": True, "inQueue": True, "devices": [{"id": "7"}]}
"""A second extension, for what only extensions with the newer call handling have."""
ALWAYS = {
    "type": "Schedule",
    "schedule": {"triggers": [{"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}]},
}
GREETING = {"effectiveGreetingType": "Preset", "preset": {"id": "590080"}}
TERMINATE = {
    "type": "Terminate",
    "actions": [
        {
            "type": "TerminatingAction",
            "targets": [{"type": "VoiceMailTerminatingTarget", "prompt": {"greeting": GREETING}}],
            "terminatingTargetType": "VoiceMailTerminatingTarget",
        }
    ],
}

SMALLEST: dict[str, Json] = {
    "Account": {"accountId": "123456", "accountName": "Example"},
    "CloudRouteGroup": {"cloudGroupId": 7, "accountId": "123456", "groupName": "Support"},
    "CloudRouteDestination": {
        "cloudDestinationId": 7,
        "cloudGroupId": 7,
        "destinationName": "Denver",
        "destinationType": "DID",
        "routeDestination": "13035550100",
    },
    "CloudRouteProfile": {
        "cloudProfileId": 7,
        "cloudGroupId": 7,
        "profileName": "Support",
        "routingType": "PERCENT_ALLOCATION",
        "percentAllocType": "DAILY",
    },
    "CloudRouteAssignedDestination": {
        "assignedDestinationId": 7,
        "cloudProfileId": 7,
        "cloudDestinationId": 7,
        "destinationType": "DID",
        "rank": 1,
        "allocationPercent": 100,
    },
    "CloudRouteDestinationOverride": {
        "destOverrideId": 7,
        "cloudDestinationId": 7,
        "dnis": "13035550101",
        "routeDestination": "13035550102",
    },
    "CloudRouteAssignedOverride": {
        "assignedOverrideId": 7,
        "assignedDestinationId": 7,
        "dnis": "13035550101",
        "routeDestination": "13035550102",
    },
    "CloudRouteDtmfEvent": {"cloudRouteDtmfId": 7, "cloudProfileId": 7, "dtmfCode": 1, "dtmfEventData": "7"},
    "StickyDestination": {"stickyId": 7, "cloudProfileId": 7, "cloudDestinationId": 7, "ani": "13035550103"},
    "GateSkinnyAssignable": {"gateId": 7, "accountId": "123456", "gateName": "Support"},
    "VisualIvrSkinny": {"visualIvrId": 7, "accountId": "123456", "visualIvrName": "Main menu"},
    "DnisPool": {"dnis": "13035550104", "reservedAccountId": "123456"},
    "AssignedDnis": {"dnis": "13035550104", "isActive": True, "tracId": 7},
    "TracGroup": {"tracGroupId": 7, "accountId": "123456", "groupName": "Campaigns"},
    "TracNumber": {"tracId": 7, "tracGroupId": 7, "dnis": "13035550104"},
    "TracRoutingRule": {"ruleId": 7, "tracId": 7, "ruleType": "STANDARD", "destination": "13035550105"},
    "TracScheduleOverride": {"scheduleOverrideId": 7, "tracId": 7, "overrideLabel": "Closed"},
    "RemoteHttpServiceGroup": {"serviceGroupId": 7, "accountId": "123456", "groupName": "CRM"},
    "RemoteHttpService": {
        "serviceId": 7,
        "serviceGroupId": 7,
        "serviceType": "HTTP",
        "serviceDescription": "Look-up",
        "httpServiceConfig": CONFIG,
    },
    "RemoteHttpServiceInput": {
        "inputId": 7,
        "serviceId": 7,
        "name": "phone",
        "type": "HTTP",
        "simpleDataType": "STRING",
    },
    "ExternalAuthConfig": {
        "authConfigId": UUID,
        "accountId": "123456",
        "authType": "BASIC",
        "providerName": "CRM",
        "username": "routing",
    },
    "RingExExtension": {"extensionId": "100001", "phoneNumbers": ["+13035550106"], "limitedHours": True},
    "RingExForwardingNumber": {"number": 7, "extensionId": "100001", "label": "Shed", "phoneNumber": "+13035550107"},
    "RingExAnsweringRule": {"number": 7, "extensionId": "100001", "callers": [{"callerId": "+13035550108"}]},
    "RingExGreeting": {"number": 7, "extensionId": "100001", "id": "7", "type": "Introductory"},
    "RingExState": {"number": 7, "extensionId": MOVED["extensionId"], "id": "agent", "conditions": [ALWAYS]},
    "RingExStateRule": {"number": 7, "extensionId": MOVED["extensionId"], "id": "dnd", "dispatching": TERMINATE},
    "RingExInteractionRule": {
        "number": 7,
        "extensionId": MOVED["extensionId"],
        "id": "7",
        "displayName": "VIPs",
        "enabled": True,
        "conditions": [{"type": "State", "state": {"id": "work-hours"}}],
        "dispatching": TERMINATE,
    },
    "RingExCallFlipNumber": {"number": 7, "extensionId": MOVED["extensionId"], "phoneNumber": "+13035550109"},
    "PortSipExtension": {"extension_number": "101"},
    "PortSipTrunk": {"id": "trunk", "name": "Main"},
    "PortSipRingGroup": {
        "number": 7,
        "name": "Support",
        "extension_number": "8000",
        "ring_strategy": "CYCLIC_HUNT",
        "members": [{"extension_number": "101"}],
    },
    "PortSipBlacklistedNumber": {"entry": 7, "number": "+13035550190"},
}
"""A record of each kind, with little that can be left out. Together they are a state."""

KINDS = {kind.name: kind for family in FAMILIES for kind in family.kinds}
OPTIONAL = {"phoneNumbers", "limitedHours", "callers", "members", "tracId"}
GIVEN = {("RingExGreeting", "id"), ("RingExInteractionRule", "id")}
"""Ids in the vendor's words that are given like those that are numbers."""
"""What a smallest record has beyond need, so that the others fit and calls show something."""
LINKS = {("TracNumber", "tracGroupId"), ("TracRoutingRule", "tracId"), ("TracScheduleOverride", "tracId")}


def document(**changes: Json) -> Json:
    """All smallest records, some of them changed."""
    objects = {name: [record | changes.get(name, {})] for name, record in SMALLEST.items()}
    objects["RingExExtension"].append(MOVED)
    return {"objects": objects}


def refusal(api: Api, state: Any) -> str:
    response = api.call("PUT", "/_emulator/state", json=state)
    assert response.status_code == 400, response.text
    error: str = response.json()["error"]
    assert "\n" not in error
    return error


def test_there_is_a_smallest_record_of_every_kind() -> None:
    assert SMALLEST.keys() == KINDS.keys()


READS = [operation for family in FAMILIES for operation in family.operations if operation.method == "GET"]
WORDS = {
    "accountId": "123456",
    "extensionId": "100001",
    "dnis": "13035550104",
    "ani": "13035550103",
    "authConfigId": UUID,
    "forwardingNumberId": "7",
    "agent_number": "101",
    "stateId": "work-hours",
}
QUERIES: dict[str, Json] = {"CRb-33": {"aniParams": "true"}, "HTb-13": {"oauthProvider": "x"}}


def path_of(api: Api, operation: Operation) -> str:
    def word(parameter: re.Match[str]) -> str:
        name = parameter[1]
        if name == "id":
            return str(api.ok("GET", operation.path.partition("/{id}")[0])["items"][0]["id"])
        if name == "ruleId" and operation.path.startswith("/restapi/v1.0"):
            return "business-hours-rule"
        if name == "extensionId" and operation.path.startswith("/restapi/v2"):
            return str(MOVED["extensionId"])
        if name == "greetingId" and "dictionary" in operation.path:
            return "590080"
        return WORDS.get(name, "7")

    return re.sub(r"\{(\w+)\}", word, operation.path)


@pytest.mark.parametrize("operation", READS, ids=lambda one: one.number)
@pytest.mark.parametrize("nulls", [False, True], ids=["left-out", "null"])
def test_every_read_serves_the_smallest_records(operation: Operation, nulls: bool, api: Api) -> None:
    state = document()
    if nulls:
        for name, (record, *_) in state["objects"].items():
            record |= {field.name: None for field in KINDS[name].fields if field.name not in record}
    api.ok("PUT", "/_emulator/state", json=state)
    response = api.call("GET", path_of(api, operation), params=QUERIES.get(operation.number))
    assert response.status_code == 200, response.text
    if nulls:  # No contract lets everything be null
        api.call("DELETE", "/_emulator/journal")


def test_searches_serve_the_smallest_records(api: Api) -> None:
    api.ok("PUT", "/_emulator/state", json=document())
    numbers = "/voice/api/v1/admin/utilities/tnManager"
    criteria = {"notes": "", "product": "TRAC_NUMBER", "objectId": 7}
    assert api.ok("POST", f"{numbers}/search", json=criteria)["totalElements"] == 1
    assert api.ok("POST", f"{numbers}/searchDnis", json={"searchText": "5550104"})["totalElements"] == 1
    assert api.call("POST", f"{numbers}/report", json={}).text.count("TRAC_NUMBER,7") == 1
    by_account = api.ok("POST", "/voice/api/v2/admin/utilities/tnManager/searchDnis", json={})
    assert by_account["entries"]["123456"]["name"] == "Example"


def test_what_is_filled_is_what_the_vendor_shows(api: Api) -> None:
    api.ok("PUT", "/_emulator/state", json=document())
    cloud = "/voice/api/v1/admin/accounts/123456/cloudRouteDestinationGroups/7/cloudRouteDestinations/7"
    destination = api.ok("GET", cloud)
    assert (destination["isActive"], destination["isDeleted"], destination["deleted"]) == (False, False, False)
    extension = "/restapi/v1.0/account/~/extension/~"
    rules = api.ok("GET", f"{extension}/answering-rule")["records"]
    assert [one["id"] for one in rules] == ["3000000007", "business-hours-rule", "after-hours-rule"]
    rule = api.ok("GET", f"{extension}/answering-rule/3000000007")
    assert (rule["name"], rule["enabled"], rule["callHandlingAction"]) == ("My Rule 7", True, "ForwardCalls")
    (number,) = api.ok("GET", f"{extension}/forwarding-number")["records"]
    assert (number["type"], number["flipNumber"], number["features"]) == ("Other", "1", ["CallFlip", "CallForwarding"])
    (group,) = api.ok("GET", "/api/ring_groups")["items"]
    assert api.ok("GET", f"/api/ring_groups/{group['id']}")["ring_time"] == 20
    (member,) = api.ok("GET", f"/api/ring_groups/{group['id']}/agents")["items"]
    assert (member["skill_level"], member["display_name"]) == (1, None)
    assert api.ok("GET", "/voice/api/v1/admin/accounts")[0]["mainAccountId"] == "123456"


def test_a_moved_extension_has_its_states_whatever_the_seed_leaves_out(api: Api) -> None:
    api.ok("PUT", "/_emulator/state", json=document())
    calls = "/restapi/v2/accounts/~/extensions/100002/comm-handling"
    states = {one["id"]: one for one in api.ok("GET", f"{calls}/states")["records"]}
    assert states.keys() == {"forward-all-calls", "dnd", "agent", "work-hours"}
    assert states["agent"]["conditions"] == [ALWAYS]
    rules = {one["id"]: one for one in api.ok("GET", f"{calls}/voice/state-rules")["records"]}
    assert rules.keys() == states.keys()
    assert len(rules["dnd"]["dispatching"]["actions"][0]["targets"]) == 1
    assert rules["agent"]["dispatchingRef"]["ruleId"] == "work-hours"


def test_what_was_loaded_is_loaded_again(api: Api) -> None:
    state = api.ok("PUT", "/_emulator/state", json=document())
    assert api.ok("PUT", "/_emulator/state", json=state) == state


@pytest.mark.parametrize("file", recordings(), ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_states_of_released_versions_are_loaded(file: Path, api: Api) -> None:
    recorded = Recording.load(file).emulator
    loaded = api.ok("PUT", "/_emulator/state", json=recorded)["objects"]
    for name, records in recorded["objects"].items():
        kept = {one[KINDS[name].id_field]: one for one in loaded[name]}
        for record in records:
            assert record.items() <= kept[record[KINDS[name].id_field]].items()


def test_an_id_that_is_left_out_is_given(api: Api) -> None:
    state = document()
    (override,) = state["objects"]["CloudRouteDestinationOverride"]
    more = {name: value for name, value in override.items() if name != "destOverrideId"} | {"dnis": "13035550109"}
    state["objects"]["CloudRouteDestinationOverride"] = [more, override]
    kept = api.ok("PUT", "/_emulator/state", json=state)["objects"]["CloudRouteDestinationOverride"]
    assert {one["dnis"]: one["destOverrideId"] for one in kept} == {"13035550101": 7, "13035550109": 1001}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_an_unknown_field_is_named(kind: Kind, api: Api) -> None:
    where = f"objects.{kind.name} {SMALLEST[kind.name][kind.id_field]}"
    assert refusal(api, document(**{kind.name: {"colour": "red"}})) == f"{where}: colour: unknown field"


NEEDED = [
    (name, field)
    for name, record in SMALLEST.items()
    for field in record
    if field not in OPTIONAL
    and (name, field) not in GIVEN
    and (field != KINDS[name].id_field or KINDS[name].id.type == "string")
] + sorted(LINKS)


@pytest.mark.parametrize(("name", "field"), NEEDED)
def test_a_field_that_cannot_be_known_is_named(name: str, field: str, api: Api) -> None:
    state = document()
    del state["objects"][name][0][field]
    told = refusal(api, state)
    id_field = KINDS[name].id_field
    where = f"objects.{name}[0]" if field == id_field else f"objects.{name} {SMALLEST[name][id_field]}"
    assert f"{where}: {field}: is required" in told


@pytest.mark.parametrize("name", KINDS)
def test_a_wrong_type_is_named(name: str, api: Api) -> None:
    for field in (one for one in KINDS[name].fields if one.name != KINDS[name].id_field):
        wrong: Any = [] if field.type != "array" else {}
        told = refusal(api, document(**{name: {field.name: wrong}}))
        assert f"objects.{name} {SMALLEST[name][KINDS[name].id_field]}: {field.name}: must be " in told


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"AssignedDnis": {"dnis": "13035550199"}}, "AssignedDnis 13035550199: dnis: is no DnisPool of this state"),
        ({"AssignedDnis": {"gateId": 7}}, "AssignedDnis 13035550104: tracId: one product answers a DNIS, and gateId"),
        ({"CloudRouteDestination": {"cloudGroupId": 8}}, "7: cloudGroupId: 8 is no CloudRouteGroup of this state"),
        ({"CloudRouteDestination": {"destinationType": "FAX"}}, "7: destinationType: must be one of STANDARD"),
        ({"CloudRouteAssignedDestination": {"allocationPercentHours": "1,2"}}, "7: allocationPercentHours: must match"),
        ({"RemoteHttpService": {"httpServiceConfig": "{"}}, "7: httpServiceConfig: must be JSON text"),
        ({"RemoteHttpService": {"serviceType": "SOAP"}}, "7: soapEndpoint: must be an http or https URL"),
        ({"ExternalAuthConfig": {"tokenUrl": "x"}}, f"{UUID}: tokenUrl: is no field of authType BASIC"),
        ({"ExternalAuthConfig": {"authConfigId": "7"}}, "ExternalAuthConfig 7: authConfigId: must match"),
        ({"TracRoutingRule": {"ruleType": "GATE_XFER"}}, "7: xferGateId: is required with ruleType GATE_XFER"),
        ({"RingExExtension": {"accountId": "1"}}, "RingExExtension 100001: accountId: must be one of 123456"),
        ({"RingExStateRule": {"dispatching": None}}, "RingExStateRule 7: dispatching: is required"),
        ({"RingExState": {"id": "after-hours"}}, "RingExState 7: id: must be one of forward-all-calls, dnd, agent, "),
        ({"RingExAnsweringRule": {"id": "business-hours-rule", "type": "Custom"}}, "7: id: is not that of a rule of"),
        (
            {"RingExAnsweringRule": {"forwarding": {"rules": [{"index": 1, "forwardingNumbers": [7]}]}}},
            "RingExAnsweringRule 7: forwarding.rules.forwardingNumbers: must be ids",
        ),
        ({"PortSipBlacklistedNumber": {"expire_at": "x"}}, "7: expire_at: must be a date and a time with its zone"),
        (
            {"PortSipRingGroup": {"members": [{"extension_number": "999"}]}},
            "7: items.extension_number: is no extension",
        ),
        (
            {"PortSipRingGroup": {"outbound_caller_ids": [{"provider_id": "x", "caller_id": "1"}]}},
            "7: outbound_caller_ids.provider_id: is no trunk",
        ),
    ],
)
def test_what_does_not_fit_together_is_named(changes: dict[str, Json], told: str, api: Api) -> None:
    assert told in refusal(api, document(**changes))


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"objects": {"Gadget": []}}, "objects.Gadget: unknown kind; must be one of Account, "),
        ({"objects": {"Account": {}}}, "objects.Account: must be an array"),
        ({"objects": {"Account": ["x"]}}, "objects.Account[0]: must be an object"),
        ({"objects": {}, "counters": {"Gadget": 7}}, "counters.Gadget: unknown kind"),
        ({"objects": {}, "counters": {"Account": True}}, "counters.Account: must be an integer"),
        ({"objects": {}, "counters": []}, "counters: must be an object"),
        ({"objects": {}, "object": {}}, "object: unknown member"),
        ({"objects": {"TracGroup": [{"tracGroupId": "7", "accountId": "1", "groupName": "x"}]}}, "must be a 32-bit"),
    ],
)
def test_what_is_no_state_is_named(state: Json, told: str, api: Api) -> None:
    assert told in refusal(api, state)


def test_many_problems_are_one_line(api: Api) -> None:
    told = refusal(api, {"objects": {f"Gadget{n}": [] for n in range(30)}})
    assert told.count("unknown kind") == 10
    assert told.endswith("; and 20 more problems")


def test_a_seed_in_the_form_that_the_vendor_shows(api: Api) -> None:
    """Rules of RingEX as their calls answer them: numbers as objects."""
    steps = [{"index": 1, "forwardingNumbers": [{"id": "7", "label": "Shed"}]}]
    api.ok("PUT", "/_emulator/state", json=document(RingExAnsweringRule={"forwarding": {"rules": steps}}))
    rule = api.ok("GET", "/restapi/v1.0/account/~/extension/~/answering-rule/3000000007")
    (step,) = rule["forwarding"]["rules"]
    assert [one["phoneNumber"] for one in step["forwardingNumbers"]] == ["+13035550107"]
    assert (step["ringCount"], rule["forwarding"]["ringingMode"]) == (4, "Sequentially")
