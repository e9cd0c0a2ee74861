"""Tokens and rate limits."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.conftest import ACCOUNT, TOKEN, Api

GROUPS = f"{ACCOUNT}/cloudRouteDestinationGroups"
JWT = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a-jwt"}
CLIENT = ("client", "secret")
EXCHANGE = "/api/auth/login/rc/accesstoken"


def sign_in(api: Api, **changes: Any) -> Any:
    return api.ok("POST", "/restapi/oauth/token", data=JWT | changes, auth=CLIENT)


def exchange(api: Api, token: str = TOKEN, query: str = "?includeRefresh=true") -> httpx.Response:
    return api.call("POST", EXCHANGE + query, data={"rcAccessToken": token, "rcTokenType": "Bearer"})


def groups(api: Api, token: str) -> httpx.Response:
    return api.call("GET", GROUPS, headers={"Authorization": f"Bearer {token}"})


def test_the_whole_way(api: Api) -> None:
    ringex = sign_in(api)
    assert (ringex["token_type"], ringex["expires_in"], ringex["refresh_token_expires_in"]) == ("bearer", 3600, 604800)
    ringcx = exchange(api, ringex["access_token"]).json()
    assert groups(api, ringcx["accessToken"]).status_code == 200
    renewed = api.ok("POST", "/api/auth/token/refresh", data={"refresh_token": ringcx["refreshToken"]})
    assert renewed["refreshToken"] != ringcx["refreshToken"]
    assert groups(api, renewed["accessToken"]).status_code == 200
    assert api.refused("POST", "/api/auth/token/refresh", data={"refresh_token": ringcx["refreshToken"]}) == 401


def test_accounts_that_the_token_sees(api: Api) -> None:
    account = {"accountId": "123456", "accountName": "Emulated account", "mainAccountId": "100000"}
    assert api.ok("GET", "/voice/api/v1/admin/accounts") == [account]


@pytest.mark.parametrize(
    ("authorization", "text"),
    [("", "Jwt is missing"), ("Basic eDp5", "Jwt is missing"), ("Bearer nobody", "Jwt verification fails")],
)
def test_ringcx_tells_401_in_plain_text(api: Api, authorization: str, text: str) -> None:
    response = api.call("GET", GROUPS, headers={"Authorization": authorization})
    assert (response.status_code, response.text) == (401, text)
    assert response.headers["content-type"].startswith("text/plain")


def test_a_ringex_token_is_not_a_ringcx_token(api: Api) -> None:
    assert groups(api, sign_in(api)["access_token"]).status_code == 401


def test_a_ringcx_token_lives_five_minutes(api: Api) -> None:
    token = exchange(api).json()["accessToken"]
    api.advance(299)
    assert groups(api, token).status_code == 200
    api.advance(2)
    response = groups(api, token)
    assert (response.status_code, response.text) == (401, "Jwt is expired")


def test_the_life_of_tokens_can_be_shortened(api: Api) -> None:
    api.faults(switches={"token_lifetime_seconds": 5})
    token = exchange(api).json()["accessToken"]
    api.advance(6)
    assert groups(api, token).status_code == 401


def test_exchange_gives_a_refresh_token_only_on_demand(api: Api) -> None:
    assert "refreshToken" not in exchange(api, query="").json()


def test_exchange_takes_everything_in_the_query_too(api: Api) -> None:
    answer = api.ok("POST", f"{EXCHANGE}?rcAccessToken={TOKEN}&rcTokenType=Bearer&includeRefresh=true")
    assert answer["refreshToken"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"rcAccessToken": TOKEN}, 400),
        ({"rcAccessToken": TOKEN, "rcTokenType": "bearer"}, 400),
        ({"rcAccessToken": TOKEN, "rcTokenType": "Bearer", "scope": "x"}, 400),
        ({"rcAccessToken": "nobody", "rcTokenType": "Bearer"}, 401),
        ({"rcTokenType": "Bearer"}, 401),
    ],
)
def test_exchange_refuses(api: Api, form: dict[str, str], status: int) -> None:
    assert api.refused("POST", EXCHANGE, data=form) == status


@pytest.mark.parametrize(
    ("form", "auth", "status", "code"),
    [
        (JWT, ("bad-client", "secret"), 401, "OAU-146"),
        (JWT, ("client", "bad-secret"), 401, "OAU-146"),
        (JWT, ("client", ""), 401, "OAU-146"),
        (JWT, None, 401, "OAU-146"),
        (JWT | {"assertion": "bad-jwt"}, CLIENT, 401, "OAU-140"),
        (JWT | {"access_token_ttl": "60"}, CLIENT, 400, "CMN-101"),
        (JWT | {"audience": "x"}, CLIENT, 400, "CMN-101"),
        ({"grant_type": "password"}, CLIENT, 400, "CMN-101"),
        ({"grant_type": "refresh_token", "refresh_token": "nobody"}, CLIENT, 400, "OAU-129"),
    ],
)
def test_ringex_refuses(api: Api, form: dict[str, str], auth: Any, status: int, code: str) -> None:
    response = api.call("POST", "/restapi/oauth/token", data=form, auth=auth)
    body = response.json()
    assert (response.status_code, body["errorCode"], body["errors"][0]["errorCode"]) == (status, code, code)


def test_ringex_token_lives_as_long_as_asked(api: Api) -> None:
    token = sign_in(api, access_token_ttl="600")
    assert token["expires_in"] == 600
    api.advance(601)
    assert exchange(api, token["access_token"]).status_code == 401


class TestRingExRefresh:
    @staticmethod
    def refresh(api: Api, token: str) -> httpx.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return api.call("POST", "/restapi/oauth/token", data=form, auth=CLIENT)

    def test_kills_the_old_access_token(self, api: Api) -> None:
        old = sign_in(api)
        new = self.refresh(api, old["refresh_token"]).json()
        assert exchange(api, old["access_token"]).status_code == 401
        assert exchange(api, new["access_token"]).status_code == 200

    def test_answers_the_same_new_token_until_it_is_used(self, api: Api) -> None:
        old = sign_in(api)
        new = self.refresh(api, old["refresh_token"]).json()
        api.advance(1800)
        assert self.refresh(api, old["refresh_token"]).json()["access_token"] == new["access_token"]
        exchange(api, new["access_token"])
        assert self.refresh(api, old["refresh_token"]).status_code == 200
        api.advance(11)
        assert self.refresh(api, old["refresh_token"]).status_code == 400
        assert self.refresh(api, new["refresh_token"]).status_code == 200

    def test_revoke_ends_the_session(self, api: Api) -> None:
        token = sign_in(api)
        for data in ({"token": token["refresh_token"]}, {"token": "nobody"}):
            assert api.call("POST", "/restapi/oauth/revoke", data=data, auth=CLIENT).status_code == 200
        assert exchange(api, token["access_token"]).status_code == 401
        assert self.refresh(api, token["refresh_token"]).status_code == 400


class TestRates:
    def fill(self, api: Api, token: str = TOKEN) -> None:
        for _ in range(120):
            assert groups(api, token).status_code == 200

    def test_120_calls_in_any_minute(self, api: Api) -> None:
        self.fill(api)
        response = groups(api, TOKEN)
        assert (response.status_code, response.json()["errorCode"]) == (429, "rate.limit.exception")
        assert "retry-after" not in response.headers
        api.advance(61)
        assert groups(api, TOKEN).status_code == 200

    def test_by_token(self, api: Api) -> None:
        other = exchange(api).json()["accessToken"]
        self.fill(api)
        assert groups(api, other).status_code == 200

    def test_retry_after_behind_a_switch(self, api: Api) -> None:
        api.faults(switches={"retry_after": True})
        self.fill(api)
        assert 0 < int(groups(api, TOKEN).headers["retry-after"]) <= 60

    def test_can_be_switched_off(self, api: Api) -> None:
        self.fill(api)
        api.faults(switches={"rate_limits": False})
        assert groups(api, TOKEN).status_code == 200

    def test_five_exchanges_a_minute(self, api: Api) -> None:
        assert [exchange(api).status_code for _ in range(6)] == [200] * 5 + [429]

    def test_ringex_tells_its_limits_and_restarts_the_penalty(self, api: Api) -> None:
        def call() -> httpx.Response:
            return api.call("POST", "/restapi/oauth/token", data=JWT, auth=CLIENT)

        first = call()
        assert first.headers["x-rate-limit-group"] == "auth"
        assert (first.headers["x-rate-limit-limit"], first.headers["x-rate-limit-remaining"]) == ("5", "4")
        statuses = [call().status_code for _ in range(5)]
        assert statuses == [200] * 4 + [429]
        api.advance(50)
        late = call()
        assert (late.status_code, late.headers["retry-after"], late.json()["errorCode"]) == (429, "60", "CMN-301")
        api.advance(50)
        assert call().status_code == 429
        api.advance(61)
        assert call().status_code == 200
