"""Signing in: JSON, form, a ready token, refresh, and a second factor that nobody can enter."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import httpx
import pytest

from pulumi_voice_routing.errors import BadRequest, SettingsError
from pulumi_voice_routing.portsip.client import PortSIP
from tests.client.conftest import together

from .conftest import DOMAIN, GROUPS, Clock, PortSipVendor, refusal

GROUP = f"{GROUPS}/NzAw"
FORM, SIGN_IN, REFRESH = "/api/login/oauth/token", "/api/auth/sign_in", "/api/auth/refresh_token"


class Server:
    """Gives out tokens by both ways; only the newest is good."""

    def __init__(self, vendor: PortSipVendor) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.token = ""
        for path in (FORM, SIGN_IN, REFRESH):
            vendor.on("POST", path, self._grant)
        vendor.on("GET", GROUP, self._group)

    def _grant(self, request: httpx.Request) -> httpx.Response:
        text = request.content.decode()
        body = {name: values[0] for name, values in parse_qs(text).items()} if "=" in text else json.loads(text)
        self.calls.append((request.url.path, body))
        self.token = f"token-{len(self.calls)}"
        return httpx.Response(
            200,
            json={"access_token": self.token, "expires_in": 1800, "refresh_token": f"refresh-{len(self.calls)}"},
        )

    def _group(self, request: httpx.Request) -> httpx.Response:
        good = request.headers["Authorization"] == f"Bearer {self.token}"
        return httpx.Response(200, json={"id": "NzAw"}) if good else refusal(401, "UNAUTHORIZED")

    def paths(self) -> list[str]:
        return [path for path, _ in self.calls]


@pytest.fixture
def server(vendor: PortSipVendor, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.delenv("PORTSIP_ACCESS_TOKEN")
    monkeypatch.setenv("PORTSIP_USERNAME", "admin")
    monkeypatch.setenv("PORTSIP_PASSWORD", "the-password")
    monkeypatch.setenv("PORTSIP_DOMAIN", DOMAIN)
    return Server(vendor)


def read(api: PortSIP) -> object:
    return api.get_group("NzAw")


def test_json_goes_first(api: PortSIP, server: Server) -> None:
    assert read(api) == {"id": "NzAw"}
    assert server.calls == [(SIGN_IN, {"username": "admin", "password": "the-password", "domain": DOMAIN})]


@pytest.mark.parametrize("status", [404, 405])
def test_a_server_without_it_gets_the_form(
    api: PortSIP, server: Server, vendor: PortSipVendor, status: int, clock: Clock
) -> None:
    vendor.on("POST", SIGN_IN, refusal(status, "UNKNOWN"))
    assert read(api) == {"id": "NzAw"}
    ((path, form),) = server.calls
    assert path == FORM
    assert form["grant_type"] == "password"
    assert (form["username"], form["password"], form["domain"], form["scope"]) == (
        "admin", "the-password", DOMAIN, "all"
    )  # fmt: skip
    clock.now += 1790
    read(api)
    assert server.calls[1][0] == FORM
    assert server.calls[1][1]["grant_type"] == "refresh_token"
    assert server.calls[1][1]["refresh_token"] == "refresh-1"


@pytest.mark.parametrize(("way", "path"), [("json", SIGN_IN), ("form", FORM)])
def test_the_way_can_be_set(api: PortSIP, server: Server, monkeypatch: pytest.MonkeyPatch, way: str, path: str) -> None:
    monkeypatch.setenv("PORTSIP_SIGN_IN", way)
    read(api)
    assert server.paths() == [path]


def test_json_alone_does_not_fall_back(
    api: PortSIP, server: Server, vendor: PortSipVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTSIP_SIGN_IN", "json")
    vendor.on("POST", SIGN_IN, refusal(404, "UNKNOWN"))
    with pytest.raises(Exception, match="404 UNKNOWN"):
        read(api)
    assert server.calls == []


def test_an_unknown_way(api: PortSIP, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSIP_SIGN_IN", "session")
    with pytest.raises(SettingsError, match="PORTSIP_SIGN_IN is 'session'; it is one of auto, json, form"):
        read(api)


def test_it_is_refreshed_ahead_of_time_with_the_newest_refresh_token(
    api: PortSIP, server: Server, clock: Clock
) -> None:
    for _ in range(3):
        read(api)
        clock.now += 1790
    assert server.paths() == [SIGN_IN, REFRESH, REFRESH]
    assert [body.get("refresh_token") for _, body in server.calls] == [None, "refresh-1", "refresh-2"]


def test_parallel_use_of_a_dead_token_refreshes_it_once(api: PortSIP, server: Server) -> None:
    read(api)
    server.token = "revoked"
    assert together(lambda: read(api)) == [{"id": "NzAw"}] * 16
    assert server.paths() == [SIGN_IN, REFRESH]


def test_a_dead_refresh_token_is_followed_by_a_new_sign_in(api: PortSIP, server: Server, vendor: PortSipVendor) -> None:
    read(api)
    server.token = "revoked"
    vendor.on("POST", REFRESH, refusal(400, "UNKNOWN"))
    assert read(api) == {"id": "NzAw"}
    assert server.paths() == [SIGN_IN, SIGN_IN]


def test_a_second_factor_is_refused_clearly(api: PortSIP, server: Server, vendor: PortSipVendor) -> None:
    answer = {"two_factor_enabled": True, "token": "half-a-token"}
    vendor.on("POST", SIGN_IN, httpx.Response(200, json=answer))
    with pytest.raises(SettingsError) as caught:
        read(api)
    assert str(caught.value) == (
        "portsip: admin signs in with a second factor, which nobody can enter here. Use a tenant administrator without "
        "one, or set PORTSIP_ACCESS_TOKEN."
    )


def test_wrong_credentials(api: PortSIP, server: Server, vendor: PortSipVendor) -> None:
    vendor.on("POST", SIGN_IN, refusal(400, "UNAUTHORIZED", "wrong password the-password"))
    with pytest.raises(BadRequest) as caught:
        read(api)
    assert "Check PORTSIP_USERNAME, PORTSIP_PASSWORD and PORTSIP_DOMAIN." in str(caught.value)
    assert "the-password" not in str(caught.value)
    assert server.calls == []  # a refusal is no reason to try the form


@pytest.mark.parametrize("missing", ["PORTSIP_USERNAME", "PORTSIP_PASSWORD", "PORTSIP_DOMAIN"])
def test_what_is_missing_is_named(api: PortSIP, server: Server, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match=missing):
        read(api)
    assert server.calls == []


def test_a_ready_token_that_is_refused_is_not_renewed(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("GET", GROUP, refusal(401, "UNAUTHORIZED"))
    with pytest.raises(Exception, match="401 UNAUTHORIZED"):
        read(api)
    assert {one.url.path for one in vendor.requests} == {GROUP}
