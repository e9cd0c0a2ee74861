"""RingCX remote HTTP services and external auth configurations."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest

from tests.emulator.conftest import ACCOUNT, PROFILE, PROFILES, Api, id_of

GROUPS = f"{ACCOUNT}/httpServiceGroups"
SERVICES = f"{GROUPS}/1000/httpServices"
V2 = SERVICES.replace("/v1/", "/v2/")
AUTH = f"{ACCOUNT}/external/authConfigs"
ID = "11111111-2222-4333-8444-555555555555"
CONFIG = json.dumps({"url": "https://crm.example/lookup", "method": "POST"})
HTTP = {"serviceType": "HTTP", "serviceDescription": "Lookup", "httpServiceConfig": CONFIG}
SOAP = {"serviceType": "SOAP", "serviceDescription": "Old", "soapEndpoint": "https://crm.example/soap"}
INPUT = {"name": "phone", "type": "PARAMETER", "simpleDataType": "STRING"}


def service(api: Api, **changes: Any) -> str:
    return f"{SERVICES}/{api.ok('POST', SERVICES, json=HTTP | changes)['serviceId']}"


class TestGroups:
    def test_life(self, api: Api) -> None:
        group = f"{GROUPS}/{api.ok('POST', GROUPS, json={'groupName': 'CRM'})['serviceGroupId']}"
        assert api.ok("PUT", group, json={"groupName": "CRM 2", "isDefault": True}) == api.ok("GET", group)
        assert api.refused("DELETE", group) == 405
        assert [each["groupName"] for each in api.ok("GET", f"{GROUPS}?page=2&maxRows=1")] == ["CRM 2"]

    def test_with_services(self, api: Api) -> None:
        service(api)
        (group,) = api.ok("GET", f"{GROUPS}/withChildren")
        assert [each["serviceDescription"] for each in group["services"]] == ["Lookup"]


class TestServices:
    def test_life(self, api: Api) -> None:
        path = service(api, accountId="123456")
        made = api.ok("GET", path)
        assert (made["accountId"], made["isEnabled"], made["isDebug"]) == ("123456", False, False)
        assert made["httpServiceGroup"] == {"serviceGroupId": 1000, "groupName": "Default"}
        assert api.ok("PUT", f"{path}/setIsActive", json={"isActive": True}) is True
        changed = api.ok("PUT", path, json=HTTP | {"isDebug": True, "isEnabled": False})
        assert (changed["isDebug"], changed["isEnabled"]) == (True, True)
        assert api.ok("GET", f"{SERVICES}?page=1&maxRows=5") == [changed]
        assert api.refused("DELETE", path) == 405

    @pytest.mark.parametrize(
        ("body", "attribute"),
        [
            (HTTP | {"httpServiceConfig": {"url": "https://x.example"}}, "httpServiceConfig"),
            (HTTP | {"httpServiceConfig": "{"}, "httpServiceConfig"),
            (HTTP | {"httpServiceConfig": "[]"}, "httpServiceConfig"),
            (HTTP | {"httpServiceConfig": "{}"}, "httpServiceConfig.url"),
            (HTTP | {"httpServiceConfig": '{"url": "ftp://x"}'}, "httpServiceConfig.url"),
            (HTTP | {"httpServiceConfig": '{"url": "https://x", "method": "TRACE"}'}, "httpServiceConfig.method"),
            ({"serviceType": "HTTP", "serviceDescription": "x"}, "httpServiceConfig"),
            (SOAP | {"soapEndpoint": "x"}, "soapEndpoint"),
            (HTTP | {"serviceType": "REST"}, "serviceType"),
            (HTTP | {"accountId": "654321"}, "accountId"),
            (HTTP | {"returnType": "x"}, "returnType"),
        ],
    )
    def test_refuses(self, api: Api, body: dict[str, Any], attribute: str) -> None:
        assert api.invalid("POST", SERVICES, json=body) == {attribute}

    def test_type_is_fixed(self, api: Api) -> None:
        assert api.invalid("PUT", service(api), json=HTTP | {"serviceType": "HTTP_GET"}) == {"serviceType"}

    def test_name_is_unique_in_its_group(self, api: Api) -> None:
        path = service(api)
        other = service(api, serviceDescription="Other")
        assert api.refused("POST", SERVICES, json=HTTP) == 409
        assert api.refused("PUT", other, json=HTTP) == 409
        assert api.refused("POST", f"{path}/clone?newName=Other") == 409

    def test_the_password_is_never_answered_and_survives_a_put(self, api: Api) -> None:
        path = service(api, httpUsername="u", httpPassword="s3cret")
        assert "httpPassword" not in api.ok("PUT", path, json=HTTP)
        (stored,) = api.ok("GET", "/_emulator/state")["objects"]["RemoteHttpService"]
        assert stored["httpPassword"] == "s3cret"
        assert "s3cret" not in str(api.journal())

    def test_secrets_inside_the_config_are_masked(self, api: Api) -> None:
        config = json.dumps({"url": "https://x.example", "headers": {"Authorization": "s3cret"}})
        service(api, httpServiceConfig=config)
        assert "s3cret" not in str(api.journal())

    def test_auth_config_must_exist_when_it_is_set(self, api: Api) -> None:
        assert api.refused("POST", SERVICES, json=HTTP | {"authConfigId": ID}) == 404
        api.ok("POST", f"{AUTH}/{ID}/apiKey", json=BODIES["apiKey"])
        path = service(api, authConfigId=ID)
        assert api.call("DELETE", f"{AUTH}/{ID}").status_code == 204
        api.ok("PUT", path, json=HTTP | {"authConfigId": ID})

    def test_clone(self, api: Api) -> None:
        path = service(api, isEnabled=True)
        api.ok("POST", f"{path}/inputs", json=[INPUT])
        clone = api.ok("POST", f"{path}/clone?newName=Copy")
        assert (clone["serviceDescription"], clone["isEnabled"]) == ("Copy", True)
        assert len(api.ok("GET", f"{SERVICES}/{clone['serviceId']}/inputs")) == 1


class TestInputs:
    def test_life(self, api: Api) -> None:
        inputs = f"{service(api)}/inputs"
        first, second = api.ok("POST", inputs, json=[INPUT | {"rank": "0"}, INPUT | {"name": "zip", "value": "80202"}])
        assert (first["value"], first["rank"], second["value"]) == ("", "0", "80202")
        assert api.ok("GET", f"{inputs}/{first['inputId']}") == first
        assert api.ok("DELETE", f"{inputs}/{first['inputId']}") is True
        assert api.ok("GET", inputs) == [second]
        assert api.refused("PUT", f"{inputs}/{second['inputId']}", json=INPUT) == 405

    @pytest.mark.parametrize(
        ("body", "attribute"),
        [
            (INPUT, "body"),
            ([INPUT, {"name": "x", "type": "PARAMETER"}], "[1].simpleDataType"),
            ([INPUT, INPUT | {"rank": 0}], "[1].rank"),
            ([INPUT, INPUT | {"rank": "first"}], "[1].rank"),
        ],
    )
    def test_all_or_none(self, api: Api, body: Any, attribute: str) -> None:
        inputs = f"{service(api)}/inputs"
        assert api.invalid("POST", inputs, json=body) == {attribute}
        assert api.ok("GET", inputs) == []


class TestVersion2:
    BODY: ClassVar[dict[str, Any]] = {
        "serviceType": "HTTP",
        "serviceDescription": "Lookup",
        "endpoint": "https://crm.example/lookup",
        "httpServiceConfig": {"method": "POST", "headers": [{"name": "X-A", "value": "1"}]},
    }

    def test_is_the_other_face_of_a_service(self, api: Api) -> None:
        made = api.ok("POST", V2, json=self.BODY | {"returnType": "JSON"})
        assert (made["accountId"], made["endpoint"]) == (123456, "https://crm.example/lookup")
        v1 = api.ok("GET", f"{SERVICES}/{made['serviceId']}")
        assert json.loads(v1["httpServiceConfig"]) == self.BODY["httpServiceConfig"] | {"url": made["endpoint"]}
        assert (v1["returntype"], "soapEndpoint" in v1) == ("JSON", False)
        assert api.ok("GET", f"{V2}/{made['serviceId']}") == made == api.ok("GET", V2)[0]

    def test_soap(self, api: Api) -> None:
        endpoint = "https://crm.example/soap"
        body = {"serviceType": "SOAP", "serviceDescription": "Old", "endpoint": endpoint, "action": "a"}
        made = api.ok("POST", V2, json=body)
        v1 = api.ok("GET", f"{SERVICES}/{made['serviceId']}")
        assert (v1["soapEndpoint"], v1["soapAction"], made["endpoint"]) == (endpoint, "a", endpoint)

    def test_update(self, api: Api) -> None:
        one = f"{V2}/{api.ok('POST', V2, json=self.BODY)['serviceId']}"
        assert api.invalid("PUT", one, json={"serviceDescription": "New"}) == {"endpoint"}
        changed = api.ok("PUT", one, json={"serviceDescription": "New", "endpoint": "https://b.example"})
        assert (changed["serviceDescription"], changed["endpoint"]) == ("New", "https://b.example")
        api.faults(switches={"put": "merge"})
        merged = api.ok("PUT", one, json={"httpServiceConfig": {"method": "GET"}})
        assert (merged["endpoint"], merged["httpServiceConfig"]) == ("https://b.example", {"method": "GET"})

    def test_delete(self, api: Api) -> None:
        path = service(api)
        api.ok("POST", f"{path}/inputs", json=[INPUT])
        response = api.call("DELETE", path.replace("/v1/", "/v2/"))
        assert (response.status_code, response.content) == (200, b"")
        assert api.refused("GET", path) == 404

    def test_a_service_in_use_stays(self, api: Api) -> None:
        path = service(api)
        v2 = path.replace("/v1/", "/v2/")
        link = {"serviceId": id_of(path)}
        profile = api.ok("POST", PROFILES, json=PROFILE | {"callEndSoapService": link})["cloudProfileId"]
        assert api.refused("DELETE", v2) == 409
        api.ok("PUT", f"{PROFILES}/{profile}", json=PROFILE)
        dnis = {"dnis": "13035550001"}
        pool = "/voice/api/v1/admin/utilities/tnManager/dnisPool"
        api.ok("POST", pool, json=[dnis | {"reservedAccountId": "123456"}])
        numbers = f"{ACCOUNT}/tracGroups/1000/tracNumbers"
        number = api.ok("POST", numbers, json=dnis | {"postCallSoapService": link})["tracId"]
        assert api.refused("DELETE", v2) == 409
        api.ok("PUT", f"{numbers}/{number}", json={})
        state = api.ok("GET", "/_emulator/state")
        state["objects"]["RemoteHttpService"][0]["usedByIvr"] = True
        api.ok("PUT", "/_emulator/state", json=state)
        assert api.refused("DELETE", v2) == 409


BODIES: dict[str, dict[str, Any]] = {
    "apiKey": {"authType": "APIKEY", "providerName": "CRM", "apiKey": "s3cret"},
    "basic": {"authType": "BASIC", "providerName": "CRM", "username": "u", "password": "s3cret"},
    "oauth": {
        "authType": "OAUTH",
        "providerName": "CRM",
        "clientId": "c",
        "secret": "s3cret",
        "tokenUrl": "https://crm.example/token",
        "grantType": "CLIENT_CREDENTIALS",
        "assertion": "s3cret",
    },
    "jwt": {
        "authType": "JWT",
        "providerName": "CRM",
        "algorithm": "RS256",
        "payload": "{}",
        "addTokenTo": "REQUEST_HEADER",
        "privateKey": "s3cret",
    },
    "customAuth": {"authType": "CUSTOM_AUTH", "allowedBaseUrl": "https://crm.example"},
}
KINDS = pytest.mark.parametrize("kind", sorted(BODIES))


SECRETS = {"apiKey": "apiKey", "basic": "password", "oauth": "secret"}
"""The secret that each kind must have."""
OPTIONAL = {"assertion", "privateKey", "allowedBaseUrl"}


class TestAuthConfigs:
    @KINDS
    def test_life(self, api: Api, kind: str) -> None:
        made = api.ok("POST", f"{AUTH}/{ID}/{kind}", json=BODIES[kind])
        assert (made["authConfigId"], made["authType"]) == (ID, BODIES[kind]["authType"])
        api.advance(60)
        patched = api.ok("PATCH", f"{AUTH}/{ID}/{kind}", json=BODIES[kind] | {"description": "new"})
        assert patched["updatedTime"] > made["updatedTime"] == patched["createdTime"]
        assert patched == made | {"description": "new", "updatedTime": patched["updatedTime"]}
        unread = {SECRETS.get(kind), "allowedBaseUrl"}
        read = {name: value for name, value in patched.items() if name not in unread}
        assert api.ok("GET", f"{AUTH}/{ID}") == read
        assert api.ok("GET", AUTH) == {"records": [read]}
        response = api.call("DELETE", f"{AUTH}/{ID}")
        assert (response.status_code, response.content) == (204, b"")
        assert api.refused("GET", f"{AUTH}/{ID}") == 404

    @KINDS
    def test_patch_keeps_what_it_omits(self, api: Api, kind: str) -> None:
        api.ok("POST", f"{AUTH}/{ID}/{kind}", json=BODIES[kind] | {"description": "old"})
        required = {name: value for name, value in BODIES[kind].items() if name not in OPTIONAL | {"authType"}}
        assert api.ok("PATCH", f"{AUTH}/{ID}/{kind}", json=required)["description"] == "old"
        (stored,) = api.ok("GET", "/_emulator/state")["objects"]["ExternalAuthConfig"]
        assert BODIES[kind].items() <= stored.items()

    @KINDS
    def test_secrets_are_never_answered(self, api: Api, kind: str) -> None:
        made = api.call("POST", f"{AUTH}/{ID}/{kind}", json=BODIES[kind])
        patched = api.call("PATCH", f"{AUTH}/{ID}/{kind}", json=BODIES[kind])
        assert all("s3cret" not in answer.text for answer in (made, patched, api.call("GET", AUTH)))
        assert made.json().get(SECRETS.get(kind)) == ("***" if kind in SECRETS else None)
        assert "s3cret" not in str(api.journal())

    @pytest.mark.parametrize(
        ("kind", "missing"), [(kind, name) for kind, body in BODIES.items() for name in body if name not in OPTIONAL]
    )
    def test_needs(self, api: Api, kind: str, missing: str) -> None:
        body = {name: value for name, value in BODIES[kind].items() if name != missing}
        assert api.invalid("POST", f"{AUTH}/{ID}/{kind}", json=body) == {missing}
        if missing != "authType":
            api.ok("POST", f"{AUTH}/{ID}/{kind}", json=BODIES[kind])
            assert api.invalid("PATCH", f"{AUTH}/{ID}/{kind}", json=body) == {missing}

    def test_the_type_matches_the_path(self, api: Api) -> None:
        body = BODIES["basic"] | {"authType": "OAUTH"}
        assert api.invalid("POST", f"{AUTH}/{ID}/basic", json=body) == {"authType"}
        api.ok("POST", f"{AUTH}/{ID}/basic", json=BODIES["basic"])
        assert api.refused("PATCH", f"{AUTH}/{ID}/oauth", json=BODIES["oauth"]) == 404

    def test_ids(self, api: Api) -> None:
        api.ok("POST", f"{AUTH}/{ID}/basic", json=BODIES["basic"])
        assert api.refused("POST", f"{AUTH}/{ID}/apiKey", json=BODIES["apiKey"]) == 409
        assert api.invalid("POST", f"{AUTH}/my-key/apiKey", json=BODIES["apiKey"]) == {"authConfigId"}
        other = ID.replace("1", "a")
        assert api.refused("PATCH", f"{AUTH}/{other}/basic", json=BODIES["basic"]) == 404
        assert api.refused("GET", f"{AUTH.replace('123456', '654321')}/{ID}") == 403

    def test_pages(self, api: Api) -> None:
        for digit in "123":
            api.ok("POST", f"{AUTH}/{digit * 8}{ID[8:]}/basic", json=BODIES["basic"])
        page = api.ok("GET", f"{AUTH}?page=2&maxRows=2")["records"]
        assert [each["authConfigId"][0] for each in page] == ["3"]

    def test_oauth_info(self, api: Api) -> None:
        assert api.ok("GET", f"{AUTH}/oauth/info?oauthProvider=SFDC_WEBFLOW")["location"].startswith("https://")
        assert api.invalid("GET", f"{AUTH}/oauth/info") == {"oauthProvider"}
