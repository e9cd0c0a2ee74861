"""What a program asks of the engine when the engine has ended the run, because another resource failed.

The engine answers ``UNAVAILABLE``, or ``CANCELLED`` where the question came while it was ending. The SDK knows the
first one and says a line; of the second one it makes an exception, and the user reads a traceback beside the line that
counts.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import grpc
from pulumi.runtime import settings as engine
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub

_heard: weakref.WeakSet[Any] = weakref.WeakSet()
"""The engines, one for each run of a program, whose answers are heard."""


class _Ended(grpc.RpcError):  # type: ignore[misc]  # grpc has no types
    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNAVAILABLE

    def details(self) -> str:
        return "the run has ended"


def hear_the_end() -> None:
    """Have the SDK take both answers of an engine that has ended this run for the one that it knows."""
    monitor = engine.get_monitor()
    if not isinstance(monitor, ResourceMonitorStub) or monitor in _heard:
        return
    _heard.add(monitor)
    for question, ask in tuple(vars(monitor).items()):
        setattr(monitor, question, _answered(ask))


def _answered(ask: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*args: Any, **kwargs: Any) -> Any:
        try:
            return ask(*args, **kwargs)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.CANCELLED:
                raise _Ended from None
            raise

    return asked
