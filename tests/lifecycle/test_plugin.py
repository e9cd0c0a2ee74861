"""What the package does inside the SDK's provider process, tried with the SDK that is installed.

The process is started as the engine starts it, and talked to in the engine's own protocol.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from google.rpc import status_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pulumi_voice_routing import registry
from tests.emulated import Emulated

pytestmark = pytest.mark.apart

URN = "urn:pulumi:dev::lines::pulumi-python:dynamic/ringcx:Destination::denver"
DENVER = {"group_id": "123456/1000", "name": "Denver", "kind": "DID", "target": "+13035551234"}


class Plugin:
    """A provider process, and the calls of the engine."""

    def __init__(self, env: dict[str, str], module: str = "pulumi.dynamic") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", module],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PULUMI_PROJECT": "lines", **env},
        )
        assert self.process.stdout is not None
        self._port = int(self.process.stdout.readline())

    @cached_property
    def stub(self) -> provider_pb2_grpc.ResourceProviderStub:
        """The engine's end of the line; made where it is used, as a copy of a process cannot share it."""
        stub = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{self._port}"))
        stub.Configure(provider_pb2.ConfigureRequest())
        return stub

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def check(self, **inputs: Any) -> Any:
        return self.stub.Check(
            provider_pb2.CheckRequest(urn=URN, olds=struct_pb2.Struct(), news=_bag(inputs)), timeout=60
        )

    def create(self, **inputs: Any) -> Any:
        return self.stub.Create(provider_pb2.CreateRequest(urn=URN, properties=_bag(inputs)), timeout=60)

    def refused(self, **inputs: Any) -> grpc.RpcError:
        with pytest.raises(grpc.RpcError) as caught:
            self.create(**inputs)
        return caught.value


def _bag(values: dict[str, Any], token: str = "ringcx:Destination") -> struct_pb2.Struct:
    bag = struct_pb2.Struct()
    bag.update({**values, "__provider": serialize_provider(registry.provider_for(token))})
    return bag


def status_of(error: Any) -> status_pb2.Status:
    """The failure as the engine reads it."""
    details = dict(error.trailing_metadata())["grpc-status-details-bin"]
    return status_pb2.Status.FromString(details)


@pytest.fixture
def plugin(emulator_env: dict[str, str], tmp_path: Path) -> Iterator[Plugin]:
    """A provider process that talks to the emulator."""
    plugin = Plugin({**emulator_env, "VOICE_ROUTING_CACHE_DIR": str(tmp_path)})
    yield plugin
    plugin.stop()


def test_a_failure_is_one_line_without_a_traceback(emulator: Emulated, plugin: Plugin) -> None:
    emulator.destination("Denver")

    status = status_of(plugin.refused(**DENVER))

    assert status.message.startswith(
        "ringcx: a destination named 'Denver' exists already, with the id 123456/1000/1001"
    )
    assert "\n" not in status.message
    assert not status.details


def test_a_failure_after_the_vendor_said_yes_carries_the_id_and_the_outputs(emulator: Emulated, plugin: Plugin) -> None:
    emulator.faults({"match": {"operation": "CR-08"}, "fault": "status", "code": 400})

    status = status_of(plugin.refused(**DENVER, active=True))

    made = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(made)
    assert made.id == "123456/1000/1001"
    outs = rpc.deserialize_properties(made.properties)
    assert (outs["name"], outs["active"]) == ("Denver", False)
    assert outs["__provider"] == serialize_provider(registry.provider_for("ringcx:Destination"))
    assert list(made.reasons) == [status.message]
    assert "\n" not in status.message


def test_values_that_are_not_known_yet_pass_a_check_untouched(plugin: Plugin) -> None:
    answer = plugin.check(**{**DENVER, "group_id": rpc.UNKNOWN, "target": rpc.UNKNOWN})

    assert list(answer.failures) == []
    assert answer.inputs["group_id"] == answer.inputs["target"] == rpc.UNKNOWN


class _Meeting(BaseHTTPRequestHandler):
    """Answers nobody before as many callers are there as were announced."""

    barrier: threading.Barrier

    def do_GET(self) -> None:
        try:
            self.barrier.wait(timeout=60)
        except threading.BrokenBarrierError:
            self.send_error(503)
            return
        body = b'{"errorCode": "not.found", "generalMessage": "There is no such object"}'
        self.send_response(404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


def test_more_than_the_sdks_four_calls_run_at_a_time(emulator_env: dict[str, str], tmp_path: Path) -> None:
    callers = 12
    meeting = type("Meeting", (_Meeting,), {"barrier": threading.Barrier(callers)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), meeting)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    here = f"http://127.0.0.1:{server.server_port}"
    plugin = Plugin({**emulator_env, "RINGCX_BASE_URL": here, "VOICE_ROUTING_CACHE_DIR": str(tmp_path)})
    try:
        # The first call configures the provider, and asks nobody about what is wrong in itself; refreshes of
        # destinations in groups of their own share no list.
        plugin.check(**{**DENVER, "name": ""})

        def gone(group: int) -> str:
            id_ = f"123456/{group}/1"
            request = provider_pb2.ReadRequest(
                id=id_, urn=URN, properties=_bag({**DENVER, "group_id": f"123456/{group}"})
            )
            return str(plugin.stub.Read(request, timeout=120).id)

        with ThreadPoolExecutor(callers) as engine:
            assert list(engine.map(gone, range(1, callers + 1))) == [""] * callers
    finally:
        plugin.stop()
        server.shutdown()
        serving.join()
        server.server_close()


EXITING = """
import runpy
import sys
import threading

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.ringcx.cloud_routing.destination import DestinationProvider


def leave(self, args):
    sys.exit("gone home")


DestinationProvider.make = leave
runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)
"""


def test_an_exit_inside_a_verb_is_answered(emulator_env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "exiting.py").write_text(EXITING)
    plugin = Plugin(
        {**emulator_env, "PYTHONPATH": _path(tmp_path), "VOICE_ROUTING_CACHE_DIR": str(tmp_path)}, "exiting"
    )
    try:
        error = plugin.refused(**DENVER)
        assert error.code() is not grpc.StatusCode.DEADLINE_EXCEEDED
        assert "internal error, please report it: SystemExit: gone home" in status_of(error).message
        assert list(plugin.check(**DENVER).failures) == [], "and the process serves on"
    finally:
        plugin.stop()


def _path(first: Path) -> str:
    return os.pathsep.join(filter(None, [str(first), os.environ.get("PYTHONPATH")]))


def test_cancel_ends_a_wait(emulator: Emulated, plugin: Plugin) -> None:
    emulator.faults({"match": {"operation": "CR-04"}, "fault": "rate_limit", "retry_after": 100, "times": 100})
    plugin.check(**DENVER)

    with ThreadPoolExecutor(1) as engine:
        waiting = engine.submit(plugin.refused, **DENVER)
        again = threading.Event()
        while not any(call["operation"] == "CR-04" for call in emulator.journal()) and not waiting.done():
            again.wait(0.05)
        plugin.stub.Cancel(empty_pb2.Empty())

        assert "stopped while waiting, as asked" in status_of(waiting.result()).message
