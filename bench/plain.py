"""What the provider is compared with: a dynamic provider as anybody would write it, one call for each object."""

from __future__ import annotations

import os
import time
from typing import Any

import httpx
import pulumi
from pulumi import dynamic

Values = dict[str, Any]

_ADMIN = "/voice/api/v1/admin"
_GROUP = f"{_ADMIN}/accounts/{os.environ.get('RINGCX_ACCOUNT_ID')}/cloudRouteDestinationGroups/1000"
_NUMBERS = f"{_ADMIN}/utilities/tnManager"
_http = httpx.Client(
    base_url=os.environ.get("RINGCX_BASE_URL", ""),
    headers={"Authorization": f"Bearer {os.environ.get('RINGCX_ACCESS_TOKEN')}"},
    timeout=30,
)


def _call(method: str, path: str, body: Any = None) -> Any:
    answer = _http.request(method, path, json=body)
    while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        time.sleep(float(answer.headers.get("retry-after", "1")))
        answer = _http.request(method, path, json=body)
    answer.raise_for_status()
    return answer.json() if answer.content else None


class _Provider(dynamic.ResourceProvider):
    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: Values, _news: Values) -> dynamic.DiffResult:
        return dynamic.DiffResult(changes=any(_olds.get(name) != value for name, value in _news.items()))


class DestinationProvider(_Provider):
    def create(self, props: Values) -> dynamic.CreateResult:
        made = _call("POST", f"{_GROUP}/cloudRouteDestinations", _body(props))
        return dynamic.CreateResult(str(made["cloudDestinationId"]), props)

    def read(self, id_: str, props: Values) -> dynamic.ReadResult:
        live = _call("GET", f"{_GROUP}/cloudRouteDestinations/{id_}")
        return dynamic.ReadResult(id_, {**props, "name": live["destinationName"], "target": live["routeDestination"]})

    def update(self, _id: str, _olds: Values, _news: Values) -> dynamic.UpdateResult:
        _call("PUT", f"{_GROUP}/cloudRouteDestinations/{_id}", _body(_news))
        return dynamic.UpdateResult(_news)

    def delete(self, _id: str, _props: Values) -> None:
        _call("PUT", f"{_GROUP}/cloudRouteDestinations/{_id}/setIsActive", {"isActive": False})


class NumberProvider(_Provider):
    def create(self, props: Values) -> dynamic.CreateResult:
        body = {"dnis": props["dnis"], "reservedAccountId": os.environ["RINGCX_ACCOUNT_ID"]}
        _call("POST", f"{_NUMBERS}/dnisPool", [body])
        return dynamic.CreateResult(props["dnis"], props)

    def read(self, id_: str, props: Values) -> dynamic.ReadResult:
        return dynamic.ReadResult(id_, {**props, "dnis": _call("GET", f"{_NUMBERS}/dnisPool/{id_}")["dnis"]})


class AssignmentProvider(_Provider):
    def create(self, props: Values) -> dynamic.CreateResult:
        _call("PUT", f"{_NUMBERS}/assignedDnis/cloudRouteProfiles/{props['profile']}", [_assignment(props)])
        return dynamic.CreateResult(props["dnis"], props)

    def read(self, id_: str, props: Values) -> dynamic.ReadResult:
        live = _call("GET", f"{_NUMBERS}/assignedDnis/{id_}")
        return dynamic.ReadResult(id_, {**props, "profile": str(live["cloudRouteProfile"]["cloudProfileId"])})

    def update(self, _id: str, _olds: Values, _news: Values) -> dynamic.UpdateResult:
        _call("DELETE", f"{_NUMBERS}/assignedDnis/{_id}")
        _call("PUT", f"{_NUMBERS}/assignedDnis/cloudRouteProfiles/{_news['profile']}", [_assignment(_news)])
        return dynamic.UpdateResult(_news)

    def delete(self, _id: str, _props: Values) -> None:
        _call("DELETE", f"{_NUMBERS}/assignedDnis/{_id}")


class Destination(dynamic.Resource):
    def __init__(self, resource_name: str, name: str, target: str) -> None:
        super().__init__(DestinationProvider(), resource_name, {"name": name, "target": target})


class Number(dynamic.Resource):
    def __init__(self, resource_name: str, dnis: str) -> None:
        super().__init__(NumberProvider(), resource_name, {"dnis": dnis})


class Assignment(dynamic.Resource):
    def __init__(self, resource_name: str, dnis: str, profile: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(AssignmentProvider(), resource_name, {"dnis": dnis, "profile": profile}, opts)


def _body(props: Values) -> Values:
    return {"destinationName": props["name"], "destinationType": "DID", "routeDestination": props["target"]}


def _assignment(props: Values) -> Values:
    return {"dnis": props["dnis"], "isActive": True}
