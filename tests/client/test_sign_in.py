"""Tokens: exchanged, refreshed ahead of time, once for all threads, and never in a URL."""

from __future__ import annotations

import threading
from urllib.parse import parse_qs

import httpx
import pytest

from pulumi_voice_routing.errors import (
    Forbidden,
    ServerError,
    SettingsError,
    Unauthorized,
    UnexpectedAnswer,
    VoiceRoutingError,
)

from .conftest import Client, Clock, Outcome, Vendor, ok, status, together

EXCHANGE = "/api/auth/login/rc/accesstoken"
REFRESH = "/api/auth/token/refresh"
RINGEX = "/restapi/oauth/token"
EXPIRED = httpx.Response(401, text="Jwt is expired", headers={"Content-Type": "text/plain"})


class SignIn:
    """A vendor with sign-in: each token that it gives out is a new one, and only the newest is good."""

    def __init__(self) -> None:
        self.given = 0
        self.calls: list[tuple[str, dict[str, list[str]]]] = []
        self.requests: list[httpx.Request] = []
        self.instead: dict[str, Outcome] = {}
        self.expired: set[str] = set()
        self.vendor = Vendor(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path not in (EXCHANGE, REFRESH, RINGEX):
            token = request.headers["Authorization"].removeprefix("Bearer ")
            return EXPIRED if token in self.expired else ok({"token": token})
        self.requests.append(request)
        self.calls.append((path, parse_qs(request.content.decode())))
        instead = self.instead.get(path)
        if isinstance(instead, Exception):
            raise instead
        if instead is not None:
            return instead if isinstance(instead, httpx.Response) else instead(request)
        self.given += 1
        if path == RINGEX:
            return ok({"access_token": f"ringex-{self.given}"})
        return ok({"accessToken": f"token-{self.given}", "refreshToken": f"refresh-{self.given}"})

    def paths(self) -> list[str]:
        return [path for path, _ in self.calls]


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> SignIn:
    monkeypatch.delenv("RINGCX_ACCESS_TOKEN")
    monkeypatch.setenv("RINGEX_ACCESS_TOKEN", "ringex-ready")
    return SignIn()


@pytest.fixture
def jwt(monkeypatch: pytest.MonkeyPatch, sign_in: SignIn) -> SignIn:
    monkeypatch.delenv("RINGEX_ACCESS_TOKEN")
    monkeypatch.setenv("RINGEX_CLIENT_ID", "app")
    monkeypatch.setenv("RINGEX_CLIENT_SECRET", "app-secret")
    monkeypatch.setenv("RINGEX_JWT", "the-jwt-credential")
    monkeypatch.setenv("RINGEX_BASE_URL", "https://ringex.test")
    return sign_in


def test_a_ringex_token_is_exchanged_in_a_form(client: Client, sign_in: SignIn) -> None:
    assert client(sign_in.vendor).request("X-1", "GET", "/path") == {"token": "token-1"}
    assert sign_in.calls == [(EXCHANGE, {"rcAccessToken": ["ringex-ready"], "rcTokenType": ["Bearer"]})]
    (request,) = sign_in.requests
    assert str(request.url) == f"https://vendor.test{EXCHANGE}?includeRefresh=true"
    assert request.method == "POST"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers


def test_a_jwt_becomes_a_ringex_token_first(client: Client, jwt: SignIn) -> None:
    assert client(jwt.vendor).request("X-1", "GET", "/path") == {"token": "token-2"}
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert jwt.calls == [
        (RINGEX, {"grant_type": [grant], "assertion": ["the-jwt-credential"]}),
        (EXCHANGE, {"rcAccessToken": ["ringex-1"], "rcTokenType": ["Bearer"]}),
    ]
    assert str(jwt.requests[0].url) == f"https://ringex.test{RINGEX}"
    assert jwt.requests[0].headers["Authorization"] == "Basic YXBwOmFwcC1zZWNyZXQ="


def test_a_token_serves_for_240_seconds_and_is_then_refreshed(client: Client, clock: Clock, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    seen = []
    for seconds in (0, 120, 120, 1, 240, 1):
        clock.now += seconds
        seen.append(ringcx.request("X-1", "GET", "/path")["token"])
    assert seen == ["token-1", "token-1", "token-1", "token-2", "token-2", "token-3"]
    assert sign_in.calls[1:] == [
        (REFRESH, {"refresh_token": ["refresh-1"]}),
        (REFRESH, {"refresh_token": ["refresh-2"]}),
    ]
    assert all("?" not in str(request.url) for request in sign_in.requests[1:])


@pytest.mark.parametrize(
    "failure",
    [
        status(400),
        status(401),
        status(500),
        status(503),
        httpx.ReadTimeout("timed out"),
        httpx.Response(200, html="<p>"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"accessToken": 5}),
    ],
)
def test_a_refresh_that_fails_is_followed_by_an_exchange(
    client: Client, clock: Clock, sign_in: SignIn, failure: Outcome
) -> None:
    ringcx = client(sign_in.vendor)
    ringcx.request("X-1", "GET", "/path")
    sign_in.instead[REFRESH] = failure
    clock.now += 241
    assert ringcx.request("X-1", "GET", "/path") == {"token": "token-2"}
    assert sign_in.paths() == [EXCHANGE, REFRESH, EXCHANGE]


@pytest.mark.parametrize("refresh_token", [None, "", 5, {}])
def test_without_a_refresh_token_there_is_another_exchange(
    client: Client, clock: Clock, sign_in: SignIn, refresh_token: object
) -> None:
    sign_in.instead[EXCHANGE] = ok({"accessToken": "token-a", "refreshToken": refresh_token})
    ringcx = client(sign_in.vendor)
    ringcx.request("X-1", "GET", "/path")
    clock.now += 241
    ringcx.request("X-1", "GET", "/path")
    assert sign_in.paths() == [EXCHANGE, EXCHANGE]


def test_a_401_renews_once_and_repeats_once(client: Client, sign_in: SignIn) -> None:
    sign_in.expired = {"token-1"}
    assert client(sign_in.vendor).request("X-1", "GET", "/path") == {"token": "token-2"}
    assert sign_in.paths() == [EXCHANGE, REFRESH]


def test_a_file_is_sent_again_as_a_whole_after_a_401(client: Client, sign_in: SignIn) -> None:
    sign_in.expired = {"token-1"}
    file = {"file": ("hours.csv", b"1001,50,50", "text/csv")}
    client(sign_in.vendor).request("X-1", "POST", "/path", files=file)
    sent = [request.read() for request in sign_in.vendor.requests if request.url.path == "/path"]
    assert len(sent) == 2
    assert all(b"1001,50,50" in body for body in sent)


def test_the_repeat_after_a_401_counts_for_the_rate(client: Client, clock: Clock, sign_in: SignIn) -> None:
    sign_in.expired = {"token-1"}
    client(sign_in.vendor, requests_per_minute=1).request("X-1", "GET", "/path")
    assert clock.waits == [60]


def test_a_second_401_is_one_line(client: Client, sign_in: SignIn) -> None:
    sign_in.expired = {"token-1", "token-2"}
    with pytest.raises(Unauthorized) as raised:
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert str(raised.value) == (
        "ringcx: X-1 GET /path: 401 - Jwt is expired. Check the access token or the sign-in settings."
    )
    assert sign_in.paths() == [EXCHANGE, REFRESH]


def test_a_token_that_is_refused_right_after_a_renewal_is_not_renewed_again(
    client: Client, clock: Clock, sign_in: SignIn
) -> None:
    """Five exchanges a minute are allowed, and another token would be refused like this one."""
    sign_in.expired = {f"token-{number}" for number in range(1, 99)}
    ringcx = client(sign_in.vendor)
    for _ in range(10):
        with pytest.raises(Unauthorized, match="Jwt is expired"):
            ringcx.request("X-1", "GET", "/path")
    assert sign_in.paths() == [EXCHANGE, REFRESH]
    clock.now += 60
    sign_in.expired = {"token-2"}
    assert ringcx.request("X-1", "GET", "/path") == {"token": "token-3"}


def test_a_token_that_served_is_worth_another_one_at_any_time(client: Client, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    for number in range(1, 5):
        sign_in.expired = {f"token-{number}"}
        assert ringcx.request("X-1", "GET", "/path") == {"token": f"token-{number + 1}"}


def test_a_renewal_that_fails_leaves_no_empty_token_behind(client: Client, clock: Clock, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    ringcx.request("X-1", "GET", "/path")
    sign_in.expired = {"token-1"}
    sign_in.instead = {EXCHANGE: status(500), REFRESH: status(500)}
    for _ in range(2):
        with pytest.raises(ServerError, match="token exchange"):
            ringcx.request("X-1", "GET", "/path")
    sign_in.instead.clear()
    assert ringcx.request("X-1", "GET", "/path") == {"token": "token-2"}
    assert "Bearer" not in {request.headers.get("Authorization", "none").strip() for request in sign_in.vendor.requests}


def test_no_more_exchanges_are_sent_than_a_minute_allows(client: Client, clock: Clock, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor, requests_per_minute=120)
    sign_in.instead[EXCHANGE] = status(403)
    for _ in range(6):
        with pytest.raises(Forbidden):
            ringcx.request("X-1", "GET", "/path")
    assert clock.waits == [60]


def test_a_ready_made_token_is_used_as_it_is_and_never_renewed(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", "my-own")
    ringcx = client(sign_in.vendor)
    assert ringcx.request("X-1", "GET", "/path") == {"token": "my-own"}
    sign_in.expired = {"my-own"}
    with pytest.raises(Unauthorized, match="Jwt is expired"):
        ringcx.request("X-1", "GET", "/path")
    assert sign_in.calls == []
    assert len(sign_in.vendor.requests) == 2


def test_sixteen_threads_share_one_exchange(client: Client, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    assert together(lambda: ringcx.request("X-1", "GET", "/path")) == [{"token": "token-1"}] * 16
    assert sign_in.paths() == [EXCHANGE]


def test_sixteen_threads_with_a_401_share_one_renewal(client: Client, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    ringcx.request("X-1", "GET", "/path")
    sign_in.expired = {"token-1"}
    assert together(lambda: ringcx.request("X-1", "GET", "/path")) == [{"token": "token-2"}] * 16
    assert sign_in.paths() == [EXCHANGE, REFRESH]


def test_threads_that_wait_for_a_sign_in_share_its_failure(client: Client, sign_in: SignIn) -> None:
    """Five exchanges a minute are allowed: not every thread may find out for itself that the token is wrong."""
    begun, go_on = threading.Event(), threading.Event()

    def refuse(request: httpx.Request) -> httpx.Response:
        begun.set()
        go_on.wait()
        return status(403)

    sign_in.instead[EXCHANGE] = refuse
    ringcx = client(sign_in.vendor)
    errors: list[Exception] = []

    def ask() -> None:
        try:
            ringcx.request("X-1", "GET", "/path")
        except VoiceRoutingError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    threads[0].start()
    begun.wait()
    for thread in threads[1:]:
        thread.start()
    waiting = threading.Timer(0.2, go_on.set)  # time for the others to come; what they get is the same without it
    waiting.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in errors] == [Forbidden] * 8
    assert len(sign_in.calls) < 8


def test_a_failure_does_not_last(client: Client, sign_in: SignIn) -> None:
    ringcx = client(sign_in.vendor)
    sign_in.instead[EXCHANGE] = status(403)
    with pytest.raises(Forbidden):
        ringcx.request("X-1", "GET", "/path")
    del sign_in.instead[EXCHANGE]
    assert ringcx.request("X-1", "GET", "/path") == {"token": "token-1"}


def test_a_sign_in_that_cannot_connect_is_not_tried_by_every_try_of_the_call(
    client: Client, clock: Clock, sign_in: SignIn
) -> None:
    sign_in.instead[EXCHANGE] = httpx.ConnectError("refused")
    with pytest.raises(VoiceRoutingError):
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert sign_in.paths() == [EXCHANGE] * 5


def test_sign_in_waits_no_longer_than_allowed(
    client: Client, clock: Clock, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "20")
    sign_in.instead[EXCHANGE] = status(429, headers={"Retry-After": "9"})
    with pytest.raises(VoiceRoutingError, match="429"):
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert 9 <= sum(clock.waits) <= 20


EXCHANGE_LINE = f"ringcx: token exchange POST {EXCHANGE}: "
ADVICE = "Check the sign-in settings, and that the RingEX user may use RingCX."


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (status(401, json={"message": "bad token"}), f"{EXCHANGE_LINE}401 - bad token. {ADVICE}"),
        (httpx.Response(401, text="Jwt is expired"), f"{EXCHANGE_LINE}401 - Jwt is expired. {ADVICE}"),
        (
            status(403, json={"errorCode": "access.denied.exception", "generalMessage": "No."}),
            f"{EXCHANGE_LINE}403 access.denied.exception - No. {ADVICE}",
        ),
        (httpx.Response(200, json={}), "ringcx: token exchange: the answer holds no accessToken."),
        (httpx.Response(200, json=["x"]), "ringcx: token exchange: the answer holds no accessToken."),
        (
            httpx.Response(200, html="<p>"),
            f"{EXCHANGE_LINE}200 with text/html that is not JSON. "
            "Check the base URL, and whether a proxy answers in the vendor's place.",
        ),
    ],
)
def test_lines_of_the_exchange(client: Client, sign_in: SignIn, answer: Outcome, line: str) -> None:
    sign_in.instead[EXCHANGE] = answer
    with pytest.raises(VoiceRoutingError) as raised:
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert str(raised.value) == line


def test_the_line_of_a_refused_jwt(client: Client, jwt: SignIn) -> None:
    jwt.instead[RINGEX] = status(400, json={"error": "invalid_grant", "error_description": "the-jwt-credential is bad"})
    with pytest.raises(VoiceRoutingError) as raised:
        client(jwt.vendor).request("X-1", "GET", "/path")
    assert str(raised.value) == (
        "ringex: token POST /restapi/oauth/token: 400 invalid_grant - *** is bad. "
        "Check RINGEX_CLIENT_ID, RINGEX_CLIENT_SECRET and RINGEX_JWT."
    )


def test_a_ringex_answer_without_a_token_is_one_line(client: Client, jwt: SignIn) -> None:
    jwt.instead[RINGEX] = ok({"access_token": None})
    with pytest.raises(UnexpectedAnswer, match="ringex: token: the answer holds no access_token"):
        client(jwt.vendor).request("X-1", "GET", "/path")


def test_nothing_to_sign_in_with_is_one_line(client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RINGEX_ACCESS_TOKEN")
    with pytest.raises(SettingsError) as raised:
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert str(raised.value) == (
        "ringcx: no way to sign in is set. Set RINGCX_ACCESS_TOKEN, or RINGEX_ACCESS_TOKEN, or RINGEX_CLIENT_ID, "
        "RINGEX_CLIENT_SECRET and RINGEX_JWT; for example run: "
        "pulumi config set --secret voice-routing:ringcxAccessToken VALUE"
    )
    assert sign_in.vendor.requests == []


@pytest.mark.parametrize("missing", ["RINGEX_CLIENT_ID", "RINGEX_CLIENT_SECRET"])
def test_half_a_sign_in_names_the_other_half(
    client: Client, jwt: SignIn, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(SettingsError, match=f"Set {missing}, or run: pulumi config set"):
        client(jwt.vendor).request("X-1", "GET", "/path")


@pytest.mark.parametrize("token", ["to\nken", "tökén", "to\x00ken"])
def test_a_token_that_cannot_be_one_is_a_line(
    client: Client, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    if "\x00" in token:
        sign_in.instead[EXCHANGE] = ok({"accessToken": token})
    else:
        monkeypatch.setenv("RINGCX_ACCESS_TOKEN", token)
    with pytest.raises(SettingsError, match="holds characters that no token has") as raised:
        client(sign_in.vendor).request("X-1", "GET", "/path")
    assert token not in str(raised.value)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_token_never_goes_to_another_host(client: Client, sign_in: SignIn, code: int) -> None:
    away = httpx.Response(code, headers={"Location": "https://elsewhere.test/path"})
    for path in (EXCHANGE, REFRESH):
        sign_in.instead[path] = away
    with pytest.raises(UnexpectedAnswer, match="which no call follows"):
        client(sign_in.vendor).request("X-1", "GET", "/path")
    elsewhere = Vendor(away)
    sign_in.instead.clear()
    sign_in.vendor.outcomes = [sign_in.answer, *elsewhere.outcomes]
    with pytest.raises(UnexpectedAnswer, match="which no call follows"):
        client(sign_in.vendor).request("X-1", "POST", "/path")
    assert {request.url.host for request in sign_in.vendor.requests} == {"vendor.test"}
