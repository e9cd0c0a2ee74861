"""Look-ups of remote HTTP services and auth configurations; see :mod:`.lookups`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...client.answers import is_on, parts, text, texts
from ...lifecycle import references
from ...lifecycle.lookup import lookup
from .. import client_http_services as http_client
from .. import shapes_http_services as shapes
from ..client import RingCX
from ..cloud_routing.lookups import _ask, _one
from ..json_text import parsed

__all__ = [
    "AuthConfigInfo",
    "HttpServiceGroupInfo",
    "HttpServiceInfo",
    "HttpServiceInputInfo",
    "get_auth_config",
    "get_auth_configs",
    "get_http_service",
    "get_http_service_group",
    "get_http_service_groups",
    "get_http_service_input",
    "get_http_service_inputs",
    "get_http_services",
]


@dataclass(frozen=True)
class HttpServiceGroupInfo:
    """A group of HTTP services as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    is_default: bool
    """Whether it is the one that every account has."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class HttpServiceInfo:
    """An HTTP service as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    kind: str
    """The protocol, such as ``HTTP_POST``."""
    url: str
    """Where its requests go."""
    active: bool
    """Whether calls may use it."""
    auth_config_id: str
    """The auth configuration that it signs in with; empty when there is none."""
    permissions: Sequence[str] = ()
    """What the token may do with it, when the vendor shows it: ``READ``, ``UPDATE`` and so on."""


@dataclass(frozen=True)
class HttpServiceInputInfo:
    """An input of an HTTP service as it is at the vendor."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    kind: str
    """Where it goes in the request, in the vendor's words."""
    data_type: str
    """The type of its value, in the vendor's words."""
    value: str
    """Its value when the call flow gives none."""
    rank: int
    """Its place in the order, the lowest first."""


@dataclass(frozen=True)
class AuthConfigInfo:
    """An auth configuration as it is at the vendor, without its secrets."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    auth_type: str
    """``APIKEY``, ``BASIC``, ``OAUTH``, ``JWT`` or ``CUSTOM_AUTH``."""
    description: str
    """What administrators have noted."""
    updated: str
    """When it was last changed, in the vendor's words."""


@lookup
def get_http_service_groups(*, permissions: bool = False) -> Sequence[HttpServiceGroupInfo]:
    """All groups of HTTP services of the account (HT-01), or with ``permissions`` what the token may do with each
    (HT-03)."""
    return _ask(lambda api: _groups(api, permissions))


@lookup
def get_http_service_group(*, name: str | None = None, id: str | None = None) -> HttpServiceGroupInfo:
    """The group of HTTP services with this name, or with this id (HT-01)."""
    return _ask(lambda api: _one("HTTP service group", _groups(api), name, id))


@lookup
def get_http_services(group_id: str | None = None) -> Sequence[HttpServiceInfo]:
    """All HTTP services of a group (HT-06), or of the account (HT-03), inactive ones too."""
    return _ask(lambda api: _services(api, group_id))


@lookup
def get_http_service(group_id: str | None = None, *, name: str | None = None, id: str | None = None) -> HttpServiceInfo:
    """The HTTP service with this name, or with this id, in a group (HT-06), or in the account (HT-03)."""
    return _ask(lambda api: _one("HTTP service", _services(api, group_id), name, id))


@lookup
def get_http_service_inputs(service_id: str) -> Sequence[HttpServiceInputInfo]:
    """The inputs of an HTTP service, in order (HT-12)."""
    return _ask(lambda api: _inputs(api, service_id))


@lookup
def get_http_service_input(service_id: str, *, name: str | None = None, id: str | None = None) -> HttpServiceInputInfo:
    """The input of an HTTP service with this name (HT-12), or with this id (HT-14)."""

    def found(api: RingCX) -> HttpServiceInputInfo:
        if id is None or name is not None:
            return _one("input", _inputs(api, service_id), name, id)
        at = _at(api, service_id)
        return _input(api, at, api.get_input(*at, references.last(id)))

    return _ask(found)


@lookup
def get_auth_configs() -> Sequence[AuthConfigInfo]:
    """All auth configurations of the account (HT-16)."""
    return _ask(_auth_configs)


@lookup
def get_auth_config(*, name: str | None = None, id: str | None = None) -> AuthConfigInfo:
    """The auth configuration with this name, or with this id (HT-16)."""
    return _ask(lambda api: _one("auth configuration", _auth_configs(api), name, id))


def _groups(api: RingCX, permissions: bool = False) -> list[HttpServiceGroupInfo]:
    return [
        HttpServiceGroupInfo(
            id=references.join(api.account_id, text(one.get(http_client.SERVICE_GROUP_ID))),
            name=text(one.get("groupName")),
            is_default=is_on(one.get("isDefault")),
            permissions=texts(one.get("permissions")),
        )
        for one in (
            api.list_service_groups_with_services(permissions=True) if permissions else api.list_service_groups()
        )
    ]


def _services(api: RingCX, group_id: str | None) -> list[HttpServiceInfo]:
    if group_id is not None:
        (group,) = references.below(group_id, api.account_id, ("group",))
        return [_service(api, group, one) for one in api.list_services(group)]
    return [
        _service(api, text(group.get(http_client.SERVICE_GROUP_ID)), one)
        for group in api.list_service_groups_with_services()
        for one in parts(group.get("services"))
    ]


def _service(api: RingCX, group: str, one: shapes.RemoteHttpService) -> HttpServiceInfo:
    config = parsed(one.get("httpServiceConfig"))
    auth = text(one.get(http_client.AUTH_CONFIG_ID))
    return HttpServiceInfo(
        id=references.join(api.account_id, group, text(one.get(http_client.SERVICE_ID))),
        name=text(one.get("serviceDescription")),
        kind=text(one.get("serviceType")),
        url=text(config.get("url")) if isinstance(config, dict) else text(one.get("soapEndpoint")),
        active=is_on(one.get("isEnabled")),
        auth_config_id=references.join(api.account_id, auth) if auth else "",
        permissions=texts(one.get("permissions")),
    )


def _at(api: RingCX, service_id: str) -> tuple[str, str]:
    group, service = references.below(service_id, api.account_id, ("group", "service"))
    return group, service


def _inputs(api: RingCX, service_id: str) -> list[HttpServiceInputInfo]:
    at = _at(api, service_id)
    return sorted((_input(api, at, one) for one in api.list_inputs(*at)), key=lambda one: one.rank)


def _input(api: RingCX, at: tuple[str, str], one: shapes.RemoteHttpServiceInput) -> HttpServiceInputInfo:
    rank = text(one.get("rank"))
    return HttpServiceInputInfo(
        id=references.join(api.account_id, *at, text(one.get(http_client.INPUT_ID))),
        name=text(one.get("name")),
        kind=text(one.get("type")),
        data_type=text(one.get("simpleDataType")),
        value=text(one.get("value")),
        rank=int(rank) if rank.isdigit() else 0,
    )


def _auth_configs(api: RingCX) -> list[AuthConfigInfo]:
    return [
        AuthConfigInfo(
            id=references.join(api.account_id, text(one.get(http_client.AUTH_CONFIG_ID))),
            name=text(one.get("providerName")),
            auth_type=text(one.get("authType")),
            description=text(one.get("description")),
            updated=text(one.get("updatedTime")),
        )
        for one in api.list_auth_configs()
    ]
