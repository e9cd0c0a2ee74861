"""What a request must look like: bodies, query strings, parents."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import ACCOUNT, DESTINATION, DESTINATIONS, GROUP, PROFILE, PROFILES, Api, id_of


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize(
    ("path", "body", "attribute"),
    [
        (DESTINATIONS, DESTINATION | {"colour": "red"}, "colour"),
        (DESTINATIONS, DESTINATION | {"ringDuration": "20"}, "ringDuration"),
        (DESTINATIONS, DESTINATION | {"ringDuration": 20.0}, "ringDuration"),
        (DESTINATIONS, DESTINATION | {"ringDuration": True}, "ringDuration"),
        (DESTINATIONS, DESTINATION | {"ringDuration": 2**31}, "ringDuration"),
        (DESTINATIONS, DESTINATION | {"ttAccept": "true"}, "ttAccept"),
        (DESTINATIONS, DESTINATION | {"lat": "39.7"}, "lat"),
        (DESTINATIONS, DESTINATION | {"destinationDesc": None}, "destinationDesc"),
        (DESTINATIONS, DESTINATION | {"destinationType": "QUEUE"}, "destinationType"),
        (DESTINATIONS, DESTINATION | {"destinationName": " "}, "destinationName"),
        (DESTINATIONS, DESTINATION | {"countryCode": {"code": "1"}}, "countryCode.code"),
        (DESTINATIONS, DESTINATION | {"countryCode": {"minAniLength": "1"}}, "countryCode.minAniLength"),
        (DESTINATIONS, without(DESTINATION, "destinationName"), "destinationName"),
        (DESTINATIONS, without(DESTINATION, "destinationType"), "destinationType"),
        (DESTINATIONS, without(DESTINATION, "routeDestination"), "routeDestination"),
        (DESTINATIONS, [DESTINATION], "body"),
        (PROFILES, without(PROFILE, "profileName"), "profileName"),
        (PROFILES, without(PROFILE, "routingType"), "routingType"),
        (PROFILES, without(PROFILE, "percentAllocType"), "percentAllocType"),
        (PROFILES, PROFILE | {"callStartSoapService": {"serviceDescription": "x"}}, "callStartSoapService.serviceId"),
        (f"{ACCOUNT}/cloudRouteDestinationGroups", {}, "groupName"),
    ],
)
def test_refuses_a_wrong_body(api: Api, path: str, body: Any, attribute: str) -> None:
    assert api.invalid("POST", path, json=body) == {attribute}


def test_tells_every_problem_at_once(api: Api) -> None:
    body = {"destinationName": "x", "ringDuration": "20", "colour": 1}
    wrong = {"ringDuration", "colour", "destinationType", "routeDestination"}
    assert api.invalid("POST", DESTINATIONS, json=body) == wrong


def test_error_body_is_the_vendors(api: Api) -> None:
    body = api.call("POST", DESTINATIONS, json={}).json()
    assert body["errorCode"] == "validation.exception"
    assert body["generalMessage"] == "The supplied data is not valid"
    assert body["requestUri"] == f"{DESTINATIONS} - POST"
    assert isinstance(body["timestamp"], int)


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"lat": NaN}', "application/json", 400),
        (b"", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
    ],
)
def test_refuses_a_body_that_is_not_json(api: Api, content: bytes, content_type: str, status: int) -> None:
    headers = {"Content-Type": content_type}
    assert api.refused("POST", DESTINATIONS, content=content, headers=headers) == status


def test_ignores_what_only_the_server_writes(api: Api) -> None:
    ignored = {"cloudDestinationId": 7, "isDeleted": True, "permissions": [], "cloudRouteGroup": {"cloudGroupId": 7}}
    sent = DESTINATION | ignored
    answer = api.ok("POST", DESTINATIONS, json=sent)
    assert (answer["cloudDestinationId"], answer["isDeleted"]) == (1001, False)
    assert answer["cloudRouteGroup"] == {"cloudGroupId": 1000, "groupName": "Default"}


@pytest.mark.parametrize(
    ("method", "path", "attribute"),
    [
        ("GET", f"{DESTINATIONS}?page=1", "page"),
        ("GET", f"{ACCOUNT}/cloudRouteDestinationGroups/withChildren?includePermissions=yes", "includePermissions"),
        ("GET", f"{GROUP}/cloudRouteDestinations/withChildren?includePermissions=true&x=1", "x"),
        ("GET", f"{ACCOUNT}/cloudRouteDestinationGroups/one", "cloudRouteGroupId"),
    ],
)
def test_refuses_a_wrong_query_or_path(api: Api, method: str, path: str, attribute: str) -> None:
    assert api.invalid(method, path) == {attribute}


@pytest.mark.parametrize("call", ["clone", "setIsActive"])
def test_required_parts_of_calls(api: Api, call: str) -> None:
    destination = api.destination()
    expected: tuple[str, dict[str, Any], str] = {
        "clone": ("POST", {}, "newDestinationName"),
        "setIsActive": ("PUT", {"json": {}}, "isActive"),
    }[call]
    method, kwargs, attribute = expected
    assert api.invalid(method, f"{destination}/{call}", **kwargs) == {attribute}


def test_refuses_a_body_where_there_is_none(api: Api) -> None:
    destination = api.destination()
    assert api.refused("POST", f"{destination}/clone?newDestinationName=x", json={"destinationName": "x"}) == 400
    assert api.refused("GET", destination, json={}) == 400


@pytest.mark.parametrize(
    ("account", "status", "code"),
    [("654321", 403, "access.denied.exception"), ("777777", 404, "resource.not.found.exception")],
)
def test_other_accounts(api: Api, account: str, status: int, code: str) -> None:
    response = api.call("GET", f"/voice/api/v1/admin/accounts/{account}/cloudRouteDestinationGroups")
    assert (response.status_code, response.json()["errorCode"]) == (status, code)


def test_an_object_is_only_found_under_its_own_parents(api: Api) -> None:
    other = api.ok("POST", f"{ACCOUNT}/cloudRouteDestinationGroups", json={"groupName": "Other"})["cloudGroupId"]
    destination, profile, second = api.destination(), api.profile(), api.profile(profileName="Second")
    assigned = api.assign(profile, destination)
    for path in (
        destination.replace("/1000/", f"/{other}/"),
        profile.replace("/1000/", f"/{other}/"),
        destination.replace("/1000/", "/999/"),
        f"{second}/assignedDestinations/{assigned}",
        f"{DESTINATIONS}/{id_of(destination) + 1}",
    ):
        assert api.refused("GET", path) == 404


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_a_destination_cannot_be_deleted(api: Api, method: str) -> None:
    response = api.call(method, api.destination())
    assert (response.status_code, response.headers["allow"]) == (405, "GET, PUT")


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("GET", f"{ACCOUNT}/cloudRouteProfileGroups", f"GET {ACCOUNT}/cloudRouteProfileGroups"),
        ("GET", "/somewhere", "GET /somewhere"),
        ("POST", "/api/auth/login/admin", "AUTH-direct"),
    ],
)
def test_what_is_not_served_is_named(api: Api, method: str, path: str, named: str) -> None:
    response = api.call(method, path)
    assert response.status_code == 501
    assert named in response.json()["generalMessage"]
