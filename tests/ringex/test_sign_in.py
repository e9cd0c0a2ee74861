"""Signing in: a ready token, a JWT credential, refresh tokens that are good once, and one sign-in for all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx
import pytest

from pulumi_voice_routing.errors import SettingsError, Unauthorized, VoiceRoutingError
from pulumi_voice_routing.ringex.client import RingEX
from tests.client.conftest import together

from .conftest import CREDENTIALS, EXTENSION, TOKEN, Clock, RingExVendor

RULE = f"{EXTENSION}/answering-rule/1"


class SignIn:
    """Gives out tokens; only the newest is good, and each refresh token is good once."""

    def __init__(self, vendor: RingExVendor) -> None:
        self.forms: list[dict[str, str]] = []
        self.token = ""
        self.refresh = ""
        self.given = 0
        self._lock = threading.Lock()
        self._vendor = vendor
        self.instead: httpx.Response | None = None
        vendor.on("POST", TOKEN, self._answer)
        vendor.on("GET", RULE, self._rule)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
            self.forms.append(form)
            if self.instead is not None:
                return self.instead
            if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
                return httpx.Response(400, json={"error": "invalid_grant", "error_description": "used"})
            self.given += 1
            self.token, self.refresh = f"access-{self.given}", f"refresh-{self.given}"
            return httpx.Response(
                200, json={"access_token": self.token, "refresh_token": self.refresh, "expires_in": 3600}
            )

    def _rule(self, request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != f"Bearer {self.token}":
            return httpx.Response(401, json={"errorCode": "OAU-128", "message": "Access token expired"})
        return httpx.Response(200, json={"id": "1"})


@pytest.fixture
def sign_in(vendor: RingExVendor, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    monkeypatch.delenv("RINGEX_ACCESS_TOKEN")
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return SignIn(vendor)


def read(api: RingEX) -> object:
    return api.request("EX-02", "GET", RULE)


def test_a_jwt_credential(api: RingEX, sign_in: SignIn, vendor: RingExVendor) -> None:
    assert read(api) == {"id": "1"}
    assert sign_in.forms == [
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": CREDENTIALS["RINGEX_JWT"]}
    ]
    (request,) = vendor.seen("POST", TOKEN)
    assert request.headers["Authorization"].startswith("Basic ")
    assert CREDENTIALS["RINGEX_JWT"] not in str(request.url)


def test_one_sign_in_for_all_threads(api: RingEX, sign_in: SignIn) -> None:
    assert together(lambda: read(api)) == [{"id": "1"}] * 16
    assert len(sign_in.forms) == 1


def test_it_is_renewed_ahead_of_time_by_its_own_life(api: RingEX, sign_in: SignIn, clock: Clock) -> None:
    read(api)
    clock.now += 3500
    read(api)
    clock.now += 60
    read(api)
    assert [form["grant_type"].rpartition(":")[2] for form in sign_in.forms] == ["jwt-bearer", "refresh_token"]
    assert sign_in.forms[1]["refresh_token"] == "refresh-1"


def test_parallel_use_of_a_dead_token_refreshes_it_once(api: RingEX, sign_in: SignIn) -> None:
    read(api)
    sign_in.token = "revoked"
    assert together(lambda: read(api)) == [{"id": "1"}] * 16
    assert [form.get("refresh_token") for form in sign_in.forms] == [None, "refresh-1"]


def test_each_refresh_uses_the_newest_refresh_token(api: RingEX, sign_in: SignIn) -> None:
    read(api)
    for _ in range(4):
        sign_in.token = "revoked"
        assert together(lambda: read(api), threads=8) == [{"id": "1"}] * 8
    assert [form.get("refresh_token") for form in sign_in.forms] == [
        None, "refresh-1", "refresh-2", "refresh-3", "refresh-4"
    ]  # fmt: skip


def test_a_dead_refresh_token_is_followed_by_a_new_sign_in(api: RingEX, sign_in: SignIn) -> None:
    read(api)
    sign_in.token = sign_in.refresh = "revoked"
    assert read(api) == {"id": "1"}
    assert [form["grant_type"].rpartition(":")[2] for form in sign_in.forms] == [
        "jwt-bearer", "refresh_token", "jwt-bearer"
    ]  # fmt: skip


def test_credentials_that_are_refused(api: RingEX, sign_in: SignIn) -> None:
    sign_in.instead = httpx.Response(401, json={"errorCode": "OAU-146", "message": "Invalid client"})
    answers = together(lambda: read(api), threads=4)
    assert {str(one) for one in answers} == {
        f"ringex: token POST {TOKEN}: 401 OAU-146 - Invalid client. "
        "Check RINGEX_CLIENT_ID, RINGEX_CLIENT_SECRET and RINGEX_JWT."
    }
    assert all(isinstance(one, Unauthorized) for one in answers)


def test_a_ready_token_that_is_refused_is_not_renewed(api: RingEX, vendor: RingExVendor) -> None:
    SignIn(vendor)
    with pytest.raises(Unauthorized, match="OAU-128"):
        read(api)
    assert vendor.seen("POST", TOKEN) == []


@pytest.mark.parametrize("missing", ["RINGEX_JWT", "RINGEX_CLIENT_ID", "RINGEX_CLIENT_SECRET"])
def test_what_is_missing_is_named(api: RingEX, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match=missing):
        read(api)
    assert sign_in.forms == []


def test_no_secret_is_in_an_error(new_client: Callable[..., RingEX], sign_in: SignIn) -> None:
    said = f"bad assertion {CREDENTIALS['RINGEX_JWT']} of {CREDENTIALS['RINGEX_CLIENT_SECRET']}"
    sign_in.instead = httpx.Response(400, json={"error": "invalid_grant", "error_description": said})
    with pytest.raises(VoiceRoutingError) as caught:
        read(new_client())
    for secret in CREDENTIALS.values():
        assert secret == "client" or secret not in str(caught.value)
