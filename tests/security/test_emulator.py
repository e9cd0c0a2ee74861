"""The emulator is for this machine only, and takes no more than it can hold."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.emulator import server
from pulumi_voice_routing.emulator.families import FAMILIES
from tests.fuzz.hostile import nested
from tests.fuzz.world import World


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    world = World()
    yield world
    world.stop()


def test_it_listens_on_the_loopback_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    bound: list[Any] = []

    def run(self: object, sockets: list[socket.socket]) -> None:
        bound.extend(one.getsockname()[0] for one in sockets)

    monkeypatch.setattr(server._Server, "run", run)
    server.serve()
    assert bound == ["127.0.0.1"]


@pytest.mark.parametrize("command", [["emulator"], ["cli", "emulate"]])
def test_there_is_no_way_to_say_otherwise(command: list[str]) -> None:
    module, *words = command
    start = [sys.executable, "-m", f"pulumi_voice_routing.{module}", *words, "--host", "0.0.0.0"]
    done = subprocess.run(start, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--host" in done.stderr


BODIES = {
    "nested without end": b"[" * 200_000,
    "objects in objects": b'{"groupName":' * 900 + b"1" + b"}" * 900,
    "nested in a field": json.dumps({"groupName": nested(400)}).encode(),
    "endless digits": b'{"groupName": ' + b"9" * 20_000 + b"}",
    "no UTF-8": b'{"groupName": "\xff"}',
    "half a pair": b'{"groupName": "\\ud800"}',
    "a zero": b'{"groupName": "\\u0000"}',
    "no number": b'{"groupName": NaN}',
    "a huge number": b'{"groupName": 1e400}',
    "nothing": b"",
    "a list": b"[]",
    "nulls": b"[null]",
    "many fields": json.dumps({str(number): number for number in range(5_000)}).encode(),
}
OPERATIONS = [
    operation for family in FAMILIES for operation in family.operations if operation.takes and operation.method != "GET"
]
IDS = ["1000", "9" * 30, "\u0661\u0662", "..%2f..", "%00", "%ff"]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_upsets_it(world: World, body: bytes) -> None:
    for operation in OPERATIONS:
        path = operation.path
        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            path = path.replace(f"{{{name}}}", "123456" if "ccount" in name else "1000")
        answer = world.send(operation.method, path, body)
        assert answer.status_code < 500 or answer.status_code == 501, f"{operation.number}: {answer.text[:200]}"
    for control in ("state", "faults", "clock"):
        answer = world.send("PUT" if control == "state" else "POST", f"/_emulator/{control}", body)
        assert answer.status_code in (200, 400)
    world.start_over()


@pytest.mark.parametrize("id_", IDS)
def test_no_id_upsets_it(world: World, id_: str) -> None:
    for operation in (one for family in FAMILIES for one in family.operations if one.method == "GET"):
        path = "/".join(id_ if part.startswith("{") else part for part in operation.path.split("/"))
        answer = world.send("GET", path, b"")
        assert answer.status_code < 500 or answer.status_code == 501, f"{operation.number}: {answer.text[:200]}"


def test_headers_have_a_limit(emulator_url: str) -> None:
    with httpx.Client(base_url=emulator_url, trust_env=False) as client:
        try:
            status = client.get("/_emulator/health", headers={"X-Long": "x" * 1_000_000}).status_code
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            status = 431  # it hangs up while the client still sends
        assert 400 <= status < 500
        assert client.get("/_emulator/health").status_code == 200


@pytest.fixture
def emulator_url(emulator: Any) -> str:
    return str(emulator.url)
