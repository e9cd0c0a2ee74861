"""The emulator as a process: start, network faults, end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.emulator.conftest import DESTINATION, DESTINATIONS, TOKEN

PROVIDER = Path(__file__).parents[2] / "provider"


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pulumi_voice_routing.emulator", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROVIDER)},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=line.split()[-1], headers=headers, trust_env=False) as client:
            yield process, client
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with running() as (_, client):
        yield client


def count(client: httpx.Client) -> int:
    return len(client.get(DESTINATIONS).json())


@pytest.mark.parametrize(
    ("fault", "error", "takes_effect", "status"),
    [
        ("lost_answer", httpx.RemoteProtocolError, True, 200),
        ("truncate", httpx.RemoteProtocolError, True, 200),
        ("reset", httpx.ReadError, False, None),
    ],
)
def test_a_closed_connection(
    client: httpx.Client, fault: str, error: type[Exception], takes_effect: bool, status: int | None
) -> None:
    before = count(client)
    client.post("/_emulator/faults", json={"rules": [{"fault": fault, "match": {"operation": "CR-04"}}]})
    with pytest.raises(error):
        client.post(DESTINATIONS, json=DESTINATION)
    assert (count(client) > before) is takes_effect
    lost = [entry for entry in client.get("/_emulator/journal").json() if entry["fault"] == fault]
    assert [entry["status"] for entry in lost] == [status]


def test_one_connection_serves_many_calls(client: httpx.Client) -> None:
    first, second = client.get(DESTINATIONS), client.get(DESTINATIONS)
    stream = "network_stream"
    assert first.extensions[stream] is second.extensions[stream]


def test_too_large_a_body(client: httpx.Client) -> None:
    response = client.post(
        DESTINATIONS, content=b" " * (32 * 1024 * 1024 + 1), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 413


@pytest.mark.parametrize("sig", [signal.SIGINT, signal.SIGTERM])
def test_ends_quietly_and_saves(tmp_path: Path, sig: signal.Signals) -> None:
    state = tmp_path / "state.json"
    with running("--state", str(state)) as (process, client):
        client.post(DESTINATIONS, json=DESTINATION)
        process.send_signal(sig)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (0, "", "")
    assert json.loads(state.read_text())["objects"]["CloudRouteDestination"][0]["destinationName"] == "Denver"
    with running("--state", str(state)) as (_, client):
        assert count(client) == 1


def test_options(tmp_path: Path) -> None:
    start = tmp_path / "start.json"
    start.write_text('{"objects": {}}')
    with running("--seed", str(start), "--no-rate-limits", "--latency", "0.001") as (_, client):
        assert client.get("/voice/api/v1/admin/accounts").json() == []
        switches = client.post("/_emulator/faults", json={}).json()["switches"]
        assert (switches["rate_limits"], switches["latency_seconds"]) == (False, 0.001)


@pytest.mark.parametrize("content", [None, "{", '{"objects": {"Gadget": []}}'])
def test_a_file_that_cannot_be_loaded_is_one_line(tmp_path: Path, content: str | None) -> None:
    start = tmp_path / "start.json"
    if content is not None:
        start.write_text(content)
    command: list[Any] = [sys.executable, "-m", "pulumi_voice_routing.emulator", "--seed", start]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(PROVIDER)}
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1


def test_a_taken_port_is_one_line(client: httpx.Client) -> None:
    command = [sys.executable, "-m", "pulumi_voice_routing.emulator", "--port", str(client.base_url.port)]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(PROVIDER)}
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")


def test_ends_with_its_standard_input() -> None:
    command = [sys.executable, "-m", "pulumi_voice_routing.emulator", "--until-eof"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("listening on ")

    process.communicate()  # closes it

    assert process.returncode == 0
