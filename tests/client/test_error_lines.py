"""The exact line of each kind of failure. It is all that a user sees."""

from __future__ import annotations

import inspect

import httpx
import pytest

from pulumi_voice_routing import errors
from pulumi_voice_routing.errors import ApiError, VoiceRoutingError, one_line

from .conftest import Client, Clock, Outcome, Vendor, ok, status

GROUP = "/voice/api/v1/admin/accounts/123456/cloudRouteDestinationGroups/7"
DENIED = {
    "errorCode": "access.denied.exception",
    "generalMessage": "You do not have permission to access this resource",
    "timestamp": 1,
}
INVALID = {
    "errorCode": "validation.exception",
    "generalMessage": "The supplied data is not valid",
    "details": "not shown when fields are named",
    "validationErrors": [
        {"attributeName": "destinationName", "value": "", "message": "may not be empty"},
        {"attributeName": "ringDuration", "value": -1, "message": "must be positive"},
    ],
}

TABLE: list[tuple[Outcome, str]] = [
    (
        status(400, json=INVALID),
        "400 validation.exception - The supplied data is not valid; destinationName: may not be empty; "
        "ringDuration: must be positive. Correct the values named here; nothing was changed.",
    ),
    (
        httpx.Response(401, text="Jwt is expired", headers={"Content-Type": "text/plain"}),
        "401 - Jwt is expired. Check the access token or the sign-in settings.",
    ),
    (
        status(403, json=DENIED),
        "403 access.denied.exception - You do not have permission to access this resource. "
        "Give the signed-in user the right to this object, or sign in as one who has it.",
    ),
    (
        status(404, json={"generalMessage": "The resource you have requested does not exist", "details": "group 7"}),
        "404 - The resource you have requested does not exist; group 7. "
        "Check the ids and the account; `pulumi refresh` finds out what was removed by hand.",
    ),
    (
        status(409, json={"errorCode": "conflict.exception", "developerMessage": "Assigned already."}),
        "409 conflict.exception - Assigned already. Change or deactivate what it clashes with first.",
    ),
    (httpx.Response(418), "418 - I'm a teapot."),
    (
        httpx.Response(429),
        "429 - Too Many Requests. Run again in a minute, or raise VOICE_ROUTING_MAX_WAIT_SECONDS.",
    ),
    (
        status(500, json={"generalMessage": "An Internal Server Error occurred"}, headers={"X-Request-Id": "r-1"}),
        "500 - An Internal Server Error occurred. (request r-1) The fault is on the vendor's side; run again later.",
    ),
    (
        httpx.Response(502, html="<html><body>Bad gateway</body></html>"),
        "502 - a page of HTML, perhaps from a proxy. The fault is on the vendor's side; run again later.",
    ),
    (
        httpx.Response(200, html="<html>"),
        "200 with text/html that is not JSON. Check the base URL, and whether a proxy answers in the vendor's place.",
    ),
    (
        httpx.Response(307, headers={"Location": "https://elsewhere.test/"}),
        "307 sends us elsewhere, which no call follows. Check the base URL.",
    ),
    (
        httpx.ConnectError("[Errno 111] Connection refused"),
        "cannot connect to vendor.test:443 ([Errno 111] Connection refused). "
        "Check the base URL, the network and the proxy settings; nothing was sent.",
    ),
    (
        httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"),
        "the server's certificate is not trusted. If it is your own, name its authority in VOICE_ROUTING_CA_FILE. "
        "([SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed)",
    ),
    (httpx.ReadTimeout("timed out"), "no answer (timed out)."),
    (httpx.ReadError(""), "no answer (ReadError)."),
]


@pytest.mark.parametrize(("outcome", "line"), TABLE)
def test_lines_of_calls(client: Client, clock: Clock, outcome: Outcome, line: str) -> None:
    with pytest.raises(VoiceRoutingError) as raised:
        client(Vendor(outcome)).get_group("7")
    assert str(raised.value) == f"ringcx: CRb-03 GET {GROUP}: {line}"


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (
            httpx.ReadTimeout("timed out"),
            "ringcx: X-1 POST /path: no answer (timed out). It may or may not have taken effect.",
        ),
        (
            status(503, json={}),
            "ringcx: X-1 POST /path: 503 - Service Unavailable. The fault is on the vendor's side; run again later. "
            "It may or may not have taken effect.",
        ),
    ],
)
def test_lines_of_unknown_outcomes(client: Client, clock: Clock, outcome: Outcome, line: str) -> None:
    with pytest.raises(errors.OutcomeUnknown) as raised:
        client(Vendor(outcome)).request("X-1", "POST", "/path")
    assert str(raised.value) == line


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ({"a": 1}, "ringcx: CR-01: a list of objects was expected, not a dict."),
        ([1], "ringcx: CR-01: a list of objects was expected, not a list."),
        (None, "ringcx: CR-01: a list of objects was expected, not nothing."),
    ],
)
def test_lines_of_lists_that_are_none(client: Client, answer: object, line: str) -> None:
    with pytest.raises(errors.UnexpectedAnswer) as raised:
        client(Vendor(httpx.Response(200, json=answer))).list_groups()
    assert str(raised.value) == line


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ([], "ringcx: CRb-03: an object was expected, not a list."),
        ({}, "ringcx: CRb-03: an object with cloudGroupId was expected."),
        ({"cloudGroupId": True}, "ringcx: CRb-03: an object with cloudGroupId was expected."),
    ],
)
def test_lines_of_objects_that_are_none(client: Client, answer: object, line: str) -> None:
    with pytest.raises(errors.UnexpectedAnswer) as raised:
        client(Vendor(httpx.Response(200, json=answer))).get_group("7")
    assert str(raised.value) == line


def test_the_rate_of_our_own_has_a_line_too(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "0")
    ringcx = client(Vendor(ok()), requests_per_minute=1)
    ringcx.request("X-1", "GET", "/path")
    with pytest.raises(errors.RateLimited) as raised:
        ringcx.request("X-1", "GET", "/path")
    assert str(raised.value) == (
        "ringcx: X-1 GET /path: 429 - not sent: the 1 calls a minute that are allowed are used up. "
        "Run again in a minute, or raise VOICE_ROUTING_MAX_WAIT_SECONDS."
    )


def test_an_interrupted_wait_has_a_line_too(client: Client, clock: Clock) -> None:
    clock.cancel_at_wait = 1
    with pytest.raises(errors.Interrupted) as raised:
        client(Vendor(status(503))).request("X-1", "GET", "/path")
    assert str(raised.value) == "ringcx: X-1 is repeated: stopped while waiting, as asked"


@pytest.mark.parametrize(
    ("status_code", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (599, errors.ServerError),
        (402, ApiError),
    ],
)
def test_each_status_has_its_class(status_code: int, kind: type[ApiError]) -> None:
    assert ApiError.of(status_code) is kind


def test_the_tree_of_errors_is_public_and_complete() -> None:
    kinds = [
        name
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, VoiceRoutingError) and kind.__module__ == errors.__name__
    ]
    assert sorted([*kinds, "one_line"]) == sorted(errors.__all__)
    assert all(name in str(errors.__doc__) for name in kinds)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n  two\r\n\tthree ", "one two three"),
        ("\x1b[31mred\x1b[0m \x1b[2J", "red"),
        ("bell\x07 null\x00 del\x7f", "bell null del"),
        ("turned \u202earound\u202c and \u200binvisible", "turned around and invisible"),
        ("half \ud800 a pair", "half  a pair"),
        ("next\u2028line\u2029and\x85more", "next line and more"),
        ("Grüße an 東京", "Grüße an 東京"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
    assert str(VoiceRoutingError(text)) == line
