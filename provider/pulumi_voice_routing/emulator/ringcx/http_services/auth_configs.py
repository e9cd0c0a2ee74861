"""External auth configurations. The caller picks their ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ...crud import PAGING, page_of
from ...learning import tells
from ...problems import conflict, invalid, not_found
from ...routing import Call, Family, Handler, Operation
from ...schema import Check, Field, Record, Write, flag, many, text, texts, thing, whole
from ...store import Kind, Store
from ...vendors import RINGCX, Reply
from ..accounts import ACCOUNT

UUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


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


def _type_of(fields: tuple[Field, ...]) -> str:
    (auth_type,) = next(field.enum for field in fields if field.name == "authType")
    return auth_type


_TYPES = {_type_of(fields): fields for fields in AUTH_FIELDS.values()}


def _complete(_store: Store, record: Record) -> Record:
    """Which fields there are depends on the type."""
    fields = _TYPES[record["authType"]]
    told = {name for name, value in record.items() if value is not None}
    for name in sorted(told - {"accountId", "visible"} - {field.name for field in fields}):
        raise invalid(name, f"is no field of authType {record['authType']}")
    for field in fields:
        if field.required and not field.secret and field.name not in told:
            raise invalid(field.name, f"is required with authType {record['authType']}")
    return record


AUTH_CONFIG = Kind(
    name="ExternalAuthConfig",
    id_field="authConfigId",
    fields=tuple(
        {field.name: replace(field, required=False) for fields in AUTH_FIELDS.values() for field in fields}.values()
    ),
    links={"accountId": ACCOUNT.name},
    stored=(
        text("authConfigId", required=True, pattern=UUID.replace("A-F", "")),
        text("authType", required=True, enum=tuple(_TYPES)),
    ),
    complete=_complete,
)


def find_auth(call: Call, auth_id: str) -> Record:
    """The configuration, if it belongs to the path's account."""
    record = call.store.get(AUTH_CONFIG, auth_id)
    if record is None or record["accountId"] != call.record(ACCOUNT)["accountId"]:
        raise not_found(f"auth configuration {auth_id}")
    return record


def _auth_on_path(call: Call) -> Record:
    return find_auth(call, _auth_id(call))


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
        if old["authType"] != _type_of(fields):
            raise not_found(f"auth configuration {old['authConfigId']} of type {_type_of(fields)}")
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


_ALL = "/voice/api/v1/admin/accounts/{accountId}/external/authConfigs"
_ONE = f"{_ALL}/{{authConfigId}}"
_PROVIDER = (text("oauthProvider", required=True),)


def _operation(number: str, method: str, ending: str, handler: Callable[[tuple[Field, ...]], Handler]) -> Operation:
    return Operation(number, method, f"{_ONE}/{ending}", handler(AUTH_FIELDS[ending]), takes="json")


FAMILY = Family(
    vendor=RINGCX,
    tells={"HT-16": tells(AUTH_CONFIG), "HT-17": tells(AUTH_CONFIG)},
    kinds=(AUTH_CONFIG,),
    operations=(
        Operation("HT-16", "GET", _ALL, _list_auth, query=PAGING),
        Operation("HT-17", "GET", _ONE, _get_auth),
        Operation("HT-18", "DELETE", _ONE, _delete_auth),
        _operation("HT-19", "POST", "apiKey", _creates_auth),
        _operation("HT-20", "POST", "basic", _creates_auth),
        _operation("HT-21", "POST", "oauth", _creates_auth),
        _operation("HTb-06", "POST", "jwt", _creates_auth),
        _operation("HTb-07", "POST", "customAuth", _creates_auth),
        _operation("HTb-08", "PATCH", "apiKey", _patches_auth),
        _operation("HTb-09", "PATCH", "basic", _patches_auth),
        _operation("HTb-10", "PATCH", "oauth", _patches_auth),
        _operation("HTb-11", "PATCH", "jwt", _patches_auth),
        _operation("HTb-12", "PATCH", "customAuth", _patches_auth),
        Operation("HTb-13", "GET", f"{_ALL}/oauth/info", _oauth_info, query=_PROVIDER),
    ),
)
