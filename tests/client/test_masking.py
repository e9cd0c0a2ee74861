"""No secret in what people read: lines, traces, internal errors."""

from __future__ import annotations

import json
import multiprocessing
import stat
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.client.trace import record
from pulumi_voice_routing.errors import ApiError
from pulumi_voice_routing.masking import masked, masked_data
from pulumi_voice_routing.ringcx.cloud_routing.destination import DestinationProvider
from pulumi_voice_routing.settings import remember_secret

from .conftest import Client, Clock, Vendor, ok, status

SECRET = "s3cr3t-of-the-test"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"

REQUEST = httpx.Request("POST", "https://vendor.test/path", json={"name": "x"})


@pytest.fixture
def trace_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "trace.jsonl"
    monkeypatch.setenv("VOICE_ROUTING_TRACE_FILE", str(path))
    return path


def entries(trace_file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in trace_file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"wrong password {SECRET}!", "wrong password ***!"),
        (f"{SECRET}{SECRET}", "******"),
        (f"token {TOKEN} expired", "token *** expired"),
        (f"got {TOKEN[:-9]}.", "got ***."),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("basic dXNlcjpwYXNz", "basic ***"),
        ("bearer of bad news", "bearer of bad news"),
        ("eyJ is no token, and neither is eyJa.b", "eyJ is no token, and neither is eyJa.b"),
    ],
)
def test_text(text: str, shown: str) -> None:
    remember_secret(SECRET)
    assert masked(text) == shown


def test_the_longer_of_two_secrets_goes_first() -> None:
    remember_secret("abcd-efgh")
    remember_secret("abcd-efgh-ijkl")
    assert masked("abcd-efgh-ijkl") == "***"


def test_a_very_short_secret_does_not_make_every_line_unreadable() -> None:
    remember_secret("a")
    assert masked("a cat") == "a cat"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"password": "x", "name": "y"}, {"password": "***", "name": "y"}),
        ({"a": [{"b": {"refreshToken": "x"}}]}, {"a": [{"b": {"refreshToken": "***"}}]}),
        ({"otherParameters": [{"name": "key", "value": "x"}]}, {"otherParameters": "***"}),
        ({"AUTHORIZATION": "x", "set-cookie": "x"}, {"AUTHORIZATION": "***", "set-cookie": "***"}),
        ({"two_factor_enabled": True, "token": "x"}, {"two_factor_enabled": True, "token": "***"}),
        ({"password": None, "secret": ""}, {"password": None, "secret": ""}),
        ({"n": 1, "on": True, "x": None}, {"n": 1, "on": True, "x": None}),
        ({f"by {SECRET}": 1}, {"by ***": 1}),
        ([SECRET, [SECRET]], ["***", ["***"]]),
    ],
)
def test_data(data: object, shown: object) -> None:
    remember_secret(SECRET)
    assert masked_data(data) == shown


def test_an_error_line_shows_no_token_that_the_vendor_repeats(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", SECRET)
    said = {"errorCode": SECRET, "generalMessage": f"{'x' * 190} {SECRET} {TOKEN}"}
    refused = httpx.Response(400, json=said, headers={"x-request-id": SECRET})
    with pytest.raises(ApiError) as raised:
        client(Vendor(refused)).request("X-1", "GET", "/path")
    line = str(raised.value)
    assert SECRET not in line
    assert "eyJ" not in line
    assert line.count("***") == 4


@pytest.mark.parametrize("length", range(180, 205, 4))
def test_no_half_of_a_token_stays_where_a_line_is_cut(
    client: Client, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", SECRET)
    for filler in (length, length + 300):
        with pytest.raises(ApiError) as raised:
            client(Vendor(httpx.Response(400, text=f"{'x' * filler}{SECRET}"))).request("X-1", "GET", "/path")
        assert SECRET[:6] not in str(raised.value)


def test_a_lost_connection_shows_no_secret(client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", SECRET)
    for lost in (httpx.ConnectError(f"no {SECRET}"), httpx.ReadError(f"no {SECRET}")):
        with pytest.raises(Exception, match=r"no \*\*\*"):
            client(Vendor(lost)).request("X-1", "GET", "/path")


def test_an_internal_error_shows_no_secret_in_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from pulumi_voice_routing.lifecycle import plugin

    lines: list[str] = []
    monkeypatch.setattr(plugin, "fail", lambda line, error: lines.append(line))
    monkeypatch.setattr(DestinationProvider, "look", lambda self, id_, olds: {}[remember_secret(SECRET)])
    DestinationProvider().read("1/2/3", {})
    assert "internal error" in lines[0]
    assert "Traceback" in lines[0]
    assert SECRET not in lines[0]


def test_a_call_is_one_masked_line_of_the_trace(client: Client, trace_file: Path) -> None:
    answer = httpx.Response(
        200, json={"accessToken": SECRET, "note": f"by {TOKEN}", "name": "Grüße"}, headers={"Set-Cookie": "a=b"}
    )
    client(Vendor(answer)).request("X-1", "POST", "/path", json={"authKey": "k", "name": "n"}, repeatable=True)
    (entry,) = entries(trace_file)
    assert entry["comment"] == "X-1 POST /path"
    assert entry["error"] is None
    assert entry["request"]["method"] == "POST"
    assert entry["request"]["url"] == "https://vendor.test/path"
    assert entry["request"]["headers"]["authorization"] == "***"
    assert entry["request"]["postData"] == {"authKey": "***", "name": "n"}
    assert entry["response"]["status"] == 200
    assert entry["response"]["headers"]["set-cookie"] == "***"
    assert entry["response"]["content"] == {"accessToken": "***", "note": "by ***", "name": "Grüße"}


def test_forms_and_files_are_traced(client: Client, trace_file: Path) -> None:
    ringcx = client(Vendor(ok()))
    ringcx.request("X-1", "POST", "/path", data={"refresh_token": "abc", "kind": "x"})
    ringcx.request("X-2", "POST", "/path", files={"file": ("f.csv", b"13035550100,5", "text/csv")})
    form, file = entries(trace_file)
    assert form["request"]["postData"] == {"refresh_token": "***", "kind": "x"}
    assert "13035550100,5" in file["request"]["postData"]


def test_json_that_is_said_to_be_text_is_masked_as_json(client: Client, trace_file: Path) -> None:
    client(Vendor(httpx.Response(200, text='{"refreshToken": "abc"}'))).request("X-1", "GET", "/path")
    assert entries(trace_file)[0]["response"]["content"] == {"refreshToken": "***"}


def test_calls_without_an_answer_are_traced(client: Client, clock: Clock, trace_file: Path) -> None:
    ringcx = client(Vendor(status(503), httpx.ReadTimeout("timed out"), ok()))
    ringcx.request("X-1", "GET", "/path")
    assert [entry["response"] and entry["response"]["status"] for entry in entries(trace_file)] == [503, None, 200]
    assert [entry["error"] for entry in entries(trace_file)] == [None, "timed out", None]


@pytest.mark.parametrize("content", [b"\xff\xfe", b'"\\ud800"', b"[" * 5000, b"x" * 100_000, b'{"a": NaN}', b""])
def test_any_answer_gives_one_line_of_the_trace(client: Client, trace_file: Path, content: bytes) -> None:
    answer = httpx.Response(200, content=content, headers={"content-type": "application/json"})
    client(Vendor(answer)).request("X-1", "GET", "/path", answer="text")
    (entry,) = entries(trace_file)
    assert entry["response"]["status"] == 200


def test_the_trace_is_for_its_owner_only(client: Client, trace_file: Path) -> None:
    client(Vendor(ok())).request("X-1", "GET", "/path")
    assert stat.S_IMODE(trace_file.stat().st_mode) == 0o600


def test_a_trace_that_cannot_be_written_is_said_once_and_fails_no_call(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: list[str]
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_TRACE_FILE", str(tmp_path))
    ringcx = client(Vendor(ok()))
    for _ in range(3):
        assert ringcx.request("X-1", "POST", "/path") == {"fine": True}
    assert len(told) == 1
    assert told[0].startswith("VOICE_ROUTING_TRACE_FILE: ")


def test_no_trace_is_written_unless_asked_for(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    client(Vendor(ok())).request("X-1", "GET", "/path")
    assert list(tmp_path.iterdir()) == []


def _write_many(writer: str) -> None:
    answer = httpx.Response(200, json={"writer": writer, "filler": writer * 20_000})
    for _ in range(20):
        record(writer, REQUEST, answer, 0.1, "")


def test_lines_of_many_writers_do_not_mix(trace_file: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_write_many, args=("p",))
    process.start()
    threads = [threading.Thread(target=_write_many, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.join()
    written = entries(trace_file)
    assert sorted(entry["comment"] for entry in written) == ["a"] * 20 + ["b"] * 20 + ["p"] * 20
    assert all(entry["response"]["content"]["writer"] == entry["comment"] for entry in written)


def test_secret_arguments_are_never_shown_when_they_will_not_do() -> None:
    args = {"group_id": "1", "name": "n", "kind": "DID", "target": "+13035550100", "auth_key": [SECRET]}
    checked = DestinationProvider().check({}, args)
    assert [failure.reason for failure in checked.failures] == ["auth_key: Input should be a valid string"]
