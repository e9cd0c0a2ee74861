"""RingCX: remote HTTP services and the auth configurations that they sign in with."""

from __future__ import annotations

from tests.second_server.answers import MASK
from tests.second_server.calls import GONE, NOTHING, Call, Reply, answers
from tests.second_server.ringcx import (
    ACCOUNT,
    ADMIN,
    A,
    Plain,
    found,
    known,
    many_written,
    missing,
    paged,
    switched,
    written,
)
from tests.second_server.store import Record, without
from tests.second_server.tables import KINDS

SERVICE_GROUPS = Plain(f"{A}/httpServiceGroups", "RemoteHttpServiceGroup", verbs="list make get put")


class Services(Plain):
    def shown(self, call: Call, one: Record) -> Record:
        group = call.store.find("RemoteHttpServiceGroup", "serviceGroupId", one["serviceGroupId"])
        return {"accountId": ACCOUNT, **one, "httpServiceGroup": group}

    def make(self, call: Call, body: Record, inside: Record) -> Record:
        return super().make(call, {"isEnabled": False, **body}, inside)


_SERVICES = f"{A}/httpServiceGroups/{{group}}/httpServices"
SERVICES = Services(_SERVICES, "RemoteHttpService", verbs="list make get put", group="serviceGroupId")


@answers("GET", f"{A}/httpServiceGroups/withChildren")
def service_groups_with_services(call: Call, account: str) -> Reply:
    groups = []
    for group in call.store.listed("RemoteHttpServiceGroup", "serviceGroupId", late=call.late):
        rows = SERVICES.rows(call, {"serviceGroupId": group["serviceGroupId"]}, late=call.late)
        groups.append({**group, "services": call.answers.rows(SERVICES.kind, rows)})
    return Reply(200, call.answers.rows(SERVICE_GROUPS.kind, groups))


@answers("PUT", f"{_SERVICES}/{{id}}/setIsActive")
def set_service_active(call: Call, account: str, group: str, id: str) -> Reply:
    return switched(call, SERVICES.kind, found(call, "RemoteHttpService", id, serviceGroupId=group), "isEnabled")


@answers("POST", f"{_SERVICES}/{{id}}/clone")
def clone_service(call: Call, account: str, group: str, id: str) -> Reply:
    source = found(call, "RemoteHttpService", id, serviceGroupId=group)
    made = SERVICES.make(call, {**source, "serviceDescription": call.query["newName"]}, {"serviceGroupId": int(group)})
    return written(call, SERVICES.kind, SERVICES.shown(call, made), made=True)


@answers("DELETE", _SERVICES.replace("/v1/", "/v2/") + "/{id}")
def delete_service(call: Call, account: str, group: str, id: str) -> Reply:
    SERVICES.ended(call, id, group=group)
    return NOTHING


class Inputs(Plain):
    """An input of a service."""

    whole_in_lists = True


_INPUTS = f"{_SERVICES}/{{service}}/inputs"
INPUTS = Inputs(_INPUTS, "RemoteHttpServiceInput", verbs="list get end", service="serviceId")


@answers("POST", _INPUTS)
def create_inputs(call: Call, account: str, group: str, service: str) -> Reply:
    return many_written(call, INPUTS, [INPUTS.make(call, one, {"serviceId": int(service)}) for one in call.records])


# Auth configurations


_AUTH = f"{ADMIN}/accounts/{{account}}/external/authConfigs"
_AUTH_KIND = KINDS["ExternalAuthConfig"]


_COMMON = frozenset({"authConfigId", "authType", "providerName", "description", "createdTime", "updatedTime"})
_NOT_READ = ("allowedBaseUrl", "inputParams", "wcgFunctionId")
"""What no answer to a read shows of a custom configuration."""
_SECRETS = frozenset({"apiKey", "password", "secret"})
_AUTH_FIELDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    ending: (_COMMON | set(needed.split()) | set(more.split()), frozenset(needed.split()))
    for ending, needed, more in (
        ("apiKey", "providerName apiKey", ""),
        ("basic", "providerName username password", ""),
        (
            "oauth",
            "providerName clientId grantType secret tokenUrl",
            "assertion clientCredentialsSupplyIn oauthProvider otherParameters password scope tokenResponse username",
        ),
        (
            "jwt",
            "providerName addTokenTo algorithm payload",
            "expirationTime headerPrefix isIncludeIssueAt isSecretEncoded jwtHeaders privateKey queryParamName secret",
        ),
        ("customAuth", "", "allowedBaseUrl inputParams wcgFunctionId"),
    )
}
"""What an answer to a write may show of each kind of auth configuration, and what it must."""


@answers("GET", _AUTH)
def list_auth(call: Call, account: str) -> Reply:
    listed = call.store.listed(_AUTH_KIND.name, _AUTH_KIND.id_field, late=call.late)
    rows = [without(one, *_NOT_READ) for one in call.answers.rows(_AUTH_KIND, listed)]
    return Reply(200, {"records": paged(call, rows)})


@answers("GET", f"{_AUTH}/{{id}}")
def get_auth(call: Call, account: str, id: str) -> Reply:
    return Reply(200, without(call.answers.object(_AUTH_KIND, found(call, _AUTH_KIND.name, id)), *_NOT_READ))


@answers("DELETE", f"{_AUTH}/{{id}}")
def delete_auth(call: Call, account: str, id: str) -> Reply:
    one = found(call, _AUTH_KIND.name, id)
    finish = call.store.writing(_AUTH_KIND.name, _AUTH_KIND.id_field, id)
    call.store.all(_AUTH_KIND.name).remove(one)
    finish()
    return GONE


@answers("POST", f"{_AUTH}/{{id}}/{{ending}}")
@answers("PATCH", f"{_AUTH}/{{id}}/{{ending}}")
def write_auth(call: Call, account: str, id: str, ending: str) -> Reply:
    one = call.store.find(_AUTH_KIND.name, _AUTH_KIND.id_field, id)
    finish = call.store.writing(_AUTH_KIND.name, _AUTH_KIND.id_field, id)
    if one is None:
        if call.method == "PATCH":
            raise missing()
        one = {_AUTH_KIND.id_field: id, "createdTime": "2030-01-01T00:00:00Z"}
        call.store.all(_AUTH_KIND.name).append(one)
    one.update(known(_AUTH_KIND, call.record))
    finish()
    if "silent_writes" in call.ways:
        return Reply(200, None)
    fields, required = _AUTH_FIELDS[ending]
    shown = call.answers.object(_AUTH_KIND, one)
    if "bare_writes" in call.ways:
        shown = {_AUTH_KIND.id_field: id}
    shown = {name: value for name, value in shown.items() if name in fields or name not in _AUTH_KIND.fields}
    return Reply(
        200, {**{name: one.get(name, "") for name in required}, **dict.fromkeys(_SECRETS & required, MASK), **shown}
    )
