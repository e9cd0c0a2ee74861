"""Remote HTTP services, version 1."""

from __future__ import annotations

import json
import re
from typing import Any

from ...crud import (
    INCLUDE_PERMISSIONS,
    PAGING,
    PERMISSIONS,
    creates,
    gets,
    lists_pages,
    permitted,
    sets_active,
    updates,
)
from ...learning import tells
from ...problems import conflict, invalid
from ...routing import Call, Family, Operation
from ...schema import Record, Write, flag, text, texts, thing, whole
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT
from .auth_configs import find_auth
from .groups import GROUP, GROUP_PATH, GROUPS

SERVICE_TYPES = ("SOAP", "HTTP_POST", "HTTP_GET", "HTTP")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def _show(store: Store, record: Record) -> Record:
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
    path_name="serviceId",
    show=_show,
    stored=(flag("usedByIvr"),),
    complete=lambda store, service: _complete(store, service),
)


def check_service(call: Call, service: Record, old: Record | None) -> None:
    """Also takes the account out of the record: a body may repeat it, the group holds it."""
    if service.pop("accountId", None) not in (None, call.record(ACCOUNT)["accountId"]):
        raise invalid("accountId", "is not the account of the path")
    _check_target(service)
    auth = service.get("authConfigId")
    if auth and auth != (old or {}).get("authConfigId"):
        find_auth(call, auth)
    for other in call.store.where(SERVICE, "serviceGroupId", service["serviceGroupId"]):
        same_name = other["serviceDescription"] == service["serviceDescription"]
        if same_name and other["serviceId"] != service.get("serviceId"):
            raise conflict(f"the group has a service {service['serviceDescription']} already")


def _check_target(service: Record) -> None:
    if service["serviceType"] == "SOAP":
        _check_url("soapEndpoint", service.get("soapEndpoint"))
    else:
        _check_config(service.get("httpServiceConfig"))


def _complete(_store: Store, service: Record) -> Record:
    """The account is that of the group."""
    _check_target(service)
    return {name: value for name, value in service.items() if name != "accountId"}


def _check_config(config: str | None) -> None:
    if not config:
        raise invalid("httpServiceConfig", "is required")
    try:
        parsed = json.loads(config)
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


def _groups_with_services(call: Call) -> list[Record]:
    return [permitted(call, GROUP.own(group)) | {"services": _services(call, group)} for group in call.siblings(GROUP)]


def _services(call: Call, group: Record) -> list[Record]:
    services = call.store.where(SERVICE, "serviceGroupId", group["serviceGroupId"])
    return [permitted(call, SERVICE.shown(call.store, service)) for service in services]


SERVICES = f"{GROUP_PATH}/httpServices"
SERVICE_PATH = f"{SERVICES}/{{serviceId}}"

FAMILY = Family(
    vendor=RINGCX,
    tells={"HT-03": tells(GROUP, services=SERVICE), "HT-06": tells(SERVICE), "HT-08": tells(SERVICE)},
    kinds=(SERVICE,),
    operations=(
        Operation("HT-03", "GET", f"{GROUPS}/withChildren", _groups_with_services, query=INCLUDE_PERMISSIONS),
        Operation("HT-06", "GET", SERVICES, lists_pages(SERVICE), query=PAGING),
        Operation("HT-07", "POST", SERVICES, creates(SERVICE, check_service), takes="json"),
        Operation("HT-08", "GET", SERVICE_PATH, gets(SERVICE)),
        Operation("HT-09", "PUT", SERVICE_PATH, updates(SERVICE, check_service), takes="json"),
        Operation("HT-11", "PUT", f"{SERVICE_PATH}/setIsActive", sets_active(SERVICE, field="isEnabled"), takes="json"),
    ),
)
