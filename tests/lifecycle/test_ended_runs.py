"""What a program says when the engine has ended its run meanwhile: a line, whatever the engine answers."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, language_pb2, resource_pb2, resource_pb2_grpc

from pulumi_voice_routing import ringcx

pytestmark = pytest.mark.apart

GROUP, DENVER = "123456/1000", "+13035551234"


class Engine(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """An engine that takes the stack, and ends the run before any resource of it."""

    def __init__(self, answer: grpc.StatusCode) -> None:
        self.answer = answer
        self.said: list[str] = []

    def GetDeploymentInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "not here")

    def SupportsFeature(self, request: Any, context: grpc.ServicerContext) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def RegisterResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn="urn:pulumi:dev::lines::pulumi:pulumi:Stack::lines-dev")
        return context.abort(self.answer, "context canceled")

    def ReadResource(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(self.answer, "context canceled")

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def SignalAndWaitForShutdown(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def Log(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.severity == engine_pb2.ERROR:
            self.said.append(request.message)
        return empty_pb2.Empty()


@contextmanager
def served(engine: Engine) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(engine, server)
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()


def one() -> None:
    ringcx.Destination("denver", group_id=GROUP, name="Denver", kind="DID", target=DENVER)


def many() -> None:
    ringcx.Destination.fleet("desks", [{"name": "Denver"}], group_id=GROUP, name="{name}", kind="DID", target=DENVER)


def looked_at() -> None:
    ringcx.Destination.get("denver", f"{GROUP}/1")


def errors_of(program: Callable[[], None], answer: grpc.StatusCode) -> list[str]:
    engine = Engine(answer)
    with served(engine) as address:
        run = language_pb2.RunRequest(project="lines", stack="dev", monitor_address=address, args=[address], parallel=4)
        host: Any = LanguageServer(program)
        contextvars.copy_context().run(host.Run, run, None)
    return engine.said


@pytest.mark.parametrize("program", [one, many, looked_at])
@pytest.mark.parametrize("answer", [grpc.StatusCode.CANCELLED, grpc.StatusCode.UNAVAILABLE])
def test_a_run_that_has_ended_is_a_line(answer: grpc.StatusCode, program: Callable[[], None]) -> None:
    (said,) = errors_of(program, answer)
    assert "\n" not in said
    assert "terminated" in said


def test_another_failure_of_the_engine_keeps_its_words() -> None:
    assert "context canceled" in errors_of(one, grpc.StatusCode.INVALID_ARGUMENT)[0]
