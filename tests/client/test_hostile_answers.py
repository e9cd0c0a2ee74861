"""Whatever comes back: a value, or one clean line of reasonable length."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_voice_routing.errors import ApiError, VoiceRoutingError
from pulumi_voice_routing.ringcx.client import RingCX

from .conftest import ACCOUNTS, BASE, Vendor, ok

LONGEST = 4000

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ["errorCode", "generalMessage", "developerMessage", "details", "validationErrors", "cloudGroupId", "groupName"]
objects = st.dictionaries(st.sampled_from(FIELDS), anything) | anything
answers = objects | st.lists(objects, max_size=3)

CALLS: list[Callable[[RingCX], Any]] = [
    lambda api: api.list_groups(),
    lambda api: api.get_group("7"),
    lambda api: api.create_group({"groupName": "x"}),
    lambda api: api.update_group("7", {"groupName": "x"}),
    lambda api: api.delete_group("7"),
    lambda api: api.clone_destination("7", "8", "x"),
    lambda api: api.set_destination_active("7", "8", True),
    lambda api: api.export_hours("7", "8"),
    lambda api: api.list_profiles_of_destination("7", "8"),
]


def clean(error: Exception) -> None:
    line = str(error)
    assert 0 < len(line) <= LONGEST
    assert line.isprintable()
    line.encode()


def value_or_line(call: Callable[[RingCX], Any], response: httpx.Response) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        ours = ok([{"accountId": "123456"}])
        return ours if request.url.path == ACCOUNTS else response

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "0")
        api = RingCX(BASE, "123456", 0, Vendor(answer).transport)
        try:
            call(api)
        except VoiceRoutingError as error:
            clean(error)
        finally:
            api.close()


@pytest.mark.parametrize("call", CALLS)
@given(answer=answers, status=st.sampled_from([200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 503]))
@settings(max_examples=40)
def test_any_json(call: Callable[[RingCX], Any], answer: Any, status: int) -> None:
    value_or_line(call, httpx.Response(status, content=json.dumps(answer).encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("call", CALLS)
@given(
    content=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/html", "text/plain; charset=utf-7", "x;charset=nope", ""]),
    status=st.sampled_from([200, 302, 400, 503]),
)
@settings(max_examples=25)
def test_any_bytes(call: Callable[[RingCX], Any], content: bytes, kind: str, status: int) -> None:
    value_or_line(call, httpx.Response(status, content=content, headers={"Content-Type": kind}))


HUGE = "long " * 2_000_000
BODIES: dict[str, bytes] = {
    "ten megabytes of message": json.dumps({"generalMessage": HUGE}).encode(),
    "ten megabytes of text": HUGE.encode(),
    "ten megabytes that look like tokens": ("eyJ-" * 2_500_000).encode(),
    "a huge code": json.dumps({"errorCode": HUGE}).encode(),
    "many fields": json.dumps({"validationErrors": [{"attributeName": "a", "message": "b" * 100}] * 9999}).encode(),
    "line breaks": json.dumps({"generalMessage": "one\ntwo\r\n\u2028three"}).encode(),
    "terminal codes": json.dumps({"generalMessage": "\x1b[31mred\x1b]0;title\x07\x9b1m"}).encode(),
    "half a pair": b'{"generalMessage": "\\ud800"}',
    "numbers for text": b'{"errorCode": 5, "generalMessage": 1e999, "details": true}',
    "lists for text": b'{"errorCode": ["a", null, {"b": 1}], "generalMessage": [[1, [2]]], "validationErrors": "x"}',
    "objects for text": b'{"errorCode": {"a":1}, "generalMessage": {}, "validationErrors": [1, null, {"message": []}]}',
    "nulls": b'{"errorCode": null, "generalMessage": null, "validationErrors": null, "details": null}',
    "null": b"null",
    "a list": b'["a", 1, null]',
    "not UTF-8": b'{"generalMessage": "\xff\xfe"}',
    "nested too deeply": b'{"generalMessage": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nested nearly too deeply": b'{"details": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    "a number of ten thousand digits": b'{"details": ' + b"9" * 10_000 + b"}",
    "nothing": b"",
}


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_error_bodies(body: bytes, status: int) -> None:
    api = RingCX(BASE, "123456", 0, Vendor(httpx.Response(status, content=body)).transport)
    with pytest.raises(ApiError) as raised:
        api.get_group("7")
    api.close()
    clean(raised.value)
    assert raised.value.status == status
    assert "None" not in str(raised.value)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"cloudGroupId": NaN}',
        b'{"cloudGroupId": Infinity}',
        b'{"cloudGroupId": 1.5}',
        b'{"cloudGroupId": ""}',
        b'{"cloudGroupId": [1]}',
        b'{"cloudGroupId": ' + b"9" * 10_000 + b"}",
        b'{"cloudGroupId": 1',
        b"\xff",
        '{"cloudGroupId": 1}'.encode("utf-16"),
        '{"cloudGroupId": 1}'.encode("utf-32-be"),
    ],
)
def test_objects_that_cannot_be_used(body: bytes) -> None:
    api = RingCX(BASE, "123456", 0, Vendor(httpx.Response(200, content=body)).transport)
    with pytest.raises(VoiceRoutingError) as raised:
        api.get_group("7")
    api.close()
    clean(raised.value)


@pytest.mark.parametrize("id_", [7, "7"])
def test_ids_may_be_numbers_or_text(id_: object) -> None:
    api = RingCX(BASE, "123456", 0, Vendor(httpx.Response(200, json={"cloudGroupId": id_})).transport)
    assert api.get_group("7") == {"cloudGroupId": id_}
    api.close()


def test_a_byte_order_mark_does_no_harm() -> None:
    api = RingCX(BASE, "123456", 0, Vendor(httpx.Response(200, content=b'\xef\xbb\xbf{"cloudGroupId": 7}')).transport)
    assert api.get_group("7") == {"cloudGroupId": 7}
    api.close()
