"""Remote HTTP services, version 2: the same objects under other names."""

from __future__ import annotations

import json

from ...crud import PAGING, PERMISSIONS, page_of, updated
from ...problems import conflict
from ...routing import Call, Family, Operation
from ...schema import Check, Record, Write, many, text, texts, thing, whole
from ...store import Store
from ...vendors import RINGCX, Reply
from .groups import GROUP
from .inputs import INPUT
from .services import METHODS, SERVICE, check_service

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
_CONFIG = (
    text("method", enum=METHODS),
    text("type", enum=("HTTP", "SOAP")),
    text("content_type"),
    *(many(name, items="object") for name in ("headers", "query_params", "form_data", "soap_inputs")),
    *texts("json_data", "text_data", "xml_data"),
)
_FIELDS = (
    whole("serviceId", write=Write.NEVER),
    whole("accountId", write=Write.NEVER),
    text("endpoint", required=True),
    *(field for field in SERVICE.fields if field.name in _SAME),
    *texts(*_RENAMED),
    thing("httpServiceConfig", fields=_CONFIG),
    PERMISSIONS,
)


def _body(call: Call, old: Record | None) -> Record:
    """An accepted v2 body, with the names of v1. The endpoint of an HTTP service is the URL of its config."""
    check = Check()
    sent = check.object(_FIELDS, call.json(), needs=call.needs(creating=old is None))
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


def _show(call: Call, record: Record) -> Record:
    group = call.store.get(GROUP, record["serviceGroupId"]) or {}
    config = _config_of(record)
    answer: Record = {"serviceId": record["serviceId"], "accountId": int(group["accountId"])}
    answer |= {name: record[name] for name in _SAME if name in record}
    answer |= {v2: record[v1] for v2, v1 in _RENAMED.items() if v1 in record}
    answer["endpoint"] = record.get("soapEndpoint") or config.get("url", "")
    answer["httpServiceConfig"] = {field.name: config[field.name] for field in _CONFIG if field.name in config}
    return answer


def _list(call: Call) -> list[Record]:
    return page_of([_show(call, record) for record in call.siblings(SERVICE)], call.query)


def _create(call: Call) -> Record:
    group_id = call.record(GROUP)["serviceGroupId"]
    record = {"serviceGroupId": group_id, **SERVICE.new(_body(call, None))}
    check_service(call, record, None)
    return _show(call, call.store.add(SERVICE, record))


def _update(call: Call) -> Record:
    old = call.record(SERVICE)
    record = updated(call, SERVICE, old, _body(call, old), check_service)
    return _show(call, call.store.replace(SERVICE, record))


def _delete(call: Call) -> Reply:
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


_ALL = "/voice/api/v2/admin/accounts/{accountId}/httpServiceGroups/{serviceGroupId}/httpServices"
_ONE = f"{_ALL}/{{serviceId}}"

FAMILY = Family(
    vendor=RINGCX,
    operations=(
        Operation("HTb-01", "GET", _ALL, _list, query=PAGING),
        Operation("HTb-02", "POST", _ALL, _create, takes="json"),
        Operation("HTb-03", "GET", _ONE, lambda call: _show(call, call.record(SERVICE))),
        Operation("HTb-04", "PUT", _ONE, _update, takes="json"),
        Operation("HTb-05", "DELETE", _ONE, _delete),
    ),
)
