"""When a call is made again, and what is raised when that does not help."""

from __future__ import annotations

import email.utils
import itertools
import time
from collections.abc import Iterator

import httpx
import pytest

from pulumi_voice_routing.errors import (
    BadRequest,
    Interrupted,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    UnexpectedAnswer,
    Unreachable,
)

from .conftest import Client, Clock, Outcome, Vendor, ok, status

LOST = httpx.ReadTimeout("timed out")
RESET = httpx.RemoteProtocolError("Server disconnected without sending a response.")
REFUSED = httpx.ConnectError("[Errno 111] Connection refused")
SLOW = httpx.ConnectTimeout("timed out")
PROXY = httpx.ProxyError("407 Proxy Authentication Required")
GARBLED = httpx.DecodingError("incorrect header check")
HTML = httpx.Response(200, html="<p>Welcome</p>")
FINE = {"fine": True}

TABLE: list[tuple[str, bool | None, list[Outcome], int, object]] = [
    ("GET", None, [ok()], 1, FINE),
    # 429: the vendor did nothing, so that every call is repeated
    ("GET", None, [status(429), ok()], 2, FINE),
    ("POST", None, [status(429)] * 7 + [ok()], 8, FINE),
    # no connection: nothing was sent
    ("GET", None, [REFUSED, ok()], 2, FINE),
    ("POST", None, [REFUSED, SLOW, PROXY, httpx.PoolTimeout(""), ok()], 5, FINE),
    ("POST", None, [REFUSED], 5, Unreachable),
    ("GET", None, [SLOW], 5, Unreachable),
    # may have taken effect: repeated only when that does no harm
    *[
        row
        for passing in (status(502), status(503), status(504), LOST, RESET, GARBLED)
        for row in (
            ("GET", None, [passing, ok()], 2, FINE),
            ("PUT", None, [passing, ok()], 2, FINE),
            ("DELETE", None, [passing, ok()], 2, FINE),
            ("POST", True, [passing, ok()], 2, FINE),
            ("POST", None, [passing, ok()], 1, OutcomeUnknown),
            ("PUT", False, [passing, ok()], 1, OutcomeUnknown),
        )
    ],
    ("GET", None, [status(503)], 5, ServerError),
    ("GET", None, [LOST], 5, UnexpectedAnswer),
    ("POST", None, [REFUSED, status(429), LOST, ok()], 3, OutcomeUnknown),
    # 500 does not pass by itself, and neither does a page of HTML
    ("GET", None, [status(500), ok()], 1, ServerError),
    ("POST", True, [status(500), ok()], 1, ServerError),
    ("POST", None, [status(500), ok()], 1, OutcomeUnknown),
    ("GET", None, [HTML, ok()], 1, UnexpectedAnswer),
    ("POST", None, [HTML, ok()], 1, OutcomeUnknown),
    # a plain no
    ("POST", None, [status(400), ok()], 1, BadRequest),
    ("POST", None, [status(501), ok()], 1, ServerError),
    ("GET", None, [httpx.Response(302, headers={"Location": "https://elsewhere.test/"}), ok()], 1, UnexpectedAnswer),
]


@pytest.mark.parametrize(("method", "repeatable", "outcomes", "requests", "end"), TABLE)
def test_what_is_repeated(
    client: Client,
    clock: Clock,
    method: str,
    repeatable: bool | None,
    outcomes: list[Outcome],
    requests: int,
    end: object,
) -> None:
    vendor = Vendor(*outcomes)
    ringcx = client(vendor)
    if isinstance(end, type):
        with pytest.raises(end) as raised:
            ringcx.request("X-1", method, "/path", repeatable=repeatable)
        assert raised.type is end
    else:
        assert ringcx.request("X-1", method, "/path", repeatable=repeatable) == end
    assert len(vendor.requests) == requests


def test_the_whole_request_is_sent_again(client: Client, clock: Clock) -> None:
    vendor = Vendor(status(429), REFUSED, ok())
    client(vendor).request("X-1", "POST", "/path", params={"a": "b"}, files={"file": ("f.csv", b"1,2", "text/csv")})
    assert {str(request.url) for request in vendor.requests} == {"https://vendor.test/path?a=b"}
    assert all(b"1,2" in request.read() for request in vendor.requests)


@pytest.mark.parametrize(
    ("retry_after", "shortest"),
    [("7", 7), ("0", 0), ("soon", 0), ("", 0), ("-5", 0), ("²", 0), ("Fri, 31 Dec 99999 99:99:99 GMT", 0)],
)
def test_the_vendor_says_how_long_to_wait(client: Client, clock: Clock, retry_after: str, shortest: float) -> None:
    busy = httpx.Response(429, headers=[(b"retry-after", retry_after.encode("latin-1"))])
    client(Vendor(busy, ok())).request("X-1", "GET", "/path")
    assert len(clock.waits) == 1
    assert clock.waits[0] >= shortest


def test_retry_after_may_be_a_date(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    later = email.utils.formatdate(1_800_000_042, usegmt=True)
    client(Vendor(status(503, headers={"Retry-After": later}), ok())).request("X-1", "GET", "/path")
    assert clock.waits == [42]


def test_a_date_is_one_of_the_vendors_clock(client: Client, clock: Clock) -> None:
    now, later = (email.utils.formatdate(moment, usegmt=True) for moment in (1_500_000_000, 1_500_000_042))
    client(Vendor(status(503, headers={"Retry-After": later, "Date": now}), ok())).request("X-1", "GET", "/path")
    assert clock.waits == [42]


def test_waits_grow(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    client(Vendor(*[status(429)] * 6, ok())).request("X-1", "GET", "/path")
    assert all(shorter < longer for shorter, longer in itertools.pairwise(clock.waits))


@pytest.mark.parametrize("longest", [0, 5, 60])
@pytest.mark.parametrize("outcome", [status(429), status(429, headers={"Retry-After": "40"})])
def test_waits_end_at_the_users_bound(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch, longest: float, outcome: httpx.Response
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", str(longest))
    with pytest.raises(RateLimited):
        client(Vendor(outcome)).request("X-1", "GET", "/path")
    assert sum(clock.waits) <= longest


def test_a_vendor_that_wants_a_longer_wait_than_allowed_is_not_waited_for(client: Client, clock: Clock) -> None:
    with pytest.raises(RateLimited):
        client(Vendor(status(429, headers={"Retry-After": "9" * 400}))).request("X-1", "GET", "/path")
    assert clock.waits == []


@pytest.mark.parametrize("outcome", [status(429), status(503), REFUSED])
def test_an_interrupt_ends_the_wait_at_once(client: Client, clock: Clock, outcome: Outcome) -> None:
    clock.cancel_at_wait = 1
    vendor = Vendor(outcome)
    with pytest.raises(Interrupted):
        client(vendor).request("X-1", "GET", "/path")
    assert len(vendor.requests) == 1


def test_a_call_that_the_rate_does_not_allow_in_time_is_not_sent(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "30")
    vendor = Vendor(ok())
    ringcx = client(vendor, requests_per_minute=1)
    ringcx.request("X-1", "POST", "/path")
    with pytest.raises(RateLimited, match="not sent"):
        ringcx.request("X-1", "POST", "/path")
    assert len(vendor.requests) == 1
    assert clock.waits == []


def test_repeats_count_for_the_rate(client: Client, clock: Clock) -> None:
    sent_at: list[float] = []

    def busy(request: httpx.Request) -> httpx.Response:
        sent_at.append(clock.now)
        return status(429) if len(sent_at) < 6 else ok()

    client(Vendor(busy), requests_per_minute=2).request("X-1", "GET", "/path")
    assert all(third - first >= 60 - 1e-6 for first, third in zip(sent_at, sent_at[2:], strict=False))


class Dripping(httpx.SyncByteStream):
    """An answer whose next byte always comes in time, and whose end does not come at all."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        while self._clock.now < 100_000:
            self._clock.now += 10
            yield b" "


@pytest.mark.parametrize("code", [200, 401, 500])
def test_an_answer_without_an_end_is_given_up(client: Client, clock: Clock, code: int) -> None:
    vendor = Vendor(lambda request: httpx.Response(code, stream=Dripping(clock)))
    with pytest.raises(UnexpectedAnswer, match="the answer did not end in time"):
        client(vendor).request("X-1", "GET", "/path")
    assert clock.now - 1000 <= 320


def test_an_answer_may_take_its_time(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "0")

    def slow(request: httpx.Request) -> httpx.Response:
        def chunks() -> Iterator[bytes]:
            for chunk in (b'{"fine"', b": ", b"true}"):
                clock.now += 9
                yield chunk

        return httpx.Response(200, content=chunks())

    assert client(Vendor(slow)).request("X-1", "GET", "/path") == FINE
