"""The examples of HTTP services and auth configurations."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar

from tests.emulated import Emulated, Json
from tests.examples import Example, Instance, Values, number, ref

GROUP = "1000"


def group(portal: Emulated, name: str) -> str:
    """A new group of services, by number."""
    return str(portal.api("POST", "/httpServiceGroups", {"groupName": name})["serviceGroupId"])


def inputs_path(id_: str) -> str:
    """Where the inputs of a service are, by its id."""
    _, in_group, one = id_.split("/")
    return f"/httpServiceGroups/{in_group}/httpServices/{one}/inputs"


def input_(portal: Emulated, id_: str, name: str, value: str, rank: int) -> None:
    """A new input of a service."""
    body = {"name": name, "type": "PARAMETER", "simpleDataType": "STRING", "value": value, "rank": str(rank)}
    portal.api("POST", inputs_path(id_), [body])


def auth_config(portal: Emulated, kind: str, body: Json) -> str:
    """A new auth configuration, by number."""
    id_ = str(uuid.uuid4())
    portal.api("POST", f"/external/authConfigs/{id_}/{kind}", body)
    return id_


def _forget(portal: Emulated, kind: str, id_field: str, id_: str) -> None:
    """Take a record away that no call can delete."""
    state = portal.state()
    state["objects"][kind] = [one for one in state["objects"][kind] if str(one[id_field]) != id_]
    portal.put_state(state)


class HttpServiceGroupExample(Example):
    token = "ringcx:HttpServiceGroup"
    kind, id_field, key = "RemoteHttpServiceGroup", "serviceGroupId", ("accountId", "groupName")
    creates = "HT-02"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        return {
            "made": Instance({"name": "CRM"}, {"name": "CRM and billing", "is_default": True}),
            "adopted": Instance(
                {"name": "Surveys", "adopt": True}, {"name": "All surveys"}, existing=ref(group(portal, "Surveys"))
            ),
            "named": Instance(
                {"name": "Weather", "adopt_id": (id_ := ref(group(portal, "Wether")))},
                {"name": "Weather and roads"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {"name": "groupName", "is_default": "isDefault"}
        return {wire: args[name] for name, wire in names.items() if name in args}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        """A group takes no calls, and the vendor knows no end of one."""
        one = portal.record("RemoteHttpServiceGroup", "serviceGroupId", number(id_))
        return one and {**one, "isActive": False}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        portal.api("PUT", f"/httpServiceGroups/{number(id_)}", {"groupName": "By hand", "isDefault": True})
        return {"name": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        _forget(portal, "RemoteHttpServiceGroup", "serviceGroupId", number(id_))


class HttpServiceExample(Example):
    token = "ringcx:HttpService"
    kind, id_field, key = "RemoteHttpService", "serviceId", ("serviceGroupId", "serviceDescription")
    creates = "HT-07"

    CONFIG: ClassVar[dict[str, str]] = {
        "url": "url",
        "method": "method",
        "content_type": "content_type",
        "headers": "headers",
        "query_params": "query_params",
        "form_data": "form_data",
        "json_body": "json_data",
        "text_body": "text_data",
        "xml_body": "xml_data",
        "soap_inputs": "soap_inputs",
    }
    PLAIN: ClassVar[dict[str, str]] = {
        "name": "serviceDescription",
        "kind": "serviceType",
        "active": "isEnabled",
        "soap_endpoint": "soapEndpoint",
        "soap_action": "soapAction",
        "soap_operation_name": "soapOperationname",
        "soap_port_name": "soapPortname",
        "soap_service_name": "soapServicename",
        "target_namespace": "targetNamespace",
        "return_type": "returntype",
        "enable_mappings": "enableMappings",
        "debug": "isDebug",
        "send_all_survey_data": "sendAllSurveyData",
        "http_username": "httpUsername",
        "http_password": "httpPassword",
    }

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        plain = {"group_id": ref(GROUP), "name": "CRM", "kind": "HTTP", "url": "https://crm.example.com/callers"}
        auth = auth_config(
            portal, "basic", {"providerName": "CRM", "authType": "BASIC", "username": "u", "password": "p"}
        )
        row = [{"name": "second", "value": "2"}, {"name": "first", "value": "1"}]
        everything: Values = {
            "name": "CRM look-up",
            "active": True,
            "auth_config_id": ref(auth),
            "url": "https://crm.example.com/v2/callers",
            "method": "POST",
            "content_type": "application/json",
            "headers": row,
            "query_params": row[:1],
            "form_data": row[1:],
            "json_body": '{"a": 1, "b": [2]}',
            "text_body": "text",
            "xml_body": "<a/>",
            "return_type": "JSON",
            "debug": True,
            "send_all_survey_data": True,
            "http_username": "crm",
            "http_password": "not-shown-anywhere",
            "on_delete": "delete",
        }
        soap = {"group_id": ref(GROUP), "name": "SOAP", "kind": "SOAP", "soap_endpoint": "https://soap.example.com/a"}
        soap_changes: Values = {
            **{name: f"new {name}" for name in ("soap_action", "soap_operation_name", "soap_port_name")},
            "soap_service_name": "Callers",
            "target_namespace": "urn:callers",
            "enable_mappings": True,
            "soap_endpoint": "https://soap.example.com/b",
            "soap_inputs": row,
        }
        named = ref(GROUP, portal.http_service("Billng"))
        elsewhere = {"group_id": ref(group(portal, "Elsewhere")), "kind": "HTTP_POST"}
        return {
            "made": Instance(plain, everything, elsewhere),
            "soap": Instance(soap, soap_changes),
            "adopted": Instance(
                {**plain, "name": "Surveys", "adopt": True},
                {"return_type": "XML", "headers": {"Accept": "application/xml"}},
                existing=ref(GROUP, portal.http_service("Surveys")),
            ),
            "named": Instance({**plain, "name": "Billing", "adopt_id": named}, {"debug": True}, existing=named),
        }

    def wire(self, args: Values) -> Json:
        body: Json = {wire: args[name] for name, wire in self.PLAIN.items() if name in args}
        config = {wire: args[name] for name, wire in self.CONFIG.items() if name in args}
        if isinstance(config.get("headers"), list):
            config["headers"] = {row["name"]: row["value"] for row in config["headers"]}
        if "auth_config_id" in args:
            body["authConfigId"] = number(args["auth_config_id"])
        return {**body, "serviceGroupId": int(number(args["group_id"])), "httpServiceConfig": config}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        one = portal.record("RemoteHttpService", "serviceId", number(id_))
        config = json.loads((one or {}).get("httpServiceConfig", "{}"))
        return one and {**one, "httpServiceConfig": config, "isActive": one["isEnabled"]}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"/httpServiceGroups/{GROUP}/httpServices/{number(id_)}"
        live = portal.api("GET", path)
        config = {**json.loads(live["httpServiceConfig"]), "url": "https://wrong.example.com", "unknown": ["kept"]}
        portal.api("PUT", path, {**live, "httpServiceConfig": json.dumps(config), "isDebug": False})
        portal.api("PUT", f"{path}/setIsActive", {"isActive": False})
        return {"url": "https://wrong.example.com", "debug": False, "active": False}

    def remove(self, portal: Emulated, id_: str) -> None:
        _forget(portal, "RemoteHttpService", "serviceId", number(id_))


class HttpServiceInputsExample(Example):
    token = "ringcx:HttpServiceInputs"
    kind, id_field, key = "RemoteHttpServiceInput", "inputId", ("serviceId", "name")

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        made, taken, elsewhere = (ref(GROUP, portal.http_service(name)) for name in ("CRM", "Surveys", "Elsewhere"))
        input_(portal, taken, "ani", "", 0)
        input_(portal, taken, "old", "x", 1)
        items = [{"name": "ani"}, {"name": "dnis", "value": "none"}]
        other = [
            {"name": "language", "kind": "HEADER", "data_type": "INTEGER", "value": "1"},
            {"name": "dnis", "value": "none"},
            {"name": "ani"},
        ]
        return {
            "made": Instance({"service": made, "inputs": items}, {"inputs": other}, {"service": elsewhere}),
            "adopted": Instance(
                {"service": taken, "inputs": items, "adopt": True}, {"inputs": items[::-1]}, existing=taken
            ),
        }

    def wire(self, args: Values) -> Json:
        return {
            item["name"]: {
                "type": item.get("kind", "PARAMETER"),
                "simpleDataType": item.get("data_type", "STRING"),
                "value": item.get("value", ""),
                "rank": str(rank),
            }
            for rank, item in enumerate(args["inputs"])
        }

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return {one["name"]: one for one in portal.api("GET", inputs_path(id_))} or None

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        for one in portal.api("GET", inputs_path(id_)):
            if one["name"] == "dnis":
                portal.api("DELETE", f"{inputs_path(id_)}/{one['inputId']}")
        input_(portal, id_, "dnis", "by hand", 1)
        changed = [{**item, "value": "by hand"} if item["name"] == "dnis" else item for item in args["inputs"]]
        return {"inputs": changed}

    def remove(self, portal: Emulated, id_: str) -> None:
        for one in portal.api("GET", inputs_path(id_)):
            portal.api("DELETE", f"{inputs_path(id_)}/{one['inputId']}")


class AuthConfigExample(Example):
    """One kind of auth configuration: what is needed, what can be changed, and the vendor's names of it."""

    kind, id_field, key = "ExternalAuthConfig", "authConfigId", ("accountId", "providerName")
    path: ClassVar[str]
    auth_type: ClassVar[str]
    needed: ClassVar[Values] = {}
    more: ClassVar[Values] = {}
    names: ClassVar[dict[str, str]]

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        named = ref(self._existing(portal, "Bilingual"))
        new = {name: self._other(value) for name, value in self.needed.items()}
        plain = {"name": "CRM", "description": "for the CRM", **self.needed}
        changes = {"name": "CRM 2", "description": "new", "rotation_trigger": "2030", **new, **self.more}
        return {
            "made": Instance(plain, changes),
            "adopted": Instance(
                {**plain, "name": "Surveys", "adopt": True},
                {"description": "adopted"},
                existing=ref(self._existing(portal, "Surveys")),
            ),
            "named": Instance({**plain, "name": "Billing", "adopt_id": named}, {"name": "Bills"}, existing=named),
        }

    def wire(self, args: Values) -> Json:
        names = {"name": "providerName", "description": "description", **self.names}
        return {"authType": self.auth_type, **{wire: args[name] for name, wire in names.items() if name in args}}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        body = {**self.wire(args), "description": "By hand"}
        portal.api("PATCH", f"/external/authConfigs/{number(id_)}/{self.path}", body)
        return {"description": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.api("DELETE", f"/external/authConfigs/{number(id_)}")

    def _existing(self, portal: Emulated, name: str) -> str:
        return auth_config(portal, self.path, self.wire({"name": name, **self.needed}))

    def _other(self, value: Any) -> Any:
        return _OTHER.get(value, f"{value}/new") if isinstance(value, str) else value


_OTHER = {"CLIENT_CREDENTIALS": "PASSWORD", "REQUEST_HEADER": "QUERY_PARAM"}


class ApiKeyAuthExample(AuthConfigExample):
    token = "ringcx:ApiKeyAuth"
    path, creates, auth_type = "apiKey", "HT-19", "APIKEY"
    needed: ClassVar = {"api_key": "canary-key"}
    names: ClassVar = {"api_key": "apiKey"}


class BasicAuthExample(AuthConfigExample):
    token = "ringcx:BasicAuth"
    path, creates, auth_type = "basic", "HT-20", "BASIC"
    needed: ClassVar = {"username": "crm", "password": "canary-password"}
    names: ClassVar = {"username": "username", "password": "password"}


class OAuthAuthExample(AuthConfigExample):
    token = "ringcx:OAuthAuth"
    path, creates, auth_type = "oauth", "HT-21", "OAUTH"
    needed: ClassVar = {
        "client_id": "crm",
        "secret": "canary-secret",
        "token_url": "https://crm.example.com/token",
        "grant_type": "CLIENT_CREDENTIALS",
    }
    more: ClassVar = {
        "credentials_in": "HEADER",
        "scope": "read",
        "username": "crm",
        "password": "canary-password",
        "assertion": "canary-assertion",
        "other_parameters": [{"name": "audience", "value": "canary-audience"}],
        "oauth_provider": "ADMIN_POPULATED",
    }
    names: ClassVar = {
        "client_id": "clientId",
        "secret": "secret",
        "token_url": "tokenUrl",
        "grant_type": "grantType",
        "credentials_in": "clientCredentialsSupplyIn",
        "scope": "scope",
        "username": "username",
        "password": "password",
        "assertion": "assertion",
        "other_parameters": "otherParameters",
        "oauth_provider": "oauthProvider",
    }


class JwtAuthExample(AuthConfigExample):
    token = "ringcx:JwtAuth"
    path, creates, auth_type = "jwt", "HTb-06", "JWT"
    needed: ClassVar = {
        "algorithm": "HS256",
        "payload": '{"iss": "us", "aud": "crm"}',
        "add_token_to": "REQUEST_HEADER",
        "secret": "canary-secret",
    }
    more: ClassVar = {
        "private_key": "canary-private-key",
        "header_prefix": "Bearer",
        "query_param_name": "token",
        "headers": '{"kid": "1"}',
        "expiration_time": 60,
        "include_issued_at": True,
        "secret_encoded": True,
    }
    names: ClassVar = {
        "algorithm": "algorithm",
        "payload": "payload",
        "add_token_to": "addTokenTo",
        "secret": "secret",
        "private_key": "privateKey",
        "header_prefix": "headerPrefix",
        "query_param_name": "queryParamName",
        "headers": "jwtHeaders",
        "expiration_time": "expirationTime",
        "include_issued_at": "isIncludeIssueAt",
        "secret_encoded": "isSecretEncoded",
    }


class CustomAuthExample(AuthConfigExample):
    token = "ringcx:CustomAuth"
    path, creates, auth_type = "customAuth", "HTb-07", "CUSTOM_AUTH"
    more: ClassVar = {
        "allowed_base_url": "https://crm.example.com/",
        "function_id": "sign",
        "input_params": [{"name": "key", "value": "canary-param"}],
    }
    names: ClassVar = {
        "allowed_base_url": "allowedBaseUrl",
        "function_id": "wcgFunctionId",
        "input_params": "inputParams",
    }
