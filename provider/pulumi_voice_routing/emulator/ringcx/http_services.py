"""RingCX remote HTTP services and external auth configurations (HT-01..21, HTb-01..13).

A service is one object with two faces: v1 with `httpServiceConfig` as JSON text, v2 with other names and the config as
an object. Groups and v1 services cannot be deleted; a v2 service can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ..crud import (
    INCLUDE_PERMISSIONS,
    PAGING,
    PERMISSIONS,
    creates,
    deletes,
    gets,
    lists,
    page_of,
    permitted,
    sets_active,
    updated,
    updates,
)
from ..problems import conflict, invalid, not_found
from ..routing import Call, Family, Handler, Operation
from ..schema import Check, Field, Record, Write, flag, many, text, texts, thing, whole
from ..store import Kind, Store
from ..tokens import ACCOUNT
from ..vendors import RINGCX, Reply

SERVICE_TYPES = ("SOAP", "HTTP_POST", "HTTP_GET", "HTTP")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

# Groups

GROUP = Kind(
    name="RemoteHttpServiceGroup",
    id_field="serviceGroupId",
    fields=(
        whole("serviceGroupId", write=Write.NEVER),
        text("groupName", required=True),
        flag("isDefault", default=False),
        many("services", write=Write.NEVER),
        PERMISSIONS,
    ),
    links={"accountId": ACCOUNT.name},
)


def _list_page(kind: Kind) -> Handler:
    return lambda call: page_of(lists(kind)(call), call.query)


def _groups_with_services(call: Call) -> list[Record]:
    return [permitted(call, GROUP.own(group)) | {"services": _services(call, group)} for group in call.siblings(GROUP)]


def _services(call: Call, group: Record) -> list[Record]:
    services = call.store.where(SERVICE, "serviceGroupId", group["serviceGroupId"])
    return [permitted(call, SERVICE.shown(call.store, service)) for service in services]


# Services


def _show_service(store: Store, record: Record) -> Record:
    group = store.get(GROUP, record["serviceGroupId"]) or {}
    link = {"serviceGroupId": group["serviceGroupId"], "groupName": group["groupName"]}
    return SERVICE.own(record) | {"accountId": group["accountId"], "httpServiceGroup": link}


SERVICE = Kind(
    name="RemoteHttpService",
    id_field="serviceId",
    fields=(
        whole("serviceId", write=Write.NEVER),
        text("accountId"),
        text("serviceType", required=True, enum=SERVICE_TYPES, write=Write.ON_CREATE),
        text("serviceDescription", required=True),
        text("httpServiceConfig"),
        *texts("soapEndpoint", "soapPortname", "soapServicename", "soapOperationname", "soapAction"),
        text("targetNamespace"),
        text("authConfigId"),
        flag("isEnabled", default=False, write=Write.OWN_CALL),
        flag("isDebug", default=False),
        flag("enableMappings", default=False),
        flag("sendAllSurveyData", default=False),
        *texts("returntype", "httpUsername"),
        text("httpPassword", secret=True),
        *(thing(name, write=Write.NEVER) for name in ("httpServiceGroup", "httpServiceInputs")),
        PERMISSIONS,
    ),
    links={"serviceGroupId": GROUP.name},
    show=_show_service,
)


def _check_service(call: Call, service: Record, old: Record | None) -> None:
    """Also takes the account out of the record: a body may repeat it, the group holds it."""
    if service.pop("accountId", None) not in (None, call.record(ACCOUNT)["accountId"]):
        raise invalid("accountId", "is not the account of the path")
    if service["serviceType"] == "SOAP":
        _check_url("soapEndpoint", service.get("soapEndpoint"))
    else:
        _check_config(service.get("httpServiceConfig"))
    auth = service.get("authConfigId")
    if auth and auth != (old or {}).get("authConfigId"):
        _find_auth(call, auth)
    for other in call.store.where(SERVICE, "serviceGroupId", service["serviceGroupId"]):
        same_name = other["serviceDescription"] == service["serviceDescription"]
        if same_name and other["serviceId"] != service.get("serviceId"):
            raise conflict(f"the group has a service {service['serviceDescription']} already")


def _check_config(config: str | None) -> None:
    try:
        parsed = json.loads(config or "")
    except ValueError:
        raise invalid("httpServiceConfig", "must be JSON text") from None
    if not isinstance(parsed, dict):
        raise invalid("httpServiceConfig", "must hold a JSON object")
    _check_url("httpServiceConfig.url", parsed.get("url"))
    if parsed.get("method", "GET") not in METHODS:
        raise invalid("httpServiceConfig.method", f"must be one of {', '.join(METHODS)}", parsed["method"])


def _check_url(attribute: str, url: Any) -> None:
    if not isinstance(url, str) or not re.match(r"https?://[^/]", url):
        raise invalid(attribute, "must be an http or https URL", url)


def _clone_service(call: Call) -> Record:
    """The clone inherits settings, active flag and inputs."""
    old = call.record(SERVICE)
    copied = {name: value for name, value in old.items() if name != "serviceId"}
    copied["serviceDescription"] = call.query["newName"]
    _check_service(call, copied, old)
    clone = call.store.add(SERVICE, copied)
    for entry in call.store.where(INPUT, "serviceId", old["serviceId"]):
        rest = {name: value for name, value in entry.items() if name != "inputId"}
        call.store.add(INPUT, rest | {"serviceId": clone["serviceId"]})
    return SERVICE.shown(call.store, clone)


# Inputs

INPUT = Kind(
    name="RemoteHttpServiceInput",
    id_field="inputId",
    fields=(
        whole("inputId", write=Write.NEVER),
        text("name", required=True),
        text("type", required=True),
        text("simpleDataType", required=True),
        text("value", default=""),
        text("rank", pattern=r"\d+"),
    ),
    links={"serviceId": SERVICE.name},
)


def _create_inputs(call: Call) -> list[Record]:
    """All inputs of the array, or none."""
    service_id = call.record(SERVICE)["serviceId"]
    bodies = call.objects(INPUT.fields, creating=True)
    return [INPUT.own(call.store.add(INPUT, {"serviceId": service_id, **INPUT.new(body)})) for body in bodies]


# Services, version 2

_RENAMED = {
    "action": "soapAction",
    "operationName": "soapOperationname",
    "portname": "soapPortname",
    "servicename": "soapServicename",
    "returnType": "returntype",
}
_SAME = (
    *("serviceType", "serviceDescription", "authConfigId", "targetNamespace"),
    *("isEnabled", "isDebug", "enableMappings", "sendAllSurveyData"),
)
_V2_CONFIG = (
    text("method", enum=METHODS),
    text("type", enum=("HTTP", "SOAP")),
    text("content_type"),
    *(many(name, items="object") for name in ("headers", "query_params", "form_data", "soap_inputs")),
    *texts("json_data", "text_data", "xml_data"),
)
_V2_FIELDS = (
    whole("serviceId", write=Write.NEVER),
    whole("accountId", write=Write.NEVER),
    text("endpoint", required=True),
    *(field for field in SERVICE.fields if field.name in _SAME),
    *texts(*_RENAMED),
    thing("httpServiceConfig", fields=_V2_CONFIG),
    PERMISSIONS,
)


def _v2_body(call: Call, old: Record | None) -> Record:
    """An accepted v2 body, with the names of v1. The endpoint of an HTTP service is the URL of its config."""
    check = Check()
    sent = check.object(_V2_FIELDS, call.json(), needs=call.needs(creating=old is None))
    check.done()
    body = {_RENAMED.get(name, name): value for name, value in sent.items()}
    endpoint, config = body.pop("endpoint", None), body.pop("httpServiceConfig", None)
    if (old or body)["serviceType"] == "SOAP":
        parts = {"soapEndpoint": endpoint, "httpServiceConfig": config and json.dumps(config)}
        return body | {name: value for name, value in parts.items() if value is not None}
    present = _config_of(old or {})
    config = present if config is None else config
    return body | {"httpServiceConfig": json.dumps(config | {"url": endpoint or present.get("url")})}


def _config_of(service: Record) -> Record:
    config: Record = json.loads(service.get("httpServiceConfig") or "{}")
    return config


def _show_v2(call: Call, record: Record) -> Record:
    group = call.store.get(GROUP, record["serviceGroupId"]) or {}
    config = _config_of(record)
    answer: Record = {"serviceId": record["serviceId"], "accountId": int(group["accountId"])}
    answer |= {name: record[name] for name in _SAME if name in record}
    answer |= {v2: record[v1] for v2, v1 in _RENAMED.items() if v1 in record}
    answer["endpoint"] = record.get("soapEndpoint") or config.get("url", "")
    answer["httpServiceConfig"] = {field.name: config[field.name] for field in _V2_CONFIG if field.name in config}
    return answer


def _list_v2(call: Call) -> list[Record]:
    return page_of([_show_v2(call, record) for record in call.siblings(SERVICE)], call.query)


def _create_v2(call: Call) -> Record:
    group_id = call.record(GROUP)["serviceGroupId"]
    record = {"serviceGroupId": group_id, **SERVICE.new(_v2_body(call, None))}
    _check_service(call, record, None)
    return _show_v2(call, call.store.add(SERVICE, record))


def _update_v2(call: Call) -> Record:
    old = call.record(SERVICE)
    record = updated(call, SERVICE, old, _v2_body(call, old), _check_service)
    return _show_v2(call, call.store.replace(SERVICE, record))


def _delete_v2(call: Call) -> Reply:
    service = call.record(SERVICE)
    for user in _users(call.store, service["serviceId"]):
        raise conflict(f"the service is still used by {user}")
    for entry in call.store.where(INPUT, "serviceId", service["serviceId"]):
        call.store.remove(INPUT, entry)
    call.store.remove(SERVICE, service)
    return Reply(200)


_REFERENCES = {
    "CloudRouteProfile": ("callStartSoapService", "callConnSoapService", "callEndSoapService"),
    "TracNumber": ("postCallSoapService",),
}


def _users(store: Store, service_id: int) -> list[str]:
    """What refers to a service. A service record with `usedByIvr: true` is used by an IVR."""
    found = ["an IVR"] if (store.get(SERVICE, service_id) or {}).get("usedByIvr") else []
    for name, links in _REFERENCES.items():
        kind = store.kinds[name]
        for record in store.all(kind):
            if any(record.get(link) == {"serviceId": service_id} for link in links):
                found.append(f"{name} {record[kind.id_field]}")  # noqa: PERF401 - two loops read better than one line
    return found


# Auth configurations

_COMMON = (
    text("authConfigId", write=Write.NEVER),
    text("description"),
    text("createdTime", write=Write.NEVER),
    text("updatedTime", write=Write.NEVER),
)
_NAMED = (*_COMMON, text("providerName", required=True))


def _secret(name: str, *, required: bool = False) -> Field:
    return text(name, required=required, secret=True)


def _auth_type(name: str) -> Field:
    """Must match the end of the path."""
    return text("authType", required=True, enum=(name,), write=Write.ON_CREATE)


AUTH_FIELDS = {
    "apiKey": (*_NAMED, _auth_type("APIKEY"), _secret("apiKey", required=True)),
    "basic": (
        *_NAMED,
        _auth_type("BASIC"),
        text("username", required=True),
        _secret("password", required=True),
    ),
    "oauth": (
        *_NAMED,
        _auth_type("OAUTH"),
        text("clientId", required=True),
        _secret("secret", required=True),
        text("tokenUrl", required=True),
        text("grantType", required=True, enum=("CLIENT_CREDENTIALS", "PASSWORD", "REFRESH_TOKEN", "JWT_BEARER")),
        text("username"),
        _secret("password"),
        text("clientCredentialsSupplyIn", enum=("BODY", "QUERY_PARAM", "HEADER")),
        text("scope"),
        _secret("assertion"),
        many("otherParameters", items="object"),
        text("oauthProvider", enum=("ADMIN_POPULATED", "SFDC_WEBFLOW")),
        thing("tokenResponse", write=Write.NEVER, secret=True),
    ),
    "jwt": (
        *_NAMED,
        _auth_type("JWT"),
        text("algorithm", required=True),
        text("payload", required=True),
        text("addTokenTo", required=True, enum=("REQUEST_HEADER", "QUERY_PARAM")),
        _secret("secret"),
        _secret("privateKey"),
        *texts("headerPrefix", "queryParamName", "jwtHeaders"),
        whole("expirationTime"),
        flag("isIncludeIssueAt"),
        flag("isSecretEncoded"),
    ),
    "customAuth": (
        *_COMMON,
        text("providerName"),
        _auth_type("CUSTOM_AUTH"),
        *texts("allowedBaseUrl", "wcgFunctionId"),
        many("inputParams", items="object"),
    ),
}
"""The fields of each kind of auth configuration, by the end of its path."""

AUTH_CONFIG = Kind(
    name="ExternalAuthConfig",
    id_field="authConfigId",
    fields=tuple({field.name: field for fields in AUTH_FIELDS.values() for field in fields}.values()),
    links={"accountId": ACCOUNT.name},
)


def _find_auth(call: Call, auth_id: str) -> Record:
    record = call.store.get(AUTH_CONFIG, auth_id)
    if record is None or record["accountId"] != call.record(ACCOUNT)["accountId"]:
        raise not_found(f"auth configuration {auth_id}")
    return record


def _auth_on_path(call: Call) -> Record:
    return _find_auth(call, _auth_id(call))


def _auth_id(call: Call) -> str:
    """The id of the path; its letters are small in the store, as the vendor picks no ids."""
    sent = call.params["authConfigId"]
    if not re.fullmatch(UUID, sent):
        raise invalid("authConfigId", "must be a UUID", sent)
    return sent.lower()


_NEVER_READ = ("allowedBaseUrl", "wcgFunctionId", "inputParams")
"""Fields of custom authentication that the vendor's contract has in requests only."""


def _read_auth(record: Record) -> Record:
    return {name: value for name, value in AUTH_CONFIG.own(record).items() if name not in _NEVER_READ}


def _written_auth(record: Record, fields: tuple[Field, ...]) -> Record:
    """The answer of a write: by the contract it must hold the required secrets; they are masked."""
    return AUTH_CONFIG.own(record) | {field.name: "***" for field in fields if field.required and field.secret}


def _list_auth(call: Call) -> Record:
    return {"records": page_of([_read_auth(record) for record in call.siblings(AUTH_CONFIG)], call.query)}


def _get_auth(call: Call) -> Record:
    return _read_auth(_auth_on_path(call))


def _delete_auth(call: Call) -> Reply:
    call.store.remove(AUTH_CONFIG, _auth_on_path(call))
    return Reply(204)


def _creates_auth(fields: tuple[Field, ...]) -> Handler:
    """The caller picks the id."""

    def handler(call: Call) -> Record:
        auth_id = _auth_id(call)
        body = _auth_body(call, fields, creating=True)
        if call.store.get(AUTH_CONFIG, auth_id):
            raise conflict(f"the auth configuration {auth_id} is there already")
        now = call.world.clock.iso()
        link = {"accountId": call.record(ACCOUNT)["accountId"]}
        record = {**link, "authConfigId": auth_id, "createdTime": now, "updatedTime": now, **body}
        return _written_auth(call.store.add(AUTH_CONFIG, record), fields)

    return handler


def _patches_auth(fields: tuple[Field, ...]) -> Handler:
    """Changes what the body names, and keeps the rest; the contract's required fields are required here too."""

    def handler(call: Call) -> Record:
        old = _auth_on_path(call)
        (auth_type,) = next(field.enum for field in fields if field.name == "authType")
        if old["authType"] != auth_type:
            raise not_found(f"auth configuration {old['authConfigId']} of type {auth_type}")
        body = _auth_body(call, fields, creating=False)
        new = old | body | {"updatedTime": call.world.clock.iso()}
        return _written_auth(call.store.replace(AUTH_CONFIG, new), fields)

    return handler


def _auth_body(call: Call, fields: tuple[Field, ...], *, creating: bool) -> Record:
    check = Check()
    body = check.object(fields, call.json(), needs="create" if creating else "update")
    check.done()
    return body


def _oauth_info(call: Call) -> Record:
    return {"location": f"https://oauth.invalid/authorize?provider={call.query['oauthProvider']}"}


# Operations

_A = "/voice/api/v1/admin/accounts/{accountId}"
_GROUPS = _A + "/httpServiceGroups"
_HG = _GROUPS + "/{serviceGroupId}"
_HS = _HG + "/httpServices/{serviceId}"
_INPUT = _HS + "/inputs/{inputId}"
_V2 = "/voice/api/v2/admin/accounts/{accountId}/httpServiceGroups/{serviceGroupId}/httpServices"
_V2_ONE = _V2 + "/{serviceId}"
_AC = _A + "/external/authConfigs"
_AC_ONE = _AC + "/{authConfigId}"
_NEW_NAME = (text("newName", required=True),)
_PROVIDER = (text("oauthProvider", required=True),)


def _auth(number: str, method: str, ending: str, handler: Callable[[tuple[Field, ...]], Handler]) -> Operation:
    return Operation(number, method, f"{_AC_ONE}/{ending}", handler(AUTH_FIELDS[ending]), takes="json")


FAMILY = Family(
    vendor=RINGCX,
    kinds=(GROUP, SERVICE, INPUT, AUTH_CONFIG),
    path_ids={"accountId": ACCOUNT, "serviceGroupId": GROUP, "serviceId": SERVICE, "inputId": INPUT},
    first_objects={
        GROUP.name: ({"accountId": "123456", "serviceGroupId": 1000, "groupName": "Default", "isDefault": True},)
    },
    operations=(
        Operation("HT-01", "GET", _GROUPS, _list_page(GROUP), query=PAGING),
        Operation("HT-02", "POST", _GROUPS, creates(GROUP), takes="json"),
        Operation("HT-03", "GET", f"{_GROUPS}/withChildren", _groups_with_services, query=INCLUDE_PERMISSIONS),
        Operation("HT-04", "GET", _HG, gets(GROUP)),
        Operation("HT-05", "PUT", _HG, updates(GROUP), takes="json"),
        Operation("HT-06", "GET", f"{_HG}/httpServices", _list_page(SERVICE), query=PAGING),
        Operation("HT-07", "POST", f"{_HG}/httpServices", creates(SERVICE, _check_service), takes="json"),
        Operation("HT-08", "GET", _HS, gets(SERVICE)),
        Operation("HT-09", "PUT", _HS, updates(SERVICE, _check_service), takes="json"),
        Operation("HT-10", "POST", f"{_HS}/clone", _clone_service, query=_NEW_NAME),
        Operation("HT-11", "PUT", f"{_HS}/setIsActive", sets_active(SERVICE, field="isEnabled"), takes="json"),
        Operation("HT-12", "GET", f"{_HS}/inputs", lists(INPUT)),
        Operation("HT-13", "POST", f"{_HS}/inputs", _create_inputs, takes="json"),
        Operation("HT-14", "GET", _INPUT, gets(INPUT)),
        Operation("HT-15", "DELETE", _INPUT, deletes(INPUT)),
        Operation("HT-16", "GET", _AC, _list_auth, query=PAGING),
        Operation("HT-17", "GET", _AC_ONE, _get_auth),
        Operation("HT-18", "DELETE", _AC_ONE, _delete_auth),
        _auth("HT-19", "POST", "apiKey", _creates_auth),
        _auth("HT-20", "POST", "basic", _creates_auth),
        _auth("HT-21", "POST", "oauth", _creates_auth),
        Operation("HTb-01", "GET", _V2, _list_v2, query=PAGING),
        Operation("HTb-02", "POST", _V2, _create_v2, takes="json"),
        Operation("HTb-03", "GET", _V2_ONE, lambda call: _show_v2(call, call.record(SERVICE))),
        Operation("HTb-04", "PUT", _V2_ONE, _update_v2, takes="json"),
        Operation("HTb-05", "DELETE", _V2_ONE, _delete_v2),
        _auth("HTb-06", "POST", "jwt", _creates_auth),
        _auth("HTb-07", "POST", "customAuth", _creates_auth),
        _auth("HTb-08", "PATCH", "apiKey", _patches_auth),
        _auth("HTb-09", "PATCH", "basic", _patches_auth),
        _auth("HTb-10", "PATCH", "oauth", _patches_auth),
        _auth("HTb-11", "PATCH", "jwt", _patches_auth),
        _auth("HTb-12", "PATCH", "customAuth", _patches_auth),
        Operation("HTb-13", "GET", f"{_AC}/oauth/info", _oauth_info, query=_PROVIDER),
    ),
)
